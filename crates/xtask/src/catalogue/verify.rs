//! Whether a pack says what the raw files say: enter both, leave counts and differences.
//!
//! The files are read as plain JSON here, not by what makes packs, so that no mistake is made twice.
//! Every resource, scope, function, property, flag, limit, text and name is compared, along every path
//! from every body.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fmt;
use std::path::Path;

use serde_json::{Map, Value};
use tricep_catalogue::{
    Catalogue, Discriminated, Enum, Int, Kind, Node, Object, Properties, Resource, Text,
};

use super::source;

/// Differences beyond these are only counted.
const SHOWN: usize = 20;

/// What was compared.
#[derive(Default)]
pub(super) struct Comparison {
    resources: usize,
    functions: usize,
    /// Functions of versions that the index does not have: nobody can call them.
    orphans: usize,
    nodes: usize,
    properties: usize,
    differences: usize,
    shown: Vec<String>,
}

/// Compares a catalogue with the raw files.
///
/// # Errors
/// When the files cannot be read, or are not as we know them.
pub(super) fn compare(
    source: &Path,
    catalogue: Catalogue<'_>,
) -> Result<Comparison, Box<dyn Error>> {
    let index = Index::read(source)?;
    let mut found = Comparison::default();
    source::files(source, &mut |path, bytes| {
        let Some(things) = index.files.get(path) else {
            return Ok(());
        };
        let items: Vec<Value> = serde_json::from_slice(bytes)?;
        let mut pairs = Pairs {
            path,
            items: &items,
            seen: HashSet::new(),
            open: Vec::new(),
            found: &mut found,
        };
        for thing in things {
            pairs.thing(catalogue, thing)?;
            pairs.run();
        }
        Ok(())
    })?;
    found.counts(&index, catalogue)?;
    Ok(found)
}

/// What the index has.
#[derive(Default)]
struct Index {
    files: BTreeMap<String, Vec<Thing>>,
    types: HashSet<String>,
    resources: usize,
}

/// Something in the index, and which item of its file it is.
struct Thing {
    number: usize,
    is_function: bool,
    r#type: String,
    version: String,
}

impl Index {
    fn read(source: &Path) -> Result<Self, Box<dyn Error>> {
        let mut index = Self::default();
        source::files(source, &mut |path, bytes| {
            if path == "index.json" {
                index.fill(&serde_json::from_slice(bytes)?)?;
            }
            Ok(())
        })?;
        Ok(index)
    }

    fn fill(&mut self, json: &Value) -> Result<(), Box<dyn Error>> {
        for (key, place) in fields(&json["resources"]) {
            let (name, version) = key.split_once('@').ok_or("a resource without version")?;
            self.types.insert(name.to_lowercase());
            self.resources += 1;
            self.add(place, false, name, version)?;
        }
        for (name, versions) in fields(&json["resourceFunctions"]) {
            for (version, places) in fields(versions) {
                for place in places.as_array().into_iter().flatten() {
                    self.add(place, true, name, version)?;
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        place: &Value,
        is_function: bool,
        r#type: &str,
        version: &str,
    ) -> Result<(), Box<dyn Error>> {
        let place = place["$ref"]
            .as_str()
            .and_then(|place| place.split_once("#/"));
        let (path, number) = place.ok_or("no reference")?;
        self.files.entry(path.to_owned()).or_default().push(Thing {
            number: number.parse()?,
            is_function,
            r#type: r#type.to_owned(),
            version: version.to_owned(),
        });
        Ok(())
    }
}

/// The fields of an object; none of something else.
fn fields(json: &Value) -> impl Iterator<Item = (&String, &Value)> {
    json.as_object().into_iter().flatten()
}

fn number(reference: &Value) -> Option<usize> {
    reference["$ref"].as_str()?.strip_prefix("#/")?.parse().ok()
}

/// Items of a file and nodes that should be equal.
struct Pairs<'a> {
    path: &'a str,
    items: &'a [Value],
    seen: HashSet<(usize, Node<'a>)>,
    open: Vec<(usize, Node<'a>)>,
    found: &'a mut Comparison,
}

impl<'a> Pairs<'a> {
    fn thing(&mut self, catalogue: Catalogue<'a>, thing: &Thing) -> Result<(), Box<dyn Error>> {
        let item = &self.items[thing.number];
        let resource = catalogue.resource(&thing.r#type, &thing.version)?;
        match (resource, thing.is_function) {
            (Some(resource), false) => self.resource(thing, item, resource),
            (Some(resource), true) if is_list(item) => self.function(item, resource),
            (None, true) if is_list(item) => self.found.orphans += 1,
            (_, true) => {}
            (None, false) => self.differ(thing.number, "the version is missing"),
        }
        Ok(())
    }

    fn resource(&mut self, thing: &Thing, item: &'a Value, resource: Resource<'a>) {
        self.found.resources += 1;
        let at = thing.number;
        let names = (resource.name, resource.version);
        self.same(at, names, (&*thing.r#type, &*thing.version));
        let scopes = [resource.readable.0, resource.writable.0].map(Some);
        let raw = [&item["readableScopes"], &item["writableScopes"]];
        self.same(
            at,
            scopes.map(|own| own.map(u64::from)),
            raw.map(Value::as_u64),
        );
        match number(&item["body"]) {
            Some(body) => self.body(body, resource),
            None => self.differ(at, "there is no body"),
        }
    }

    fn function(&mut self, item: &'a Value, resource: Resource<'a>) {
        self.found.functions += 1;
        let mut functions = resource.functions();
        let Some(own) = functions.find(|own| item["name"] == own.name) else {
            return self
                .found
                .differ(format!("{}: {item}: is missing", self.path));
        };
        self.maybe(0, &item["input"], own.input);
        self.maybe(0, &item["output"], Some(own.output));
    }

    /// A body has no name, and what it implies stands in it or in all its elements.
    fn body(&mut self, at: usize, resource: Resource<'a>) {
        let item = &self.items[at];
        match resource.body.kind() {
            Kind::Object(object) => {
                self.same(at, object.name, None);
                self.implied(at, &item["properties"], resource);
                self.object(at, object, true);
            }
            Kind::Discriminated(either) => {
                self.same(at, either.name, None);
                let in_base = item["baseProperties"].get("id").is_some();
                if in_base {
                    self.implied(at, &item["baseProperties"], resource);
                }
                self.properties(at, "baseProperties", either.base(), in_base);
                self.elements_of_body(at, either, (!in_base).then_some(resource));
            }
            kind => self.differ(at, format!("a body is {kind:?}")),
        }
    }

    fn elements_of_body(
        &mut self,
        at: usize,
        either: Discriminated<'a>,
        implied: Option<Resource<'a>>,
    ) {
        let Some(resource) = implied else {
            return self.elements(at, either);
        };
        for (value, raw) in fields(&self.items[at]["elements"]) {
            match (number(raw), either.element(value)) {
                (Some(raw), Some(object)) => {
                    self.implied(raw, &self.items[raw]["properties"], resource);
                    self.name(raw, object.name);
                    self.object(raw, object, true);
                }
                _ => self.differ(at, format!("the element {value} is missing")),
            }
        }
    }

    fn implied(&mut self, at: usize, raw: &'a Value, resource: Resource<'a>) {
        for property in resource.implied() {
            self.found.properties += 1;
            let raw = &raw[property.name];
            self.same(at, raw["flags"].as_u64(), Some(property.flags.0.into()));
            self.maybe(at, &raw["type"], Some(property.node));
        }
    }

    fn run(&mut self) {
        while let Some((at, node)) = self.open.pop() {
            if self.seen.insert((at, node)) {
                self.found.nodes += 1;
                self.pair(at, node);
            }
        }
    }

    fn pair(&mut self, at: usize, node: Node<'a>) {
        let item = &self.items[at];
        match (item["$type"].as_str().unwrap_or_default(), node.kind()) {
            ("AnyType", Kind::Any) | ("BooleanType", Kind::Bool) => {}
            ("IntegerType", Kind::Int(int)) => self.same(at, int, int_of(item)),
            ("StringType", Kind::Text(text)) => self.same(at, text, text_of(item)),
            ("StringLiteralType", Kind::Literal(text)) => {
                self.same(at, Some(text), item["value"].as_str());
            }
            ("UnionType", Kind::Enum(texts)) => self.union(at, texts),
            ("ArrayType", Kind::Array(array)) => {
                let lengths = (array.min_length, array.max_length);
                let raw = (item["minLength"].as_u64(), item["maxLength"].as_u64());
                self.same(at, lengths, raw);
                self.maybe(at, &item["itemType"], Some(array.item));
            }
            ("ObjectType", Kind::Object(object)) => {
                self.name(at, object.name);
                self.object(at, object, false);
            }
            ("DiscriminatedObjectType", Kind::Discriminated(either)) => {
                self.name(at, either.name);
                self.properties(at, "baseProperties", either.base(), false);
                self.elements(at, either);
            }
            (_, kind) => self.differ(at, format!("is not {kind:?}")),
        }
    }

    fn union(&mut self, at: usize, own: Enum<'a>) {
        let elements = self.items[at]["elements"].as_array();
        let elements = elements.into_iter().flatten().filter_map(number);
        let elements: Vec<_> = elements.map(|number| &self.items[number]).collect();
        let values = elements
            .iter()
            .filter_map(|element| element["value"].as_str());
        let mut values: Vec<_> = values.collect();
        values.sort_unstable();
        values.dedup();
        self.same(at, own.values().collect::<Vec<_>>(), values);
        let mut texts = elements.iter().filter(|text| text["$type"] == "StringType");
        self.same(at, own.open, texts.next().map(|text| text_of(text)));
    }

    fn object(&mut self, at: usize, own: Object<'a>, is_body: bool) {
        let item = &self.items[at];
        let sensitive = item["sensitive"].as_bool().unwrap_or_default();
        self.same(at, own.sensitive, sensitive);
        self.maybe(at, &item["additionalProperties"], own.additional);
        self.properties(at, "properties", own.properties(), is_body);
    }

    fn properties(&mut self, at: usize, field: &str, own: Properties<'a>, without_implied: bool) {
        let is_left_out =
            |name: &str| without_implied && ["apiVersion", "id", "type"].contains(&name);
        let raw = fields(&self.items[at][field]).filter(|(name, _)| !is_left_out(name));
        let raw: Vec<_> = raw.collect();
        self.same(at, own.len(), raw.len());
        self.found.properties += raw.len();
        for (name, raw) in raw {
            let Some(own) = own.into_iter().find(|own| own.name == name) else {
                self.differ(at, format!("the property {name} is missing"));
                continue;
            };
            self.same(at, Some(own.flags.0.into()), raw["flags"].as_u64());
            self.maybe(at, &raw["type"], Some(own.node));
        }
    }

    fn elements(&mut self, at: usize, own: Discriminated<'a>) {
        let item = &self.items[at];
        self.same(at, Some(own.discriminator), item["discriminator"].as_str());
        let count = item["elements"].as_object().map_or(0, Map::len);
        self.same(at, own.elements().len(), count);
        for (value, raw) in fields(&item["elements"]) {
            let element = own.elements().find(|(own, _)| own == value);
            self.maybe(at, raw, element.map(|(_, node)| node));
        }
    }

    fn name(&mut self, at: usize, own: Option<&str>) {
        self.same(at, own, self.items[at]["name"].as_str());
    }

    /// A reference and a node: both are there, or neither is.
    fn maybe(&mut self, at: usize, raw: &Value, own: Option<Node<'a>>) {
        match (number(raw), own) {
            (Some(raw), Some(own)) => self.open.push((raw, own)),
            (None, None) => {}
            _ => self.differ(at, format!("{raw} is not {own:?}")),
        }
    }

    fn same<T: PartialEq + fmt::Debug>(&mut self, at: usize, one: T, other: T) {
        if one != other {
            self.differ(at, format!("{one:?} is not {other:?}"));
        }
    }

    fn differ(&mut self, at: usize, what: impl fmt::Display) {
        let (path, item) = (self.path, &self.items[at]);
        let name = &item["name"];
        self.found.differ(format!("{path}#/{at} {name}: {what}"));
    }
}

fn is_list(function: &Value) -> bool {
    let name = function["name"].as_str().unwrap_or_default();
    name.to_lowercase().starts_with("list")
}

fn int_of(item: &Value) -> Int {
    Int {
        min: item["minValue"].as_i64(),
        max: item["maxValue"].as_i64(),
    }
}

fn text_of(item: &Value) -> Text<'_> {
    Text {
        min_length: item["minLength"].as_u64(),
        max_length: item["maxLength"].as_u64(),
        pattern: item["pattern"].as_str(),
        sensitive: item["sensitive"].as_bool().unwrap_or_default(),
    }
}

impl Comparison {
    /// Whether nothing differs.
    pub(super) fn is_equal(&self) -> bool {
        self.differences == 0
    }

    /// The catalogue has nothing besides what the raw files have.
    fn counts(&mut self, index: &Index, catalogue: Catalogue<'_>) -> Result<(), Box<dyn Error>> {
        let (mut types, mut resources, mut functions) = (0, 0, 0);
        for found in catalogue.types() {
            types += 1;
            for resource in found?.resources() {
                resources += 1;
                functions += resource?.functions().count();
            }
        }
        let own = (types, resources, functions);
        let raw = (index.types.len(), index.resources, self.functions);
        if own != raw || self.resources != index.resources {
            self.differ(format!(
                "types, versions and functions: {own:?} is not {raw:?}"
            ));
        }
        Ok(())
    }

    fn differ(&mut self, what: String) {
        self.differences += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(what);
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.shown {
            writeln!(out, "{difference}")?;
        }
        let functions = format!("{} (and {} nobody can call)", self.functions, self.orphans);
        writeln!(out, "resources compared     {:>9}", self.resources)?;
        writeln!(out, "list* functions        {functions:>9}")?;
        writeln!(out, "types compared         {:>9}", self.nodes)?;
        writeln!(out, "properties compared    {:>9}", self.properties)?;
        writeln!(out, "differences            {:>9}", self.differences)
    }
}
