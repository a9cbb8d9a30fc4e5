//! Functions that read a file or a folder while compiling.
//!
//! Enters: the bytes of the file, or the names in the folder, and the arguments after its path. Leaves: the value. Whether the
//! file is there is the business of whoever reads files.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::arguments::{self, text};
use super::{Outcome, failing, folders, json, json_path, yaml};
use crate::eval::modules::Content;
use crate::eval::unknown::Kinds;
use crate::eval::value::{Traced, Value};
use crate::eval::work::Work;
use crate::eval::{Env, Evaluator, StepKind};
use crate::template::{ExprId, FileFunction, ReferenceId};

/// The compiler takes texts of so many UTF-16 units.
const MAX_TEXT: usize = 131_072;
/// And so many units of JSON and YAML.
const MAX_JSON: usize = 1_048_576;
/// Base64 of so many bytes is such a text.
const MAX_BYTES: usize = MAX_TEXT / 4 * 3;

impl Evaluator<'_> {
    /// The value of a function that reads the file of a reference.
    pub(in crate::eval) fn load(
        &mut self,
        env: &Env,
        function: FileFunction,
        reference: ReferenceId,
        arguments: &[ExprId],
    ) -> Traced {
        let file = self.file(env.frame);
        let content = match self.content(file, reference) {
            Ok(content) => content,
            Err(unknown) => return unknown.into(),
        };
        let reference = &self.template(env.frame).references[reference];
        let path: Rc<str> = Rc::from(reference.path.as_deref().unwrap_or_default());
        let arguments: Vec<Traced> = arguments
            .iter()
            .map(|&argument| self.evaluate(env, argument))
            .collect();
        let values: Vec<Value> = arguments
            .iter()
            .map(|traced| traced.value.clone())
            .collect();
        let mut work = Work::new(self);
        let value = read(&mut work, function, &path, &content, &values);
        let value = value.unwrap_or_else(|value| value);
        let mut trail = work.into_trail();
        for argument in &arguments {
            trail = trail.and(&argument.trail);
        }
        let at = self.location(env.frame, reference.at);
        Traced {
            value,
            trail: trail.with(at, StepKind::File(path)),
        }
    }
}

fn read(
    work: &mut Work<'_, '_>,
    function: FileFunction,
    path: &str,
    content: &Content<'_>,
    arguments: &[Value],
) -> Outcome {
    if let Some(unknown) = super::most_telling(arguments) {
        failing(unknown)?;
        return arguments::unknown(unknown, Kinds::ANY);
    }
    let bytes = match content {
        Content::File(bytes) => *bytes,
        Content::Folder(names) => return folders::info(work, path, names, arguments),
    };
    work.spend(bytes.len())?;
    match function {
        FileFunction::Text => {
            let text = decode(bytes, encoding(arguments, 0)?)?;
            within(&text, MAX_TEXT)?;
            Ok(Value::text(text))
        }
        FileFunction::Base64 if bytes.len() > MAX_BYTES => Err(too_large(MAX_BYTES, "bytes")),
        FileFunction::Base64 => Ok(Value::text(STANDARD.encode(bytes))),
        FileFunction::Json => {
            let text = decode(bytes, encoding(arguments, 1)?)?;
            within(&text, MAX_JSON)?;
            let (value, comments) = json::read_file(&text)?;
            // The reader keeps comments among the elements of lists, where indices count them.
            if comments && !arguments.is_empty() {
                return Ok(Value::unsupported("a filter on JSON with comments"));
            }
            filtered(work, value, arguments)
        }
        FileFunction::Yaml => {
            let text = decode(bytes, encoding(arguments, 1)?)?;
            within(&text, MAX_JSON)?;
            let value = yaml::read_file(work, &text)?;
            filtered(work, value, arguments)
        }
        FileFunction::Folder => Err(Value::failed(format!("`{path}` is no folder"))),
    }
}

/// What the filter, if there is one, leaves of the value of a file. A file or filter that gives
/// nothing but null makes the deployment fail (load-json-0023).
fn filtered(work: &mut Work<'_, '_>, value: Value, arguments: &[Value]) -> Outcome {
    let value = match arguments {
        [] => value,
        _ => json_path::filter(work, &value, text(arguments, 0)?)?,
    };
    match value {
        Value::Null => Err(Value::failed("the file gives nothing but null")),
        value => Ok(value),
    }
}

/// The encodings that the compiler knows; letter case counts (load-text-0042).
#[derive(Clone, Copy)]
enum Encoding {
    Ascii,
    Latin1,
    Utf8,
    Utf16,
    Utf16BigEndian,
}

/// The encoding in an argument that may be left out.
fn encoding(arguments: &[Value], index: usize) -> Result<Encoding, Value> {
    if index >= arguments.len() {
        return Ok(Encoding::Utf8);
    }
    Ok(match &**text(arguments, index)? {
        "us-ascii" => Encoding::Ascii,
        "iso-8859-1" => Encoding::Latin1,
        "utf-8" => Encoding::Utf8,
        "utf-16" => Encoding::Utf16,
        "utf-16BE" => Encoding::Utf16BigEndian,
        other => return Err(Value::failed(format!("there is no encoding `{other}`"))),
    })
}

/// The text of bytes; a byte order mark beats the encoding (load-text-0044) and is no part of the
/// text (load-text-0007).
fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Value> {
    let (encoding, bytes) = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return Err(Value::unsupported("a file in UTF-32"));
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => (Encoding::Utf8, rest),
        [0xff, 0xfe, rest @ ..] => (Encoding::Utf16, rest),
        [0xfe, 0xff, rest @ ..] => (Encoding::Utf16BigEndian, rest),
        bytes => (encoding, bytes),
    };
    Ok(match encoding {
        Encoding::Ascii if !bytes.is_ascii() => {
            return Err(Value::unsupported("a file that is no ASCII"));
        }
        Encoding::Ascii | Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Latin1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
        Encoding::Utf16 => utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16BigEndian => utf16(bytes, u16::from_be_bytes),
    })
}

/// What is no character becomes U+FFFD, also a byte that is left over (load-text-0040).
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, left_over) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| unit(pair));
    let replaced = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    let last = left_over.iter().map(|_| char::REPLACEMENT_CHARACTER);
    replaced.chain(last).collect()
}

/// Whether a text is of at most so many UTF-16 units.
fn within(text: &str, limit: usize) -> Result<(), Value> {
    if text.len() > limit && text.encode_utf16().count() > limit {
        return Err(too_large(limit, "characters"));
    }
    Ok(())
}

fn too_large(limit: usize, what: &str) -> Value {
    Value::failed(format!("the file has more than {limit} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Assumptions;
    use crate::eval::unknown::Why;
    use crate::project::Project;

    fn loaded(function: FileFunction, bytes: &[u8], arguments: &[&str]) -> Value {
        let (project, assumptions) = (Project::default(), Assumptions::default());
        let mut evaluator = Evaluator::new(&project, &assumptions);
        let arguments: Vec<Value> = arguments.iter().map(|&text| Value::text(text)).collect();
        let mut work = Work::new(&mut evaluator);
        read(&mut work, function, "x", &Content::File(bytes), &arguments)
            .unwrap_or_else(|value| value)
    }

    fn fails(value: &Value) -> bool {
        matches!(value, Value::Unknown(unknown) if matches!(unknown.why, Why::Failed(_)))
    }

    fn shown(bytes: &[u8], encoding: &[&str]) -> String {
        match loaded(FileFunction::Text, bytes, encoding) {
            Value::Text(text) => text.to_string(),
            _ => "?".to_owned(),
        }
    }

    #[test]
    fn a_byte_order_mark_beats_the_encoding() {
        assert_eq!(shown(b"\xef\xbb\xbfx", &[]), "x"); // load-text-0007
        assert_eq!(shown(b"\xff\xfeh\0\xe9\0", &["utf-8"]), "hé"); // load-text-0044
        assert_eq!(shown(b"\xfe\xff\0h\0\xe9", &["utf-16"]), "hé");
        assert_eq!(shown(b"\xff\xfe\0\0h\0\0\0", &[]), "?");
    }

    #[test]
    fn bytes_that_are_no_character_are_replaced() {
        assert_eq!(shown(b"h\xe9", &["utf-8"]), "h\u{fffd}"); // load-text-0036
        assert_eq!(shown(b"h\xe9", &["iso-8859-1"]), "hé"); // load-text-0034
        assert_eq!(shown(b"h\0i", &["utf-16"]), "h\u{fffd}");
        assert_eq!(shown(b"h\xe9", &["us-ascii"]), "?");
        assert_eq!(shown(b"h", &["us-ascii"]), "h");
    }

    #[test]
    fn what_the_compiler_refuses_fails() {
        use FileFunction::{Base64, Json, Text};
        assert!(fails(&loaded(Text, b"x", &["UTF-8"]))); // load-text-0042
        assert!(fails(&loaded(Json, b"", &[]))); // load-json-0021
        assert!(fails(&loaded(Json, b"null", &[]))); // load-json-0023
        assert!(fails(&loaded(Json, b"{}", &["$.a"])));
        let long = vec![b'1'; MAX_JSON + 1];
        assert!(!fails(&loaded(Text, &long[..MAX_TEXT], &[])));
        assert!(fails(&loaded(Text, &long[..=MAX_TEXT], &[])));
        assert!(!fails(&loaded(Base64, &long[..MAX_BYTES], &[])));
        assert!(fails(&loaded(Base64, &long[..=MAX_BYTES], &[])));
        assert!(fails(&loaded(Json, &long, &[])));
    }

    #[test]
    fn comments_count_for_a_filter() {
        let text = b"[/* c */ 1]";
        assert!(matches!(
            loaded(FileFunction::Json, text, &[]),
            Value::List(_)
        ));
        let filtered = loaded(FileFunction::Json, text, &["[0]"]);
        assert!(matches!(filtered, Value::Unknown(_)) && !fails(&filtered));
    }
}
