//! JSON lines: each finding of the JSON document as a document of its own, for tools that read a stream.

use super::{Report, Show, json};

/// One line for each finding shown, with `"version": 1` in each.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    json::lines(report, show)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::testing;

    #[test]
    fn every_line_is_a_document() {
        let text = render(&testing::report(), Show::ALL);
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines
                .iter()
                .all(|line| line["version"] == 1 && line["rule"].is_string())
        );
    }
}
