//! Functions that ask the surroundings while compiling: the environment and inputs that other tools
//! give.
//!
//! Enters: what the analysis is allowed to know ([`Inputs`](crate::project::Inputs)). Absent: files
//! whose paths are known, which are read beforehand; here are only those that are not.

use std::rc::Rc;

use super::arguments::text;
use super::{Count, Function, ONE, Outcome, json, open, strict};
use crate::eval::unknown::{Input, Kinds, Unknown, Why};
use crate::eval::value::Value;
use crate::eval::work::Work;

const ONE_OR_TWO: Count = (1, Some(2));
const UP_TO_THREE: Count = (1, Some(3));

/// The kind of external input that is an environment variable, named by the second argument.
const ENVIRONMENT_KIND: &str = "sys.envVar";

macro_rules! absent {
    ($name:literal, $count:expr, $kinds:expr, $what:literal) => {
        open($name, $count, $kinds, |_, _| {
            let what = concat!("`", $name, "()` ", $what);
            Ok(Value::unknown(Why::Unsupported(what.to_owned()), $kinds))
        })
    };
}

/// What another tool fills in, by its name; no text can call it.
pub(crate) const PENDING: &str = "%pending";

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict(PENDING, ONE, Kinds::ANY, pending),
    strict("externalInput", ONE_OR_TWO, Kinds::ANY, external_input),
    absent!(
        "loadDirectoryFileInfo",
        ONE_OR_TWO,
        Kinds::LIST,
        "of a path that is not written out"
    ),
    absent!(
        "loadFileAsBase64",
        ONE,
        Kinds::TEXT,
        "of a path that is not written out"
    ),
    absent!(
        "loadJsonContent",
        UP_TO_THREE,
        Kinds::ANY,
        "of a path that is not written out"
    ),
    absent!(
        "loadTextContent",
        ONE_OR_TWO,
        Kinds::TEXT,
        "of a path that is not written out"
    ),
    absent!(
        "loadYamlContent",
        UP_TO_THREE,
        Kinds::ANY,
        "of a path that is not written out"
    ),
    // Of the experimental feature `deployCommands`.
    absent!("readCliArg", ONE, Kinds::TEXT, "(experimental)"),
    absent!("readEnvVar", ONE, Kinds::TEXT, "(experimental)"),
    strict(
        "readEnvironmentVariable",
        ONE_OR_TWO,
        Kinds::TEXT,
        read_environment_variable,
    ),
];

/// Without a default a variable that is not set is refused (BCP427, bicepparam-0043).
fn read_environment_variable(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let name = text(arguments, 0)?;
    if let Some(value) = environment_variable(work, name)? {
        return Ok(value);
    }
    match arguments.get(1) {
        Some(_) => Ok(Value::Text(Rc::clone(text(arguments, 1)?))),
        None => Err(not_set(name)),
    }
}

/// Its value is one that was given, or while deploying that of another tool.
fn external_input(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let kind = text(arguments, 0)?;
    let config = match arguments.get(1) {
        Some(config) => work.json(config)?,
        None => serde_json::Value::Null,
    };
    let mut given = work.inputs().external.iter();
    if let Some(input) = given.find(|input| *input.kind == **kind && input.config == config) {
        return json::read(&input.value.to_string());
    }
    match config.as_str() {
        Some(name) if &**kind == ENVIRONMENT_KIND => {
            environment_variable(work, name)?.ok_or_else(|| not_set(name))
        }
        _ => {
            let why = Why::Runtime(format!("the external input `{kind}`"));
            Ok(Value::unknown(why, Kinds::ANY))
        }
    }
}

/// `None`: there is no such variable. Letter case counts (bicepparam-0048).
fn environment_variable(work: &Work<'_, '_>, name: &str) -> Result<Option<Value>, Value> {
    match &work.inputs().environment {
        Some(variables) => Ok(variables.get(name).map(|value| Value::text(&**value))),
        None => Err(not_read(name)),
    }
}

fn not_set(name: &str) -> Value {
    Value::invalid(format!("the environment variable `{name}` is not set"))
}

/// A variable that must not be read is an input like a parameter without a value.
fn not_read(name: &str) -> Value {
    let why = Why::Environment(name.to_owned());
    input(
        format!("readEnvironmentVariable('{name}')"),
        why,
        Kinds::TEXT,
    )
}

fn pending(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let name = text(arguments, 0)?;
    let why = Why::Runtime(format!("`{name}`"));
    Ok(input(
        name.to_string(),
        why,
        Kinds::ANY.without(Kinds::NULL),
    ))
}

fn input(path: String, why: Why, kinds: Kinds) -> Value {
    Value::Unknown(Rc::new(Unknown {
        input: Some(Input {
            frame: Rc::from(Input::SURROUNDINGS),
            path: Rc::from(path),
        }),
        ..Unknown::new(why, kinds)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Assumptions, Evaluator};
    use crate::index::IndexVec;
    use crate::lower::lower;
    use crate::project::{ExternalInput, Inputs, Origin, Project, Unit};
    use tricep_syntax::bicep::{Dialect, parse};
    use tricep_syntax::text::FileId;

    fn ask(inputs: Inputs, function: &str, arguments: &[Value]) -> String {
        let parsed = parse("", Dialect::Params);
        let mut project = Project::new(vec![Unit {
            text: "".into(),
            template: lower(&parsed),
            targets: IndexVec::default(),
            origin: Origin::Own,
        }]);
        project.inputs = inputs;
        let assumptions = Assumptions::default();
        let mut evaluator = Evaluator::new(&project, &assumptions);
        let function = super::super::lookup(function).expect("the function");
        let frame = evaluator.deploy(FileId(0));
        let value = super::super::apply(&mut evaluator, function, frame, arguments).value;
        evaluator
            .to_json(&value)
            .unwrap_or_else(|unknown| unknown.why.to_string())
    }

    fn texts(texts: &[&str]) -> Vec<Value> {
        texts.iter().map(|&text| Value::text(text)).collect()
    }

    #[test]
    fn the_environment_is_read_only_when_it_is_given() {
        let read = |inputs: &Inputs, arguments: &[&str]| {
            ask(inputs.clone(), "readEnvironmentVariable", &texts(arguments))
        };
        let hidden = Inputs::default();
        for arguments in [&["A"][..], &["A", "default"]] {
            assert!(read(&hidden, arguments).contains("`A` is read with `--allow-env`"));
        }
        let given = Inputs {
            environment: Some([("A".to_owned(), "a".to_owned())].into()),
            ..Inputs::default()
        };
        assert_eq!(read(&given, &["A", "default"]), "\"a\"");
        assert_eq!(read(&given, &["a", "default"]), "\"default\"");
        assert!(read(&given, &["a"]).contains("`a` is not set"));
        let external = ask(given, "externalInput", &texts(&["sys.envVar", "A"]));
        assert_eq!(external, "\"a\"");
    }

    #[test]
    fn external_inputs_are_told_apart_by_kind_and_configuration() {
        let inputs = Inputs {
            external: vec![ExternalInput {
                kind: "mine".to_owned(),
                config: serde_json::json!({"a": [1]}),
                value: serde_json::json!({"b": null}),
            }],
            ..Inputs::default()
        };
        let config = json::read("{\"a\": [1]}").expect("JSON");
        let kind = Value::text("mine");
        let ask = |arguments: &[Value]| ask(inputs.clone(), "externalInput", arguments);
        assert_eq!(ask(&[kind.clone(), config]), "{\"b\":null}");
        assert!(ask(&[kind]).contains("only while deploying"));
    }
}
