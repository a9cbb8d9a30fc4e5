//! Fixing as a whole: what is mended, what is left alone, and that nothing else is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tricep_analyzer::fix::{FixOptions, Fixed, fix};
use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem};
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::json;

const RULE: &str = "aks-local-accounts-enabled";

/// Fixes the first of some files, and what it reaches.
fn fixed_of(files: &[(&str, &str)], rules: Option<Vec<&'static str>>, unsafe_fixes: bool) -> Fixed {
    let mut memory = MemoryFileSystem::default();
    for (path, text) in files {
        memory.insert(*path, *text);
    }
    let options = CheckOptions {
        files: vec![files[0].0.to_owned()],
        environment: Environment {
            module_cache: Some("/cache".to_owned()),
            ..Environment::default()
        },
        rules,
        ..CheckOptions::default()
    };
    let fix_options = FixOptions {
        unsafe_fixes,
        only: None,
    };
    fix(&memory, &options, &fix_options)
}

fn fixed(files: &[(&str, &str)]) -> Fixed {
    fixed_of(files, Some(vec![RULE]), true)
}

fn texts(fixed: &Fixed) -> BTreeMap<&str, &str> {
    let files = fixed.files.iter();
    files.map(|file| (&*file.path, &*file.after)).collect()
}

fn cluster(properties: &str) -> String {
    format!(
        "resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{\n  name: 'a'\n  \
         location: 'westeurope'\n  properties: {properties}\n}}\n"
    )
}

#[test]
fn only_safe_fixes_are_made_unless_unsafe_ones_are_wanted() {
    let unsafe_only = cluster("{\n    dnsPrefix: 'a'\n  }");
    let files = [("a.bicep", &*unsafe_only)];
    let safe = fixed_of(&files, Some(vec![RULE]), false);
    assert_eq!((safe.fixed, safe.unsafe_left, safe.files.len()), (0, 1, 0));
    let all = fixed(&files);
    assert_eq!((all.fixed, all.unsafe_left), (1, 0));
    let wanted = cluster("{\n    dnsPrefix: 'a'\n    disableLocalAccounts: true\n  }");
    assert_eq!(texts(&all)["a.bicep"], wanted);

    let as_text = cluster("{\n    disableLocalAccounts: 'true'\n  }");
    let safe = fixed_of(&[("a.bicep", &as_text)], Some(vec![RULE]), false);
    assert_eq!(texts(&safe)["a.bicep"], as_text.replace("'true'", "true"));
}

#[test]
fn a_fix_that_brings_a_problem_is_not_made() {
    // This version knows no such property.
    let old = cluster("{\n    dnsPrefix: 'a'\n  }").replace("2024-05-01", "2020-09-01");
    let fixed = fixed(&[("a.bicep", &old)]);
    assert_eq!((fixed.fixed, fixed.files.len()), (0, 0));
    assert_eq!(fixed.unfixed.len(), 1, "{:?}", fixed.unfixed);
    assert_eq!(fixed.unfixed[0].why, "it would bring a new problem");
    assert!(
        fixed
            .report
            .findings
            .iter()
            .all(|finding| finding.fixes.is_empty())
    );
}

#[test]
fn a_fix_that_brings_a_problem_holds_up_no_other() {
    let good = cluster("{\n    dnsPrefix: 'a'\n  }");
    let old = good
        .replace("2024-05-01", "2020-09-01")
        .replace("aks ", "old ");
    let fixed = fixed(&[(
        "a.bicep",
        &format!("{old}{good}{}", good.replace("aks ", "third ")),
    )]);
    assert_eq!((fixed.fixed, fixed.unfixed.len()), (2, 1));
    assert_eq!(
        texts(&fixed)["a.bicep"]
            .matches("disableLocalAccounts")
            .count(),
        2
    );
}

#[test]
fn modules_are_fixed_where_they_are_ones_own() {
    let bare = cluster("{\n    dnsPrefix: 'a'\n  }");
    let main = "module a 'm.bicep' = {}\nmodule b '../out/m.bicep' = {}\n\
                module c 'br:mcr.microsoft.com/bicep/m:1.0' = {}\n";
    let restored = r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": [{"type": "Microsoft.ContainerService/managedClusters",
        "apiVersion": "2024-05-01", "name": "a", "location": "x", "properties": {}}]}"#;
    let cached = "/cache/br/mcr.microsoft.com/bicep$m/1.0$/main.json";
    let mut files = vec![
        ("main.bicep", main),
        ("m.bicep", &*bare),
        ("../out/m.bicep", &*bare),
        (cached, restored),
    ];
    let others = [
        "/cache/br/mcr.microsoft.com/bicep$m/1.0$/manifest",
        "/cache/br/mcr.microsoft.com/bicep$m/1.0$/metadata",
    ];
    files.extend(others.map(|path| (path, "{}")));
    let fixed = fixed(&files);
    assert_eq!(texts(&fixed).into_keys().collect::<Vec<_>>(), ["m.bicep"]);
    // They are all looked at.
    assert_eq!(fixed.report.read, 4, "{:?}", fixed.report.findings);
}

#[test]
fn templates_in_json_are_fixed_and_those_within_them() {
    let cluster = r#"{
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "a", // the name
      "location": "x"
    }"#;
    let template = format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {cluster},
    {{
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2021-04-01",
      "name": "inner",
      "properties": {{
        "mode": "Incremental",
        "template": {{
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "resources": [{{ "type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2024-05-01", "name": "b", "location": "x", "properties": {{ "disableLocalAccounts": false }} }}]
        }}
      }}
    }}
  ]
}}
"#
    );
    let fixed = fixed(&[("main.json", &template)]);
    let properties = "\"location\": \"x\",\n      \"properties\": {\n        \"disableLocalAccounts\": true\n      }\n    }";
    let wanted = template
        .replacen("\"location\": \"x\"\n    }", properties, 1)
        .replace(
            "\"disableLocalAccounts\": false",
            "\"disableLocalAccounts\": true",
        );
    assert_eq!(texts(&fixed)["main.json"], wanted);
    assert_eq!(fixed.fixed, 2);
}

#[test]
fn secrets_are_not_shown() {
    let text = format!(
        "@secure()\nparam password string = 'correct horse'\n{}",
        cluster("{\n    dnsPrefix: 'a'\n  }")
    );
    let fixed = fixed(&[("a.bicep", &text)]);
    let file = &fixed.files[0];
    assert!(file.after.contains("correct horse"));
    assert!(!file.shown.0.contains("correct") && !file.shown.1.contains("correct"));
}

#[test]
fn thousands_of_findings_take_two_rounds() {
    const COUNT: usize = 1500;
    let good = cluster("{ dnsPrefix: 'a' }");
    let clusters = (0..COUNT).map(|n| good.replace("aks ", &format!("aks{n} ")));
    let fixed = fixed(&[("a.bicep", &clusters.collect::<String>())]);
    assert_eq!(fixed.fixed, COUNT);
    assert!(!fixed.is_unfinished && fixed.unfixed.is_empty());
}

/// The comments of a text, in order.
fn comments(path: &str, text: &str) -> Vec<String> {
    let trivia = |text: &str| {
        let parsed = parse(text.to_owned(), Dialect::of_path(path));
        let spans = parsed.tokens().trivia().iter().map(|trivia| trivia.span);
        spans.map(|span| text[span.range()].to_owned()).collect()
    };
    match path.ends_with(".json") {
        // What is a comment in one language is one in the other, and keys hold no quote here.
        true => trivia(&text.replace('"', "'")),
        false => trivia(text),
    }
}

fn error_count(path: &str, text: &str) -> usize {
    match path.ends_with(".json") {
        true => json::parse(text).errors().len(),
        false => parse(text.to_owned(), Dialect::of_path(path))
            .errors()
            .len(),
    }
}

/// Nothing is lost, nothing is broken, and nothing is left to do.
fn is_sound(path: &str, text: &str) -> Result<Fixed, TestCaseError> {
    let first = fixed_of(&[(path, text)], None, true);
    if let Some(file) = first.files.iter().find(|file| file.path == path) {
        prop_assert_eq!(&*file.before, text);
        prop_assert_eq!(comments(path, &file.after), comments(path, text));
        prop_assert!(
            error_count(path, &file.after) <= error_count(path, text),
            "{}",
            file.after
        );
        let second = fixed_of(&[(path, &file.after)], None, true);
        prop_assert_eq!(second.fixed, 0, "{}", file.after);
    }
    Ok(first)
}

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            fixtures(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "bicep") {
            found.push(entry);
        }
    }
}

#[test]
fn fixtures_keep_their_comments_and_get_no_new_errors() {
    let mut found = Vec::new();
    fixtures(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        &mut found,
    );
    let mut fixed = 0;
    for path in &found {
        let text = fs::read_to_string(path).expect("a text");
        let first =
            is_sound("main.bicep", &text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        fixed += first.fixed;
    }
    assert!(
        found.len() > 50 && fixed > 50,
        "{} files, {fixed} fixes",
        found.len()
    );
}

/// Members as people write them: what stands before, behind and between them.
fn members(json: bool) -> impl Strategy<Value = String> {
    let blank = prop::sample::select(vec![
        " ",
        "\n  ",
        "\r\n\t\t",
        "\n\n    ",
        " /* b */ ",
        " // l\n ",
    ]);
    let value = prop::sample::select(vec!["false", "null", "true"]);
    let member = (0..4_u8, value, blank.clone(), any::<bool>());
    (blank.clone(), prop::collection::vec(member, 0..4), blank).prop_map(
        move |(first, members, last)| {
            let mut text = first.to_owned();
            let count = members.len();
            for (n, (name, value, gap, flips)) in members.into_iter().enumerate() {
                let quote = if json { "\"" } else { "" };
                let name = match (name, flips) {
                    (0, true) => "disableLocalAccounts".to_owned(),
                    (name, _) => format!("m{n}x{name}"),
                };
                text += &format!("{quote}{name}{quote}: {value}");
                let is_last = n + 1 == count;
                let needs_comma = !is_last && (json || !gap.contains('\n'));
                text += if needs_comma { "," } else { "" };
                text += if is_last { "" } else { gap };
            }
            text + last
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn objects_in_any_layout_are_fixed_in_bicep(members in members(false)) {
        let text = format!("var k = 1 // first\n{}", cluster(&format!("{{{members}}}")));
        is_sound("a.bicep", &text)?;
        // Without the types nobody minds the other members.
        let fixed = fixed_of(&[("a.bicep", &text.replace("2024-05-01", "2099-01-01"))], Some(vec![RULE]), true);
        let left = fixed.report.findings.iter().filter(|finding| finding.code == RULE && !finding.fixes.is_empty());
        prop_assert_eq!(left.count(), 0);
    }

    #[test]
    fn objects_in_any_layout_are_fixed_in_json(members in members(true)) {
        let text = format!(
            "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\
             \"contentVersion\": \"1.0.0.0\", \"resources\": [{{\"type\": \
             \"Microsoft.ContainerService/managedClusters\", \"apiVersion\": \"2024-05-01\", \"name\": \"a\", \
             \"location\": \"x\", \"properties\": {{{members}}} }}]}}"
        );
        let fixed = is_sound("a.json", &text)?;
        let is_set = members.contains("\"disableLocalAccounts\": true");
        prop_assert!(is_set || fixed.fixed >= 1, "{}", text);
    }
}

#[test]
fn a_property_in_another_letter_case_is_spelt_as_azure_does() {
    let text = "resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {\n  \
                name: 'aks'\n  location: 'westeurope'\n  properties: {\n    \
                apiServerAccessProfile: {\n      authorizedIpRanges: ['203.0.113.0/24'] // ours\n    \
                }\n  }\n}\n";
    let fixed = fixed_of(&[("main.bicep", text)], Some(vec![RULE]), false);
    let after = &fixed.files[0].after;
    assert_eq!(
        **after,
        *text.replace("authorizedIpRanges", "authorizedIPRanges")
    );
}
