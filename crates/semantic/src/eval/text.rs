//! The text of values: interpolation, `string()`, JSON, number spelling.
//!
//! Enters: values, in part unknown. Leaves: texts, in part unknown where a piece is; JSON text as
//! the deployment engine writes it. Absent: `format()` with its .NET formats
//! (`functions::dotnet`) and reading of JSON (`functions::json`).

use std::fmt::Write as _;
use std::rc::Rc;

use super::Evaluator;
use super::unknown::{Kinds, Unknown, Why};
use super::value::{Element, Piece, Value};
use super::work::Work;

/// Values nested deeper than this have no text here: the work would be recursive without end.
const MAX_DEPTH: usize = 200;

/// The text `'${a}b${c}'` of its pieces. Unknown pieces leave a text known in part.
///
/// Oracle: op-interpolation-0005, op-interpolation-0087, op-interpolation-0102.
pub(crate) fn interpolate(evaluator: &mut Evaluator<'_>, pieces: &[Value]) -> Value {
    let mut work = Work::new(evaluator);
    interpolate_in(&mut work, pieces).unwrap_or_else(|value| value)
}

/// [`interpolate`] as part of other work.
pub(crate) fn interpolate_in(work: &mut Work<'_, '_>, pieces: &[Value]) -> Result<Value, Value> {
    let mut text = TextBuilder::default();
    for piece in pieces {
        push_interpolated(work, &mut text, piece)?;
    }
    Ok(text.finish())
}

/// Appends a value the way an interpolation does, paying for it beforehand.
pub(crate) fn push_interpolated(
    work: &mut Work<'_, '_>,
    text: &mut TextBuilder,
    value: &Value,
) -> Result<(), Value> {
    match value {
        Value::Null => {}
        Value::Bool(value) => text.push(bool_text(*value)),
        Value::Int(value) => text.push(&value.to_string()),
        Value::Float(value) => text.push(&float_text(*value)?),
        Value::Text(value) => {
            work.spend(value.len())?;
            text.push(value);
        }
        Value::Partial(pieces) => {
            work.spend(pieces.iter().map(piece_len).sum())?;
            text.push_pieces(pieces);
        }
        Value::List(_) | Value::Object(_) => match json_text(work, value)? {
            Ok(json) => text.push(&quoted_oddly(&json)),
            Err(unknown) => text.push_unknown(&sealed(&unknown)),
        },
        Value::Lambda(_) => return Err(Value::failed("a lambda has no text")),
        Value::Unknown(unknown) => {
            failing(unknown)?;
            text.push_unknown(unknown);
        }
    }
    Ok(())
}

fn piece_len(piece: &Piece) -> usize {
    match piece {
        Piece::Known(text) => text.len(),
        Piece::Unknown(_) => 1,
    }
}

/// Interpolated lists and objects are their JSON with every double quote made a single one; the
/// backslash before an inner quote stays (string-format-0101).
fn quoted_oddly(json: &str) -> String {
    json.replace('"', "'")
}

/// A Boolean inside a text: conversion-0006.
pub(crate) fn bool_text(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A failure wins over everything that is merely unknown.
pub(crate) fn failing(unknown: &Rc<Unknown>) -> Result<(), Value> {
    if unknown.why.stops() {
        Err(Value::Unknown(Rc::clone(unknown)))
    } else {
        Ok(())
    }
}

/// The unknown, no longer the input itself.
pub(crate) fn sealed(unknown: &Rc<Unknown>) -> Rc<Unknown> {
    if unknown.input.is_none() {
        return Rc::clone(unknown);
    }
    Rc::new(Unknown {
        input: None,
        ..(**unknown).clone()
    })
}

/// Builds a text of known and unknown pieces.
#[derive(Default)]
pub(crate) struct TextBuilder {
    pieces: Vec<Piece>,
    run: String,
}

impl TextBuilder {
    /// Appends known characters.
    pub(crate) fn push(&mut self, text: &str) {
        self.run.push_str(text);
    }

    /// Appends unknown characters.
    pub(crate) fn push_unknown(&mut self, unknown: &Rc<Unknown>) {
        self.close_run();
        self.pieces.push(Piece::Unknown(Rc::clone(unknown)));
    }

    /// Appends pieces.
    pub(crate) fn push_pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Known(text) => self.push(text),
                Piece::Unknown(unknown) => self.push_unknown(unknown),
            }
        }
    }

    /// Appends a value that must be a text, such as a name; the error is the value to return instead.
    pub(crate) fn push_name(&mut self, value: &Value) -> Result<(), Value> {
        match value {
            Value::Text(text) => self.push(text),
            Value::Partial(pieces) => self.push_pieces(pieces),
            Value::Unknown(unknown) => {
                failing(unknown)?;
                self.push_unknown(unknown);
            }
            other => {
                let kind = other.kind_name();
                return Err(Value::failed(format!(
                    "a text is needed here and it is {kind}"
                )));
            }
        }
        Ok(())
    }

    /// The text. A text that is nothing but an unknown text is that unknown text.
    pub(crate) fn finish(mut self) -> Value {
        if self.pieces.is_empty() {
            return Value::text(self.run);
        }
        self.close_run();
        match &self.pieces[..] {
            [Piece::Unknown(unknown)] if unknown.kinds == Kinds::TEXT => {
                Value::Unknown(Rc::clone(unknown))
            }
            [Piece::Unknown(unknown)] => Evaluator::derive(unknown, Kinds::TEXT),
            _ => Value::Partial(self.pieces.into()),
        }
    }

    fn close_run(&mut self) {
        if !self.run.is_empty() {
            let run = std::mem::take(&mut self.run);
            self.pieces.push(Piece::Known(run.into()));
        }
    }
}

/// The JSON text of a value, forcing all of it. Key order is that of the object; numbers and
/// escapes are spelled as the engine spells them (json-0079, json-0083, conversion-0266).
pub(crate) fn to_json(evaluator: &mut Evaluator<'_>, value: &Value) -> Result<String, Rc<Unknown>> {
    let mut work = Work::new(evaluator);
    match json_text(&mut work, value) {
        Ok(result) => result,
        Err(Value::Unknown(unknown)) => Err(unknown),
        Err(other) => unreachable!(
            "only unknown values stop the work, not {}",
            other.kind_name()
        ),
    }
}

/// [`to_json`] as part of other work. The outer error is one to return at once: a failure, or the
/// end of the budget. The inner one is what is not known.
pub(crate) fn json_text(
    work: &mut Work<'_, '_>,
    value: &Value,
) -> Result<Result<String, Rc<Unknown>>, Value> {
    let mut out = String::new();
    match write_json(work, &mut out, value, 0) {
        Ok(()) => Ok(Ok(out)),
        Err(unknown) if stops(&unknown) => Err(Value::Unknown(unknown)),
        Err(unknown) => Ok(Err(unknown)),
    }
}

fn stops(unknown: &Unknown) -> bool {
    unknown.why.stops() || matches!(unknown.why, Why::Budget(_))
}

fn write_json(
    work: &mut Work<'_, '_>,
    out: &mut String,
    value: &Value,
    depth: usize,
) -> Result<(), Rc<Unknown>> {
    if depth > MAX_DEPTH {
        return Err(Rc::new(Unknown::new(
            Why::Budget("nested values"),
            Kinds::ANY,
        )));
    }
    if let Some(unknown) = value.open() {
        return Err(Rc::clone(unknown));
    }
    // Paid while writing: a value that shares its parts may have an endless text.
    let length = match value {
        Value::Text(text) => text.len(),
        _ => 0,
    };
    work.spend(1 + length).map_err(|limit| reason(&limit))?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => _ = write!(out, "{value}"),
        Value::Float(value) => out.push_str(&float_json(*value)),
        Value::Text(text) => write_json_text(out, text),
        Value::List(list) => {
            out.push('[');
            for (index, element) in list.elements.iter().enumerate() {
                separate(out, index);
                if let Element::One(thunk) = element {
                    let element = work.value(thunk);
                    write_json(work, out, &element, depth + 1)?;
                }
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (index, entry) in object.entries.iter().enumerate() {
                separate(out, index);
                write_json_text(out, &entry.key);
                out.push(':');
                let value = work.value(&entry.value);
                write_json(work, out, &value, depth + 1)?;
            }
            out.push('}');
        }
        Value::Lambda(_) => return Err(reason(&Value::failed("a lambda has no text"))),
        Value::Partial(_) | Value::Unknown(_) => unreachable!("open values were returned above"),
    }
    Ok(())
}

fn reason(value: &Value) -> Rc<Unknown> {
    let unknown = value.open().expect("made from an unknown value");
    Rc::clone(unknown)
}

fn separate(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}

fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // The three line ends of Unicode that JavaScript once refused; U+007F stays.
            '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The shortest digits that give the number back, and the place of the decimal point before or
/// after the first of them: `0.d1d2d3… × 10^point`.
struct Digits {
    negative: bool,
    digits: String,
    point: i32,
}

impl Digits {
    fn of(value: f64) -> Self {
        let scientific = format!("{value:e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let zero = value == 0.0;
        Self {
            negative: value.is_sign_negative(),
            digits,
            point: if zero {
                1
            } else {
                exponent.parse::<i32>().unwrap_or(0) + 1
            },
        }
    }

    /// The general spelling: plain up to `widest` places before the point, else with an exponent.
    fn general(&self, widest: i32) -> String {
        let sign = if self.negative { "-" } else { "" };
        if self.point > widest || self.point < -3 {
            let (first, rest) = self.digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let exponent = self.point - 1;
            let mark = if exponent < 0 { '-' } else { '+' };
            return format!("{sign}{first}{dot}{rest}E{mark}{:02}", exponent.abs());
        }
        format!("{sign}{}", self.plain())
    }

    fn plain(&self) -> String {
        let Ok(whole) = usize::try_from(self.point) else {
            return format!(
                "0.{}{}",
                "0".repeat(self.point.unsigned_abs() as usize),
                self.digits
            );
        };
        if whole == 0 {
            format!("0.{}", self.digits)
        } else if whole >= self.digits.len() {
            format!("{:0<whole$}", self.digits)
        } else {
            let (before, after) = self.digits.split_at(whole);
            format!("{before}.{after}")
        }
    }
}

/// How JSON spells a number with a fraction: json-0079, json-0080, json-0083, json-0074.
pub(crate) fn float_json(value: f64) -> String {
    if value.is_nan() {
        return "\"NaN\"".to_owned(); // json-0028
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "\"Infinity\""
        } else {
            "\"-Infinity\""
        }
        .to_owned();
    }
    let text = Digits::of(value).general(17);
    if text.contains(['.', 'E']) {
        text
    } else {
        text + ".0"
    }
}

/// How interpolation and `format('{0}')` spell a number with a fraction: `1.0` is `1`
/// (op-interpolation-0015). Between 10^15 and 10^17 the spelling is not sure.
pub(crate) fn float_text(value: f64) -> Result<String, Value> {
    let digits = Digits::of(value);
    if !value.is_finite() || (16..=17).contains(&digits.point) {
        return Err(Value::unsupported("the text of a number of this size"));
    }
    Ok(digits.general(17))
}

/// A value in a few characters, for people. Forces nothing.
#[must_use]
pub fn to_display(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_json(*value),
        Value::Text(text) => format!("'{}'", shortened(text)),
        Value::Partial(pieces) => {
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Known(text) => shortened(text),
                    Piece::Unknown(_) => "…".to_owned(),
                })
                .collect();
            format!("'{text}'")
        }
        Value::List(list) if list.elements.is_empty() => "[]".to_owned(),
        Value::List(_) => "[…]".to_owned(),
        Value::Object(object) if object.entries.is_empty() && object.rest.is_none() => {
            "{}".to_owned()
        }
        Value::Object(_) => "{…}".to_owned(),
        Value::Lambda(_) => "a lambda".to_owned(),
        Value::Unknown(_) => "unknown".to_owned(),
    }
}

/// The text as it would stand in quotes, cut after 60 characters.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            out.push('…');
            break;
        }
        match c {
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => _ = write!(out, "\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// The number of UTF-16 units, which is what the engine calls the length (string-measure-0006).
pub(crate) fn utf16_len(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

/// What a text with half a pair of surrogates is called. The engine counts and compares such texts,
/// but cannot print them.
pub(crate) const HALF_A_PAIR: &str = "half of a surrogate pair in a text";

/// The part of a text from `start` on, `length` UTF-16 units long; both must lie inside. A part
/// that begins or ends inside a pair of surrogates is not represented here; as the value of an output
/// it fails the deployment (string-measure-0023).
pub(crate) fn utf16_slice(text: &str, start: usize, length: usize) -> Result<Value, Value> {
    let (Some(from), Some(to)) = (byte_at(text, start), byte_at(text, start + length)) else {
        return Err(Value::unsupported(HALF_A_PAIR));
    };
    Ok(Value::text(&text[from..to]))
}

/// The byte at which the UTF-16 unit `unit` begins; `None` inside a pair of surrogates.
pub(crate) fn byte_at(text: &str, unit: usize) -> Option<usize> {
    if text.is_ascii() {
        return (unit <= text.len()).then_some(unit);
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= unit {
            return (units == unit).then_some(at);
        }
        units += c.len_utf16();
    }
    (units == unit).then_some(text.len())
}
