//! Byte offsets to lines and columns and back.

use memchr::memchr2_iter;

/// The unit in which a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Bytes (rdjson, LSP on request).
    Utf8,
    /// Two-byte code units (SARIF, LSP by default, the concise format).
    Utf16,
    /// Code points.
    Utf32,
}

/// A place in a text; line and column are **0-based**, the column counts in the encoding asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// 0-based line.
    pub line: u32,
    /// 0-based column in units of the encoding.
    pub column: u32,
}

/// The length of a byte order mark, which counts for offsets but not for columns.
const BOM: &str = "\u{feff}";

/// Where each line of a text starts. Lines end at LF, CR LF or a lone CR, as in the
/// Language Server Protocol.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Places in long lines, where columns need not be counted from the start of the line: a compiled
    /// template may be one line of many megabytes.
    anchors: Vec<Anchor>,
}

/// A place whose columns are known.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    offset: u32,
    utf16: u32,
    utf32: u32,
}

/// So many bytes lie between two anchors, or few more.
const STRIDE: usize = 4096;

impl LineIndex {
    /// Counts the lines of `text` (at most 4 GiB).
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![if text.starts_with(BOM) {
            BOM.len() as u32
        } else {
            0
        }];
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        let anchors = anchors(text, &starts);
        Self { starts, anchors }
    }

    /// Number of lines, at least 1.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The offset at which a 0-based line starts, or `None` past the last.
    #[must_use]
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// The place of `offset` in `text`, the text the index was made of. An offset past the end is
    /// taken as the end, one inside a character as the start of that character.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: u32, encoding: Encoding) -> LineColumn {
        let offset = floor_char_boundary(text, offset as usize);
        let line = self
            .starts
            .partition_point(|&start| start as usize <= offset)
            .saturating_sub(1);
        let start = (self.starts[line] as usize).min(offset);
        let column = match encoding {
            Encoding::Utf8 => (offset - start) as u32,
            Encoding::Utf16 | Encoding::Utf32 => self.column(text, start, offset, encoding),
        };
        LineColumn {
            line: line as u32,
            column,
        }
    }

    /// The column of an offset in the line that starts at `start`, counted from the nearest anchor.
    fn column(&self, text: &str, start: usize, offset: usize, encoding: Encoding) -> u32 {
        let place = self
            .anchors
            .partition_point(|anchor| anchor.offset as usize <= offset);
        let nearest = place.checked_sub(1).map(|place| self.anchors[place]);
        let (from, known) = match nearest {
            Some(anchor) if anchor.offset as usize > start => match encoding {
                Encoding::Utf16 => (anchor.offset as usize, anchor.utf16),
                _ => (anchor.offset as usize, anchor.utf32),
            },
            _ => (start, 0),
        };
        let between = &text[from..offset];
        let counted = match encoding {
            Encoding::Utf16 => between.chars().map(char::len_utf16).sum(),
            _ => between.chars().count(),
        };
        known + counted as u32
    }

    /// The offset of a place, or `None` past the last line. A column past the end of its line is
    /// taken as the line's end.
    #[must_use]
    pub fn offset(&self, text: &str, place: LineColumn, encoding: Encoding) -> Option<u32> {
        let start = self.line_start(place.line)?;
        let end = self
            .line_start(place.line + 1)
            .map_or(text.len(), |next| next as usize);
        let line = text
            .get(start as usize..end)?
            .trim_end_matches(['\r', '\n']);
        let mut column = 0;
        for (at, c) in line.char_indices() {
            if column >= place.column {
                return Some(start + at as u32);
            }
            column += match encoding {
                Encoding::Utf8 => c.len_utf8() as u32,
                Encoding::Utf16 => c.len_utf16() as u32,
                Encoding::Utf32 => 1,
            };
        }
        Some(start + line.len() as u32)
    }
}

/// Places in the lines that are longer than [`STRIDE`].
fn anchors(text: &str, starts: &[u32]) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    for (line, &start) in starts.iter().enumerate() {
        let end = starts
            .get(line + 1)
            .map_or(text.len(), |&next| next as usize);
        let (mut at, mut utf16, mut utf32) = (start as usize, 0, 0);
        while at + STRIDE < end {
            let next = floor_char_boundary(text, at + STRIDE);
            for c in text[at..next].chars() {
                utf16 += c.len_utf16() as u32;
                utf32 += 1;
            }
            at = next;
            anchors.push(Anchor {
                offset: at as u32,
                utf16,
                utf32,
            });
        }
    }
    anchors
}

/// The largest character boundary at or before `offset`.
fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_in_the_encoding_that_was_asked_for() {
        let text = "é😀x\r\ny\rz\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 4);
        let x = text.find('x').unwrap() as u32;
        for (encoding, column) in [
            (Encoding::Utf8, 6),
            (Encoding::Utf16, 3),
            (Encoding::Utf32, 2),
        ] {
            let place = LineColumn { line: 0, column };
            assert_eq!(index.line_column(text, x, encoding), place);
            assert_eq!(index.offset(text, place, encoding), Some(x));
        }
        let z = text.find('z').unwrap() as u32;
        assert_eq!(
            index.line_column(text, z, Encoding::Utf16),
            LineColumn { line: 2, column: 0 }
        );
    }

    #[test]
    fn columns_of_long_lines_are_those_of_short_ones() {
        let text = format!("short\n{}\nend", "aé😀\u{2003}".repeat(3000));
        let index = LineIndex::new(&text);
        let start = text.find('\n').unwrap() + 1;
        for (offset, _) in text.char_indices().skip(10).step_by(997) {
            let before = &text[start..offset.max(start)];
            if before.contains('\n') {
                continue;
            }
            let utf16: usize = before.chars().map(char::len_utf16).sum();
            for (encoding, column) in [
                (Encoding::Utf8, before.len()),
                (Encoding::Utf16, utf16),
                (Encoding::Utf32, before.chars().count()),
            ] {
                let place = index.line_column(&text, offset as u32, encoding);
                assert_eq!((place.line, place.column), (1, column as u32));
            }
        }
        let end = index.line_column(&text, text.len() as u32, Encoding::Utf16);
        assert_eq!((end.line, end.column), (2, 3));
    }

    #[test]
    fn a_byte_order_mark_counts_for_no_column() {
        let text = "\u{feff}ab";
        let index = LineIndex::new(text);
        assert_eq!(
            index.line_column(text, 4, Encoding::Utf16),
            LineColumn { line: 0, column: 1 }
        );
        assert_eq!(
            index.line_column(text, 0, Encoding::Utf16),
            LineColumn { line: 0, column: 0 }
        );
    }

    #[test]
    fn offsets_past_the_end_or_inside_a_character_are_pulled_back() {
        let text = "😀";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 2, Encoding::Utf8).column, 0);
        assert_eq!(index.line_column(text, 99, Encoding::Utf16).column, 2);
    }
}
