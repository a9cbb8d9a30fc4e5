//! `lookups.tsv`: what stands at a path in a body, column by column.
//!
//! Each row is asked of the embedded catalogue alone; what the compiler adds to the data is not in
//! these rows.

use std::error::Error;
use std::fs;
use std::path::Path;

use tricep_catalogue::{
    Catalogue, Discriminated, Flags, Kind, Node, Object, Property, Resource, Text, azure,
};
use tricep_semantic::spelling::nearest;

use super::path::{self, Step};
use crate::conformance::score::{Answer, Outcome};

/// What the columns behind type, version and path say.
struct Row {
    kind: &'static str,
    flags: String,
    sensitive: bool,
    texts: String,
    min: String,
    max: String,
    pattern: String,
    additional: String,
    nearest: String,
}

impl Row {
    fn columns(&self) -> [(&'static str, &str); 9] {
        [
            ("kind", self.kind),
            ("flags", &self.flags),
            ("sensitive", if self.sensitive { "yes" } else { "no" }),
            ("enum", &self.texts),
            ("min", &self.min),
            ("max", &self.max),
            ("pattern", &self.pattern),
            ("additional", &self.additional),
            ("nearest", &self.nearest),
        ]
    }
}

/// Answers every row of a file.
pub(super) fn answers(file: &Path) -> Result<Vec<Answer>, Box<dyn Error>> {
    let text = fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    text.lines().skip(1).map(answer).collect()
}

fn answer(line: &str) -> Result<Answer, Box<dyn Error>> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [r#type, version, path, ref expected @ ..] = columns[..] else {
        return Err(format!("a row without a path: {line}").into());
    };
    let found = look_up(azure(), r#type, version, path)?;
    let difference = difference(expected, &found);
    Ok(Answer {
        id: format!("{type}@{version} {path}"),
        topic: (*expected.first().unwrap_or(&"")).to_owned(),
        outcome: match difference {
            None => Outcome::Right,
            Some(_) => Outcome::Wrong,
        },
        detail: difference.unwrap_or_default(),
    })
}

/// The columns that differ, in words.
fn difference(expected: &[&str], found: &Row) -> Option<String> {
    let found = found.columns();
    if expected.len() != found.len() {
        return Some(format!("{} columns", expected.len()));
    }
    let pairs = expected.iter().zip(found);
    let different = pairs.filter(|(expected, (_, found))| *expected != found);
    let words = different
        .map(|(expected, (column, found))| format!("{column} {expected:?}, found {found:?}"));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn look_up(
    catalogue: Catalogue<'_>,
    r#type: &str,
    version: &str,
    path: &str,
) -> Result<Row, Box<dyn Error>> {
    let resource = catalogue.resource(r#type, version)?;
    let resource = resource.ok_or_else(|| format!("there is no {type}@{version}"))?;
    let mut place = Place::body(resource);
    for step in path::parse(path)? {
        match place.step(&step) {
            Some(next) => place = next,
            None => return Ok(nothing(&place, &step)),
        }
    }
    Ok(place.row())
}

/// Where a path has come to.
struct Place<'a> {
    shape: Shape<'a>,
    /// Of the property that the path ends with.
    flags: Option<Flags>,
    /// What the body implies, if the path has not left it.
    implied: Vec<Property<'a>>,
}

enum Shape<'a> {
    Node(Kind<'a>),
    /// One of several objects.
    Element(Discriminated<'a>, Object<'a>),
}

impl<'a> Place<'a> {
    fn body(resource: Resource<'a>) -> Self {
        Self {
            shape: Shape::Node(resource.body.kind()),
            flags: None,
            implied: resource.implied().to_vec(),
        }
    }

    fn at(node: Node<'a>, flags: Option<Flags>) -> Self {
        Self {
            shape: Shape::Node(node.kind()),
            flags,
            implied: Vec::new(),
        }
    }

    fn step(&self, step: &Step) -> Option<Self> {
        match (step, &self.shape) {
            (Step::Property(name), _) => {
                let mut properties = self.properties();
                let found = properties.find(|property| property.name == *name)?;
                Some(Self::at(found.node, Some(found.flags)))
            }
            (Step::Additional, Shape::Node(Kind::Object(object)) | Shape::Element(_, object)) => {
                Some(Self::at(object.additional?, None))
            }
            (Step::Items, Shape::Node(Kind::Array(array))) => Some(Self::at(array.item, None)),
            (Step::Element { key, value }, Shape::Node(Kind::Discriminated(either)))
                if either.discriminator == key =>
            {
                let object = either.element(value)?;
                Some(Self {
                    shape: Shape::Element(*either, object),
                    flags: None,
                    implied: self.implied.clone(),
                })
            }
            _ => None,
        }
    }

    /// The properties declared here.
    fn properties(&self) -> Box<dyn Iterator<Item = Property<'a>> + '_> {
        let implied = self.implied.iter().copied();
        match self.shape {
            Shape::Node(Kind::Object(object)) => Box::new(object.properties().chain(implied)),
            Shape::Element(either, object) => Box::new(either.of(object).chain(implied)),
            Shape::Node(_) => Box::new(implied.take(0)),
        }
    }

    fn row(&self) -> Row {
        let kind = match self.shape {
            Shape::Node(kind) => kind,
            Shape::Element(_, object) => Kind::Object(object),
        };
        let mut row = Row::new(name_of(kind), self.flags);
        row.fill(kind);
        row
    }
}

/// The row of a path that leads nowhere, because of its step at a place.
fn nothing(place: &Place<'_>, step: &Step) -> Row {
    let mut row = Row::new("none", None);
    if let Step::Property(name) = step {
        let names = place.properties().map(|property| property.name);
        row.nearest = nearest(name, names).map(path::name).unwrap_or_default();
    }
    row
}

impl Row {
    /// A row about something without limits.
    fn new(kind: &'static str, flags: Option<Flags>) -> Self {
        Self {
            kind,
            flags: flags.map_or_else(|| "-".to_owned(), words),
            sensitive: false,
            texts: String::new(),
            min: String::new(),
            max: String::new(),
            pattern: String::new(),
            additional: "-".to_owned(),
            nearest: String::new(),
        }
    }

    fn fill(&mut self, kind: Kind<'_>) {
        match kind {
            Kind::Int(int) => self.limit(int.min, int.max),
            Kind::Text(text) => self.fill_text(text),
            Kind::Literal(text) => self.texts = joined([text]),
            Kind::Enum(texts) => {
                self.texts = joined(texts.values());
                texts.open.iter().for_each(|&text| self.fill_text(text));
            }
            Kind::Array(array) => self.limit(array.min_length, array.max_length),
            Kind::Object(object) => {
                let additional = object.additional.is_some();
                self.sensitive = object.sensitive;
                self.additional = if additional { "yes" } else { "no" }.to_owned();
            }
            Kind::Discriminated(either) => {
                self.texts = joined(either.elements().map(|(value, _)| value));
                self.additional = either.discriminator.to_owned();
            }
            _ => {}
        }
    }

    fn fill_text(&mut self, text: Text<'_>) {
        self.sensitive = text.sensitive;
        self.limit(text.min_length, text.max_length);
        let pattern = text.pattern.map(serde_json::Value::from);
        self.pattern = written(pattern);
    }

    fn limit<T: ToString>(&mut self, min: Option<T>, max: Option<T>) {
        (self.min, self.max) = (written(min), written(max));
    }
}

fn written<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn words(flags: Flags) -> String {
    let named = [
        (Flags::REQUIRED, "required"),
        (Flags::READ_ONLY, "read-only"),
        (Flags::WRITE_ONLY, "write-only"),
        (Flags::DEPLOY_TIME, "deploy-time"),
    ];
    let set = named.iter().filter(|&&(flag, _)| flags.contains(flag));
    let names: Vec<&str> = set.map(|&(_, name)| name).collect();
    match names.is_empty() {
        true => "-".to_owned(),
        false => names.join(","),
    }
}

fn name_of(kind: Kind<'_>) -> &'static str {
    match kind {
        Kind::Any => "any",
        Kind::Bool => "bool",
        Kind::Int(_) => "int",
        Kind::Text(_) => "string",
        Kind::Array(_) => "array",
        Kind::Enum(texts) if texts.open.is_some() => "enum-open",
        Kind::Literal(_) | Kind::Enum(_) => "enum-closed",
        Kind::Object(object) if object.additional.is_some() && object.properties().len() == 0 => {
            "map"
        }
        Kind::Object(_) => "object",
        Kind::Discriminated(_) => "discriminated",
        _ => "damaged",
    }
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let escaped = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('|', "\\|");
        let text = text.replace('\t', "\\t").replace('\n', "\\n");
        text.replace('\r', "\\r")
    };
    let texts: Vec<String> = texts.into_iter().map(escaped).collect();
    texts.join("|")
}
