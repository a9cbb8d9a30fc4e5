//! Mends what can be mended: the edits that findings carry become changes of the text, are made round
//! after round, and are kept only where they do what they are meant to do.
//!
//! Enters: findings with their fixes, and texts. Leaves: text edits for reports, or the new texts and
//! the report about them. Deliberately absent: writing files, and opinions on what to mend.
//!
//! [`write`] turns an edit into a change of the text, with the help of [`document`] (where things
//! stand), [`gap`] (what stands between them), [`layout`] (how the file is laid out) and [`literal`]
//! (how values are written); [`apply`] makes changes that do not touch each other; [`rounds`] goes on
//! until nothing is left to mend.

mod apply;
mod diff;
mod document;
mod gap;
mod layout;
mod literal;
mod rounds;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tricep_rules::{Edit, Finding, Fix, Outcome};
use tricep_semantic::project::{Origin, Project};
use tricep_syntax::text::{Location, Source, Span};

use crate::FileSystem;

pub use diff::unified_diff;
pub use rounds::{FixOptions, Fixed, FixedFile, Unfixed, fix};

use document::Document;
use write::Change;

/// A change of the text of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// The bytes that go; empty where text is only put in.
    pub at: Location,
    /// What comes in their place.
    pub text: String,
}

/// The edits of the fixes in a report as changes of the text.
#[derive(Clone, Default, Debug)]
pub struct TextEdits(FxHashMap<Edit, Change>);

impl TextEdits {
    /// Writes the edits of all findings that fail. Fixes that cannot be made are taken from the
    /// findings: those of files that are not to be changed, and those that no text can be found for.
    pub(crate) fn of(
        findings: &mut [Finding],
        sources: &[Source],
        may_change: impl Fn(&str) -> bool + Sync,
    ) -> Self {
        let mut by_path: BTreeMap<&str, BTreeMap<Span, Vec<&Edit>>> = BTreeMap::new();
        let failing = findings.iter().filter(|f| f.outcome == Outcome::Fail);
        for edit in failing.flat_map(|finding| finding.fixes.iter().flat_map(|fix| &fix.edits)) {
            let path = sources[edit.at().file.0 as usize].label();
            let edits = by_path.entry(path).or_default();
            edits.entry(edit.at().span).or_default().push(edit);
        }
        let written = by_path.into_par_iter().flat_map_iter(|(path, edits)| {
            let mut all = edits.into_values().flatten().peekable();
            let first = all.peek().filter(|_| may_change(path));
            let source = first.map(|edit| &sources[edit.at().file.0 as usize]);
            let document = source.map(Document::of);
            all.filter_map(move |edit| {
                Some((edit.clone(), write::write(document.as_ref()?, edit)?))
            })
        });
        let edits = Self(written.collect());
        for finding in findings {
            let is_failing = finding.outcome == Outcome::Fail;
            finding
                .fixes
                .retain(|fix| is_failing && edits.can_make(fix));
        }
        edits
    }

    fn can_make(&self, fix: &Fix) -> bool {
        !fix.edits.is_empty() && fix.edits.iter().all(|edit| self.0.contains_key(edit))
    }

    /// The changes of the text that a fix is.
    #[must_use]
    pub fn of_fix(&self, fix: &Fix) -> Vec<TextEdit> {
        let text_edit = |edit: &Edit| {
            let change = self.0.get(edit)?;
            Some(TextEdit {
                at: Location {
                    file: edit.at().file,
                    span: change.span,
                },
                text: change.text.clone(),
            })
        };
        fix.edits.iter().filter_map(text_edit).collect()
    }

    fn change(&self, edit: &Edit) -> Option<&Change> {
        self.0.get(edit)
    }
}

/// The files that may be changed: the user's own in the workspace of a file that was named.
pub(crate) fn changeable<'a>(
    file_system: &'a dyn FileSystem,
    project: &'a Project,
    sources: &'a [Source],
    named: usize,
) -> impl Fn(&str) -> bool + Sync + use<'a> {
    let units = project.units.iter().zip(sources);
    let own: BTreeSet<&str> = units
        .filter(|(unit, _)| unit.origin == Origin::Own)
        .map(|(_, source)| source.label())
        .collect();
    // The workspace is the same for all files of a folder.
    let folders: BTreeMap<&str, &str> = sources
        .iter()
        .take(named)
        .map(Source::label)
        .map(|path| (path.rsplit_once('/').map_or("", |(folder, _)| folder), path))
        .collect();
    move |path| {
        let mut named = folders.values();
        own.contains(path) && named.any(|from| file_system.is_in_workspace(from, path))
    }
}
