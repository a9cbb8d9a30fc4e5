//! What one file would deploy: reads it and all it refers to, and expands it.

use tricep_catalogue::azure;
use tricep_rules::{Finding, Severity};
use tricep_semantic::eval::{Assumptions, Budget, Metadata};
use tricep_semantic::project::{Inputs, Project, Target};
use tricep_semantic::resolve::{Expanded, expand, hide_sensitive};
use tricep_syntax::text::{FileId, Location, Source, Span};

use crate::FileSystem;
use crate::check::assignments;
use crate::load::{Environment, Loaded, ParameterFile, load_with, problem};
use crate::mask::mask_secrets;
use crate::report::sort;
use crate::types::type_problems;

/// The file that is deployed: it is the first that is read.
const ENTRY: FileId = FileId(0);

/// What to resolve and how.
#[derive(Clone, Default, Debug)]
pub struct ResolveOptions {
    /// The template or parameter file to deploy, as a path of the file system.
    pub file: String,
    /// A parameter file to deploy the template with. One in Bicep (`.bicepparam`) must be for that
    /// template; any other is JSON.
    pub parameters: Option<String>,
    /// What parameter files may learn of their surroundings.
    pub inputs: Inputs,
    /// What the surroundings say about modules.
    pub environment: Environment,
    /// What is fixed about the deployment.
    pub metadata: Metadata,
}

/// What a file would deploy.
pub struct Resolved {
    /// The files that were read; `FileId(n)` is the n-th.
    pub sources: Vec<Source>,
    /// The resources and outputs, and what could not be expanded.
    pub expanded: Expanded,
    /// What is wrong with the texts, with the references between them and with the values of
    /// parameters, sorted by file and place. Of what types say only the errors are here.
    pub findings: Vec<Finding>,
    /// Whether a file that was named could not be read.
    pub unreadable: bool,
}

/// Expands the deployment of `file`, a template or a parameter file, as far as it is known.
#[must_use]
pub fn resolve(
    file_system: &dyn FileSystem,
    file: &str,
    environment: &Environment,
    metadata: &Metadata,
) -> Resolved {
    let options = ResolveOptions {
        file: file.to_owned(),
        environment: environment.clone(),
        metadata: metadata.clone(),
        ..ResolveOptions::default()
    };
    resolve_with(file_system, &options)
}

/// Expands a deployment with the parameters that are given.
#[must_use]
pub fn resolve_with(file_system: &dyn FileSystem, options: &ResolveOptions) -> Resolved {
    let Loaded {
        mut project,
        mut sources,
        mut findings,
        unreadable,
        ..
    } = load_entry(file_system, options);
    project.inputs = options.inputs.clone();
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    findings.extend(type_problems(&project).into_iter().filter(is_error));
    findings.extend(assignments(&project, &[ENTRY], &findings));
    let expanded = match for_another(&project, &sources, options) {
        None => expanded(&project, &options.metadata),
        Some(mismatch) => {
            findings.push(mismatch);
            Expanded::default()
        }
    };
    sort(&mut findings, &sources);
    mask_secrets(&project, &mut sources, &mut findings);
    Resolved {
        expanded,
        findings,
        unreadable: unreadable > 0,
        sources,
    }
}

/// Reads the files, that which is deployed first.
fn load_entry(file_system: &dyn FileSystem, options: &ResolveOptions) -> Loaded {
    let template = || options.file.clone();
    let (files, in_json) = match &options.parameters {
        None => (vec![template()], None),
        Some(path) if is_bicepparam(path) => (vec![path.clone(), template()], None),
        Some(path) => {
            let parameters = ParameterFile {
                path: path.clone(),
                template: template(),
            };
            (vec![template()], Some(parameters))
        }
    };
    load_with(
        file_system,
        &files,
        in_json.as_slice(),
        &options.environment,
    )
}

fn is_bicepparam(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".bicepparam")
}

/// What is wrong if the parameter file names another template than the one that is to be deployed, or
/// none. That it names one which cannot be read is said elsewhere.
fn for_another(project: &Project, sources: &[Source], options: &ResolveOptions) -> Option<Finding> {
    options.parameters.as_ref()?;
    let (span, named) = match project.template(ENTRY).using {
        None => (Span::at(0), "no template".to_owned()),
        Some(using) => {
            let Target::File(target) = project.unit(ENTRY).targets[using] else {
                return None;
            };
            let label = sources.get(target.0 as usize)?.label();
            if label == options.file {
                return None;
            }
            let span = project.template(ENTRY).references[using].at;
            (span, format!("`{label}`"))
        }
    };
    let file = &options.file;
    let message = format!("these parameters are for {named}, not for `{file}`");
    let at = Location { file: ENTRY, span };
    Some(problem("parameters-for-another-template", message, at))
}

fn expanded(project: &Project, metadata: &Metadata) -> Expanded {
    let assumptions = Assumptions::default();
    let metadata = Metadata {
        hides_secrets: true,
        ..metadata.clone()
    };
    let mut budget = Budget::default();
    let mut expanded = expand(project, ENTRY, &assumptions, &metadata, &mut budget);
    for resource in &mut expanded.resources {
        hide_sensitive(azure(), resource);
    }
    expanded
}
