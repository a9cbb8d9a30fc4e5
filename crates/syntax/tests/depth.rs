//! Deep nesting gives an error instead of an overflow, in time that grows with the text alone.
//!
//! Every recursive rule is tried on a thread with the small stack that test and worker threads have.

mod walk;

use std::thread;

use tricep_syntax::bicep::{Dialect, Parsed, SyntaxErrorKind, parse};

const MANY: usize = 100_000;

/// Parses on a stack of 2 MB, and walks the tree there, which may recurse.
fn parse_small(text: String) -> Parsed {
    thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || {
            let parsed = parse(text, Dialect::Bicep);
            walk::walk(&parsed, |_, _| ());
            parsed
        })
        .expect("a thread can be started")
        .join()
        .expect("neither the parser nor the walk overflows")
}

fn is_too_deep(parsed: &Parsed) -> bool {
    let mut errors = parsed.errors().iter();
    errors.any(|error| error.kind == SyntaxErrorKind::TooDeep)
}

/// Something nested in itself, and what stands around all of it.
struct Nesting {
    before: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
    after: &'static str,
}

const fn nesting(
    before: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
    after: &'static str,
) -> Nesting {
    Nesting {
        before,
        open,
        middle,
        close,
        after,
    }
}

const NESTINGS: [Nesting; 22] = [
    nesting("var a = ", "(", "1", ")", ""),
    nesting("var a = ", "[", "1", "]", ""),
    nesting("var a = ", "[\n", "1", "\n]", ""),
    nesting("var a = ", "{ a: ", "1", " }", ""),
    nesting("var a = ", "f(", "1", ")", ""),
    nesting("var a = ", "a.f(", "1", ")", ""),
    nesting("var a = ", "a[", "1", "]", ""),
    nesting("var a = ", "x => ", "1", "", ""),
    nesting("var a = ", "() => ", "1", "", ""),
    nesting("var a = ", "a ? 1 : ", "1", "", ""),
    nesting("var a = ", "a ? ", "1", " : 1", ""),
    nesting("var a = ", "'${", "1", "}'", ""),
    nesting("var a = ", "[for x in y: ", "1", "]", ""),
    nesting("var a = ", "[for x in ", "y", ": 1]", ""),
    nesting("var a = ", "-(!(", "1", "))", ""),
    nesting("var a = ", "[...", "1", "]", ""),
    nesting("type a = ", "(", "int", ")", ""),
    nesting("type a = ", "[", "int", "]", ""),
    nesting("type a = ", "{ a: ", "int", " }", ""),
    nesting("type a = ", "a<", "int", ">", ""),
    nesting(
        "resource a 'b' = {\n",
        "resource a 'b' = {\n",
        "a: 1\n",
        "}\n",
        "}\n",
    ),
    nesting("type a = ", "{\n@f()\na: ", "int", "\n}", ""),
];

fn text(nesting: &Nesting, times: usize) -> String {
    [
        nesting.before,
        &nesting.open.repeat(times),
        nesting.middle,
        &nesting.close.repeat(times),
        nesting.after,
    ]
    .concat()
}

#[test]
fn moderate_nesting_is_fine_everywhere() {
    for nesting in &NESTINGS {
        let parsed = parse_small(text(nesting, 100));
        assert!(!is_too_deep(&parsed), "{}", nesting.open);
    }
}

#[test]
fn the_deepest_nesting_that_is_allowed_fits_on_a_small_stack() {
    for nesting in &NESTINGS {
        parse_small(text(nesting, 499));
    }
}

#[test]
fn extreme_nesting_is_an_error_and_no_overflow() {
    for nesting in &NESTINGS {
        let parsed = parse_small(text(nesting, MANY));
        assert!(is_too_deep(&parsed), "{}", nesting.open);
    }
}

#[test]
fn extreme_nesting_without_an_end_is_an_error_too() {
    for nesting in &NESTINGS {
        let parsed = parse_small(nesting.before.to_owned() + &nesting.open.repeat(MANY));
        assert!(!parsed.is_valid(), "{}", nesting.open);
    }
}

#[test]
fn long_chains_are_errors_as_they_make_deep_trees() {
    for (before, link) in [
        ("var a = a", " + a"),
        ("var a = a", " ?? a"),
        ("var a = a", ".b"),
        ("var a = a", "[0]"),
        ("var a = a", "!"),
        ("var a = a", "::b"),
        ("var a = a", ".f()"),
        ("type a = a", ".b"),
        ("type a = a", "[]"),
        ("type a = a", "? "),
        ("@a", ".b"),
    ] {
        let parsed = parse_small(before.to_owned() + &link.repeat(MANY) + "\n");
        assert!(is_too_deep(&parsed), "{link}");
        let parsed = parse_small(before.to_owned() + &link.repeat(400) + "\n");
        assert!(!is_too_deep(&parsed), "{link}");
    }
}

#[test]
fn many_things_side_by_side_are_not_deep() {
    let texts = [
        format!("var a = [{}]", "a.b + c,".repeat(MANY)),
        format!("var a = {{{}}}", "a: b.c,".repeat(MANY)),
        format!("var a = '{}'", "${a.b}".repeat(MANY)),
        format!("type a = {}int", "int[] | ".repeat(MANY)),
        format!("var a = {}b", "a.b.c == d.e.f || ".repeat(400)),
        "var a = b + c\n".repeat(MANY),
    ];
    for text in texts {
        assert!(parse_small(text).is_valid());
    }
}

#[test]
fn long_runs_of_anything_fit_on_a_small_stack() {
    for unit in [
        "/**/", " ", "\n", "a", "1", "'", "$", "#", "// a\r", "😀", "@", "@a\n", "!",
    ] {
        parse_small(unit.repeat(MANY));
    }
}
