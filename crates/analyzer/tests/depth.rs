//! Files that are deep, however they are deep, are judged without an overflowing stack.

#[path = "../../syntax/tests/nestings/mod.rs"]
mod nestings;

use std::fmt::Write;
use std::thread;

use nestings::{CHAINS, NESTINGS};
use tricep_analyzer::report::Report;
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};

/// A cluster whose verdict hangs on `a`.
const CLUSTER: &str = "
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: a
    }
  }
}
";

/// Too many levels; the parser's own test has 100,000 in every build.
const MANY: usize = if cfg!(debug_assertions) {
    20_000
} else {
    100_000
};

/// Checks a text on a stack of 2 MB, as the worker threads of the check have one.
fn check_small(text: String) -> Report {
    let mut files = MemoryFileSystem::default();
    files.insert("main.bicep", text);
    let options = CheckOptions {
        files: vec!["main.bicep".to_owned()],
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || check(&files, &options))
        .expect("a thread can be started")
        .join()
        .expect("the check does not overflow")
}

#[test]
fn whatever_the_parser_lets_through_is_judged() {
    for nesting in NESTINGS {
        for times in [100, 240, 495] {
            check_small(nesting.text(times) + CLUSTER);
        }
    }
    for (before, link) in CHAINS {
        for times in [100, 240, 495] {
            let end = if before.starts_with('@') {
                "\nparam a array"
            } else {
                ""
            };
            check_small(format!("{before}{}{end}\n{CLUSTER}", link.repeat(times)));
        }
    }
}

#[test]
fn what_is_too_deep_is_a_finding() {
    for nesting in NESTINGS {
        let report = check_small(nesting.text(MANY) + CLUSTER);
        assert!(!report.findings.is_empty(), "{}", nesting.open);
    }
    for (before, link) in CHAINS {
        let report = check_small(format!("{before}{}\n{CLUSTER}", link.repeat(MANY)));
        assert!(!report.findings.is_empty(), "{link}");
    }
}

#[test]
fn long_chains_of_declarations_do_not_overflow() {
    const LINKS: usize = 5_000;
    for (first, link, last) in [
        ("var v0 = []", "var v# = v<", "var a = v#"),
        (
            "var v0 = []",
            "var v# = concat(v<, ['1.2.3.4'])",
            "var a = v#",
        ),
        ("var v0 = []", "var v# = [...v<]", "var a = v#"),
        ("var v0 = { b: [] }", "var v# = { b: v<.b }", "var a = v#.b"),
        ("var v0 = 'x'", "var v# = '${v<}y'", "var a = [v#]"),
        (
            "var v0 = 1",
            "var v# = v< + 1",
            "var a = v# > 1 ? [] : ['x']",
        ),
        ("param v0 array = []", "param v# array = v<", "var a = v#"),
        (
            "func v0(x array) array => x",
            "func v#(x array) array => v<(x)",
            "var a = v#([])",
        ),
        ("type v0 = string", "type v# = v<[]", "param a v# = []"),
        (
            "resource v0 'A.B/c@2020-01-01' = { name: 'x' }",
            "resource v# 'A.B/c@2020-01-01' = { name: v<.name }",
            "var a = [v#.name]",
        ),
        (
            "module v0 'main.bicep' = { name: 'x' }",
            "module v# 'main.bicep' = { name: v<.outputs.b }",
            "var a = v#.outputs.a",
        ),
    ] {
        let mut text = first.to_owned();
        for at in 1..=LINKS {
            let link = link.replace('#', &at.to_string());
            let link = link.replace('<', &(at - 1).to_string());
            write!(text, "\n{link}").expect("text can be written to");
        }
        let last = last.replace('#', &LINKS.to_string());
        check_small(format!("{text}\n{last}\n{CLUSTER}"));
    }
}

#[test]
fn what_is_defined_by_itself_does_not_overflow() {
    for text in [
        "var a = a",
        "var a = [...a, a]",
        "var a = b\nvar b = a",
        "func f(x array) array => f(concat(x, x))\nvar a = f([])",
        "func f(x array) array => map(x, y => f([y]))\nvar a = f([1])",
        "type t = { u: t }\nparam a t[] = []",
        "param a array = a",
        "resource r 'A.B/c@2020-01-01' = { name: r.name }\nvar a = [r.name]",
        "module a 'main.bicep' = { name: a.outputs.b }",
        "var a = reduce(range(0, 10000), [], (x, y) => concat(x, [y]))",
        "var a = reduce(range(0, 10000), {}, (x, y) => { b: x })",
        "var a = reduce(range(0, 10000), [], (x, y) => [x])",
    ] {
        check_small(format!("{text}\n{CLUSTER}"));
    }
}
