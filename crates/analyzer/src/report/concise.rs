//! One line per finding, for problem matchers and `grep`. The shape is frozen.

use std::fmt::Write as _;

use super::place::address;
use super::printable::one_line;
use super::{Report, Show};

/// `path:line:col: severity[RULE]: message` for every finding shown.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let mut out = String::new();
    for finding in report.shown(show) {
        let _ = writeln!(
            out,
            "{}: {}[{}]: {}",
            one_line(&address(report, finding.at)),
            finding.severity,
            finding.code,
            one_line(&finding.message),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    #[test]
    fn a_finding_is_one_line() {
        let text = render(&testing::report(), Show::default());
        assert_eq!(
            text,
            "infra/main.bicep:4:3: error[BCP018]: `=` is missing here\n\
             infra/main.bicep:8:56: error[aks-authorized-ip-ranges]: API server of `aks` is open \
             to every address: `authorizedIPRanges` is empty\n"
        );
    }

    #[test]
    fn a_report_without_findings_is_empty() {
        assert_eq!(render(&Report::default(), Show::ALL), "");
    }

    #[test]
    fn a_message_with_breaks_stays_on_its_line() {
        let mut report = testing::report();
        report.findings[0].message = "a\nb".to_owned();
        assert!(render(&report, Show::ALL).contains("]: a b\n"));
    }
}
