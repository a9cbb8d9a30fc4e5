//! The functions of Bicep that can be evaluated before deploying: one table entry each.
//!
//! Values are those of the deployment engine, as the cases in `tests/oracle/eval` have them. A function that
//! cannot be sure of the engine's answer says so with [`Value::unsupported`]; one that would make
//! the deployment fail returns [`Value::failed`].

mod arguments;
mod arm;
mod arrays;
mod cidr;
mod conversion;
mod dates;
mod distinct;
mod dotnet;
mod files;
mod hashes;
mod ids;
mod json;
mod json_path;
mod lambdas;
mod logical;
mod objects;
mod partial;
mod runtime;
mod scopes;
mod strings;
#[cfg(test)]
mod tests;
mod uri;

use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::text::failing;
use super::unknown::{Kinds, Unknown};
use super::value::{Traced, Value};
use super::work::Work;
use super::{Evaluator, FrameId};

pub(crate) use arrays::compare_length;
pub(crate) use ids::{is_group, provider_segments};
pub(crate) use partial::whole;

/// What a function makes: a value, or as an error the unknown value to return at once.
pub(crate) type Outcome = Result<Value, Value>;

/// The body of a function.
pub(crate) type Body = fn(&mut Work<'_, '_>, &[Value]) -> Outcome;

/// The body of a function that depends on where its frame is deployed to.
pub(crate) type BodyInFrame = fn(&mut Evaluator<'_>, FrameId, &[Value]) -> Outcome;

/// A function.
pub(crate) struct Function {
    /// Its name, as Bicep spells it.
    pub(crate) name: &'static str,
    /// The least number of arguments.
    pub(crate) min: usize,
    /// The greatest number; `None`: any.
    pub(crate) max: Option<usize>,
    /// What its result can be.
    pub(crate) kinds: Kinds,
    /// How it is computed.
    pub(crate) run: Run,
}

/// How a function is computed.
pub(crate) enum Run {
    /// Called only when no argument is open (see [`Value::open`]): the result of an open argument
    /// is unknown for the argument's reason. Elements of lists may still be unknown when forced.
    Strict(Body),
    /// Takes open arguments and makes the most of them.
    Open(Body),
    /// The same, and the answer depends on where the frame is deployed to.
    InFrame(BodyInFrame),
}

/// How many arguments a function takes: at least, and at most.
type Count = (usize, Option<usize>);

/// A table entry of a function that needs its arguments known.
const fn strict(name: &'static str, (min, max): Count, kinds: Kinds, body: Body) -> Function {
    Function {
        name,
        min,
        max,
        kinds,
        run: Run::Strict(body),
    }
}

/// A table entry of a function that takes open arguments.
const fn open(name: &'static str, (min, max): Count, kinds: Kinds, body: Body) -> Function {
    Function {
        name,
        min,
        max,
        kinds,
        run: Run::Open(body),
    }
}

/// A table entry of a function that takes open arguments and depends on its frame.
const fn in_frame(
    name: &'static str,
    (min, max): Count,
    kinds: Kinds,
    body: BodyInFrame,
) -> Function {
    Function {
        name,
        min,
        max,
        kinds,
        run: Run::InFrame(body),
    }
}

const NONE: Count = (0, Some(0));
const UP_TO_ONE: Count = (0, Some(1));
const ONE: Count = (1, Some(1));
const TWO: Count = (2, Some(2));
const THREE: Count = (3, Some(3));
const AT_LEAST_ONE: Count = (1, None);

/// The functions, family by family.
static FAMILIES: &[&[Function]] = &[
    arrays::FUNCTIONS,
    objects::FUNCTIONS,
    strings::FUNCTIONS,
    lambdas::FUNCTIONS,
    logical::FUNCTIONS,
    conversion::FUNCTIONS,
    hashes::FUNCTIONS,
    uri::FUNCTIONS,
    cidr::FUNCTIONS,
    dates::FUNCTIONS,
    runtime::FUNCTIONS,
    ids::FUNCTIONS,
    scopes::FUNCTIONS,
];

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let functions = FAMILIES.iter().flat_map(|family| family.iter());
    functions
        .map(|function| (function.name, function))
        .collect()
});

/// The function of that name; letter case counts.
pub(crate) fn lookup(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}

pub(crate) use arm::{ROUNDS, ROUNDS_OF, UNSUPPORTED, is_arm_function, lookup_arm};

/// Applies a function called in a frame; the trail is that of everything inside the arguments that was looked at,
/// but not that of the arguments themselves.
pub(crate) fn apply(
    evaluator: &mut Evaluator<'_>,
    function: &Function,
    frame: FrameId,
    arguments: &[Value],
) -> Traced {
    if let Err(value) = check(function, arguments) {
        return value.into();
    }
    if let Run::InFrame(body) = function.run {
        return body(evaluator, frame, arguments)
            .unwrap_or_else(|value| value)
            .into();
    }
    let mut work = Work::new(evaluator);
    let value = run(&mut work, function, arguments).unwrap_or_else(|value| value);
    Traced {
        value,
        trail: work.into_trail(),
    }
}

fn check(function: &Function, values: &[Value]) -> Result<(), Value> {
    check_count(function, values.len())?;
    for argument in values {
        if let Value::Unknown(unknown) = argument {
            failing(unknown)?;
        }
    }
    Ok(())
}

fn run(work: &mut Work<'_, '_>, function: &Function, values: &[Value]) -> Outcome {
    match function.run {
        Run::Open(body) => body(work, values),
        Run::InFrame(_) => unreachable!("these have been run already"),
        Run::Strict(body) => match most_telling(values) {
            Some(unknown) => arguments::unknown(unknown, function.kinds),
            None => body(work, values),
        },
    }
}

fn check_count(function: &Function, count: usize) -> Result<(), Value> {
    if count < function.min || function.max.is_some_and(|max| count > max) {
        let name = function.name;
        return Err(Value::failed(format!(
            "`{name}` is given a wrong number of arguments"
        )));
    }
    Ok(())
}

/// Of what keeps arguments from being known: the first that leaves a question open, else the first.
fn most_telling(arguments: &[Value]) -> Option<&Rc<Unknown>> {
    let mut unknowns = arguments.iter().filter_map(Value::open);
    let first = unknowns.clone().next();
    unknowns
        .find(|unknown| unknown.question.is_some())
        .or(first)
}

#[cfg(test)]
mod table_tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name_and_only_so() {
        let count: usize = FAMILIES.iter().map(|family| family.len()).sum();
        assert_eq!(BY_NAME.len(), count, "two functions have one name");
        assert!(lookup("padLeft").is_some());
        assert!(lookup("padleft").is_none());
    }
}
