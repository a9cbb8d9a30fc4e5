//! The type checker: files and the catalogue of resource types → what the reference compiler says
//! about values that do not fit.
//!
//! Three ideas: [`infer`] tells the type of an expression, [`narrow`] lays it beside the type that is
//! wanted, and [`access`] looks up members. Everything else makes types: of the catalogue
//! ([`schema`], [`resource`]), of what is written in files ([`declared`]), of functions
//! ([`functions`]).
//!
//! What is not known exactly is [`Type::Unknown`] and silences what it touches: a false alarm is
//! worse than a miss. Where the compiler finds a mistake it stops looking at the value around it
//! ([`Type::Error`]), and so do we.
//!
//! Deliberately absent: whether values are known when a deployment starts, scopes of modules, linter
//! rules.

mod access;
mod assign;
mod check;
mod collapse;
mod cycles;
mod declared;
mod functions;
mod infer;
pub(crate) mod locals;
mod model;
mod names;
mod narrow;
mod places;
mod problem;
mod resource;
mod schema;
mod show;
mod spelling;
#[cfg(test)]
mod tests;
mod union;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_catalogue::{Catalogue, Node};
use tricep_syntax::text::FileId;

pub use problem::{CODES, Kind, Level, NOTES, Problem};
pub use spelling::nearest;

use model::{Depth, Flags, Items, Lazy, ObjectType, Property, Type};

use crate::index::Idx as _;
use crate::project::{Origin, Project, Target};
use crate::template::{ModuleId, ParameterId, ReferenceId, ResourceId, TypeId};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;
/// So many types are made and laid beside others for one file; past that everything is unknown.
/// The files of the public registry need 9,000 at most.
const FUEL: u32 = 200_000;

/// Makes types and remembers them. For one thread; cheap to make.
pub struct Types<'a> {
    project: &'a Project,
    catalogue: Option<Catalogue<'a>>,
    nodes: RefCell<FxHashMap<(Node<'a>, Depth), Type<'a>>>,
    written: RefCell<FxHashMap<(FileId, TypeId), Type<'a>>>,
    parameters: RefCell<FxHashMap<(FileId, ParameterId), Type<'a>>>,
    values: RefCell<FxHashMap<FileId, Vec<Option<Type<'a>>>>>,
    locals: RefCell<FxHashMap<FileId, Rc<[locals::Local]>>>,
    resources: RefCell<FxHashMap<(FileId, ResourceId), Rc<resource::Declared<'a>>>>,
    bodies: RefCell<FxHashMap<resource::BodyKey<'a>, Type<'a>>>,
    read: RefCell<FxHashMap<(FileId, ResourceId), Type<'a>>>,
    modules: RefCell<FxHashMap<(FileId, bool), Type<'a>>>,
    read_modules: RefCell<FxHashMap<(FileId, ModuleId), Type<'a>>>,
    parts: RefCell<FxHashMap<FileId, Rc<[&'a str]>>>,
    patterns: RefCell<FxHashMap<&'a str, Option<regex::Regex>>>,
    cycles: RefCell<FxHashMap<FileId, FxHashSet<cycles::Node>>>,
    busy: RefCell<FxHashSet<(FileId, ResourceId)>>,
    /// `object`
    any_object: Type<'a>,
    fuel: Cell<u32>,
}

impl<'a> Types<'a> {
    /// Types for the files of a project. Without a catalogue, or where it is damaged, nothing is
    /// known of resource types.
    #[must_use]
    pub fn new(project: &'a Project, catalogue: Option<Catalogue<'a>>) -> Self {
        Self {
            project,
            catalogue,
            nodes: RefCell::default(),
            written: RefCell::default(),
            parameters: RefCell::default(),
            values: RefCell::default(),
            locals: RefCell::default(),
            resources: RefCell::default(),
            bodies: RefCell::default(),
            read: RefCell::default(),
            modules: RefCell::default(),
            read_modules: RefCell::default(),
            parts: RefCell::default(),
            patterns: RefCell::default(),
            cycles: RefCell::default(),
            busy: RefCell::default(),
            any_object: Type::any_object(),
            fuel: Cell::new(FUEL),
        }
    }

    /// Makes a type.
    fn force(&self, lazy: &Lazy<'a>) -> Type<'a> {
        if !self.burn() {
            return Type::Unknown;
        }
        match lazy {
            Lazy::Known(r#type) => r#type.clone(),
            Lazy::Node(node, depth) => self.node(*node, *depth),
            Lazy::Element(node, number, depth) => schema::element(*node, *number, *depth),
            Lazy::Declared(file, id, constraints) => self.declared(*file, *id, *constraints),
            Lazy::Without(inner, flags) => without_flags(self.force(inner), *flags),
        }
    }

    /// The type of the items of an array.
    fn item(&self, items: &Items<'a>) -> Type<'a> {
        match items {
            Items::Any => Type::Any,
            Items::Each(item) => self.force(item),
            Items::Tuple(items) => Type::union(items.iter().map(|item| self.force(item))),
        }
    }

    /// The file that a reference leads to, if it is there with all it says.
    fn leads_to(&self, file: FileId, reference: ReferenceId) -> Option<FileId> {
        let targets = &self.project.unit(file).targets;
        let known = reference.index() < targets.len();
        match known.then(|| &targets[reference])? {
            Target::File(target) => match self.project.unit(*target).origin {
                Origin::Facts(_) => None,
                Origin::Own | Origin::Restored => Some(*target),
            },
            _ => None,
        }
    }

    /// Takes a step; `false` when there have been too many.
    fn burn(&self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }
}

/// An object whose properties lack some flags, and so all objects in it
/// (`TypeHelper.RemovePropertyFlagsRecursively`): what was deployed, for instance, can be read as a
/// whole and assigned elsewhere, whatever was read-only in it.
fn without_flags(r#type: Type<'_>, flags: Flags) -> Type<'_> {
    let Type::Object(object) = r#type else {
        return r#type;
    };
    let properties = object.properties.iter().map(|property| Property {
        name: property.name.clone(),
        flags: property.flags.without(flags),
        of: Lazy::Without(Box::new(property.of.clone()), flags),
    });
    Type::Object(Rc::new(ObjectType {
        properties: properties.collect(),
        further: object.further.clone(),
        marks: object.marks,
        origin: None,
    }))
}

/// The length of a text in UTF-16 units.
fn text_length(text: &str) -> i64 {
    i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX)
}
