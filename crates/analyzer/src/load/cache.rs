//! The module cache on disk, as the compiler lays it out. It is read and never written.

use tricep_semantic::project::{Artifact, TemplateSpec};

use super::Loading;
use crate::config::Settings;
use crate::join_path;

/// The compiled template of a module.
const MAIN: &str = "main.json";
/// Without these the compiler takes a module from a registry as not restored
/// (`OciArtifactRegistry.IsArtifactRestoreRequired`); what is in them does not matter.
const WITNESSES: [&str; 2] = ["manifest", "metadata"];

impl Loading<'_> {
    /// The template of a module from a registry, if it is restored.
    pub(super) fn restored_module(
        &self,
        artifact: &Artifact,
        settings: &Settings,
    ) -> Option<String> {
        let folder = self.cache_folder(&artifact.folder(), settings)?;
        let is_there = |name: &str| self.file_system.is_file(&format!("{folder}/{name}"));
        let complete = is_there(MAIN) && WITNESSES.into_iter().all(is_there);
        complete.then(|| format!("{folder}/{MAIN}"))
    }

    /// The file with a template spec, if it is restored.
    pub(super) fn restored_spec(&self, spec: &TemplateSpec, settings: &Settings) -> Option<String> {
        let file = format!("{}/{MAIN}", self.cache_folder(&spec.folder(), settings)?);
        self.file_system.is_file(&file).then_some(file)
    }

    /// A folder of the cache that counts.
    fn cache_folder(&self, folder: &str, settings: &Settings) -> Option<String> {
        let own = settings.policy.module_cache.as_ref().map(|set| &set.value);
        let configured = own.or(settings.cache_root.as_ref());
        let root = match (&self.environment.module_cache, configured) {
            (Some(cache), _) => cache.clone(),
            (None, Some(root)) => self.at_home(&root.replace('\\', "/"))?,
            (None, None) => self.at_home("~/.bicep")?,
        };
        // Without `.` and `..`, as all paths of the file system.
        Some(join_path(
            "",
            &format!("{}/{folder}", root.trim_end_matches('/')),
        ))
    }

    /// A path with the home folder in place of a leading `~`.
    fn at_home(&self, path: &str) -> Option<String> {
        match path.strip_prefix('~') {
            Some(rest) => {
                let home = self.environment.home.as_deref()?;
                Some(format!("{}{rest}", home.trim_end_matches('/')))
            }
            None => Some(path.to_owned()),
        }
    }
}
