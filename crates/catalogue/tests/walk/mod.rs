//! A walk over a whole catalogue, be it damaged: everything that can be asked is asked. Tests and
//! fuzzing share it.

use std::collections::HashSet;

use tricep_catalogue::{
    Catalogue, Damaged, Discriminated, Kind, Node, Object, Properties, Resource, ResourceType,
};

/// What a walk came upon.
#[derive(Default)]
pub(crate) struct Walk<'a> {
    /// Resource types, versions, functions, nodes and properties that it read.
    pub(crate) steps: usize,
    /// Places that made no sense.
    pub(crate) damaged: Vec<Damaged>,
    /// Versions that a type lists and a lookup misses.
    pub(crate) missed: usize,
    /// After so many steps it ends.
    budget: usize,
    seen: HashSet<Node<'a>>,
    open: Vec<Node<'a>>,
}

/// Walks over everything, until so many steps are taken.
pub(crate) fn walk(catalogue: Catalogue<'_>, budget: usize) -> Walk<'_> {
    let mut walk = Walk {
        budget,
        ..Walk::default()
    };
    for found in catalogue.types() {
        walk.steps += 1;
        match found {
            Ok(found) => walk.resource_type(catalogue, found),
            Err(damaged) => walk.damaged.push(damaged),
        }
        if walk.is_over() {
            break;
        }
    }
    walk
}

impl<'a> Walk<'a> {
    fn is_over(&self) -> bool {
        self.steps > self.budget
    }

    fn resource_type(&mut self, catalogue: Catalogue<'a>, found: ResourceType<'a>) {
        self.lookups(catalogue, found);
        for resource in found.resources() {
            self.steps += 1;
            match resource {
                Ok(resource) => self.resource(resource),
                Err(damaged) => self.damaged.push(damaged),
            }
            if self.is_over() {
                return;
            }
        }
    }

    /// Looks the type up by its name, and its first and its last version by theirs.
    fn lookups(&mut self, catalogue: Catalogue<'a>, found: ResourceType<'a>) {
        let name = found.name().to_ascii_uppercase();
        let stable = found.latest_stable();
        let ends = [found.versions().next(), found.latest(), stable];
        for version in ends.into_iter().flatten() {
            match catalogue.resource(&name, version) {
                Ok(Some(same)) => assert!(same.version.eq_ignore_ascii_case(version)),
                Ok(None) => self.missed += 1,
                Err(damaged) => self.damaged.push(damaged),
            }
        }
    }

    fn resource(&mut self, resource: Resource<'a>) {
        self.open.push(resource.body);
        self.open.extend(resource.implied().map(|own| own.node));
        let functions = resource.functions();
        let announced = functions.len();
        for function in functions {
            self.steps += 1;
            self.open.push(function.output);
            self.open.extend(function.input);
        }
        assert_eq!(
            announced,
            functions.count(),
            "a list that was read is whole"
        );
        self.nodes();
    }

    fn nodes(&mut self) {
        while let Some(node) = self.open.pop() {
            if self.is_over() {
                return;
            }
            if self.seen.insert(node) {
                self.steps += 1;
                self.node(node);
            }
        }
    }

    fn node(&mut self, node: Node<'a>) {
        match node.kind() {
            Kind::Array(array) => self.open.push(array.item),
            Kind::Enum(texts) => {
                assert_eq!(texts.values().len(), texts.values().count());
                self.steps += texts.values().len();
            }
            Kind::Object(object) => self.object(object),
            Kind::Discriminated(either) => self.discriminated(either),
            Kind::Damaged(damaged) => self.damaged.push(damaged),
            _ => {}
        }
    }

    fn object(&mut self, object: Object<'a>) {
        self.properties(object.properties());
        self.open.extend(object.additional);
        let first = object.properties().next();
        let found = first.and_then(|first| object.property(first.name));
        assert_eq!(found, first);
    }

    fn discriminated(&mut self, either: Discriminated<'a>) {
        self.properties(either.base());
        assert_eq!(either.elements().len(), either.elements().count());
        for (value, node) in either.elements() {
            if self.is_over() {
                return;
            }
            self.steps += 1;
            self.open.push(node);
            if let Some(object) = either.element(value) {
                let whole = either.of(object).count();
                assert!(whole >= object.properties().len());
                self.steps += whole;
            }
        }
    }

    fn properties(&mut self, properties: Properties<'a>) {
        assert_eq!(properties.len(), properties.into_iter().count());
        self.steps += properties.len();
        self.open.extend(properties.map(|own| own.node));
    }
}
