//! The values of string literals.
//!
//! Enters: a piece as it stands in the text, delimiters included. Leaves: its value, borrowed where
//! nothing had to be decoded. Broken pieces have a value too: what is unclear stays as it is.

use std::borrow::Cow;

/// The number behind `\u{`, if it is one that a character can have. Halves of surrogate pairs
/// count: the language has UTF-16 strings.
pub(super) fn code_point(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |value, &digit| {
            let digit = char::from(digit).to_digit(16)?;
            value.checked_mul(16)?.checked_add(digit)
        })
        .filter(|&value| value <= 0x10_ffff)
}

/// How many dollars stand before the quotes of a multi-line string's first piece.
pub(super) fn dollars(piece: &str) -> usize {
    piece.bytes().take_while(|&b| b == b'$').count()
}

/// The value of a piece as it stands in the text, delimiters included. `dollars` is the number of
/// dollars before the opening quotes of the string that the piece belongs to.
pub(super) fn piece_value(piece: &str, dollars: usize) -> Cow<'_, str> {
    let dollars = dollars.max(self::dollars(piece));
    if dollars > 0 || piece.starts_with("'''") {
        Cow::Borrowed(multi_line_content(piece, dollars))
    } else {
        decode(single_line_content(piece))
    }
}

fn single_line_content(piece: &str) -> &str {
    let piece = piece.strip_prefix(['\'', '}']).unwrap_or(piece);
    piece
        .strip_suffix("${")
        .or_else(|| piece.strip_suffix('\''))
        .unwrap_or(piece)
}

/// A break straight after the opening quotes does not count; dollars beyond those that open a hole
/// and quotes beyond the last three do.
fn multi_line_content(piece: &str, dollars: usize) -> &str {
    let content = match piece.strip_prefix('}') {
        Some(rest) => rest,
        None => {
            let rest = piece.trim_start_matches('$');
            let rest = rest.strip_prefix("'''").unwrap_or(rest);
            rest.strip_prefix("\r\n")
                .or_else(|| rest.strip_prefix(['\r', '\n']))
                .unwrap_or(rest)
        }
    };
    if let Some(rest) = content.strip_suffix("'''") {
        return rest;
    }
    match content.strip_suffix('{') {
        Some(rest) if dollars > 0 && rest.ends_with('$') => {
            let cut = rest.len().saturating_sub(dollars);
            rest.get(..cut).unwrap_or(rest)
        }
        _ => content,
    }
}

fn decode(content: &str) -> Cow<'_, str> {
    let Some(first) = content.find('\\') else {
        return Cow::Borrowed(content);
    };
    let mut value = String::with_capacity(content.len());
    let mut units = Vec::new();
    let mut rest = content;
    let mut next = Some(first);
    while let Some(at) = next {
        push_units(&mut value, &mut units, at > 0);
        value.push_str(&rest[..at]);
        rest = decode_escape(&rest[at..], &mut value, &mut units);
        next = rest.find('\\');
    }
    push_units(&mut value, &mut units, true);
    value.push_str(rest);
    Cow::Owned(value)
}

/// Decodes the escape that `rest` starts with and returns what follows it. A surrogate waits in
/// `units` for its other half.
fn decode_escape<'t>(rest: &'t str, value: &mut String, units: &mut Vec<u16>) -> &'t str {
    if let Some(rest) = unicode_escape(rest, value, units) {
        return rest;
    }
    push_units(value, units, true);
    let mut chars = rest[1..].chars();
    match chars.next() {
        Some('n') => value.push('\n'),
        Some('r') => value.push('\r'),
        Some('t') => value.push('\t'),
        Some(c @ ('\\' | '\'' | '$')) => value.push(c),
        // No escape at all: the lexer has reported it.
        Some(c) => value.extend(['\\', c]),
        None => value.push('\\'),
    }
    chars.as_str()
}

fn unicode_escape<'t>(rest: &'t str, value: &mut String, units: &mut Vec<u16>) -> Option<&'t str> {
    let rest = rest.strip_prefix("\\u{")?;
    let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    let code = code_point(&rest.as_bytes()[..digits])?;
    let rest = rest[digits..].strip_prefix('}')?;
    match char::from_u32(code) {
        Some(c) => {
            push_units(value, units, true);
            value.push(c);
        }
        None => units.push(code as u16),
    }
    Some(rest)
}

/// Writes surrogates that wait, halves that found no partner as U+FFFD.
fn push_units(value: &mut String, units: &mut Vec<u16>, end: bool) {
    if end && !units.is_empty() {
        value.push_str(&String::from_utf16_lossy(units));
        units.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(piece: &str) -> String {
        piece_value(piece, 0).into_owned()
    }

    #[test]
    fn a_string_without_escapes_is_borrowed() {
        assert!(matches!(piece_value("'abc'", 0), Cow::Borrowed("abc")));
        assert!(matches!(piece_value("''", 0), Cow::Borrowed("")));
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(value(r"'a\n\r\t\\\'\$b'"), "a\n\r\t\\'$b");
        assert_eq!(value(r"'\${x}'"), "${x}");
        assert_eq!(value(r"'\u{1F600}\u{41}'"), "😀A");
    }

    #[test]
    fn surrogates_pair_up_or_become_replacement_characters() {
        assert_eq!(value(r"'\u{D83D}\u{DE00}'"), "😀");
        assert_eq!(value(r"'\u{D83D}x\u{DE00}'"), "\u{fffd}x\u{fffd}");
    }

    #[test]
    fn pieces_lose_the_delimiters_of_their_place() {
        assert_eq!(value("'a${"), "a");
        assert_eq!(value("}b${"), "b");
        assert_eq!(value("}c'"), "c");
        assert_eq!(value("'$${"), "$");
    }

    #[test]
    fn multi_line_strings_drop_the_first_break_and_know_no_escapes() {
        assert_eq!(value("'''\r\na\\n\n'''"), "a\\n\n");
        assert_eq!(value("'''\ra'''"), "a");
        assert_eq!(value("'''\n\na'''"), "\na");
        assert_eq!(value("''''a''''"), "'a'");
        assert_eq!(value("''''''"), "");
    }

    #[test]
    fn dollars_beyond_those_of_the_hole_belong_to_the_text() {
        assert_eq!(value("$$'''a$$${"), "a$");
        assert_eq!(piece_value("}b$$${", 2), "b$");
        assert_eq!(piece_value("}\nc''''", 2), "\nc'");
    }

    #[test]
    fn broken_pieces_keep_what_makes_no_sense() {
        assert_eq!(value(r"'a\q"), r"a\q");
        assert_eq!(value(r"'\u{zz}'"), r"\u{zz}");
        assert_eq!(value("'\\"), "\\");
    }
}
