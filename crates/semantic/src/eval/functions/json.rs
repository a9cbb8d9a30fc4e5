//! Reading JSON as leniently as the engine's reader (Newtonsoft's) does.
//!
//! Enters: a text. Leaves: the value of the first thing in it; what follows is not looked at
//! (json-0062). The compiler reads files with the same reader and makes Bicep of what it finds, which
//! is another thing for some numbers. Comments, single quotes, bare keys, commas without elements, hex, octal,
//! `undefined` and `NaN` are read; dates stay texts. Absent: constructors such as `new Date(0)`.

use std::rc::Rc;

use super::Outcome;
use crate::eval::text::HALF_A_PAIR;
use crate::eval::value::{Thunk, Value};

/// Deeper nesting may be refused by the engine.
const MAX_DEPTH: usize = 64;

/// Reads the first value of a text.
pub(crate) fn read(text: &str) -> Outcome {
    let mut reader = Reader::new(text, false);
    reader.skip_blanks()?;
    reader.value(0)
}

/// Reads the first value of a text out of a file, and whether comments stand beside it or in it.
pub(super) fn read_file(text: &str) -> Result<(Value, bool), Value> {
    let mut reader = Reader::new(text, true);
    reader.skip_blanks()?;
    let value = reader.value(0)?;
    Ok((value, reader.comments))
}

struct Reader<'a> {
    rest: &'a str,
    /// Whether the compiler reads, not the engine.
    compiling: bool,
    comments: bool,
}

fn no_json() -> Value {
    Value::failed("the text is not JSON")
}

impl<'a> Reader<'a> {
    fn new(rest: &'a str, compiling: bool) -> Self {
        Self {
            rest,
            compiling,
            comments: false,
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    /// Skips white space and comments.
    fn skip_blanks(&mut self) -> Result<(), Value> {
        loop {
            self.rest = self.rest.trim_start();
            self.comments |= self.rest.starts_with('/');
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.find(['\n', '\r']).map_or("", |end| &comment[end..]);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let end = comment.find("*/").ok_or_else(no_json)?;
                self.rest = &comment[end + 2..];
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self, depth: usize) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(Value::unsupported("JSON nested so deeply"));
        }
        match self.peek().ok_or_else(no_json)? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.text().map(Value::text),
            c if c.is_ascii_digit() || matches!(c, '-' | '.') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Outcome {
        const WORDS: [(&str, Value); 6] = [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
            ("undefined", Value::Null),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
        ];
        for (word, value) in WORDS {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return if !self.at_separator() {
                    Err(no_json())
                } else if self.compiling && matches!(word, "undefined" | "NaN" | "Infinity") {
                    Err(Value::unsupported(format!("`{word}` in a file")))
                } else {
                    Ok(value)
                };
            }
        }
        if self.rest.starts_with("new") {
            return Err(Value::unsupported("a constructor in JSON"));
        }
        Err(no_json())
    }

    fn at_separator(&self) -> bool {
        self.peek()
            .is_none_or(|c| matches!(c, ',' | ']' | '}' | ')' | '/') || c.is_whitespace())
    }

    /// All that might be part of a number is read; a leading 0 means octal or hex (json-0026).
    fn number(&mut self) -> Outcome {
        if let Some(rest) = self.rest.strip_prefix("-Infinity") {
            self.rest = rest;
            return match self.compiling {
                true => Err(Value::unsupported("`-Infinity` in a file")),
                false => Ok(Value::Float(f64::NEG_INFINITY)),
            };
        }
        let of_number = |c: char| c.is_ascii_hexdigit() || matches!(c, '-' | '+' | '.' | 'x' | 'X');
        let end = self.rest.find(|c| !of_number(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        if !self.at_separator() {
            return Err(no_json());
        }
        let second = text.chars().nth(1);
        if text.starts_with('0') && !matches!(second, None | Some('.' | 'e' | 'E')) {
            return based(text);
        }
        if text.contains(['.', 'e', 'E']) {
            let number = text.parse().map_err(|_| no_json())?;
            return self.float(number);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err(no_json());
        }
        // What 64 bits do not hold is a number of another kind for the engine.
        let large = |_| Value::unsupported("an integer of more than 64 bits");
        text.parse().map(Value::Int).map_err(large)
    }

    fn float(&self, number: f64) -> Outcome {
        match self.compiling {
            true if !number.is_finite() => {
                Err(Value::unsupported("a number of that size in a file"))
            }
            true => Ok(float_of_file(number)),
            false => Ok(Value::Float(number)),
        }
    }

    fn text(&mut self) -> Result<Rc<str>, Value> {
        let quote = self.bump();
        let mut text = String::new();
        loop {
            match self.bump().ok_or_else(no_json)? {
                c if Some(c) == quote => return Ok(text.into()),
                '\\' => text.push(self.escape()?),
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Value> {
        Ok(match self.bump().ok_or_else(no_json)? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            c @ ('"' | '\'' | '\\' | '/') => c,
            'u' => return self.unicode(),
            _ => return Err(no_json()),
        })
    }

    fn unicode(&mut self) -> Result<char, Value> {
        let half = || Value::unsupported(HALF_A_PAIR);
        let first = self.unit()?;
        let units = if (0xd800..0xdc00).contains(&first) && self.rest.starts_with("\\u") {
            self.rest = &self.rest[2..];
            vec![first, self.unit()?]
        } else {
            vec![first]
        };
        let mut chars = char::decode_utf16(units);
        match (chars.next(), chars.next()) {
            (Some(Ok(c)), None) => Ok(c),
            _ => Err(half()),
        }
    }

    fn unit(&mut self) -> Result<u16, Value> {
        let digits = self.rest.get(..4).ok_or_else(no_json)?;
        if !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(no_json());
        }
        self.rest = &self.rest[4..];
        u16::from_str_radix(digits, 16).map_err(|_| no_json())
    }

    /// A comma without an element before it makes a null (json-0045, json-0047), but for the last
    /// one (json-0044).
    fn list(&mut self, depth: usize) -> Outcome {
        self.bump();
        let mut elements = Vec::new();
        loop {
            self.skip_blanks()?;
            match self.peek() {
                None | Some(']') => break,
                Some(',') => elements.push(Value::Null),
                Some(_) => elements.push(self.value(depth + 1)?),
            }
            self.skip_blanks()?;
            if !self.eat(',') {
                break;
            }
        }
        match self.bump() {
            Some(']') => Ok(Value::list_of(elements)),
            Some(_) => Err(no_json()),
            // The reader takes some of these.
            None => Err(Value::unsupported("a list in JSON that does not end")),
        }
    }

    /// Of equal keys the last one wins, at the place of the first (json-0055).
    fn object(&mut self, depth: usize) -> Outcome {
        self.bump();
        let mut entries: Vec<(Rc<str>, Thunk)> = Vec::new();
        let mut places = rustc_hash::FxHashMap::default();
        loop {
            self.skip_blanks()?;
            if self.peek() == Some('}') {
                break;
            }
            let key = self.key()?;
            self.skip_blanks()?;
            if !self.eat(':') {
                return Err(no_json());
            }
            self.skip_blanks()?;
            if self.peek() == Some(',') {
                return Err(Value::unsupported("a key without a value in JSON"));
            }
            let value = Thunk::ready(self.value(depth + 1)?);
            match places.get(&key) {
                Some(&place) => {
                    let entry: &mut (Rc<str>, Thunk) = &mut entries[place];
                    entry.1 = value;
                }
                None => {
                    places.insert(Rc::clone(&key), entries.len());
                    entries.push((key, value));
                }
            }
            self.skip_blanks()?;
            if !self.eat(',') {
                break;
            }
        }
        if self.eat('}') {
            Ok(Value::object(entries))
        } else {
            Err(no_json())
        }
    }

    fn key(&mut self) -> Result<Rc<str>, Value> {
        if matches!(self.peek(), Some('"' | '\'')) {
            return self.text();
        }
        let bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = self.rest.find(|c| !bare(c)).unwrap_or(self.rest.len());
        let (key, rest) = self.rest.split_at(end);
        self.rest = rest;
        if key.is_empty() {
            Err(no_json())
        } else {
            Ok(key.into())
        }
    }
}

/// The compiler writes a number with a fraction or exponent anew, as .NET prints it, and the engine
/// reads that: then `1e2` is the integer 100 (load-json-0028), as is all without a fraction that
/// .NET writes without an exponent.
pub(super) fn float_of_file(number: f64) -> Value {
    const FIRST_WITH_EXPONENT: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < FIRST_WITH_EXPONENT {
        return Value::Int(number as i64);
    }
    Value::Float(number)
}

fn based(text: &str) -> Outcome {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None => (text, 8),
    };
    if digits.starts_with(['+', '-']) {
        return Err(no_json());
    }
    // With 64 bits set the reader makes a negative number.
    u64::from_str_radix(digits, radix)
        .map(|value| Value::Int(value.cast_signed()))
        .map_err(|_| no_json())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::text::to_display;

    fn shown(text: &str) -> String {
        read(text).map_or_else(|_| "?".to_owned(), |value| to_display(&value))
    }

    #[test]
    fn numbers_of_all_kinds_are_read() {
        assert_eq!(shown("-0"), "0"); // json-0010
        assert_eq!(shown("1.50"), "1.5"); // json-0015
        assert_eq!(shown("1e2"), "100.0"); // json-0018
        assert_eq!(shown("0x1F"), "31"); // json-0026
        assert_eq!(shown("123456789012345678.5"), "1.2345678901234568E+17"); // json-0074
        assert_eq!(shown("1e16"), "10000000000000000.0"); // json-0080
        assert_eq!(shown("0.00001"), "1E-05"); // json-0083
    }

    #[test]
    fn loose_spellings_are_read() {
        for text in [
            "[1,2,]",
            "[,1]",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1,}",
            "// c\n[1]",
            "[1] x",
        ] {
            assert_eq!(shown(text).len(), "[…]".len(), "{text}"); // json-0044 and following
        }
        assert_eq!(shown("undefined"), "null"); // json-0031
        assert_eq!(shown("1 2"), "1"); // json-0063
    }

    #[test]
    fn whole_numbers_of_files_are_integers() {
        let shown =
            |text| read_file(text).map_or_else(|_| "?".to_owned(), |(value, _)| to_display(&value));
        assert_eq!(shown("1.0"), "1"); // load-json-0026
        assert_eq!(shown("1e2"), "100"); // load-json-0028
        assert_eq!(shown("-0.0"), "0");
        assert_eq!(shown("1e-7"), "1E-07"); // load-json-0071
        assert_eq!(shown("1e21"), "1E+21"); // load-json-0048
        assert_eq!(shown("1e999"), "?");
        assert_eq!(shown("NaN"), "?");
    }

    #[test]
    fn what_is_no_json_fails() {
        for text in [
            "",
            "True",
            "[1 2]",
            "{\"a\":1 \"b\":2}",
            "\u{feff}{}",
            "\"",
            "{bad",
        ] {
            assert_eq!(shown(text), "?", "{text}"); // json-0005, json-0046, json-0053, json-0096
        }
    }
}
