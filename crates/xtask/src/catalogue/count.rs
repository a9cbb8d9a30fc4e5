//! What is in a catalogue: enters one, leave counts of all that can be reached.

use std::collections::HashSet;
use std::fmt;

use tricep_catalogue::{Catalogue, Damaged, Kind, Node, Property};

/// Counts of what is in a catalogue.
#[derive(Default)]
pub(super) struct Counts {
    types: usize,
    versions: usize,
    functions: usize,
    nodes: usize,
    properties: usize,
}

/// Counts everything once.
///
/// # Errors
/// When something in the catalogue is damaged.
pub(super) fn all(catalogue: Catalogue<'_>) -> Result<Counts, Damaged> {
    let mut counts = Counts::default();
    let mut walk = Walk::default();
    for found in catalogue.types() {
        counts.types += 1;
        for resource in found?.resources() {
            let resource = resource?;
            counts.versions += 1;
            walk.open.push(resource.body);
            for function in resource.functions() {
                counts.functions += 1;
                walk.open.push(function.output);
                walk.open.extend(function.input);
            }
            walk.run(&mut counts)?;
        }
    }
    Ok(counts)
}

#[derive(Default)]
struct Walk<'a> {
    seen: HashSet<Node<'a>>,
    open: Vec<Node<'a>>,
}

impl<'a> Walk<'a> {
    fn run(&mut self, counts: &mut Counts) -> Result<(), Damaged> {
        while let Some(node) = self.open.pop() {
            if self.seen.insert(node) {
                counts.nodes += 1;
                self.enter(node, counts)?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: Node<'a>, counts: &mut Counts) -> Result<(), Damaged> {
        match node.kind() {
            Kind::Damaged(damaged) => return Err(damaged),
            Kind::Array(array) => self.open.push(array.item),
            Kind::Object(object) => {
                self.properties(object.properties(), counts);
                self.open.extend(object.additional);
            }
            Kind::Discriminated(either) => {
                self.properties(either.base(), counts);
                self.open.extend(either.elements().map(|(_, node)| node));
            }
            _ => {}
        }
        Ok(())
    }

    fn properties(&mut self, properties: impl Iterator<Item = Property<'a>>, counts: &mut Counts) {
        for property in properties {
            counts.properties += 1;
            self.open.push(property.node);
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "resource types         {:>9}", self.types)?;
        writeln!(out, "their versions         {:>9}", self.versions)?;
        writeln!(out, "list* functions        {:>9}", self.functions)?;
        writeln!(out, "distinct types         {:>9}", self.nodes)?;
        writeln!(out, "their properties       {:>9}", self.properties)
    }
}
