//! Outlines of modules in the cache. A large tree calls hundreds of them, and few hold or feed a
//! resource that is judged: of the others the declarations suffice, without text and bodies.

use std::collections::BTreeSet;
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
    /// Reads again, as a whole, those of `files` of which there is an outline, and the modules whose
    /// outputs secrets are made of: which literals of the user those are can be told only then.
    pub(crate) fn complete(&mut self, file_system: &dyn FileSystem, files: &[bool]) {
        let outlines = self.project.outlines.keys().copied();
        let mut wanted: BTreeSet<FileId> = outlines.filter(|file| files[file.0 as usize]).collect();
        self.read_whole(file_system, &wanted);
        while !self.project.outlines.is_empty() {
            let asked = self.project.outlines_of_secrets();
            let asked = asked.difference(&wanted);
            let more: BTreeSet<FileId> = asked.copied().collect();
            if more.is_empty() {
                return;
            }
            self.read_whole(file_system, &more);
            wanted.extend(more);
        }
    }

    fn read_whole(&mut self, file_system: &dyn FileSystem, wanted: &BTreeSet<FileId>) {
        let sources = &self.sources;
        let whole: Vec<Option<(Lowered, Arc<str>)>> = wanted
            .par_iter()
            .map(|file| {
                let text = read_text(file_system, sources[file.0 as usize].label()).ok()?;
                let json = json::parse(text);
                Some((arm::lower(&json), Arc::clone(json.source())))
            })
            .collect();
        for (&file, whole) in wanted.iter().zip(whole) {
            // What changes on disk meanwhile stays an outline, of whose contents nothing is known.
            match whole {
                Some((lowered, text)) if fits(&self.project, file, &lowered) => {
                    self.project.outlines.remove(&file);
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

#[cfg(test)]
mod tests {
    use tricep_rules::Outcome;

    use super::*;
    use std::collections::BTreeSet;

    use crate::load::{load, load_outlined};
    use crate::{CheckOptions, Environment, MemoryFileSystem, check};

    const NET: &str = r#"{
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "open": { "type": "bool", "defaultValue": true } },
        "variables": { "all": ["0.0.0.0/0"] },
        "resources": [
            {
                "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
                "properties": {
                    "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" },
                    "template": {
                        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                        "contentVersion": "1.0.0.0",
                        "resources": [
                            { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-09-01", "name": "v" }
                        ],
                        "outputs": { "ranges": { "type": "array", "value": [] } }
                    }
                }
            }
        ],
        "outputs": { "ranges": { "type": "array", "value": "[reference('inner').outputs.ranges.value]" } }
    }"#;
    const CALL: &str =
        "module net 'br:mcr.microsoft.com/x/net:1.0' = { params: { open: false } }\n";
    const CLUSTER: &str = "resource aks 'Microsoft.ContainerService/managedClusters@2024-02-01' = {
          name: 'aks'
          location: 'westeurope'
          properties: { apiServerAccessProfile: { authorizedIPRanges: net.outputs.ranges } }
        }";

    fn files(main: &str, module: &str) -> MemoryFileSystem {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", main);
        let root = "/c/br/mcr.microsoft.com/x$net/1.0$";
        for (name, text) in [
            ("main.json", module),
            ("manifest", "{}"),
            ("metadata", "{}"),
        ] {
            files.insert(format!("{root}/{name}"), text);
        }
        files
    }

    fn environment() -> Environment {
        Environment {
            module_cache: Some("/c".to_owned()),
            ..Environment::default()
        }
    }

    fn outlined(files: &MemoryFileSystem) -> Loaded {
        load_outlined(
            files,
            &["main.bicep".to_owned()],
            &BTreeSet::new(),
            &[],
            &environment(),
        )
    }

    #[test]
    fn an_outline_has_the_declarations_and_resources_of_the_module_and_no_text() {
        let loaded = outlined(&files(CALL, NET));
        let [_, module, inner] = &loaded.project.units[..] else {
            panic!("a file, its module and the template in that");
        };
        assert_eq!(&*module.text, "");
        assert!(module.template.parameter("open").is_some());
        assert!(module.template.output("ranges").is_some());
        assert_eq!(module.template.variables.len(), 1);
        assert_eq!(inner.template.resources.len(), 1);
        assert!(inner.template.output("ranges").is_none());
    }

    #[test]
    fn a_completed_outline_is_the_whole_module() {
        let files = files(CALL, NET);
        let mut loaded = outlined(&files);
        loaded.complete(&files, &[true; 3]);
        let whole = load(&files, &["main.bicep".to_owned()], &environment());
        let shown = |loaded: &Loaded| format!("{:?} {:?}", loaded.project, loaded.sources);
        assert_eq!(shown(&loaded), shown(&whole));
    }

    #[test]
    fn a_module_that_changes_meanwhile_stays_an_outline() {
        let mut loaded = outlined(&files(CALL, NET));
        loaded.complete(&files(CALL, "{}"), &[true; 3]);
        assert_eq!(loaded.project.units[2].template.resources.len(), 1);
        assert_eq!(&*loaded.project.units[1].text, "");
    }

    #[test]
    fn a_module_with_something_unread_is_kept_whole() {
        let linked = NET
            .replace(
                "\"Incremental\"",
                "\"Incremental\", \"template\": \"[x()]\"",
            )
            .replace("\"template\": {", "\"other\": {");
        let loaded = outlined(&files(CALL, &linked));
        assert_eq!(*loaded.project.units[1].text, *linked);
    }

    #[test]
    fn a_value_that_comes_out_of_a_module_is_judged() {
        let options = CheckOptions {
            files: vec!["main.bicep".to_owned()],
            environment: environment(),
            rules: Some(vec!["aks-authorized-ip-ranges"]),
            ..CheckOptions::default()
        };
        let report = check(&files(&format!("{CALL}{CLUSTER}"), NET), &options);
        let outcomes: Vec<Outcome> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.is_some())
            .map(|finding| finding.outcome)
            .collect();
        assert_eq!(outcomes, [Outcome::Fail]);
    }
}
