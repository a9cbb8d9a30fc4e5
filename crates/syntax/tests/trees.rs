//! The tree of texts without and with problems.

mod outline;

use outline::outline;
use tricep_syntax::bicep::{Dialect, parse};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let parsed = parse(text, Dialect::Bicep);
    assert_eq!(outline(&parsed), expected);
}

#[track_caller]
fn valid(text: &str, expected: &[&str]) {
    let parsed = parse(text, Dialect::Bicep);
    assert_eq!(parsed.errors(), [], "{text}");
    assert_eq!(outline(&parsed), expected);
}

// ---------------------------------------------------------------- texts without problems

#[test]
fn operators_bind_by_their_precedence_and_to_the_left() {
    valid(
        "var a = 1 + 2 * 3 - 4 == 5 && !b || c.d ?? e",
        &["var a = ((((((1 + (2 * 3)) - 4) == 5) && (!b)) || c.d) ?? e)"],
    );
    valid("var a = 1 - -1", &["var a = (1 - (-1))"]);
    valid(
        "var a = b ?? c ? d : e ? f : g",
        &["var a = ((b ?? c) ? d : (e ? f : g))"],
    );
}

#[test]
fn access_makes_chains_from_the_left() {
    valid(
        "var a = b.c.?d[0][?^e]::f!.g(1, 2).h",
        &["var a = b.c.?d[0][?^e]::f!.g(1, 2).h"],
    );
}

#[test]
fn a_ternary_may_stand_on_several_lines() {
    valid("var a = b\n  ? c\n  : d", &["var a = (b ? c : d)"]);
}

#[test]
fn lambdas_have_one_bare_name_or_names_in_parentheses() {
    valid(
        "var a = map(b, x => x + 1)",
        &["var a = map(b, ((x) => (x + 1)))"],
    );
    valid(
        "var a = f((x, y) => x, () => 1)",
        &["var a = f(((x, y) => x), (() => 1))"],
    );
    valid("var a = f(x =>\n  x)", &["var a = f(((x) => x))"]);
}

#[test]
fn items_are_separated_by_commas_or_line_breaks() {
    valid("var a = [1, 2\n3\n\n4,]", &["var a = [1, 2, 3, 4]"]);
    valid(
        "var a = { b: 1, 'c': 2\n...d }",
        &["var a = {b: 1, 'c': 2, ...d}"],
    );
}

#[test]
fn loops_have_one_variable_or_two() {
    valid("var a = [for b in c: b]", &["var a = [for b in c: b]"]);
    valid(
        "var a = [\n  for (b, i) in c: { d: i }\n]",
        &["var a = [for b, i in c: {d: i}]"],
    );
    valid("var a = [fort, b]", &["var a = [fort, b]"]);
}

#[test]
fn keywords_are_names_where_they_mean_nothing() {
    valid("var var = resource.for", &["var var = resource.for"]);
    valid("param param string", &["param param string"]);
    valid(
        "var a = { resource: 1, if: in }",
        &["var a = {resource: 1, if: in}"],
    );
}

#[test]
fn resources_have_objects_conditions_loops_and_nested_resources() {
    valid(
        "@batchSize(1)\nresource a 'b@c' = [for d in e: if (f) {\n  name: d\n}]",
        &["@batchSize(1) resource a 'b@c' = [for d in e: if f {name: d}]"],
    );
    valid(
        "resource a 'b' existing = {\n  resource c 'd' = {\n    name: 'e'\n  }\n  resource: 1\n}",
        &["resource a 'b' existing = {resource c 'd' = {name: 'e'}, resource: 1}"],
    );
}

#[test]
fn types_have_a_grammar_of_their_own() {
    valid(
        "type a = 'b' | -1 | null\nparam c string[]?\ntype d = { e: int?, *: f.g<'h'> }",
        &[
            "type a = ('b' | (-1) | null)",
            "param c (string[]?)",
            "type d = { e: int?, *: f.g<'h'> }",
        ],
    );
    valid(
        "func a(b int, c resource 'd') object => { e: b }",
        &["func a(b int, c resource 'd') object => {e: b}"],
    );
}

#[test]
fn imports_and_extensions_take_lists_and_aliases() {
    valid(
        "import { a, b as c, 'd-e' as f } from 'g'\nimport * as h from 'i'",
        &[
            "import {a, b as c, 'd-e' as f} from 'g'",
            "import * as h from 'i'",
        ],
    );
    valid(
        "extension a with { b: 1 } as c\nimport 'd' as e",
        &["extension a with {b: 1} as c", "extension 'd' as e"],
    );
}

#[test]
fn parameter_files_have_their_own_statements() {
    let text = "using 'a.bicep'\nextends 'b.bicepparam'\nparam c = 'd'\nvar e = 1\n\
                extensionConfig f with { g: 1 }\n";
    let parsed = parse(text, Dialect::Params);
    assert_eq!(parsed.errors(), []);
    assert_eq!(
        outline(&parsed),
        [
            "using 'a.bicep'",
            "extends 'b.bicepparam'",
            "param c = 'd'",
            "var e = 1",
            "extensionConfig f with {g: 1}",
        ]
    );
    let parsed = parse("using none with { a: 1 }", Dialect::Params);
    assert_eq!(outline(&parsed), ["using none with {a: 1}"]);
}

// ---------------------------------------------------------------- texts with problems

#[test]
fn a_missing_value_keeps_its_key() {
    check(
        "resource a 'b' = {\n  name:\n  location: c\n}\nvar d = 1",
        &["resource a 'b' = {name: ?, location: c}", "var d = 1"],
    );
}

#[test]
fn a_bad_property_line_keeps_the_lines_around_it() {
    check(
        "var a = {\n  b: 1 )\n  c = 2\n  d\n  : 3\n  e 4\n  * 5\n  f: 6 g: 7\n}",
        &["var a = {b: 1, skipped, c: 2, d: ?, ?: 3, e: 4, skipped, f: 6, g: 7}"],
    );
}

#[test]
fn a_bracket_that_never_closes_ends_before_the_next_declaration() {
    check(
        "resource a 'b' = {\n  c: {\n    d: [\n      1\n  }\n\nparam e int",
        &["resource a 'b' = {c: {d: [1]}}", "param e int"],
    );
    check("var a = f(1,\nvar b = 2", &["var a = f(1)", "var b = 2"]);
    check(
        "var a = (1 + 2\nvar b = 2",
        &["var a = (1 + 2)", "var b = 2"],
    );
    check(
        "type a = {\n  b: int\n@f()\nparam c int",
        &["type a = {\n  b: int", "@f() param c int"],
    );
}

#[test]
fn a_property_ends_what_is_open_in_the_one_before() {
    check(
        "var a = {\n  b: f(1, 2\n  c: [\n    3\n  d: (4 + 5\n  e: g[6\n  'h': 7\n}",
        &["var a = {b: f(1, 2), c: [3], d: (4 + 5), e: g[6], 'h': 7}"],
    );
    check(
        "type a = {\n  b: [\n    int\n  c: d<'e'\n  f: int\n}\nvar g = 1",
        &[
            "type a = {\n  b: [\n    int\n  c: d<'e'\n  f: int\n}",
            "var g = 1",
        ],
    );
}

#[test]
fn a_wrong_bracket_does_not_end_what_is_around_it() {
    check(
        "var a = { b: [1, 2 }\nvar c = 1",
        &["var a = {b: [1, 2]}", "var c = 1"],
    );
    check(
        "var a = '${f(1}'\nvar c = 1",
        &["var a = '${f(1)}'", "var c = 1"],
    );
}

#[test]
fn a_missing_assignment_or_arrow_is_taken_as_there() {
    check("var a 1", &["var a = 1"]);
    check("resource a 'b' {\n  c: 1\n}", &["resource a 'b' = {c: 1}"]);
    check("var a : 1", &["var a = 1"]);
    check(
        "resource a 'b' c {\n  d: 1\n}",
        &["resource a 'b' = {d: 1}"],
    );
    check(
        "resource a 'b' =\n  c: 1\n  d: 2\n}\nvar e = 1",
        &["resource a 'b' = {c: 1, d: 2}", "var e = 1"],
    );
    check("func a(b int string => b", &["func a(b int) string => b"]);
    check(
        "var a = [for b in c { d: b }]",
        &["var a = [for b in c: {d: b}]"],
    );
}

#[test]
fn missing_names_types_and_operands_leave_gaps() {
    check(
        "param\nparam = 1\nparam a = 2",
        &["param ? ?", "param ? ? = 1", "param a ? = 2"],
    );
    check(
        "var a = 1 +\nvar b = -\nvar c = d.",
        &["var a = (1 + ?)", "var b = (-?)", "var c = d.?"],
    );
    check(
        "module a = {\n  name: 'a'\n}",
        &["module a ? = {name: 'a'}"],
    );
    check("output a string =", &["output a string = ?"]);
}

#[test]
fn a_declaration_behind_a_decorator_on_its_line_is_kept() {
    check("@secure() param a string", &["@secure() param a string"]);
    check("@\nparam a string", &["@? param a string"]);
}

#[test]
fn an_unknown_word_skips_its_whole_statement() {
    check(
        "resourc a 'b' = {\n  c: 1\n}\nvar d = 1",
        &["skipped \"resourc a 'b' = {\\n  c: 1\\n}\"", "var d = 1"],
    );
}

#[test]
fn strings_that_end_at_the_line_break_are_strings() {
    check(
        "var a = 'b\nvar c = 'd${e\nvar f = 1",
        &["var a = 'b", "var c = '${e}'", "var f = 1"],
    );
}
