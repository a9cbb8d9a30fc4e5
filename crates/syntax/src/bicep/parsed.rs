//! The result of parsing a file.

use std::borrow::Cow;
use std::sync::Arc;

use super::ast::{ExprId, ExprKind, Id, Name, TokenId, Tree};
use super::error::SyntaxError;
use super::token::{Kind, Tokens};
use super::{grammar, lexer, string};
use crate::text::Span;

/// Which language a text is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// `.bicep`
    Bicep,
    /// `.bicepparam`
    Params,
    /// An ARM template in JSON: no language of this parser, which reads nothing in it.
    Arm,
}

impl Dialect {
    /// The dialect of a file by the end of its name, letter case ignored; Bicep unless the name
    /// ends in `.bicepparam`.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        const SUFFIX: &str = ".bicepparam";
        let end = path
            .len()
            .checked_sub(SUFFIX.len())
            .and_then(|start| path.get(start..));
        if end.is_some_and(|end| end.eq_ignore_ascii_case(SUFFIX)) {
            Self::Params
        } else {
            Self::Bicep
        }
    }
}

/// A parsed file: its text, tokens, tree and errors. Owned, `Send` and cheap to keep behind an `Arc`.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed {
    pub(super) text: Arc<str>,
    pub(super) dialect: Dialect,
    pub(super) tokens: Tokens,
    pub(super) tree: Tree,
    pub(super) errors: Vec<SyntaxError>,
}

/// Parses a whole file. Always gives a tree; [`Parsed::errors`] says what was wrong.
#[must_use]
pub fn parse(text: impl Into<Arc<str>>, dialect: Dialect) -> Parsed {
    let text = text.into();
    let (tokens, tree, errors) = if dialect == Dialect::Arm {
        (no_tokens(), Tree::default(), Vec::new())
    } else if u32::try_from(text.len()).is_ok() {
        let (tokens, lexical) = lexer::lex(&text);
        let (tree, errors) = grammar::parse(&text, &tokens, dialect, lexical);
        (tokens, tree, errors)
    } else {
        (no_tokens(), Tree::default(), grammar::too_large())
    };
    Parsed {
        text,
        dialect,
        tokens,
        tree,
        errors,
    }
}

/// The tokens of a text that is not read.
fn no_tokens() -> Tokens {
    let mut tokens = Tokens::default();
    tokens.push(Kind::Eof, 0, 0);
    tokens
}

impl Parsed {
    /// The text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The language of the text.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Every token; blanks are the gaps between tokens and trivia.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What is wrong with the text, sorted by start.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The bytes of a name.
    #[must_use]
    pub fn name_span(&self, name: Name) -> Span {
        self.tokens.span(name.token())
    }

    /// The spelling of a name.
    #[must_use]
    pub fn name(&self, name: Name) -> &str {
        self.token_text(name.token())
    }

    /// The spelling of a token.
    #[must_use]
    pub fn token_text(&self, token: TokenId) -> &str {
        &self.text[self.tokens.span(token).range()]
    }

    /// The value of a string without holes, escapes decoded; `None` for any other expression.
    #[must_use]
    pub fn string_value(&self, expr: ExprId) -> Option<Cow<'_, str>> {
        match self.tree[expr].kind {
            ExprKind::String(token) => Some(string::piece_value(self.token_text(token), 0)),
            _ => None,
        }
    }

    /// The values of the literal pieces of an interpolated string, in order, escapes decoded.
    pub fn piece_values(&self, pieces: super::ast::List<TokenId>) -> Vec<Cow<'_, str>> {
        let first = self.tree.list(pieces).next();
        let multi_line = first.map_or(0, |first| string::dollars(self.token_text(first)));
        self.tree
            .list(pieces)
            .map(|piece| string::piece_value(self.token_text(piece), multi_line))
            .collect()
    }

    /// Whether the file parsed without an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The number of tokens, the end of the file included.
    #[must_use]
    pub fn token_count(&self) -> u32 {
        self.tokens.kinds().len() as u32
    }

    /// The token at a place in the list.
    #[must_use]
    pub fn token(&self, index: u32) -> TokenId {
        TokenId::from_raw(index)
    }
}
