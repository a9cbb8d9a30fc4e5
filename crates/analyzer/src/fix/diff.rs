//! Changes as people and `patch` read them.

use similar::TextDiff;

/// So many lines are shown around a change.
const CONTEXT: usize = 3;

/// A unified diff between two texts of the file at `path`; nothing where they are equal.
#[must_use]
pub fn unified_diff(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified
        .context_radius(CONTEXT)
        .header(path, path)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_kept() {
        assert_eq!(
            unified_diff("a/b.bicep", "a\r\nb\r\n", "a\r\nc\r\n"),
            "--- a/b.bicep\n+++ a/b.bicep\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"
        );
        assert_eq!(unified_diff("a", "x", "x"), "");
    }
}
