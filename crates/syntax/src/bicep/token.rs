//! Token kinds and the token list.

use super::ast::{Id, TokenId};
use crate::text::Span;

/// What a token is; the text lies in the source. Keywords that matter only by place are kinds of
/// their own, see [`Kind::is_identifier`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// The end of the text.
    Eof,
    /// A run of CR and LF.
    NewLine,
    /// `-`
    Minus,
    /// `!`
    Bang,
    /// op
    Plus,
    /// op
    Star,
    /// op
    Slash,
    /// op
    Percent,
    /// op
    Less,
    /// op
    LessOrEqual,
    /// op
    Greater,
    /// op
    GreaterOrEqual,
    /// op
    Equal,
    /// op
    NotEqual,
    /// op
    EqualIgnoringCase,
    /// op
    NotEqualIgnoringCase,
    /// op
    And,
    /// op
    Or,
    /// op
    Coalesce,
}

/// A comment or directive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trivia {
    /// Its bytes; the line break after a line comment is not included.
    pub span: Span,
    /// Which sort.
    pub kind: TriviaKind,
}

/// Sorts of trivia.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TriviaKind {
    /// `// …`
    LineComment,
    /// `/* … */`
    BlockComment,
    /// `#disable-next-line …` and its kin
    Directive,
}

/// The tokens of a file, in parallel vectors: the parser reads only the kinds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tokens {
    pub(super) kinds: Vec<Kind>,
    pub(super) starts: Vec<u32>,
    pub(super) ends: Vec<u32>,
    pub(super) trivia: Vec<Trivia>,
}

impl Tokens {
    /// The kinds, in source order; the last is [`Kind::Eof`].
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The bytes of a token.
    #[must_use]
    pub fn span(&self, token: TokenId) -> Span {
        Span::new(
            self.starts[token.raw() as usize],
            self.ends[token.raw() as usize],
        )
    }

    /// Comments and directives, in source order.
    #[must_use]
    pub fn trivia(&self) -> &[Trivia] {
        &self.trivia
    }
}
