//! What a module does with secrets, told without it: which parts of its parameters become some.
//!
//! Enters: a lowered template with those written into it. Leaves: its outline, and what else its users
//! must know of it. Absent: what its outputs are made of; whoever asks for that needs all of it.

use std::sync::Arc;

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::FileId;

use super::search::{Step, Want, reached};
use super::shapes::Shapes;
use crate::index::IndexVec;
use crate::lower::arm::Lowered;
use crate::project::{Origin, Project, Target, Unit};
use crate::template::{ParameterId, ReferenceId, Template};

/// What is left to say of a template of which only an outline is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outlined {
    pub(super) reached: Box<[Reached]>,
    /// The number of expressions that were dropped.
    pub(super) dropped: usize,
}

/// A part of a parameter and what becomes of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Reached {
    pub(super) parameter: ParameterId,
    /// The way to the part, its first step last.
    pub(super) path: Box<[Step]>,
    pub(super) want: Want,
}

/// Makes outlines. What it learns of Azure's types serves all that it makes.
#[derive(Default, Debug)]
pub struct Outliner {
    shapes: Shapes<'static>,
}

impl Outliner {
    /// Leaves an outline of a template that is used as a module and of those written into it.
    pub fn outline(&mut self, lowered: &mut Lowered) -> Outlined {
        let module = taken(lowered);
        let reached = reached(&module, &mut self.shapes).into_iter().collect();
        for (part, unit) in parts(lowered).into_iter().zip(module.units) {
            *part.template = unit.template;
        }
        let before = size(lowered);
        lowered.outline();
        Outlined {
            reached,
            dropped: before.saturating_sub(size(lowered)),
        }
    }
}

/// A template and, if it is written into another one, the place of that and the reference in it.
struct Part<'l> {
    template: &'l mut Template,
    user: Option<(usize, ReferenceId)>,
}

/// A template, then those within it; always in the same order.
fn parts(lowered: &mut Lowered) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut open = vec![(lowered, None)];
    while let Some((
        Lowered {
            template, nested, ..
        },
        user,
    )) = open.pop()
    {
        let here = parts.len();
        parts.push(Part { template, user });
        let inner = nested.iter_mut();
        open.extend(inner.map(|own| (&mut own.lowered, Some((here, own.reference)))));
    }
    parts
}

fn size(lowered: &mut Lowered) -> usize {
    let parts = parts(lowered);
    parts.iter().map(|part| part.template.exprs.len()).sum()
}

/// A project of nothing but the module, whose templates it takes.
fn taken(lowered: &mut Lowered) -> Project {
    let text: Arc<str> = Arc::from("");
    let mut units: Vec<Unit> = Vec::new();
    for Part { template, user } in parts(lowered) {
        if let Some((user, reference)) = user {
            units[user].targets[reference] = Target::File(FileId(units.len() as u32));
        }
        let mut targets = IndexVec::default();
        for _ in template.references.iter() {
            targets.push(Target::Unavailable(Arc::clone(&text)));
        }
        units.push(Unit {
            text: Arc::clone(&text),
            template: std::mem::replace(template, Template::new(Dialect::Arm)),
            targets,
            origin: Origin::Restored,
        });
    }
    Project::new(units)
}
