//! Strings: escapes decoded, with the way back from the decoded text to the file.

use std::borrow::Cow;

use crate::text::Span;

/// The text that a string or a key stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text<'j> {
    /// The text, escapes decoded. Half a surrogate pair becomes U+FFFD.
    pub value: Cow<'j, str>,
    /// Whether an escape is half of a surrogate pair, which no UTF-8 text can hold.
    pub unpaired: bool,
    /// Where the first character stands in the file.
    start: u32,
    /// Behind each escape: the offset in `value` and the one in the file.
    behind_escapes: Vec<(u32, u32)>,
}

impl<'j> Text<'j> {
    /// The text of a string token with its quotes, or of a bare key. `start` is the offset of the
    /// token in the file. A string that does not end is read as far as it goes.
    pub(super) fn of_token(token: &'j str, start: u32) -> Self {
        let Some(quote @ ('"' | '\'')) = token.chars().next() else {
            return Self::plain(token, start);
        };
        let inner = &token[1..];
        let inner = match inner.strip_suffix(quote) {
            Some(closed) if !ends_in_escape(closed) => closed,
            _ => inner,
        };
        match inner.contains('\\') {
            false => Self::plain(inner, start + 1),
            true => Self::escaped(inner, start + 1),
        }
    }

    fn plain(value: &'j str, start: u32) -> Self {
        Self {
            value: Cow::Borrowed(value),
            unpaired: false,
            start,
            behind_escapes: Vec::new(),
        }
    }

    fn escaped(raw: &str, start: u32) -> Self {
        let mut value = String::with_capacity(raw.len());
        let mut behind_escapes = Vec::new();
        let mut unpaired = false;
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            value.push_str(&rest[..at]);
            let (decoded, length) = decode(&rest[at..]);
            unpaired |= decoded.is_none();
            value.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
            rest = &rest[at + length..];
            let in_file = start + (raw.len() - rest.len()) as u32;
            behind_escapes.push((value.len() as u32, in_file));
        }
        value.push_str(rest);
        Self {
            value: Cow::Owned(value),
            unpaired,
            start,
            behind_escapes,
        }
    }

    /// The offset in the file of a byte of `value`. Within an escape it is where the escape starts,
    /// or the end of what precedes it.
    #[must_use]
    pub fn offset_in_file(&self, offset: u32) -> u32 {
        let place = self
            .behind_escapes
            .partition_point(|&(decoded, _)| decoded <= offset);
        match place.checked_sub(1).map(|place| self.behind_escapes[place]) {
            Some((decoded, in_file)) => in_file + (offset - decoded),
            None => self.start + offset,
        }
    }

    /// The bytes of the file that a part of `value` stands for.
    #[must_use]
    pub fn span_in_file(&self, part: Span) -> Span {
        Span::new(
            self.offset_in_file(part.start),
            self.offset_in_file(part.end),
        )
    }
}

/// Whether an odd number of backslashes ends the text, so that what follows belongs to an escape.
fn ends_in_escape(text: &str) -> bool {
    let backslashes = text.bytes().rev().take_while(|&byte| byte == b'\\');
    backslashes.count() % 2 == 1
}

/// The length of a `\uXXXX`.
const UNIT: usize = 6;

/// What the escape at the start of `text` stands for (`None`: half of a surrogate pair) and its
/// length. An unknown escape stands for the character behind the backslash.
fn decode(text: &str) -> (Option<char>, usize) {
    let mut chars = text.chars().skip(1);
    let Some(c) = chars.next() else {
        return (Some('\\'), 1);
    };
    let plain = |c: char, length: usize| (Some(c), 1 + length);
    match c {
        'b' => plain('\u{8}', 1),
        'f' => plain('\u{c}', 1),
        'n' => plain('\n', 1),
        'r' => plain('\r', 1),
        't' => plain('\t', 1),
        'u' => match unit(text) {
            Some(first) => decode_pair(first, text),
            None => plain('u', 1),
        },
        c => plain(c, c.len_utf8()),
    }
}

fn decode_pair(first: u16, text: &str) -> (Option<char>, usize) {
    if let Some(c) = char::from_u32(u32::from(first)) {
        return (Some(c), UNIT);
    }
    let second = text.get(UNIT..).and_then(unit);
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match pair {
        Some(c) => (Some(c), 2 * UNIT),
        None => (None, UNIT),
    }
}

/// The number of the `\uXXXX` at the start of `text`.
pub(super) fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_lead_back_to_the_file() {
        let token = r#""a\u00e9\n\ud83d\ude00z\"""#;
        let text = Text::of_token(token, 10);
        assert_eq!(text.value, "aé\n😀z\"");
        let z = text.value.find('z').unwrap() as u32;
        assert_eq!(text.offset_in_file(z), 10 + token.find('z').unwrap() as u32);
        assert_eq!(text.offset_in_file(0), 11);
        assert!(!text.unpaired);
    }

    #[test]
    fn half_a_pair_is_noticed() {
        for token in [r#""\ud83d""#, r#""\ude00\ud83d""#, r#""\ud83d\u0041""#] {
            assert!(Text::of_token(token, 0).unpaired, "{token}");
        }
    }

    #[test]
    fn strings_that_do_not_end_are_read_to_their_end() {
        assert_eq!(Text::of_token(r#""ab"#, 0).value, "ab");
        assert_eq!(Text::of_token(r#""ab\""#, 0).value, "ab\"");
        assert_eq!(Text::of_token(r#""ab\"#, 0).value, "ab\\");
        assert_eq!(Text::of_token("\"", 0).value, "");
        assert_eq!(Text::of_token("bare", 3).offset_in_file(1), 4);
    }
}
