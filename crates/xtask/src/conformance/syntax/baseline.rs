//! The annotated samples of the reference compiler.
//!
//! Enters: a source file and a copy of it that the compiler's tests have annotated. Leaves: the
//! annotations with their places as byte offsets in the source. Behind each line of the copy stand
//! the annotations of what starts on it, one a line: `//@[START:END) PAYLOAD`, both columns in UTF-16
//! and counted from the start of that line, so that END may lie beyond it.

/// A source file, with what it takes to find an annotated place in it.
pub(super) struct Source {
    /// The text without a byte order mark.
    text: String,
    /// For each UTF-16 unit, and for the end, its byte in the file; the byte order mark counts.
    bytes: Vec<u32>,
    /// For each line the UTF-16 unit it starts with.
    lines: Vec<usize>,
}

/// An annotation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Annotation {
    pub(super) start: u32,
    pub(super) end: u32,
    /// What it says, line breaks and tabs escaped.
    pub(super) payload: String,
}

impl Source {
    pub(super) fn new(file: &str) -> Self {
        let text = without_mark(file);
        let mut byte = (file.len() - text.len()) as u32;
        let mut bytes = Vec::with_capacity(text.len() + 1);
        let mut lines = vec![0];
        for (at, c) in text.char_indices() {
            // Both halves of a surrogate pair stand where the character does.
            bytes.extend(std::iter::repeat_n(byte, c.len_utf16()));
            byte += c.len_utf8() as u32;
            let ends_line = match c {
                '\n' => true,
                '\r' => !text[at + 1..].starts_with('\n'),
                _ => false,
            };
            if ends_line {
                lines.push(bytes.len());
            }
        }
        bytes.push(byte);
        Self {
            text: text.to_owned(),
            bytes,
            lines,
        }
    }

    /// The annotations that `annotated` adds to the source. `line_break` is what its author cut the
    /// source at: a source with other breaks in it has lines that no annotation can stand behind.
    ///
    /// # Errors
    /// When `annotated` is no annotated copy of the source.
    pub(super) fn annotations(
        &self,
        annotated: &str,
        line_break: &str,
    ) -> Result<Vec<Annotation>, String> {
        let mut found = Vec::new();
        // A source that is nothing but a break is left as it is.
        if matches!(self.text.as_str(), "\r" | "\n" | "\r\n") {
            return Ok(found);
        }
        let mut rest = without_mark(annotated);
        for (line, piece) in self.text.split(line_break).enumerate() {
            rest = rest
                .strip_prefix(piece)
                .and_then(|rest| rest.strip_prefix(line_break))
                .ok_or_else(|| format!("line {} is not the source's", line + 1))?;
            while let Some((columns, payload)) = split_annotation(rest) {
                let (payload, behind) = payload.split_once(line_break).unwrap_or((payload, ""));
                found.push(self.annotation(line, columns, payload)?);
                rest = behind;
            }
        }
        match rest {
            "" => Ok(found),
            _ => Err("something stands behind the source".to_owned()),
        }
    }

    fn annotation(
        &self,
        line: usize,
        columns: (usize, usize),
        payload: &str,
    ) -> Result<Annotation, String> {
        let first = self.lines.get(line);
        let first = first.ok_or_else(|| format!("there is no line {}", line + 1))?;
        let byte = |column: usize| {
            let last = self.bytes.len() - 1;
            self.bytes[(first + column).min(last)]
        };
        Ok(Annotation {
            start: byte(columns.0),
            end: byte(columns.1),
            payload: payload.to_owned(),
        })
    }

    /// The bytes of the file from `start` to `end`.
    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        let mark = self.bytes[0];
        let range = (start - mark) as usize..(end - mark) as usize;
        self.text.get(range).unwrap_or_default()
    }
}

/// Both columns, and all that follows them, if `rest` starts with an annotation.
fn split_annotation(rest: &str) -> Option<((usize, usize), &str)> {
    let (columns, payload) = rest.strip_prefix("//@[")?.split_once(") ")?;
    let (start, end) = columns.split_once(':')?;
    Some(((start.parse().ok()?, end.parse().ok()?), payload))
}

fn without_mark(file: &str) -> &str {
    file.strip_prefix('\u{feff}').unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str, annotated: &str) -> Vec<(u32, u32, String)> {
        let found = Source::new(source).annotations(annotated, "\n").unwrap();
        let parts = |found: Annotation| (found.start, found.end, found.payload);
        found.into_iter().map(parts).collect()
    }

    #[test]
    fn columns_become_bytes_of_the_file() {
        let found = read(
            "\u{feff}a\n'😀' b\n",
            "\u{feff}a\n'😀' b\n//@[05:06) B |b|\n\n",
        );
        assert_eq!(found, [(12, 13, "B |b|".to_owned())]);
    }

    #[test]
    fn an_annotation_may_end_on_a_later_line() {
        let found = read("a\nb", "a\n//@[0:3) X\nb\n");
        assert_eq!(found, [(0, 3, "X".to_owned())]);
    }

    #[test]
    fn comments_of_the_source_are_no_annotations() {
        assert_eq!(read("// @[0:1)\n//x", "// @[0:1)\n//x\n"), []);
    }

    #[test]
    fn another_text_is_refused() {
        assert!(Source::new("a").annotations("b\n", "\n").is_err());
        assert!(Source::new("a").annotations("a\nb", "\n").is_err());
    }
}
