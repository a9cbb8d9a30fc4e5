//! Which resources of a deployment belong to another one: children, and what is scoped to it.
//!
//! Ids are compared as far as they can be formed. What is not known of them is equal only where it
//! is the same thing: the same input, or the same evaluation of the same expression.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_syntax::text::FileId;

use super::{Deployed, Doubts, Place, Site, Visit};
use crate::eval::{Evaluator, Piece, Trail, Unknown, Value, Why};

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
    /// None is deployed here; how that came about.
    NotDeployed(Trail),
    /// What stands in the way of knowing.
    Unknown(Rc<Unknown>),
}

/// Shows every copy of the resource of a site under the evaluator's assumptions.
pub fn each_copy<'p>(
    evaluator: &mut Evaluator<'p>,
    entry: FileId,
    site: &Site,
    see: &mut dyn FnMut(Met<'_, 'p>),
) {
    each_copy_at(evaluator, entry, site, &Place::everywhere(), see);
}

fn each_copy_at<'p>(
    evaluator: &mut Evaluator<'p>,
    entry: FileId,
    site: &Site,
    place: &Place,
    see: &mut dyn FnMut(Met<'_, 'p>),
) {
    place.visit(evaluator, entry, site, &mut |visit| match visit {
        Visit::Deployed(resource, doubts) => see(Met::Deployed(resource, doubts)),
        Visit::NotDeployed(trail) => see(Met::NotDeployed(trail)),
        Visit::Unknown(traced) => see(Met::Unknown(reason(&traced.value))),
    });
}

/// The copies of the resource of a site, by what they belong to.
#[derive(Default, Debug)]
pub struct Owned {
    /// `None`: there are too many to tell them apart.
    places: Option<Vec<Place>>,
    /// Of which places it is known to what resource of which name they belong.
    by_name: FxHashMap<String, Vec<usize>>,
    /// The others.
    open: Vec<usize>,
}

impl Owned {
    /// Looks at each copy once. What is known then stays so, whatever else is assumed beside the
    /// assumptions of the evaluator.
    #[must_use]
    pub fn of(evaluator: &mut Evaluator<'_>, entry: FileId, site: &Site) -> Self {
        let mut owned = Self {
            places: super::sites::places_now(evaluator, entry, site),
            ..Self::default()
        };
        for (number, place) in owned.places.iter().flatten().enumerate() {
            let mut names = Vec::new();
            each_copy_at(evaluator, entry, site, place, &mut |met| {
                names.push(match met {
                    Met::Deployed(mut resource, _) => name_of(&resource.owner()),
                    Met::NotDeployed(_) | Met::Unknown(_) => None,
                });
            });
            let only = match names.len() {
                1 => names.pop().flatten(),
                _ => None,
            };
            match only {
                Some(name) => owned.by_name.entry(name).or_default().push(number),
                None => owned.open.push(number),
            }
        }
        owned
    }
}

/// As [`each_copy`], without copies that surely belong to another resource than the one with this id.
pub fn each_copy_of<'p>(
    evaluator: &mut Evaluator<'p>,
    entry: FileId,
    site: &Site,
    owned: &Owned,
    id: &Value,
    see: &mut dyn FnMut(Met<'_, 'p>),
) {
    let (Some(places), Some(name)) = (&owned.places, name_of(id)) else {
        return each_copy(evaluator, entry, site, see);
    };
    let own = owned.by_name.get(&name).into_iter().flatten();
    let mut numbers: Vec<usize> = own.chain(&owned.open).copied().collect();
    numbers.sort_unstable();
    for place in numbers.into_iter().filter_map(|number| places.get(number)) {
        each_copy_at(evaluator, entry, site, place, see);
    }
}

/// What stands behind the last provider of an id, if all of it is known: resources that differ in it are
/// not the same.
fn name_of(id: &Value) -> Option<String> {
    let (_, mut own) = at_provider(&parts_of(id)?)?;
    match (own.pop(), own.is_empty()) {
        (Some(Part::Known(name)), true) => Some(name),
        _ => None,
    }
}

fn reason(value: &Value) -> Rc<Unknown> {
    match value {
        Value::Unknown(unknown) => Rc::clone(unknown),
        Value::Partial(pieces) => first_unknown(pieces),
        _ => not_comparable(),
    }
}

fn unknown_of(value: &Value) -> Option<Rc<Unknown>> {
    match value {
        Value::Unknown(unknown) => Some(Rc::clone(unknown)),
        _ => None,
    }
}

/// Whether the resource with the id `owner` is the one with the id `id`.
#[must_use]
pub fn belongs(owner: &Value, id: &Value) -> Belongs {
    if let (Value::Text(a), Value::Text(b)) = (owner, id) {
        return yes_or_no(a.eq_ignore_ascii_case(b));
    }
    let (Some(a), Some(b)) = (parts_of(owner), parts_of(id)) else {
        return Belongs::Maybe(unknown_of(owner).unwrap_or_else(|| reason(id)));
    };
    let (Some((scope_a, a)), Some((scope_b, b))) = (at_provider(&a), at_provider(&b)) else {
        // A resource group or a subscription is no resource of a provider.
        if is_container(&a) != is_container(&b) {
            return Belongs::No;
        }
        return compare(&a, &b);
    };
    match (compare(&a, &b), compare(&scope_a, &scope_b)) {
        (Belongs::No, _) | (_, Belongs::No) => Belongs::No,
        (Belongs::Maybe(unknown), _) | (_, Belongs::Maybe(unknown)) => Belongs::Maybe(unknown),
        (Belongs::Yes, Belongs::Yes) => Belongs::Yes,
    }
}

fn yes_or_no(yes: bool) -> Belongs {
    if yes { Belongs::Yes } else { Belongs::No }
}

/// Whether two texts are equal, letter case aside. What is no text equals none.
#[must_use]
pub fn is_same_text(a: &Value, b: &Value) -> Belongs {
    let parts = |value: &Value| match value {
        Value::Unknown(unknown) => Some(vec![Part::Unknown(Rc::clone(unknown))]),
        value => parts_of(value),
    };
    match (parts(a), parts(b)) {
        (Some(a), Some(b)) => compare(&a, &b),
        _ => Belongs::No,
    }
}

/// A piece of an id, in lower case where it is known.
#[derive(Clone)]
enum Part {
    Known(String),
    Unknown(Rc<Unknown>),
}

const PROVIDERS: &str = "/providers/";

/// The pieces of an id; `None`: nothing is known of it.
fn parts_of(id: &Value) -> Option<Vec<Part>> {
    match id {
        Value::Text(text) => Some(vec![Part::Known(text.to_lowercase())]),
        Value::Partial(pieces) => {
            let part = |piece: &Piece| match piece {
                Piece::Known(text) => Part::Known(text.to_lowercase()),
                Piece::Unknown(unknown) => Part::Unknown(Rc::clone(unknown)),
            };
            Some(pieces.iter().map(part).collect())
        }
        _ => None,
    }
}

/// The pieces before the last provider of an id, and those behind it.
fn at_provider(parts: &[Part]) -> Option<(Vec<Part>, Vec<Part>)> {
    let place = |part: &Part| match part {
        Part::Known(text) => text.rfind(PROVIDERS),
        Part::Unknown(_) => None,
    };
    let last = parts.iter().rposition(|part| place(part).is_some())?;
    let Part::Known(text) = &parts[last] else {
        return None;
    };
    let (before, behind) = text.split_at(text.rfind(PROVIDERS)?);
    let mut scope = parts[..last].to_vec();
    if !before.is_empty() {
        scope.push(Part::Known(before.to_owned()));
    }
    let mut own = vec![Part::Known(behind[PROVIDERS.len()..].to_owned())];
    own.extend_from_slice(&parts[last + 1..]);
    Some((scope, own))
}

/// Whether an id is that of a subscription or resource group, or of the tenant. Their names have no
/// slash.
fn is_container(parts: &[Part]) -> bool {
    let shape: String = parts
        .iter()
        .map(|part| match part {
            Part::Known(text) => text,
            Part::Unknown(_) => "?",
        })
        .collect();
    let segments: Vec<&str> = shape.split('/').collect();
    match segments[..] {
        [""] | ["", "subscriptions", _] => true,
        ["", "subscriptions", _, kind, _] => kind == "resourcegroups",
        _ => false,
    }
}

fn compare(a: &[Part], b: &[Part]) -> Belongs {
    // Equal pieces at the front say nothing; what is behind them decides.
    let same = a.iter().zip(b).take_while(|(a, b)| is_equal(a, b)).count();
    let (a, b) = (&a[same..], &b[same..]);
    if a.is_empty() && b.is_empty() {
        return Belongs::Yes;
    }
    let Some(unknown) = open_part(a).or_else(|| open_part(b)) else {
        return yes_or_no(whole(a) == whole(b));
    };
    if are_apart(a, b) {
        return Belongs::No;
    }
    Belongs::Maybe(unknown)
}

/// Whether two texts with unknown parts differ whatever these are.
fn are_apart(a: &[Part], b: &[Part]) -> bool {
    let starts = !can_lead(&lead(a), &lead(b));
    let back = |parts: &[Part]| {
        let reversed = parts.iter().rev().map(|part| match part {
            Part::Known(text) => Part::Known(text.chars().rev().collect()),
            Part::Unknown(unknown) => Part::Unknown(Rc::clone(unknown)),
        });
        reversed.collect::<Vec<_>>()
    };
    let ends = !can_lead(&lead(&back(a)), &lead(&back(b)));
    let is_shorter = |short: &[Part], long: &[Part]| {
        open_part(short).is_none() && whole(short).len() < whole(long).len()
    };
    starts || ends || is_shorter(a, b) || is_shorter(b, a)
}

/// The known text at the front.
fn lead(parts: &[Part]) -> String {
    let known = parts.iter().map_while(|part| match part {
        Part::Known(text) => Some(text.as_str()),
        Part::Unknown(_) => None,
    });
    known.collect()
}

/// Whether two texts may begin like this and be the same.
fn can_lead(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// The text of all that is known.
fn whole(parts: &[Part]) -> String {
    let known = parts.iter().filter_map(|part| match part {
        Part::Known(text) => Some(text.as_str()),
        Part::Unknown(_) => None,
    });
    known.collect()
}

fn is_equal(a: &Part, b: &Part) -> bool {
    match (a, b) {
        (Part::Known(a), Part::Known(b)) => a == b,
        (Part::Unknown(a), Part::Unknown(b)) => Unknown::is_same(a, b),
        _ => false,
    }
}

fn open_part(parts: &[Part]) -> Option<Rc<Unknown>> {
    parts.iter().find_map(|part| match part {
        Part::Unknown(unknown) => Some(Rc::clone(unknown)),
        Part::Known(_) => None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Kinds;

    fn unknown() -> Piece {
        let why = Why::Parameter("p".to_owned());
        Piece::Unknown(Rc::new(Unknown::new(why, Kinds::TEXT)))
    }

    fn partial(pieces: &[Piece]) -> Value {
        Value::Partial(pieces.into())
    }

    fn known(text: &str) -> Piece {
        Piece::Known(text.into())
    }

    fn cluster(group: &Piece, name: &[Piece]) -> Value {
        let mut pieces = vec![
            known("/subscriptions/"),
            unknown(),
            known("/resourceGroups/"),
        ];
        pieces[1] = SUBSCRIPTION.with(Clone::clone);
        pieces.push(group.clone());
        pieces.push(known(
            "/providers/Microsoft.ContainerService/managedClusters/",
        ));
        pieces.extend_from_slice(name);
        // As texts are built: known neighbours are one piece.
        let mut merged: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (merged.last_mut(), &piece) {
                (Some(Piece::Known(last)), Piece::Known(text)) => {
                    *last = format!("{last}{text}").into();
                }
                _ => merged.push(piece),
            }
        }
        partial(&merged)
    }

    thread_local! {
        static SUBSCRIPTION: Piece = unknown();
    }

    #[track_caller]
    fn is(owner: &Value, id: &Value, wanted: &str) {
        let belongs = match belongs(owner, id) {
            Belongs::Yes => "yes",
            Belongs::No => "no",
            Belongs::Maybe(_) => "maybe",
        };
        assert_eq!(belongs, wanted, "{owner:?}\n{id:?}");
    }

    #[test]
    fn names_that_differ_in_what_is_known_are_different() {
        let (group, suffix) = (unknown(), unknown());
        let name = |pieces: &[Piece]| cluster(&group, pieces);
        is(&name(&[known("A")]), &name(&[known("a")]), "yes");
        is(&name(&[known("a")]), &name(&[known("ab")]), "no");
        let same = |end: &str| name(&[suffix.clone(), known(end)]);
        is(&same("-a"), &same("-a"), "yes");
        is(&same("-a"), &same("-ab"), "no");
        is(&same("-a"), &name(std::slice::from_ref(&suffix)), "no");
        is(&same("-a"), &name(&[unknown(), known("-a")]), "maybe");
        is(&same("-a"), &name(&[unknown(), known("-b")]), "no");
        is(&name(&[known("a-"), unknown()]), &name(&[known("a")]), "no");
        is(&name(&[unknown()]), &name(&[known("a")]), "maybe");
    }

    #[test]
    fn the_same_name_in_another_group_is_another_resource() {
        let (one, other) = (unknown(), unknown());
        let in_group = |group: &Piece| cluster(group, &[known("a")]);
        is(&in_group(&one), &in_group(&one), "yes");
        is(&in_group(&one), &in_group(&other), "maybe");
        is(&in_group(&known("x")), &in_group(&known("y")), "no");
    }

    #[test]
    fn a_resource_group_is_no_cluster() {
        let group = [
            known("/subscriptions/"),
            unknown(),
            known("/resourceGroups/"),
            unknown(),
        ];
        is(&partial(&group), &cluster(&unknown(), &[unknown()]), "no");
        is(&Value::text(""), &cluster(&unknown(), &[unknown()]), "no");
    }
}
