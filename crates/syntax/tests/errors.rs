//! What is reported for broken texts, and where: as the reference compiler does.

use tricep_syntax::bicep::{Dialect, parse};

/// Checks codes and the text they are about; `|` stands for a place between characters, with the rest
/// of the line behind it.
#[track_caller]
fn check_in(dialect: Dialect, text: &str, expected: &[(&str, &str)]) {
    let parsed = parse(text, dialect);
    let found: Vec<_> = parsed
        .errors()
        .iter()
        .map(|error| {
            let about = match &text[error.span.range()] {
                "" => {
                    let rest = &text[error.span.start as usize..];
                    format!("|{}", rest.lines().next().unwrap_or_default())
                }
                about => about.to_owned(),
            };
            (error.kind.code(), about)
        })
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(code, about)| (*code, &**about))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    check_in(Dialect::Bicep, text, expected);
}

#[test]
fn a_lone_keyword_gives_one_message() {
    check("param", &[("BCP013", "|")]);
    check("var", &[("BCP015", "|")]);
    check("output", &[("BCP016", "|")]);
    check("resource", &[("BCP017", "|")]);
    check("module", &[("BCP096", "|")]);
    check("metadata", &[("BCP266", "|")]);
}

#[test]
fn some_statements_repeat_themselves() {
    check("targetScope", &[("BCP018", "|"), ("BCP009", "|")]);
    check("type a", &[("BCP018", "|"), ("BCP279", "|")]);
}

#[test]
fn a_part_that_was_skipped_does_not_silence_the_next() {
    check("var = 1", &[("BCP015", "="), ("BCP018", "|")]);
    check("param a = 1", &[("BCP279", "=")]);
}

#[test]
fn a_line_break_is_marked_at_its_start() {
    check("var a = // c\nvar b = 1", &[("BCP009", "|")]);
}

#[test]
fn a_missing_brace_takes_the_rest_of_the_file() {
    check("var a = {\nvar b = 1\nvar c = 2\n", &[("BCP018", "|")]);
    check("var a = [1, 2}\n", &[("BCP018", "|")]);
}

#[test]
fn a_bad_item_takes_the_rest_of_its_line() {
    check("var a = [*, 1]", &[("BCP009", "*")]);
    check("var a = { b: *, c: * }", &[("BCP009", "*")]);
    check("var a = f(*, *)", &[("BCP009", "*"), ("BCP009", "*")]);
}

#[test]
fn separators_are_missing_or_too_many() {
    check("var a = [1 2]", &[("BCP236", "|2]")]);
    check("var a = [1,\n2]", &[("BCP238", "|")]);
    check("var a = f(1\n2)", &[("BCP237", "|")]);
    check("var a = f(1,)", &[("BCP009", ")")]);
    check("var a = f(1 2)", &[("BCP236", "|2)")]);
}

#[test]
fn parentheses_hold_one_value() {
    check("var a = ()", &[("BCP243", "|)")]);
    check("var a = (1, 2)", &[("BCP243", "1, 2")]);
    check("var a = (\n1)", &[("BCP243", "\n1")]);
    check("var a = (1", &[("BCP018", "|")]);
}

#[test]
fn two_unary_operators_are_one_too_many() {
    check("var a = !!b", &[("BCP009", "!")]);
    check("var a = - -b", &[("BCP009", "-")]);
}

#[test]
fn holes_take_one_plain_expression() {
    check("var a = '${}'", &[("BCP009", "}'")]);
    check("var a = '${b c}'", &[("BCP064", "c")]);
    check("var a = '${[1]}'", &[("BCP087", "[")]);
    check("var a = '${map(b, x => [x])}'", &[]);
}

#[test]
fn access_without_a_name_or_index_goes_on() {
    check(
        "var a = b.\nvar c = d[]",
        &[("BCP020", "|"), ("BCP117", "|]")],
    );
    check("var a = b.?c()", &[("BCP322", "?")]);
}

#[test]
fn statements_end_at_the_line() {
    check("var a = 1 2\nvar b = 3", &[("BCP019", "2")]);
    check("@a() param b string", &[("BCP019", "param")]);
    check("@a()", &[("BCP019", "|")]);
    check("foo bar", &[("BCP007", "foo")]);
}

#[test]
fn a_string_that_is_required_eats_the_line() {
    check("resource a b = {}", &[("BCP068", "b"), ("BCP018", "|")]);
    check(
        "resource a 'b\n",
        &[("BCP004", "'b"), ("BCP068", "'b"), ("BCP018", "|")],
    );
}

#[test]
fn loops_and_conditions_need_their_parts() {
    check("var a = [for in b: c]", &[("BCP012", "b"), ("BCP009", "]")]);
    check(
        "var a = [for 1 in b: c]",
        &[("BCP162", "|1 in b: c]"), ("BCP009", "]")],
    );
    check("resource a 'b' = [for c in d: 1]", &[("BCP167", "1")]);
    check("resource a 'b' = if {\n}", &[("BCP018", "{")]);
    check("var a = [for (b) in c: b]", &[("BCP249", "(b)")]);
}

#[test]
fn types_are_missing_where_they_belong() {
    check("type a = ", &[("BCP279", "|")]);
    check("type a = 'b' |\nvar c = 1", &[("BCP300", "|")]);
    check("type a = { 1: int }", &[("BCP317", "1")]);
    check("func a(b) int => 1", &[("BCP279", ")")]);
    check(
        "func a(, b int) int => 1",
        &[("BCP015", "|, b int) int => 1"), ("BCP279", ",")],
    );
}

#[test]
fn imports_name_what_they_take() {
    check("import a", &[("BCP354", "|a"), ("BCP012", "a")]);
    check("import { 'a' } from 'b'", &[("BCP375", "'a'")]);
    check("import { 'a${1}' as b } from 'c'", &[("BCP032", "'a${1}'")]);
    check("import { 1 } from 'b'", &[("BCP355", "1")]);
    check("import * from 'b'", &[("BCP012", "from"), ("BCP012", "|")]);
    check("extension a b", &[("BCP305", "b")]);
}

#[test]
fn parameter_files_hold_certain_statements_only() {
    let params = Dialect::Params;
    check_in(params, "output a string = 'b'", &[("BCP337", "output")]);
    check_in(params, "using a", &[("BCP012", "a")]);
    check_in(params, "using", &[("BCP354", "|")]);
    check_in(params, "using 'a' b", &[("BCP436", "b")]);
    check_in(params, "param a", &[("BCP018", "|")]);
    check_in(params, "extends", &[("BCP404", "|")]);
}

#[test]
fn numbers_have_64_bits() {
    check("var a = 18446744073709551615", &[]);
    check(
        "var a = 18446744073709551616",
        &[("BCP010", "18446744073709551616")],
    );
}

#[test]
fn messages_name_what_is_missing() {
    let parsed = parse("var a = [1", Dialect::Bicep);
    assert_eq!(parsed.errors()[0].kind.to_string(), "`]` is missing here");
    let parsed = parse("import * from 'a'", Dialect::Bicep);
    assert_eq!(
        parsed.errors()[0].kind.to_string(),
        "the word `as` is missing here"
    );
}
