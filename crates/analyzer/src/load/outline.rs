//! Outlines of modules in the cache. A large tree calls hundreds of them, and few hold or feed a
//! resource that is judged: of the others the declarations suffice, without text and bodies.

use std::sync::Arc;

use rayon::prelude::*;
use tricep_semantic::lower::arm::{self, Lowered};
use tricep_semantic::project::{Project, Target};
use tricep_syntax::json;
use tricep_syntax::text::{FileId, Source};

use super::Loaded;
use super::read::read_text;
use crate::FileSystem;
use crate::check::why_unread;

/// Whether all that is said of a template without evaluating it can be told from its outline: nothing
/// in it is unread, which would be a finding that points into the text.
pub(super) fn will_do(lowered: &Lowered) -> bool {
    let mut open = vec![lowered];
    while let Some(Lowered {
        template, nested, ..
    }) = open.pop()
    {
        let is_unread = |resource| why_unread(template, resource).is_some();
        let is_whole = template.references.len() == nested.len();
        if !is_whole || template.resources.iter().any(is_unread) {
            return false;
        }
        open.extend(nested.iter().map(|nested| &nested.lowered));
    }
    true
}

impl Loaded {
    /// Reads again, as a whole, those of `files` of which there is an outline.
    pub(crate) fn complete(&mut self, file_system: &dyn FileSystem, files: &[bool]) {
        let outlines = std::mem::take(&mut self.outlines);
        let (wanted, others): (Vec<FileId>, Vec<FileId>) = outlines
            .into_iter()
            .partition(|file| files[file.0 as usize]);
        self.outlines = others;
        let sources = &self.sources;
        let whole: Vec<Option<(Lowered, Arc<str>)>> = wanted
            .par_iter()
            .map(|file| {
                let text = read_text(file_system, sources[file.0 as usize].label()).ok()?;
                let json = json::parse(text);
                Some((arm::lower(&json), Arc::clone(json.source())))
            })
            .collect();
        for (file, whole) in wanted.into_iter().zip(whole) {
            // What changes on disk meanwhile stays an outline, of whose contents nothing is known.
            match whole {
                Some((lowered, text)) if fits(&self.project, file, &lowered) => {
                    self.put(file, lowered, &text);
                }
                _ => {}
            }
        }
    }

    /// Puts a template and those within it in the places of their outlines.
    fn put(&mut self, file: FileId, lowered: Lowered, text: &Arc<str>) {
        let mut open = vec![(file, lowered)];
        while let Some((file, lowered)) = open.pop() {
            let source = &mut self.sources[file.0 as usize];
            *source = Source::new(source.label(), Arc::clone(text));
            let unit = &mut self.project.units[file.0 as usize];
            unit.text = Arc::clone(text);
            unit.template = lowered.template;
            for nested in lowered.nested {
                if let Target::File(file) = unit.targets[nested.reference] {
                    open.push((file, nested.lowered));
                }
            }
        }
    }
}

/// Whether a template holds the same templates as its outline.
fn fits(project: &Project, file: FileId, lowered: &Lowered) -> bool {
    let mut open = vec![(file, lowered)];
    while let Some((file, lowered)) = open.pop() {
        let targets = &project.unit(file).targets;
        let count = lowered.template.references.len();
        if targets.len() != count || lowered.nested.len() != count {
            return false;
        }
        for nested in &lowered.nested {
            let Target::File(file) = targets[nested.reference] else {
                return false;
            };
            open.push((file, &nested.lowered));
        }
    }
    true
}
