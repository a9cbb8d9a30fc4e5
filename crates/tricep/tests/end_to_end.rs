//! The built program as people and pipelines use it: formats, exit codes, and input that is bad.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// A cluster that everybody may reach, by a parameter with an empty default.
const OPEN: &str = "\
param ranges array = []

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: ranges
    }
  }
}
";

/// What the concise format says of it, after the name of the file.
const OPEN_LINE: &str = ":8:27: error[aks-authorized-ip-ranges]: API server of `aks` is open to \
                         every address: `authorizedIPRanges` is empty";

/// A cluster nobody outside may reach.
const PRIVATE: &str = "\
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: {
    apiServerAccessProfile: {
      enablePrivateCluster: true
    }
  }
}
";

/// A cluster that is open when its parameter is empty.
const DEPENDS: &str = "\
param ranges array

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: ranges
    }
  }
}
";

/// A folder of its own for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tricep-end-to-end-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).expect("a folder");
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Runs tricep here.
    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("tricep runs"))
    }

    /// Runs tricep here with a text on its standard input.
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("tricep runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("tricep reads");
        drop(stdin);
        Run::of(child.wait_with_output().expect("tricep ends"))
    }

    /// The command; a check asks the main rule only unless the arguments say otherwise, so that
    /// these tests need no clusters that are right in every respect.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tricep"));
        command.current_dir(&self.0).args(arguments);
        if arguments.first() == Some(&"check") && !arguments.contains(&"--select") {
            command.args(["--select", "aks-authorized-ip-ranges"]);
        }
        for name in [
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "BICEP_TRUSTED_REGISTRIES",
        ] {
            command.env_remove(name);
        }
        // Nobody's own module cache.
        command.env("HOME", &self.0).env("USERPROFILE", &self.0);
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How a run ended.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let run = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        };
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// Panics unless the run ended with the code; shows what it said.
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.out,
            self.err
        );
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON document")
    }
}

/// The line of the concise format for [`OPEN`] in a file.
fn open_line(file: &str) -> String {
    format!("{file}{OPEN_LINE}\n")
}

#[test]
fn a_restricted_cluster_ends_with_0_and_an_open_one_with_1() {
    let folder = Folder::new(&[("private.bicep", PRIVATE), ("open.bicep", OPEN)]);
    let run = folder
        .run(&["check", "private.bicep", "--format", "concise"])
        .ends_with(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
    let run = folder
        .run(&["check", "open.bicep", "--format", "concise"])
        .ends_with(1);
    assert_eq!(run.out, open_line("open.bicep"));
    assert_eq!(run.err, "");
}

#[test]
fn the_working_directory_is_checked_when_nothing_is_named() {
    let folder = Folder::new(&[("infra/b.bicep", OPEN), ("infra/a.bicep", OPEN)]);
    let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
    assert_eq!(
        run.out,
        open_line("infra/a.bicep") + &open_line("infra/b.bicep")
    );
    let run = folder.run(&["check", ".", "infra", "./infra/a.bicep", "--format=concise"]);
    assert_eq!(
        run.out,
        open_line("infra/a.bicep") + &open_line("infra/b.bicep")
    );
}

#[test]
fn people_see_the_lines_in_question_and_how_to_mend_them() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let run = folder.run(&["check"]).ends_with(1);
    for part in [
        "error[aks-authorized-ip-ranges]",
        "main.bicep:8:27",
        "authorizedIPRanges: ranges",
        "param ranges array = []",
        "parameter `ranges` defaults to `[]`",
        "enablePrivateCluster: true",
    ] {
        assert!(run.out.contains(part), "{part} is not in\n{}", run.out);
    }
    assert!(!run.out.contains('\x1b'), "no colours into a pipe");
}

#[test]
fn colours_can_be_forced_and_are_never_there_with_no_color() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let run = folder.run(&["check", "--color", "always"]).ends_with(1);
    assert!(run.out.contains("\x1b["), "{}", run.out);
    let output = folder.command(&["check"]).env("NO_COLOR", "1").output();
    let run = Run::of(output.expect("tricep runs")).ends_with(1);
    assert!(!run.out.contains('\x1b'), "{}", run.out);
}

#[test]
fn json_tells_everything() {
    let folder = Folder::new(&[("infra/main.bicep", OPEN)]);
    let run = folder.run(&["check", "--format", "json"]).ends_with(1);
    let document = run.json();
    assert_eq!(document["version"], 1);
    assert_eq!(document["tool"]["name"], "tricep");
    let summary = &document["summary"];
    let counts = [
        "files",
        "resources",
        "fail",
        "pass",
        "unknown",
        "errors",
        "warnings",
        "infos",
    ];
    let counts = counts.map(|name| summary[name].as_u64().expect(name));
    assert_eq!(counts, [1, 1, 1, 0, 0, 1, 0, 0]);
    let finding = &document["findings"][0];
    for (name, value) in [
        ("rule", "aks-authorized-ip-ranges"),
        ("outcome", "fail"),
        ("reason", "empty"),
        ("severity", "error"),
        ("file", "infra/main.bicep"),
    ] {
        assert_eq!(finding[name], value, "{name}");
    }
    let aliases = finding["aliases"].as_array().expect("a list");
    assert!(aliases.contains(&"CKV_AZURE_6".into()));
    let start = OPEN.rfind("ranges").expect("the value");
    for (name, offset, column) in [("start", start, 27), ("end", start + 6, 33)] {
        let place = &finding[name];
        assert_eq!(place["offset"], offset, "{name}");
        assert_eq!(
            (&place["line"], &place["column"]),
            (&8.into(), &column.into()),
            "{name}"
        );
    }
    assert_eq!(finding["resource"]["symbol"], "aks");
    assert_eq!(
        finding["resource"]["type"],
        "Microsoft.ContainerService/managedClusters"
    );
    assert_eq!(finding["resource"]["apiVersion"], "2024-05-01");
    assert_eq!(finding["resource"]["line"], 3);
    assert_eq!(
        finding["trail"][0]["message"],
        "parameter `ranges` defaults to `[]`"
    );
    assert_eq!(finding["trail"][0]["line"], 1);
    assert!(finding["fixes"].is_array());
}

#[test]
fn json_without_findings_is_a_document_too() {
    let folder = Folder::new(&[("main.bicep", "param x string\n")]);
    let document = folder
        .run(&["check", "--format", "json"])
        .ends_with(0)
        .json();
    assert_eq!(document["findings"], Value::Array(Vec::new()));
}

#[test]
fn sarif_has_the_rule_and_a_relative_place() {
    let folder = Folder::new(&[("infra/größe 1.bicep", OPEN)]);
    let document = folder
        .run(&["check", "--format", "sarif"])
        .ends_with(1)
        .json();
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "tricep");
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "aks-authorized-ip-ranges");
    assert_eq!(result["level"], "error");
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], "aks-authorized-ip-ranges");
    assert!(rule["properties"]["security-severity"].is_string());
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "infra/gr%C3%B6%C3%9Fe%201.bicep"
    );
    let region = &place["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"]),
        (&8.into(), &27.into())
    );
    let text = document.to_string();
    let here = folder.0.to_string_lossy().into_owned();
    assert!(!text.contains(&here), "no absolute path");
}

#[test]
fn github_gets_annotations_and_they_are_the_default_there() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let run = folder.run(&["check", "--format", "github"]).ends_with(1);
    assert!(run.out.starts_with("::error "), "{}", run.out);
    for part in ["file=main.bicep", "line=8", "col=27", "endColumn=33"] {
        assert!(run.out.contains(part), "{part} is not in\n{}", run.out);
    }
    let output = folder
        .command(&["check"])
        .env("GITHUB_ACTIONS", "true")
        .output();
    let default = Run::of(output.expect("tricep runs")).ends_with(1);
    assert_eq!(default.out, run.out);
}

#[test]
fn one_run_writes_several_formats() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let run = folder.run(&[
        "check",
        "--format",
        "concise",
        "--format",
        "sarif=out.sarif",
    ]);
    let run = run.ends_with(1);
    assert_eq!(run.out, open_line("main.bicep"));
    let sarif = fs::read_to_string(folder.0.join("out.sarif")).expect("the file");
    let document: Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(
        document["runs"][0]["results"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn reports_are_equal_each_time() {
    let folder = Folder::new(&[
        ("a.bicep", OPEN),
        ("b.bicep", PRIVATE),
        ("c.bicep", DEPENDS),
    ]);
    for format in ["human", "concise", "json", "sarif", "github"] {
        let arguments = ["check", "--format", format, "--show", "pass,unknown"];
        // The time that a person is told at the end is no part of it.
        let told = || {
            let out = folder.run(&arguments).out;
            let end = out.rfind(" (").filter(|_| format == "human");
            out[..end.unwrap_or(out.len())].to_owned()
        };
        assert_eq!(told(), told(), "{format}");
    }
}

#[test]
fn passes_and_unknowns_are_listed_when_asked_for() {
    let folder = Folder::new(&[("private.bicep", PRIVATE), ("depends.bicep", DEPENDS)]);
    let concise = ["check", "--format", "concise"];
    assert_eq!(folder.run(&concise).ends_with(0).out, "");
    let show = |what| {
        folder
            .run(&[&concise[..], &["--show", what]].concat())
            .ends_with(0)
            .out
    };
    let pass = show("pass");
    assert!(
        pass.starts_with("private.bicep:6:29: info[aks-authorized-ip-ranges]: "),
        "{pass}"
    );
    let unknown = show("unknown");
    assert!(unknown.starts_with("depends.bicep:8:27: info[aks-authorized-ip-ranges]: "));
    assert!(unknown.contains("when `ranges` is empty"), "{unknown}");
    assert_eq!(show("pass,unknown").lines().count(), 2);
}

#[test]
fn the_level_that_fails_a_run_can_be_set() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    for (level, code) in [("error", 1), ("warning", 1), ("info", 1), ("never", 0)] {
        let run = folder.run(&["check", "--format", "concise", "--fail-on", level]);
        assert_eq!(run.ends_with(code).out, open_line("main.bicep"));
    }
}

#[test]
fn rules_are_selected_and_ignored_by_name_and_alias() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    folder
        .run(&["check", "--ignore", "aks-authorized-ip-ranges"])
        .ends_with(0);
    folder
        .run(&["check", "--ignore", "AZR-000030"])
        .ends_with(0);
    folder
        .run(&["check", "--select", "ckv_azure_6"])
        .ends_with(1);
    let run = folder.run(&["check", "--select", "nonsense"]).ends_with(2);
    assert!(run.err.contains("nonsense"), "{}", run.err);
}

#[test]
fn standard_input_is_judged_at_the_place_it_belongs_to() {
    let main = "module cluster 'modules/aks.bicep' = {\n  name: 'cluster'\n  params: {\n    \
                ranges: []\n  }\n}\n";
    let module = OPEN.replace(" = []\n", "\n");
    let folder = Folder::new(&[("infra/modules/aks.bicep", &module)]);
    let run = folder.run_with_input(
        &[
            "check",
            "-",
            "--stdin-filename",
            "infra/main.bicep",
            "--format",
            "concise",
        ],
        main,
    );
    let place = "infra/main.bicep:4:13: error[aks-authorized-ip-ranges]: ";
    let run = run.ends_with(1);
    assert!(run.out.starts_with(place), "{}", run.out);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);

    let run = folder
        .run_with_input(&["check", "-", "--format", "concise"], OPEN)
        .ends_with(1);
    assert!(run.out.ends_with(&open_line("")), "{}", run.out);
    folder.run_with_input(&["check", "-"], "").ends_with(0);
}

#[test]
fn bad_usage_ends_with_2_and_says_what_is_wrong() {
    let folder = Folder::new(&[("main.bicep", PRIVATE), ("empty/readme.md", "")]);
    for (arguments, part) in [
        (&["check", "nowhere.bicep"][..], "nowhere.bicep"),
        (&["check", "main.bicep", "nowhere"], "nowhere"),
        (&["check", "empty"], "empty"),
        (&["check", "--format", "xml"], "xml"),
        (&["check", "--fail-on", "sometimes"], "sometimes"),
        (&["check", "--show", "everything"], "everything"),
        (&["check", "--no-such-flag"], "--no-such-flag"),
        (
            &["check", "--format", "json", "--format", "sarif"],
            "standard output",
        ),
        (&["chek"], "chek"),
        (&["explain", "no-such-rule"], "no-such-rule"),
        (&["syntax"], "FILE"),
    ] {
        let run = folder.run(arguments).ends_with(2);
        assert!(run.err.contains(part), "{arguments:?}: {}", run.err);
        assert_eq!(run.out, "", "{arguments:?}");
    }
    folder.run(&[]).ends_with(2);
}

#[test]
fn help_and_version_end_with_0() {
    let folder = Folder::new(&[]);
    let run = folder.run(&["--version"]).ends_with(0);
    assert_eq!(run.out, format!("tricep {}\n", env!("CARGO_PKG_VERSION")));
    for command in [
        "check",
        "explain",
        "resolve",
        "syntax",
        "completions",
        "man",
    ] {
        let run = folder.run(&[command, "--help"]).ends_with(0);
        assert!(run.out.contains("Usage"), "{command}");
        assert!(
            folder.run(&["--help"]).ends_with(0).out.contains(command),
            "{command}"
        );
    }
}

#[test]
fn a_folder_called_like_a_file_holds_no_bicep() {
    let folder = Folder::new(&[("x.bicep/readme.md", "")]);
    let run = folder.run(&["check", "x.bicep"]).ends_with(2);
    assert!(run.err.contains("x.bicep"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_ends_with_3_and_the_others_are_judged() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    std::os::unix::fs::symlink("loop.bicep", folder.0.join("loop.bicep")).expect("a link");
    let arguments = ["check", "loop.bicep", "main.bicep", "--format", "concise"];
    let run = folder.run(&arguments).ends_with(3);
    assert!(run.out.contains(&open_line("main.bicep")), "{}", run.out);
    assert!((run.out + &run.err).contains("loop.bicep"));
}

#[test]
fn a_file_that_is_no_text_ends_with_3_and_the_others_are_judged() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    folder.write("latin.bicep", b"param gr\xf6sse string = 'x'\n");
    let run = folder.run(&["check", "--format", "concise"]).ends_with(3);
    let first = run.out.lines().next().unwrap_or_default();
    assert!(first.starts_with("latin.bicep:"), "{first}");
    assert!(first.contains("UTF-8"), "{first}");
    assert!(run.out.contains(&open_line("main.bicep")), "{}", run.out);
}

#[test]
fn a_module_that_is_absent_or_a_folder_is_reported_where_it_is_named() {
    let main = format!("module net 'net.bicep' = {{\n  name: 'net'\n}}\n\n{OPEN}");
    for (other, code) in [("readme.md", "BCP091"), ("net.bicep/readme.md", "BCP275")] {
        let folder = Folder::new(&[("main.bicep", &main), (other, "")]);
        let run = folder
            .run(&["check", "main.bicep", "--format", "concise"])
            .ends_with(1);
        let first = format!("main.bicep:1:12: error[{code}]: ");
        let cluster = "main.bicep:12:27: error[aks-authorized-ip-ranges]";
        assert!(
            run.out.starts_with(&first) && run.out.contains(cluster),
            "{}",
            run.out
        );
    }
}

#[test]
fn restored_modules_are_judged_and_others_make_no_run_fail() {
    const TEMPLATE: &str = r#"{
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "contentVersion": "1.0.0.0",
      "resources": [{
        "type": "Microsoft.ContainerService/managedClusters",
        "apiVersion": "2024-05-01",
        "name": "aks",
        "properties": {}
      }]
    }"#;
    let folder = Folder::new(&[
        (
            "infra/main.bicep",
            "module aks 'br/own:aks:1.0' = {\n  name: 'aks'\n}\n",
        ),
        (
            "bicepconfig.json",
            "{\"moduleAliases\": {\"br\": {\"own\": {\"registry\": \"contoso.azurecr.io\"}}}}",
        ),
    ]);
    let arguments = ["check", "infra", "--format", "concise"];
    let run = folder.run(&arguments).ends_with(0);
    assert!(
        run.out.starts_with("infra/main.bicep:1:12: info[BCP190]: "),
        "{}",
        run.out
    );
    for name in ["main.json", "manifest", "metadata"] {
        let path = format!("cache/br/contoso.azurecr.io/aks/1.0$/{name}");
        folder.write(&path, TEMPLATE.as_bytes());
    }
    folder.run(&arguments).ends_with(0);
    let run = folder
        .run(&[&arguments[..], &["--module-cache", "cache"]].concat())
        .ends_with(1);
    let finding = "infra/main.bicep:1:8: error[aks-authorized-ip-ranges]: ";
    assert!(run.out.starts_with(finding), "{}", run.out);
    folder
        .run(&[&arguments[..], &["--module-cache", "none"]].concat())
        .ends_with(2);
}

#[test]
fn modules_that_use_each_other_are_reported_and_judged() {
    let call = |path: &str| format!("module other '{path}' = {{\n  name: 'other'\n}}\n\n");
    let a = call("b.bicep") + OPEN;
    let folder = Folder::new(&[("a.bicep", &a), ("b.bicep", &call("a.bicep"))]);
    let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
    assert!(run.out.contains("error[BCP"), "{}", run.out);
    assert!(
        run.out
            .contains("a.bicep:12:27: error[aks-authorized-ip-ranges]"),
        "{}",
        run.out
    );
    let own = Folder::new(&[("a.bicep", &(call("a.bicep") + OPEN))]);
    let run = own.run(&["check", "--format", "concise"]).ends_with(1);
    assert!(
        run.out
            .contains("a.bicep:12:27: error[aks-authorized-ip-ranges]"),
        "{}",
        run.out
    );
}

#[test]
fn a_mistake_beside_an_open_cluster_hides_nothing() {
    let text = format!("param broken string =\n\n{OPEN}\nvar alsoBroken = [\n");
    let folder = Folder::new(&[("main.bicep", &text)]);
    let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(
        lines[0].starts_with("main.bicep:1:22: error[BCP"),
        "{}",
        run.out
    );
    let verdict = "main.bicep:10:27: error[aks-authorized-ip-ranges]";
    assert!(lines[1].starts_with(verdict), "{}", run.out);
    assert!(
        lines.last().is_some_and(|line| line.contains("error[BCP")),
        "{}",
        run.out
    );
}

#[test]
fn columns_count_utf_16_code_units() {
    let line =
        "properties: { dnsPrefix: 'é😀', apiServerAccessProfile: { authorizedIPRanges: [] } }";
    let text = format!(
        "resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{\n  {line}\n  \
         name: 'aks'\n  location: 'westeurope'\n}}\n"
    );
    let place = |text: &str| {
        let folder = Folder::new(&[("main.bicep", text)]);
        let document = folder
            .run(&["check", "--format", "json"])
            .ends_with(1)
            .json();
        let findings = document["findings"].as_array().expect("findings");
        let is_verdict = |finding: &&Value| finding["rule"] == "aks-authorized-ip-ranges";
        let start = &findings.iter().find(is_verdict).expect("a verdict")["start"];
        ["line", "column", "offset"].map(|name| start[name].as_u64().expect(name))
    };
    let byte = text.find("[]").expect("the value") as u64;
    // Before the value stand, beside ASCII, one character of two bytes and one unit, and one of
    // four bytes and two units.
    let line_start = text.find('\n').expect("a line") as u64 + 1;
    let column = byte - line_start - 1 - 2 + 1;
    assert_eq!(place(&text), [2, column, byte]);
    // A byte order mark counts for no column, and for three bytes.
    assert_eq!(place(&format!("\u{feff}{text}")), [2, column, byte + 3]);
    assert_eq!(place(&text.replace('\n', "\r\n")), [2, column, byte + 1]);
    assert_eq!(
        place(&text.replace("  prop", "\tprop")),
        [2, column - 1, byte - 1]
    );
    for format in ["human", "concise", "sarif", "github"] {
        let folder = Folder::new(&[("main.bicep", &format!("\u{feff}{text}"))]);
        folder.run(&["check", "--format", format]).ends_with(1);
    }
}

#[test]
fn files_with_next_to_nothing_in_them_are_fine() {
    let folder = Folder::new(&[
        ("empty.bicep", ""),
        ("mark.bicep", "\u{feff}"),
        ("break.bicep", "\r\n"),
        ("comment.bicep", "// é😀"),
    ]);
    for format in ["human", "concise", "json", "sarif", "github"] {
        folder.run(&["check", "--format", format]).ends_with(0);
    }
}

#[test]
fn errors_at_the_end_of_a_file_are_shown() {
    for text in ["", "\n", "\r\n", " "] {
        let text = format!("var a = 'é😀{text}");
        let folder = Folder::new(&[("main.bicep", &text)]);
        for format in ["human", "concise", "json", "sarif", "github"] {
            let run = folder.run(&["check", "--format", format]).ends_with(1);
            assert!(run.out.contains("BCP"), "{}", run.out);
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_the_end() {
    const DEPTH: usize = 100_000;
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a:", "}"),
        ("!", ""),
        ("-(", ")"),
        ("f(", ")"),
    ] {
        let nested = format!("{}1{}", open.repeat(DEPTH), close.repeat(DEPTH));
        let folder = Folder::new(&[
            ("closed.bicep", &format!("{OPEN}\nvar deep = {nested}\n")),
            (
                "open.bicep",
                &format!("{OPEN}\nvar deep = {}\n", open.repeat(DEPTH)),
            ),
            ("other.bicep", OPEN),
        ]);
        let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
        let start = |file| format!("{file}:8:27: error[aks-authorized-ip-ranges]");
        for file in ["closed.bicep", "open.bicep", "other.bicep"] {
            assert!(run.out.contains(&start(file)), "{open}: {}", head(&run.out));
        }
        for file in ["closed.bicep:", "open.bicep:"] {
            let is_problem = |line: &str| line.starts_with(file) && !line.contains("[aks-");
            let told = run.out.lines().any(is_problem);
            assert!(told, "{open} in {file}: {}", head(&run.out));
        }
    }
}

#[test]
fn long_chains_are_read_to_their_end() {
    let sum = vec!["1"; 100_000].join(" + ");
    let members = format!("aks{}", ".a".repeat(100_000));
    let text = format!("{OPEN}\nvar sum = {sum}\nvar members = {members}\n");
    let folder = Folder::new(&[("main.bicep", &text)]);
    let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
    assert!(
        run.out.contains(&open_line("main.bicep")),
        "{}",
        head(&run.out)
    );
}

#[test]
fn a_file_of_50_megabytes_is_read_to_its_end() {
    let text = "x".repeat(1000);
    let block = format!("  '{text}' // {text}\n");
    let count = 50_000_000 / block.len() + 1;
    let all = format!("var texts = [\n{}]\n{OPEN}", block.repeat(count));
    assert!(all.len() > 50_000_000);
    let folder = Folder::new(&[("main.bicep", &all)]);
    let run = folder.run(&["check", "--format", "concise"]).ends_with(1);
    let line = count + 2 + 8;
    let verdict = format!("main.bicep:{line}:27: error[aks-authorized-ip-ranges]");
    assert!(run.out.starts_with(&verdict), "{}", head(&run.out));
}

/// The beginning of a text that may be very long.
fn head(text: &str) -> String {
    text.chars().take(2000).collect()
}

#[test]
fn a_rule_is_explained_with_four_ways_to_mend_it() {
    let folder = Folder::new(&[]);
    let run = folder
        .run(&["explain", "aks-authorized-ip-ranges"])
        .ends_with(0);
    for part in [
        "AZR-000030",
        "Bicep",
        "ARM template",
        "Azure CLI",
        "Azure PowerShell",
        "az aks update",
        "Set-AzAksCluster",
        "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    ] {
        assert!(run.out.contains(part), "{part} is not in\n{}", run.out);
    }
    assert_eq!(
        folder.run(&["explain", "azr-000030"]).ends_with(0).out,
        run.out
    );
    let json = ["explain", "aks-authorized-ip-ranges", "--format", "json"];
    assert!(folder.run(&json).ends_with(0).json().is_object());
    let list = folder.run(&["explain"]).ends_with(0);
    assert!(
        list.out.contains("aks-authorized-ip-ranges"),
        "{}",
        list.out
    );
}

#[test]
fn syntax_prints_a_document_a_line() {
    let folder = Folder::new(&[("a.bicep", "var x = 1\n"), ("b.bicep", "var = é\n")]);
    let run = folder
        .run(&["syntax", "a.bicep", "b.bicep", "--tokens"])
        .ends_with(0);
    let documents: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let [first, second] = &documents[..] else {
        panic!("two lines, not\n{}", run.out);
    };
    assert_eq!(first["file"], "a.bicep");
    assert_eq!(first["diagnostics"], Value::Array(Vec::new()));
    let token = &first["tokens"][1];
    assert_eq!((&token["start"], &token["end"]), (&4.into(), &5.into()));
    assert_eq!(token["kind"], "Identifier");
    assert_eq!(second["file"], "b.bicep");
    let problem = &second["diagnostics"][0];
    assert!(
        problem["code"]
            .as_str()
            .is_some_and(|code| code.starts_with("BCP"))
    );
    assert_eq!(problem["severity"], "error");
    assert!(problem["message"].is_string());
    let run = folder.run(&["syntax", "a.bicep"]).ends_with(0);
    let document: Value = serde_json::from_str(run.out.trim_end()).expect("JSON");
    assert!(document.get("tokens").is_none());
}

/// A deployment of two modules by a parameter file.
const RESOLVED: [(&str, &str); 3] = [
    (
        "main.bicepparam",
        "using 'main.bicep'\nparam stage = 'prod'\nparam password = 'hunter2'\n",
    ),
    (
        "main.bicep",
        "param stage string\nparam owner string?\n@secure()\nparam password string\n\
         module hosts 'host.bicep' = [for n in range(0, stage == 'prod' ? 2 : 1): {\n\
         \x20 name: 'host-${n}'\n  params: { name: '${stage}-${n}', password: password }\n}]\n\
         output ids array = [for n in range(0, 2): hosts[n].outputs.id]\n",
    ),
    (
        "host.bicep",
        "param name string\n@secure()\nparam password string\n\
         resource host 'Microsoft.Compute/virtualMachines@2024-03-01' = {\n  name: name\n\
         \x20 location: resourceGroup().location\n\
         \x20 properties: { osProfile: { adminPassword: password, computerName: toUpper(name) } }\n}\n\
         resource off 'Microsoft.Compute/disks@2024-03-01' = if (false) {\n  name: 'off'\n}\n\
         output id string = host.id\n",
    ),
];

#[test]
fn resolve_prints_every_resource_with_its_values() {
    let folder = Folder::new(&RESOLVED);
    let subscription = "subscriptionId=00000000-0000-0000-0000-000000000001";
    let arguments = [
        "resolve",
        "main.bicepparam",
        "--metadata",
        &format!("{subscription},resourceGroup=rg,location=westeurope"),
    ];
    let run = folder.run(&arguments).ends_with(0);
    let document = run.json();
    assert_eq!(document["version"], 1);
    let resources = document["resources"].as_array().expect("resources");
    assert_eq!(resources.len(), 2, "{}", run.out);
    let id = |name| {
        format!(
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/\
             Microsoft.Compute/virtualMachines/{name}"
        )
    };
    let host = &resources[1];
    assert_eq!(host["name"], "prod-1");
    assert_eq!(host["id"], id("prod-1"));
    assert_eq!(host["module"][0], "hosts[1]");
    assert_eq!(
        (&host["file"], &host["line"]),
        (&"host.bicep".into(), &4.into())
    );
    assert_eq!(host["condition"], true);
    assert_eq!(host["body"]["location"], "westeurope");
    let profile = &host["body"]["properties"]["osProfile"];
    assert_eq!(profile["computerName"], "PROD-1");
    assert_eq!(profile["adminPassword"]["$unknown"]["reason"], "secret");
    assert!(!run.out.contains("hunter2"));
    assert_eq!(document["outputs"]["ids"][0], id("prod-0"));
    assert_eq!(folder.run(&arguments).out, run.out);
}

#[test]
fn resolve_says_what_is_not_known() {
    let folder = Folder::new(&RESOLVED);
    let document = folder.run(&["resolve", "host.bicep"]).ends_with(0).json();
    let host = &document["resources"][0];
    let name = &host["name"]["$unknown"];
    assert_eq!(
        (&name["reason"], &name["of"]),
        (&"parameter".into(), &"name".into())
    );
    assert_eq!(
        (&name["file"], &name["line"]),
        (&"host.bicep".into(), &1.into())
    );
    assert_eq!(host["body"]["location"]["$unknown"]["reason"], "runtime");
    let id = host["id"]["$unknown"]["text"].as_array().expect("pieces");
    assert_eq!(id[4], "/providers/Microsoft.Compute/virtualMachines/");
}

#[test]
fn resolve_of_a_file_with_mistakes_prints_what_it_can_and_ends_with_1() {
    let text = "module m 'absent.bicep' = {}\nresource r 'A.B/c@2024-01-01' = { name: 'r' }\n";
    let folder = Folder::new(&[("main.bicep", text)]);
    let document = folder.run(&["resolve", "main.bicep"]).ends_with(1).json();
    assert_eq!(document["resources"][0]["name"], "r");
    let problems = document["problems"].as_array().expect("problems");
    assert_eq!(problems[0]["code"], "BCP091");
    assert_eq!(problems[1]["code"], "not-expanded");
    assert_eq!(
        (&problems[1]["line"], &problems[1]["column"]),
        (&1.into(), &8.into())
    );
}

/// A template with a parameter of each kind that matters.
const GIVEN: &str = "\
param stage string
param count int = 1
@secure()
param password string
resource host 'Microsoft.Compute/disks@2024-03-02' = {
  name: '${stage}-${count}'
  location: 'westeurope'
  tags: { word: password }
}
";

#[test]
fn resolve_takes_parameter_files_of_both_languages_and_values() {
    let in_json = "{ // a comment\n  \"PARAMETERS\": {\n    \"Stage\": { \"VALUE\": \"test\" },\n    \
                   /* another */ \"password\": { \"reference\": { \"keyVault\": { \"id\": \"/x\" }, \
                   \"secretName\": \"word\" } }\n  },\n}";
    let in_bicep = "using '../main.bicep'\nparam stage = 'prod'\nparam password = 'hunter2'\n";
    let folder = Folder::new(&[
        ("main.bicep", GIVEN),
        ("values/test.json", in_json),
        ("values/prod.bicepparam", in_bicep),
    ]);
    for (parameters, name) in [
        (vec!["values/test.json"], "test-1"),
        (vec!["@values/test.json", "count=2"], "test-2"),
        (vec!["values/prod.bicepparam"], "prod-1"),
        (vec!["stage=dev", "values/prod.bicepparam"], "dev-1"),
        (vec!["stage=a", "stage=b", "password=hunter2"], "b-1"),
    ] {
        let mut arguments = vec!["resolve", "main.bicep"];
        for given in &parameters {
            arguments.extend(["--parameters", given]);
        }
        let run = folder.run(&arguments).ends_with(0);
        let document = run.json();
        let host = &document["resources"][0];
        assert_eq!(host["name"], name, "{parameters:?}");
        let word = &host["body"]["tags"]["word"]["$unknown"]["reason"];
        assert_eq!(word, "secret", "{parameters:?}");
        assert!(!run.out.contains("hunter2"), "{parameters:?}");
        assert_eq!(document["problems"], Value::Array(Vec::new()));
    }
}

#[test]
fn resolve_reports_values_that_do_not_fit() {
    let in_json = "{\"parameters\": {\n\"stage\": {\"value\": 1},\n\
                   \"password\": {\"value\": \"hunter2\"}, \"nosuch\": {\"value\": 1}}}";
    let in_bicep = "using 'main.bicep'\nparam stage = 1\nparam password = 'hunter2'\n";
    let folder = Folder::new(&[
        ("main.bicep", GIVEN),
        ("other.bicep", ""),
        ("a.json", in_json),
        ("b.bicepparam", in_bicep),
        ("other.bicepparam", "using 'other.bicep'\n"),
        ("none.bicepparam", "using none\n"),
    ]);
    for (given, expected) in [
        (&["a.json"][..], &["BCP033 2", "BCP259 3"][..]),
        (&["b.bicepparam"], &["BCP033 2"]),
        (&["stage=x", "count=y", "password=hunter2"], &["BCP033 2"]),
        (
            &["other.bicepparam"],
            &["parameters-for-another-template 1"],
        ),
        (&["none.bicepparam"], &["parameters-for-another-template 1"]),
    ] {
        let mut arguments = vec!["resolve", "main.bicep"];
        for given in given {
            arguments.extend(["--parameters", given]);
        }
        let run = folder.run(&arguments).ends_with(1);
        assert!(!run.out.contains("hunter2"), "{given:?}");
        let document = run.json();
        let problems = document["problems"].as_array().expect("problems");
        // That the resource cannot be deployed for it is said too.
        let causes = problems.iter().filter(|p| p["code"] != "not-expanded");
        let told = causes.map(|problem| {
            let code = problem["code"].as_str().expect("a code");
            format!("{code} {}", problem["line"])
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{}", run.out);
    }
}

#[test]
fn resolve_reads_the_environment_only_if_it_may() {
    let parameters = "using 'main.bicep'\nparam stage = readEnvironmentVariable('STAGE')\n\
                      param password = 'x'\n";
    let folder = Folder::new(&[("main.bicep", GIVEN), ("p.bicepparam", parameters)]);
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        let output = command.env("STAGE", "live").output();
        let run = Run::of(output.expect("tricep runs")).ends_with(0);
        run.json()["resources"][0]["name"].clone()
    };
    let named = ["resolve", "main.bicep", "--parameters", "p.bicepparam"];
    assert!(run(&named)["$unknown"].is_object());
    assert_eq!(run(&[&named[..], &["--allow-env"]].concat()), "live-1");
    assert_eq!(run(&["resolve", "p.bicepparam", "--allow-env"]), "live-1");
}

#[test]
fn resolve_is_called_with_one_file_and_known_metadata() {
    let folder = Folder::new(&[
        ("a/main.bicep", OPEN),
        ("b.bicep", ""),
        ("p.bicepparam", "using 'b.bicep'\n"),
        ("q.bicepparam", "using 'b.bicep'\n"),
        ("p.json", "{\"parameters\": {}}"),
    ]);
    for wrong in [
        vec!["resolve"],
        vec!["resolve", "a"],
        vec!["resolve", "absent.bicep"],
        vec!["resolve", "b.bicep", "--metadata", "region=x"],
        vec!["resolve", "b.bicep", "--metadata", "tenant=x,tenantId=y"],
        vec!["resolve", "b.bicep", "a/main.bicep"],
        vec!["resolve", "b.bicep", "--parameters", "absent.json"],
        vec!["resolve", "p.bicepparam", "--parameters", "a=1"],
        vec!["resolve", "p.bicepparam", "--parameters", "p.json"],
        vec!["resolve", "p.bicepparam", "--parameters", "q.bicepparam"],
        vec![
            "resolve",
            "b.bicep",
            "--parameters",
            "p.json",
            "--parameters",
            "p.bicepparam",
        ],
    ] {
        let run = folder.run(&wrong).ends_with(2);
        assert!(
            run.out.is_empty() && run.err.lines().count() <= 2,
            "{wrong:?} {}",
            run.err
        );
    }
    let document = folder.run(&["resolve", "b.bicep"]).ends_with(0).json();
    assert_eq!(document["resources"], Value::Array(Vec::new()));
    let folder = Folder::new(&[]);
    folder.write("broken.bicep", &[0xff]);
    folder.run(&["resolve", "broken.bicep"]).ends_with(3);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(
            folder
                .run(&["completions", shell])
                .ends_with(0)
                .out
                .contains("tricep")
        );
    }
    assert!(folder.run(&["man"]).ends_with(0).out.contains(".TH"));
}

#[test]
fn the_examples_are_judged_as_their_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("examples/README.md")).expect("the page");
    let mut shown: Vec<&str> = page
        .lines()
        .filter(|l| l.starts_with("examples/"))
        .collect();
    let output = Command::new(env!("CARGO_BIN_EXE_tricep"))
        .args([
            "check",
            "examples",
            "--format",
            "concise",
            "--show",
            "pass,unknown",
            "--select",
            "aks-authorized-ip-ranges",
        ])
        .current_dir(&root)
        .output();
    let run = Run::of(output.expect("tricep runs")).ends_with(1);
    let mut told: Vec<&str> = run.out.lines().collect();
    shown.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, shown);
}

#[test]
fn statistics_count_rule_by_rule_and_the_time_ends_the_run() {
    let folder = Folder::new(&[("main.bicep", OPEN)]);
    let run = folder.run(&["check", "--statistics"]).ends_with(1);
    assert!(
        run.out
            .contains("      1       0       0  aks-authorized-ip-ranges\n"),
        "{}",
        run.out
    );
    assert!(run.out.ends_with(" s)\n") && run.err.is_empty(), "{run:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let names: Vec<String> = (0..40).map(|n| format!("f{n}/main.bicep")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), OPEN)).collect();
    let folder = Folder::new(&files);
    let told = |threads: &str| {
        let arguments = ["check", "--format", "json", "--show", "pass,unknown"];
        let mut command = folder.command(&arguments);
        let output = command.env("RAYON_NUM_THREADS", threads).output();
        Run::of(output.expect("tricep runs")).ends_with(1).out
    };
    assert_eq!(told("1"), told("7"));
}
