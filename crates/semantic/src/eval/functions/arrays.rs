//! Functions of lists, and the list side of those that take lists, objects and texts alike.
//!
//! Elements are forced only where their value matters; stretches of unknown elements stay
//! stretches wherever their number still says something.

use std::cmp::Ordering;
use std::rc::Rc;

use super::arguments::{self, both, closed_list, derived, int32, wrong};
use super::distinct::Distinct;
use super::partial::{self, emptiness, part, stretch, unless_empty, whole};
use super::{AT_LEAST_ONE, Function, ONE, Outcome, TWO, objects, open, strict, strings};
use crate::eval::Evaluator;
use crate::eval::compare::{self, key_count};
use crate::eval::expression::is_runtime;
use crate::eval::operators;
use crate::eval::text::{TextBuilder, push_interpolated, utf16_len};
use crate::eval::unknown::{Kinds, Question, Unknown};
use crate::eval::value::{Element, List, Piece, Value};
use crate::eval::work::Work;
use crate::template::BinaryOperator;

const LIST_OR_TEXT: Kinds = Kinds::LIST.or(Kinds::TEXT);
const LIST_OR_OBJECT: Kinds = Kinds::LIST.or(Kinds::OBJECT);

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("array", ONE, Kinds::LIST, array),
    open("concat", AT_LEAST_ONE, LIST_OR_TEXT, concat),
    open("contains", TWO, Kinds::BOOL, contains),
    open("distinct", ONE, Kinds::LIST, distinct),
    open("empty", ONE, Kinds::BOOL, empty),
    open("first", ONE, Kinds::ANY, first),
    open("flatten", ONE, Kinds::LIST, flatten),
    open("indexOf", TWO, Kinds::NUMBER, index_of),
    open("intersection", (2, None), LIST_OR_OBJECT, intersection),
    open("join", TWO, Kinds::TEXT, join),
    open("last", ONE, Kinds::ANY, last),
    open("lastIndexOf", TWO, Kinds::NUMBER, last_index_of),
    open("length", ONE, Kinds::NUMBER, length),
    strict("max", AT_LEAST_ONE, Kinds::NUMBER, max),
    strict("min", AT_LEAST_ONE, Kinds::NUMBER, min),
    strict("range", TWO, Kinds::LIST, range),
    open("skip", TWO, LIST_OR_TEXT, skip),
    open("take", TWO, LIST_OR_TEXT, take),
    open("union", (2, None), LIST_OR_OBJECT, union),
];

/// What a function that takes several kinds of values is given: the values themselves decide,
/// else what the unknown ones can be.
pub(super) fn kinds_of(values: &[Value], allowed: Kinds) -> Kinds {
    values
        .iter()
        .fold(allowed, |kinds, value| both(kinds, value.kinds()))
}

/// A value as a list: one that is not known is a single stretch.
fn as_list(value: &Value) -> Option<Rc<List>> {
    match value {
        Value::List(list) => Some(Rc::clone(list)),
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::LIST) => Some(Rc::new(List {
            elements: vec![Element::Rest(whole(unknown))],
        })),
        _ => None,
    }
}

/// The list of an argument, in part unknown.
pub(super) fn list_argument(values: &[Value], index: usize) -> Result<Rc<List>, Value> {
    as_list(&values[index]).ok_or_else(|| wrong(&values[index], index, "a list"))
}

/// Oracle: array-basic-0048, array-basic-0050.
fn array(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Ok(match &arguments[0] {
        Value::List(_) => arguments[0].clone(),
        other => Value::list_of([other.clone()]),
    })
}

/// The least and greatest length of a value that has a length: elements, keys, or UTF-16 units.
fn length_bounds(value: &Value) -> Option<(usize, Option<usize>)> {
    match value {
        Value::List(list) => Some((list.min_len(), list.max_len())),
        Value::Object(object) => Some(key_count(object)),
        Value::Text(text) => Some((utf16_len(text), Some(utf16_len(text)))),
        Value::Partial(pieces) => {
            let known = pieces.iter().map(|piece| match piece {
                Piece::Known(text) => utf16_len(text),
                Piece::Unknown(_) => 0,
            });
            Some((known.sum(), None))
        }
        Value::Unknown(unknown) => unknown
            .kinds
            .may_be(LIST_OR_TEXT.or(Kinds::OBJECT))
            .then_some((0, None)),
        _ => None,
    }
}

/// What `length(value) operator number` is, where what is known of the length decides it: a list
/// with an element is longer than 0, whatever else is in it.
pub(crate) fn compare_length(
    evaluator: &mut Evaluator<'_>,
    operator: BinaryOperator,
    value: &Value,
    number: i64,
) -> Option<bool> {
    let (mut least, most) = length_bounds(value)?;
    let empty = emptiness(value).and_then(|question| match question {
        Question::Empty(_) => evaluator.answer(&question),
        _ => None,
    });
    if empty == Some(false) {
        least = least.max(1);
    }
    operators::compare_bounds(operator, (least, most), number)
}

/// Oracle: string-measure-0006, array-basic-0004, object-casekeys-0034.
fn length(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let value = &arguments[0];
    let Some((min, max)) = length_bounds(value) else {
        return Err(wrong(value, 0, "a list, an object or a text"));
    };
    if max == Some(min) {
        return Ok(Value::Int(i64::try_from(min).unwrap_or(i64::MAX)));
    }
    // Where it is settled that there is something, asking again would not help.
    let asks = emptiness(value).is_some_and(|question| work.answer(&question).is_none());
    match value.open() {
        Some(_) if asks && min == 0 => Ok(unless_empty(value, Kinds::NUMBER)),
        Some(unknown) => arguments::unknown(unknown, Kinds::NUMBER),
        None => Ok(Value::unsupported("this length")),
    }
}

/// Null is empty too: oracle array-basic-0032, and `empty(null)`.
fn empty(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let value = &arguments[0];
    if matches!(value, Value::Null) {
        return Ok(Value::Bool(true));
    }
    let takes = LIST_OR_TEXT.or(Kinds::OBJECT).or(Kinds::NULL);
    if !value.kinds().may_be(takes) {
        return Err(wrong(value, 0, "a list, an object or a text"));
    }
    match length_bounds(value) {
        Some((1.., _)) => return Ok(Value::Bool(false)),
        Some((0, Some(0))) => return Ok(Value::Bool(true)),
        _ => {}
    }
    match emptiness(value).map(|question| (work.answer(&question), question)) {
        // What is not null may still be empty.
        Some((Some(answer), Question::Empty(_))) => Ok(Value::Bool(answer)),
        Some((Some(true), _)) => Ok(Value::Bool(true)),
        _ => Ok(unless_empty(value, Kinds::BOOL)),
    }
}

/// Lists: equal by value; objects: keys without case; texts: by code points.
///
/// Oracle: array-basic-0101, array-basic-0107, array-basic-0115, string-search-0123.
fn contains(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let (holder, item) = (&arguments[0], &arguments[1]);
    match holder {
        Value::List(list) => list_contains(work, list, item),
        Value::Object(object) => objects::contains_key(object, item),
        Value::Text(_) | Value::Partial(_) => strings::contains(holder, item),
        Value::Unknown(unknown) if unknown.kinds.may_be(LIST_OR_TEXT.or(Kinds::OBJECT)) => {
            arguments::unknown(unknown, Kinds::BOOL)
        }
        _ => Err(wrong(holder, 0, "a list, an object or a text")),
    }
}

fn list_contains(work: &mut Work<'_, '_>, list: &List, item: &Value) -> Outcome {
    let mut unsure: Option<Rc<Unknown>> = None;
    let mut doubt = |unknown: &Rc<Unknown>| {
        let asks = |unknown: &Rc<Unknown>| unknown.question.is_some();
        if !unsure.as_ref().is_some_and(asks) && (unsure.is_none() || asks(unknown)) {
            unsure = Some(Rc::clone(unknown));
        }
    };
    for element in &list.elements {
        let (value, surely_there) = match element {
            Element::One(thunk) => (work.value(thunk), true),
            Element::Rest(rest) => (rest.element.clone(), rest.min > 0),
        };
        match compare::equal(work, &value, item) {
            Ok(true) if surely_there => return Ok(Value::Bool(true)),
            Ok(false) => {}
            Err(unknown) if crate::eval::text::failing(&unknown).is_err() => {
                return Err(Value::Unknown(unknown));
            }
            Ok(true) | Err(_) if matches!(element, Element::Rest(_)) => {
                let Element::Rest(rest) = element else {
                    continue;
                };
                doubt(&rest.unknown);
            }
            Ok(true) => {}
            Err(unknown) => doubt(&unknown),
        }
    }
    match unsure {
        Some(unknown) => Ok(Evaluator::derive(&unknown, Kinds::BOOL)),
        None => Ok(Value::Bool(false)),
    }
}

/// Null for an empty list, the empty text for an empty text (array-basic-0008,
/// string-measure-0035).
fn first(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    end(work, &arguments[0], Side::Start)
}

fn last(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    end(work, &arguments[0], Side::End)
}

/// A side of a list or text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The first elements.
    Start,
    /// The last elements.
    End,
}

fn end(work: &mut Work<'_, '_>, value: &Value, side: Side) -> Outcome {
    match value {
        Value::List(list) => list_end(work, value, list, side),
        Value::Text(_) | Value::Partial(_) => strings::end(value, side),
        Value::Unknown(unknown) if unknown.kinds == Kinds::TEXT => {
            arguments::unknown(unknown, Kinds::TEXT)
        }
        Value::Unknown(unknown) if unknown.kinds.may_be(LIST_OR_TEXT) => {
            arguments::unknown(unknown, Kinds::ANY)
        }
        _ => Err(wrong(value, 0, "a list or a text")),
    }
}

fn list_end(work: &mut Work<'_, '_>, value: &Value, list: &List, side: Side) -> Outcome {
    let at_end = match side {
        Side::Start => list.elements.first(),
        Side::End => list.elements.last(),
    };
    match at_end {
        None => Ok(Value::Null),
        Some(Element::One(thunk)) => Ok(work.value(thunk)),
        Some(Element::Rest(rest)) if rest.min > 0 => Ok(rest.element.clone()),
        Some(Element::Rest(_)) if list.max_len() == Some(0) => Ok(Value::Null),
        Some(Element::Rest(_)) => Ok(unless_empty(value, Kinds::ANY)),
    }
}

/// Lists one after the other, or texts. Numbers and Booleans go with texts (string-concat-0007,
/// string-concat-0014); nothing else mixes.
fn concat(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let scalar = Kinds::TEXT.or(Kinds::NUMBER).or(Kinds::BOOL);
    let as_text = arguments.iter().all(|value| value.kinds().may_be(scalar));
    let as_list = arguments
        .iter()
        .all(|value| value.kinds().may_be(Kinds::LIST));
    match (as_text, as_list) {
        (true, false) => concat_texts(work, arguments),
        (false, true) => concat_lists(work, arguments),
        (true, true) => derived_any(arguments, LIST_OR_TEXT),
        // The engine looks at no kinds while an argument is open (`arm` x728, x875).
        (false, false) if arguments.iter().any(is_runtime) => derived_any(arguments, LIST_OR_TEXT),
        (false, false) => Err(Value::failed(
            "only lists or only texts can be put together",
        )),
    }
}

/// The result when not even the kinds of the arguments are known.
fn derived_any(arguments: &[Value], kinds: Kinds) -> Outcome {
    match super::most_telling(arguments) {
        Some(unknown) => arguments::unknown(unknown, kinds),
        None => Ok(Value::unsupported("these arguments")),
    }
}

fn concat_texts(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let mut text = TextBuilder::default();
    for argument in arguments {
        if matches!(argument, Value::Float(_)) {
            return Err(Value::failed(
                "a number with a fraction cannot be put into a text",
            ));
        }
        push_interpolated(work, &mut text, argument)?;
    }
    Ok(text.finish())
}

fn concat_lists(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let mut elements = Vec::new();
    for index in 0..arguments.len() {
        let list = list_argument(arguments, index)?;
        work.spend(list.elements.len())?;
        elements.extend(list.elements.iter().cloned());
    }
    Ok(partial::list(elements))
}

/// Opens one level (array-basic-0087).
fn flatten(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let outer = list_argument(arguments, 0)?;
    let mut elements = Vec::new();
    for element in &outer.elements {
        match element {
            Element::Rest(rest) => elements.push(Element::Rest(stretch(&rest.unknown, 0, None))),
            Element::One(thunk) => {
                let inner = work.value(thunk);
                let Some(inner) = as_list(&inner) else {
                    return Err(match inner.open() {
                        Some(unknown) => derived(unknown, Kinds::ANY),
                        None => Value::failed(format!(
                            "only lists can be flattened, and here is {}",
                            inner.kind_name()
                        )),
                    });
                };
                work.spend(inner.elements.len())?;
                elements.extend(inner.elements.iter().cloned());
            }
        }
    }
    Ok(partial::list(elements))
}

/// Oracle: array-basic-0125, array-basic-0128, string-search-0062.
fn index_of(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::List(list) => list_index_of(work, list, &arguments[1], Side::Start),
        Value::Unknown(_) => derived_any(arguments, Kinds::NUMBER),
        _ => strings::index_of(arguments, Side::Start),
    }
}

fn last_index_of(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::List(list) => list_index_of(work, list, &arguments[1], Side::End),
        Value::Unknown(_) => derived_any(arguments, Kinds::NUMBER),
        _ => strings::index_of(arguments, Side::End),
    }
}

fn list_index_of(work: &mut Work<'_, '_>, list: &List, item: &Value, side: Side) -> Outcome {
    if let Some(Element::Rest(rest)) = list.elements.iter().find(|e| matches!(e, Element::Rest(_)))
        && side == Side::End
    {
        return arguments::unknown(&rest.unknown, Kinds::NUMBER);
    }
    let count = list.elements.len();
    for step in 0..count {
        let index = if side == Side::Start {
            step
        } else {
            count - 1 - step
        };
        let value = match &list.elements[index] {
            Element::One(thunk) => work.value(thunk),
            Element::Rest(rest) => return arguments::unknown(&rest.unknown, Kinds::NUMBER),
        };
        match compare::equal(work, &value, item) {
            Ok(true) => return Ok(Value::Int(i64::try_from(index).unwrap_or(i64::MAX))),
            Ok(false) => {}
            Err(unknown) => return arguments::unknown(&unknown, Kinds::NUMBER),
        }
    }
    Ok(Value::Int(-1))
}

/// At most 10000 numbers, the last of them within 32 bits (array-basic-0138, array-basic-0141,
/// array-basic-0144).
fn range(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    const MOST: i32 = 10_000;
    let start = int32(arguments, 0)?;
    let count = int32(arguments, 1)?;
    let end = i64::from(start) + i64::from(count);
    if !(0..=MOST).contains(&count) || end - 1 > i64::from(i32::MAX) {
        return Err(Value::failed("the range has too many or too large numbers"));
    }
    work.spend(count.unsigned_abs() as usize)?;
    Ok(Value::list_of((i64::from(start)..end).map(Value::Int)))
}

fn min(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    extreme(work, arguments, Ordering::Less)
}

fn max(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    extreme(work, arguments, Ordering::Greater)
}

/// Of numbers given one by one or in one list; fractions too (array-basic-0169, array-basic-0170).
fn extreme(work: &mut Work<'_, '_>, arguments: &[Value], wanted: Ordering) -> Outcome {
    let numbers = match arguments {
        [Value::List(_)] => closed_list(arguments, 0)?
            .iter()
            .map(|one| work.value(one))
            .collect(),
        _ => arguments.to_vec(),
    };
    if let Some(unknown) = super::most_telling(&numbers) {
        return arguments::unknown(unknown, Kinds::NUMBER);
    }
    let mut numbers = numbers.into_iter();
    let first = numbers
        .next()
        .ok_or_else(|| Value::failed("no number is given"))?;
    compare::order_numbers(&first, &first)?;
    let mut best = first;
    for number in numbers {
        let order = compare::order_numbers(&number, &best)?;
        let other_kind = matches!(number, Value::Float(_)) != matches!(best, Value::Float(_));
        if order == Ordering::Equal && other_kind {
            return Ok(Value::unsupported("the extreme of 1 and 1.0"));
        }
        if order == wanted {
            best = number;
        }
    }
    Ok(best)
}

/// Negative is none, too many is all (array-basic-0037, array-basic-0038).
fn take(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    cut(work, arguments, take_elements, strings::take)
}

/// Negative is none, too many is all (array-basic-0044, array-basic-0045).
fn skip(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    cut(work, arguments, skip_elements, strings::skip)
}

fn cut(
    work: &mut Work<'_, '_>,
    arguments: &[Value],
    of_list: fn(&[Element], usize) -> Vec<Element>,
    of_text: fn(&Value, usize) -> Outcome,
) -> Outcome {
    let kinds = both(arguments[0].kinds(), LIST_OR_TEXT);
    if kinds == Kinds::NONE {
        return Err(wrong(&arguments[0], 0, "a list or a text"));
    }
    let count = match int32(arguments, 1) {
        Ok(count) => usize::try_from(count).unwrap_or(0),
        Err(Value::Unknown(unknown)) => return arguments::unknown(&unknown, kinds),
        Err(other) => return Err(other),
    };
    match &arguments[0] {
        Value::List(list) => {
            work.spend(list.elements.len())?;
            Ok(partial::list(of_list(&list.elements, count)))
        }
        Value::Unknown(unknown) => arguments::unknown(unknown, kinds),
        text => of_text(text, count),
    }
}

fn take_elements(elements: &[Element], count: usize) -> Vec<Element> {
    let known = elements
        .iter()
        .take_while(|element| matches!(element, Element::One(_)))
        .count();
    if count <= known {
        return elements[..count].to_vec();
    }
    let mut taken = elements[..known].to_vec();
    let left = count - known;
    let tail = &elements[known..];
    let (min, max) = partial::bounds(tail);
    match tail {
        [Element::Rest(rest)] => {
            let max = max.map_or(left, |max| max.min(left));
            taken.push(Element::Rest(part(rest, min.min(left), Some(max))));
        }
        [Element::Rest(rest), ..] => {
            let max = max.map_or(left, |max| max.min(left));
            taken.push(Element::Rest(stretch(
                &rest.unknown,
                min.min(left),
                Some(max),
            )));
        }
        _ => {}
    }
    taken
}

fn skip_elements(elements: &[Element], count: usize) -> Vec<Element> {
    let known = elements
        .iter()
        .take_while(|element| matches!(element, Element::One(_)))
        .count();
    if count <= known {
        return elements[count..].to_vec();
    }
    let left = count - known;
    let tail = &elements[known..];
    let (min, max) = partial::bounds(tail);
    let fewer = |max: Option<usize>| max.map(|max| max.saturating_sub(left));
    match tail {
        [] => Vec::new(),
        [Element::Rest(rest), after @ ..] if after.is_empty() || rest.min >= left => {
            let rest = part(rest, rest.min.saturating_sub(left), fewer(rest.max));
            std::iter::once(Element::Rest(rest))
                .chain(after.iter().cloned())
                .collect()
        }
        [Element::Rest(rest), ..] => {
            vec![Element::Rest(stretch(
                &rest.unknown,
                min.saturating_sub(left),
                fewer(max),
            ))]
        }
        [Element::One(_), ..] => unreachable!("the tail begins with a stretch"),
    }
}

/// Numbers, Booleans and texts in a row (string-join-0007); null and the rest fail.
fn join(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let delimiter = &arguments[1];
    if !delimiter.kinds().may_be(Kinds::TEXT) {
        return Err(wrong(delimiter, 1, "a text"));
    }
    let mut text = TextBuilder::default();
    let mut follows = false;
    for element in &list.elements {
        match element {
            // An unknown stretch takes its delimiters in.
            Element::Rest(rest) => text.push_unknown(&stretch(&rest.unknown, 0, None).unknown),
            Element::One(thunk) => {
                if follows {
                    push_interpolated(work, &mut text, delimiter)?;
                }
                let value = work.value(thunk);
                if !joinable(&value) {
                    return Err(Value::failed(format!(
                        "{} cannot be joined",
                        value.kind_name()
                    )));
                }
                push_interpolated(work, &mut text, &value)?;
                follows = true;
                work.spend(1)?;
            }
        }
    }
    Ok(text.finish())
}

fn joinable(value: &Value) -> bool {
    let scalar = Kinds::TEXT.or(Kinds::NUMBER).or(Kinds::BOOL);
    value.kinds().may_be(scalar) && !matches!(value, Value::Float(_))
}

fn distinct(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let list = list_argument(arguments, 0)?;
    let mut kept = Distinct::default();
    kept.add_list(work, &list)?;
    Ok(kept.finish())
}

/// Lists without repetition, or objects merged deeply.
fn union(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match kinds_of(arguments, LIST_OR_OBJECT) {
        Kinds::LIST => {
            let mut kept = Distinct::default();
            for index in 0..arguments.len() {
                let list = list_argument(arguments, index)?;
                kept.add_list(work, &list)?;
            }
            Ok(kept.finish())
        }
        Kinds::OBJECT => objects::union(work, arguments),
        Kinds::NONE => Err(mixed(arguments)),
        _ => derived_any(arguments, LIST_OR_OBJECT),
    }
}

/// The elements, or members, that all have.
fn intersection(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match kinds_of(arguments, LIST_OR_OBJECT) {
        Kinds::LIST => intersection_of_lists(work, arguments),
        Kinds::OBJECT => objects::intersection(work, arguments),
        Kinds::NONE => Err(mixed(arguments)),
        _ => derived_any(arguments, LIST_OR_OBJECT),
    }
}

fn mixed(arguments: &[Value]) -> Value {
    let odd = arguments
        .iter()
        .position(|value| !value.kinds().may_be(LIST_OR_OBJECT));
    match odd {
        Some(index) => wrong(&arguments[index], index, "a list or an object"),
        None => Value::failed("lists and objects cannot be mixed here"),
    }
}

/// By text, like `union` (object-intersection-0037); each once, in the order of the first
/// (object-intersection-0043).
fn intersection_of_lists(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let mut lists = Vec::new();
    for index in 0..arguments.len() {
        lists.push(list_argument(arguments, index)?);
    }
    if lists.iter().any(|list| list.max_len() == Some(0)) {
        return Ok(Value::list([]));
    }
    match super::distinct::intersection(work, &lists)? {
        Ok(elements) => Ok(Value::list(elements)),
        Err(unknown) => {
            let most = lists.iter().filter_map(|list| list.max_len()).min();
            Ok(partial::list(vec![Element::Rest(stretch(
                &unknown, 0, most,
            ))]))
        }
    }
}
