//! Text from files made harmless for a terminal: a file under review must not be able to recolour,
//! hide or reorder what is said about it.

use std::borrow::Cow;

/// The text on one line: breaks and tabs become blanks, what steers a terminal becomes `�`.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(|c| c == '\t' || steers(c)) {
        Cow::Owned(
            text.chars()
                .map(|c| if c == '\t' { ' ' } else { shown(c) })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

/// The character to show in place of `c`; tabs stay.
pub(super) fn shown(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if steers(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Control characters but the tab, and marks that turn the direction of writing.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(
            c,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(one_line("plain é😀"), "plain é😀");
        assert_eq!(
            one_line("a\r\nb\tc\u{1b}[31m\u{202e}d"),
            "a  b c\u{fffd}[31m\u{fffd}d"
        );
    }
}
