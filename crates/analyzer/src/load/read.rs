//! One file: its text and what it declares, without a look at any other.

use std::sync::Arc;

use tricep_semantic::lower::lower;
use tricep_semantic::project::KnownModule;
use tricep_semantic::template::Template;
use tricep_syntax::bicep::{Dialect, SyntaxError, parse};

use super::Pending;
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError};

/// What a file holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Bicep, or parameters in Bicep.
    Bicep,
    /// Nothing on disk: the stand-in for a public module.
    Facts(&'static KnownModule),
}

/// What becomes of a file without looking at any other.
pub(super) struct Read {
    pub(super) text: Arc<str>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) suppressions: Suppressions,
    pub(super) template: Template,
    /// Why the file cannot be read; then the text is empty.
    pub(super) trouble: Option<ReadError>,
}

pub(super) fn read(file_system: &dyn FileSystem, pending: &Pending) -> Read {
    match pending.kind {
        Kind::Bicep => match read_text(file_system, &pending.path) {
            Ok(text) => bicep(text, Dialect::of_path(&pending.path), None),
            Err(trouble) => {
                let dialect = Dialect::of_path(&pending.path);
                bicep(String::new(), dialect, Some(trouble))
            }
        },
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
        errors: parsed.errors().to_vec(),
        suppressions: Suppressions::of(&parsed),
        template: lower(&parsed),
        trouble,
    }
}
