//! The samples of the reference compiler, read out of a checkout of its repository.
//!
//! Enters: the checkout. Leaves: how many of its files have the diagnostics, tokens and verdict that
//! stand beside them, and which do not. Nothing of the checkout is kept here: what a code is about is
//! known by [`SyntaxErrorKind::CODES`], and by the two facts in [`Baseline::is_syntax`].

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tricep_syntax::bicep::{Dialect, SyntaxErrorKind, parse};

use super::baseline::{Annotation, Source};
use super::{diagnostics, first_difference, tokens};
use crate::conformance::tally::{Diagnostic, Tally};

/// Where the samples lie in the repository.
const SAMPLES: &str = "src/Bicep.Core.Samples/Files";

/// Codes that later phases give too.
const ALSO_LATER: [&str; 5] = ["BCP010", "BCP032", "BCP201", "BCP337", "BCP404"];

/// Names that tests of the compiler put between a source's name and its ending.
const GENERATED: [&str; 7] = [
    "diagnostics",
    "tokens",
    "syntax",
    "symbols",
    "formatted",
    "ir",
    "sourcemap",
];

/// How the samples compare.
pub(in crate::conformance) struct Samples {
    upstream: String,
    tally: Tally,
    annotated: Count,
    tokens: Count,
    clean: Count,
    broken: Count,
    user_submitted: Count,
    /// Files and what is wrong with them.
    failures: Vec<(String, String)>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    right: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }
}

/// A sample with annotated copies beside it.
struct Baseline {
    source: Source,
    diagnostics: Vec<Annotation>,
    tokens: Vec<Annotation>,
    syntax: Vec<Annotation>,
}

/// Runs all samples of a checkout. `commit` says what it is a checkout of, where it cannot say itself.
pub(in crate::conformance) fn run(
    checkout: &Path,
    commit: Option<&str>,
) -> Result<Samples, Box<dyn Error>> {
    let root = checkout.join(SAMPLES);
    let mut samples = Samples::of(upstream(checkout, commit));
    for file in files(&root)? {
        let id = file.strip_prefix(&root)?.to_string_lossy();
        let id = id.replace(std::path::MAIN_SEPARATOR, "/");
        let added = samples.add(&id, &file);
        added.map_err(|error| format!("{id}: {error}"))?;
    }
    Ok(samples)
}

/// How many Bicep files of a folder have no diagnostic, how many there are, and those that have one.
pub(in crate::conformance) fn clean(
    folder: &Path,
) -> Result<(usize, usize, Vec<String>), Box<dyn Error>> {
    let (mut count, mut failures) = (Count::default(), Vec::new());
    for file in files(folder)? {
        let parsed = parse(std::fs::read_to_string(&file)?, dialect(&file));
        count.add(parsed.is_valid());
        if let Some(error) = parsed.errors().first() {
            failures.push(format!("{}: {}", file.display(), error.kind.code()));
        }
    }
    Ok((count.right, count.all, failures))
}

impl Samples {
    fn of(upstream: String) -> Self {
        Self {
            upstream,
            tally: Tally::default(),
            annotated: Count::default(),
            tokens: Count::default(),
            clean: Count::default(),
            broken: Count::default(),
            user_submitted: Count::default(),
            failures: Vec::new(),
        }
    }

    fn add(&mut self, id: &str, file: &Path) -> Result<(), Box<dyn Error>> {
        let text = std::fs::read_to_string(file)?;
        let parsed = parse(text.as_str(), dialect(file));
        let mut found = diagnostics(&parsed);
        if let Some(baseline) = Baseline::read(file, &text)? {
            let mut expected = baseline.expected();
            let accepted = expected.is_empty();
            self.tally.add(&expected, &found);
            expected.sort();
            found.sort();
            self.annotated.add(expected == found);
            if expected != found {
                let what = format!("diagnostics: expected {expected:?}, found {found:?}");
                self.failures.push((id.to_owned(), what));
            }
            let difference = baseline.token_difference(&tokens(&parsed));
            self.tokens.add(difference.is_none());
            if let Some(what) = difference {
                self.failures
                    .push((id.to_owned(), format!("tokens: {what}")));
            }
            self.verdict(id, accepted, found.is_empty());
        } else if id.starts_with("user_submitted/") {
            self.user_submitted.add(found.is_empty());
            self.verdict(id, true, found.is_empty());
        } else if file.with_extension("json").exists() {
            self.verdict(id, true, found.is_empty());
        }
        Ok(())
    }

    fn verdict(&mut self, id: &str, expected: bool, accepted: bool) {
        let count = if expected {
            &mut self.clean
        } else {
            &mut self.broken
        };
        count.add(accepted == expected);
        if accepted != expected {
            let what = if expected { "refused" } else { "accepted" };
            self.failures.push((id.to_owned(), what.to_owned()));
        }
    }

    /// Whether everything is as the compiler has it.
    pub(in crate::conformance) fn is_exact(&self) -> bool {
        self.failures.is_empty() && self.tally.is_exact()
    }

    /// The committed form: what was compared, the counts, and a line for each failure.
    pub(in crate::conformance) fn to_file(&self) -> String {
        let mut out = format!("# upstream: {}\n", self.upstream);
        for (what, count) in [
            ("annotated files, diagnostics equal", self.annotated),
            ("annotated files, tokens equal", self.tokens),
            ("clean files accepted", self.clean),
            ("broken files refused", self.broken),
            (
                "user-submitted files without a diagnostic",
                self.user_submitted,
            ),
        ] {
            let _ = writeln!(out, "# {what:44} {:>4} of {:>4}", count.right, count.all);
        }
        for line in self.tally.lines() {
            let _ = writeln!(out, "# {line}");
        }
        for (id, what) in &self.failures {
            let _ = writeln!(out, "{id}\t{what}");
        }
        out
    }
}

impl Baseline {
    /// The annotated copies of a sample, if it has them.
    fn read(file: &Path, text: &str) -> Result<Option<Self>, Box<dyn Error>> {
        if !copy(file, "diagnostics").exists() {
            return Ok(None);
        }
        let source = Source::new(text);
        let read = |what: &str| -> Result<Vec<Annotation>, Box<dyn Error>> {
            let copy = std::fs::read_to_string(copy(file, what))?;
            let found = source.annotations(&copy, line_break(file));
            Ok(found.map_err(|error| format!("{what}: {error}"))?)
        };
        Ok(Some(Self {
            diagnostics: read("diagnostics")?,
            tokens: read("tokens")?,
            syntax: read("syntax")?,
            source,
        }))
    }

    /// What the lexer and the parser of the compiler say.
    fn expected(&self) -> Vec<Diagnostic> {
        let diagnostics = self.diagnostics.iter();
        diagnostics
            .filter_map(|annotation| {
                let rest = annotation.payload.strip_prefix('[')?;
                let (code, rest) = rest.split_once(" (")?;
                let (level, _) = rest.split_once(")]")?;
                let (start, end) = (annotation.start, annotation.end);
                self.is_syntax(code, start, end)
                    .then(|| (code.to_owned(), level.to_lowercase(), start, end))
            })
            .collect()
    }

    /// Whether the lexer or the parser gave a diagnostic. Where its code is also given later, the
    /// parser's stands on a part that it skipped, and its integer is one that does not fit 64 bits.
    fn is_syntax(&self, code: &str, start: u32, end: u32) -> bool {
        if !SyntaxErrorKind::CODES.contains(&code) {
            return false;
        }
        match code {
            "BCP010" => {
                let digits = self.source.slice(start, end).trim();
                digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u64>().is_err()
            }
            _ if ALSO_LATER.contains(&code) => {
                let mut skipped = self.syntax.iter().filter(|node| is_skipped(node));
                skipped.any(|node| node.start == start && node.end >= end)
            }
            _ => true,
        }
    }

    fn token_difference(&self, found: &[super::Token]) -> Option<String> {
        let annotations = self.tokens.iter();
        let expected: Vec<super::Token> = annotations
            .map(|token| {
                let kind = token.payload.split(' ').next().unwrap_or_default();
                (kind.to_owned(), token.start, token.end)
            })
            .collect();
        // Lines that no annotation can stand behind take the last tokens with them.
        let whole = expected.last().is_some_and(|last| last.0 == "EndOfFile");
        let shown = if whole { found.len() } else { expected.len() };
        first_difference(&expected, &found[..shown.min(found.len())])
    }
}

/// Whether an annotation of the tree is a node for skipped text.
fn is_skipped(node: &Annotation) -> bool {
    let name = node.payload.trim_start_matches([' ', '|', '├', '└', '─']);
    name == "SkippedTriviaSyntax"
}

/// The annotated copy of a sample.
fn copy(file: &Path, what: &str) -> PathBuf {
    let end = file.extension().unwrap_or_default().to_string_lossy();
    file.with_extension(format!("{what}.{end}"))
}

/// What the compiler's tests cut a sample into lines at.
fn line_break(file: &Path) -> &'static str {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    let crlf = folder.to_string_lossy().ends_with("_CRLF");
    if crlf && dialect(file) == Dialect::Bicep {
        "\r\n"
    } else {
        "\n"
    }
}

fn dialect(file: &Path) -> Dialect {
    Dialect::of_path(&file.to_string_lossy())
}

/// The Bicep and parameter files below a folder that are no annotated copies, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_source(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_source(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default();
    if ending != "bicep" && ending != "bicepparam" {
        return false;
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let inner = stem.rsplit_once('.').map_or("", |(_, inner)| inner);
    !GENERATED.contains(&inner)
}

/// Which version of the compiler's repository a checkout is.
fn upstream(checkout: &Path, commit: Option<&str>) -> String {
    let version = version(checkout).unwrap_or_else(|| "unknown".to_owned());
    let commit = commit.map(str::to_owned).or_else(|| head(checkout));
    let commit = commit.unwrap_or_else(|| "unknown".to_owned());
    format!("Azure/bicep, version.json {version}, commit {commit}")
}

fn version(checkout: &Path) -> Option<String> {
    let text = std::fs::read_to_string(checkout.join("version.json")).ok()?;
    let json: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(json["version"].as_str()?.to_owned())
}

fn head(checkout: &Path) -> Option<String> {
    let git = Command::new("git")
        .arg("--git-dir")
        .arg(checkout.join(".git"))
        .args(["rev-parse", "HEAD"])
        .output()
        .ok()
        .filter(|git| git.status.success())?;
    Some(String::from_utf8(git.stdout).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(text: &str, syntax: &[(u32, u32, &str)]) -> Baseline {
        let annotation = |&(start, end, payload): &(u32, u32, &str)| Annotation {
            start,
            end,
            payload: payload.to_owned(),
        };
        Baseline {
            source: Source::new(text),
            diagnostics: Vec::new(),
            tokens: Vec::new(),
            syntax: syntax.iter().map(annotation).collect(),
        }
    }

    #[test]
    fn codes_of_later_phases_are_left_out() {
        let baseline = baseline("a", &[]);
        assert!(baseline.is_syntax("BCP009", 0, 1));
        assert!(!baseline.is_syntax("BCP057", 0, 1));
        assert!(!baseline.is_syntax("no-unused-vars", 0, 1));
    }

    #[test]
    fn a_code_of_two_phases_is_the_parsers_on_skipped_text() {
        let baseline = baseline("a b", &[(0, 2, "| └─SkippedTriviaSyntax")]);
        assert!(baseline.is_syntax("BCP337", 0, 1));
        assert!(!baseline.is_syntax("BCP337", 2, 3));
    }

    #[test]
    fn an_integer_is_the_parsers_only_beyond_64_bits() {
        let text = "18446744073709551615 18446744073709551616";
        assert!(!baseline(text, &[]).is_syntax("BCP010", 0, 20));
        assert!(baseline(text, &[]).is_syntax("BCP010", 21, 41));
    }

    #[test]
    fn annotated_copies_are_no_sources() {
        assert!(is_source(Path::new("a/main.bicep")));
        assert!(is_source(Path::new("a/b.c.bicepparam")));
        assert!(!is_source(Path::new("a/main.tokens.bicep")));
        assert!(!is_source(Path::new("a/main.json")));
    }
}
