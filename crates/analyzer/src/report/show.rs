//! Which outcomes a format lists.

use tricep_rules::{Finding, Outcome};

use super::Report;

/// What is listed beside failures, which always are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Show {
    /// Whether passes are listed.
    pub pass: bool,
    /// Whether unknowns are listed.
    pub unknown: bool,
}

impl Show {
    /// Everything.
    pub const ALL: Self = Self {
        pass: true,
        unknown: true,
    };

    /// Whether a finding of this outcome is listed.
    #[must_use]
    pub const fn includes(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Fail => true,
            Outcome::Pass => self.pass,
            Outcome::Unknown => self.unknown,
        }
    }
}

impl Report {
    /// The findings to list, in order.
    pub fn shown(&self, show: Show) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| show.includes(finding.outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    #[test]
    fn failures_are_always_listed_and_the_rest_on_request() {
        let report = testing::report();
        let outcomes = |show| report.shown(show).map(|f| f.outcome).collect::<Vec<_>>();
        assert!(
            outcomes(Show::default())
                .iter()
                .all(|&o| o == Outcome::Fail)
        );
        assert!(outcomes(Show::ALL).contains(&Outcome::Pass));
        let unknown = Show {
            unknown: true,
            pass: false,
        };
        assert!(outcomes(unknown).contains(&Outcome::Unknown));
        assert!(!outcomes(unknown).contains(&Outcome::Pass));
    }
}
