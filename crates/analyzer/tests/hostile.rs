//! Input made to exhaust: every deployment here is judged, and where a limit is reached the verdict
//! says so. Sizes are chosen so that without the limits no machine would finish.

use std::fmt::Write;

use tricep_analyzer::report::Report;
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};
use tricep_rules::{Outcome, Reason};

/// A cluster whose verdict hangs on the list `a`.
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

fn check_files(files: impl IntoIterator<Item = (String, String)>, entry: &str) -> Report {
    let mut memory = MemoryFileSystem::default();
    for (path, text) in files {
        memory.insert(path, text);
    }
    let options = CheckOptions {
        files: vec![entry.to_owned()],
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    check(&memory, &options)
}

fn check_text(text: String) -> Report {
    check_files([("main.bicep".to_owned(), text)], "main.bicep")
}

/// The outcome and reason of the one verdict on the cluster.
fn verdict(report: &Report) -> (Outcome, Reason) {
    let mut verdicts = report.findings.iter().filter(|found| found.rule.is_some());
    let (Some(verdict), None) = (verdicts.next(), verdicts.next()) else {
        panic!("not one verdict: {:#?}", report.findings);
    };
    let reason = verdict.reason.expect("verdicts have reasons");
    (verdict.outcome, reason)
}

#[test]
fn lists_and_texts_that_grow_without_end_reach_a_limit() {
    let doubled = |first: &str, link: &str, last: &str| {
        let mut text = format!("var v0 = {first}\n");
        for at in 1..=64 {
            let link = link.replace('<', &format!("v{}", at - 1));
            writeln!(text, "var v{at} = {link}").expect("text can be written to");
        }
        format!("{text}var a = {last}\n{CLUSTER}")
    };
    for text in [
        doubled("'x'", "'${<}${<}'", "[v64]"),
        doubled("'x'", "concat(<, <)", "[v64]"),
        doubled("'x'", "replace('xx', 'x', <)", "[v64]"),
        doubled("'x'", "base64('${<}${<}')", "[v64]"),
        doubled("'x'", "join([<, <], <)", "[v64]"),
        doubled("['x']", "concat(<, <)", "v64"),
        doubled("['x']", "[...<, ...<]", "v64"),
        doubled("['x']", "flatten([<, <])", "v64"),
        doubled("['x']", "flatten(map(<, x => [x, x]))", "v64"),
    ] {
        let report = check_text(text.clone());
        let found = verdict(&report);
        // The list surely has an entry however far its making got, or the limit is told.
        let honest = found.0 == Outcome::Pass || found == (Outcome::Unknown, Reason::BUDGET);
        assert!(honest, "{found:?}\n{text}");
    }
}

#[test]
fn counting_beyond_what_deploys_is_no_work() {
    for list in [
        "range(0, 2147483647)",
        "map(range(0, 2147483647), n => '10.0.0.${n}')",
        "filter(range(0, 10000), n => n > length(range(0, 10000)))",
        "[for n in range(0, 2147483647): '10.0.0.${n}']",
    ] {
        let report = check_text(format!("var a = {list}\n{CLUSTER}"));
        assert_ne!(verdict(&report).0, Outcome::Pass, "{list}");
    }
}

#[test]
fn choices_beyond_number_are_not_all_told_apart() {
    let mut ternary = String::from("[]");
    for at in 0..200 {
        ternary = format!("env == '{at}' ? ['198.51.100.{at}'] : ({ternary})");
    }
    let report = check_text(format!("param env string\nvar a = {ternary}\n{CLUSTER}"));
    assert_eq!(verdict(&report).0, Outcome::Unknown);

    let mut flags = String::new();
    let mut all = String::from("true");
    for at in 0..1_000 {
        writeln!(flags, "param f{at} bool").expect("text can be written to");
        write!(all, " && f{at}").expect("text can be written to");
    }
    let text = format!("{flags}var a = {all} ? [] : ['198.51.100.7']\n{CLUSTER}");
    assert_eq!(verdict(&check_text(text)).0, Outcome::Unknown);
}

#[test]
fn a_choice_between_ten_thousand_is_made() {
    let mut map = String::from("var map = {\n");
    for at in 0..10_000 {
        writeln!(map, "  k{at}: ['198.51.100.7']").expect("text can be written to");
    }
    let report = check_text(format!("{map}}}\nvar a = map.k9999\n{CLUSTER}"));
    assert_eq!(verdict(&report).0, Outcome::Pass);
    let report = check_text(format!(
        "param key string\n{map}}}\nvar a = map[key]\n{CLUSTER}"
    ));
    assert_eq!(verdict(&report).0, Outcome::Unknown);
}

#[test]
fn chains_and_circles_of_a_thousand_modules_end() {
    const MODULES: usize = 1_000;
    let chain = |last: &str| {
        let link = |at: usize| {
            let body = "= { name: 'm', params: { a: a } }";
            format!("param a array\nmodule next 'm{}.bicep' {body}", at + 1)
        };
        let files = (0..MODULES).map(move |at| (format!("m{at}.bicep"), link(at)));
        let end = (format!("m{MODULES}.bicep"), last.to_owned());
        let entry = "module first 'm0.bicep' = { name: 'm', params: { a: ['198.51.100.7'] } }";
        files
            .chain([end, ("main.bicep".to_owned(), entry.to_owned())])
            .collect::<Vec<_>>()
    };
    let deep = check_files(chain(&format!("param a array\n{CLUSTER}")), "main.bicep");
    assert_ne!(verdict(&deep).0, Outcome::Fail);
    let circle = check_files(
        chain("param a array\nmodule back 'm0.bicep' = { name: 'm', params: { a: a } }"),
        "main.bicep",
    );
    let in_circle = circle
        .findings
        .iter()
        .filter(|found| found.code == "BCP095");
    assert!(in_circle.count() > 0, "{:#?}", circle.findings);
}

#[test]
fn loops_within_modules_within_loops_reach_a_limit() {
    let outer = "module m 'm1.bicep' = [for n in range(0, 800): { name: 'm${n}' }]";
    let inner =
        |to: &str| format!("module m '{to}' = [for n in range(0, 800): {{ name: 'm${{n}}' }}]");
    let cluster = format!("var a = ['198.51.100.7']\n{CLUSTER}");
    let report = check_files(
        [
            ("main.bicep".to_owned(), outer.to_owned()),
            ("m1.bicep".to_owned(), inner("m2.bicep")),
            ("m2.bicep".to_owned(), inner("m3.bicep")),
            ("m3.bicep".to_owned(), cluster),
        ],
        "main.bicep",
    );
    let cut = report
        .findings
        .iter()
        .any(|found| found.reason == Some(Reason::BUDGET));
    assert!(cut, "{:#?}", report.findings);
}

#[test]
fn a_template_of_variables_that_double_is_not_written_down() {
    let mut text = "var v0 = { a: 1 }\nvar own = own\n".to_owned();
    for at in 1..=64 {
        let before = at - 1;
        writeln!(text, "var v{at} = [v{before}, v{before}]").expect("text can be written to");
    }
    text.push_str(
        "resource d 'Microsoft.Resources/deployments@2022-09-01' = {
          name: 'd'
          properties: {
            mode: 'Incremental'
            template: {
              resources: [{ type: 'A.B/c', apiVersion: '2024-01-01', name: 'c', tags: own, properties: v64 }]
            }
          }
        }",
    );
    let found = verdict(&check_text(text));
    assert_eq!(found, (Outcome::Unknown, Reason::MODULE));
}

#[test]
fn templates_in_variables_that_double_are_given_up() {
    let mut text = "var v0 = { resources: [] }\n".to_owned();
    for at in 1..=64 {
        let before = at - 1;
        writeln!(
            text,
            "var v{at} = {{ resources: [ v{before}, v{before} ] }}"
        )
        .expect("text can be written to");
    }
    let deployment = "
resource d 'Microsoft.Resources/deployments@2022-09-01' = {
  name: 'd'
  properties: { mode: 'Incremental', template: v64 }
}
var a = []
";
    let report = check_text(format!("{text}{deployment}{CLUSTER}"));
    let fails =
        |found: &&tricep_rules::Finding| found.rule.is_some() && found.outcome == Outcome::Fail;
    assert_eq!(report.findings.iter().filter(fails).count(), 1);
    let unread = |found: &&tricep_rules::Finding| found.reason == Some(Reason::MODULE);
    assert_eq!(report.findings.iter().filter(unread).count(), 1);
}

#[test]
fn secure_parts_of_types_that_multiply_are_secure_as_a_whole() {
    let mut text = "type t0 = {\n  @secure()\n  s: string\n}\n".to_owned();
    for at in 1..=30 {
        let before = at - 1;
        writeln!(text, "type t{at} = {{ p: t{before}, q: t{before} }}")
            .expect("text can be written to");
    }
    let report = check_text(format!(
        "{text}param given t30?\n@secure()\nparam x string = 'hunter'\nvar a = []\n{CLUSTER}"
    ));
    assert_eq!(verdict(&report).0, Outcome::Fail);
    let source = report.sources.first().expect("there is a file");
    assert!(!source.text().contains("hunter"));
}
