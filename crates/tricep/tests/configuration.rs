//! The built program with settings in `bicepconfig.json`, words that silence, and baselines.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

const RULE: &str = "aks-authorized-ip-ranges";

/// A cluster that everybody may reach.
const OPEN: &str = "\
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
}
";

/// A folder of its own for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tricep-configuration-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        for (path, text) in files {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    /// The exit code, the lines on standard output and those on standard error.
    fn check(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tricep"));
        command.arg("check").args(arguments).current_dir(&self.0);
        for name in [
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "TF_BUILD",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(name);
        }
        command.env("HOME", &self.0).env("USERPROFILE", &self.0);
        let output = command.output().expect("tricep runs");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let code = output.status.code().expect("an exit code");
        (code, text(&output.stdout), text(&output.stderr))
    }

    /// The exit code and what is said of the main rule and of the configuration, by file and severity.
    fn said(&self, arguments: &[&str]) -> (i32, Vec<String>) {
        let arguments = [arguments, &["--format", "concise"]].concat();
        let (code, out, _) = self.check(&arguments);
        let ours = |line: &&str| line.contains(RULE) || line.contains("[invalid-setting]");
        let short = |line: &str| {
            let (place, rest) = line.split_once(": ").expect("a place");
            let file = place.split(':').next().unwrap_or_default();
            format!("{file} {}", rest.split(':').next().unwrap_or_default())
        };
        (code, out.lines().filter(ours).map(short).collect())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A configuration with this section.
fn config(section: &str) -> String {
    format!("{{ \"analyzers\": {{ \"core\": {{ \"rules\": {{}} }}, \"tricep\": {section} }} }}")
}

/// What is said of an open cluster with this section, and the exit code.
fn said_with(section: &str, arguments: &[&str]) -> (i32, Vec<String>) {
    let config = config(section);
    Folder::new(&[("main.bicep", OPEN), ("bicepconfig.json", &config)]).said(arguments)
}

/// The main rule alone, with a level.
fn only(level: &str) -> String {
    format!(
        r#"{{ "default": {{ "level": "off" }}, "rules": {{ "AZR-000030": {{ "level": "{level}" }} }} }}"#
    )
}

#[test]
fn a_rule_has_the_level_that_is_set_under_any_of_its_names() {
    let error = vec!["main.bicep error[aks-authorized-ip-ranges]".to_owned()];
    let info = vec!["main.bicep info[aks-authorized-ip-ranges]".to_owned()];
    assert_eq!(said_with(&only("error"), &[]), (1, error));
    assert_eq!(said_with(&only("info"), &[]), (0, info));
    assert_eq!(said_with(&only("off"), &[]), (0, vec![]));
}

#[test]
fn rules_count_before_categories_and_these_before_the_default() {
    let level = |section: &str| said_with(section, &["--select", RULE]).1;
    let is = |severity: &str| vec![format!("main.bicep {severity}[{RULE}]")];
    assert_eq!(level(r#"{ "default": { "level": "info" } }"#), is("info"));
    let two =
        r#""categories": { "security": { "level": "warning" } }, "default": { "level": "info" }"#;
    assert_eq!(level(&format!("{{ {two} }}")), is("warning"));
    let three = r#"{ "rules": { "aks-authorized-ip-ranges": { "level": "error" } }, "#;
    assert_eq!(level(&format!("{three}{two} }}")), is("error"));
}

#[test]
fn the_command_line_counts_before_the_configuration() {
    let named = said_with(&only("off"), &["--select", RULE]);
    assert_eq!(named, (1, vec![format!("main.bicep error[{RULE}]")]));
    assert_eq!(said_with(&only("error"), &["--ignore", RULE]), (0, vec![]));
    let disabled = r#"{ "enabled": false }"#;
    assert_eq!(said_with(disabled, &[]), (0, vec![]));
    assert_eq!(said_with(disabled, &["--no-config", "--select", RULE]).0, 1);
}

#[test]
fn the_nearest_file_counts_with_those_it_extends() {
    let base = config(&only("info"));
    let leaf = r#"{ "extends": "../base.json", "analyzers": { "tricep": { "failOn": "info" } } }"#;
    let folder = Folder::new(&[
        ("base.json", &base),
        ("bicepconfig.json", &config(&only("off"))),
        ("main.bicep", OPEN),
        ("a/bicepconfig.json", leaf),
        ("a/main.bicep", OPEN),
    ]);
    assert_eq!(
        folder.said(&[]),
        (1, vec![format!("a/main.bicep info[{RULE}]")])
    );
    assert_eq!(folder.said(&["main.bicep"]), (0, vec![]));
    let named = folder.said(&["main.bicep", "--config", "base.json"]);
    assert_eq!(named, (0, vec![format!("main.bicep info[{RULE}]")]));
}

#[test]
fn the_level_that_fails_is_configured_and_asked_for() {
    let section = |fail_on: &str| format!(r#"{{ "failOn": "{fail_on}" }}"#);
    let code = |fail_on: &str, arguments: &[&str]| {
        said_with(
            &section(fail_on),
            &[&["--select", RULE], arguments].concat(),
        )
        .0
    };
    assert_eq!(code("never", &[]), 0);
    assert_eq!(code("error", &[]), 1);
    assert_eq!(code("never", &["--fail-on", "warning"]), 1);
    assert_eq!(code("error", &["--exit-zero"]), 0);
}

#[test]
fn mistakes_are_shown_where_they_stand_and_end_the_run_with_2() {
    let config = "{\n  \"analyzers\": { \"tricep\": {\n    \"failon\": \"never\"\n  } }\n}\n";
    let folder = Folder::new(&[("main.bicep", OPEN), ("bicepconfig.json", config)]);
    let (code, out, _) = folder.check(&["--select", RULE, "--exit-zero"]);
    assert_eq!(code, 2);
    assert!(
        out.contains("error[invalid-setting]: there is no setting `failon`"),
        "{out}"
    );
    assert!(out.contains("bicepconfig.json:3:5"), "{out}");
    assert!(out.contains("did you mean `failOn`?"), "{out}");
    // The rest is analyzed all the same.
    assert!(out.contains(RULE), "{out}");
    assert_eq!(folder.check(&["--no-config", "--exit-zero"]).0, 0);
}

#[test]
fn files_are_excluded_unless_they_are_named() {
    let config = config(r#"{ "exclude": ["legacy", "a/*.bicep"] }"#);
    let files = [
        ("b/legacy/x.bicep", OPEN),
        ("a/x.bicep", OPEN),
        ("a/b/y.bicep", OPEN),
    ];
    let folder = Folder::new(&[&files[..], &[("bicepconfig.json", &config)]].concat());
    let select = ["--select", RULE];
    assert_eq!(
        folder.said(&select).1,
        [format!("a/b/y.bicep error[{RULE}]")]
    );
    let named = folder.said(&["a/x.bicep", "--select", RULE]).1;
    assert_eq!(named, [format!("a/x.bicep error[{RULE}]")]);
    let (code, _, complaint) = folder.check(&["b"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("excludes every file"), "{complaint}");
    assert_eq!(folder.check(&["b", "--allow-no-input"]).0, 0);
}

#[test]
fn patterns_of_a_file_above_the_working_directory_count_below_it() {
    let config = config(r#"{ "exclude": ["infra/old/**"] }"#);
    let folder = Folder::new(&[
        ("bicepconfig.json", &config),
        ("infra/old/x.bicep", OPEN),
        ("infra/new/x.bicep", OPEN),
    ]);
    let inner = Folder(folder.0.join("infra"));
    let said = inner.said(&["--select", RULE]).1;
    assert_eq!(said, [format!("new/x.bicep error[{RULE}]")]);
}

#[test]
fn rules_are_off_in_some_files() {
    let config =
        config(r#"{ "perPathIgnores": [{ "paths": ["tests/"], "rules": ["CKV_AZURE_6"] }] }"#);
    let folder = Folder::new(&[
        ("bicepconfig.json", &config),
        ("tests/x.bicep", OPEN),
        ("main.bicep", OPEN),
    ]);
    let said = folder.said(&["--select", RULE]).1;
    assert_eq!(said, [format!("main.bicep error[{RULE}]")]);
}

#[test]
fn options_reach_the_rules() {
    let format = r#""options": { "clusterNameFormat": "^aks-[a-z]+$" }"#;
    let rule = ["--select", "Azure.AKS.Naming", "--fail-on", "info"];
    let section = format!("{{ {format} }}");
    assert_eq!(said_with("{}", &rule).0, 0);
    assert_eq!(said_with(&section, &rule).0, 1);
}

#[test]
fn the_module_cache_is_relative_to_the_configuration() {
    let module = "{ \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \
                  \"contentVersion\": \"1.0.0.0\", \"resources\": [] }";
    let folder = "infra/cache/br/example.azurecr.io/x$y/1.0$";
    let config = config(r#"{ "moduleCache": "./cache" }"#);
    let main = "module m 'br:example.azurecr.io/x/y:1.0' = { name: 'm' }\n";
    let file = |name: &str| format!("{folder}/{name}");
    let (main_json, manifest, metadata) = (file("main.json"), file("manifest"), file("metadata"));
    let files = Folder::new(&[
        ("infra/main.bicep", main),
        ("infra/bicepconfig.json", &config),
        (&main_json, module),
        (&manifest, "{}"),
        (&metadata, "{}"),
    ]);
    let out = |arguments: &[&str]| {
        files
            .check(&[arguments, &["--format", "concise"]].concat())
            .1
    };
    assert!(!out(&[]).contains("BCP190"), "{}", out(&[]));
    assert!(out(&["--no-config"]).contains("BCP190"));
}

#[test]
fn settings_are_shown_with_the_place_they_come_from() {
    let config = "{\n  \"analyzers\": { \"tricep\": {\n    \"failOn\": \"error\",\n    \
                  \"categories\": { \"cost\": { \"level\": \"off\" } },\n    \
                  \"options\": { \"minimumMaxPods\": 30 }\n  } }\n}\n";
    let folder = Folder::new(&[("a/main.bicep", OPEN), ("bicepconfig.json", config)]);
    let (code, out, _) = folder.check(&["--show-settings", "--ignore", RULE]);
    assert_eq!(code, 0);
    let shown: Value = serde_json::from_str(&out).expect("JSON");
    let settings = &shown["settings"][0];
    assert_eq!(settings["files"][0], "a/main.bicep");
    assert_eq!(settings["failOn"]["from"], "bicepconfig.json:3");
    assert_eq!(settings["options"]["minimumMaxPods"]["value"], 30);
    assert_eq!(
        settings["options"]["minimumMaxPods"]["from"],
        "bicepconfig.json:5"
    );
    assert_eq!(settings["options"]["minimumUserNodes"]["from"], "default");
    assert_eq!(settings["rules"][RULE]["level"], "off");
    assert_eq!(settings["rules"][RULE]["from"], "command line");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let (code, _, complaint) = folder.check(&["--config", "none.json"]);
    assert_eq!(
        (code, complaint.as_str()),
        (2, "error: there is no file `none.json`\n")
    );
}

#[test]
fn what_silences_nothing_is_reported_and_can_be_configured() {
    let unused = format!("#disable-next-line {RULE}\nparam a string\n");
    let folder = Folder::new(&[("main.bicep", &unused)]);
    let (code, out, _) = folder.check(&["--format", "concise"]);
    assert_eq!(code, 1);
    let line = format!(
        "main.bicep:1:20: warning[unused-suppression]: nothing is silenced here: `{RULE}`\n"
    );
    assert_eq!(out, line);
    assert_eq!(folder.check(&["--ignore", "unused-suppression"]).0, 0);
    assert_eq!(folder.check(&["--ignore", RULE]).0, 0);
    let off = config(r#"{ "rules": { "unused-suppression": { "level": "info" } } }"#);
    let folder = Folder::new(&[("main.bicep", &unused), ("bicepconfig.json", &off)]);
    assert_eq!(folder.check(&[]).0, 0);
}

#[test]
fn a_baseline_lets_new_failures_through_only() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let select = ["--select", RULE];
    let with = |arguments: &[&str]| folder.check(&[&select, arguments].concat());
    let (code, out, _) = with(&["--write-baseline", "known.json"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("0 failed, 0 passed, 0 unknown, 1 in the baseline"),
        "{out}"
    );
    let moved = format!("// a line more\n{OPEN}{}", OPEN.replace("aks", "new"));
    fs::write(folder.0.join("main.bicep"), moved).expect("a file");
    let (code, out, complaint) = with(&["--baseline", "known.json", "--format", "concise"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("main.bicep:6:10: error"), "{out}");
    assert_eq!((out.lines().count(), complaint.as_str()), (1, ""));
    fs::write(folder.0.join("main.bicep"), "param a string\n").expect("a file");
    let (code, _, complaint) = with(&["--baseline", "known.json"]);
    assert_eq!(code, 0);
    assert!(
        complaint.contains("knows `aks-authorized-ip-ranges` in main.bicep"),
        "{complaint}"
    );
}

#[test]
fn a_baseline_that_cannot_be_read_is_bad_usage_in_one_line() {
    let folder = Folder::new(&[
        ("main.bicep", OPEN),
        ("a.json", "{"),
        ("b.json", "{\"version\": 9}"),
    ]);
    for (file, why) in [
        ("a.json", "it is no baseline"),
        ("b.json", "version 9"),
        ("c.json", "no such file"),
    ] {
        let (code, out, complaint) = folder.check(&["--baseline", file]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(complaint.contains(why), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}
