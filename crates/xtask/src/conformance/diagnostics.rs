//! Real repositories: the problems of values in them, file by file, beside those of the compiler.
//!
//! Enters: tables of the compiler's diagnostics (`CORPUS-diagnostics.tsv`, of which only those that
//! lie in the file itself and have codes of ours count) and the checkouts they speak of. Leaves: for
//! each code how many are the same, missing, and too many. Only these totals are ever written down.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tricep_analyzer::report::Report;
use tricep_analyzer::{CheckOptions, Environment, FileSystem, ReadError, check};
use tricep_semantic::types::CODES;
use tricep_syntax::text::{Encoding, LineColumn};

/// A diagnostic: code, level and place, 0-based in UTF-16.
type Diagnostic = (String, String, (u32, u32), (u32, u32));

/// The totals of a code.
#[derive(Clone, Copy, Default)]
struct Counts {
    same: usize,
    missing: usize,
    extra: usize,
}

/// The comparison of one corpus.
pub(super) struct Comparison {
    corpus: String,
    files: usize,
    by_code: BTreeMap<String, Counts>,
    misses: Vec<String>,
    seconds: f64,
}

/// Compares a checkout with the table of a corpus.
pub(super) fn compare(
    tables: &Path,
    corpus: &str,
    checkout: &Path,
    module_cache: Option<&Path>,
) -> Result<Comparison, Box<dyn Error>> {
    let expected = read(&tables.join(format!("{corpus}-diagnostics.tsv")))?;
    let start = Instant::now();
    let report = check(
        &Disk(checkout.to_owned()),
        &CheckOptions {
            files: expected.keys().cloned().collect(),
            environment: Environment {
                module_cache: module_cache.map(|folder| folder.to_string_lossy().into_owned()),
                ..Environment::default()
            },
            rules: Some(vec!["aks-authorized-ip-ranges"]),
            ..CheckOptions::default()
        },
    );
    let mut comparison = Comparison {
        corpus: corpus.to_owned(),
        files: expected.len(),
        by_code: BTreeMap::new(),
        misses: Vec::new(),
        seconds: start.elapsed().as_secs_f64(),
    };
    let found = found(&report);
    for (path, expected) in &expected {
        comparison.add(path, expected, found.get(path));
    }
    Ok(comparison)
}

/// The diagnostics of each file of a table.
fn read(file: &Path) -> Result<BTreeMap<String, BTreeSet<Diagnostic>>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let mut files: BTreeMap<String, BTreeSet<Diagnostic>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, code, level, places @ .., source] = &columns[..] else {
            return Err(format!("no row: {line}").into());
        };
        let of_file = files.entry((*path).to_owned()).or_default();
        if !source.is_empty() || !CODES.contains(code) {
            continue;
        }
        let places: Vec<u32> = places.iter().map(|p| p.parse()).collect::<Result<_, _>>()?;
        let [a, b, c, d] = places[..] else {
            return Err(format!("no place: {line}").into());
        };
        let level = level.to_lowercase();
        of_file.insert(((*code).to_owned(), level, (a, b), (c, d)));
    }
    Ok(files)
}

fn found(report: &Report) -> BTreeMap<String, BTreeSet<Diagnostic>> {
    let mut files: BTreeMap<String, BTreeSet<Diagnostic>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| CODES.contains(&f.code)) {
        let source = report.source(finding.at.file);
        let place = |offset| {
            let lines = source.lines();
            let LineColumn { line, column } =
                lines.line_column(source.text(), offset, Encoding::Utf16);
            (line, column)
        };
        let span = finding.at.span;
        let (start, end) = (place(span.start), place(span.end));
        let level = finding.severity.name().to_owned();
        let of_file = files.entry(source.label().to_owned()).or_default();
        of_file.insert((finding.code.to_owned(), level, start, end));
    }
    files
}

impl Comparison {
    fn add(
        &mut self,
        path: &str,
        expected: &BTreeSet<Diagnostic>,
        found: Option<&BTreeSet<Diagnostic>>,
    ) {
        let empty = BTreeSet::new();
        let found = found.unwrap_or(&empty);
        for diagnostic in expected {
            let counts = self.by_code.entry(diagnostic.0.clone()).or_default();
            if found.contains(diagnostic) {
                counts.same += 1;
            } else {
                counts.missing += 1;
                self.misses.push(describe("missing", path, diagnostic));
            }
        }
        for diagnostic in found.difference(expected) {
            self.by_code.entry(diagnostic.0.clone()).or_default().extra += 1;
            self.misses.push(describe("extra", path, diagnostic));
        }
    }

    /// Whether we say nothing that the compiler does not.
    pub(super) fn has_no_false_alarm(&self) -> bool {
        self.by_code.values().all(|counts| counts.extra == 0)
    }

    /// How long it took, and some of what differs.
    pub(super) fn report(&self, misses: usize) -> String {
        let mut out = String::new();
        let mut shown: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for miss in &self.misses {
            let mut words = miss.split(' ');
            let key = (
                words.next().unwrap_or_default(),
                words.next().unwrap_or_default(),
            );
            let count = shown.entry(key).or_default();
            *count += 1;
            if *count <= misses {
                let _ = writeln!(out, "{miss}");
            }
        }
        let _ = writeln!(out, "# {}: {:.3} s", self.corpus, self.seconds);
        out
    }

    /// The totals, a line for each code.
    pub(super) fn table(&self) -> String {
        let mut out = format!("# {}, {} files\n", self.corpus, self.files);
        let mut all = Counts::default();
        for (code, counts) in &self.by_code {
            let _ = writeln!(out, "{}", row(&self.corpus, code, *counts));
            all.same += counts.same;
            all.missing += counts.missing;
            all.extra += counts.extra;
        }
        let _ = writeln!(out, "{}", row(&self.corpus, "all", all));
        out
    }
}

fn row(corpus: &str, code: &str, counts: Counts) -> String {
    let Counts {
        same,
        missing,
        extra,
    } = counts;
    format!("{corpus}\t{code}\t{same}\t{missing}\t{extra}")
}

fn describe(what: &str, path: &str, (code, level, start, end): &Diagnostic) -> String {
    format!(
        "{what} {code} {level} {path}:{}:{}-{}:{}",
        start.0 + 1,
        start.1 + 1,
        end.0 + 1,
        end.1 + 1
    )
}

/// The files of a checkout.
struct Disk(PathBuf);

impl FileSystem for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Unreadable(error.to_string()),
        })
    }
}
