//! `format`: composite formatting and the number formats of .NET in the invariant culture.
//!
//! Enters: a format text and values. Leaves: a text, known in part where a value is not known.
//! Absent: date formats (`dates`), scientific custom formats and precisions nobody writes.

use std::fmt::Write as _;

use super::arguments::{text, wrong};
use super::{Outcome, arguments};
use crate::eval::text::{TextBuilder, push_interpolated, utf16_len};
use crate::eval::unknown::Kinds;
use crate::eval::value::{Piece, Value};
use crate::eval::work::Work;

/// Widths and precisions beyond this are not worth computing.
const MOST: usize = 1000;

/// A part of a format text.
#[derive(PartialEq, Debug)]
enum Part<'a> {
    Text(String),
    Item {
        index: usize,
        /// Padded on the left to this width, or on the right when negative.
        align: i64,
        format: &'a str,
    },
}

/// `format(formatText, values…)`
pub(super) fn format(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let pattern = match &arguments[0] {
        Value::Text(_) => text(arguments, 0)?,
        other => match other.open() {
            Some(unknown) if other.kinds().may_be(Kinds::TEXT) => {
                return arguments::unknown(unknown, Kinds::TEXT);
            }
            _ => return Err(wrong(other, 0, "a text")),
        },
    };
    let values = &arguments[1..];
    let mut out = TextBuilder::default();
    for part in parse(pattern)? {
        match part {
            Part::Text(text) => {
                work.spend(text.len())?;
                out.push(&text);
            }
            Part::Item {
                index,
                align,
                format,
            } => {
                let value = values.get(index).ok_or_else(|| {
                    Value::failed(format!("`format` has no value number {index}"))
                })?;
                push_item(work, &mut out, value, align, format)?;
            }
        }
        work.spend(1)?;
    }
    Ok(out.finish())
}

fn push_item(
    work: &mut Work<'_, '_>,
    out: &mut TextBuilder,
    value: &Value,
    align: i64,
    format: &str,
) -> Result<(), Value> {
    let mut item = TextBuilder::default();
    match value {
        Value::Int(number) if !format.is_empty() => item.push(&format_int(*number, format)?),
        Value::Float(number) if !format.is_empty() => item.push(&format_float(*number, format)?),
        // Formats of texts and Booleans are ignored (string-format-0073, string-format-0079).
        other => push_interpolated(work, &mut item, other)?,
    }
    match item.finish() {
        Value::Text(text) => {
            let missing = (align.unsigned_abs() as usize).saturating_sub(utf16_len(&text));
            work.spend(missing)?;
            let pad = " ".repeat(missing);
            if align > 0 {
                out.push(&pad);
            }
            out.push(&text);
            if align < 0 {
                out.push(&pad);
            }
        }
        Value::Partial(pieces) if align == 0 => out.push_pieces(&pieces),
        Value::Unknown(unknown) => out.push_unknown(&unknown),
        Value::Partial(pieces) => {
            let unknown = pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(unknown) => Some(unknown),
                Piece::Known(_) => None,
            });
            if let Some(unknown) = unknown {
                out.push_unknown(unknown);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Oracle: string-format-0027 to string-format-0040, string-format-0086.
fn parse(pattern: &str) -> Result<Vec<Part<'_>>, Value> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        text.push_str(before);
        let (this, next) = brace.split_at(1);
        if let Some(after) = next.strip_prefix(this) {
            text.push_str(this);
            rest = after;
            continue;
        }
        if this == "}" {
            return Err(bad());
        }
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        let (item, after) = parse_item(next)?;
        parts.push(item);
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

fn bad() -> Value {
    Value::failed("the format text is not well formed")
}

/// `index[,alignment][:format]}`; blanks may stand after the numbers and before the alignment.
fn parse_item(text: &str) -> Result<(Part<'_>, &str), Value> {
    let (index, mut rest) = digits(text)?;
    rest = rest.trim_start_matches(' ');
    let mut align = 0;
    if let Some(after) = rest.strip_prefix(',') {
        let after = after.trim_start_matches(' ');
        let (sign, after) = match after.strip_prefix('-') {
            Some(after) => (-1, after),
            None => (1, after),
        };
        let (width, after) = digits(after)?;
        align = sign * i64::try_from(width).map_err(|_| bad())?;
        rest = after.trim_start_matches(' ');
    }
    let mut format = "";
    if let Some(after) = rest.strip_prefix(':') {
        let end = after.find('}').ok_or_else(bad)?;
        format = &after[..end];
        if format.contains('{') {
            return Err(bad());
        }
        rest = &after[end..];
    }
    let rest = rest.strip_prefix('}').ok_or_else(bad)?;
    Ok((
        Part::Item {
            index,
            align,
            format,
        },
        rest,
    ))
}

/// A number below a million, which is what .NET allows.
fn digits(text: &str) -> Result<(usize, &str), Value> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let value: usize = text[..end].parse().map_err(|_| bad())?;
    if value >= 1_000_000 {
        return Err(bad());
    }
    Ok((value, &text[end..]))
}

/// A letter and a precision, which is what a standard format is made of.
fn standard(format: &str) -> Option<(char, Option<usize>)> {
    let mut chars = format.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let digits = chars.as_str();
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // A precision beyond the numbers is refused or unsupported where it is used.
    let precision = digits.parse().unwrap_or(usize::MAX);
    Some((letter, (!digits.is_empty()).then_some(precision)))
}

/// A decimal number: `0.d1d2d3… × 10^point`, without leading zeros.
#[derive(Clone, Debug)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i64,
    /// Whether a tie that is rounded away may not be one: digits of a binary fraction.
    binary: bool,
}

impl Decimal {
    fn of_int(value: i64) -> Self {
        Self::of_text(value < 0, &value.unsigned_abs().to_string(), "", false)
    }

    /// With all the digits of the binary fraction.
    fn of_float(value: f64) -> Self {
        let text = format!("{:.1074}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        Self::of_text(
            value.is_sign_negative() && value != 0.0,
            whole,
            fraction,
            true,
        )
    }

    fn of_text(negative: bool, whole: &str, fraction: &str, binary: bool) -> Self {
        let all = format!("{whole}{fraction}");
        let zeros = all.bytes().take_while(|digit| *digit == b'0').count();
        let digits: Vec<u8> = all
            .trim_matches('0')
            .bytes()
            .map(|digit| digit - b'0')
            .collect();
        let point = if digits.is_empty() {
            0
        } else {
            whole.len() as i64 - zeros as i64
        };
        Self {
            negative,
            digits,
            point,
            binary,
        }
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Rounded to so many places after the point (before it when negative), ties away from zero.
    fn rounded(mut self, places: i64) -> Result<Self, Value> {
        let keep = self.point + places;
        let Ok(keep) = usize::try_from(keep) else {
            self.digits.clear();
            self.point = 0;
            return Ok(self);
        };
        if keep >= self.digits.len() {
            return Ok(self);
        }
        let (cut, up) = (&self.digits[keep..], self.digits[keep] >= 5);
        if self.binary && cut == [5] {
            return Err(Value::unsupported(
                "rounding a fraction right in the middle",
            ));
        }
        self.digits.truncate(keep);
        if up {
            self.increment();
        }
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
        Ok(self)
    }

    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
        self.point += 1;
    }

    /// The digit at a place: 0 is the one before the point, -1 the one after it.
    fn digit(&self, place: i64) -> u8 {
        usize::try_from(self.point - 1 - place)
            .ok()
            .and_then(|index| self.digits.get(index))
            .copied()
            .unwrap_or(0)
    }

    fn whole(&self) -> String {
        let text: String = (0..self.point.max(1))
            .rev()
            .map(|place| ascii(self.digit(place)))
            .collect();
        text
    }

    fn fraction(&self, places: usize) -> String {
        (1..=places as i64)
            .map(|place| ascii(self.digit(-place)))
            .collect()
    }

    fn fixed(&self, places: usize, grouped: bool) -> String {
        let whole = if grouped {
            grouped_digits(&self.whole())
        } else {
            self.whole()
        };
        let dot = if places > 0 { "." } else { "" };
        format!("{whole}{dot}{}", self.fraction(places))
    }

    /// `d.ddd` and the exponent.
    fn scientific(&self, places: usize) -> (String, i64) {
        let digit = |index: usize| ascii(self.digits.get(index).copied().unwrap_or(0));
        let mut text = String::from(digit(0));
        if places > 0 {
            text.push('.');
            text.extend((1..=places).map(digit));
        }
        (text, if self.is_zero() { 0 } else { self.point - 1 })
    }
}

fn ascii(digit: u8) -> char {
    char::from(b'0' + digit)
}

fn grouped_digits(whole: &str) -> String {
    let mut out = String::new();
    for (index, c) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn format_int(value: i64, format: &str) -> Result<String, Value> {
    let Some((letter, precision)) = standard(format) else {
        return custom(&Decimal::of_int(value), format);
    };
    let pad = limited(precision.unwrap_or(0))?;
    let sign = if value < 0 { "-" } else { "" };
    Ok(match letter {
        'D' | 'd' => format!("{sign}{:0>pad$}", value.unsigned_abs()),
        // How many bits a negative number has there is not sure.
        'X' | 'x' | 'B' | 'b' if value < 0 => {
            return Err(Value::unsupported("the bits of a negative number"));
        }
        'X' => format!("{value:0>pad$X}"),
        'x' => format!("{value:0>pad$x}"),
        'B' | 'b' => format!("{value:0>pad$b}"),
        'R' | 'r' if precision.is_none() => value.to_string(),
        'R' | 'r' => return Err(Value::unsupported("this number format")),
        'G' | 'g' if pad == 0 => value.to_string(),
        'G' | 'g' => general(&Decimal::of_int(value), letter, pad)?,
        _ => return common(&Decimal::of_int(value), letter, precision),
    })
}

fn format_float(value: f64, format: &str) -> Result<String, Value> {
    if !value.is_finite() {
        return Err(Value::unsupported("the format of NaN or infinity"));
    }
    match standard(format) {
        None if value == 0.0 && value.is_sign_negative() => {
            Err(Value::unsupported("the format of a negative zero"))
        }
        // Whether the minus of a fraction above -1 is written is not sure.
        None if value < 0.0 && value > -1.0 => Err(Value::unsupported(
            "the sign of a fraction in a custom format",
        )),
        None => custom(&shortest(value), format),
        Some(('G' | 'g' | 'R' | 'r', None | Some(0))) => {
            crate::eval::text::float_text(value).map(|text| {
                if format.starts_with(['g', 'r']) {
                    text.replace('E', "e")
                } else {
                    text
                }
            })
        }
        Some(('R' | 'r', _)) => Err(Value::unsupported("this number format")),
        Some((letter @ ('G' | 'g'), Some(precision))) => {
            general(&Decimal::of_float(value), letter, limited(precision)?)
        }
        Some((letter, precision)) => common(&Decimal::of_float(value), letter, precision),
    }
}

/// Custom formats take 15 digits of a fraction.
fn shortest(value: f64) -> Decimal {
    let text = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.replace('.', "");
    let mut decimal = Decimal::of_text(value < 0.0, &digits, "", false);
    decimal.point = if decimal.is_zero() {
        0
    } else {
        exponent.parse::<i64>().unwrap_or(0) + 1
    };
    decimal
}

fn limited(precision: usize) -> Result<usize, Value> {
    if precision > MOST {
        return Err(Value::unsupported("so many digits"));
    }
    Ok(precision)
}

/// The formats that whole numbers and fractions share; other letters are no formats
/// (string-format-0072).
fn common(number: &Decimal, letter: char, precision: Option<usize>) -> Result<String, Value> {
    let places = limited(precision.unwrap_or(if matches!(letter, 'E' | 'e') { 6 } else { 2 }))?;
    let round = |number: &Decimal| number.clone().rounded(places as i64);
    let sign = |rounded: &Decimal| {
        if rounded.negative && !rounded.is_zero() {
            "-"
        } else {
            ""
        }
    };
    // .NET prints the minus of a negative fraction even when nothing is left of it.
    let vanished = |rounded: &Decimal| rounded.is_zero() && number.negative;
    match letter {
        'F' | 'f' | 'N' | 'n' => {
            let rounded = round(number)?;
            if vanished(&rounded) {
                return Err(Value::unsupported("the sign of a number rounded to zero"));
            }
            let grouped = matches!(letter, 'N' | 'n');
            Ok(format!(
                "{}{}",
                sign(&rounded),
                rounded.fixed(places, grouped)
            ))
        }
        'C' | 'c' => {
            let rounded = round(number)?;
            if vanished(&rounded) {
                return Err(Value::unsupported("the sign of a number rounded to zero"));
            }
            let text = format!("¤{}", rounded.fixed(places, true));
            Ok(if number.negative {
                format!("({text})")
            } else {
                text
            })
        }
        'P' | 'p' => {
            let mut hundred = number.clone();
            hundred.point += if hundred.is_zero() { 0 } else { 2 };
            let rounded = round(&hundred)?;
            if vanished(&rounded) {
                return Err(Value::unsupported("the sign of a number rounded to zero"));
            }
            Ok(format!(
                "{}{} %",
                sign(&rounded),
                rounded.fixed(places, true)
            ))
        }
        'E' | 'e' => {
            let places_after = places as i64 + 1 - number.point;
            let rounded = number.clone().rounded(places_after)?;
            let (mantissa, exponent) = rounded.scientific(places);
            let mark = if exponent < 0 { '-' } else { '+' };
            Ok(format!(
                "{}{mantissa}{letter}{mark}{:03}",
                sign(&rounded),
                exponent.abs()
            ))
        }
        _ => Err(Value::failed(format!(
            "`{letter}` is no format for this number"
        ))),
    }
}

/// `G5`: that many digits, with an exponent when the number is longer or very small.
fn general(number: &Decimal, letter: char, digits: usize) -> Result<String, Value> {
    let rounded = number.clone().rounded(digits as i64 - number.point)?;
    let sign = if rounded.negative { "-" } else { "" };
    if rounded.is_zero() {
        return Ok("0".to_owned());
    }
    let after = (rounded.digits.len() as i64 - rounded.point).max(0);
    if rounded.point <= digits as i64 && rounded.point > -4 {
        return Ok(format!("{sign}{}", rounded.fixed(after as usize, false)));
    }
    let (mantissa, exponent) = rounded.scientific(rounded.digits.len() - 1);
    let mark = if exponent < 0 { '-' } else { '+' };
    let letter = if letter == 'g' { 'e' } else { 'E' };
    Ok(format!(
        "{sign}{mantissa}{letter}{mark}{:02}",
        exponent.abs()
    ))
}

/// A piece of a custom format.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Custom {
    Zero,
    Digit,
    Dot,
    Comma,
    Literal(char),
}

/// A section of a custom format and what its signs mean together.
struct Section {
    pieces: Vec<Custom>,
    /// Nothing stands between its semicolons; then the first section takes its place.
    blank: bool,
    /// Powers of ten by which the number is multiplied: `%`, `‰`, commas before the point.
    scale: i64,
}

/// `0.00`, `#,##0`, `+0;-0;zero`, `0%`: string-format-0064, string-format-0068, string-format-0071.
fn custom(number: &Decimal, format: &str) -> Result<String, Value> {
    let sections = sections(format)?;
    let place_of = |number: &Decimal| match sections.len() {
        3.. if number.is_zero() && !sections[2].blank => 2,
        2.. if number.negative && !sections[1].blank => 1,
        _ => 0,
    };
    let mut place = place_of(number);
    let mut rounded = scaled(number, &sections[place])?;
    if rounded.is_zero() && !number.is_zero() {
        // What rounds to zero is written by the section for zero.
        rounded.negative = false;
        place = place_of(&rounded);
        rounded = scaled(&rounded, &sections[place])?;
    }
    let text = written(&rounded, &sections[place]);
    // The section for negative numbers has the sign it wants.
    let signed = number.negative && !rounded.is_zero() && place == 0;
    Ok(if signed { format!("-{text}") } else { text })
}

fn scaled(number: &Decimal, section: &Section) -> Result<Decimal, Value> {
    let mut number = number.clone();
    if !number.is_zero() {
        number.point += section.scale;
    }
    number.rounded(places(&section.pieces) as i64)
}

fn places(pieces: &[Custom]) -> usize {
    let after = pieces.iter().skip_while(|piece| **piece != Custom::Dot);
    after
        .filter(|piece| matches!(piece, Custom::Zero | Custom::Digit))
        .count()
}

fn sections(format: &str) -> Result<Vec<Section>, Value> {
    let mut sections = vec![Vec::new()];
    let mut scales = vec![0];
    let mut blanks = vec![true];
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ';' {
            sections.push(Vec::new());
            scales.push(0);
            blanks.push(true);
            continue;
        }
        let last = sections.len() - 1;
        blanks[last] = false;
        let piece = match c {
            '0' => Custom::Zero,
            '#' => Custom::Digit,
            '.' if sections[last].contains(&Custom::Dot) => continue,
            '.' => Custom::Dot,
            ',' => Custom::Comma,
            '%' | '‰' => {
                scales[last] += if c == '%' { 2 } else { 3 };
                Custom::Literal(c)
            }
            '\'' | '"' => {
                sections[last].extend(
                    chars
                        .by_ref()
                        .take_while(|next| *next != c)
                        .map(Custom::Literal),
                );
                continue;
            }
            '\\' => match chars.next() {
                Some(next) => Custom::Literal(next),
                None => continue,
            },
            'E' | 'e'
                if chars
                    .peek()
                    .is_some_and(|next| matches!(next, '0' | '+' | '-')) =>
            {
                return Err(Value::unsupported("scientific custom number formats"));
            }
            other => Custom::Literal(other),
        };
        sections[last].push(piece);
    }
    let section = |((pieces, scale), blank): ((Vec<Custom>, i64), bool)| Section {
        scale: scale - 3 * scaling_commas(&pieces),
        pieces,
        blank,
    };
    let sections = sections.into_iter().zip(scales).zip(blanks);
    Ok(sections.map(section).collect())
}

fn is_digit(piece: &Custom) -> bool {
    matches!(piece, Custom::Zero | Custom::Digit)
}

/// Commas between the last digit before the point and the point divide by a thousand each.
fn scaling_commas(pieces: &[Custom]) -> i64 {
    let dot = pieces
        .iter()
        .position(|piece| *piece == Custom::Dot)
        .unwrap_or(pieces.len());
    let Some(last) = pieces[..dot].iter().rposition(is_digit) else {
        return 0;
    };
    pieces[last..dot]
        .iter()
        .filter(|piece| **piece == Custom::Comma)
        .count() as i64
}

fn written(number: &Decimal, section: &Section) -> String {
    let pieces = &section.pieces;
    let dot = pieces
        .iter()
        .position(|piece| *piece == Custom::Dot)
        .unwrap_or(pieces.len());
    let (whole, fraction) = pieces.split_at(dot);
    let mut out = whole_part(number, whole);
    let fraction = fraction.get(1..).unwrap_or_default();
    let shown = shown_places(number, fraction);
    if shown > 0 {
        out.push('.');
    }
    let mut place = 0;
    for piece in fraction {
        match piece {
            Custom::Zero | Custom::Digit => {
                place += 1;
                if place <= shown {
                    out.push(ascii(number.digit(-(place as i64))));
                }
            }
            Custom::Literal(c) => out.push(*c),
            Custom::Dot | Custom::Comma => {}
        }
    }
    out
}

/// How many digits after the point are written: up to the last `0` or the last digit there is.
fn shown_places(number: &Decimal, fraction: &[Custom]) -> usize {
    let digits: Vec<&Custom> = fraction.iter().filter(|piece| is_digit(piece)).collect();
    let forced = digits
        .iter()
        .rposition(|piece| **piece == Custom::Zero)
        .map_or(0, |at| at + 1);
    let there = (1..=digits.len())
        .rev()
        .find(|place| number.digit(-(*place as i64)) != 0);
    forced.max(there.unwrap_or(0))
}

fn whole_part(number: &Decimal, pieces: &[Custom]) -> String {
    let slots = pieces.iter().filter(|piece| is_digit(piece)).count();
    let first = pieces.iter().position(is_digit);
    let last = pieces.iter().rposition(is_digit);
    let grouped = match (first, last) {
        (Some(first), Some(last)) => pieces[first..last].contains(&Custom::Comma),
        _ => false,
    };
    let length = usize::try_from(number.point).unwrap_or(0);
    let forced = pieces
        .iter()
        .filter(|piece| is_digit(piece))
        .position(|piece| *piece == Custom::Zero);
    let width = length.max(forced.map_or(0, |at| slots - at));
    let mut out = String::new();
    let mut slot = 0;
    let push_digit = |out: &mut String, place: usize| {
        if place >= width {
            return;
        }
        out.push(ascii(number.digit(place as i64)));
        if grouped && place > 0 && place.is_multiple_of(3) {
            out.push(',');
        }
    };
    for piece in pieces {
        match piece {
            Custom::Zero | Custom::Digit => {
                if slot == 0 {
                    for place in (slots..width).rev() {
                        push_digit(&mut out, place);
                    }
                }
                slot += 1;
                push_digit(&mut out, slots - slot);
            }
            Custom::Literal(c) => _ = out.write_char(*c),
            Custom::Dot | Custom::Comma => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i64, format: &str) -> String {
        format_int(value, format).unwrap_or_else(|_| "?".to_owned())
    }

    #[test]
    fn standard_formats_of_integers() {
        assert_eq!(int(42, "D5"), "00042"); // string-format-0046
        assert_eq!(int(-42, "D5"), "-00042");
        assert_eq!(int(255, "X"), "FF"); // string-format-0049
        assert_eq!(int(12345, "E2"), "1.23E+004"); // string-format-0056
        assert_eq!(int(12, "C"), "¤12.00"); // string-format-0057
        assert_eq!(int(1, "P0"), "100 %"); // string-format-0058
        assert_eq!(int(123, "R"), "123"); // string-format-0060
        assert_eq!(int(5, "B8"), "00000101"); // string-format-0062
        assert_eq!(int(5, "Q"), "?"); // string-format-0072
        assert_eq!(int(1, "e"), "1.000000e+000"); // string-format-0108
        assert_eq!(int(1_234_567, "N0"), "1,234,567");
        assert_eq!(int(0, "P1"), "0.0 %");
        assert_eq!(int(-1, "X"), "?");
    }

    #[test]
    fn custom_formats_of_integers() {
        assert_eq!(int(1_234_567, "#,##0"), "1,234,567"); // string-format-0064
        assert_eq!(int(5, "+0;-0;zero"), "+5"); // string-format-0068
        assert_eq!(int(-5, "+0;-0;zero"), "-5");
        assert_eq!(int(0, "+0;-0;zero"), "zero");
        assert_eq!(int(0, "0;-0;"), "0"); // An empty section counts as absent.
        assert_eq!(int(0, "0;-0;''"), "");
        assert_eq!(int(2, "0%"), "200%"); // string-format-0071
        assert_eq!(int(7, "000"), "007");
        assert_eq!(int(-7, "0.00"), "-7.00");
        assert_eq!(int(0, "#"), "");
        assert_eq!(int(1_234_567, "0,"), "1235");
    }

    #[test]
    fn fractions_round() {
        let float = |value, format| format_float(value, format).unwrap_or_else(|_| "?".to_owned());
        assert_eq!(float(1234.56, "N1"), "1,234.6"); // string-format-0082
        assert_eq!(float(1.005, "F2"), "1.00");
        assert_eq!(float(2.5, "F0"), "?");
        assert_eq!(float(1.5, "D"), "?");
        assert_eq!(float(0.5, "0.00"), "0.50");
        assert_eq!(float(1.5, "#.#"), "1.5");
    }

    #[test]
    fn items_of_a_format_text() {
        let item = |index, align, format| Part::Item {
            index,
            align,
            format,
        };
        assert_eq!(parse("{0 }").ok(), Some(vec![item(0, 0, "")])); // string-format-0034
        assert_eq!(parse("{0,5 }").ok(), Some(vec![item(0, 5, "")])); // string-format-0040
        assert_eq!(parse("{0,-6:D4}").ok(), Some(vec![item(0, -6, "D4")]));
        assert_eq!(
            parse("{{0}}").ok(),
            Some(vec![Part::Text("{0}".to_owned())])
        );
        for wrong in ["{", "{a}", "{-1}", "{0:{{}", "}"] {
            assert!(parse(wrong).is_err(), "{wrong}"); // string-format-0027 and following
        }
    }
}
