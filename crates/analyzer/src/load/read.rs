//! One file: its text and what it declares, without a look at any other.

use std::sync::{Arc, Mutex};

use tricep_semantic::lower::arm::{self, Lowered, Nested};
use tricep_semantic::lower::lower;
use tricep_semantic::project::KnownModule;
use tricep_semantic::template::Template;
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::json::{self, JsonError};
use tricep_syntax::text::Span;

use super::Pending;
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError};

/// What a file holds.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Bicep, or parameters in Bicep.
    Bicep,
    /// An ARM template.
    Arm,
    /// A template that is written into another one of the same file, read with that one.
    Nested(Arc<Inner>),
    /// Nothing on disk: the stand-in for a public module.
    Facts(&'static KnownModule),
}

/// A template that is written into another one.
#[derive(Debug)]
pub(super) struct Inner {
    /// The text of the whole file.
    pub(super) text: Arc<str>,
    /// The template; taken out when it becomes a unit.
    pub(super) lowered: Mutex<Option<Lowered>>,
}

/// Something wrong with a text.
pub(super) struct TextError {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) span: Span,
}

/// What becomes of a file without looking at any other.
pub(super) struct Read {
    pub(super) text: Arc<str>,
    pub(super) errors: Vec<TextError>,
    pub(super) suppressions: Suppressions,
    pub(super) template: Template,
    /// The templates that are written into it.
    pub(super) nested: Vec<Nested>,
    /// Why the file cannot be read; then the text is empty.
    pub(super) trouble: Option<ReadError>,
}

pub(super) fn read(file_system: &dyn FileSystem, pending: &Pending) -> Read {
    match &pending.kind {
        Kind::Bicep => match read_text(file_system, &pending.path) {
            Ok(text) => bicep(text, Dialect::of_path(&pending.path), None),
            Err(trouble) => {
                let dialect = Dialect::of_path(&pending.path);
                bicep(String::new(), dialect, Some(trouble))
            }
        },
        Kind::Arm => match read_text(file_system, &pending.path) {
            Ok(text) => arm_file(text, None),
            Err(trouble) => arm_file(String::new(), Some(trouble)),
        },
        Kind::Nested(inner) => nested(inner),
        Kind::Facts(known) => bicep(known.stand_in.to_owned(), Dialect::Bicep, None),
    }
}

fn read_text(file_system: &dyn FileSystem, path: &str) -> Result<String, ReadError> {
    String::from_utf8(file_system.read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        ReadError::Unreadable(format!("it is not UTF-8 text (byte {at})"))
    })
}

fn bicep(text: String, dialect: Dialect, trouble: Option<ReadError>) -> Read {
    let parsed = parse(text, dialect);
    Read {
        text: Arc::clone(parsed.text()),
        errors: parsed.errors().iter().map(of_bicep).collect(),
        suppressions: Suppressions::of(&parsed),
        template: lower(&parsed),
        nested: Vec::new(),
        trouble,
    }
}

fn of_bicep(error: &tricep_syntax::bicep::SyntaxError) -> TextError {
    TextError {
        code: error.kind.code(),
        message: error.kind.to_string(),
        span: error.span,
    }
}

fn arm_file(text: String, trouble: Option<ReadError>) -> Read {
    let json = json::parse(text);
    let of_json = |error: &JsonError| TextError {
        code: JsonError::CODE,
        message: error.kind.to_string(),
        span: error.span,
    };
    let errors = match trouble {
        None => json.errors().iter().map(of_json).collect(),
        // That it cannot be read is said elsewhere.
        Some(_) => Vec::new(),
    };
    let lowered = match trouble {
        None => arm::lower(&json),
        Some(_) => Lowered::nothing(),
    };
    of_arm(Arc::clone(json.source()), errors, lowered, trouble)
}

fn nested(inner: &Inner) -> Read {
    let lowered = inner.lowered.lock().ok().and_then(|mut slot| slot.take());
    let lowered = lowered.unwrap_or_else(Lowered::nothing);
    of_arm(Arc::clone(&inner.text), Vec::new(), lowered, None)
}

fn of_arm(
    text: Arc<str>,
    mut errors: Vec<TextError>,
    lowered: Lowered,
    trouble: Option<ReadError>,
) -> Read {
    errors.extend(lowered.problems.into_iter().map(|problem| TextError {
        code: problem.code,
        message: problem.message,
        span: problem.span,
    }));
    Read {
        text,
        errors,
        suppressions: Suppressions::of(&parse("", Dialect::Arm)),
        template: lowered.template,
        nested: lowered.nested,
        trouble,
    }
}
