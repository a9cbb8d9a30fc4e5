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
mod folders;
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
mod surroundings;
#[cfg(test)]
mod tests;
mod uri;
mod yaml;

use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use tricep_syntax::bicep::Dialect;

use super::text::failing;
use super::unknown::{Kinds, Unknown};
use super::value::{Traced, Value};
use super::work::Work;
use super::{Evaluator, FrameId};

pub(crate) use arrays::compare_length;
pub(crate) use ids::{is_group, provider_segments};
pub(crate) use json::read as read_json;
pub(crate) use partial::whole;
pub(crate) use surroundings::PENDING;

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
    surroundings::FUNCTIONS,
    ids::FUNCTIONS,
    scopes::FUNCTIONS,
];

/// The functions of the namespace `az`, besides those that begin with `list`; all others are of `sys`.
const AZ: &[&str] = &[
    "deployer",
    "deployment",
    "environment",
    "extensionResourceId",
    "getSecret",
    "managementGroup",
    "managementGroupResourceId",
    "pickZones",
    "providers",
    "reference",
    "resourceGroup",
    "resourceId",
    "roleDefinitions",
    "subscription",
    "subscriptionResourceId",
    "tenant",
    "tenantResourceId",
    "toLogicalZone",
    "toLogicalZones",
    "toPhysicalZone",
    "toPhysicalZones",
];

/// Functions that parameter files alone have.
const OF_PARAMETER_FILES: &[&str] = &[
    "externalInput",
    "getSecret",
    "readCliArg",
    "readEnvVar",
    "readEnvironmentVariable",
];

/// Whether a function is of the namespace `az`.
pub(crate) fn is_of_az(name: &str) -> bool {
    AZ.contains(&name) || name.starts_with("list")
}

/// Whether a file in a language can call a function at all.
pub(crate) fn is_in(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Params => !is_of_az(name) || name == "getSecret",
        Dialect::Bicep | Dialect::Arm => !OF_PARAMETER_FILES.contains(&name),
    }
}

/// Functions of ARM templates for which Bicep has other means; the compiler knows them to say so.
const OF_ARM_ONLY: &[&str] = &[
    "add",
    "and",
    "coalesce",
    "createArray",
    "createObject",
    "div",
    "equals",
    "greater",
    "greaterOrEquals",
    "if",
    "less",
    "lessOrEquals",
    "mod",
    "mul",
    "not",
    "or",
    "parameters",
    "sub",
    "variables",
];

/// Whether the compiler knows a function of that name in any file, if only to refuse it.
pub(crate) fn is_known(name: &str) -> bool {
    lookup(name).is_some()
        || name == "nameof"
        || name.starts_with("list")
        || OF_ARM_ONLY.contains(&name)
}

/// The functions that a file in a language can call, in no order, but for the open-ended `list*`.
pub(crate) fn names(dialect: Dialect) -> Vec<&'static str> {
    let all = BY_NAME.keys().copied().chain(["nameof"]);
    all.filter(|name| is_in(name, dialect) && !name.starts_with("list"))
        .collect()
}

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
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The functions of Bicep as the reference compiler has them: namespace, name, parameters.
    const TABLE: &str = include_str!("../../../../../tests/oracle/language/functions.tsv");

    /// For each function of the table the least and the greatest number of arguments over all its
    /// forms; `None`: any.
    fn counts() -> BTreeMap<&'static str, (usize, Option<usize>)> {
        let mut counts = BTreeMap::new();
        for line in TABLE.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let (space, name, parameters) = (columns[0], columns[1], columns[2]);
            if !matches!(space, "sys" | "az") || name.ends_with('*') {
                continue;
            }
            let (min, max) = count(parameters);
            let entry = counts.entry(name).or_insert((min, max));
            entry.0 = entry.0.min(min);
            entry.1 = entry.1.and_then(|known: usize| Some(known.max(max?)));
        }
        counts
    }

    /// How many arguments `(a: string, b?: int, ...c: any (min 1))` takes.
    fn count(parameters: &str) -> (usize, Option<usize>) {
        let inner = &parameters[1..parameters.len() - 1];
        let mut depth = 0;
        let mut split = vec![String::new()];
        for c in inner.chars() {
            match c {
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' => depth -= 1,
                ',' if depth == 0 => {
                    split.push(String::new());
                    continue;
                }
                _ => {}
            }
            split.last_mut().expect("one at least").push(c);
        }
        let (mut min, mut max) = (0, Some(0));
        for parameter in split
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        {
            let name = parameter.split(':').next().unwrap_or_default();
            if name.starts_with("...") {
                let least = parameter
                    .rsplit_once("(min ")
                    .and_then(|(_, n)| n[..1].parse().ok());
                min += least.unwrap_or(0);
                max = None;
            } else {
                min += usize::from(!name.ends_with('?'));
                max = max.map(|max: usize| max + 1);
            }
        }
        (min, max)
    }

    #[test]
    fn every_function_of_the_compiler_takes_as_many_arguments_here() {
        for (name, (min, max)) in counts() {
            // Names and files are settled while lowering.
            if name == "nameof" {
                continue;
            }
            let function = lookup(name).unwrap_or_else(|| panic!("`{name}` is not there"));
            assert_eq!((function.min, function.max), (min, max), "`{name}`");
        }
    }

    #[test]
    fn namespaces_and_languages_are_those_of_the_compiler() {
        for line in TABLE.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let (space, name, files) = (columns[0], columns[1].trim_end_matches('*'), columns[9]);
            if !matches!(space, "sys" | "az") {
                continue;
            }
            assert_eq!(is_of_az(name), space == "az", "`{name}`");
            let in_bicep = files.split(' ').any(|file| file == ".bicep");
            let in_params = files.split(' ').any(|file| file == ".bicepparam");
            assert_eq!(is_in(name, Dialect::Bicep), in_bicep, "`{name}`");
            assert_eq!(is_in(name, Dialect::Params), in_params, "`{name}`");
        }
    }

    #[test]
    fn no_function_is_made_up() {
        let known: BTreeSet<&str> = counts().into_keys().collect();
        let names = FAMILIES.iter().flat_map(|family| family.iter());
        for function in names.filter(|function| !function.name.starts_with('%')) {
            let name = function.name;
            assert!(known.contains(name) || name.starts_with("list"), "`{name}`");
        }
    }

    #[test]
    fn every_function_is_found_by_its_name_and_only_so() {
        let count: usize = FAMILIES.iter().map(|family| family.len()).sum();
        assert_eq!(BY_NAME.len(), count, "two functions have one name");
        assert!(lookup("padLeft").is_some());
        assert!(lookup("padleft").is_none());
    }
}
