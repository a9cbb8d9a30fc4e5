//! Parameter files in both languages, and values from the command line: what is said of them, and what
//! the template becomes.

use tricep_analyzer::report::{Show, concise};
use tricep_analyzer::{CheckOptions, Inputs, MemoryFileSystem, ParameterFile, check};

const MAIN: &str = "\
@minLength(2)
param name string = 'aks'
param ranges array
@allowed(['dev', 'prod'])
param env string = 'dev'
@maxValue(3)
param count int = 1
@sealed()
param more { a: string, b: int? }?
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: '${name}${env}${count}${more.?a}'
  location: 'westeurope'
  properties: {
    apiServerAccessProfile: { authorizedIPRanges: ranges }
  }
}
";

fn said(files: &[(&str, &str)], options: &CheckOptions) -> Vec<String> {
    let mut system = MemoryFileSystem::default();
    system.insert("main.bicep", MAIN);
    for &(path, text) in files {
        system.insert(path, text);
    }
    let report = concise::render(&check(&system, options), Show::ALL);
    report.lines().map(str::to_owned).collect()
}

/// What is said of one parameter file beside the template.
fn of_file(path: &str, text: &str) -> Vec<String> {
    let options = CheckOptions {
        files: vec!["main.bicep".to_owned(), path.to_owned()],
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    said(&[(path, text)], &options)
}

/// Each line begins with the place and code, behind the name of the file.
fn assert_said(lines: &[String], file: &str, expected: &[&str]) {
    let starts: Vec<String> = expected
        .iter()
        .map(|start| format!("{file}:{start}"))
        .collect();
    let fits = lines.len() == starts.len()
        && lines
            .iter()
            .zip(&starts)
            .all(|(line, start)| line.starts_with(start.as_str()));
    assert!(fits, "{lines:#?}\n{starts:#?}");
}

#[test]
fn a_file_in_json_is_for_the_template_with_its_name() {
    let text = "// comment\n{\"parameters\": {\"RANGES\": {\"value\": []}}}";
    let lines = of_file("main.prod.parameters.json", text);
    assert_said(
        &lines,
        "main.prod.parameters.json",
        &["2:37: error[aks-authorized-ip-ranges]: API server of `aks` is open"],
    );
}

#[test]
fn values_in_json_that_do_not_fit_are_reported_where_they_stand() {
    let lines = of_file(
        "main.parameters.json",
        "{\"parameters\": {\n\
         \"ranges\": {\"value\": \"10.0.0.0/8\"},\n\
         \"name\": {\"value\": \"x\"},\n\
         \"env\": {\"value\": \"Dev\"},\n\
         \"count\": {\"value\": 4},\n\
         \"more\": {\"value\": {\"a\": 1, \"b\": 2}},\n\
         \"nosuch\": {\"value\": null}\n\
         }}",
    );
    assert_said(
        &lines,
        "main.parameters.json",
        &[
            "2:21: error[BCP033]: the value of parameter `ranges` is a text",
            "2:21: info[aks-authorized-ip-ranges]: cannot tell",
            "3:19: error[BCP333]",
            "4:18: error[BCP033]",
            "5:20: error[BCP327]",
            "6:25: error[BCP036]",
            "7:1: error[BCP259]",
        ],
    );
}

#[test]
fn what_is_not_given_is_reported_at_the_head_of_the_file() {
    let lines = of_file(
        "main.parameters.json",
        "{\"parameters\": {\"ranges\": {\"value\": null}}}",
    );
    let missing = "1:1: error[BCP258]: the template needs values for `ranges`";
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(
        lines[0].starts_with(&format!("main.parameters.json:{missing}")),
        "{lines:#?}"
    );
    let lines = of_file("p.bicepparam", "using 'main.bicep'\nparam Ranges = []\n");
    let codes = ["1:7: error[BCP258]", "2:1: error[BCP259]"];
    assert!(
        lines
            .iter()
            .zip(codes)
            .all(|(line, code)| line.starts_with(&format!("p.bicepparam:{code}"))),
        "{lines:#?}"
    );
}

#[test]
fn values_in_bicep_that_cannot_be_evaluated_or_do_not_fit_are_reported() {
    let lines = of_file(
        "p.bicepparam",
        "using 'main.bicep'\n\
         param ranges = ['203.0.113.0/24']\n\
         param name = toUpper('x')\n\
         param count = int('x')\n\
         param more = {\n\
         a: 'x'\n\
         c: 1\n\
         }\n",
    );
    assert_said(
        &lines,
        "p.bicepparam",
        &[
            "2:16: info[aks-authorized-ip-ranges]: API server of `aks` is restricted",
            "3:14: error[BCP333]",
            "4:15: error[BCP338]",
            "7:1: error[BCP037]",
        ],
    );
}

#[test]
fn a_base_is_extended_and_read() {
    let options = CheckOptions {
        files: vec!["p.bicepparam".to_owned()],
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    let base = (
        "base.bicepparam",
        "using none\nparam ranges = []\nparam env = 'prod'\n",
    );
    let own = "using 'main.bicep'\nextends 'base.bicepparam'\n\
               param ranges = concat(base.ranges, ['203.0.113.0/24'])\n";
    let lines = said(&[base, ("p.bicepparam", own)], &options);
    assert_said(
        &lines,
        "p.bicepparam",
        &["3:16: info[aks-authorized-ip-ranges]: API server of `aks` is restricted"],
    );
    let own = "using 'main.bicep'\nextends 'base.bicepparam'\n";
    let lines = said(&[base, ("p.bicepparam", own)], &options);
    assert_said(
        &lines,
        "base.bicepparam",
        &["2:16: error[aks-authorized-ip-ranges]"],
    );
}

#[test]
fn secrets_and_what_azd_fills_in_are_unknown() {
    let lines = of_file(
        "main.parameters.json",
        "{\"parameters\": {\"ranges\": {\"value\": \"${RANGES}\"}, \"name\": {\"reference\": {}}}}",
    );
    assert_said(
        &lines,
        "main.parameters.json",
        &[
            "1:37: info[aks-authorized-ip-ranges]: API server of `aks` is open to every address when `${RANGES}` is empty",
        ],
    );
}

#[test]
fn one_template_is_judged_once_for_each_of_its_files() {
    let options = CheckOptions {
        files: vec!["main.bicep".to_owned(), "p.bicepparam".to_owned()],
        parameters: ["x/dev.json", "x/prod.json"]
            .map(|path| ParameterFile {
                path: path.to_owned(),
                template: "main.bicep".to_owned(),
            })
            .into(),
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    let files = [
        ("x/dev.json", "{\"ranges\": {\"value\": []}}"),
        (
            "x/prod.json",
            "{\"ranges\": {\"value\": [\"203.0.113.0/24\"]}}",
        ),
        ("p.bicepparam", "using 'main.bicep'\nparam ranges = []\n"),
    ];
    let lines = said(&files, &options);
    let places: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split("[aks").next())
        .collect();
    assert_eq!(
        places,
        [
            "p.bicepparam:2:16: error",
            "x/dev.json:1:22: error",
            "x/prod.json:1:22: info"
        ]
    );
}

#[test]
fn values_without_a_file_have_the_type_of_the_parameter_and_win() {
    let with = |values: &[(&str, &str)]| {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let options = CheckOptions {
            files: vec!["p.bicepparam".to_owned()],
            inputs: Inputs {
                parameters: values.iter().map(owned).collect(),
                ..Inputs::default()
            },
            rules: Some(vec!["aks-authorized-ip-ranges"]),
            ..CheckOptions::default()
        };
        said(
            &[("p.bicepparam", "using 'main.bicep'\nparam ranges = []\n")],
            &options,
        )
    };
    let lines = with(&[("Ranges", "[\"203.0.113.0/24\"]")]);
    assert_said(
        &lines,
        "main.bicep",
        &["14:51: info[aks-authorized-ip-ranges]: API server of `aks` is restricted"],
    );
    let lines = with(&[("ranges", "[]"), ("count", "many"), ("other", "1")]);
    assert_said(
        &lines,
        "main.bicep",
        &[
            "1:1: error[BCP259]",
            "7:7: error[BCP033]",
            "14:51: error[aks-authorized-ip-ranges]",
        ],
    );
}

#[test]
fn nobody_guesses_which_template_is_meant() {
    let options = CheckOptions {
        files: vec!["other.parameters.json".to_owned()],
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    let text = "{\"parameters\": {\"sku\": {\"value\": 1}}}";
    let lines = said(&[("other.parameters.json", text)], &options);
    assert_said(
        &lines,
        "other.parameters.json",
        &["1:1: info[parameters-without-template]"],
    );
}

#[test]
fn a_file_that_is_for_no_template_must_say_so() {
    let nowhere = |text| {
        let lines = of_file("x.bicepparam", text);
        lines
            .iter()
            .filter(|line| line.contains("[BCP261]"))
            .count()
    };
    assert_eq!(nowhere("// nothing\n"), 1);
    assert_eq!(nowhere("param ranges = []\n"), 1);
    assert_eq!(nowhere("using none\nparam ranges = []\n"), 0);
    assert_eq!(nowhere("using 'main.bicep'\nparam ranges = []\n"), 0);
    // What is said of the slip is enough.
    assert_eq!(nowhere("usin 'main.bicep'\nparam ranges = []\n"), 0);
}
