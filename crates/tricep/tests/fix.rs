//! `tricep check --fix` and `--diff` as people use them: what is written, what is printed, and how the
//! program ends.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const RULE: &str = "aks-local-accounts-enabled";

/// A cluster with tabs, CR LF and comments that lets local accounts in.
const OPEN: &str = "\
// Who: ops\r
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {\r
\tname: 'aks'\r
\tlocation: 'westeurope'\r
\tproperties: {\r
\t\tdnsPrefix: 'aks' // as the name\r
\t\t// more to come\r
\t}\r
}\r
";

fn closed() -> String {
    let line = "// as the name\r\n";
    OPEN.replace(line, &format!("{line}\t\tdisableLocalAccounts: true\r\n"))
}

/// A cluster whose flag is a text: what is meant is beyond doubt.
const TEXT: &str = "\
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: { disableLocalAccounts: 'true' }
}
";

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in files {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    folder
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("a text")
}

/// Checks for the one rule.
fn check(folder: &TempDir, arguments: &[&str], input: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tricep"));
    command.args(["check", "--select", RULE]).args(arguments);
    command
        .current_dir(folder.path())
        .env("HOME", folder.path());
    command.env_remove("GITHUB_ACTIONS");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().expect("tricep runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Not every run reads it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("tricep ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn run(folder: &TempDir, arguments: &[&str]) -> Run {
    check(folder, arguments, "")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry).into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn unsafe_fixes_are_made_on_request_and_only_once() {
    let folder = folder(&[("a.bicep", OPEN)]);
    let safe = run(&folder, &["--fix"]);
    assert_eq!(safe.code, Some(1));
    assert_eq!(
        safe.stderr,
        "fixed 0 findings in 0 files (1 more with `--unsafe-fixes`)\n"
    );
    assert_eq!(read(&folder, "a.bicep"), OPEN);

    let first = run(&folder, &["--fix", "--unsafe-fixes"]);
    assert_eq!(
        (first.code, &*first.stderr),
        (Some(0), "fixed 1 finding in 1 file\n")
    );
    assert_eq!(read(&folder, "a.bicep"), closed());
    assert_eq!(names(folder.path()), ["a.bicep"]);

    let second = run(
        &folder,
        &["--fix", "--unsafe-fixes", "--exit-non-zero-on-fix"],
    );
    assert_eq!(
        (second.code, &*second.stderr),
        (Some(0), "fixed 0 findings in 0 files\n")
    );
    assert_eq!(read(&folder, "a.bicep"), closed());
}

#[test]
fn safe_fixes_are_made_and_may_set_the_exit_code() {
    let folder = folder(&[("a.bicep", TEXT)]);
    let fixed = run(
        &folder,
        &["--fix", "--exit-non-zero-on-fix", "--ignore", "BCP036"],
    );
    assert_eq!(
        (fixed.code, &*fixed.stderr),
        (Some(1), "fixed 1 finding in 1 file\n")
    );
    assert_eq!(read(&folder, "a.bicep"), TEXT.replace("'true'", "true"));
}

#[test]
fn a_diff_changes_nothing() {
    let folder = folder(&[("a.bicep", OPEN), ("b.bicep", &closed())]);
    let diff = run(&folder, &["--diff", "--unsafe-fixes"]);
    assert_eq!(diff.code, Some(1));
    let wanted = "--- a.bicep\n+++ a.bicep\n@@ -4,6 +4,7 @@\n \tlocation: 'westeurope'\r\n \tproperties: {\r\n \
                  \t\tdnsPrefix: 'aks' // as the name\r\n+\t\tdisableLocalAccounts: true\r\n \t\t// more to come\r\n \
                  \t}\r\n }\r\n";
    assert_eq!(diff.stdout, wanted);
    assert_eq!(diff.stderr, "would fix 1 finding in 1 file\n");
    assert_eq!(read(&folder, "a.bicep"), OPEN);
    let none = run(&folder, &["--diff"]);
    assert_eq!((none.code, &*none.stdout), (Some(0), ""));
    assert_eq!(run(&folder, &["--diff", "--format", "json"]).code, Some(2));
}

#[test]
fn templates_in_json_are_fixed() {
    let template = |properties: &str| {
        format!(
            "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \
             \"contentVersion\": \"1.0.0.0\",\n  \"resources\": [\n    {{\n      \
             \"type\": \"Microsoft.ContainerService/managedClusters\",\n      \"apiVersion\": \"2024-05-01\",\n      \
             \"name\": \"aks\",\n      \"location\": \"x\",\n      \"properties\": {properties}\n    }}\n  ]\n}}\n"
        )
    };
    let folder = folder(&[(
        "a.json",
        &template("{\n        \"dnsPrefix\": \"aks\"\n      }"),
    )]);
    let fixed = run(&folder, &["a.json", "--fix", "--unsafe-fixes"]);
    assert_eq!(fixed.code, Some(0), "{}", fixed.stdout);
    let wanted =
        "{\n        \"dnsPrefix\": \"aks\",\n        \"disableLocalAccounts\": true\n      }";
    assert_eq!(read(&folder, "a.json"), template(wanted));
}

#[test]
fn standard_input_is_fixed_to_standard_output_and_no_file_changes() {
    let folder = folder(&[("a.bicep", OPEN)]);
    let arguments = [
        "-",
        "a.bicep",
        "--fix",
        "--unsafe-fixes",
        "--format",
        "concise",
    ];
    let fixed = check(&folder, &arguments, OPEN);
    assert_eq!(fixed.stdout, closed());
    assert!(
        fixed
            .stderr
            .starts_with(&format!("a.bicep:2:10: warning[{RULE}]: ")),
        "{}",
        fixed.stderr
    );
    assert_eq!(read(&folder, "a.bicep"), OPEN);
    // Nothing to fix: the text as it was.
    assert_eq!(check(&folder, &["-", "--fix"], OPEN).stdout, OPEN);
}

#[test]
fn the_json_report_holds_the_edits_in_bytes_of_the_file() {
    let text = OPEN.replace("ops", "é😀");
    let folder = folder(&[("a.bicep", &text)]);
    let document: Value =
        serde_json::from_str(&run(&folder, &["--format", "json"]).stdout).expect("JSON");
    let fix = &document["findings"][0]["fixes"][0];
    assert_eq!(fix["title"], "set `disableLocalAccounts` to `true`");
    assert_eq!(fix["applicability"], "unsafe");
    let edit = &fix["edits"][0];
    assert_eq!(edit["file"], "a.bicep");
    let place = |key: &str| edit[key].as_u64().expect("an offset") as usize;
    let mut made = text.clone();
    made.replace_range(
        place("start")..place("end"),
        edit["text"].as_str().expect("a text"),
    );
    assert_eq!(made, closed().replace("ops", "é😀"));
}

#[test]
fn people_are_told_that_there_is_a_fix() {
    let folder = folder(&[("a.bicep", OPEN)]);
    let report = run(&folder, &[]).stdout;
    let line = "  fix available: set `disableLocalAccounts` to `true` (`--fix --unsafe-fixes`)\n";
    assert!(report.contains(line), "{report}");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder(&[("real.txt", OPEN)]);
    let real = folder.path().join("real.txt");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.txt", folder.path().join("a.bicep")).expect("a link");
    assert_eq!(
        run(&folder, &["a.bicep", "--fix", "--unsafe-fixes"]).code,
        Some(0)
    );
    assert_eq!(read(&folder, "real.txt"), closed());
    let link = fs::symlink_metadata(folder.path().join("a.bicep")).expect("a link");
    assert!(link.is_symlink());
    assert_eq!(
        fs::metadata(&real).expect("a file").permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_file_that_may_not_be_written_is_an_error_and_no_other_is_touched() {
    let folder = folder(&[("a.bicep", OPEN), ("b.bicep", OPEN)]);
    let locked = folder.path().join("b.bicep");
    let mut permissions = fs::metadata(&locked).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("permissions");
    let fixed = run(&folder, &["--fix", "--unsafe-fixes"]);
    assert_eq!(fixed.code, Some(3));
    assert_eq!(
        fixed.stderr,
        "error: cannot write `b.bicep`: it is read-only\n"
    );
    assert_eq!(read(&folder, "a.bicep"), OPEN);
    assert_eq!(names(folder.path()), ["a.bicep", "b.bicep"]);
}
