//! Deep nesting gives an error instead of an overflow, in time that grows with the text alone.
//!
//! Every recursive rule is tried on a thread with the small stack that test and worker threads have.

mod nestings;
mod walk;

use std::thread;

use nestings::{CHAINS, NESTINGS};
use tricep_syntax::bicep::{Dialect, Parsed, SyntaxErrorKind, parse};

const MANY: usize = 100_000;

/// The same for texts that end in the middle, which are slow in a debug build.
const MANY_WITHOUT_END: usize = if cfg!(debug_assertions) { 20_000 } else { MANY };

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

#[test]
fn moderate_nesting_is_fine_everywhere() {
    for nesting in NESTINGS {
        let parsed = parse_small(nesting.text(100));
        assert!(!is_too_deep(&parsed), "{}", nesting.open);
    }
}

#[test]
fn the_deepest_nesting_that_is_allowed_fits_on_a_small_stack() {
    for nesting in NESTINGS {
        parse_small(nesting.text(499));
    }
}

#[test]
fn extreme_nesting_is_an_error_and_no_overflow() {
    for nesting in NESTINGS {
        let parsed = parse_small(nesting.text(MANY));
        assert!(is_too_deep(&parsed), "{}", nesting.open);
    }
}

#[test]
fn extreme_nesting_without_an_end_is_an_error_too() {
    for nesting in NESTINGS {
        let parsed =
            parse_small(nesting.before.to_owned() + &nesting.open.repeat(MANY_WITHOUT_END));
        assert!(!parsed.is_valid(), "{}", nesting.open);
    }
}

#[test]
fn long_chains_are_errors_as_they_make_deep_trees() {
    for (before, link) in CHAINS {
        let parsed = parse_small((*before).to_owned() + &link.repeat(MANY) + "\n");
        assert!(is_too_deep(&parsed), "{link}");
        let parsed = parse_small((*before).to_owned() + &link.repeat(400) + "\n");
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
