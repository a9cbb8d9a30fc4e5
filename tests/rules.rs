//! Every rule does what its fixture and its own examples say.
//!
//! `fixtures/rules/NAME.bicep` belongs to the rule `NAME`; where one file is not enough, there are
//! others named `NAME--WORDS.bicep`. They are written as the fixtures beside them, but for the rows.

mod fixture;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fixture::compare::{differences, run};
use fixture::{Fixture, FixtureFile};
use tricep_analyzer::report::Report;
use tricep_rules::{Applicability, Outcome, RuleMeta, rules};

/// Every fixture: its rule, the name of its file, and what is in it.
fn fixtures() -> Vec<(&'static RuleMeta, String, Fixture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut fixtures = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of fixtures") {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let rule = name.trim_end_matches(".bicep");
        let rule = rule.split("--").next().unwrap_or(rule);
        let meta = rules().iter().find(|meta| meta.name == rule);
        let meta = meta.unwrap_or_else(|| panic!("{name} belongs to no rule"));
        let text = fs::read_to_string(&path).expect("a fixture in UTF-8");
        fixtures.push((*meta, name.to_string(), Fixture::parse(&name, &text)));
    }
    fixtures
}

#[test]
fn rules_judge_their_fixtures_as_they_say() {
    let texts = fixtures()
        .into_iter()
        .map(|(rule, name, fixture)| differences(rule.name, &name, &fixture));
    let wrong: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    assert!(
        wrong.is_empty(),
        "{} differ\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The outcomes that the marks of a rule's fixtures speak of.
fn outcomes(rule: &RuleMeta) -> BTreeSet<String> {
    let fixtures = fixtures()
        .into_iter()
        .filter(|(meta, ..)| meta.name == rule.name);
    let marks = fixtures
        .flat_map(|(.., fixture)| fixture.files)
        .flat_map(|file| file.marks);
    marks
        .filter_map(|mark| Some(mark.verdict.split_once('(')?.0.to_owned()))
        .collect()
}

/// The main rule has fixtures of its own kind, one folder further up.
#[test]
fn every_rule_has_a_fixture_with_every_outcome() {
    for rule in rules()
        .iter()
        .filter(|rule| rule.name != "aks-authorized-ip-ranges")
    {
        let outcomes = outcomes(rule);
        for outcome in ["fail", "pass", "unknown"] {
            assert!(
                outcomes.contains(outcome),
                "{} has no fixture in which it says `{outcome}`",
                rule.name
            );
        }
    }
}

/// What a rule says of an example, which must be free of other trouble.
fn judged(rule: &RuleMeta, code: &str, settings: &str) -> Report {
    let mut fixture = Fixture::parse("main.bicep", code);
    if !settings.is_empty() {
        fixture.files.push(FixtureFile {
            path: "bicepconfig.json".to_owned(),
            text: format!("{{\"analyzers\": {{\"tricep\": {{\"options\": {settings}}}}}}}"),
            marks: Vec::new(),
        });
    }
    let report = run(rule.name, &fixture);
    for finding in &report.findings {
        assert!(
            finding.rule.is_some(),
            "{}: {} in\n{code}",
            rule.name,
            finding.message
        );
    }
    report
}

#[test]
fn every_rule_reports_its_bad_examples_and_passes_its_good_ones() {
    for rule in rules() {
        assert!(!rule.examples.is_empty(), "{} has no example", rule.name);
        for example in rule.examples {
            let bad = judged(rule, example.bad, example.settings);
            let fails =
                |report: &Report| report.findings.iter().any(|f| f.outcome == Outcome::Fail);
            assert!(
                fails(&bad),
                "{} does not report\n{}",
                rule.name,
                example.bad
            );
            let good = judged(rule, example.good, example.settings);
            let passes = good.findings.iter().all(|f| f.outcome == Outcome::Pass);
            assert!(
                passes && !good.findings.is_empty(),
                "{} does not pass\n{}",
                rule.name,
                example.good
            );
        }
    }
}

/// The fixes of what a rule reports of a cluster with these lines in its properties.
fn fixes(rule: &'static str, properties: &str) -> Vec<(String, Applicability)> {
    let code = format!(
        "resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{\n  \
         name: 'aks'\n  location: 'westeurope'\n  properties: {{\n{properties}\n  }}\n}}\n"
    );
    let report = run(rule, &Fixture::parse("main.bicep", &code));
    let findings = report.findings.into_iter().filter(|f| f.code == rule);
    let fixes = findings.flat_map(|finding| finding.fixes);
    fixes.map(|fix| (fix.title, fix.applicability)).collect()
}

#[test]
fn a_fix_is_safe_only_where_it_says_what_was_meant() {
    let cases = [
        (
            "aks-rbac-disabled",
            "enableRBAC: 'true'",
            "set `enableRBAC` to `true`",
            Applicability::Safe,
        ),
        (
            "aks-rbac-disabled",
            "enableRBAC: false",
            "set `enableRBAC` to `true`",
            Applicability::Unsafe,
        ),
        (
            "aks-no-network-policy",
            "networkProfile: { networkPlugin: 'azure', networkPolicy: 'none' }",
            "set `networkPolicy` to 'azure'",
            Applicability::Unsafe,
        ),
        (
            "aks-auto-upgrade-disabled",
            "dnsPrefix: 'aks'",
            "set `upgradeChannel` to 'stable'",
            Applicability::Unsafe,
        ),
        (
            "aks-secret-rotation-disabled",
            "addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, \
             config: { enableSecretRotation: false } } }",
            "set `enableSecretRotation` to 'true'",
            Applicability::Unsafe,
        ),
    ];
    for (rule, properties, title, applicability) in cases {
        let expected = vec![(title.to_owned(), applicability)];
        assert_eq!(fixes(rule, properties), expected, "{rule}: {properties}");
    }
    // Neither the number of pods nor what a rule does not want is meant by a text.
    let pools = "agentPoolProfiles: [ { name: 'a', mode: 'System', maxPods: 'true' } ]";
    assert_eq!(fixes("aks-pool-max-pods-too-low", pools), []);
    let off = (
        "set `disableLocalAccounts` to `true`".to_owned(),
        Applicability::Unsafe,
    );
    assert_eq!(
        fixes(
            "aks-local-accounts-enabled",
            "disableLocalAccounts: 'false'"
        ),
        [off]
    );
    let passing = "networkProfile: { networkPolicy: 'cilium' }";
    assert_eq!(fixes("aks-no-network-policy", passing), []);
    // A tier alone is no SKU.
    assert_eq!(fixes("aks-no-uptime-sla", "dnsPrefix: 'aks'"), []);
}
