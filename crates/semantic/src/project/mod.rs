//! The files of an analysis and how they refer to each other. Filled by whoever can read files.

mod graph;
mod inputs;
mod known_modules;
mod reference;
mod secrets;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tricep_syntax::text::{FileId, Span};

pub use graph::Cycle;
pub use inputs::{ExternalInput, Inputs};
pub use known_modules::KnownModule;
pub use reference::{
    Aliases, Artifact, ModuleReference, PathProblem, ReferenceProblem, RegistryAlias, SpecAlias,
    TemplateSpec, TrustedRegistries, Version, is_arm_template,
};
pub use secrets::{Outlined, Outliner};

use crate::index::IndexVec;
use crate::template::{ReferenceId, Template};

/// The files of an analysis; `FileId(n)` is the n-th.
#[derive(Default, Debug)]
pub struct Project {
    /// The files.
    pub units: Vec<Unit>,
    /// What comes from outside of the files.
    pub inputs: Inputs,
    /// The files of which only an outline is kept.
    pub outlines: BTreeMap<FileId, Outlined>,
    /// Where secrets are written, by file; found at the first question.
    secrets: OnceLock<Vec<Vec<Span>>>,
}

/// A file of the project.
#[derive(Debug)]
pub struct Unit {
    /// The text.
    pub text: Arc<str>,
    /// What it declares.
    pub template: Template,
    /// Where each reference of the template leads.
    pub targets: IndexVec<ReferenceId, Target>,
    /// Whose file it is.
    pub origin: Origin,
}

/// Whose file a unit is. Nobody would change a file that is not their own, so findings about it stand
/// where it is used.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Origin {
    /// The user's.
    #[default]
    Own,
    /// That of a module in the cache.
    Restored,
    /// A stand-in made of built-in facts about a public module that is not restored: its name, such
    /// as `br:mcr.microsoft.com/bicep/avm/…:1.0.0`. What it does not say is not known.
    Facts(Arc<str>),
}

/// Where a reference leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// To a file of the project.
    File(FileId),
    /// To a file that is read for its content: its bytes.
    Data(Arc<[u8]>),
    /// To a folder: the names of the files in it, folders left out.
    Folder(Arc<[Arc<str>]>),
    /// Nowhere that can be read here; the words say why, as the end of a sentence:
    /// "module `br/public:…` is not on this machine".
    Unavailable(Arc<str>),
}

impl Project {
    /// A project of these files.
    #[must_use]
    pub fn new(units: Vec<Unit>) -> Self {
        Self {
            units,
            ..Self::default()
        }
    }

    /// A file.
    ///
    /// # Panics
    /// When the id is of another project.
    #[must_use]
    pub fn unit(&self, file: FileId) -> &Unit {
        &self.units[file.0 as usize]
    }

    /// What a file declares.
    #[must_use]
    pub fn template(&self, file: FileId) -> &Template {
        &self.unit(file).template
    }
}
