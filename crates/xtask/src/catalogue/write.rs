//! A pack: enters a graph with its classes, leave bytes as [`tricep_catalogue::format`] has them.

use std::collections::HashMap;
use std::error::Error;

use tricep_catalogue::format::{
    ADDITIONAL, ANY, ARRAY, BOOL, DISCRIMINATED, ENUM, HEADER, INT, LITERAL, LONGEST, MAGIC, MAX,
    MIN, NAMED, OBJECT, OPEN, PATTERN, SECTIONS, SENSITIVE, TEXT,
};

use super::bytes::Bytes;
use super::classes::Classes;
use super::graph::{Function, Graph, Node, Property};
use super::numbers::Numbers;

/// Numbers below this fit in three bytes.
const U24: usize = 1 << 24;

/// Writes a pack.
///
/// # Errors
/// When there is more of something than the format has numbers for, or a list is too long.
pub(super) fn pack(graph: &Graph, classes: &Classes) -> Result<Vec<u8>, Box<dyn Error>> {
    let numbers = Numbers::new(graph, classes);
    let mut writer = Writer {
        places: vec![0; classes.nodes.len()],
        numbers,
        classes,
    };
    let (nodes, functions) = writer.nodes();
    let (types, entries, spellings) = writer.types(&functions);
    let (string_places, strings) = writer.strings();
    let counts = [strings.len(), nodes.len(), entries.len()];
    if counts.iter().any(|&count| count >= U24) || writer.longest() > LONGEST {
        return Err("the pack would be too large for its format".into());
    }
    let properties = writer.properties();
    Ok(join([
        string_places,
        strings,
        properties,
        nodes,
        types,
        entries,
        spellings,
    ]))
}

/// Puts the header before the sections.
fn join(sections: [Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut pack = MAGIC.to_vec();
    let mut place = HEADER;
    pack.extend((place as u32).to_le_bytes());
    for section in &sections {
        place += section.len();
        pack.extend((place as u32).to_le_bytes());
    }
    pack.extend(sections.iter().flatten());
    pack
}

struct Writer<'a> {
    numbers: Numbers<'a>,
    classes: &'a Classes,
    /// Where the record of each class stands; known when the lengths of all records are.
    places: Vec<u32>,
}

/// Where lists of functions stand.
type FunctionPlaces = HashMap<Vec<u8>, u32>;

impl Writer<'_> {
    /// The length of the longest list.
    fn longest(&self) -> usize {
        let versions = self.numbers.types.iter().map(Vec::len);
        let resources = self.numbers.types.iter().flatten();
        let functions = resources.map(|resource| resource.functions.len());
        let nodes = self.classes.nodes.iter().map(|node| match node {
            Node::Enum { values, .. } => values.len(),
            Node::Discriminated { base, elements, .. } => base.len().max(elements.len()),
            _ => node.properties().len(),
        });
        versions.chain(functions).chain(nodes).max().unwrap_or(0)
    }

    /// The records of all nodes, then the lists of functions. The empty list comes first of all.
    fn nodes(&mut self) -> (Vec<u8>, FunctionPlaces) {
        let mut place = self.functions(&[]).len();
        for &class in &self.numbers.nodes {
            self.places[class as usize] = place as u32;
            // References are as long before their places are known.
            place += self.node(class).len();
        }
        let mut nodes = self.functions(&[]);
        let mut functions = FunctionPlaces::from([(nodes.clone(), 0)]);
        for &class in &self.numbers.nodes {
            nodes.extend(self.node(class));
        }
        for resource in self.numbers.types.iter().flatten() {
            let list = self.functions(&resource.functions);
            functions.entry(list).or_insert_with_key(|list| {
                nodes.extend(list);
                (nodes.len() - list.len()) as u32
            });
        }
        (nodes, functions)
    }

    fn functions(&self, functions: &[Function]) -> Vec<u8> {
        let mut bytes = Bytes::default();
        bytes.count(functions);
        for function in functions {
            bytes.u24(self.numbers.string(function.name));
            bytes.u24(self.places[self.classes.of(function.output) as usize]);
            bytes.u8(u8::from(function.input.is_some()));
            if let Some(input) = function.input {
                bytes.u24(self.places[self.classes.of(input) as usize]);
            }
        }
        bytes.0
    }

    fn node(&self, class: u32) -> Vec<u8> {
        let mut bytes = Bytes::default();
        match &self.classes.nodes[class as usize] {
            Node::Any => bytes.u8(ANY),
            Node::Bool => bytes.u8(BOOL),
            Node::Int { min, max } => {
                bytes.u8(INT | mark(min, MIN) | mark(max, MAX));
                min.iter().chain(max).for_each(|&limit| bytes.signed(limit));
            }
            Node::Text {
                min,
                max,
                pattern,
                sensitive,
            } => {
                let limits = mark(min, MIN) | mark(max, MAX) | mark(pattern, PATTERN);
                bytes.u8(TEXT | limits | mark_if(*sensitive, SENSITIVE));
                min.iter().chain(max).for_each(|&limit| bytes.varint(limit));
                self.string(&mut bytes, *pattern);
            }
            Node::Literal(text) => {
                bytes.u8(LITERAL);
                self.string(&mut bytes, Some(*text));
            }
            Node::Enum { open, values } => {
                bytes.u8(ENUM | mark(open, OPEN));
                self.place(&mut bytes, *open);
                self.values(&mut bytes, values);
            }
            Node::Array { item, min, max } => {
                bytes.u8(ARRAY | mark(min, MIN) | mark(max, MAX));
                self.place(&mut bytes, Some(*item));
                min.iter().chain(max).for_each(|&limit| bytes.varint(limit));
            }
            Node::Object {
                name,
                sensitive,
                additional,
                properties,
            } => {
                let marks = mark(name, NAMED) | mark(additional, ADDITIONAL);
                bytes.u8(OBJECT | marks | mark_if(*sensitive, SENSITIVE));
                self.string(&mut bytes, *name);
                self.place(&mut bytes, *additional);
                self.list(&mut bytes, properties);
            }
            Node::Discriminated {
                name,
                discriminator,
                base,
                elements,
            } => {
                bytes.u8(DISCRIMINATED | mark(name, NAMED));
                self.string(&mut bytes, *name);
                self.string(&mut bytes, Some(*discriminator));
                self.list(&mut bytes, base);
                bytes.count(elements);
                for &(value, element) in elements {
                    self.string(&mut bytes, Some(value));
                    self.place(&mut bytes, Some(element));
                }
            }
        }
        bytes.0
    }

    fn string(&self, bytes: &mut Bytes, text: Option<u32>) {
        if let Some(text) = text {
            bytes.u24(self.numbers.string(text));
        }
    }

    fn place(&self, bytes: &mut Bytes, class: Option<u32>) {
        if let Some(class) = class {
            bytes.u24(self.places[class as usize]);
        }
    }

    fn values(&self, bytes: &mut Bytes, values: &[u32]) {
        bytes.count(values);
        let mut before = 0;
        for &value in values {
            let number = self.numbers.string(value);
            bytes.varint(u64::from(number - before));
            before = number;
        }
    }

    fn list(&self, bytes: &mut Bytes, properties: &[Property]) {
        bytes.count(properties);
        let mut before = 0;
        for property in properties {
            let number = i64::from(self.numbers.property(property));
            bytes.signed(number - before);
            before = number;
        }
    }

    fn properties(&self) -> Vec<u8> {
        let mut bytes = Bytes::default();
        for property in &self.numbers.properties {
            bytes.u24(self.numbers.string(property.name));
            bytes.u8(property.flags);
            bytes.u24(self.places[property.node as usize]);
        }
        bytes.0
    }

    /// Types, their versions, and the spellings of some versions.
    fn types(&self, functions: &FunctionPlaces) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let (mut types, mut entries, mut spellings) = <(Bytes, Bytes, Bytes)>::default();
        let mut entry = 0;
        for versions in &self.numbers.types {
            // The newest version says how the type is spelt.
            let Some(newest) = versions.last() else {
                continue;
            };
            types.u24(self.numbers.string(newest.name));
            types.u24(entry);
            for resource in versions {
                entries.u24(self.numbers.string(resource.version));
                entries.u24(self.places[self.classes.of(resource.body) as usize]);
                entries.u8(resource.readable);
                entries.u8(resource.writable);
                entries.u24(functions[&self.functions(&resource.functions)]);
                if resource.name != newest.name {
                    spellings.u24(entry);
                    spellings.u24(self.numbers.string(resource.name));
                }
                entry += 1;
            }
        }
        (types.0, entries.0, spellings.0)
    }

    fn strings(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut places, mut strings) = <(Bytes, Vec<u8>)>::default();
        for text in &self.numbers.strings {
            places.u24(strings.len() as u32);
            strings.extend(text.as_bytes());
        }
        places.u24(strings.len() as u32);
        (places.0, strings)
    }
}

fn mark<T>(value: &Option<T>, mark: u8) -> u8 {
    mark_if(value.is_some(), mark)
}

fn mark_if(yes: bool, mark: u8) -> u8 {
    if yes { mark } else { 0 }
}
