//! Text → nodes, in one pass without recursion. Each step takes a byte or closes a bracket.
//!
//! What makes no sense is an error and leaves a [`Kind::Missing`](super::Kind) value or nothing; the
//! items beside it are read all the same. A bracket that fits one further out closes all between.

use std::sync::Arc;

use memchr::{memchr2, memmem};

use super::error::{JsonError, JsonErrorKind as Error};
use super::number::{self, of_number};
use super::text::unit;
use super::value::{Json, Node};
use crate::text::Span;

/// So many objects and lists may stand within each other.
pub const MAX_DEPTH: usize = 1024;
/// So many errors are kept.
const MAX_ERRORS: usize = 256;
const BOM: &str = "\u{feff}";

/// Reads a text. Always gives a tree; [`Json::errors`] says what was wrong.
#[must_use]
pub fn parse(text: impl Into<Arc<str>>) -> Json {
    let text = text.into();
    let mut reader = Reader {
        text: &text,
        at: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        errors: Vec::new(),
    };
    if u32::try_from(text.len()).is_ok() {
        reader.file();
    } else {
        reader.error(Error::TooLarge, Span::at(0));
        reader.missing();
    }
    let (mut nodes, errors) = (reader.nodes, reader.errors);
    nodes.shrink_to_fit();
    Json {
        text,
        nodes,
        errors,
    }
}

/// An object or list whose end was not met yet.
struct Open {
    node: usize,
    is_object: bool,
    /// An item was read, and no comma since.
    needs_comma: bool,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
    errors: Vec<JsonError>,
}

impl<'a> Reader<'a> {
    fn file(&mut self) {
        if self.text.starts_with(BOM) {
            self.at = BOM.len();
        }
        self.value();
        while let Some(open) = self.open.last() {
            match open.is_object {
                true => self.member(),
                false => self.item(),
            }
        }
        self.skip_blanks();
        if self.at < self.text.len() {
            let rest = Span::new(self.at as u32, self.text.len() as u32);
            self.error(Error::TextBehind, rest);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The span from `start` to here.
    fn since(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    fn error(&mut self, kind: Error, span: Span) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(JsonError { kind, span });
        }
    }

    fn push(&mut self, span: Span) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node {
            start: span.start,
            end: span.end,
            next: node as u32 + 1,
        });
        node
    }

    fn missing(&mut self) {
        self.push(Span::at(self.at as u32));
    }

    /// Skips white space and comments.
    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') if self.rest().starts_with("//") => {
                    let end = memchr2(b'\n', b'\r', self.rest().as_bytes());
                    self.at += end.unwrap_or(self.rest().len());
                }
                Some(b'/') if self.rest().starts_with("/*") => self.block_comment(),
                Some(b'\x0b' | b'\x0c' | 0x80..) => {
                    let blanks = self.rest().len() - self.rest().trim_start().len();
                    if blanks == 0 {
                        return;
                    }
                    self.at += blanks;
                }
                _ => return,
            }
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        match memmem::find(&self.rest().as_bytes()[2..], b"*/") {
            Some(end) => self.at += end + 4,
            None => {
                self.at = self.text.len();
                self.error(Error::UnterminatedComment, self.since(start));
            }
        }
    }

    /// One step within an object: a member, a comma, or its end.
    fn member(&mut self) {
        self.skip_blanks();
        match self.peek() {
            Some(b'}') => self.close(),
            Some(b',') if self.needs_comma() => self.comma(),
            Some(b'"' | b'\'') => self.key(),
            Some(b'_' | b'$' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..) => self.key(),
            _ => self.no_item(b']'),
        }
    }

    /// One step within a list: an element, a comma, or its end. A comma without an element before
    /// it makes a null, but not the last one.
    fn item(&mut self) {
        self.skip_blanks();
        match self.peek() {
            Some(b']') => self.close(),
            Some(b',') if self.needs_comma() => self.comma(),
            Some(b',') => {
                self.at += 1;
                self.push(self.since(self.at - 1));
            }
            None | Some(b'}') => self.no_item(b'}'),
            Some(_) => {
                self.expect_comma();
                self.value();
            }
        }
    }

    fn needs_comma(&self) -> bool {
        self.open.last().is_some_and(|open| open.needs_comma)
    }

    fn set_needs_comma(&mut self, needs_comma: bool) {
        if let Some(open) = self.open.last_mut() {
            open.needs_comma = needs_comma;
        }
    }

    fn comma(&mut self) {
        self.at += 1;
        self.set_needs_comma(false);
    }

    fn expect_comma(&mut self) {
        if self.needs_comma() {
            self.error(Error::MissingComma, Span::at(self.at as u32));
        }
        self.set_needs_comma(true);
    }

    /// Neither an item nor the right end: the end of the text, the wrong bracket or nonsense.
    fn no_item(&mut self, wrong: u8) {
        match self.peek() {
            None => {
                let start = self
                    .open
                    .last()
                    .map_or(0, |open| self.nodes[open.node].start);
                self.error(Error::Unclosed, Span::new(start, start + 1));
                self.finish();
            }
            Some(byte) if byte == wrong => {
                let place = Span::new(self.at as u32, self.at as u32 + 1);
                self.error(Error::WrongBracket, place);
                let wants_object = byte == b'}';
                let fits = |open: &Open| open.is_object == wants_object;
                match self.open.iter().any(fits) {
                    true => self.finish(),
                    false => self.at += 1,
                }
            }
            Some(_) => {
                let start = self.at;
                self.skip_nonsense();
                self.error(Error::Unexpected, self.since(start));
            }
        }
    }

    /// Closes the innermost object or list with the bracket here.
    fn close(&mut self) {
        self.at += 1;
        self.finish();
    }

    /// The innermost object or list ends here.
    fn finish(&mut self) {
        let next = self.nodes.len() as u32;
        if let Some(open) = self.open.pop() {
            let node = &mut self.nodes[open.node];
            node.next = next;
            node.end = self.at as u32;
        }
    }

    /// Skips at least one character, up to the next that has a meaning.
    fn skip_nonsense(&mut self) {
        let meaningful = |c: char| {
            c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '\'')
        };
        let mut chars = self.rest().char_indices().skip(1);
        let end = chars.find(|&(_, c)| meaningful(c)).map(|(at, _)| at);
        self.at += end.unwrap_or(self.rest().len());
    }

    fn key(&mut self) {
        let start = self.at;
        self.expect_comma();
        match self.peek() {
            Some(b'"' | b'\'') => self.string(),
            _ if self.bare_key() => {}
            _ => {
                self.skip_nonsense();
                self.set_needs_comma(false);
                return self.error(Error::Unexpected, self.since(start));
            }
        }
        let key = self.since(start);
        self.push(key);
        self.skip_blanks();
        if self.peek() == Some(b':') {
            self.at += 1;
            self.value();
        } else {
            self.error(Error::MissingColon, key);
            self.missing();
            // What follows may be the next key; a comma is not missed on top.
            let comma_next = self.peek() == Some(b',');
            self.set_needs_comma(comma_next);
        }
    }

    /// Takes a key without quotes, if one stands here.
    fn bare_key(&mut self) -> bool {
        let bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let rest = self.rest();
        let length = rest.find(|c| !bare(c)).unwrap_or(rest.len());
        self.at += length;
        length > 0
    }

    fn value(&mut self) {
        self.skip_blanks();
        let start = self.at;
        match self.peek() {
            Some(b'{' | b'[') if self.open.len() >= MAX_DEPTH => self.too_deep(),
            Some(byte @ (b'{' | b'[')) => {
                self.at += 1;
                let node = self.push(self.since(start));
                self.open.push(Open {
                    node,
                    is_object: byte == b'{',
                    needs_comma: false,
                });
            }
            Some(b'"' | b'\'') => {
                self.string();
                self.push(self.since(start));
            }
            Some(b'0'..=b'9' | b'-' | b'.') => self.number(),
            None | Some(b'}' | b']' | b',') => {
                self.error(Error::MissingValue, Span::at(self.at as u32));
                self.missing();
            }
            Some(_) => self.word(),
        }
    }

    fn word(&mut self) {
        const WORDS: [&str; 6] = ["true", "false", "null", "undefined", "NaN", "Infinity"];
        let start = self.at;
        let rest = self.rest();
        if let Some(word) = WORDS.iter().find(|word| rest.starts_with(**word)) {
            self.at += word.len();
            if self.at_separator() {
                self.push(self.since(start));
                return;
            }
            self.at = start;
        }
        self.missing();
        self.skip_nonsense();
        self.error(Error::Unexpected, self.since(start));
    }

    fn at_separator(&self) -> bool {
        let next = self.rest().chars().next();
        next.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ']' | '}' | ')' | '/'))
    }

    fn number(&mut self) {
        let start = self.at;
        let length = match self.rest().starts_with("-Infinity") {
            true => "-Infinity".len(),
            false => {
                let bytes = self.rest().as_bytes();
                let end = bytes.iter().position(|&byte| !of_number(byte));
                end.unwrap_or(bytes.len())
            }
        };
        self.at += length;
        if self.at_separator() && number::read(&self.text[start..self.at]).is_some() {
            self.push(self.since(start));
            return;
        }
        if !self.at_separator() {
            self.skip_nonsense();
        }
        self.push(Span::at(start as u32));
        self.error(Error::BadNumber, self.since(start));
    }

    /// Takes a string in quotes; line breaks may stand in it.
    fn string(&mut self) {
        let start = self.at;
        let Some(quote) = self.peek() else { return };
        self.at += 1;
        while let Some(found) = memchr2(quote, b'\\', self.rest().as_bytes()) {
            self.at += found;
            if self.peek() == Some(quote) {
                self.at += 1;
                return;
            }
            self.escape();
        }
        self.at = self.text.len();
        self.error(Error::UnterminatedString, self.since(start));
    }

    fn escape(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let next = rest.chars().nth(1);
        self.at += 1 + next.map_or(0, char::len_utf8);
        let known = match next {
            Some('b' | 'f' | 'n' | 'r' | 't' | '"' | '\'' | '\\' | '/') => true,
            Some('u') => unit(rest).is_some(),
            // The string does not end, which is said elsewhere.
            None => true,
            Some(_) => false,
        };
        if !known {
            self.error(Error::BadEscape, self.since(start));
        }
    }

    /// Passes over an object or list without looking at it.
    fn too_deep(&mut self) {
        let start = self.at;
        self.missing();
        let mut depth = 0usize;
        loop {
            self.skip_blanks();
            match self.peek() {
                None => break,
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
                Some(b'"' | b'\'') => self.string(),
                Some(b',' | b':') => self.at += 1,
                Some(_) => self.skip_nonsense(),
            }
        }
        self.error(Error::TooDeep, Span::new(start as u32, start as u32 + 1));
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::{Kind, Value};
    use super::*;

    /// The tree as strict JSON, with `?` for what is missing.
    fn show(value: Value<'_>, out: &mut String) {
        match value.kind() {
            Kind::Object => {
                out.push('{');
                for (number, member) in value.members().enumerate() {
                    let comma = if number == 0 { "" } else { "," };
                    let _ = write!(out, "{comma}{:?}:", member.key().value);
                    show(member.value, out);
                }
                out.push('}');
            }
            Kind::Array => {
                out.push('[');
                for (number, item) in value.items().enumerate() {
                    out.push_str(if number == 0 { "" } else { "," });
                    show(item, out);
                }
                out.push(']');
            }
            Kind::String => {
                let _ = write!(out, "{:?}", value.text().unwrap().value);
            }
            Kind::Null => out.push_str("null"),
            Kind::Missing => out.push('?'),
            Kind::Number | Kind::Bool => out.push_str(value.raw()),
        }
    }

    fn tree(text: &str) -> (String, Vec<Error>) {
        let json = parse(text);
        let mut out = String::new();
        show(json.root(), &mut out);
        (out, json.errors().iter().map(|error| error.kind).collect())
    }

    #[test]
    fn what_the_engine_reads_is_read_without_errors() {
        for (text, wanted) in [
            ("{\"a\":[1,-2.5,true,null]}", "{\"a\":[1,-2.5,true,null]}"),
            ("\u{feff}{a:'x',$b_1:0x1F,}", "{\"a\":\"x\",\"$b_1\":0x1F}"), // json-04
            ("// c\n[1,/* d */]// e", "[1]"),
            ("{\r\"a\"\r:\r1\r}", "{\"a\":1}"),        // json-07
            ("{\"a\":\"x\ny\"}", "{\"a\":\"x\\ny\"}"), // json-02
            ("[,1,,2,]", "[null,1,null,2]"),
            ("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}"), // json-11
            ("[undefined]", "[null]"),
            ("\u{a0}\u{2003}[]\u{3000}", "[]"),
            ("{1:2,é:3}", "{\"1\":2,\"é\":3}"),
            (r#"["\"\\\/\u0041"]"#, r#"["\"\\/A"]"#),
        ] {
            assert_eq!(tree(text), (wanted.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_does_not_hide_what_stands_beside_it() {
        use Error::*;
        for (text, wanted, errors) in [
            ("", "?", vec![MissingValue]),
            ("[1] x", "[1]", vec![TextBehind]), // json-13
            ("{\"a\":,\"b\":2}", "{\"a\":?,\"b\":2}", vec![MissingValue]),
            ("{\"a\" \"b\":2}", "{\"a\":?,\"b\":2}", vec![MissingColon]),
            ("{\"a\",\"b\":2}", "{\"a\":?,\"b\":2}", vec![MissingColon]),
            ("{\"a\":1 \"b\":2}", "{\"a\":1,\"b\":2}", vec![MissingComma]),
            ("[1 2]", "[1,2]", vec![MissingComma]),
            (
                "{\"a\":[1,{\"b\":2]}",
                "{\"a\":[1,{\"b\":2}]}",
                vec![WrongBracket],
            ),
            ("[1}]", "[1]", vec![WrongBracket]),
            ("[1", "[1]", vec![Unclosed]),
            ("{\"a\":{", "{\"a\":{}}", vec![Unclosed, Unclosed]),
            (
                "[True,x y,2]",
                "[?,?,?,2]",
                vec![Unexpected, Unexpected, MissingComma, Unexpected],
            ),
            ("{,\"a\":1}", "{\"a\":1}", vec![Unexpected]),
            ("{#!,\"a\":1}", "{\"a\":1}", vec![Unexpected, Unexpected]),
            ("[1x,09,2]", "[?,?,2]", vec![BadNumber, BadNumber]),
            ("[\"a\\q\",1]", "[\"aq\",1]", vec![BadEscape]),
            ("[\"a", "[\"a\"]", vec![UnterminatedString, Unclosed]),
            ("[1]/* x", "[1]", vec![UnterminatedComment]),
            ("[/ 1]", "[?,1]", vec![Unexpected, MissingComma]),
        ] {
            assert_eq!(tree(text), (wanted.to_owned(), errors), "{text}");
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts_at_the_place_of_the_first() {
        let json = parse("{\"a\":1,\"b\":2,\"a\":3,\"A\":4}");
        let settled = json.root().settled();
        let shown: Vec<_> = settled
            .iter()
            .map(|member| (member.key().value.into_owned(), member.value.int()))
            .collect();
        assert_eq!(
            shown,
            [
                ("a".to_owned(), Some(3)),
                ("b".to_owned(), Some(2)),
                ("A".to_owned(), Some(4))
            ]
        );
        assert_eq!(json.root().get("a").and_then(Value::int), Some(3));
        let any_case = json.root().get_ignoring_case("a");
        assert_eq!(any_case.and_then(Value::int), Some(4));
    }

    #[test]
    fn spans_hold_the_bytes_of_keys_and_values() {
        let text = "\u{feff}{ \"k\" : [ 1 ] }";
        let json = parse(text);
        let member = json.root().members().next().unwrap();
        assert_eq!(&text[member.key_span().range()], "\"k\"");
        assert_eq!(&text[member.value.span().range()], "[ 1 ]");
        assert_eq!(&text[member.span().range()], "\"k\" : [ 1 ]");
        assert_eq!(json.value(member.value.id()).span(), member.value.span());
    }

    #[test]
    fn nesting_has_a_limit_and_hides_nothing_behind_it() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let (_, errors) = tree(&format!("{{\"a\":{deep},\"b\":1}}"));
        assert_eq!(errors, [Error::TooDeep]);
        let json = parse(format!("{{\"a\":{deep},\"b\":1}}"));
        assert_eq!(json.root().get("b").and_then(Value::int), Some(1));
        let unclosed = parse("{\"a\":".repeat(100_000));
        assert_eq!(unclosed.errors().len(), MAX_ERRORS);
    }

    #[test]
    fn every_beginning_of_a_text_is_read() {
        let text = "\u{feff}{a: ['x\\u00e9', \"\\ud83d\\ude00\"], /* é */ 'b': {\"c\": -0x1, d: [tru, 1e5]}} // z";
        for (end, _) in text.char_indices() {
            let mut out = String::new();
            show(parse(&text[..end]).root(), &mut out);
        }
    }
}
