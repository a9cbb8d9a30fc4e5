//! Numbers for everything in a pack: enters a graph with its classes, leave the order of nodes, and
//! numbers of properties and strings.
//!
//! All are given in the order in which a walk over the sorted resources comes upon things, so that the
//! same types give the same pack, and what one resource needs stands close together. Strings are
//! sorted instead, so that numbers compare like texts.

use std::collections::{BTreeMap, HashMap, HashSet};

use tricep_catalogue::compare_versions;

use super::classes::Classes;
use super::graph::{Graph, Node, Property, Resource};

/// What is in a pack, and where.
pub(super) struct Numbers<'a> {
    /// The versions of each type, oldest first; types sorted by name without regard to case.
    pub(super) types: Vec<Vec<&'a Resource>>,
    /// Classes in the order of their records.
    pub(super) nodes: Vec<u32>,
    /// Properties, referring to classes, in their order.
    pub(super) properties: Vec<Property>,
    /// The texts, sorted.
    pub(super) strings: Vec<&'a str>,
    numbers_of_properties: HashMap<Property, u32>,
    numbers_of_strings: HashMap<u32, u32>,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(graph: &'a Graph, classes: &Classes) -> Self {
        let types = sorted(graph);
        let nodes = walk(&types, classes);
        let mut numbers = Self {
            types,
            nodes,
            properties: Vec::new(),
            strings: Vec::new(),
            numbers_of_properties: HashMap::new(),
            numbers_of_strings: HashMap::new(),
        };
        numbers.number_properties(classes);
        numbers.number_strings(graph, classes);
        numbers
    }

    pub(super) fn property(&self, property: &Property) -> u32 {
        self.numbers_of_properties[property]
    }

    pub(super) fn string(&self, text: u32) -> u32 {
        self.numbers_of_strings[&text]
    }

    fn number_properties(&mut self, classes: &Classes) {
        for &class in &self.nodes {
            for &property in classes.nodes[class as usize].properties() {
                let next = self.properties.len() as u32;
                let number = self.numbers_of_properties.entry(property);
                if *number.or_insert(next) == next {
                    self.properties.push(property);
                }
            }
        }
    }

    fn number_strings(&mut self, graph: &'a Graph, classes: &Classes) {
        let resources = self.types.iter().flatten();
        let of_resources = resources.flat_map(|resource| {
            let functions = resource.functions.iter().map(|function| function.name);
            functions.chain([resource.name, resource.version])
        });
        let nodes = self
            .nodes
            .iter()
            .map(|&class| &classes.nodes[class as usize]);
        let used: HashSet<u32> = of_resources.chain(nodes.flat_map(Node::strings)).collect();
        let mut sorted: Vec<_> = used
            .into_iter()
            .map(|number| (graph.strings.text(number), number))
            .collect();
        sorted.sort_unstable();
        self.strings = sorted.iter().map(|&(text, _)| text).collect();
        self.numbers_of_strings = (0..)
            .zip(sorted)
            .map(|(id, (_, text))| (text, id))
            .collect();
    }
}

fn sorted(graph: &Graph) -> Vec<Vec<&Resource>> {
    let mut types: BTreeMap<String, Vec<&Resource>> = BTreeMap::new();
    for resource in &graph.resources {
        let name = graph.strings.text(resource.name).to_ascii_lowercase();
        types.entry(name).or_default().push(resource);
    }
    for versions in types.values_mut() {
        versions.sort_by(|one, other| {
            let text = |resource: &Resource| graph.strings.text(resource.version);
            compare_versions(text(one), text(other))
        });
    }
    types.into_values().collect()
}

/// The classes that resources need, each once, a class before those it refers to.
fn walk(types: &[Vec<&Resource>], classes: &Classes) -> Vec<u32> {
    let mut seen = vec![false; classes.nodes.len()];
    let mut order = Vec::new();
    for resource in types.iter().flatten() {
        let mut open: Vec<u32> = resource.roots().map(|node| classes.of(node)).collect();
        open.reverse();
        while let Some(class) = open.pop() {
            if !std::mem::replace(&mut seen[class as usize], true) {
                order.push(class);
                open.extend(classes.nodes[class as usize].children().iter().rev());
            }
        }
    }
    order
}
