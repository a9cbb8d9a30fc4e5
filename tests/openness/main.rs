//! What tricep says of an expression with a parameter left open must hold for every value of the
//! parameter: an answer that one value contradicts would be a verdict that is not true.

mod agreement;
mod grammar;

use proptest::prelude::*;
use tricep_analyzer::{Environment, MemoryFileSystem, load};
use tricep_semantic::eval::{Assumptions, Evaluator, Value};
use tricep_syntax::text::FileId;

use agreement::disagreement;
use grammar::{PARAMETERS, Parameter, expression};

/// The value of an expression over the parameter, which is open without `given`.
fn with_value<T>(
    parameter: &Parameter,
    expression: &str,
    given: Option<&str>,
    use_value: impl FnOnce(&mut Evaluator<'_>, Value) -> T,
) -> T {
    let mut files = MemoryFileSystem::default();
    let program = format!("param p {}\noutput o any = {expression}", parameter.r#type);
    files.insert("main.bicep", program);
    let mut entry = "main.bicep";
    if let Some(given) = given {
        files.insert(
            "main.bicepparam",
            format!("using 'main.bicep'\nparam p = {given}"),
        );
        entry = "main.bicepparam";
    }
    let loaded = load(&files, &[entry.to_owned()], &Environment::default());
    let none = Assumptions::default();
    let free = none.freeing(&["p".into()]);
    let assumptions = if given.is_some() { &none } else { &free };
    let mut evaluator = Evaluator::new(&loaded.project, assumptions);
    let frame = evaluator.deploy(FileId(0));
    let output = evaluator.output(frame, "o");
    let value = output.map_or_else(|| Value::unsupported("no output"), |output| output.value);
    use_value(&mut evaluator, value)
}

fn check(parameter: &Parameter, expression: &str) -> Result<(), String> {
    let failures = !expression.contains("=>");
    with_value(parameter, expression, None, |with_open, open| {
        for given in parameter.values {
            let why = with_value(parameter, expression, Some(given), |with_known, known| {
                disagreement(failures, (with_open, &open), (with_known, &known))
            });
            if let Some(why) = why {
                return Err(format!("`{expression}` with `p` = `{given}`: {why}"));
            }
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_an_open_parameter_holds_for_every_value(
        (parameter, expression) in (0..PARAMETERS.len())
            .prop_flat_map(|at| (Just(at), expression(PARAMETERS[at].sort)))
    ) {
        let parameter = &PARAMETERS[parameter];
        if let Err(why) = check(parameter, &expression) {
            prop_assert!(false, "param p {}: {why}", parameter.r#type);
        }
    }
}
