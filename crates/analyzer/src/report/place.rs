//! Lines and columns as reports count them: both from 1, columns in UTF-16 code units.

use tricep_syntax::text::{Encoding, Location, Source, Span};

use super::Report;

/// A place in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// 1-based.
    pub(super) line: u32,
    /// 1-based, in UTF-16 code units.
    pub(super) column: u32,
}

/// A stretch of a file; the end is exclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Region {
    /// The first character.
    pub(super) start: Place,
    /// One past the last.
    pub(super) end: Place,
}

/// The place of a byte; one past the end is taken as the end.
pub(super) fn place(source: &Source, offset: u32) -> Place {
    let at = source
        .lines()
        .line_column(source.text(), offset, Encoding::Utf16);
    Place {
        line: at.line + 1,
        column: at.column + 1,
    }
}

/// The region of a span.
pub(super) fn region(source: &Source, span: Span) -> Region {
    Region {
        start: place(source, span.start),
        end: place(source, span.end),
    }
}

/// `path:line:col`, the head of a concise line.
pub(super) fn address(report: &Report, at: Location) -> String {
    let source = report.source(at.file);
    let Place { line, column } = place(source, at.span.start);
    format!("{}:{line}:{column}", source.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf_16_units_from_one() {
        let source = Source::new("a.bicep", "\u{feff}// \té😀x\r\ny");
        let at = |needle| place(&source, source.text().find(needle).unwrap() as u32);
        assert_eq!(at("x"), Place { line: 1, column: 8 });
        assert_eq!(at("y"), Place { line: 2, column: 1 });
        assert_eq!(place(&source, 0), Place { line: 1, column: 1 });
        assert_eq!(place(&source, 999), Place { line: 2, column: 2 });
    }
}
