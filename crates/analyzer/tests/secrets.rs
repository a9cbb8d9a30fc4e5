//! Secrets that the source spells out are shown by no format.

use tricep_analyzer::report::human::{self, HumanOptions};
use tricep_analyzer::report::{self, Report, Show, concise, github, json, sarif};
use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, Metadata, check, resolve};

/// What nobody may see; the é is two bytes, so that masks must mind their width.
const SECRET: &str = "hunté2";

const MODULE: &str = "
@secure()
param ranges array
@secure()
param token string = 'hunté2'
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  properties: { apiServerAccessProfile: { authorizedIPRanges: [...ranges, token] } }
}
";

const CALL: &str = "
var tail = 'hunté2'
module m 'm.bicep' = { name: 'm', params: { ranges: ['a-hunté2', tail, 'x-${tail}'], token: 'hunté2' } }
";

const PARAMETERS: &str =
    "using 'm.bicep'\nparam ranges = ['hunté2']\nparam token = toUpper('hunté2')\n";

fn formats(entry: &str) -> Vec<String> {
    let mut files = MemoryFileSystem::default();
    files.insert("m.bicep", MODULE);
    files.insert("call.bicep", CALL);
    files.insert("m.bicepparam", PARAMETERS);
    let options = CheckOptions {
        files: vec![entry.to_owned()],
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    assert!(!report.findings.is_empty(), "{entry}");
    all_formats(&report)
}

fn all_formats(report: &Report) -> Vec<String> {
    let show = Show {
        pass: true,
        unknown: true,
    };
    let color = false;
    vec![
        human::render(report, HumanOptions { show, color }),
        concise::render(report, show),
        json::render(report, show),
        sarif::render(report, show),
        github::render(report, show, ""),
    ]
}

#[test]
fn defaults_arguments_and_values_of_secure_parameters_are_masked() {
    for entry in ["m.bicep", "call.bicep", "m.bicepparam"] {
        for text in formats(entry) {
            let shown = text.to_lowercase();
            assert!(!shown.contains(SECRET), "{entry}:\n{text}");
        }
    }
}

#[test]
fn what_is_not_secret_stays_readable() {
    let [human, ..] = &formats("call.bicep")[..] else {
        panic!("there are formats");
    };
    assert!(
        human.contains("module m 'm.bicep' = { name: 'm'"),
        "{human}"
    );
}

/// A value that goes where names, ids, keys and scopes are made of it.
const MADE_OF_SECRETS: &str = "
@secure()
param token string = 'hunté2'
type login = {
  @secure()
  word: string
}
param user login = { word: 'hunté2' }
resource a 'A.B/c@2024-01-01' = {
  name: 'n-${token}'
  tags: { '${token}': token, other: user.word, list: split(token, 'n') }
}
module m 'named.bicep' = { name: 'm', scope: resourceGroup(token), params: { name: token } }
output id string = a.id
output all object = { '${token}': [user] }
";

const NAMED: &str = "param name string\nresource a 'A.B/c@2024-01-01' = { name: name }";

#[test]
fn nothing_that_is_made_of_a_secret_is_resolved() {
    let mut files = MemoryFileSystem::default();
    files.insert("main.bicep", MADE_OF_SECRETS);
    files.insert("named.bicep", NAMED);
    let environment = Environment::default();
    let resolved = resolve(&files, "main.bicep", &environment, &Metadata::default());
    assert_eq!(resolved.expanded.resources.len(), 2);
    let text = report::resolve::render(&resolved);
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn messages_do_not_quote_secrets() {
    let base = "using none\nparam word = 'hunté2'\nparam on = true\n";
    let values = "using 'main.bicep'\nextends 'base.bicepparam'\nparam on = 'hunté2'\n";
    let main = "@secure()\nparam word object\n@secure()\n@allowed(['hunté2'])\nparam on bool
        var same = on == 'hunté2'";
    let mut files = MemoryFileSystem::default();
    files.insert("base.bicepparam", base);
    files.insert("values.bicepparam", values);
    files.insert("main.bicep", main);
    let options = CheckOptions {
        files: ["values.bicepparam", "base.bicepparam", "main.bicep"]
            .map(Into::into)
            .into(),
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    assert!(report.findings.len() > 2, "{:#?}", report.findings);
    for text in all_formats(&report) {
        assert!(!text.to_lowercase().contains(SECRET), "{text}");
    }
}

#[test]
fn what_azure_calls_sensitive_is_not_resolved() {
    let machine = "resource vm 'Microsoft.Compute/virtualMachines@2023-09-01' = {
        name: 'vm'
        location: 'westeurope'
        properties: { osProfile: { adminUsername: 'me', AdminPassword: 'hunté2' } }
      }";
    // A version that nobody knows yet.
    let newer = machine.replace("2023-09-01", "2099-09-01");
    for text in [machine, newer.as_str()] {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", text);
        let environment = Environment::default();
        let resolved = resolve(&files, "main.bicep", &environment, &Metadata::default());
        let json = report::resolve::render(&resolved);
        assert!(json.contains("\"adminUsername\": \"me\""), "{json}");
        assert!(!json.contains(SECRET), "{json}");
    }
}
