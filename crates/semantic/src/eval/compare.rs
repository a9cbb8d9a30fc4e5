//! Comparing values: deep equality and order.
//!
//! Enters: two values, in part unknown. Leaves: an answer, or the unknown that stands in its way,
//! with the question that would settle it where one operand is an input.

use std::cmp::Ordering;
use std::rc::Rc;

use super::culture;
use super::expression::is_runtime;
use super::text::{failing, sealed};
use super::unknown::{Input, Kinds, Literal, Question, Unknown, Why};
use super::value::{Element, List, Object, Piece, Thunk, Value};
use super::work::Work;

/// Values nested deeper than this are not compared.
const MAX_DEPTH: usize = 200;

/// Yes, no, or what keeps the answer from being known.
pub(crate) type Answer = Result<bool, Rc<Unknown>>;

/// Whether two values are equal as `==` has it: same kind, same text by code points, the same
/// elements in the same order, the same keys by code points in any order. `1.0` is not `1`.
///
/// Oracle: op-equality-0017, op-equality-0053, op-equality-0163, op-equality-0310.
pub(crate) fn equal(work: &mut Work<'_, '_>, a: &Value, b: &Value) -> Answer {
    equal_at(work, a, b, 0)
}

fn equal_at(work: &mut Work<'_, '_>, a: &Value, b: &Value, depth: usize) -> Answer {
    if depth > MAX_DEPTH {
        return Err(unknown(Why::Budget("nested values")));
    }
    work.spend(1).map_err(|value| stop(&value))?;
    for value in [a, b] {
        if let Value::Unknown(unknown) = value {
            failing(unknown).map_err(|value| stop(&value))?;
        }
    }
    // What is known only while deploying leaves `==` open for the engine, whatever its kind.
    let whole = depth == 0 && (is_runtime(a) || is_runtime(b));
    if !whole && !a.kinds().may_be(b.kinds()) {
        return Ok(false);
    }
    match (a, b) {
        (Value::Unknown(a), Value::Unknown(b)) if a.input.is_some() && a.input == b.input => {
            Ok(true)
        }
        (Value::Unknown(a), Value::Unknown(b)) => Err(sealed(more_telling(a, b))),
        (Value::Unknown(unknown), other) | (other, Value::Unknown(unknown)) => {
            asking_equals(work, unknown, other)
        }
        (Value::Null, Value::Null) => Ok(true),
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) if a.is_nan() || b.is_nan() => {
            Err(unknown(Why::Unsupported("comparing with NaN".to_owned())))
        }
        (Value::Float(a), Value::Float(b)) => Ok(a == b), // 0.0 == -0.0: op-equality-0318
        (Value::Text(a), Value::Text(b)) => Ok(a == b),
        (Value::Partial(pieces), Value::Text(text))
        | (Value::Text(text), Value::Partial(pieces)) => partial_equals_text(pieces, text),
        (Value::Partial(a), Value::Partial(b)) => partials_equal(a, b),
        (Value::List(a), Value::List(b)) => lists_equal(work, a, b, depth),
        (Value::Object(a), Value::Object(b)) => objects_equal(work, a, b, depth),
        _ => Ok(false),
    }
}

fn unknown(why: Why) -> Rc<Unknown> {
    stop(&Value::unknown(why, Kinds::ANY))
}

/// The unknown inside an error value.
fn stop(value: &Value) -> Rc<Unknown> {
    let unknown = value.open().expect("errors are unknown values");
    Rc::clone(unknown)
}

/// Of two unknowns the one that leaves a question open.
fn more_telling<'a>(a: &'a Rc<Unknown>, b: &'a Rc<Unknown>) -> &'a Rc<Unknown> {
    if a.question.is_none() && b.question.is_some() {
        b
    } else {
        a
    }
}

/// Whether an unknown equals something known: an input may have been assumed to, and otherwise
/// leaves the question that settles it. A question that it has already comes first.
fn asking_equals(work: &Work<'_, '_>, unknown: &Rc<Unknown>, other: &Value) -> Answer {
    let question = match &unknown.input {
        Some(input) => equality_question(input, unknown.kinds, other),
        None => None,
    };
    if let Some(answer) = question.as_ref().and_then(|question| work.answer(question)) {
        return Ok(answer);
    }
    Err(asking(unknown, question))
}

fn equality_question(input: &Input, kinds: Kinds, other: &Value) -> Option<Question> {
    match other {
        Value::Null => Some(Question::Null(input.clone())),
        Value::Text(text) if text.is_empty() && kinds == Kinds::TEXT => {
            Some(Question::Empty(input.clone()))
        }
        other => literal(other).map(|literal| Question::Equals(input.clone(), literal)),
    }
}

/// The unknown, no longer the input itself, with a question unless it has one already.
pub(crate) fn asking(unknown: &Rc<Unknown>, question: Option<Question>) -> Rc<Unknown> {
    if unknown.question.is_some() || question.is_none() {
        return sealed(unknown);
    }
    Rc::new(Unknown {
        input: None,
        question,
        ..(**unknown).clone()
    })
}

/// The value as a literal that a question can name.
pub(crate) fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Int(value) => Some(Literal::Int(*value)),
        Value::Text(text) => Some(Literal::Text(Rc::clone(text))),
        _ => None,
    }
}

/// Whether the unknown ends all further work.
fn stops(unknown: &Unknown) -> bool {
    unknown.why.stops() || matches!(unknown.why, Why::Budget(_))
}

/// A text known in part differs from one in which its known pieces cannot lie.
fn partial_equals_text(pieces: &[Piece], text: &str) -> Answer {
    if !pieces_fit(pieces, text) {
        return Ok(false);
    }
    Err(first_unknown(pieces))
}

fn pieces_fit(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text;
    let mut anchored = true;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Known(known) = piece else {
            anchored = false;
            continue;
        };
        let last = index + 1 == pieces.len();
        let tail = match (anchored, last) {
            (true, _) => rest.strip_prefix(&**known),
            (false, true) => rest.strip_suffix(&**known),
            (false, false) => rest.split_once(&**known).map(|(_, tail)| tail),
        };
        let Some(tail) = tail else { return false };
        rest = tail;
        anchored = true;
    }
    true
}

fn first_unknown(pieces: &[Piece]) -> Rc<Unknown> {
    let unknown = pieces.iter().find_map(|piece| match piece {
        Piece::Unknown(unknown) => Some(unknown),
        Piece::Known(_) => None,
    });
    sealed(unknown.expect("a text known in part has an unknown piece"))
}

fn partials_equal(a: &[Piece], b: &[Piece]) -> Answer {
    if let (Some(Piece::Known(a)), Some(Piece::Known(b))) = (a.first(), b.first())
        && !(a.starts_with(&**b) || b.starts_with(&**a))
    {
        return Ok(false);
    }
    if let (Some(Piece::Known(a)), Some(Piece::Known(b))) = (a.last(), b.last())
        && !(a.ends_with(&**b) || b.ends_with(&**a))
    {
        return Ok(false);
    }
    Err(first_unknown(a))
}

/// Collects answers to questions that must all be yes.
fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut open = None;
    for answer in answers {
        match answer {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(unknown) if stops(&unknown) => return Err(unknown),
            Err(unknown) => open = open.or(Some(unknown)),
        }
    }
    open.map_or(Ok(true), Err)
}

fn lists_equal(work: &mut Work<'_, '_>, a: &List, b: &List, depth: usize) -> Answer {
    if longer(a, b) || longer(b, a) {
        return Ok(false);
    }
    let open = [(a, b), (b, a)]
        .into_iter()
        .find_map(|(list, other)| open_list(list, other));
    let from_start = pairs(a.elements.iter(), b.elements.iter());
    let from_end = if open.is_some() {
        pairs(a.elements.iter().rev(), b.elements.iter().rev())
    } else {
        Vec::new()
    };
    let pairs = from_start.into_iter().chain(from_end);
    let answers = pairs.map(|(a, b)| equal_thunks(work, &a, &b, depth));
    all(answers.chain(open.map(Err)))
}

/// Whether `a` surely has more elements than `b`.
fn longer(a: &List, b: &List) -> bool {
    b.max_len().is_some_and(|max| a.min_len() > max)
}

/// The unknown of the first stretch. A list that is an input as a whole can be asked whether it is
/// empty when it is compared with an empty one.
fn open_list(list: &List, other: &List) -> Option<Rc<Unknown>> {
    let stretch = list.elements.iter().find_map(|element| match element {
        Element::Rest(rest) => Some(&rest.unknown),
        Element::One(_) => None,
    })?;
    let question = match (
        &stretch.input,
        &list.elements[..],
        other.elements.is_empty(),
    ) {
        (Some(input), [_], true) => Some(Question::Empty(input.clone())),
        _ => None,
    };
    Some(asking(stretch, question))
}

/// The elements that surely stand opposite each other, up to the first stretch.
fn pairs<'a>(
    a: impl Iterator<Item = &'a Element>,
    b: impl Iterator<Item = &'a Element>,
) -> Vec<(Thunk, Thunk)> {
    a.zip(b)
        .map_while(|pair| match pair {
            (Element::One(a), Element::One(b)) => Some((a.clone(), b.clone())),
            _ => None,
        })
        .collect()
}

fn equal_thunks(work: &mut Work<'_, '_>, a: &Thunk, b: &Thunk, depth: usize) -> Answer {
    let (a, b) = (work.value(a), work.value(b));
    equal_at(work, &a, &b, depth + 1)
}

fn objects_equal(work: &mut Work<'_, '_>, a: &Object, b: &Object, depth: usize) -> Answer {
    if lacks_key_of(a, b) || lacks_key_of(b, a) || surely_more(a, b) || surely_more(b, a) {
        return Ok(false);
    }
    let open = a
        .rest
        .as_ref()
        .or(b.rest.as_ref())
        .map(|rest| sealed(&rest.unknown));
    let mut pairs = Vec::new();
    for entry in &a.entries {
        let other = b.entries.iter().find(|other| other.key == entry.key);
        pairs.extend(other.map(|other| (entry.value.clone(), other.value.clone())));
    }
    let answers = pairs.iter().map(|(a, b)| equal_thunks(work, a, b, depth));
    all(answers.chain(open.map(Err)))
}

/// Whether `b` has a key that `a` surely has not.
fn lacks_key_of(a: &Object, b: &Object) -> bool {
    a.rest.is_none()
        && b.entries
            .iter()
            .any(|entry| a.entries.iter().all(|other| other.key != entry.key))
}

/// Whether `a` surely has more keys than `b`.
fn surely_more(a: &Object, b: &Object) -> bool {
    let (least, _) = key_count(a);
    let (_, most) = key_count(b);
    most.is_some_and(|most| least > most)
}

/// The least and the greatest number of keys.
pub(crate) fn key_count(object: &Object) -> (usize, Option<usize>) {
    let known = object.entries.len();
    match &object.rest {
        None => (known, Some(known)),
        Some(rest) => (
            known.saturating_add(rest.min),
            rest.max.and_then(|max| known.checked_add(max)),
        ),
    }
}

/// The order of two known values as `<` has it: numbers by size, texts as in a dictionary.
///
/// Oracle: op-compare-0147, op-compare-0144, lambda-0082.
pub(crate) fn order(a: &Value, b: &Value) -> Result<Ordering, Value> {
    if let (Value::Text(a), Value::Text(b)) = (a, b) {
        return culture::order(a, b)
            .ok_or_else(|| Value::unsupported("the dictionary order of these texts"));
    }
    order_numbers(a, b)
}

/// The order of two numbers.
pub(crate) fn order_numbers(a: &Value, b: &Value) -> Result<Ordering, Value> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => order_floats(*a, *b),
        (Value::Int(a), Value::Float(b)) => order_floats(exact(*a)?, *b),
        (Value::Float(a), Value::Int(b)) => order_floats(*a, exact(*b)?),
        _ => Err(Value::failed(format!(
            "{} and {} have no order",
            a.kind_name(),
            b.kind_name()
        ))),
    }
}

fn order_floats(a: f64, b: f64) -> Result<Ordering, Value> {
    a.partial_cmp(&b)
        .ok_or_else(|| Value::unsupported("comparing with NaN"))
}

/// An integer as a number with a fraction, where nothing is lost.
fn exact(value: i64) -> Result<f64, Value> {
    const LIMIT: i64 = 1 << 53;
    if (-LIMIT..=LIMIT).contains(&value) {
        #[allow(clippy::cast_precision_loss, reason = "the limit keeps it exact")]
        return Ok(value as f64);
    }
    Err(Value::unsupported(
        "comparing so large an integer with a fraction",
    ))
}
