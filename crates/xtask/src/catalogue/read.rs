//! Reading: enter the raw files, leaves the graph of all types with what the index has of resources.
//!
//! Here the data become what a pack holds: a union of literals is one node with its texts, lists are
//! sorted, and functions that the compiler drops are dropped.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

use super::body::body;
use super::graph::{Function, Graph, Node, Property, Resource};
use super::raw::{Elements, FarRef, Index, Item, ItemKind, RawProperty, Ref, needed};
use super::source;

/// What stands at a number while reading.
enum Loaded {
    /// A node of the same number.
    Node,
    Resource {
        body: u32,
        readable: u8,
        writable: u8,
    },
    Function {
        name: String,
        output: u32,
        input: Option<u32>,
    },
}

/// Reads a source.
#[derive(Default)]
struct Reader {
    graph: Graph,
    loaded: Vec<Loaded>,
    /// The number of the first item of each file.
    files: HashMap<String, u32>,
    index: Option<Index>,
}

/// Reads the raw files of a source.
///
/// # Errors
/// When they cannot be read, or are not as we know them.
pub(super) fn read(source: &Path) -> Result<Graph, Box<dyn Error>> {
    let mut reader = Reader::default();
    source::files(source, &mut |path, bytes| {
        let read = reader.file(path, bytes);
        read.map_err(|error| format!("{path}: {error}").into())
    })?;
    reader.finish()
}

impl Reader {
    fn file(&mut self, path: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        match path {
            "index.json" => self.index = Some(serde_json::from_slice(bytes)?),
            "LICENSE" => self.graph.licence = bytes.to_vec(),
            _ if path.ends_with("/types.json") => {
                self.types(path, serde_json::from_slice(bytes)?)?;
            }
            _ => return Err("a file that we do not know".into()),
        }
        Ok(())
    }

    fn types(&mut self, path: &str, items: Vec<Item>) -> Result<(), Box<dyn Error>> {
        let first = self.loaded.len() as u32;
        self.files.insert(path.to_owned(), first);
        for (number, item) in items.iter().enumerate() {
            let file = File {
                first,
                items: &items,
            };
            let loaded = self.item(file, item);
            let (node, loaded) = loaded.map_err(|error| format!("#/{number}: {error}"))?;
            self.graph.nodes.push(node);
            self.loaded.push(loaded);
        }
        Ok(())
    }

    fn item(&mut self, file: File<'_>, item: &Item) -> Result<(Node, Loaded), Box<dyn Error>> {
        let loaded = match item.kind {
            ItemKind::Resource => Loaded::Resource {
                body: file.node(needed(item.body)?)?,
                readable: needed(item.readable_scopes)?,
                writable: needed(item.writable_scopes)?,
            },
            ItemKind::ResourceFunction => Loaded::Function {
                name: needed(item.name.clone())?,
                output: file.node(needed(item.output)?)?,
                input: item.input.map(|input| file.node(input)).transpose()?,
            },
            _ => return Ok((self.graph.node(file, item)?, Loaded::Node)),
        };
        // Nothing refers to the node that keeps its number free.
        Ok((Node::Any, loaded))
    }

    fn finish(mut self) -> Result<Graph, Box<dyn Error>> {
        let index = self.index.take().ok_or("there is no index.json")?;
        if self.graph.licence.is_empty() {
            return Err("there is no LICENSE".into());
        }
        for (key, place) in &index.resources {
            let (name, version) = key.split_once('@').ok_or("a resource has no version")?;
            let versions = index.resource_functions.get(&name.to_lowercase());
            let functions = versions.and_then(|versions| versions.get(version));
            let functions = functions.map_or(&[][..], Vec::as_slice);
            let resource = self.resource(name, version, place, functions);
            let resource = resource.map_err(|error| format!("{key}: {error}"))?;
            self.graph.resources.push(resource);
        }
        Ok(self.graph)
    }

    fn resource(
        &mut self,
        name: &str,
        version: &str,
        place: &FarRef,
        functions: &[FarRef],
    ) -> Result<Resource, Box<dyn Error>> {
        let &Loaded::Resource {
            body: root,
            readable,
            writable,
        } = self.loaded(place)?
        else {
            return Err("the index says that something else is a resource".into());
        };
        Ok(Resource {
            name: self.graph.strings.number(name),
            version: self.graph.strings.number(version),
            readable,
            writable,
            body: body(&mut self.graph, root, name, version)?,
            functions: self.functions(functions)?,
        })
    }

    fn loaded(&self, place: &FarRef) -> Result<&Loaded, Box<dyn Error>> {
        let (path, number) = place.place()?;
        let first = self.files.get(path).ok_or("the index names no file")?;
        let loaded = self.loaded.get(*first as usize + number);
        loaded.ok_or_else(|| "the index names no item".into())
    }

    fn functions(&mut self, places: &[FarRef]) -> Result<Vec<Function>, Box<dyn Error>> {
        let mut functions = BTreeMap::new();
        for place in places {
            let Loaded::Function {
                name,
                output,
                input,
            } = self.loaded(place)?
            else {
                return Err("the index says that something else is a function".into());
            };
            if is_list(name) {
                functions.insert(name.clone(), (*output, *input));
            }
        }
        let numbered = |(name, (output, input)): (String, _)| Function {
            name: self.graph.strings.number(&name),
            output,
            input,
        };
        Ok(functions.into_iter().map(numbered).collect())
    }
}

/// Whether the compiler keeps the function.
fn is_list(function: &str) -> bool {
    let start = function.as_bytes().get(..4);
    start.is_some_and(|start| start.eq_ignore_ascii_case(b"list"))
}

/// A file while its items are read.
#[derive(Clone, Copy)]
struct File<'a> {
    first: u32,
    items: &'a [Item],
}

impl<'a> File<'a> {
    fn item(self, reference: Ref) -> Result<&'a Item, Box<dyn Error>> {
        let item = self.items.get(reference.0);
        item.ok_or_else(|| "a reference leads nowhere".into())
    }

    /// The number of a type that is referred to.
    fn node(self, reference: Ref) -> Result<u32, Box<dyn Error>> {
        match self.item(reference)?.kind {
            ItemKind::Resource | ItemKind::ResourceFunction => {
                Err("a reference leads to no type".into())
            }
            _ => Ok(self.first + reference.0 as u32),
        }
    }
}

impl Graph {
    fn node(&mut self, file: File<'_>, item: &Item) -> Result<Node, Box<dyn Error>> {
        let name = item.name.as_deref().map(|name| self.strings.number(name));
        Ok(match item.kind {
            ItemKind::Any => Node::Any,
            ItemKind::Boolean => Node::Bool,
            ItemKind::Integer => Node::Int {
                min: item.min_value,
                max: item.max_value,
            },
            ItemKind::String => self.text(item),
            ItemKind::StringLiteral => {
                Node::Literal(self.strings.number(needed(item.value.as_deref())?))
            }
            ItemKind::Union => self.union(file, item)?,
            ItemKind::Array => Node::Array {
                item: file.node(needed(item.item_type)?)?,
                min: item.min_length,
                max: item.max_length,
            },
            ItemKind::Object => Node::Object {
                name,
                sensitive: item.sensitive,
                additional: item
                    .additional_properties
                    .map(|place| file.node(place))
                    .transpose()?,
                properties: self.properties(file, needed(item.properties.as_ref())?)?,
            },
            ItemKind::DiscriminatedObject => Node::Discriminated {
                name,
                discriminator: self.strings.number(needed(item.discriminator.as_deref())?),
                base: self.properties(file, needed(item.base_properties.as_ref())?)?,
                elements: self.elements(file, item)?,
            },
            kind @ (ItemKind::Resource | ItemKind::ResourceFunction) => {
                return Err(format!("{kind:?} is no type").into());
            }
        })
    }

    fn text(&mut self, item: &Item) -> Node {
        let pattern = item.pattern.as_deref();
        Node::Text {
            min: item.min_length,
            max: item.max_length,
            pattern: pattern.map(|pattern| self.strings.number(pattern)),
            sensitive: item.sensitive,
        }
    }

    /// A union of literals, or of literals and a text.
    fn union(&mut self, file: File<'_>, item: &Item) -> Result<Node, Box<dyn Error>> {
        let Some(Elements::Union(elements)) = &item.elements else {
            return Err("a union without elements".into());
        };
        let (mut open, mut values) = (None, Vec::new());
        for &element in elements {
            let item = file.item(element)?;
            match item.kind {
                ItemKind::StringLiteral => values.push(needed(item.value.as_deref())?),
                ItemKind::String if open.is_none() => open = Some(file.node(element)?),
                _ => return Err("a union of other things than texts".into()),
            }
        }
        if values.is_empty() {
            return Err("a union without literals".into());
        }
        values.sort_unstable();
        values.dedup();
        let values = values.iter().map(|value| self.strings.number(value));
        let values = values.collect();
        Ok(Node::Enum { open, values })
    }

    fn properties(
        &mut self,
        file: File<'_>,
        properties: &BTreeMap<String, RawProperty>,
    ) -> Result<Vec<Property>, Box<dyn Error>> {
        let properties = properties.iter().map(|(name, property)| {
            Ok(Property {
                name: self.strings.number(name),
                flags: property.flags,
                node: file.node(property.r#type)?,
            })
        });
        properties.collect()
    }

    fn elements(&mut self, file: File<'_>, item: &Item) -> Result<Vec<(u32, u32)>, Box<dyn Error>> {
        let Some(Elements::Discriminated(elements)) = &item.elements else {
            return Err("a discriminated object without elements".into());
        };
        let elements = elements
            .iter()
            .map(|(value, &place)| match file.item(place)?.kind {
                ItemKind::Object => Ok((self.strings.number(value), file.node(place)?)),
                kind => Err(format!("an element is of the kind {kind:?}").into()),
            });
        elements.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one file of types, and an index with one resource.
    fn read(types: &str, resource: usize) -> Result<Graph, Box<dyn Error>> {
        let index = format!(
            r##"{{"resources": {{"A.B/c@2024-01-01": {{"$ref": "x/types.json#/{resource}"}}}},
                "resourceFunctions": {{}}, "namespaceFunctions": [], "settings": {{}}}}"##
        );
        let mut reader = Reader::default();
        reader.file("LICENSE", b"free")?;
        reader.file("index.json", index.as_bytes())?;
        reader.file("x/types.json", types.as_bytes())?;
        reader.finish()
    }

    fn error(types: &str, resource: usize) -> String {
        match read(types, resource) {
            Ok(_) => panic!("read without an error: {types}"),
            Err(error) => error.to_string(),
        }
    }

    /// Types with a resource, as item 5, whose body has these flags of `id`.
    fn resource(flags: u8) -> String {
        format!(
            r##"[{{"$type": "StringType"}},
                {{"$type": "StringLiteralType", "value": "A.B/c"}},
                {{"$type": "StringLiteralType", "value": "2024-01-01"}},
                {{"$type": "ObjectType", "name": "A.B/c", "properties": {{
                    "id": {{"type": {{"$ref": "#/0"}}, "flags": {flags}}},
                    "apiVersion": {{"type": {{"$ref": "#/2"}}, "flags": 10}},
                    "name": {{"type": {{"$ref": "#/0"}}, "flags": 9}},
                    "type": {{"type": {{"$ref": "#/1"}}, "flags": 10}}}}}},
                {{"$type": "UnionType", "elements": [{{"$ref": "#/2"}}, {{"$ref": "#/1"}}]}},
                {{"$type": "ResourceType", "name": "A.B/c@2024-01-01", "body": {{"$ref": "#/3"}},
                  "readableScopes": 8, "writableScopes": 8}}]"##
        )
    }

    #[test]
    fn what_a_body_implies_is_left_out() {
        let graph = read(&resource(10), 5).expect("sound types");
        let body = &graph.nodes[graph.resources[0].body as usize];
        let names = body
            .properties()
            .iter()
            .map(|own| graph.strings.text(own.name));
        assert_eq!(names.collect::<Vec<_>>(), ["name"]);
    }

    #[test]
    fn a_body_that_implies_something_else_is_an_error() {
        let error = error(&resource(8), 5);
        assert_eq!(error, "A.B/c@2024-01-01: the body lacks the usual `id`");
    }

    #[test]
    fn the_texts_of_a_union_are_sorted() {
        let graph = read(&resource(10), 5).expect("sound types");
        let Node::Enum { open: None, values } = &graph.nodes[4] else {
            panic!("{:?} is no closed enum", graph.nodes[4]);
        };
        let texts = values.iter().map(|&value| graph.strings.text(value));
        assert_eq!(texts.collect::<Vec<_>>(), ["2024-01-01", "A.B/c"]);
    }

    #[test]
    fn what_we_do_not_know_is_an_error() {
        for (item, what) in [
            (r#"{"$type": "NullType"}"#, "unknown variant `NullType`"),
            (r#"{"$type": "AnyType", "odd": 1}"#, "unknown field `odd`"),
            (r#"{"$type": "ArrayType"}"#, "#/0: an item lacks a field"),
            (
                r##"{"$type": "ArrayType", "itemType": {"$ref": "#/1"}}"##,
                "#/0: a reference leads nowhere",
            ),
            (
                r##"{"$type": "ArrayType", "itemType": {"$ref": "y#/0"}}"##,
                "no near reference: y#/0",
            ),
            (
                r##"{"$type": "UnionType", "elements": [{"$ref": "#/0"}]}"##,
                "#/0: a union of other things than texts",
            ),
            (
                r#"{"$type": "UnionType", "elements": []}"#,
                "#/0: a union without literals",
            ),
        ] {
            let error = error(&format!("[{item}]"), 0);
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn an_index_that_names_something_else_is_an_error() {
        let types = resource(10);
        let other = error(&types, 3);
        assert!(other.ends_with("the index says that something else is a resource"));
        let none = error(&types, 9);
        assert!(none.ends_with("the index names no item"), "{none}");
    }

    #[test]
    fn the_compiler_keeps_functions_that_list() {
        assert!(is_list("listKeys"));
        assert!(is_list("LIST"));
        assert!(!is_list("relist"));
        assert!(!is_list("lis"));
    }
}
