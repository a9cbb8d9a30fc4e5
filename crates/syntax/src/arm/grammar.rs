//! Tokens → tree, one function for each production of `grammar/arm-expression.ebnf`.
//!
//! Written by hand and not with the combinators that read Bicep: a template holds thousands of
//! expressions of a few tokens each, four productions decide by one token what comes next, and the
//! first error ends it all, so what the kit is for (recovery, error merging, one parser built for a
//! whole file) is not needed here.

use logos::Logos;

use super::error::{ExpressionError, ExpressionErrorKind as Error};
use super::expression::{Access, Call, Expression, ExpressionKind, Name};
use super::token::Kind;
use crate::text::Span;

/// So many calls and indices may stand within each other. The engine's own limit is the length of an
/// expression, 24,576 characters; what the compiler makes of Bicep stays far below this.
pub const MAX_DEPTH: usize = 1000;

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 256 * 1024;
const STACK: usize = 1024 * 1024;

type Result<T> = std::result::Result<T, ExpressionError>;

/// Reads the expression in a part of `string`.
pub(super) fn parse(string: &str, part: Span) -> Result<Expression> {
    let mut parser = Parser {
        string,
        lexer: Kind::lexer(&string[part.range()]),
        offset: part.start,
        token: None,
        span: Span::at(part.start),
        last: part.start,
        depth: 0,
    };
    parser.bump();
    parser.expression()
}

struct Parser<'t> {
    string: &'t str,
    lexer: logos::Lexer<'t, Kind>,
    /// Where the lexer's text starts in the string.
    offset: u32,
    /// The next token; `None` at the end.
    token: Option<Kind>,
    span: Span,
    /// The end of the token before it.
    last: u32,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn bump(&mut self) {
        self.last = self.span.end;
        self.token = self.lexer.next().map(|kind| kind.unwrap_or(Kind::Unknown));
        let place = self.lexer.span();
        self.span = Span::new(
            self.offset + place.start as u32,
            self.offset + place.end as u32,
        );
    }

    fn text(&self) -> &'t str {
        &self.string[self.span.range()]
    }

    fn error(&self, missing: Error) -> ExpressionError {
        ExpressionError {
            kind: Error::at(self.token, missing),
            span: self.span,
        }
    }

    fn expect(&mut self, kind: Kind, missing: Error) -> Result<()> {
        if self.token != Some(kind) {
            return Err(self.error(missing));
        }
        self.bump();
        Ok(())
    }

    /// `Expression ::= Value`, and nothing behind it.
    fn expression(&mut self) -> Result<Expression> {
        let value = self.value()?;
        match self.token {
            None => Ok(value),
            Some(_) => Err(self.error(Error::TextBehind)),
        }
    }

    /// `Value ::= Text | Integer | Call`
    fn value(&mut self) -> Result<Expression> {
        let span = self.span;
        let kind = match self.token {
            Some(Kind::Text) => {
                let text = self.text();
                self.bump();
                ExpressionKind::Text(text[1..text.len() - 1].replace("''", "'").into())
            }
            Some(Kind::Integer) => self.integer()?,
            Some(Kind::Identifier) => {
                let call = self.nested(Self::call)?;
                ExpressionKind::Call(Box::new(call))
            }
            _ => return Err(self.error(Error::MissingValue)),
        };
        let span = Span::new(span.start, self.last);
        Ok(Expression { span, kind })
    }

    fn integer(&mut self) -> Result<ExpressionKind> {
        let value = self.text().parse();
        let value = value.map_err(|_| self.error(Error::NumberTooLarge))?;
        self.bump();
        Ok(ExpressionKind::Integer(value))
    }

    fn nested<T>(&mut self, read: fn(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(Error::TooDeep));
        }
        self.depth += 1;
        let read = stacker::maybe_grow(RED_ZONE, STACK, || read(self));
        self.depth -= 1;
        read
    }

    /// `Call ::= Name '(' Arguments ')' Access*`
    fn call(&mut self) -> Result<Call> {
        let start = self.span.start;
        let (namespace, name) = self.function_name()?;
        self.expect(Kind::LeftParen, Error::MissingArguments)?;
        let arguments = self.arguments()?;
        let span = Span::new(start, self.last);
        Ok(Call {
            namespace,
            name,
            span,
            arguments,
            accesses: self.accesses()?,
        })
    }

    /// `FunctionName ::= Identifier ( '.' Identifier )?`
    fn function_name(&mut self) -> Result<(Option<Name>, Name)> {
        let first = self.name()?;
        if self.token != Some(Kind::Dot) {
            return Ok((None, first));
        }
        self.bump();
        Ok((Some(first), self.name()?))
    }

    fn name(&mut self) -> Result<Name> {
        if self.token != Some(Kind::Identifier) {
            return Err(self.error(Error::MissingName));
        }
        let name = Name {
            text: self.text().into(),
            span: self.span,
        };
        self.bump();
        Ok(name)
    }

    /// `Arguments ::= ( Value ( ',' Value )* )?`, and the closing parenthesis.
    fn arguments(&mut self) -> Result<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.token == Some(Kind::RightParen) {
            self.bump();
            return Ok(arguments);
        }
        loop {
            arguments.push(self.value()?);
            if self.token != Some(Kind::Comma) {
                break;
            }
            self.bump();
        }
        self.expect(Kind::RightParen, Error::MissingParenthesis)?;
        Ok(arguments)
    }

    fn accesses(&mut self) -> Result<Vec<Access>> {
        let mut accesses = Vec::new();
        while let Some(Kind::Dot | Kind::LeftSquare) = self.token {
            accesses.push(self.access()?);
        }
        Ok(accesses)
    }

    /// `Access ::= '.' Identifier | '[' Value ']'`
    fn access(&mut self) -> Result<Access> {
        let start = self.span.start;
        let is_member = self.token == Some(Kind::Dot);
        self.bump();
        if is_member {
            return Ok(Access::Member(self.name()?));
        }
        let index = self.value()?;
        self.expect(Kind::RightSquare, Error::MissingBracket)?;
        Ok(Access::Index(index, Span::new(start, self.last)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Content, ExpressionErrorKind as Error, ExpressionKind, read};
    use super::MAX_DEPTH;

    fn canonical(string: &str) -> String {
        match read(string) {
            Content::Expression(expression) => expression.to_string(),
            other => panic!("{string}: {other:?}"),
        }
    }

    fn error(string: &str) -> (Error, &str) {
        match read(string) {
            Content::Invalid(error) => (error.kind, &string[error.span.range()]),
            other => panic!("{string}: {other:?}"),
        }
    }

    #[test]
    fn expressions_are_written_anew_in_one_way() {
        for (string, wanted) in [
            ("[ a . b ( 'x','y' , 1 ) ]", "a.b('x', 'y', 1)"), // x1003, x1050
            (
                "[a()['b']['b-c'][0].d['1b']['it''s']]",
                "a().b['b-c'][0].d['1b']['it''s']",
            ), // x1018
            ("[-007]", "-7"),
            ("[a('\\\n]')]", "a('\\\n]')"), // x1111
            ("[\u{3000}é$_1()\u{85}]", "é$_1()"),
            ("['😀']", "'😀'"),                                 // x1166
            ("[-9223372036854775808]", "-9223372036854775808"), // x064
        ] {
            assert_eq!(canonical(string), wanted, "{string}");
        }
    }

    #[test]
    fn errors_stand_where_the_expression_stops_making_sense() {
        for (string, wanted) in [
            ("[]", (Error::MissingValue, "")), // x020
            ("[a('x')b]", (Error::TextBehind, "b")),
            ("[true]", (Error::MissingArguments, "")), // x104
            ("[a('x',)]", (Error::MissingValue, ")")), // x074
            ("[a('x' 'y')]", (Error::MissingParenthesis, "'y'")),
            ("[a()[0]", (Error::MissingBracket, "")),
            ("[a().1]", (Error::MissingName, "1")), // x149
            ("[1.5]", (Error::BadNumber, "1.5")),   // x054
            (
                "[9223372036854775808]",
                (Error::NumberTooLarge, "9223372036854775808"),
            ), // x065
            ("[a(\"x\")]", (Error::UnknownCharacter, "\"")), // x030
            ("[a('x)]", (Error::UnterminatedText, "'x)")), // x041
            ("[a😀()]", (Error::UnknownCharacter, "😀")), // x1164
            ("[a.b.c()]", (Error::MissingArguments, ".")), // x1008
            ("[1 + 2]", (Error::UnknownCharacter, "+")), // x087
        ] {
            if string == "[a()[0]" {
                // The last bracket is that of the string: the index is not closed.
                assert_eq!(error(string).0, wanted.0);
                continue;
            }
            assert_eq!(error(string), wanted, "{string}");
        }
    }

    #[test]
    fn spans_count_from_the_first_bracket() {
        let string = "[a( 'é' ).b]";
        let Content::Expression(expression) = read(string) else {
            panic!("no expression")
        };
        assert_eq!(&string[expression.span.range()], "a( 'é' ).b");
        let ExpressionKind::Call(call) = expression.kind else {
            panic!("no call")
        };
        assert_eq!(&string[call.span.range()], "a( 'é' )");
        assert_eq!(&string[call.arguments[0].span.range()], "'é'");
        assert_eq!(&string[call.accesses[0].span().range()], "b");
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |depth: usize| format!("[{}1{}]", "a(".repeat(depth), ")".repeat(depth));
        assert!(matches!(read(&nested(MAX_DEPTH)), Content::Expression(_)));
        for string in [nested(100_000), format!("[{}]", "a(".repeat(100_000))] {
            assert_eq!(error(&string).0, Error::TooDeep);
        }
        let indices = format!("[{}]", "a()[".repeat(100_000));
        assert_eq!(error(&indices).0, Error::TooDeep);
    }
}
