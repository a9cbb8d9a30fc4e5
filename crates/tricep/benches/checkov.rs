//! tricep beside Checkov: a tree of Bicep files and a single one, all AKS checks of the one against all
//! rules of the other, wall time and memory, in one run on one machine.
//!
//! `CHECKOV=PATH TRICEP_CORPUS=FOLDER TRICEP_FILE=FILE cargo bench -p tricep --bench checkov`; `CHECKOV` is
//! the program (Checkov 3.3.30 from PyPI), the folder and the file are what to check; the file stands for
//! itself where it is left out of the folder. Times come from GNU time.

#![expect(
    clippy::print_stdout,
    reason = "a benchmark runs programs and speaks to a person"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every check of Checkov's about AKS that runs on Bicep.
const CHECKS: &str = "CKV_AZURE_4,CKV_AZURE_5,CKV_AZURE_6,CKV_AZURE_7,CKV_AZURE_8,CKV_AZURE_141,\
                      CKV_AZURE_168,CKV_AZURE_169,CKV_AZURE_171,CKV_AZURE_172,CKV_AZURE_226,CKV_AZURE_227";
/// How often tricep is run; the fastest counts. Checkov is run once, it takes long enough.
const ROUNDS: usize = 9;

/// What a run took.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    kilobytes: f64,
}

fn main() {
    let Some(checkov) = std::env::var_os("CHECKOV").map(PathBuf::from) else {
        println!("nothing measured: CHECKOV names no program");
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let of = |name: &str, usual: &str| {
        std::env::var_os(name).map_or_else(|| root.join(usual), PathBuf::from)
    };
    let folder = of("TRICEP_CORPUS", "examples");
    let file = of("TRICEP_FILE", "examples/open/main.bicep");
    compare(
        "the folder",
        &folder,
        100.0,
        run_checkov(&checkov, "-d", &folder),
    );
    compare("the file", &file, 200.0, run_checkov(&checkov, "-f", &file));
}

fn compare(what: &str, path: &Path, wanted: f64, checkov: Cost) {
    let runs = (0..ROUNDS).map(|_| run_tricep(path));
    let tricep = runs
        .reduce(|a, b| Cost {
            seconds: a.seconds.min(b.seconds),
            kilobytes: a.kilobytes.max(b.kilobytes),
        })
        .expect("at least one run");
    // GNU time counts hundredths; less than one counts as one.
    let faster = checkov.seconds / tricep.seconds.max(0.01);
    println!(
        "{what} {}:\n  checkov {:8.2} s {:8.1} MB\n  tricep  {:8.2} s {:8.1} MB\n  \
         {faster:.0} times faster (wanted: {wanted:.0}), {:.1} % of the memory (wanted: at most 25 %)",
        path.display(),
        checkov.seconds,
        checkov.kilobytes / 1024.0,
        tricep.seconds,
        tricep.kilobytes / 1024.0,
        100.0 * tricep.kilobytes / checkov.kilobytes,
    );
}

fn run_checkov(checkov: &Path, flag: &str, path: &Path) -> Cost {
    let mut command = timed(checkov);
    command
        .arg(flag)
        .arg(path)
        .args(["--framework", "bicep", "--check", CHECKS]);
    command.args(["--compact", "--quiet", "--output", "json"]);
    cost(command)
}

fn run_tricep(path: &Path) -> Cost {
    let mut command = timed(Path::new(env!("CARGO_BIN_EXE_tricep")));
    command.arg("check").arg(path).args(["--format", "json"]);
    cost(command)
}

/// A command under GNU time, which says seconds and kilobytes in its last line.
fn timed(program: &Path) -> Command {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%e %M"]).arg(program);
    command
}

fn cost(mut command: Command) -> Cost {
    let output = command.output().expect("GNU time runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().next_back().unwrap_or_default();
    let mut numbers = last
        .split(' ')
        .map(|word| word.parse().expect("a number of GNU time"));
    Cost {
        seconds: numbers.next().expect("seconds"),
        kilobytes: numbers.next().expect("kilobytes"),
    }
}
