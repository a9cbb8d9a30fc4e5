//! Functions of texts, and the text side of those that take lists, objects and texts alike.
//!
//! Lengths and places are counted in UTF-16 units. Searching ignores case in the invariant culture
//! except for `contains`, `replace` and `split`, which go by code points. Of a text known in part,
//! known beginnings and ends still answer.

use std::rc::Rc;

use super::arguments::{self, derived, int, text, unknown, wrong};
use super::arrays::Side;
use super::partial::{self, stretch};
use super::{AT_LEAST_ONE, Count, Function, ONE, Outcome, THREE, TWO, dotnet, open, strict};
use crate::eval::culture;
use crate::eval::text::{TextBuilder, utf16_len, utf16_slice};
use crate::eval::unknown::{Kinds, Unknown};
use crate::eval::value::{Element, Piece, Rest, Thunk, Value};
use crate::eval::work::Work;

const TWO_OR_THREE: Count = (2, Some(3));

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    open("endsWith", TWO, Kinds::BOOL, ends_with),
    open("format", AT_LEAST_ONE, Kinds::TEXT, dotnet::format),
    strict("like", TWO, Kinds::BOOL, like),
    strict("padLeft", TWO_OR_THREE, Kinds::TEXT, pad_left),
    strict("replace", THREE, Kinds::TEXT, replace),
    open("split", TWO, Kinds::LIST, split),
    open("startsWith", TWO, Kinds::BOOL, starts_with),
    open("substring", TWO_OR_THREE, Kinds::TEXT, substring),
    open("toLower", ONE, Kinds::TEXT, to_lower),
    open("toUpper", ONE, Kinds::TEXT, to_upper),
    strict("trim", ONE, Kinds::TEXT, trim),
];

/// What .NET calls white space: string-trim-0004, string-trim-0009, string-trim-0010.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// The known beginning of a text.
fn beginning(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        Value::Partial(pieces) => known(pieces.first()),
        _ => "",
    }
}

/// The known end of a text.
fn ending(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        Value::Partial(pieces) => known(pieces.last()),
        _ => "",
    }
}

fn known(piece: Option<&Piece>) -> &str {
    match piece {
        Some(Piece::Known(text)) => text,
        _ => "",
    }
}

/// What keeps a text from being known, or the error for something that is no text.
fn doubt(value: &Value, index: usize) -> Result<&Rc<Unknown>, Value> {
    match value.open() {
        Some(unknown) if value.kinds().may_be(Kinds::TEXT) => Ok(unknown),
        _ => Err(wrong(value, index, "a text")),
    }
}

/// By code points, case counts (string-search-0123).
pub(super) fn contains(holder: &Value, part: &Value) -> Outcome {
    if let (Value::Text(holder), Value::Text(part)) = (holder, part) {
        return Ok(Value::Bool(holder.contains(&**part)));
    }
    if !part.kinds().may_be(Kinds::TEXT) {
        return Err(wrong(part, 1, "a text"));
    }
    if let (Value::Partial(pieces), Value::Text(part)) = (holder, part)
        && pieces
            .iter()
            .any(|piece| known(Some(piece)).contains(&**part))
    {
        return Ok(Value::Bool(true));
    }
    let open = holder.open().or(part.open());
    open.map_or_else(
        || Err(wrong(part, 1, "a text")),
        |open| unknown(open, Kinds::BOOL),
    )
}

fn starts_with(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    begins_or_ends(arguments, culture::starts_with, |whole, part| {
        agrees(beginning(whole).chars(), part.chars())
    })
}

fn ends_with(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    begins_or_ends(arguments, culture::ends_with, |whole, part| {
        agrees(ending(whole).chars().rev(), part.chars().rev())
    })
}

fn begins_or_ends(
    arguments: &[Value],
    search: fn(&str, &str) -> Option<bool>,
    of_known: fn(&Value, &str) -> Option<bool>,
) -> Outcome {
    let (whole, part) = (&arguments[0], &arguments[1]);
    if let (Value::Text(whole), Value::Text(part)) = (whole, part) {
        return sure(search(whole, part).map(Value::Bool));
    }
    for (index, value) in arguments.iter().enumerate() {
        if !matches!(value, Value::Text(_)) {
            doubt(value, index)?;
        }
    }
    if let Value::Text(part) = part
        && let Some(answer) = of_known(whole, part)
    {
        return Ok(Value::Bool(answer));
    }
    super::most_telling(arguments).map_or_else(
        || Err(wrong(part, 1, "a text")),
        |open| unknown(open, Kinds::BOOL),
    )
}

/// Whether the part agrees with what is known of the whole: surely, surely not, or not known.
/// Only plain ASCII is decided here, for which no culture is needed.
fn agrees(mut whole: impl Iterator<Item = char>, part: impl Iterator<Item = char>) -> Option<bool> {
    let plain = |c: char| c.is_ascii() && !c.is_ascii_control();
    for wanted in part {
        let found = whole.next()?;
        if !plain(found) || !plain(wanted) {
            return None;
        }
        if !found.eq_ignore_ascii_case(&wanted) {
            return Some(false);
        }
    }
    Some(true)
}

fn sure(answer: Option<Value>) -> Outcome {
    Ok(answer.unwrap_or_else(|| Value::unsupported("searching in these characters")))
}

/// The UTF-16 place of a part, or -1 (string-search-0089, string-search-0118).
pub(super) fn index_of(arguments: &[Value], side: Side) -> Outcome {
    let (whole, part) = (&arguments[0], &arguments[1]);
    let search = match side {
        Side::Start => culture::index_of,
        Side::End => culture::last_index_of,
    };
    if let (Value::Partial(_), Value::Text(part), Side::Start) = (whole, part, side)
        && let Some(Some(place)) = culture::index_of(beginning(whole), part)
    {
        return number(place);
    }
    if matches!(whole, Value::Partial(_)) || matches!(part, Value::Partial(_) | Value::Unknown(_)) {
        let open = super::most_telling(arguments);
        return open.map_or_else(|| sure(None), |open| unknown(open, Kinds::NUMBER));
    }
    match search(text(arguments, 0)?, text(arguments, 1)?) {
        None => sure(None),
        Some(None) => Ok(Value::Int(-1)),
        Some(Some(place)) => number(place),
    }
}

fn number(place: usize) -> Outcome {
    Ok(Value::Int(i64::try_from(place).unwrap_or(i64::MAX)))
}

/// The first or last character, a UTF-16 unit; of the empty text the empty text.
pub(super) fn end(value: &Value, side: Side) -> Outcome {
    let known = if side == Side::Start {
        beginning(value)
    } else {
        ending(value)
    };
    let length = utf16_len(known);
    if length > 0 {
        return utf16_slice(known, if side == Side::Start { 0 } else { length - 1 }, 1);
    }
    match value.open() {
        Some(open) => unknown(open, Kinds::TEXT),
        None => Ok(Value::text("")),
    }
}

/// The first `count` units, or all.
pub(super) fn take(value: &Value, count: usize) -> Outcome {
    let known = beginning(value);
    match value {
        Value::Partial(_) if utf16_len(known) < count => unknown(doubt(value, 0)?, Kinds::TEXT),
        Value::Text(_) | Value::Partial(_) => utf16_slice(known, 0, count.min(utf16_len(known))),
        _ => Err(wrong(value, 0, "a list or a text")),
    }
}

/// What comes after the first `count` units.
pub(super) fn skip(value: &Value, count: usize) -> Outcome {
    let known = beginning(value);
    let length = utf16_len(known);
    match value {
        Value::Text(_) => utf16_slice(known, count.min(length), length - count.min(length)),
        Value::Partial(pieces) if count <= length => {
            let mut rest = TextBuilder::default();
            if let Value::Text(left) = utf16_slice(known, count, length - count)? {
                rest.push(&left);
            }
            rest.push_pieces(if length == 0 { pieces } else { &pieces[1..] });
            Ok(rest.finish())
        }
        Value::Partial(_) => unknown(doubt(value, 0)?, Kinds::TEXT),
        _ => Err(wrong(value, 0, "a list or a text")),
    }
}

/// Strict about its bounds (string-substring-0008, string-substring-0034).
fn substring(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let value = &arguments[0];
    if !value.kinds().may_be(Kinds::TEXT) {
        return Err(wrong(value, 0, "a text"));
    }
    let numbers = &arguments[1..];
    if let Some(open) = numbers.iter().find_map(Value::open) {
        return unknown(open, Kinds::TEXT);
    }
    let start = place(int(arguments, 1)?, "start")?;
    let length = match arguments.get(2) {
        Some(_) => Some(place(int(arguments, 2)?, "length")?),
        None => None,
    };
    let known = beginning(value);
    let have = utf16_len(known);
    if let Some(open) = value.open() {
        let inside = length.and_then(|length| start.checked_add(length));
        return match inside {
            Some(end) if end <= have => utf16_slice(known, start, end - start),
            _ => unknown(open, Kinds::TEXT),
        };
    }
    let Some(left) = have.checked_sub(start) else {
        return Err(Value::failed("the start is beyond the end of the text"));
    };
    let length = length.unwrap_or(left);
    if length > left {
        return Err(Value::failed("the part reaches beyond the end of the text"));
    }
    utf16_slice(known, start, length)
}

fn place(value: i64, what: &str) -> Result<usize, Value> {
    if value < 0 {
        return Err(Value::failed(format!("the {what} is negative")));
    }
    usize::try_from(value).map_err(|_| Value::failed(format!("the {what} is too large")))
}

fn to_lower(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    map_case(work, &arguments[0], culture::to_lower)
}

fn to_upper(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    map_case(work, &arguments[0], culture::to_upper)
}

fn map_case(work: &mut Work<'_, '_>, value: &Value, map: fn(&str) -> Option<String>) -> Outcome {
    let unsure = || Value::unsupported("the letter case of these characters");
    match value {
        Value::Text(text) => {
            work.spend(text.len())?;
            Ok(map(text).map_or_else(unsure, Value::text))
        }
        Value::Partial(pieces) => {
            let mut mapped = TextBuilder::default();
            for piece in pieces.iter() {
                work.spend(known(Some(piece)).len())?;
                match piece {
                    Piece::Known(text) => mapped.push(&map(text).ok_or_else(unsure)?),
                    Piece::Unknown(unknown) => {
                        mapped.push_unknown(&crate::eval::text::sealed(unknown));
                    }
                }
            }
            Ok(mapped.finish())
        }
        other => unknown(doubt(other, 0)?, Kinds::TEXT),
    }
}

fn trim(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Ok(Value::text(text(arguments, 0)?.trim_matches(is_blank)))
}

/// By code points; the text to find must not be empty (string-replace-0004).
fn replace(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let (whole, old, new) = (
        text(arguments, 0)?,
        text(arguments, 1)?,
        text(arguments, 2)?,
    );
    if old.is_empty() {
        return Err(Value::failed("the text to replace is empty"));
    }
    let count = whole.matches(&**old).count();
    work.spend(whole.len().saturating_add(count.saturating_mul(new.len())))?;
    Ok(Value::text(whole.replace(&**old, new)))
}

/// By one text or several; an empty one splits nothing (string-split-0003, string-split-0031).
fn split(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let delimiters = match delimiters(work, &arguments[1])? {
        Ok(delimiters) => delimiters,
        Err(unknown) => return Ok(some_texts(Vec::new(), &unknown)),
    };
    let value = &arguments[0];
    let known = beginning(value);
    work.spend(known.len())?;
    let mut parts = split_by(known, &delimiters);
    match value {
        Value::Text(_) => {
            work.spend(parts.len())?;
            Ok(Value::list_of(parts.into_iter().map(Value::text)))
        }
        other => {
            let unknown = doubt(other, 0)?;
            // The last part goes on, and where several delimiters compete it may begin earlier.
            if delimiters.len() > 1 {
                parts.clear();
            }
            parts.pop();
            Ok(some_texts(parts, unknown))
        }
    }
}

/// A list of known texts and at least one unknown.
fn some_texts(known: Vec<&str>, unknown: &Rc<Unknown>) -> Value {
    let one = |part: &str| Element::One(Thunk::ready(Value::text(part)));
    let mut elements: Vec<Element> = known.into_iter().map(one).collect();
    let element = derived(unknown, Kinds::TEXT);
    elements.push(Element::Rest(Rest {
        element,
        ..stretch(unknown, 1, None)
    }));
    partial::list(elements)
}

fn delimiters(
    work: &mut Work<'_, '_>,
    value: &Value,
) -> Result<Result<Vec<Rc<str>>, Rc<Unknown>>, Value> {
    let values = match value {
        Value::List(list) => match list.closed() {
            Some(elements) => elements.iter().map(|element| work.value(element)).collect(),
            None => {
                return value
                    .open()
                    .map(|open| Err(Rc::clone(open)))
                    .ok_or(Value::Null);
            }
        },
        other => vec![other.clone()],
    };
    if values.is_empty() {
        // No delimiter at all splits at white space in .NET; what the engine does is not known.
        return Err(Value::unsupported("`split` without delimiters"));
    }
    let mut delimiters = Vec::new();
    for value in values {
        match value {
            Value::Text(text) => delimiters.push(text),
            Value::Unknown(_) | Value::Partial(_) => return Ok(Err(Rc::clone(doubt(&value, 1)?))),
            other => return Err(wrong(&other, 1, "a text or a list of texts")),
        }
    }
    Ok(Ok(delimiters))
}

fn split_by<'a>(text: &'a str, delimiters: &[Rc<str>]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let here = delimiters
            .iter()
            .find(|d| !d.is_empty() && text[at..].starts_with(&***d));
        match here {
            Some(delimiter) => {
                parts.push(&text[from..at]);
                at += delimiter.len();
                from = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    parts.push(&text[from..]);
    parts
}

/// To a width of 1 to 16 (string-padLeft-0022), counted in UTF-16 units (string-padLeft-0017).
fn pad_left(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text: Rc<str> = match &arguments[0] {
        Value::Text(text) => Rc::clone(text),
        Value::Int(value) => Rc::from(value.to_string()),
        other => return Err(wrong(other, 0, "a text or an integer")),
    };
    let width = int(arguments, 1)?;
    if !(1..=16).contains(&width) {
        return Err(Value::failed("the width must be between 1 and 16"));
    }
    let pad: &str = if arguments.len() > 2 {
        arguments::text(arguments, 2)?
    } else {
        " "
    };
    if utf16_len(pad) != 1 {
        return Err(Value::failed(
            "the text to fill with must be a single character",
        ));
    }
    let missing = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(utf16_len(&text));
    Ok(Value::text(format!("{}{text}", pad.repeat(missing))))
}

/// `*` is any text, everything else itself without case (string-like-0002, string-like-0006).
fn like(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let (text, pattern) = (text(arguments, 0)?, text(arguments, 1)?);
    work.spend(text.len() + pattern.len())?;
    let lower = |text: &str| text.chars().map(culture::simple_lower).collect::<String>();
    let matches = wildcard(&lower(text), &lower(pattern));
    let ascii = |text: &str| text.to_ascii_lowercase();
    if matches != wildcard(&ascii(text), &ascii(pattern)) {
        return Ok(Value::unsupported("`like` with these letters"));
    }
    Ok(Value::Bool(matches))
}

fn wildcard(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some((_, after)) = text.split_once(part) else {
            return false;
        };
        text = after;
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_stars_only() {
        assert!(wildcard("abc", "a*")); // string-like-0001
        assert!(wildcard("abc", "*b*")); // string-like-0004
        assert!(!wildcard("abc", "b")); // string-like-0005
        assert!(!wildcard("abc", "?bc")); // string-like-0006
        assert!(wildcard("", "*")); // string-like-0010
        assert!(wildcard("abcabc", "*abc")); // string-like-0018
        assert!(wildcard("abc", "**")); // string-like-0021
        assert!(wildcard("storage-prod-01", "storage-*-0*")); // string-misc-0034
        assert!(!wildcard("aba", "ab*ba"));
    }

    #[test]
    fn texts_are_split_by_code_points() {
        let split = |text, by: &[&str]| {
            let by: Vec<Rc<str>> = by.iter().map(|by| Rc::from(*by)).collect();
            split_by(text, &by).join("|")
        };
        assert_eq!(split("", &[","]), ""); // string-split-0002
        assert_eq!(split("abc", &[""]), "abc"); // string-split-0003
        assert_eq!(split("aXXXb", &["XX"]), "a|Xb"); // string-split-0010
        assert_eq!(split("a b\tc", &[" ", "\t"]), "a|b|c"); // string-split-0019
        assert_eq!(split("a,b", &["", ","]), "a|b"); // string-split-0031
        assert_eq!(split("aaa", &["a"]), "|||"); // string-split-0038
    }

    #[test]
    fn known_ends_of_a_text_answer() {
        assert_eq!(agrees("https://".chars(), "HTTPS:".chars()), Some(true));
        assert_eq!(agrees("http".chars(), "https".chars()), None);
        assert_eq!(agrees("ftp".chars(), "https".chars()), Some(false));
    }
}
