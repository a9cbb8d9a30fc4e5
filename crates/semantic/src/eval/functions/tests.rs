//! Functions and operators on values known in part: what they still answer, and what they ask.

use std::sync::Arc;

use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::text::FileId;

use crate::IndexVec;
use crate::eval::{
    Assumptions, Element, Evaluator, Input, Literal, Object, Piece, Question, Rest, Value, Why,
};
use crate::lower::lower;
use crate::project::{Origin, Project, Unit};

/// The inputs that the expressions of these tests use.
const INPUTS: &str = "
param list array
param more array
param object object
param text string
param flag bool
param env 'dev' | 'test' | 'prod'
param nullable object = {}
";

/// What an expression is with those inputs unknown, in a few characters.
fn shown(expression: &str) -> String {
    assuming(expression, &[])
}

fn assuming(expression: &str, answers: &[(Question, bool)]) -> String {
    let text: Arc<str> = format!("{INPUTS}output o any = {expression}").into();
    let template = lower(&parse(Arc::clone(&text), Dialect::Bicep));
    let project = Project::new(vec![Unit {
        text,
        template,
        targets: IndexVec::default(),
        origin: Origin::Own,
    }]);
    let mut assumptions = Assumptions::default();
    for (question, answer) in answers {
        assumptions = assumptions.with(question.clone(), *answer);
    }
    let mut evaluator = Evaluator::new(&project, &assumptions);
    let frame = evaluator.deploy(FileId(0));
    let value = evaluator
        .output(frame, "o")
        .expect("the output is declared")
        .value;
    show(&mut evaluator, &value)
}

fn show(evaluator: &mut Evaluator<'_>, value: &Value) -> String {
    match value {
        Value::Unknown(unknown) if matches!(unknown.why, Why::Failed(_)) => "fails".to_owned(),
        Value::Unknown(unknown) => match &unknown.question {
            Some(question) => format!("? {}", asked(question)),
            None => "?".to_owned(),
        },
        Value::Partial(pieces) => {
            let pieces = pieces.iter().map(|piece| match piece {
                Piece::Known(text) => text.to_string(),
                Piece::Unknown(_) => "{?}".to_owned(),
            });
            pieces.collect()
        }
        Value::List(list) => {
            let elements: Vec<String> = list
                .elements
                .iter()
                .map(|element| show_element(evaluator, element))
                .collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object(object) => show_object(evaluator, object),
        known => evaluator
            .to_json(known)
            .unwrap_or_else(|unknown| unknown.why.to_string()),
    }
}

fn show_element(evaluator: &mut Evaluator<'_>, element: &Element) -> String {
    match element {
        Element::One(thunk) => {
            let value = evaluator.value(thunk);
            show(evaluator, &value)
        }
        Element::Rest(rest) => {
            let element = rest.element.clone();
            format!("{} {}", show(evaluator, &element), count(rest))
        }
    }
}

fn show_object(evaluator: &mut Evaluator<'_>, object: &Object) -> String {
    let mut members: Vec<String> = Vec::new();
    for entry in &object.entries {
        let value = evaluator.value(&entry.value);
        members.push(format!("{}: {}", entry.key, show(evaluator, &value)));
    }
    members.extend(
        object
            .rest
            .as_ref()
            .map(|rest| format!("… {}", count(rest))),
    );
    format!("{{{}}}", members.join(", "))
}

fn count(rest: &Rest) -> String {
    match rest.max {
        Some(max) => format!("×{}–{max}", rest.min),
        None => format!("×{}+", rest.min),
    }
}

fn asked(question: &Question) -> String {
    match question {
        Question::Equals(input, literal) => format!("{} is {literal}", input.path),
        Question::Choice { input, literal, .. } => format!("{} is {literal}", input.path),
        Question::Matches(input, text) => format!("{} matches {text}", input.path),
        Question::Empty(input) => format!("{} is empty", input.path),
        Question::Null(input) => format!("{} is null", input.path),
        Question::Holds { text, .. } => text.to_string(),
    }
}

fn input(name: &str) -> Input {
    Input {
        frame: "".into(),
        path: name.into(),
    }
}

#[test]
fn emptiness_of_inputs_is_asked() {
    assert_eq!(shown("empty(list)"), "? list is empty");
    assert_eq!(shown("empty(object)"), "? object is empty");
    assert_eq!(shown("empty(text)"), "? text is empty");
    assert_eq!(shown("length(list)"), "? list is empty");
    assert_eq!(shown("first(list)"), "? list is empty");
    assert_eq!(shown("empty(concat(list, more))"), "? list is empty");
    assert_eq!(shown("empty(items(object))"), "? object is empty");
    assert_eq!(shown("empty(map(list, x => x))"), "? list is empty");
    assert_eq!(shown("text == ''"), "? text is empty");
    assert_eq!(shown("list == []"), "? list is empty");
}

#[test]
fn an_assumed_answer_settles_emptiness() {
    let filled = [(Question::Empty(input("text")), false)];
    assert_eq!(assuming("empty(text)", &filled), "false");
    assert_eq!(assuming("text == ''", &filled), "false");
    let filled = [(Question::Empty(input("list")), false)];
    assert_eq!(assuming("empty(list)", &filled), "false");
    assert_eq!(assuming("empty(union(list, more))", &filled), "false");
    assert_eq!(assuming("length(list)", &filled), "?");
    let emptied = [(Question::Empty(input("list")), true)];
    assert_eq!(assuming("concat(list, ['a'])", &emptied), "[\"a\"]");
}

#[test]
fn emptiness_of_something_made_of_an_input_is_not_that_of_the_input() {
    assert_eq!(shown("empty(filter(list, x => x == 1))"), "?");
    assert_eq!(shown("empty(skip(list, 1))"), "?");
    assert_eq!(shown("empty(flatten(list))"), "?");
    assert_eq!(shown("empty(intersection(list, more))"), "?");
}

#[test]
fn what_holds_something_known_is_not_empty() {
    assert_eq!(shown("empty(concat(list, ['a']))"), "false");
    assert_eq!(shown("empty(union(list, ['a']))"), "false");
    assert_eq!(shown("empty(union(['a'], list))"), "false");
    assert_eq!(shown("empty(union(object, {a: 1}))"), "false");
    assert_eq!(shown("empty('x${text}')"), "false");
    assert_eq!(shown("empty(split(text, ','))"), "false");
}

#[test]
fn lists_keep_their_stretches() {
    assert_eq!(shown("concat(['a'], list, ['b'])"), "[\"a\", ? ×0+, \"b\"]");
    assert_eq!(shown("take(concat(['a'], list), 1)"), "[\"a\"]");
    assert_eq!(shown("take(concat(['a'], list), 3)"), "[\"a\", ? ×0–2]");
    assert_eq!(shown("skip(concat(['a', 'b'], list), 1)"), "[\"b\", ? ×0+]");
    assert_eq!(shown("skip(concat(['a'], list), 2)"), "[? ×0+]");
    assert_eq!(shown("first(concat(['a'], list))"), "\"a\"");
    assert_eq!(shown("last(concat(list, ['a']))"), "\"a\"");
    assert_eq!(shown("last(concat(['a'], list))"), "?");
    assert_eq!(
        shown("map(concat(['a'], list), x => 'n-${x}')"),
        "[\"n-a\", n-{?} ×0+]"
    );
    assert_eq!(shown("filter([1, 2], x => x == 1 || flag)"), "[1, 2 ×0–1]");
    assert_eq!(
        shown("sort(concat(['a'], list), (a, b) => a < b)"),
        "[? ×1+]"
    );
    assert_eq!(shown("indexOf(concat(['a'], list), 'a')"), "0");
    assert_eq!(shown("indexOf(concat(['a'], list), 'b')"), "?");
    assert_eq!(shown("reduce(list, 0, (a, b) => 1)"), "?");
    assert_eq!(shown("split('a,${text}', ',')"), "[\"a\", ? ×1+]");
    assert_eq!(shown("join(concat(['a'], list, ['b']), ',')"), "a{?},b");
}

#[test]
fn unions_of_lists_with_unknown_elements_keep_what_is_surely_contained() {
    assert_eq!(shown("union(['a'], ['b', 'a'])"), "[\"a\", \"b\"]");
    assert_eq!(shown("contains(union(list, ['a']), 'a')"), "true");
    assert_eq!(shown("contains(union([text], ['a']), 'a')"), "true");
    // The text may be `a`: then there is one element, and which one is the last is not sure.
    assert_eq!(shown("length(union([text], ['a']))"), "?");
    assert_eq!(shown("last(union([text], ['a']))"), "?");
    assert_eq!(shown("first(union([text], ['a']))"), "?");
    // Elements that differ for sure stay apart.
    assert_eq!(
        shown("length(union([{a: 1, b: text}], [{a: 2, b: text}]))"),
        "2"
    );
    assert_eq!(shown("last(union([{a: 1, b: text}], [{a: 2}])).a"), "2");
}

#[test]
fn unions_of_objects_trust_only_what_nothing_overwrites() {
    assert_eq!(shown("union({a: 1}, object)"), "{a: ?, … ×0+}");
    assert_eq!(shown("union(object, {a: 1})"), "{a: 1, … ×0+}");
    assert_eq!(shown("union(object, {a: null})"), "{a: ?, … ×0+}");
    assert_eq!(
        shown("union(object, {a: {b: 1}})"),
        "{a: {b: 1, … ×0+}, … ×0+}"
    );
    assert_eq!(
        shown("union({a: {b: 1}}, {a: {c: text}})"),
        "{a: {b: 1, c: ?}}"
    );
    assert_eq!(
        shown("shallowMerge([object, {a: null}])"),
        "{a: null, … ×0+}"
    );
    assert_eq!(shown("{...{a: 1}, ...object, b: 2}"), "{a: ?, b: 2, … ×0+}");
    assert_eq!(shown("contains(union({a: 1}, object), 'A')"), "true");
    assert_eq!(shown("contains(union({a: 1}, object), 'b')"), "?");
}

#[test]
fn a_value_that_may_be_null_leaves_the_spelling_of_its_key_open() {
    assert_eq!(shown("objectKeys(union({A: 1}, {a: list[0]}))"), "[? ×0+]");
    assert_eq!(shown("objectKeys(union({A: 1}, {a: text}))"), "[\"a\"]");
}

#[test]
fn further_keys_may_stand_anywhere_between_known_ones() {
    assert_eq!(
        shown("objectKeys(union(object, {'1': 1}))"),
        "[? ×0+, \"1\", ? ×0+]"
    );
    // A further key may be the same one in capitals.
    assert_eq!(shown("objectKeys({...object, a: 1})"), "[? ×0+, ?, ? ×0+]");
    assert_eq!(shown("toObject(['a', text], x => x)"), "{a: \"a\", … ×1–1}");
    assert_eq!(
        shown("mapValues(union(object, {a: 1}), x => x)"),
        "{a: 1, … ×0+}"
    );
}

#[test]
fn comparisons_with_inputs_ask_and_kinds_decide() {
    assert_eq!(shown("text == 'a'"), "? text is 'a'");
    assert_eq!(shown("text != 'a'"), "? text is 'a'");
    assert_eq!(shown("contains(['a', 'b'], text)"), "? text is 'a'");
    assert_eq!(
        assuming("contains(['a', 'b'], text)", &[no("a")]),
        "? text is 'b'"
    );
    assert_eq!(
        assuming("contains(['a', 'b'], text)", &[no("a"), no("b")]),
        "false"
    );
    assert_eq!(shown("text == 1"), "false");
    assert_eq!(shown("list == {}"), "false");
    assert_eq!(shown("text == text"), "true");
    assert_eq!(shown("env == 'prod'"), "? env is 'dev'");
}

fn no(literal: &str) -> (Question, bool) {
    (
        Question::Equals(input("text"), Literal::Text(literal.into())),
        false,
    )
}

#[test]
fn texts_known_in_part_differ_where_known_pieces_do() {
    assert_eq!(shown("'a-${text}' == 'b-x'"), "false");
    assert_eq!(shown("'${text}-a' == 'x-b'"), "false");
    assert_eq!(shown("'a-${text}' == 'a-b'"), "?");
    assert_eq!(shown("startsWith('https://${text}', 'HTTPS:')"), "true");
    assert_eq!(shown("startsWith('http://${text}', 'https:')"), "false");
    assert_eq!(shown("startsWith('http${text}', 'https:')"), "?");
    assert_eq!(shown("endsWith('${text}.net', '.NET')"), "true");
    assert_eq!(shown("contains('a${text}', 'a')"), "true");
    assert_eq!(shown("contains('a${text}', 'b')"), "?");
    assert_eq!(shown("take('abc${text}', 2)"), "\"ab\"");
    assert_eq!(shown("substring('abc${text}', 1, 2)"), "\"bc\"");
    assert_eq!(shown("skip('abc${text}', 1)"), "bc{?}");
    assert_eq!(shown("toUpper('a${text}')"), "A{?}");
    assert_eq!(shown("format('{0}-{1}', text, 1)"), "{?}-1");
    assert_eq!(shown("concat('a', text)"), "a{?}");
}

#[test]
fn lists_and_objects_differ_where_their_shapes_do() {
    assert_eq!(shown("concat(list, ['a']) == []"), "false");
    assert_eq!(shown("concat(['a'], list) == ['b', 'c']"), "false");
    assert_eq!(shown("concat(['a'], list) == ['a', 'c']"), "?");
    assert_eq!(shown("union(object, {a: 1}) == {b: 1}"), "false");
    assert_eq!(shown("[text, 1] == ['a', 2]"), "false");
}

#[test]
fn the_end_of_an_id_is_known() {
    let role = "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')";
    assert_eq!(
        shown(role),
        "/subscriptions/{?}/providers/Microsoft.Authorization/roleDefinitions/x"
    );
}

#[test]
fn a_failure_wins_over_what_is_unknown() {
    assert_eq!(shown("concat(list, any('a'))"), "fails");
    assert_eq!(shown("'${text}${1 / 0}'"), "fails");
    assert_eq!(shown("empty(any(1))"), "fails");
    assert_eq!(shown("union({a: 1}, {a: [text]})"), "fails");
    assert_eq!(shown("text =~ any(1)"), "fails");
    assert_eq!(shown("first(filter(list, x => true)) == 1 / 0"), "fails");
}

#[test]
fn values_that_share_their_parts_or_nest_deeply_end_at_a_limit() {
    let doubled = "reduce(range(0, 60), ['x'], (a, n) => [a, a])";
    assert_eq!(shown(&format!("string({doubled})")), "?");
    assert_eq!(shown(&format!("'${{{doubled}}}'")), "?");
    assert_eq!(shown(&format!("{doubled} == {doubled}")), "?");
    assert_eq!(shown(&format!("distinct([{doubled}])")), "?");
    let nested = "reduce(range(0, 9000), [], (a, n) => [a])";
    assert_eq!(shown(&format!("string({nested})")), "?");
    assert_eq!(shown(&format!("{nested} == {nested}")), "?");
    let text = "reduce(range(0, 60), 'x', (a, n) => '${a}${a}')";
    assert_eq!(shown(&format!("length({text})")), "?");
    let replaced = "reduce(range(0, 60), 'x', (a, n) => replace(a, 'x', 'xx'))";
    assert_eq!(shown(&format!("length({replaced})")), "?");
}
