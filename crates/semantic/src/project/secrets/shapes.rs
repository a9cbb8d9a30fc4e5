//! Where secrets may be in values of Azure's types. What leads to none is left out, so that nobody walks
//! there.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_catalogue::{Kind, Node, Property};

use crate::sensitive::is_sensitive;

/// Types nested deeper are taken to lead to secrets.
const MAX_DEPTH: usize = 64;

/// Where secrets may be in a value.
#[derive(Debug)]
pub(super) enum Shape<'c> {
    /// Nowhere.
    Nothing,
    /// All of it is one.
    Secret,
    /// In each item.
    Items(Node<'c>),
    /// In these members; the last stands for all that are not declared.
    Members(Vec<(&'c str, Node<'c>)>, Option<Node<'c>>),
}

impl<'c> Shape<'c> {
    /// The types of the member of that name, in any letter case. There are several where it is not known
    /// which object it is.
    pub(super) fn member<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Node<'c>> + 's {
        let (named, further) = self.members();
        let mut own = named
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .peekable();
        let further = further.filter(|_| own.peek().is_none());
        own.map(|(_, node)| *node).chain(further)
    }

    /// The types of all members.
    pub(super) fn all_members(&self) -> impl Iterator<Item = Node<'c>> + '_ {
        let (named, further) = self.members();
        named.iter().map(|(_, node)| *node).chain(further)
    }

    fn members(&self) -> (&[(&'c str, Node<'c>)], Option<Node<'c>>) {
        match self {
            Self::Members(named, further) => (named, *further),
            _ => (&[], None),
        }
    }
}

/// The shapes that were asked for, and whether types lead to secrets.
#[derive(Default, Debug)]
pub(super) struct Shapes<'c> {
    made: FxHashMap<Node<'c>, Rc<Shape<'c>>>,
    leading: FxHashMap<Node<'c>, bool>,
}

impl<'c> Shapes<'c> {
    pub(super) fn of(&mut self, node: Node<'c>) -> Rc<Shape<'c>> {
        if let Some(made) = self.made.get(&node) {
            return Rc::clone(made);
        }
        let made = Rc::new(self.make(node));
        self.made.insert(node, Rc::clone(&made));
        made
    }

    fn make(&mut self, node: Node<'c>) -> Shape<'c> {
        let kind = node.kind();
        if is_sensitive(&kind) {
            return Shape::Secret;
        }
        match kind {
            Kind::Array(array) if self.leads(array.item, 0) => Shape::Items(array.item),
            Kind::Object(object) => {
                let further = object.additional.filter(|&node| self.leads(node, 0));
                self.members(object.properties(), further)
            }
            // Of which kind the object is may not be known.
            Kind::Discriminated(choice) => {
                let elements = choice.elements().filter_map(|(_, node)| node.object());
                let elements = elements.flat_map(|object| object.properties());
                self.members(choice.base().into_iter().chain(elements), None)
            }
            _ => Shape::Nothing,
        }
    }

    fn members(
        &mut self,
        properties: impl Iterator<Item = Property<'c>>,
        further: Option<Node<'c>>,
    ) -> Shape<'c> {
        let leading = properties.filter(|property| self.leads(property.node, 0));
        let named: Vec<_> = leading.map(|own| (own.name, own.node)).collect();
        match named.is_empty() && further.is_none() {
            true => Shape::Nothing,
            false => Shape::Members(named, further),
        }
    }

    /// Whether something sensitive is in values of a type; of a type that holds itself perhaps.
    fn leads(&mut self, node: Node<'c>, depth: usize) -> bool {
        if let Some(&known) = self.leading.get(&node) {
            return known;
        }
        if depth > MAX_DEPTH {
            return true;
        }
        self.leading.insert(node, true);
        let kind = node.kind();
        let below = depth + 1;
        let leads = is_sensitive(&kind)
            || match kind {
                Kind::Array(array) => self.leads(array.item, below),
                Kind::Object(object) => {
                    let mut nodes = object.properties().map(|own| own.node);
                    nodes.any(|node| self.leads(node, below))
                        || object
                            .additional
                            .is_some_and(|node| self.leads(node, below))
                }
                Kind::Discriminated(choice) => {
                    let mut base = choice.base().into_iter();
                    base.any(|own| self.leads(own.node, below))
                        || choice.elements().any(|(_, node)| self.leads(node, below))
                }
                _ => false,
            };
        self.leading.insert(node, leads);
        leads
    }
}
