//! All types as one graph: enter the raw files, leave nodes that refer to each other by number, and
//! what the index has of resources.
//!
//! Here the data become what a pack holds: a union of literals is one node with its texts, lists are
//! sorted, functions that the compiler drops are dropped, and the properties `id`, `type` and
//! `apiVersion` of bodies, which always say the same, are left out.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

use super::raw::{Elements, FarRef, Index, Item, ItemKind, RawProperty, Ref, needed};
use super::source;

/// The flags of the properties that each body implies: read-only, known when the deployment starts.
const IMPLIED_FLAGS: u8 = 10;

/// The types that bodies and functions are made of.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) strings: Strings,
    pub(super) resources: Vec<Resource>,
    /// The file with the licence.
    pub(super) licence: Vec<u8>,
}

/// Texts by number.
#[derive(Default)]
pub(super) struct Strings {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

/// A type. References to other nodes are numbers of nodes, or of classes of equal nodes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Node {
    Any,
    Bool,
    Int {
        min: Option<i64>,
        max: Option<i64>,
    },
    Text {
        min: Option<u64>,
        max: Option<u64>,
        pattern: Option<u32>,
        sensitive: bool,
    },
    Literal(u32),
    Enum {
        open: Option<u32>,
        values: Vec<u32>,
    },
    Array {
        item: u32,
        min: Option<u64>,
        max: Option<u64>,
    },
    Object {
        name: Option<u32>,
        sensitive: bool,
        additional: Option<u32>,
        properties: Vec<Property>,
    },
    Discriminated {
        name: Option<u32>,
        discriminator: u32,
        base: Vec<Property>,
        elements: Vec<(u32, u32)>,
    },
}

/// A property of a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Property {
    pub(super) name: u32,
    pub(super) flags: u8,
    pub(super) node: u32,
}

/// A version of a resource type.
pub(super) struct Resource {
    pub(super) name: u32,
    pub(super) version: u32,
    pub(super) readable: u8,
    pub(super) writable: u8,
    pub(super) body: u32,
    pub(super) functions: Vec<Function>,
}

/// A function of a resource.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Function {
    pub(super) name: u32,
    pub(super) output: u32,
    pub(super) input: Option<u32>,
}

impl Resource {
    /// The nodes its body and its functions begin with.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> {
        let functions = self.functions.iter();
        let functions = functions.flat_map(|function| [Some(function.output), function.input]);
        [self.body].into_iter().chain(functions.flatten())
    }
}

impl Strings {
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub(super) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

impl Node {
    fn any_text() -> Self {
        Self::Text {
            min: None,
            max: None,
            pattern: None,
            sensitive: false,
        }
    }

    /// The same node with other references.
    pub(super) fn map(&self, mut to: impl FnMut(u32) -> u32) -> Self {
        let mut node = self.clone();
        node.references(|reference| *reference = to(*reference));
        node
    }

    /// The properties it declares.
    pub(super) fn properties(&self) -> &[Property] {
        match self {
            Self::Object { properties, .. } => properties,
            Self::Discriminated { base, .. } => base,
            _ => &[],
        }
    }

    /// The texts it has, those of its properties included.
    pub(super) fn strings(&self) -> Vec<u32> {
        let mut strings: Vec<u32> = match self {
            Self::Any | Self::Bool | Self::Int { .. } | Self::Array { .. } => Vec::new(),
            Self::Text { pattern, .. } => pattern.iter().copied().collect(),
            Self::Literal(text) => vec![*text],
            Self::Enum { values, .. } => values.clone(),
            Self::Object { name, .. } => name.iter().copied().collect(),
            Self::Discriminated {
                name,
                discriminator,
                elements,
                ..
            } => {
                let values = elements.iter().map(|&(value, _)| value);
                values.chain(*name).chain([*discriminator]).collect()
            }
        };
        strings.extend(self.properties().iter().map(|property| property.name));
        strings
    }

    /// The nodes it refers to.
    pub(super) fn children(&self) -> Vec<u32> {
        let mut children = Vec::new();
        let mut node = self.clone();
        node.references(|reference| children.push(*reference));
        children
    }

    fn references(&mut self, mut each: impl FnMut(&mut u32)) {
        match self {
            Self::Any | Self::Bool | Self::Int { .. } | Self::Text { .. } | Self::Literal(_) => {}
            Self::Enum { open, .. } => open.iter_mut().for_each(each),
            Self::Array { item, .. } => each(item),
            Self::Object {
                additional,
                properties,
                ..
            } => {
                properties.iter_mut().for_each(|own| each(&mut own.node));
                additional.iter_mut().for_each(each);
            }
            Self::Discriminated { base, elements, .. } => {
                base.iter_mut().for_each(|own| each(&mut own.node));
                elements.iter_mut().for_each(|(_, node)| each(node));
            }
        }
    }
}

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
        match path.rsplit('/').next() {
            Some("index.json") => self.index = Some(serde_json::from_slice(bytes)?),
            Some("types.json") => self.types(path, serde_json::from_slice(bytes)?)?,
            Some("LICENSE") => self.graph.licence = bytes.to_vec(),
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
            body,
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
            body: self.graph.body(body, name, version)?,
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

    /// The body of a resource, without its name and the properties that it implies: those are its own,
    /// or those of each element.
    fn body(&mut self, body: u32, r#type: &str, version: &str) -> Result<u32, Box<dyn Error>> {
        let mut node = self.nodes[body as usize].clone();
        match &mut node {
            Node::Object {
                name, properties, ..
            } => {
                *name = None;
                self.imply(properties, r#type, version)?;
            }
            Node::Discriminated {
                name,
                base,
                elements,
                ..
            } => {
                *name = None;
                if self.imply(base, r#type, version).is_err() {
                    for (_, element) in elements {
                        *element = self.element_of_body(*element, r#type, version)?;
                    }
                }
            }
            _ => return Err("a body is no object".into()),
        }
        Ok(self.push(node))
    }

    fn element_of_body(
        &mut self,
        element: u32,
        r#type: &str,
        version: &str,
    ) -> Result<u32, Box<dyn Error>> {
        let mut node = self.nodes[element as usize].clone();
        let Node::Object { properties, .. } = &mut node else {
            return Err("an element is no object".into());
        };
        self.imply(properties, r#type, version)?;
        Ok(self.push(node))
    }

    /// Leaves out the properties `id`, `type` and `apiVersion`, if they are as they are everywhere.
    fn imply(
        &self,
        properties: &mut Vec<Property>,
        r#type: &str,
        version: &str,
    ) -> Result<(), Box<dyn Error>> {
        let literal = |text| self.strings.find(text).map(Node::Literal);
        for (name, node) in [
            ("id", Some(Node::any_text())),
            ("type", literal(r#type)),
            ("apiVersion", literal(version)),
        ] {
            let at = properties.iter().position(|property| {
                property.flags == IMPLIED_FLAGS
                    && self.strings.text(property.name) == name
                    && Some(&self.nodes[property.node as usize]) == node.as_ref()
            });
            let at = at.ok_or_else(|| format!("the body lacks the usual `{name}`"))?;
            properties.remove(at);
        }
        Ok(())
    }

    fn push(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        self.nodes.len() as u32 - 1
    }
}
