//! Counts of diagnostics by code: given by the compiler, by us, and by both at the same place.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A diagnostic as it is compared: code, level, and the bytes it is about.
pub(super) type Diagnostic = (String, String, u32, u32);

/// What both sides said of many texts.
#[derive(Default)]
pub(super) struct Tally {
    by_code: BTreeMap<String, Counts>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    expected: usize,
    found: usize,
    matched: usize,
}

impl Tally {
    /// Counts what both sides said of one text.
    pub(super) fn add(&mut self, expected: &[Diagnostic], found: &[Diagnostic]) {
        let mut open: BTreeMap<&Diagnostic, usize> = BTreeMap::new();
        for diagnostic in expected {
            self.of(diagnostic).expected += 1;
            *open.entry(diagnostic).or_default() += 1;
        }
        for diagnostic in found {
            self.of(diagnostic).found += 1;
            if let Some(count) = open.get_mut(diagnostic).filter(|count| **count > 0) {
                *count -= 1;
                self.of(diagnostic).matched += 1;
            }
        }
    }

    fn of(&mut self, diagnostic: &Diagnostic) -> &mut Counts {
        self.by_code.entry(diagnostic.0.clone()).or_default()
    }

    fn all(&self) -> Counts {
        let mut all = Counts::default();
        for counts in self.by_code.values() {
            all.expected += counts.expected;
            all.found += counts.found;
            all.matched += counts.matched;
        }
        all
    }

    /// Whether nothing is missing and nothing is too much.
    pub(super) fn is_exact(&self) -> bool {
        let all = self.all();
        all.matched == all.expected && all.matched == all.found
    }

    /// The counts as a table, a line for each code.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{:8} {:>8} {:>8} {:>8} {:>8} {:>9}",
            "code", "expected", "found", "matched", "recall", "precision"
        )];
        let rows = self.by_code.iter().map(|(code, counts)| (&**code, *counts));
        for (code, counts) in rows.chain([("all", self.all())]) {
            lines.push(row(code, counts));
        }
        lines
    }
}

fn row(code: &str, counts: Counts) -> String {
    let mut line = format!(
        "{code:8} {:>8} {:>8} {:>8}",
        counts.expected, counts.found, counts.matched
    );
    let recall = ratio(counts.matched, counts.expected);
    let precision = ratio(counts.matched, counts.found);
    let _ = write!(line, " {recall:>8} {precision:>9}");
    line
}

fn ratio(part: usize, whole: usize) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.3}", part as f64 / whole as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(code: &str, start: u32) -> Diagnostic {
        (code.to_owned(), "error".to_owned(), start, start + 1)
    }

    #[test]
    fn a_diagnostic_given_once_matches_once() {
        let mut tally = Tally::default();
        tally.add(&[at("BCP009", 1)], &[at("BCP009", 1), at("BCP009", 1)]);
        let all = tally.all();
        assert_eq!((all.expected, all.found, all.matched), (1, 2, 1));
        assert!(!tally.is_exact());
    }

    #[test]
    fn another_place_is_no_match() {
        let mut tally = Tally::default();
        tally.add(&[at("BCP009", 1)], &[at("BCP009", 2)]);
        assert_eq!(
            tally.lines()[1],
            "BCP009          1        1        0    0.000     0.000"
        );
    }
}
