//! Functions of objects, and the object side of `union`, `intersection` and `contains`.
//!
//! Keys are matched without case. An object may have further keys that are not known: then what
//! they might overwrite is not known either, but the keys that were written stay.

use std::rc::Rc;

use super::arguments::{self, both, derived, wrong};
use super::arrays::list_argument;
use super::partial::{self, stretch, sum, whole};
use super::{Function, ONE, Outcome, open};
use crate::eval::compare;
use crate::eval::culture::key_order;
use crate::eval::text::{failing, json_text, sealed};
use crate::eval::unknown::{Kinds, Unknown, Why};
use crate::eval::value::{Element, Entry, Object, Rest, Thunk, Value, same_key};
use crate::eval::work::Work;

/// So many keys are compared with another for one unit of the budget.
pub(super) const KEYS_A_UNIT: usize = 256;

/// Objects nested deeper than this are not merged.
const MAX_DEPTH: usize = 200;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    open("items", ONE, Kinds::LIST, items),
    open("objectKeys", ONE, Kinds::LIST, object_keys),
    open("shallowMerge", ONE, Kinds::OBJECT, shallow_merge),
];

/// A value as an object: one that is not known has nothing but further keys.
pub(super) fn as_object(value: &Value) -> Option<Rc<Object>> {
    match value {
        Value::Object(object) => Some(Rc::clone(object)),
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::OBJECT) => {
            Some(Rc::new(unknown_object(unknown)))
        }
        _ => None,
    }
}

fn unknown_object(unknown: &Rc<Unknown>) -> Object {
    Object {
        entries: Vec::new(),
        rest: Some(whole(unknown)),
    }
}

fn object_argument(arguments: &[Value], index: usize) -> Result<Rc<Object>, Value> {
    as_object(&arguments[index]).ok_or_else(|| wrong(&arguments[index], index, "an object"))
}

/// The place of a key: the same spelling first, then one that differs in case only
/// (object-casekeys-0007).
fn place_of(entries: &[Entry], key: &str) -> Option<usize> {
    let exact = entries.iter().position(|entry| &*entry.key == key);
    exact.or_else(|| entries.iter().position(|entry| same_key(&entry.key, key)))
}

/// Oracle: array-basic-0107, array-basic-0115, array-basic-0117.
pub(super) fn contains_key(object: &Object, key: &Value) -> Outcome {
    match key {
        Value::Text(key) if place_of(&object.entries, key).is_some() => Ok(Value::Bool(true)),
        Value::Text(_) => match &object.rest {
            Some(rest) => arguments::unknown(&rest.unknown, Kinds::BOOL),
            None => Ok(Value::Bool(false)),
        },
        _ if !key.kinds().may_be(Kinds::TEXT) => Err(wrong(key, 1, "a text")),
        _ if object.entries.is_empty() && object.rest.is_none() => Ok(Value::Bool(false)),
        _ => match key.open() {
            Some(unknown) => arguments::unknown(unknown, Kinds::BOOL),
            None => Err(wrong(key, 1, "a text")),
        },
    }
}

/// Keys with their values, sorted by key without case; equal keys stay in order
/// (object-items-0009, object-casekeys-0020).
fn items(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    by_key(work, arguments, |entry, key| {
        let pair = [
            (Rc::from("key"), Thunk::ready(key)),
            (Rc::from("value"), entry.value.clone()),
        ];
        Thunk::ready(Value::object(pair))
    })
}

/// The keys, sorted like `items` (object-items-0028).
fn object_keys(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    by_key(work, arguments, |_, key| Thunk::ready(key))
}

/// A key of an object as a text. Beside further keys that are not known its letter case is not sure,
/// as one of them may be the same key in another spelling (practice-0031).
fn key_text(object: &Object, key: &Rc<str>) -> Value {
    match object.rest.as_ref().filter(|rest| rest.max != Some(0)) {
        Some(rest) if key.chars().any(char::is_alphabetic) => derived(&rest.unknown, Kinds::TEXT),
        _ => Value::Text(Rc::clone(key)),
    }
}

/// Something for every key in the order of keys. Keys that are not known may stand before,
/// between and after the known ones.
fn by_key(
    work: &mut Work<'_, '_>,
    arguments: &[Value],
    make: impl Fn(&Entry, Value) -> Thunk,
) -> Outcome {
    let object = object_argument(arguments, 0)?;
    work.spend(object.entries.len())?;
    let mut entries: Vec<&Entry> = object.entries.iter().collect();
    entries.sort_by(|a, b| key_order(&a.key, &b.key));
    let mut elements: Vec<Element> = Vec::new();
    let gap = |min| {
        object.rest.as_ref().map(|rest| {
            // As empty as the object, when there is nothing else.
            let unknown = if entries.is_empty() {
                Rc::clone(&rest.unknown)
            } else {
                sealed(&rest.unknown)
            };
            Element::Rest(Rest {
                unknown,
                ..stretch(&rest.unknown, min, rest.max)
            })
        })
    };
    for entry in &entries {
        elements.extend(gap(0));
        elements.push(Element::One(make(entry, key_text(&object, &entry.key))));
    }
    let min = object.rest.as_ref().map_or(0, |rest| rest.min);
    elements.extend(gap(if entries.is_empty() { min } else { 0 }));
    Ok(partial::list(elements))
}

/// What spread does: later values win whole, null too; the first spelling of a key stays
/// (object-shallowMerge-0018, spread-0032).
fn shallow_merge(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let mut merged = Object::default();
    for element in &list.elements {
        match element {
            Element::Rest(rest) => overlay(&mut merged, &unknown_object(&sealed(&rest.unknown))),
            Element::One(thunk) => {
                let value = work.value(thunk);
                let Some(object) = as_object(&value) else {
                    return Err(not_an_object(&value));
                };
                work.spend(merge_cost(&merged, &object))?;
                overlay(&mut merged, &object);
            }
        }
    }
    Ok(Value::Object(Rc::new(merged)))
}

fn not_an_object(value: &Value) -> Value {
    match value.open() {
        Some(unknown) => derived(unknown, Kinds::ANY),
        None => Value::failed(format!(
            "only objects can be merged, and here is {}",
            value.kind_name()
        )),
    }
}

/// What merging costs: every key of one is looked for among those of the other.
fn merge_cost(a: &Object, b: &Object) -> usize {
    let (a, b) = (a.entries.len(), b.entries.len());
    a.saturating_add(b)
        .saturating_add(a.saturating_mul(b) / KEYS_A_UNIT)
}

/// Writes the entries of `later` over those of `merged`.
fn overlay(merged: &mut Object, later: &Object) {
    forget_overwritten(merged, later);
    let rest = joined_rest(merged, later);
    for entry in &later.entries {
        match place_of(&merged.entries, &entry.key) {
            Some(place) => {
                let key = Rc::clone(&merged.entries[place].key);
                merged.entries[place] = Entry {
                    key,
                    ..entry.clone()
                };
            }
            None => merged.entries.push(entry.clone()),
        }
    }
    merged.rest = rest;
}

/// Makes unknown what the further keys of a later object may overwrite.
fn forget_overwritten(merged: &mut Object, later: &Object) {
    let Some(rest) = &later.rest else { return };
    if rest.max == Some(0) {
        return;
    }
    for entry in &mut merged.entries {
        if place_of(&later.entries, &entry.key).is_none() {
            entry.value = Thunk::ready(derived(&rest.unknown, Kinds::ANY));
            // What stood there is no longer the value.
            entry.at = None;
        }
    }
}

/// The further keys of two objects together. They may be among the known keys of the other.
fn joined_rest(a: &Object, b: &Object) -> Option<Rest> {
    let least = |rest: &Rest, other: &Object| rest.min.saturating_sub(other.entries.len());
    match (&a.rest, &b.rest) {
        (None, None) => None,
        (Some(rest), None) => Some(Rest {
            min: least(rest, b),
            ..rest.clone()
        }),
        (None, Some(rest)) => Some(Rest {
            min: least(rest, a),
            ..rest.clone()
        }),
        (Some(first), Some(second)) => {
            let min = least(first, b).max(least(second, a));
            let unknown = if first.unknown.question.is_some() {
                first
            } else {
                second
            };
            Some(stretch(&unknown.unknown, min, sum(first.max, second.max)))
        }
    }
}

/// Objects merged deeply: null never overwrites, lists are replaced, an object does not mix with
/// anything else, and neither does a list (object-union-0011, object-union-0020,
/// object-union-0021, variable-0016).
pub(super) fn union(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let mut merged = (*object_argument(arguments, 0)?).clone();
    for index in 1..arguments.len() {
        let later = object_argument(arguments, index)?;
        merged = merge(work, &merged, &later, 0)?;
    }
    Ok(Value::Object(Rc::new(merged)))
}

/// What becomes of a member that two objects have.
enum Member {
    /// It stays.
    Old,
    /// It is replaced.
    New,
    /// It is made of both.
    Made(Value),
}

/// The key keeps its place and takes the later spelling (object-union-0005).
fn merge(work: &mut Work<'_, '_>, a: &Object, b: &Object, depth: usize) -> Result<Object, Value> {
    if depth > MAX_DEPTH {
        return Err(Value::unknown(Why::Budget("nested values"), Kinds::ANY));
    }
    work.spend(merge_cost(a, b))?;
    let mut merged = a.clone();
    forget_overwritten(&mut merged, b);
    merged.rest = joined_rest(a, b);
    for entry in &b.entries {
        let place = place_of(&merged.entries, &entry.key);
        let old = match (place, &a.rest) {
            (Some(place), _) => work.value(&merged.entries[place].value.clone()),
            // One of the further keys may be this one.
            (None, Some(rest)) if rest.max != Some(0) => derived(&rest.unknown, Kinds::ANY),
            (None, _) => {
                merged.entries.push(entry.clone());
                continue;
            }
        };
        let new = work.value(&entry.value);
        let respelled = place.is_some_and(|place| merged.entries[place].key != entry.key);
        if let Value::Unknown(unknown) = &new
            && respelled
            && unknown.kinds.may_be(Kinds::NULL)
        {
            // Null would leave the earlier spelling of the key (practice-0028, object-union-0011).
            return Err(derived(unknown, Kinds::OBJECT));
        }
        let entry = match merge_members(work, &old, &new, depth)? {
            Member::New => entry.clone(),
            Member::Made(value) => {
                let at = entry.at.filter(|_| !matches!(value, Value::Unknown(_)));
                let value = Thunk::ready(value);
                Entry {
                    value,
                    at,
                    ..entry.clone()
                }
            }
            Member::Old if place.is_some() => continue,
            Member::Old => Entry {
                value: Thunk::ready(old),
                ..entry.clone()
            },
        };
        match place {
            Some(place) => merged.entries[place] = entry,
            None => merged.entries.push(entry),
        }
    }
    Ok(merged)
}

fn merge_members(
    work: &mut Work<'_, '_>,
    old: &Value,
    new: &Value,
    depth: usize,
) -> Result<Member, Value> {
    for value in [old, new] {
        if let Value::Unknown(unknown) = value {
            failing(unknown)?;
        }
    }
    let clash = || {
        let (old, new) = (old.kind_name(), new.kind_name());
        Value::failed(format!("`union` meets {old} and {new} under one key"))
    };
    let old_is_object = old.kinds() == Kinds::OBJECT;
    // What is neither an object nor a list can only follow something of the same sort.
    let container = Kinds::OBJECT.or(Kinds::LIST);
    let may_follow = |new: Kinds| {
        let same = old.kinds().may_be(new) && new.may_be(container);
        let plain = old.kinds().may_be(Kinds::ANY.without(container)) && new.may_be(PLAIN);
        same || plain || old.kinds().may_be(Kinds::NULL)
    };
    match new {
        Value::Null => Ok(Member::Old),
        Value::Object(_) if matches!(old, Value::Null) => Ok(Member::New),
        Value::Object(new) => match as_object(old) {
            Some(old) => made(merge(work, &old, new, depth + 1)?),
            None if old.kinds().may_be(Kinds::NULL) => Ok(Member::New),
            None => Err(clash()),
        },
        Value::Unknown(unknown) if old_is_object => match as_object(new) {
            Some(new) => match as_object(old) {
                Some(old) => made(merge(work, &old, &new, depth + 1)?),
                None => Ok(Member::Made(derived(unknown, Kinds::OBJECT))),
            },
            // It can only be null.
            None if unknown.kinds.may_be(Kinds::NULL) => Ok(Member::Old),
            None => Err(clash()),
        },
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::NULL.or(Kinds::OBJECT)) => {
            let kinds = unknown.kinds.without(Kinds::NULL).or(old.kinds());
            Ok(Member::Made(derived(unknown, kinds)))
        }
        _ if may_follow(new.kinds()) => Ok(Member::New),
        _ => Err(clash()),
    }
}

/// Kinds that are no containers.
const PLAIN: Kinds = Kinds::TEXT.or(Kinds::NUMBER).or(Kinds::BOOL);

fn made(object: Object) -> Result<Member, Value> {
    Ok(Member::Made(Value::Object(Rc::new(object))))
}

/// Members that all objects have under the very same key, equal as a whole
/// (object-intersection-0006, object-intersection-0011).
pub(super) fn intersection(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let mut objects = Vec::new();
    for index in 0..arguments.len() {
        objects.push(object_argument(arguments, index)?);
    }
    let is_empty = |object: &Rc<Object>| object.entries.is_empty() && object.rest.is_none();
    if objects.iter().any(is_empty) {
        return Ok(Value::object([]));
    }
    if let Some(rest) = objects.iter().find_map(|object| object.rest.as_ref()) {
        return arguments::unknown(&rest.unknown, Kinds::OBJECT);
    }
    let mut common = Object::default();
    for entry in &objects[0].entries {
        match in_all(work, entry, &objects[1..])? {
            Ok(true) => common.entries.push(entry.clone()),
            Ok(false) => {}
            Err(unknown) => {
                let max = common.rest.as_ref().and_then(|rest| rest.max).unwrap_or(0);
                common.rest = Some(stretch(&unknown, 0, Some(max + 1)));
            }
        }
    }
    Ok(Value::Object(Rc::new(common)))
}

/// Whether all objects have the entry, or what keeps that from being known.
fn in_all(
    work: &mut Work<'_, '_>,
    entry: &Entry,
    objects: &[Rc<Object>],
) -> Result<Result<bool, Rc<Unknown>>, Value> {
    let mut doubt = None;
    let value = work.value(&entry.value);
    for object in objects {
        let Some(other) = object.entries.iter().find(|other| other.key == entry.key) else {
            return Ok(Ok(false));
        };
        let other = work.value(&other.value);
        match compare::equal(work, &value, &other) {
            Ok(false) => return Ok(Ok(false)),
            Ok(true) => same_text(work, &value, &other)?,
            Err(unknown) => {
                failing(&unknown)?;
                doubt = doubt.or(Some(unknown));
            }
        }
    }
    Ok(doubt.map_or(Ok(true), Err))
}

/// Whether members count as equal when only the order of keys inside differs is not sure.
fn same_text(work: &mut Work<'_, '_>, a: &Value, b: &Value) -> Result<(), Value> {
    if !both(a.kinds(), Kinds::LIST.or(Kinds::OBJECT)).may_be(Kinds::ANY) {
        return Ok(());
    }
    match (json_text(work, a)?, json_text(work, b)?) {
        (Ok(a), Ok(b)) if a != b => Err(Value::unsupported(
            "the intersection of objects that differ in the order of keys",
        )),
        _ => Ok(()),
    }
}
