//! What remains to be said when everything is read.

use std::sync::Arc;

use tricep_semantic::IndexVec;
use tricep_semantic::lower::lower;
use tricep_semantic::project::{Origin, Target, Unit};
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::text::{FileId, Location, Source, Span};

use super::{Loaded, Loading, not_read, problem, unavailable};
use crate::config::{self, Configs};
use crate::report::UNREADABLE_FILE;
use crate::suppress::Suppressions;

/// So many files of a circle are named.
const MAX_NAMES: usize = 8;

impl Loading<'_> {
    pub(super) fn finish(mut self, named: usize) -> Loaded {
        self.loaded.named = named;
        self.loaded.read = self.count_read();
        self.report_unreadable();
        self.settle_references();
        self.report_refused();
        self.report_cycles();
        self.report_configs();
        self.loaded
    }

    fn count_read(&self) -> usize {
        let units = self.loaded.project.units.iter();
        units
            .zip(&self.trouble)
            .filter(|(unit, trouble)| trouble.is_none() && !matches!(unit.origin, Origin::Facts(_)))
            .count()
            .saturating_sub(self.nested)
    }

    /// Says which of the named files could not be read.
    fn report_unreadable(&mut self) {
        let loaded = &mut self.loaded;
        for (file, trouble) in self.trouble.iter().enumerate().take(loaded.named) {
            let Some(trouble) = trouble else { continue };
            let at = Location {
                file: FileId(file as u32),
                span: Span::at(0),
            };
            let message = format!("cannot read the file: {trouble}");
            loaded.unreadable += 1;
            loaded.findings.push(problem(UNREADABLE_FILE, message, at));
        }
    }

    /// Settles the references to files that could not be read, and says what is wrong with them.
    fn settle_references(&mut self) {
        let loaded = &mut self.loaded;
        for (file, unit) in loaded.project.units.iter_mut().enumerate() {
            for id in unit.targets.ids() {
                let Target::File(target) = unit.targets[id] else {
                    continue;
                };
                let Some(trouble) = &self.trouble[target.0 as usize] else {
                    continue;
                };
                let reference = &unit.template.references[id];
                let path = reference.path.as_deref().unwrap_or_default();
                let at = Location {
                    file: FileId(file as u32),
                    span: reference.at,
                };
                unit.targets[id] = unavailable(format!("`{path}` cannot be read"));
                if unit.origin == Origin::Own {
                    loaded.findings.push(not_read(path, trouble, at));
                }
            }
        }
    }

    /// Says which references lead to ARM templates that the engine would refuse. They are judged all
    /// the same, as far as they can be read.
    fn report_refused(&mut self) {
        let loaded = &mut self.loaded;
        for (file, unit) in loaded.project.units.iter().enumerate() {
            for (id, target) in unit.targets.iter_enumerated() {
                let Target::File(target) = target else {
                    continue;
                };
                let reference = &unit.template.references[id];
                let (Some(why), Some(path)) = (self.refused.get(target), &reference.path) else {
                    continue;
                };
                if unit.origin != Origin::Own {
                    continue;
                }
                let at = Location {
                    file: FileId(file as u32),
                    span: reference.at,
                };
                let message = format!("`{path}` is no valid ARM template: {why}");
                let mut finding = problem("BCP188", message, at);
                finding.help = Some("correct the template".to_owned());
                loaded.findings.push(finding);
            }
        }
    }

    fn report_cycles(&mut self) {
        let loaded = &mut self.loaded;
        for cycle in loaded.project.cycles() {
            let label = |file: &FileId| loaded.sources[file.0 as usize].label();
            let mut names: Vec<&str> = cycle.files.iter().take(MAX_NAMES).map(label).collect();
            if cycle.files.len() > MAX_NAMES || cycle.files.is_empty() {
                names.push("…");
            }
            let (code, message) = match cycle.files.as_slice() {
                [itself] if *itself == cycle.at.file => {
                    ("BCP094", "the file refers to itself".to_owned())
                }
                _ => {
                    let names = names.join(" → ");
                    (
                        "BCP095",
                        format!("the files refer to each other in a circle: {names}"),
                    )
                }
            };
            let mut finding = problem(code, message, cycle.at);
            finding.help = Some("take one of the references out of the circle".to_owned());
            loaded.findings.push(finding);
        }
    }

    /// Says what is wrong with `bicepconfig.json` files. They become sources, so that findings can
    /// stand in them, and units without content, behind all others.
    fn report_configs(&mut self) {
        let configs = std::mem::replace(&mut self.configs, Configs::nothing(self.file_system));
        let mut last: Option<String> = None;
        for (wrong, text) in configs.problems() {
            let config::Problem {
                file,
                span,
                code,
                message,
                fix,
            } = wrong;
            if last.as_ref() != Some(&file) {
                self.add_config(&file, text);
                last = Some(file);
            }
            let id = FileId(self.loaded.sources.len() as u32 - 1);
            self.loaded.misconfigured += 1;
            self.report(Location { file: id, span }, code, message, &fix);
        }
    }

    fn add_config(&mut self, file: &str, text: Arc<str>) {
        let nothing = parse("", Dialect::Bicep);
        self.loaded.suppressions.push(Suppressions::default());
        self.loaded.policies.push(Arc::default());
        self.loaded
            .sources
            .push(Source::new(file, Arc::clone(&text)));
        self.loaded.project.units.push(Unit {
            text,
            template: lower(&nothing),
            targets: IndexVec::default(),
            origin: Origin::Own,
        });
    }
}
