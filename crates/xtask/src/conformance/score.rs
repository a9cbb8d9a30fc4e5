//! Counts of right, unknown and wrong answers, by topic.

use std::collections::BTreeMap;
use std::fmt::Write;

/// How an answer compares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Equal.
    Right,
    /// No answer: work left.
    Unknown,
    /// An answer where the compiler refuses the text: work for the type checker.
    Lenient,
    /// Different: a defect.
    Wrong,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Right, Self::Unknown, Self::Lenient, Self::Wrong];

    /// The word in the score file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Unknown => "unknown",
            Self::Lenient => "lenient",
            Self::Wrong => "wrong",
        }
    }
}

/// The answer to a case.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The case.
    pub id: String,
    /// Its topic.
    pub topic: String,
    /// How it compares.
    pub outcome: Outcome,
    /// What was asked, expected and answered; shown for misses.
    pub detail: String,
}

/// Answers to many cases.
#[derive(Clone, Default, Debug)]
pub struct Score {
    /// In the order of the cases.
    pub answers: Vec<Answer>,
    /// A remark on the whole, shown and kept with the counts.
    pub remarks: Vec<String>,
}

impl Score {
    /// Number of answers of an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.answers
            .iter()
            .filter(|answer| answer.outcome == outcome)
            .count()
    }

    /// The counts as a table, and the first misses.
    #[must_use]
    pub fn report(&self, misses: usize) -> String {
        let mut out = String::new();
        for outcome in [Outcome::Wrong, Outcome::Lenient, Outcome::Unknown] {
            for answer in self
                .answers
                .iter()
                .filter(|answer| answer.outcome == outcome)
                .take(misses)
            {
                let _ = writeln!(out, "{} {}: {}", outcome.name(), answer.id, answer.detail);
            }
        }
        out.push_str(&self.table());
        out
    }

    fn table(&self) -> String {
        let mut topics: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
        for answer in &self.answers {
            topics.entry(&answer.topic).or_default()[answer.outcome as usize] += 1;
        }
        let mut all = [0; 4];
        let mut out = format!(
            "# {:24} {:>7} {:>7} {:>7} {:>7}\n",
            "topic", "right", "unknown", "lenient", "wrong"
        );
        for (topic, counts) in &topics {
            let _ = writeln!(out, "# {}", row(topic, counts));
            for (sum, count) in all.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        let _ = writeln!(out, "# {}", row("all", &all));
        for remark in &self.remarks {
            let _ = writeln!(out, "# {remark}");
        }
        out
    }

    /// The committed form: the table, then a line for each case.
    #[must_use]
    pub fn to_file(&self) -> String {
        let mut out = self.table();
        for answer in &self.answers {
            let _ = writeln!(out, "{}\t{}", answer.id, answer.outcome.name());
        }
        out
    }

    /// The cases that a committed score counts right and this one does not.
    #[must_use]
    pub fn lost(&self, committed: &str) -> Vec<String> {
        let now: BTreeMap<&str, Outcome> = self
            .answers
            .iter()
            .map(|answer| (answer.id.as_str(), answer.outcome))
            .collect();
        committed
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter(|&(id, outcome)| {
                outcome == Outcome::Right.name() && now.get(id) != Some(&Outcome::Right)
            })
            .map(|(id, _)| id.to_owned())
            .collect()
    }
}

fn row(topic: &str, counts: &[usize; 4]) -> String {
    debug_assert_eq!(Outcome::ALL.len(), counts.len());
    format!(
        "{topic:24} {:>7} {:>7} {:>7} {:>7}",
        counts[0], counts[1], counts[2], counts[3]
    )
}
