//! Secrets that the source spells out are shown by no format.

use tricep_analyzer::report::human::{self, HumanOptions};
use tricep_analyzer::report::{Show, concise, github, json, sarif};
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};

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
    let show = Show {
        pass: true,
        unknown: true,
    };
    let color = false;
    vec![
        human::render(&report, HumanOptions { show, color }),
        concise::render(&report, show),
        json::render(&report, show),
        sarif::render(&report, show),
        github::render(&report, show, ""),
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
