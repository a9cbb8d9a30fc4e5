//! Values known in part, as the functions make them: stretches of lists, further keys of objects,
//! and the question whether something is empty.

use std::rc::Rc;

use crate::eval::Evaluator;
use crate::eval::compare::asking;
use crate::eval::text::sealed;
use crate::eval::unknown::{Kinds, Question, Unknown};
use crate::eval::value::{Element, List, Piece, Rest, Value};

/// A list of such elements.
pub(super) fn list(elements: Vec<Element>) -> Value {
    Value::List(Rc::new(List { elements }))
}

/// The elements of a list that is not known at all. It stays the input it may be, so that it can
/// be asked whether it is empty.
pub(crate) fn whole(unknown: &Rc<Unknown>) -> Rest {
    Rest {
        min: 0,
        max: None,
        unknown: Rc::clone(unknown),
        element: Evaluator::derive(unknown, Kinds::ANY),
    }
}

/// A stretch of elements of which only the number is known, and which is no longer an input.
pub(super) fn stretch(unknown: &Rc<Unknown>, min: usize, max: Option<usize>) -> Rest {
    Rest {
        min,
        max,
        unknown: sealed(unknown),
        element: Evaluator::derive(unknown, Kinds::ANY),
    }
}

/// Of a stretch, between `min` and `max` elements that are each as the ones of the stretch.
pub(super) fn part(rest: &Rest, min: usize, max: Option<usize>) -> Rest {
    Rest {
        min,
        max,
        unknown: sealed(&rest.unknown),
        element: rest.element.clone(),
    }
}

/// Both bounds, where each is known.
pub(super) fn sum(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    a?.checked_add(b?)
}

/// The least and greatest number of elements among some.
pub(super) fn bounds(elements: &[Element]) -> (usize, Option<usize>) {
    elements
        .iter()
        .fold((0, Some(0)), |(min, max), element| match element {
            Element::One(_) => (min.saturating_add(1), sum(max, Some(1))),
            Element::Rest(rest) => (min.saturating_add(rest.min), sum(max, rest.max)),
        })
}

/// The question whether the value is empty, where nothing but one input decides it.
pub(super) fn emptiness(value: &Value) -> Option<Question> {
    let input = match value {
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::NULL) => {
            return unknown.input.clone().map(Question::Null);
        }
        Value::Unknown(unknown) => &unknown.input,
        Value::Partial(pieces) => match pieces.first()? {
            Piece::Unknown(unknown) if unknown.kinds == Kinds::TEXT => &unknown.input,
            _ => return None,
        },
        Value::List(list) => first_input(&list.elements)?,
        Value::Object(object) if object.entries.is_empty() => &object.rest.as_ref()?.unknown.input,
        _ => return None,
    };
    input.clone().map(Question::Empty)
}

/// The input of the first stretch, when there are only stretches.
fn first_input(elements: &[Element]) -> Option<&Option<crate::eval::Input>> {
    let only_stretches = elements
        .iter()
        .all(|element| matches!(element, Element::Rest(_)));
    match elements.first()? {
        Element::Rest(rest) if only_stretches => Some(&rest.unknown.input),
        _ => None,
    }
}

/// The unknown result of something that depends on whether the value is empty.
pub(super) fn unless_empty(value: &Value, kinds: Kinds) -> Value {
    let Some(unknown) = value.open() else {
        return Value::unsupported("this value");
    };
    Evaluator::derive(&asking(unknown, emptiness(value)), kinds)
}
