//! The values of string literals.

use std::borrow::Cow;

/// How many dollars stand before the quotes of a multi-line string's first piece.
pub(super) fn dollars(piece: &str) -> usize {
    piece.bytes().take_while(|&b| b == b'$').count()
}

/// The value of a piece as it stands in the text, delimiters included. `dollars` is the number of
/// dollars before the opening quotes of the string that the piece belongs to.
pub(super) fn piece_value(piece: &str, dollars: usize) -> Cow<'_, str> {
    let _ = dollars;
    Cow::Borrowed(piece)
}
