//! All types as one graph: nodes that refer to each other by number, and the resources that need them.

use std::collections::HashMap;

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

impl Graph {
    /// Adds a node; leaves its number.
    pub(super) fn push(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        self.nodes.len() as u32 - 1
    }
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

    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub(super) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

impl Node {
    /// Any text whatever.
    pub(super) fn any_text() -> Self {
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
