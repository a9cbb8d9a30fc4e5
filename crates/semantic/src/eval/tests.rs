//! Whole programs: what makes a deployment fail as a whole, and what does not.

use std::sync::Arc;

use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::text::FileId;

use super::{Assumptions, Evaluator, Value, Why};
use crate::IndexVec;
use crate::lower::lower;
use crate::project::{Origin, Project, Target, Unit};

fn unit(text: &str, referred: &[FileId]) -> Unit {
    let text: Arc<str> = text.into();
    let mut targets = IndexVec::default();
    for &file in referred {
        targets.push(Target::File(file));
    }
    Unit {
        template: lower(&parse(Arc::clone(&text), Dialect::Bicep)),
        text,
        targets,
        origin: Origin::Own,
    }
}

/// What the output `o` of the first file is; the first file refers to the second only.
fn deployed(units: Vec<Unit>) -> String {
    let project = Project::new(units);
    let assumptions = Assumptions::default();
    let mut evaluator = Evaluator::new(&project, &assumptions);
    let frame = evaluator.deploy(FileId(0));
    let value = evaluator.output(frame, "o").map(|output| output.value);
    if let Some(why) = evaluator.audit(frame) {
        return of(&why);
    }
    let value = value.unwrap_or_else(|| Value::failed("no output"));
    match evaluator.to_json(&value) {
        Ok(json) => json,
        Err(unknown) => of(&unknown.why),
    }
}

fn of(why: &Why) -> String {
    match why {
        Why::Failed(_) => "fails",
        _ => "?",
    }
    .to_owned()
}

fn program(declarations: &str, expression: &str) -> String {
    let text = format!("{declarations}\noutput o any = {expression}");
    deployed(vec![unit(&text, &[])])
}

fn value(expression: &str) -> String {
    program("param zero int = 0", expression)
}

#[test]
fn what_is_not_asked_for_is_evaluated_all_the_same() {
    assert_eq!(value("{a: 1 / zero, b: 1}.b"), "fails"); // as variable-0040
    assert_eq!(value("length([1 / zero])"), "fails");
    assert_eq!(value("contains([1, 1 / zero], 1)"), "fails");
    assert_eq!(value("map([1, 0], x => 1 / x)[0]"), "fails");
    assert_eq!(program("param p object = {}", "p.?a[1 / 0]"), "fails");
    assert_eq!(value("[true ? 1 : 1 / zero]"), "[1]");
    assert_eq!(value("[null ?? 1, 1 ?? 1 / zero]"), "[1,1]");
    assert_eq!(value("[true || 1 / zero == 1]"), "[true]");
    assert_eq!(value("map([], x => 1 / zero)"), "[]"); // lambda-0022
    assert_eq!(program("var v = length([1 / 0])", "1"), "fails");
}

#[test]
fn loops_have_at_most_800_rounds_in_variables_too() {
    let declared = |count| format!("var v = [for i in range(0, {count}): i]");
    assert_eq!(program(&declared(801), "length(v)"), "fails");
    assert_eq!(program(&declared(800), "length(v)"), "800");
    assert_eq!(value("length(map(range(0, 801), i => i))"), "801");
}

#[test]
fn a_question_mark_protects_the_chain_only_when_it_finds_nothing() {
    let of = |chain| program("param p object = {a: 1, b: {c: 2, n: null}}", chain);
    assert_eq!(of("p.?x.y.z"), "null"); // access-0014
    assert_eq!(of("p.?b.c"), "2");
    assert_eq!(of("p.?b.z"), "fails"); // x1305 of the ARM oracle
    assert_eq!(of("p.?a.z"), "fails"); // x1308
    assert_eq!(of("p.?b.n.z"), "?");
    assert_eq!(of("p.?x[^1]"), "?");
    assert_eq!(of("p.?b.?z.y"), "null");
}

#[test]
fn safe_access_looks_any_text_or_integer_up_and_nothing_else() {
    assert_eq!(value("any({a: 1})[?0]"), "null"); // x550 of the ARM oracle
    assert_eq!(value("any([1])[?'x']"), "null");
    assert_eq!(value("any([1])[?null]"), "fails"); // access-0075
    assert_eq!(value("any(null)[?null]"), "fails");
    assert_eq!(value("any(null)[?true]"), "fails");
    assert_eq!(value("any('x')[?^1]"), "?");
    assert_eq!(value("any(null)[?^1]"), "null"); // x558
}

#[test]
fn arguments_and_results_of_functions_are_checked_deeply() {
    let of = |function, call| program(function, call);
    let length = "func f(a int[]) int => length(a)";
    assert_eq!(of(length, "f([1])"), "1");
    assert_eq!(of(length, "f(any(['x']))"), "fails");
    assert_eq!(
        of("func f(a { x: int }) int => 1", "f(any({x: ''}))"),
        "fails"
    );
    assert_eq!(of("func f(a { x: int }) int => 1", "f(any({X: 1}))"), "?");
    assert_eq!(of("func f() int[] => any(['x'])", "f()"), "fails");
}

#[test]
fn a_value_keeps_to_one_member_of_a_union() {
    let types = "type A = { kind: 'a', n: int }\ntype B = { kind: 'b', s: string }\n";
    let of = |value| {
        let declared =
            format!("{types}@discriminator('kind')\ntype U = A | B\nparam p U = any({value})");
        program(&declared, "p.kind")
    };
    assert_eq!(of("{kind: 'a', n: 1}"), "\"a\""); // param-validation-0178
    assert_eq!(of("{kind: 'a', n: ''}"), "fails");
    assert_eq!(of("{kind: 'c'}"), "fails");
    assert_eq!(of("{n: 1}"), "fails");
    assert_eq!(of("{kind: 'A', n: 1}"), "?");
}

#[test]
fn types_say_what_values_may_be() {
    let of = |r#type, value| program(&format!("{type} = any({value})"), "p");
    assert_eq!(of("@sealed()\nparam p { a: int }", "{a: 1, b: 2}"), "fails");
    assert_eq!(
        of("param p { a: int }", "{a: 1, b: 2}"),
        "{\"a\":1,\"b\":2}"
    );
    assert_eq!(of("param p 1 | 2", "json('1.0')"), "fails");
    assert_eq!(of("@allowed([['a']])\nparam p array", "['b']"), "?");
}

#[test]
fn half_a_surrogate_pair_fails_only_where_it_is_printed() {
    assert_eq!(value("first('\\u{1F600}')"), "fails"); // string-measure-0023
    assert_eq!(value("'\\u{d800}'"), "fails"); // op-interpolation-0060
    assert_eq!(value("length(first('\\u{1F600}'))"), "?");
    assert_eq!(value("first('\\u{d800}')"), "?");
}

fn with_module(call: &str, module: &str, expression: &str) -> String {
    let main = format!("{call}\noutput o any = {expression}");
    deployed(vec![unit(&main, &[FileId(1)]), unit(module, &[])])
}

#[test]
fn a_module_that_fails_ends_everything_unless_it_is_not_deployed() {
    let module = "@minLength(3)\nparam name string\noutput s string = name";
    let of = |call, expression| with_module(call, module, expression);
    let good = "module m 'm.bicep' = { params: { name: 'abc' } }";
    assert_eq!(of(good, "m.outputs.s"), "\"abc\"");
    assert_eq!(
        of("module m 'm.bicep' = { params: { name: 'a' } }", "1"),
        "fails"
    );
    let off = "param on bool = false\nmodule m 'm.bicep' = if (on) { params: { name: 'a' } }";
    assert_eq!(of(off, "1"), "1");
    assert_eq!(of(off, "m.?outputs.s"), "null"); // module-0021
    assert_eq!(of(off, "m!.outputs.s"), "?"); // module-0022
    assert_eq!(of(off, "m.outputs.s"), "?");
    let odd = "output s string = ''\noutput t int = any('x')";
    assert_eq!(
        with_module("module m 'm.bicep' = {}", odd, "m.outputs.s"),
        "fails"
    );
}

#[test]
fn what_is_known_only_while_deploying_leaves_logic_open() {
    let open = "environment().name";
    assert_eq!(value(&format!("{open} == 'x' && false")), "?");
    assert_eq!(value(&format!("false && {open} == 'x'")), "false"); // scope-0062
    assert_eq!(value(&format!("{open} == 1")), "?");
    assert_eq!(value("contains(environment(), 'name')"), "?");
}

#[test]
fn a_failure_is_no_length() {
    assert_eq!(value("length(padLeft(any(true), 3)) < 0"), "fails");
}

#[test]
fn rare_arguments_of_functions() {
    assert_eq!(value("cidrHost('10.0.0.0/24', -1)"), "\"10.0.0.0\""); // x613 of the ARM oracle
    assert_eq!(value("cidrHost('10.0.0.0/24', -2)"), "?");
    assert_eq!(value("max(1, json('1.0'))"), "?");
    assert_eq!(value("dateTimeToEpoch('1969-12-31T23:59:59.5Z')"), "?");
    assert_eq!(value("base64ToJson('')"), "?");
    assert_eq!(value("dataUriToString('data:base64,YQ==')"), "?");
    assert_eq!(value("format('{0:0.0}', json('-0.5'))"), "?");
    assert_eq!(value("dateTimeAdd('2020-01-01', 'PT.5S')"), "?");
    let id = "resourceId('{11111111-1111-1111-1111-111111111111}', 'g', 'A.B/c', 'n')";
    assert_eq!(value(id), "?");
}
