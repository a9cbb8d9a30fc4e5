//! Where references to modules, imports and templates lead.

use std::sync::Arc;

use tricep_rules::Severity;
use tricep_semantic::project::{
    Artifact, KnownModule, ModuleReference, Origin, Target, TemplateSpec,
};
use tricep_semantic::template::{Purpose, Reference};
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Location};

use super::read::Kind;
use super::{Loading, Pending, Place, problem, spelling, unavailable};
use crate::config::Settings;
use crate::{is_absolute, join_path};

/// A path that only some systems find.
const LETTER_CASE: &str = "module-path-letter-case";

/// The file that refers to another.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) file: FileId,
    pub(super) dialect: Dialect,
    pub(super) is_own: bool,
}

impl From<'_> {
    /// The place of a reference.
    pub(super) fn at(self, reference: &Reference) -> Location {
        Location {
            file: self.file,
            span: reference.at,
        }
    }
}

impl Loading<'_> {
    /// Where a reference leads, as far as can be told before the file there is read.
    pub(super) fn target(&mut self, from: From<'_>, reference: &Reference) -> Target {
        if from.dialect == Dialect::Arm {
            return self.linked(from, reference);
        }
        let Some(path) = &reference.path else {
            self.no_plain_text(from, reference);
            return unavailable("the path is no plain text");
        };
        let settings = self.configs.of(from.path);
        match ModuleReference::parse(path, &settings.aliases) {
            Ok(ModuleReference::Local(path)) => {
                let file = join_path(from.path, &path);
                self.file(from, reference, file)
            }
            Ok(ModuleReference::Mapped(path)) => {
                let path = path.replace('\\', "/");
                let config = settings.file.as_deref().unwrap_or_default();
                let file = match is_absolute(&path) {
                    true => join_path("", &path),
                    false => join_path(config, &path),
                };
                self.file(from, reference, file)
            }
            Ok(ModuleReference::Registry(artifact)) => {
                self.registry(from, reference, &artifact, &settings)
            }
            Ok(ModuleReference::TemplateSpec(spec)) => {
                self.template_spec(from, reference, &spec, &settings)
            }
            Err(wrong) => {
                let why = format!("`{path}` leads nowhere: {}", wrong.message);
                self.report(from.at(reference), wrong.code, wrong.message, &wrong.fix);
                unavailable(why)
            }
        }
    }

    /// A path must be known without evaluating anything. (Where there is none at all, the parser
    /// said so.)
    fn no_plain_text(&mut self, from: From<'_>, reference: &Reference) {
        let text = from.text.get(reference.at.range()).unwrap_or_default();
        if text.starts_with('\'') && text.ends_with('\'') && text.contains("${") {
            let message = "the path of a module cannot be put together while compiling".to_owned();
            self.report(
                from.at(reference),
                "BCP092",
                message,
                "write the whole path",
            );
        }
    }

    /// The template that an ARM template links to: a file beside it, or an address.
    fn linked(&mut self, from: From<'_>, reference: &Reference) -> Target {
        match reference.path.as_deref() {
            None | Some("") => unavailable("its template is not written out as plain text"),
            Some(path) if path.contains(':') => {
                unavailable(format!("`{path}` is an address, and only files are read"))
            }
            Some(path) => self.file(from, reference, join_path(from.path, path)),
        }
    }

    fn file(&mut self, from: From<'_>, reference: &Reference, file: String) -> Target {
        let file = self.spelt(from, reference, file);
        Target::File(self.take(Pending::own(file)))
    }

    /// The path of a file that is there, in the letter case it has on disk. Where it is not the one
    /// written, the reference is reported, and the file serves nonetheless.
    pub(super) fn spelt(&mut self, from: From<'_>, reference: &Reference, file: String) -> String {
        if self.ids.contains_key(&file) || self.file_system.is_file(&file) {
            return file;
        }
        let Some(other) = self.spellings.other(&file) else {
            return file;
        };
        if !from.is_own {
            return other;
        }
        let written = reference.path.as_deref().unwrap_or_default();
        let (right, fix) = match written.contains(':') {
            true => (
                other.clone(),
                "rename the file, or correct the reference".to_owned(),
            ),
            false => {
                let right = spelling::relative(from.path, &other);
                (right.clone(), format!("write `{right}`"))
            }
        };
        let message = format!(
            "`{written}` is spelt `{right}` on disk; where letter case counts, as on Linux, it is not found"
        );
        let mut finding = problem(LETTER_CASE, message, from.at(reference));
        finding.severity = Severity::Warning;
        finding.help = Some(fix);
        self.loaded.findings.push(finding);
        other
    }

    fn registry(
        &mut self,
        from: From<'_>,
        reference: &Reference,
        artifact: &Artifact,
        settings: &Settings,
    ) -> Target {
        let path = reference.path.as_deref().unwrap_or_default();
        let registry = &artifact.registry;
        if !self.environment.trusted_registries.contains(registry) {
            let message = format!("the compiler does not trust registry `{registry}`");
            let fix = format!("name `{registry}` in the variable BICEP_TRUSTED_REGISTRIES");
            self.report(from.at(reference), "BCP446", message, &fix);
            return unavailable(format!("registry `{registry}` is not trusted"));
        }
        if let Some(path) = self.restored_module(artifact, settings) {
            let kind = match self.outlines {
                true => Kind::Outline,
                false => Kind::Arm,
            };
            return Target::File(self.take(restored(path, kind)));
        }
        let known = KnownModule::of(artifact)
            .filter(|_| matches!(reference.purpose, Purpose::Module | Purpose::Using));
        self.not_restored(from, reference, known.is_some());
        match known {
            Some(known) => Target::File(self.take(stand_in(artifact, known))),
            None => unavailable(not_here(path)),
        }
    }

    fn template_spec(
        &mut self,
        from: From<'_>,
        reference: &Reference,
        spec: &TemplateSpec,
        settings: &Settings,
    ) -> Target {
        if let Some(path) = self.restored_spec(spec, settings) {
            return Target::File(self.take(restored(path, Kind::TemplateSpec)));
        }
        self.not_restored(from, reference, false);
        unavailable(not_here(reference.path.as_deref().unwrap_or_default()))
    }

    /// Says that a module is not in the cache. An information, not an error: it is a fact about this
    /// machine and no mistake in the file, and what cannot be judged without the module is a verdict
    /// of its own.
    fn not_restored(&mut self, from: From<'_>, reference: &Reference, is_known: bool) {
        let path = reference.path.as_deref().unwrap_or_default();
        let so = match is_known {
            true => "judged by what is known of it",
            false => "what it holds is not known",
        };
        let message = format!("`{path}` is not restored on this machine; {so}");
        let mut finding = problem("BCP190", message, from.at(reference));
        finding.severity = Severity::Info;
        finding.help = Some(format!("run `bicep restore {}`", from.path));
        self.loaded.findings.push(finding);
    }

    pub(super) fn report(&mut self, at: Location, code: &'static str, message: String, fix: &str) {
        let mut finding = problem(code, message, at);
        finding.help = Some(fix.to_owned());
        self.loaded.findings.push(finding);
    }
}

fn not_here(path: &str) -> Arc<str> {
    format!("`{path}` is not on this machine").into()
}

/// A file of the module cache.
fn restored(path: String, kind: Kind) -> Pending {
    Pending {
        place: Place {
            path,
            origin: Origin::Restored,
        },
        kind,
    }
}

/// How the names of stand-ins for public modules begin.
pub(crate) const BUILT_IN: &str = "built-in:";

/// The stand-in for a public module. Its name is no path, so that no file can have it.
fn stand_in(artifact: &Artifact, known: &'static KnownModule) -> Pending {
    let name = artifact.to_string();
    Pending {
        place: Place {
            path: format!("{BUILT_IN}{name}"),
            origin: Origin::Facts(name.into()),
        },
        kind: Kind::Facts(known),
    }
}
