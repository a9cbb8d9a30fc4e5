//! The tokens of an expression.
//!
//! Letters and digits are those of the Unicode categories L and Nd in the basic plane: the engine
//! looks at UTF-16 units, and half of a surrogate pair is no letter.

use logos::Logos;

/// What a token is.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(skip r"[\x09-\x0D\x20\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+")]
pub(super) enum Kind {
    /// A name.
    #[regex(r"[$_\p{L}&&[\x00-\x{FFFF}]][$_\p{L}\p{Nd}&&[\x00-\x{FFFF}]]*")]
    Identifier,
    /// `'…'`; a quote within is doubled.
    #[regex(r"'([^']|'')*'")]
    Text,
    /// A text that does not end.
    #[regex(r"'([^']|'')*")]
    Unterminated,
    /// Digits, perhaps with a sign.
    #[regex(r"[+-]?[0-9]+")]
    Integer,
    /// What looks like a number and is none that the engine reads.
    #[regex(r"[+-]?[0-9]+[.$_\p{L}&&[\x00-\x{FFFF}]][.$_\p{L}\p{Nd}&&[\x00-\x{FFFF}]]*")]
    #[regex(r"[+-]?[0-9]+[\p{Nd}--[0-9]][.$_\p{L}\p{Nd}&&[\x00-\x{FFFF}]]*")]
    BadNumber,
    /// `(`
    #[token("(")]
    LeftParen,
    /// `)`
    #[token(")")]
    RightParen,
    /// `[`
    #[token("[")]
    LeftSquare,
    /// `]`
    #[token("]")]
    RightSquare,
    /// `,`
    #[token(",")]
    Comma,
    /// `.`
    #[token(".")]
    Dot,
    /// Anything else.
    Unknown,
}
