//! How a file is laid out: the ends of its lines, its indentation, and what stands on one line.

use tricep_syntax::text::Span;

/// Further back nobody looks for the start of a line: a compiled template may be one line of many
/// megabytes.
const LONGEST_LINE: usize = 4096;

/// How new text is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// On the line that is there.
    Inline,
    /// On lines of its own.
    Lines(Lines),
}

/// How lines are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Lines {
    /// What ends a line.
    pub(super) line_break: &'static str,
    /// The blanks in front of what is added.
    pub(super) indent: String,
    /// The blanks that each level adds.
    pub(super) unit: String,
}

impl Lines {
    /// A level further in.
    pub(super) fn inner(&self) -> Self {
        Self {
            indent: format!("{}{}", self.indent, self.unit),
            ..self.clone()
        }
    }

    /// A line break and the blanks of the next line.
    pub(super) fn next(&self) -> String {
        format!("{}{}", self.line_break, self.indent)
    }
}

/// What is seen of the habits of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Habits {
    line_break: &'static str,
    unit: String,
}

impl Habits {
    pub(super) fn of(text: &str) -> Self {
        Self {
            line_break: line_break_of(text),
            unit: unit_of(text).unwrap_or("  ").to_owned(),
        }
    }

    /// Lines as deep as the one that `offset` is in.
    pub(super) fn lines_at(&self, text: &str, offset: u32) -> Lines {
        Lines {
            line_break: self.line_break,
            indent: indent_of_line(text, offset).to_owned(),
            unit: self.unit.clone(),
        }
    }

    /// Lines as deep as the members of an object or list that starts at `start`, one of which is
    /// `member`.
    pub(super) fn lines_beside(&self, text: &str, start: u32, member: Span) -> Lines {
        let outer = self.lines_at(text, start);
        let Some(indent) = blanks_before(text, member.start) else {
            return outer.inner();
        };
        let unit = indent.strip_prefix(&*outer.indent).unwrap_or_default();
        let unit = if unit.is_empty() { &self.unit } else { unit };
        Lines {
            line_break: self.line_break,
            indent: indent.to_owned(),
            unit: unit.to_owned(),
        }
    }
}

/// The first line break of a text.
fn line_break_of(text: &str) -> &'static str {
    let first = text.find(['\r', '\n']).map(|at| &text[at..]);
    match first {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// By how much the first line is indented that is indented more than the line before it. A lone blank
/// is what block comments are indented by.
fn unit_of(text: &str) -> Option<&str> {
    let mut before = "";
    for line in text.split(['\r', '\n']) {
        let code = line.trim_start_matches([' ', '\t']);
        if code.is_empty() || code.starts_with(['*', '/']) {
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        match indent.strip_prefix(before) {
            Some(unit) if unit.starts_with('\t') || unit.len() > 1 => return Some(unit),
            _ => before = indent,
        }
    }
    None
}

/// The part of the line before `offset`; `None` where the line is very long.
fn line_before(text: &str, offset: u32) -> Option<&str> {
    let before = text.get(..offset as usize)?;
    let mut from = before.len().saturating_sub(LONGEST_LINE);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    match before[from..].rfind(['\r', '\n']) {
        Some(at) => Some(&before[from + at + 1..]),
        None => (from == 0).then_some(before),
    }
}

/// The blanks that the line of `offset` starts with.
fn indent_of_line(text: &str, offset: u32) -> &str {
    let line = line_before(text, offset).unwrap_or_default();
    let code = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - code.len()]
}

/// The blanks between the start of the line and `offset`, if nothing else stands there.
fn blanks_before(text: &str, offset: u32) -> Option<&str> {
    let before = text.get(..offset as usize)?;
    let rest = before.trim_end_matches([' ', '\t']);
    let starts_line = rest.is_empty() || rest.ends_with(['\r', '\n']);
    starts_line.then(|| &before[rest.len()..])
}

/// Whether the object or list around `offset` is open on the same line: what is written there stays on
/// that line. Brackets in texts are counted too, for it is a matter of looks alone.
pub(super) fn is_within_a_line(text: &str, offset: u32) -> bool {
    let Some(line) = line_before(text, offset) else {
        return true;
    };
    let count = |brackets: [char; 2]| line.matches(brackets).count();
    count(['{', '[']) > count(['}', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_habits_of_a_file_are_seen() {
        let habits = |text| Habits::of(text);
        assert_eq!(habits("a: {\r\n\tb: 1\r\n}").line_break, "\r\n");
        assert_eq!(habits("a: {\r\n\tb: 1\r\n}").unit, "\t");
        assert_eq!(habits("/*\n * x\n */\na: {\n    b: 1\n}").unit, "    ");
        assert_eq!(habits("a").unit, "  ");
        assert_eq!(habits("a\r b").line_break, "\r");
    }

    #[test]
    fn members_are_indented_as_their_neighbours() {
        let text = "    a: {\n       b: 1\n }";
        let lines = Habits::of(text).lines_beside(text, 7, Span::new(16, 20));
        assert_eq!((&*lines.indent, &*lines.unit), ("       ", "   "));
    }

    #[test]
    fn a_very_long_line_has_no_start() {
        let text = "é".repeat(LONGEST_LINE);
        assert!(is_within_a_line(&text, text.len() as u32));
        assert!(!is_within_a_line("a: ", 3));
        assert!(is_within_a_line("\n[{}, ", 6));
    }
}
