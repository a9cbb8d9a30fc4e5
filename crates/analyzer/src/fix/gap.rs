//! What stands between two parts of an object or a list: blanks, comments and commas, which are the
//! same in both languages.

use tricep_syntax::text::Span;

/// The text between two parts.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Gap {
    /// The first line break that is not within a comment.
    pub(super) line_break: Option<u32>,
    /// The first comma.
    pub(super) comma: Option<u32>,
    /// Whether there is a comment before that line break, or anywhere if there is none.
    pub(super) comment_on_line: bool,
    /// Whether there is a comment anywhere.
    pub(super) comment: bool,
}

impl Gap {
    /// Reads a gap; `None` where anything else stands in it, as in a file with mistakes.
    pub(super) fn read(text: &str, span: Span) -> Option<Self> {
        let bytes = text.get(span.range())?.as_bytes();
        let mut gap = Self::default();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let here = span.start + at as u32;
            at += match byte {
                b' ' | b'\t' => 1,
                b'\r' | b'\n' => {
                    gap.line_break.get_or_insert(here);
                    1
                }
                b',' => {
                    gap.comma.get_or_insert(here);
                    1
                }
                // `#` starts a directive of Bicep, which ends with its line too.
                b'/' | b'#' => {
                    gap.comment = true;
                    gap.comment_on_line |= gap.line_break.is_none();
                    comment_length(&bytes[at..])?
                }
                _ => return None,
            };
        }
        Some(gap)
    }
}

/// The length of the comment or directive that the text starts with.
fn comment_length(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"/*") {
        let inside = bytes.get(2..)?;
        let end = inside.windows(2).position(|pair| pair == b"*/")?;
        return Some(end + 4);
    }
    if bytes.starts_with(b"//") || bytes.starts_with(b"#") {
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        return Some(end.unwrap_or(bytes.len()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Gap> {
        Gap::read(text, Span::new(0, text.len() as u32))
    }

    #[test]
    fn a_line_break_in_a_comment_ends_no_line() {
        let gap = read(" , /* a\n b */ // c\r\n  // d\n").unwrap();
        assert_eq!(gap.comma, Some(1));
        assert_eq!(gap.line_break, Some(18));
        assert!(gap.comment_on_line && gap.comment);
        assert!(!read("\n// c\n").unwrap().comment_on_line);
    }

    #[test]
    fn anything_else_is_no_gap() {
        assert_eq!(read(" x"), None);
        assert_eq!(read("/"), None);
        assert_eq!(read("/* no end"), None);
        assert_eq!(read(""), Some(Gap::default()));
    }
}
