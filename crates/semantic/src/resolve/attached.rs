//! Which resources of a deployment belong to another one: children, and what is scoped to it.
//!
//! Ids are compared as far as they can be formed. What is not known of them is equal only where it
//! is the same thing: the same input, or the same evaluation of the same expression. Whatever lies
//! before the provider (subscription and resource group) is left out unless both ids are whole.

use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::{Deployed, Doubts, Place, Site, Visit};
use crate::eval::{Evaluator, Piece, Unknown, Value, Why};

/// Whether a resource belongs to another.
#[derive(Clone, Debug)]
pub enum Belongs {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It may; what is not known.
    Maybe(Rc<Unknown>),
}

/// A resource met on a walk, and what must hold so that it is deployed.
pub enum Met<'e, 'p> {
    /// A copy of it, unless the doubts prove right.
    Deployed(Deployed<'e, 'p>, Doubts),
    /// What stands in the way of knowing.
    Unknown(Rc<Unknown>),
}

/// Shows every copy of the resource of a site that is deployed under the evaluator's assumptions.
pub fn each_copy<'p>(
    evaluator: &mut Evaluator<'p>,
    entry: FileId,
    site: &Site,
    see: &mut dyn FnMut(Met<'_, 'p>),
) {
    Place::everywhere().visit(evaluator, entry, site, &mut |visit| match visit {
        Visit::Deployed(resource, doubts) => see(Met::Deployed(resource, doubts)),
        Visit::NotDeployed(_) => {}
        Visit::Unknown(traced) => see(Met::Unknown(reason(&traced.value))),
    });
}

fn reason(value: &Value) -> Rc<Unknown> {
    match value {
        Value::Unknown(unknown) => Rc::clone(unknown),
        Value::Partial(pieces) => first_unknown(pieces),
        _ => not_comparable(),
    }
}

/// Whether the resource with the id `owner` is the one with the id `id`.
#[must_use]
pub fn belongs(owner: &Value, id: &Value) -> Belongs {
    if let (Value::Text(a), Value::Text(b)) = (owner, id) {
        return yes_or_no(a.eq_ignore_ascii_case(b));
    }
    let (Some(a), Some(b)) = (behind_provider(owner), behind_provider(id)) else {
        return Belongs::Maybe(reason(owner));
    };
    compare(&a, &b)
}

fn yes_or_no(yes: bool) -> Belongs {
    if yes { Belongs::Yes } else { Belongs::No }
}

/// A piece of an id, in lower case where it is known.
enum Part {
    Known(String),
    Unknown(Rc<Unknown>),
}

const PROVIDERS: &str = "/providers/";

/// The pieces of an id behind its last provider; `None`: that cannot be told.
fn behind_provider(id: &Value) -> Option<Vec<Part>> {
    match id {
        Value::Text(text) => Some(vec![Part::Known(tail(&text.to_lowercase())?.to_owned())]),
        Value::Partial(pieces) => {
            let known = |piece: &Piece| match piece {
                Piece::Known(text) => Some(text.to_lowercase()),
                Piece::Unknown(_) => None,
            };
            let last = pieces
                .iter()
                .rposition(|piece| known(piece).is_some_and(|text| text.contains(PROVIDERS)))?;
            let first = Part::Known(tail(&known(&pieces[last])?)?.to_owned());
            let rest = pieces[last + 1..].iter().map(|piece| match piece {
                Piece::Known(text) => Part::Known(text.to_lowercase()),
                Piece::Unknown(unknown) => Part::Unknown(Rc::clone(unknown)),
            });
            Some(std::iter::once(first).chain(rest).collect())
        }
        _ => None,
    }
}

fn tail(text: &str) -> Option<&str> {
    text.rfind(PROVIDERS)
        .map(|place| &text[place + PROVIDERS.len()..])
}

fn compare(a: &[Part], b: &[Part]) -> Belongs {
    if let ([Part::Known(a)], [Part::Known(b)]) = (a, b) {
        return yes_or_no(a == b);
    }
    let mut unknown = None;
    for pair in a.iter().zip(b) {
        match pair {
            (Part::Known(a), Part::Known(b)) if a == b => {}
            // What is known goes apart before anything unknown could shift it.
            (Part::Known(a), Part::Known(b))
                if unknown.is_none()
                    && !a.starts_with(b.as_str())
                    && !b.starts_with(a.as_str()) =>
            {
                return Belongs::No;
            }
            (Part::Unknown(a), Part::Unknown(b)) if is_same(a, b) => {}
            (Part::Unknown(open), _) | (_, Part::Unknown(open)) => {
                unknown.get_or_insert_with(|| Rc::clone(open));
            }
            (Part::Known(_), Part::Known(_)) => {
                unknown.get_or_insert_with(|| {
                    open_part(a).or(open_part(b)).unwrap_or_else(not_comparable)
                });
            }
        }
    }
    match unknown {
        Some(unknown) => Belongs::Maybe(unknown),
        None if a.len() == b.len() => Belongs::Yes,
        None => Belongs::Maybe(open_part(a).or(open_part(b)).unwrap_or_else(not_comparable)),
    }
}

fn open_part(parts: &[Part]) -> Option<Rc<Unknown>> {
    parts.iter().find_map(|part| match part {
        Part::Unknown(unknown) => Some(Rc::clone(unknown)),
        Part::Known(_) => None,
    })
}

fn is_same(a: &Rc<Unknown>, b: &Rc<Unknown>) -> bool {
    Rc::ptr_eq(a, b) || (a.input.is_some() && a.input == b.input)
}

fn first_unknown(pieces: &[Piece]) -> Rc<Unknown> {
    let unknown = pieces.iter().find_map(|piece| match piece {
        Piece::Unknown(unknown) => Some(Rc::clone(unknown)),
        Piece::Known(_) => None,
    });
    unknown.unwrap_or_else(not_comparable)
}

fn not_comparable() -> Rc<Unknown> {
    let why = Why::Unsupported("which resource is meant".to_owned());
    Rc::new(Unknown::new(why, crate::eval::Kinds::TEXT))
}
