//! The functions of ARM templates: those that Bicep has too, under names without letter case, and those
//! that only the compiler writes.
//!
//! What lowering turns into operators and accesses (`add`, `if`, `tryGet`, …) is absent here.

use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::arguments::{self, text};
use super::partial::{stretch, whole};
use super::{AT_LEAST_ONE, FAMILIES, Function, ONE, Outcome, open, strict};
use crate::eval::Evaluator;
use crate::eval::text::utf16_len;
use crate::eval::unknown::{Kinds, Unknown, Why};
use crate::eval::value::{Element, Entry, List, Object, Rest, Thunk, Value};
use crate::eval::work::Work;

/// The numbers of the rounds of a `copy`; no text can call it.
pub(crate) const ROUNDS: &str = "%rounds";
/// The same where the number is the length of the argument. What is known of the length of a list is known
/// of the rounds; no text can call it.
pub(crate) const ROUNDS_OF: &str = "%roundsOf";
/// What is not evaluated, with the words for it; no text can call it.
pub(crate) const UNSUPPORTED: &str = "%unsupported";
/// A `copy` has at most so many rounds (oracle `arm` limit-06).
const MAX_ROUNDS: i64 = 800;

static FUNCTIONS: &[Function] = &[
    open(ROUNDS, ONE, Kinds::LIST, rounds),
    open(ROUNDS_OF, ONE, Kinds::LIST, rounds_of),
    open(UNSUPPORTED, ONE, Kinds::ANY, unsupported),
    open("createObject", (0, None), Kinds::OBJECT, create_object),
    strict("float", ONE, Kinds::NUMBER, float),
    open("getKeyVaultSecret", AT_LEAST_ONE, Kinds::TEXT, secret),
    open("getRoleAssignmentName", (0, None), Kinds::TEXT, |_, _| {
        Ok(Value::unsupported("`getRoleAssignmentName()`"))
    }),
    open("references", AT_LEAST_ONE, Kinds::LIST, |_, _| {
        let why = Why::Runtime("`references()`".to_owned());
        Ok(Value::unknown(why, Kinds::ANY))
    }),
    open("resourceInfo", AT_LEAST_ONE, Kinds::OBJECT, |_, _| {
        Ok(Value::unsupported("`resourceInfo()`"))
    }),
];

/// What only Bicep knows.
const BICEP_ONLY: [&str; 11] = [
    "any",
    "externalInput",
    "getSecret",
    "loadDirectoryFileInfo",
    "loadFileAsBase64",
    "loadJsonContent",
    "loadTextContent",
    "loadYamlContent",
    "readCliArg",
    "readEnvVar",
    "readEnvironmentVariable",
];

static BY_NAME: LazyLock<FxHashMap<String, &'static Function>> = LazyLock::new(|| {
    let bicep_only: FxHashSet<&str> = BICEP_ONLY.into_iter().collect();
    let shared = FAMILIES.iter().flat_map(|family| family.iter());
    let shared = shared.filter(|function| !bicep_only.contains(function.name));
    shared
        .chain(FUNCTIONS)
        .map(|function| (function.name.to_ascii_lowercase(), function))
        .collect()
});

/// The function of that name in an ARM template; letter case does not count (expr-10).
pub(crate) fn lookup_arm(name: &str) -> Option<&'static Function> {
    match BY_NAME.get(name) {
        Some(function) => Some(function),
        None => BY_NAME.get(name.to_ascii_lowercase().as_str()).copied(),
    }
}

/// Whether the engine has a function of that name, which is in lower case.
pub(crate) fn is_arm_function(name: &str) -> bool {
    !name.starts_with('%') && BY_NAME.contains_key(name)
}

fn unsupported(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Err(Value::unsupported(&**text(arguments, 0)?))
}

/// Oracle: `arm` faulty-31, faulty-33, faulty-34, limit-06.
fn rounds(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::Int(count @ 0..=MAX_ROUNDS) => {
            work.spend(*count as usize)?;
            Ok(Value::list_of((0..*count).map(Value::Int)))
        }
        Value::Int(count) => Err(Value::failed(format!(
            "a loop has between 0 and {MAX_ROUNDS} rounds, not {count}"
        ))),
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::NUMBER) => {
            let rest = stretch(unknown, 0, usize::try_from(MAX_ROUNDS).ok());
            let elements = vec![Element::Rest(rest)];
            Ok(Value::List(Rc::new(List { elements })))
        }
        other => Err(arguments::wrong(other, 0, "the number of rounds")),
    }
}

fn rounds_of(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let count = match &arguments[0] {
        Value::List(list) => return rounds_of_list(work, list),
        Value::Unknown(unknown) if unknown.kinds == Kinds::LIST => {
            let elements = vec![Element::Rest(numbers(&whole(unknown)))];
            return Ok(Value::List(Rc::new(List { elements })));
        }
        Value::Text(text) => Value::Int(utf16_len(text) as i64),
        Value::Object(object) if object.rest.is_none() => Value::Int(object.entries.len() as i64),
        other => match other.open() {
            Some(unknown) => arguments::derived(unknown, Kinds::NUMBER),
            None => {
                let kind = other.kind_name();
                return Err(Value::failed(format!("{kind} has no length")));
            }
        },
    };
    rounds(work, &[count])
}

fn rounds_of_list(work: &mut Work<'_, '_>, list: &List) -> Outcome {
    work.spend(list.elements.len())?;
    if list.min_len() > MAX_ROUNDS as usize {
        return rounds(work, &[Value::Int(MAX_ROUNDS + 1)]);
    }
    let mut known = true;
    let elements = list.elements.iter().enumerate();
    let elements = elements.map(|(number, element)| match element {
        Element::One(_) if known => Element::One(Thunk::ready(Value::Int(number as i64))),
        // Behind a stretch of unknown length the numbers are not known.
        Element::One(_) => Element::Rest(Rest {
            min: 1,
            max: Some(1),
            ..numbers(&whole(&open_number()))
        }),
        Element::Rest(rest) => {
            known = false;
            Element::Rest(numbers(rest))
        }
    });
    let elements = elements.collect();
    Ok(Value::List(Rc::new(List { elements })))
}

/// The numbers of a stretch of rounds.
fn numbers(rest: &Rest) -> Rest {
    Rest {
        element: Evaluator::derive(&rest.unknown, Kinds::NUMBER),
        ..rest.clone()
    }
}

fn open_number() -> Rc<Unknown> {
    let why = Why::Unsupported("the number of a round behind an unknown one".to_owned());
    Rc::new(Unknown::new(why, Kinds::LIST))
}

/// With keys that are computed; lowering makes an object of those with plain ones. Objects are data:
/// what is open in them is open for itself (func-32, x826).
fn create_object(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if arguments.len() % 2 == 1 {
        return Err(Value::failed("`createObject` needs a value for each key"));
    }
    let mut entries = Vec::with_capacity(arguments.len() / 2);
    let mut keys = FxHashSet::default();
    let mut rest = None;
    for (place, pair) in arguments.chunks_exact(2).enumerate() {
        if let Some(unknown) = pair[0]
            .open()
            .filter(|unknown| unknown.kinds.may_be(Kinds::TEXT))
        {
            rest = Some(stretch(unknown, 0, None));
            continue;
        }
        let key = text(arguments, 2 * place)?;
        if !keys.insert(Rc::clone(key)) {
            return Err(Value::failed(format!("the key `{key}` is given twice")));
        }
        entries.push(Entry {
            key: Rc::clone(key),
            value: Thunk::ready(pair[1].clone()),
            at: None,
        });
    }
    if let Some(rest) = &rest {
        // Which key it is is not known, so it may be any of the others.
        for entry in &mut entries {
            entry.value = Thunk::ready(Evaluator::derive(&rest.unknown, Kinds::ANY));
        }
    }
    Ok(Value::Object(Rc::new(Object { entries, rest })))
}

/// Whole numbers and decimal texts; .NET reads more, of which nothing was tried.
fn float(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::Float(number) => Ok(Value::Float(*number)),
        Value::Int(number) => Ok(Value::Float(*number as f64)),
        Value::Text(text) => {
            let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
            match text.parse() {
                Ok(number) if text.chars().all(plain) => Ok(Value::Float(number)),
                Err(_) if !text.contains(|c: char| c.is_ascii_digit()) && text.len() == 1 => {
                    Err(Value::failed("the text is no number"))
                }
                _ => Ok(Value::unsupported("`float()` of this text")),
            }
        }
        other => Err(arguments::wrong(other, 0, "a number or a text")),
    }
}

fn secret(_: &mut Work<'_, '_>, _: &[Value]) -> Outcome {
    Ok(Value::unknown(Why::Secret, Kinds::TEXT))
}
