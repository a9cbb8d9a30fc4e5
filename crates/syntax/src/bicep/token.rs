//! Token kinds and the token list.
//!
//! The `logos` rules of the lexer stand on [`Kind`]; what they call stands in `lexer.rs`.

use std::fmt;

use logos::Logos;

use super::ast::{Id, TokenId};
use super::lexer;
use crate::text::Span;

/// What a token is; the text lies in the source. Keywords that matter only by place are kinds of
/// their own, see [`Kind::is_identifier`].
#[derive(Logos, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[logos(extras = lexer::State)]
#[logos(skip r"[ \t]+")]
#[logos(skip("//", lexer::line_comment))]
#[logos(skip(r"/\*", lexer::block_comment))]
#[repr(u8)]
pub enum Kind {
    /// The end of the text.
    Eof,
    /// A run of CR and LF.
    #[regex(r"[\r\n]+", lexer::line_break)]
    NewLine,
    /// `{`
    #[token("{", lexer::left_brace)]
    LeftBrace,
    /// `}`
    #[token("}", lexer::right_brace)]
    RightBrace,
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
    /// `@`
    #[token("@")]
    At,
    /// `,`
    #[token(",")]
    Comma,
    /// `.`
    #[token(".")]
    Dot,
    /// `?`
    #[token("?")]
    Question,
    /// `:`
    #[token(":")]
    Colon,
    /// `;`, which no rule of the language uses
    #[token(";")]
    Semicolon,
    /// `=`
    #[token("=")]
    Assign,
    /// `=>`
    #[token("=>")]
    Arrow,
    /// `|`
    #[token("|")]
    Pipe,
    /// `...`
    #[token("...")]
    Ellipsis,
    /// `^`
    #[token("^")]
    Hat,
    /// `::`
    #[token("::")]
    DoubleColon,
    /// `!`
    #[token("!")]
    Bang,
    /// `-`
    #[token("-")]
    Minus,
    /// `+`
    #[token("+")]
    Plus,
    /// `*`
    #[token("*")]
    Star,
    /// `/`
    #[token("/")]
    Slash,
    /// `%`
    #[token("%")]
    Percent,
    /// `<`
    #[token("<")]
    Less,
    /// `<=`
    #[token("<=")]
    LessOrEqual,
    /// `>`
    #[token(">")]
    Greater,
    /// `>=`
    #[token(">=")]
    GreaterOrEqual,
    /// `==`
    #[token("==")]
    Equal,
    /// `!=`
    #[token("!=")]
    NotEqual,
    /// `=~`
    #[token("=~")]
    EqualIgnoringCase,
    /// `!~`
    #[token("!~")]
    NotEqualIgnoringCase,
    /// `&&`
    #[token("&&")]
    And,
    /// `||`
    #[token("||")]
    Or,
    /// `??`
    #[token("??")]
    Coalesce,
    /// `42`
    #[regex("[0-9]+")]
    Integer,
    /// `true`
    #[token("true")]
    True,
    /// `false`
    #[token("false")]
    False,
    /// `null`
    #[token("null")]
    Null,
    /// A string without holes.
    #[token("'", lexer::quote)]
    StringComplete,
    /// From the opening quote to the first hole.
    #[regex(r"\$+'''", lexer::dollars_and_quotes)]
    StringLeft,
    /// From the end of one hole to the start of the next.
    StringMiddle,
    /// From the end of the last hole to the closing quote.
    StringRight,
    /// A character, or a run of `$`, that starts no token.
    #[token("#", lexer::hash)]
    #[regex(r"\$+", lexer::unrecognized)]
    #[regex(".", lexer::unrecognized, priority = 0)]
    Unrecognized,
    /// A word without a meaning of its own.
    #[regex("[A-Za-z_][A-Za-z0-9_]*")]
    Identifier,
    /// `targetScope`
    #[token("targetScope")]
    TargetScope,
    /// `metadata`
    #[token("metadata")]
    Metadata,
    /// `param`
    #[token("param")]
    Param,
    /// `var`
    #[token("var")]
    Var,
    /// `resource`
    #[token("resource")]
    Resource,
    /// `module`
    #[token("module")]
    Module,
    /// `output`
    #[token("output")]
    Output,
    /// `type`
    #[token("type")]
    Type,
    /// `func`
    #[token("func")]
    Func,
    /// `import`
    #[token("import")]
    Import,
    /// `extension`
    #[token("extension")]
    Extension,
    /// `assert`
    #[token("assert")]
    Assert,
    /// `test`
    #[token("test")]
    Test,
    /// `using`
    #[token("using")]
    Using,
    /// `extends`
    #[token("extends")]
    Extends,
    /// `extensionConfig`
    #[token("extensionConfig")]
    ExtensionConfig,
    /// `existing`
    #[token("existing")]
    Existing,
    /// `if`
    #[token("if")]
    If,
    /// `for`
    #[token("for")]
    For,
    /// `in`
    #[token("in")]
    In,
    /// `from`
    #[token("from")]
    From,
    /// `with`
    #[token("with")]
    With,
    /// `as`
    #[token("as")]
    As,
    /// `none`
    #[token("none")]
    NoneWord,
}

impl Kind {
    /// Whether the token is an identifier for the language: every word but `true`, `false` and
    /// `null`. Keywords are identifiers that mean something in some places.
    #[inline]
    #[must_use]
    pub const fn is_identifier(self) -> bool {
        self as u8 >= Self::Identifier as u8
    }

    /// Whether the word starts a statement in one of the two dialects.
    #[inline]
    #[must_use]
    pub const fn starts_statement(self) -> bool {
        self as u8 >= Self::TargetScope as u8 && self as u8 <= Self::ExtensionConfig as u8
    }

    /// Whether it is an opening bracket.
    #[inline]
    pub(super) const fn opens(self) -> bool {
        matches!(self, Self::LeftBrace | Self::LeftParen | Self::LeftSquare)
    }

    /// Whether it is a closing bracket.
    #[inline]
    pub(super) const fn closes(self) -> bool {
        matches!(
            self,
            Self::RightBrace | Self::RightParen | Self::RightSquare
        )
    }

    /// How tightly a binary operator binds, from 1 (`??`) to 7 (`*`); 0 for all other tokens.
    #[inline]
    #[must_use]
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Star | Self::Slash | Self::Percent => 7,
            Self::Plus | Self::Minus => 6,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 5,
            Self::Equal | Self::NotEqual | Self::EqualIgnoringCase | Self::NotEqualIgnoringCase => {
                4
            }
            Self::And => 3,
            Self::Or => 2,
            Self::Coalesce => 1,
            _ => 0,
        }
    }

    /// The name of the reference compiler for this kind of token; every word is an `Identifier`.
    #[must_use]
    pub const fn token_name(self) -> &'static str {
        match self {
            Self::Eof => "EndOfFile",
            Self::NewLine => "NewLine",
            Self::LeftBrace => "LeftBrace",
            Self::RightBrace => "RightBrace",
            Self::LeftParen => "LeftParen",
            Self::RightParen => "RightParen",
            Self::LeftSquare => "LeftSquare",
            Self::RightSquare => "RightSquare",
            Self::At => "At",
            Self::Comma => "Comma",
            Self::Dot => "Dot",
            Self::Question => "Question",
            Self::Colon => "Colon",
            Self::Semicolon => "Semicolon",
            Self::Assign => "Assignment",
            Self::Arrow => "Arrow",
            Self::Pipe => "Pipe",
            Self::Ellipsis => "Ellipsis",
            Self::Hat => "Hat",
            Self::DoubleColon => "DoubleColon",
            Self::Bang => "Exclamation",
            Self::Minus => "Minus",
            Self::Plus => "Plus",
            Self::Star => "Asterisk",
            Self::Slash => "Slash",
            Self::Percent => "Modulo",
            Self::Less => "LeftChevron",
            Self::LessOrEqual => "LessThanOrEqual",
            Self::Greater => "RightChevron",
            Self::GreaterOrEqual => "GreaterThanOrEqual",
            Self::Equal => "Equals",
            Self::NotEqual => "NotEquals",
            Self::EqualIgnoringCase => "EqualsInsensitive",
            Self::NotEqualIgnoringCase => "NotEqualsInsensitive",
            Self::And => "LogicalAnd",
            Self::Or => "LogicalOr",
            Self::Coalesce => "DoubleQuestion",
            Self::Integer => "Integer",
            Self::True => "TrueKeyword",
            Self::False => "FalseKeyword",
            Self::Null => "NullKeyword",
            Self::StringComplete => "StringComplete",
            Self::StringLeft => "StringLeftPiece",
            Self::StringMiddle => "StringMiddlePiece",
            Self::StringRight => "StringRightPiece",
            Self::Unrecognized => "Unrecognized",
            _ => "Identifier",
        }
    }

    /// The spelling of a token that has only one.
    #[must_use]
    pub const fn spelling(self) -> Option<&'static str> {
        Some(match self {
            Self::LeftBrace => "{",
            Self::RightBrace => "}",
            Self::LeftParen => "(",
            Self::RightParen => ")",
            Self::LeftSquare => "[",
            Self::RightSquare => "]",
            Self::At => "@",
            Self::Comma => ",",
            Self::Dot => ".",
            Self::Question => "?",
            Self::Colon => ":",
            Self::Semicolon => ";",
            Self::Assign => "=",
            Self::Arrow => "=>",
            Self::Pipe => "|",
            Self::Ellipsis => "...",
            Self::Hat => "^",
            Self::DoubleColon => "::",
            Self::Bang => "!",
            Self::Minus => "-",
            Self::Plus => "+",
            Self::Star => "*",
            Self::Slash => "/",
            Self::Percent => "%",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::EqualIgnoringCase => "=~",
            Self::NotEqualIgnoringCase => "!~",
            Self::And => "&&",
            Self::Or => "||",
            Self::Coalesce => "??",
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
            Self::TargetScope => "targetScope",
            Self::Metadata => "metadata",
            Self::Param => "param",
            Self::Var => "var",
            Self::Resource => "resource",
            Self::Module => "module",
            Self::Output => "output",
            Self::Type => "type",
            Self::Func => "func",
            Self::Import => "import",
            Self::Extension => "extension",
            Self::Assert => "assert",
            Self::Test => "test",
            Self::Using => "using",
            Self::Extends => "extends",
            Self::ExtensionConfig => "extensionConfig",
            Self::Existing => "existing",
            Self::If => "if",
            Self::For => "for",
            Self::In => "in",
            Self::From => "from",
            Self::With => "with",
            Self::As => "as",
            Self::NoneWord => "none",
            Self::Eof
            | Self::NewLine
            | Self::Integer
            | Self::StringComplete
            | Self::StringLeft
            | Self::StringMiddle
            | Self::StringRight
            | Self::Unrecognized
            | Self::Identifier => return None,
        })
    }
}

impl fmt::Display for Kind {
    /// As people say it: `` `=` ``, "line break".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(spelling) = self.spelling() {
            return write!(f, "`{spelling}`");
        }
        f.write_str(match self {
            Self::Eof => "end of file",
            Self::NewLine => "line break",
            Self::Integer => "number",
            Self::StringComplete | Self::StringLeft => "string",
            Self::StringMiddle | Self::StringRight => "rest of a string",
            Self::Unrecognized => "unknown character",
            _ => "name",
        })
    }
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
    /// Places of the pieces of strings that are no string: broken off, or with a bad escape.
    pub(super) malformed: Vec<u32>,
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

    /// Whether a piece of a string is broken off or holds a bad escape.
    #[must_use]
    pub fn is_malformed(&self, token: TokenId) -> bool {
        self.malformed.binary_search(&token.raw()).is_ok()
    }

    pub(super) fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.kinds.push(kind);
        self.starts.push(start as u32);
        self.ends.push(end as u32);
    }

    /// Reserves room for the tokens of a text of `bytes` bytes; real files hold one in five or six.
    pub(super) fn reserve(&mut self, bytes: usize) {
        let tokens = bytes / 5 + 8;
        self.kinds.reserve(tokens);
        self.starts.reserve(tokens);
        self.ends.reserve(tokens);
    }
}
