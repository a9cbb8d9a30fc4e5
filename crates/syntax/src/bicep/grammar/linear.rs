//! A test that the work on a text grows with its length alone, in steps of the parser instead of time.

use super::kit::{Keep, Mode, Report};
use super::run;
use crate::bicep::lexer::lex;
use crate::bicep::parsed::Dialect;

/// Enough for whatever is limited elsewhere, such as nesting, to count no longer.
const MANY: usize = 6_000;

/// Twice the text may take so many times the steps, in percent.
const MOST: u64 = 230;

/// What stands before, and what is repeated behind it without an end.
const UNENDING: &[(&str, &str)] = &[
    ("var a = ", "("),
    ("var a = ", "(\n"),
    ("var a = ", "["),
    ("var a = ", "[\n"),
    ("var a = ", "{ a: "),
    ("var a = ", "{\n a: "),
    ("var a = ", "f("),
    ("var a = ", "f(\n"),
    ("var a = ", "a.f(1, "),
    ("var a = ", "a["),
    ("var a = ", "a[?^"),
    ("var a = ", "x => "),
    ("var a = ", "x =>\n"),
    ("var a = ", "() => "),
    ("var a = ", "a ? 1 : "),
    ("var a = ", "a ? "),
    ("var a = ", "a\n? "),
    ("var a = ", "'${"),
    ("var a = ", "$'''${"),
    ("var a = ", "[for x in y: "),
    ("var a = ", "[for x in "),
    ("var a = ", "[for (x, y) in z: {\n b: "),
    ("var a = ", "[for ("),
    ("var a = ", "-"),
    ("var a = ", "-(!("),
    ("var a = ", "[..."),
    ("var a = ", "{ ..."),
    ("var a = ", "{ '${a}': "),
    ("var a = a", " + a"),
    ("var a = a", " + "),
    ("var a = a", ".b"),
    ("var a = a", "."),
    ("var a = a", "[0]"),
    ("var a = a", "[]"),
    ("var a = a", "!"),
    ("var a = a", "::b"),
    ("var a = a", ".f()"),
    ("var a = a", ")"),
    ("var a = [", "]"),
    ("var a = {", "}"),
    ("var a = [1", "\n /**/ \n"),
    ("var a = f(1", "\n /**/ \n"),
    ("var a = f(", "1\n"),
    ("var a = x => x => x => f(", "\n /**/ \n"),
    ("var a = (((((((((( a", "\n /**/ \n"),
    ("type a = ", "("),
    ("type a = ", "["),
    ("type a = ", "{ a: "),
    ("type a = ", "{\n a: "),
    ("type a = ", "a<"),
    ("type a = ", "a["),
    ("type a = ", "{\n@f()\na: "),
    ("type a = ", "[\n @f()\n"),
    ("type a = a", "?"),
    ("type a = a", "[]"),
    ("type a = a", ".*"),
    ("", "@"),
    ("", "@a\n"),
    ("@a", ".b"),
    ("@", "a(@"),
    ("@", "f("),
    ("func f(", "a int, "),
    ("func f(", "a (b"),
    ("import {", "a "),
    ("import {", "a,\n"),
    ("", "resource a 'b' = {\n"),
    ("", "resource a 'b' = [for c in d: {\n"),
    ("", "resource a 'b' = if (c) {\n"),
    ("resource a 'b' = if ", "("),
    ("resource a 'b' = {\n", "@a\n"),
    ("resource a 'b' = {\n", " @a\n"),
    ("", "var a [\n"),
    ("", " var a (\n"),
    ("", "var a "),
    ("", "var a {\n"),
    ("", " param a {\n b\n"),
    ("", "a (\n"),
    ("", "a: (\n"),
    ("var a = {\n", " b: [\n"),
    ("var a = {\n", " b = (\n"),
    ("var a = {\n", "b c d\n"),
    ("var a = {\n", "* "),
    ("", "var a = b\n"),
    ("", "\"\n"),
    ("", "resource a b c d e\n"),
    ("", "module m = '\n"),
    ("type a = a", " | "),
    ("type a = a", " | b"),
    ("type a = a", "\n | b"),
];

fn steps<M: Mode>(text: &str) -> u64 {
    let (tokens, lexical) = lex(text);
    run::<M>(text, &tokens, Dialect::Bicep, &lexical)
        .expect("the recovering modes never give up")
        .steps
}

/// The steps for twice the text, in percent of those for the text.
fn growth<M: Mode>(before: &str, unit: &str) -> u64 {
    let text = |times: usize| format!("{before}{}", unit.repeat(times));
    steps::<M>(&text(2 * MANY)) * 100 / steps::<M>(&text(MANY))
}

#[test]
fn twice_the_text_takes_twice_the_steps() {
    for (before, unit) in UNENDING {
        let growths = [growth::<Report>(before, unit), growth::<Keep>(before, unit)];
        let fine = growths.iter().all(|&growth| growth <= MOST);
        assert!(fine, "{before:?} and many {unit:?}: {growths:?} %");
    }
}
