//! Conversions: `string`, `int`, `json`, `any`, base64 and data URIs.

use std::rc::Rc;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::arguments::{self, text, wrong};
use super::{Function, ONE, Outcome, json as reader, open, strict, uri};
use crate::eval::text::{bool_text, json_text};
use crate::eval::unknown::Kinds;
use crate::eval::value::Value;
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    open("any", ONE, Kinds::ANY, any),
    strict("base64", ONE, Kinds::TEXT, base64),
    strict("base64ToJson", ONE, Kinds::ANY, base64_to_json),
    strict("base64ToString", ONE, Kinds::TEXT, base64_to_string),
    strict("dataUri", ONE, Kinds::TEXT, data_uri),
    strict("dataUriToString", ONE, Kinds::TEXT, data_uri_to_string),
    strict("int", ONE, Kinds::NUMBER, int),
    strict("json", ONE, Kinds::ANY, json),
    open("string", ONE, Kinds::TEXT, string),
];

/// .NET wants the padding but does not look at bits that are left over.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

fn any(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Ok(arguments[0].clone())
}

/// Null and fractions are refused (conversion-0033, conversion-0042).
fn string(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let value = &arguments[0];
    match value {
        Value::Text(_) | Value::Partial(_) => Ok(value.clone()),
        Value::Bool(value) => Ok(Value::text(bool_text(*value))),
        Value::Int(value) => Ok(Value::text(value.to_string())),
        Value::List(_) | Value::Object(_) => match json_text(work, value)? {
            Ok(text) => Ok(Value::text(text)),
            Err(unknown) => arguments::unknown(&unknown, Kinds::TEXT),
        },
        Value::Unknown(unknown) if unknown.kinds == Kinds::TEXT => Ok(value.clone()),
        Value::Unknown(unknown) if unknown.kinds != Kinds::NULL => {
            arguments::unknown(unknown, Kinds::TEXT)
        }
        other => Err(wrong(
            other,
            0,
            "a text, a Boolean, an integer, a list or an object",
        )),
    }
}

/// Blanks around, a sign and leading zeros, nothing else (conversion-0070, conversion-0072).
fn int(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::Int(value) => Ok(Value::Int(*value)),
        Value::Text(text) => {
            let number = text.trim_matches(|c| matches!(c, ' ' | '\t'..='\r'));
            let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
            if number.contains('\0') {
                return Ok(Value::unsupported("`int()` of a text with NUL"));
            }
            if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
                return Err(Value::failed("the text is no integer"));
            }
            let value = number
                .parse()
                .map_err(|_| Value::failed("the text is no 64-bit integer"));
            value.map(Value::Int)
        }
        other => Err(wrong(other, 0, "an integer or a text")),
    }
}

fn json(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    reader::read(text)
}

fn base64(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    Ok(Value::text(BASE64.encode(text.as_bytes())))
}

fn base64_to_string(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    Ok(Value::text(decoded(text)?))
}

fn base64_to_json(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    let json = decoded(text)?;
    if json.trim().is_empty() {
        return Ok(Value::unsupported("JSON without a value"));
    }
    reader::read(&json)
}

/// White space does not count, bytes that are no UTF-8 become U+FFFD (string-base64-0016,
/// string-base64-0024).
fn decoded(text: &str) -> Result<String, Value> {
    let dense: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))
        .collect();
    let bytes = BASE64
        .decode(dense)
        .map_err(|_| Value::failed("the text is not base64"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Texts are plain text, everything else the JSON or the word that `string()` makes of it
/// (string-dataUri-0005, string-dataUri-0007).
fn data_uri(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let (kind, text) = match &arguments[0] {
        Value::Text(text) => ("text/plain", Rc::clone(text)),
        Value::Null => return Err(Value::failed("null has no data URI")),
        Value::Float(_) => return Ok(Value::unsupported("the data URI of a fraction")),
        _ => match string(work, arguments)? {
            Value::Text(text) => ("application/json", text),
            other => return Ok(other),
        },
    };
    work.spend(text.len())?;
    let data = BASE64.encode(text.as_bytes());
    Ok(Value::text(format!(
        "data:{kind};charset=utf-8;base64,{data}"
    )))
}

/// Only UTF-8 is supported (string-dataUri-0015, string-dataUri-0034).
fn data_uri_to_string(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    let no_data_uri = || Value::failed("the text is no data URI");
    let scheme = text
        .get(..5)
        .filter(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let rest = scheme.map(|_| &text[5..]).ok_or_else(no_data_uri)?;
    let (head, data) = rest.split_once(',').ok_or_else(no_data_uri)?;
    let mut parameters = head.split(';');
    let kind = parameters.next().unwrap_or_default();
    if !kind.is_empty() && !kind.contains('/') {
        return Ok(Value::unsupported("this data URI"));
    }
    let mut is_base64 = false;
    for parameter in parameters.by_ref() {
        match parameter.split_once('=') {
            None if parameter.eq_ignore_ascii_case("base64") => is_base64 = true,
            Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
                charset_known(charset)?
            }
            _ => return Ok(Value::unsupported("this data URI")),
        }
    }
    if is_base64 {
        if data.contains(['%', '+', ' ']) {
            return Ok(Value::unsupported("escapes in a base64 data URI"));
        }
        return Ok(Value::text(decoded(data)?));
    }
    if data.contains('+') {
        return Ok(Value::unsupported("a data URI with `+`"));
    }
    Ok(Value::text(uri::form_decoded(data)?))
}

fn charset_known(charset: &str) -> Result<(), Value> {
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(()),
        "us-ascii" | "ascii" => Err(Value::unsupported("a data URI in ASCII")),
        quoted if quoted.contains(['"', ' ']) => Err(Value::unsupported("this data URI")),
        _ => Err(Value::failed(
            "the character set of the data URI is not supported",
        )),
    }
}
