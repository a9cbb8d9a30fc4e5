//! Functions that apply lambdas to elements.
//!
//! Lambdas are applied at once, element by element; what they make is stored with its own trail.
//! A stretch of unknown elements is mapped as what a single one of them would become.

use std::cmp::Ordering;
use std::rc::Rc;

use super::arguments::{closed_list, derived, lambda, unknown};
use super::arrays::list_argument;
use super::objects::KEYS_A_UNIT;
use super::objects::as_object;
use super::partial::{self, part, stretch};
use super::{Count, Function, Outcome, THREE, TWO, open};
use crate::eval::Evaluator;
use crate::eval::text::{failing, sealed};
use crate::eval::unknown::{Kinds, Unknown};
use crate::eval::value::{
    Closure, Element, Entry, List, Object, Rest, Thunk, Traced, Value, same_key,
};
use crate::eval::work::Work;

const TWO_OR_THREE: Count = (2, Some(3));

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    open("filter", TWO, Kinds::LIST, filter),
    open("groupBy", TWO_OR_THREE, Kinds::OBJECT, group_by),
    open("map", TWO, Kinds::LIST, map),
    open("mapValues", TWO, Kinds::OBJECT, map_values),
    open("reduce", THREE, Kinds::ANY, reduce),
    open("sort", TWO, Kinds::LIST, sort),
    open("toObject", TWO_OR_THREE, Kinds::OBJECT, to_object),
];

/// The elements with their number, as far as it is known.
fn numbered(list: &List) -> impl Iterator<Item = (&Element, Value)> {
    let mut stretched: Option<Rc<Unknown>> = None;
    list.elements
        .iter()
        .enumerate()
        .map(move |(number, element)| {
            if let (None, Element::Rest(rest)) = (&stretched, element) {
                stretched = Some(Rc::clone(&rest.unknown));
            }
            let number = match &stretched {
                None => Value::Int(i64::try_from(number).unwrap_or(i64::MAX)),
                Some(unknown) => Evaluator::derive(unknown, Kinds::NUMBER),
            };
            (element, number)
        })
}

fn map(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let lambda = lambda(arguments, 1)?;
    work.spend(list.elements.len())?;
    let elements = numbered(&list).map(|(element, number)| {
        let number = Thunk::ready(number);
        match element {
            Element::One(thunk) => {
                Element::One(Thunk::ready(work.call(lambda, &[thunk.clone(), number])))
            }
            Element::Rest(rest) => {
                let made = work.call(lambda, &[Thunk::ready(rest.element.clone()), number]);
                let element = unless_failed(made.value, rest);
                Element::Rest(Rest {
                    element,
                    ..rest.clone()
                })
            }
        }
    });
    Ok(partial::list(elements.collect()))
}

/// What a lambda makes of an element that may not even be there; a failure says nothing then.
fn unless_failed(value: Value, rest: &Rest) -> Value {
    match &value {
        Value::Unknown(unknown) if rest.min == 0 && failing(unknown).is_err() => {
            Evaluator::derive(&rest.unknown, Kinds::ANY)
        }
        _ => value,
    }
}

/// Elements of which it is not known whether they are kept become stretches of at most one.
fn filter(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let lambda = lambda(arguments, 1)?;
    work.spend(list.elements.len())?;
    let mut kept = Vec::new();
    for (element, number) in numbered(&list) {
        let value = match element {
            Element::One(thunk) => thunk.clone(),
            Element::Rest(rest) => Thunk::ready(rest.element.clone()),
        };
        let verdict = work.ask(lambda, &[value.clone(), Thunk::ready(number)]);
        match (verdict, element) {
            (Value::Bool(true), Element::Rest(rest)) => {
                kept.push(Element::Rest(part(rest, rest.min, rest.max)));
            }
            (Value::Bool(true), element) => kept.push(element.clone()),
            (Value::Bool(false), _) => {}
            (_, Element::Rest(rest)) => kept.push(Element::Rest(part(rest, 0, rest.max))),
            (Value::Unknown(unknown), Element::One(_)) => {
                failing(&unknown)?;
                let element = work.value(&value);
                kept.push(Element::Rest(Rest {
                    element,
                    ..stretch(&unknown, 0, Some(1))
                }));
            }
            (other, Element::One(_)) => return Err(not_a_boolean(&other)),
        }
    }
    Ok(partial::list(kept))
}

/// Oracle: lambda-0038, lambda-0039.
fn not_a_boolean(value: &Value) -> Value {
    Value::failed(format!(
        "the lambda must return a Boolean and returns {}",
        value.kind_name()
    ))
}

fn map_values(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let Some(object) = as_object(&arguments[0]) else {
        return Err(super::arguments::wrong(&arguments[0], 0, "an object"));
    };
    let lambda = lambda(arguments, 1)?;
    work.spend(object.entries.len())?;
    let entries = object.entries.iter().map(|entry| {
        let made = work.call(lambda, std::slice::from_ref(&entry.value));
        Entry {
            value: Thunk::ready(made),
            ..entry.clone()
        }
    });
    let entries = entries.collect();
    // The further keys stay, but they are members of the input no longer.
    let rest = object
        .rest
        .as_ref()
        .map(|rest| stretch(&rest.unknown, rest.min, rest.max));
    Ok(Value::Object(Rc::new(Object { entries, rest })))
}

fn reduce(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let lambda = lambda(arguments, 2)?;
    let mut made = Traced::plain(arguments[1].clone());
    for (element, number) in numbered(&list) {
        let Element::One(thunk) = element else {
            let Element::Rest(rest) = element else {
                continue;
            };
            if rest.max == Some(0) {
                continue;
            }
            return unknown(&rest.unknown, Kinds::ANY);
        };
        work.spend(1)?;
        made = work.call(
            lambda,
            &[Thunk::ready(made), thunk.clone(), Thunk::ready(number)],
        );
        if let Value::Unknown(unknown) = &made.value {
            failing(unknown)?;
        }
    }
    Ok(work.look(made))
}

/// Stable: an element goes before an earlier one only if the lambda says so of that order and not
/// of the other (lambda-0066, lambda-0077, lambda-0078).
fn sort(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let lambda = lambda(arguments, 1)?;
    let Some(elements) = list.closed() else {
        return Ok(shuffled(&list, None));
    };
    work.spend(elements.len())?;
    match merge_sort(work, lambda, elements) {
        Ok(sorted) => Ok(Value::list(sorted)),
        Err(Value::Unknown(unknown)) if failing(&unknown).is_ok() => {
            Ok(shuffled(&list, Some(&unknown)))
        }
        Err(other) => Err(other),
    }
}

/// The elements in an order that is not known.
fn shuffled(list: &List, unknown: Option<&Rc<Unknown>>) -> Value {
    let why = unknown
        .cloned()
        .or_else(|| Value::List(Rc::new(list.clone())).open().cloned());
    let Some(why) = why else {
        return Value::List(Rc::new(list.clone()));
    };
    let (min, max) = partial::bounds(&list.elements);
    match &list.elements[..] {
        // Whether an input is empty does not depend on its order.
        [Element::Rest(rest)] => partial::list(vec![Element::Rest(Rest {
            unknown: Rc::clone(&rest.unknown),
            ..part(rest, min, max)
        })]),
        _ => partial::list(vec![Element::Rest(stretch(&why, min, max))]),
    }
}

fn merge_sort(
    work: &mut Work<'_, '_>,
    lambda: &Closure,
    elements: Vec<Thunk>,
) -> Result<Vec<Thunk>, Value> {
    let mut runs: Vec<Vec<Thunk>> = elements.into_iter().map(|element| vec![element]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge_runs(work, lambda, left, right)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge_runs(
    work: &mut Work<'_, '_>,
    lambda: &Closure,
    left: Vec<Thunk>,
    right: Vec<Thunk>,
) -> Result<Vec<Thunk>, Value> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = match order_by(work, lambda, a, b)? {
            Ordering::Greater => right.next(),
            _ => left.next(),
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

fn order_by(
    work: &mut Work<'_, '_>,
    lambda: &Closure,
    a: &Thunk,
    b: &Thunk,
) -> Result<Ordering, Value> {
    work.spend(1)?;
    if boolean(work.ask(lambda, &[a.clone(), b.clone()]))? {
        return Ok(Ordering::Less);
    }
    let after = boolean(work.ask(lambda, &[b.clone(), a.clone()]))?;
    Ok(if after {
        Ordering::Greater
    } else {
        Ordering::Equal
    })
}

fn boolean(value: Value) -> Result<bool, Value> {
    match value {
        Value::Bool(value) => Ok(value),
        Value::Unknown(_) => Err(value),
        other => Err(not_a_boolean(&other)),
    }
}

/// A key made by a lambda: a text, or what keeps it from being known. Oracle: object-toObject-0010,
/// array-groupBy-0012.
fn key(
    work: &mut Work<'_, '_>,
    lambda: &Closure,
    element: &Thunk,
) -> Result<Result<Rc<str>, Rc<Unknown>>, Value> {
    match work.ask(lambda, std::slice::from_ref(element)) {
        Value::Text(text) => Ok(Ok(text)),
        other => match other.open() {
            Some(unknown) => {
                failing(unknown)?;
                Ok(Err(sealed(unknown)))
            }
            None => Err(Value::failed(format!(
                "the lambda must return a text and returns {}",
                other.kind_name()
            ))),
        },
    }
}

fn value_of(work: &mut Work<'_, '_>, arguments: &[Value], element: &Thunk) -> Result<Thunk, Value> {
    if arguments.len() < 3 {
        return Ok(element.clone());
    }
    let lambda = lambda(arguments, 2)?;
    Ok(Thunk::ready(
        work.call(lambda, std::slice::from_ref(element)),
    ))
}

/// Keys that differ in case only are refused (object-toObject-0006), so what is known of the
/// object stays true whatever the unknown keys are.
fn to_object(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let by = lambda(arguments, 1)?;
    let mut object = Object::default();
    let mut further: Option<Rest> = None;
    let mut more = |unknown: &Rc<Unknown>, min: usize, max: Option<usize>| {
        let (known_min, known_max) = further
            .as_ref()
            .map_or((0, Some(0)), |rest| (rest.min, rest.max));
        further = Some(stretch(
            unknown,
            known_min.saturating_add(min),
            partial::sum(known_max, max),
        ));
    };
    for element in &list.elements {
        work.spend(1 + object.entries.len() / KEYS_A_UNIT)?;
        match element {
            Element::Rest(rest) => more(&rest.unknown, rest.min, rest.max),
            Element::One(thunk) => match key(work, by, thunk)? {
                Err(unknown) => more(&unknown, 1, Some(1)),
                Ok(key) => {
                    if object
                        .entries
                        .iter()
                        .any(|entry| same_key(&entry.key, &key))
                    {
                        return Err(Value::failed(format!("two elements have the key `{key}`")));
                    }
                    let value = value_of(work, arguments, thunk)?;
                    object.entries.push(Entry {
                        key,
                        value,
                        at: None,
                    });
                }
            },
        }
    }
    object.rest = further;
    Ok(Value::Object(Rc::new(object)))
}

/// Keys that differ in case only are one group, under the first spelling (array-groupBy-0002).
fn group_by(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if let Some(open) = list_argument(arguments, 0)?
        .elements
        .iter()
        .find_map(|element| match element {
            Element::Rest(rest) => Some(&rest.unknown),
            Element::One(_) => None,
        })
    {
        return unknown(open, Kinds::OBJECT);
    }
    let by = lambda(arguments, 1)?;
    let mut groups: Vec<(Rc<str>, Vec<Thunk>)> = Vec::new();
    for element in closed_list(arguments, 0)? {
        work.spend(1 + groups.len() / KEYS_A_UNIT)?;
        let key = match key(work, by, &element)? {
            Ok(key) => key,
            Err(unknown) => return Ok(derived(&unknown, Kinds::OBJECT)),
        };
        let value = value_of(work, arguments, &element)?;
        match groups.iter_mut().find(|(known, _)| same_key(known, &key)) {
            Some((_, group)) => group.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    let entries = groups
        .into_iter()
        .map(|(key, group)| (key, Thunk::ready(Value::list(group))));
    Ok(Value::object(entries))
}
