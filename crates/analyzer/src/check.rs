//! Checks a set of files: loads them, decides which are deployments, asks every rule.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;
use tricep_rules::{Finding, Outcome, RULES, Reason, Rule, Severity, judge, merge};
use tricep_semantic::project::{Origin, Project, Target, Unit};
use tricep_semantic::template::{ExprKind, Property, PropertyKey, Resource, Template};
use tricep_syntax::text::{FileId, Location, Source};

use crate::FileSystem;
use crate::load::{Environment, Loaded, load};
use crate::report::Report;
use crate::suppress::is_silenced;
use crate::types::type_problems;

/// The type of a resource that deploys a template written into one of its properties.
const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// What to check and how.
#[derive(Clone, Default, Debug)]
pub struct CheckOptions {
    /// The files to judge, as paths of the file system.
    pub files: Vec<String>,
    /// What the surroundings say about modules.
    pub environment: Environment,
}

/// Reads, evaluates and judges the files and what they reach.
#[must_use]
pub fn check(file_system: &dyn FileSystem, options: &CheckOptions) -> Report {
    let Loaded {
        project,
        sources,
        mut findings,
        unreadable,
        named,
        suppressions,
        read,
    } = load(file_system, &options.files, &options.environment);
    findings.extend(type_problems(&project));
    let entries = entries(&project, named);
    for rule in RULES {
        findings.extend(ask(&project, rule, &entries));
        findings.extend(unread_modules(&project, rule));
    }
    let found = findings.len();
    findings.retain(|finding| !is_silenced(&suppressions, finding));
    let silenced = found - findings.len();
    let is_read = |unit: &&Unit| !matches!(unit.origin, Origin::Facts(_));
    let resources = project
        .units
        .iter()
        .filter(is_read)
        .map(|unit| unit.template.resources.len())
        .sum();
    let mut report = Report {
        sources,
        findings,
        resources,
        unreadable,
        read,
        silenced,
    };
    report.sort();
    mask_secrets(&project, &mut report);
    report
}

/// Exchanges the texts that findings show for what may be shown of them.
fn mask_secrets(project: &Project, report: &mut Report) {
    let places = report.findings.iter().flat_map(|finding| {
        let notes = finding.trail.iter().chain(&finding.related);
        let resource = finding.resource.iter().map(|resource| resource.at);
        notes
            .map(|note| note.at)
            .chain(resource)
            .chain([finding.at])
    });
    let files: BTreeSet<u32> = places.map(|at| at.file.0).collect();
    for file in files {
        let source = &mut report.sources[file as usize];
        if let Cow::Owned(text) = project.shown_file(FileId(file)) {
            *source = Source::new(source.label(), text);
        }
    }
}

/// The files that are deployments of their own: those named that no other file deploys. Where files
/// deploy each other in a circle, the first named of them is one too, so that nothing is passed over.
fn entries(project: &Project, named: usize) -> Vec<FileId> {
    let used = project.used_as_module();
    let named: Vec<FileId> = (0..named as u32).map(FileId).collect();
    let mut entries = Vec::new();
    let mut reached = vec![false; project.units.len()];
    let (unused, in_use): (Vec<FileId>, Vec<FileId>) =
        named.into_iter().partition(|file| !used.contains(file));
    for file in unused.into_iter().chain(in_use) {
        if !reached[file.0 as usize] {
            entries.push(file);
            reach(project, file, &mut reached);
        }
    }
    entries
}

fn reach(project: &Project, from: FileId, reached: &mut [bool]) {
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        if !std::mem::replace(&mut reached[file.0 as usize], true) {
            open.extend(project.deployed_by(file).map(|(_, target)| target));
        }
    }
}

fn ask(project: &Project, rule: &Rule, entries: &[FileId]) -> Vec<Finding> {
    let reaching = project.reaching(rule.resource_type);
    let findings: Vec<Vec<Finding>> = entries
        .par_iter()
        .filter(|entry| reaching[entry.0 as usize])
        .map(|&entry| judge(project, rule, entry, &reaching))
        .collect();
    merge(findings.into_iter().flatten().collect())
}

/// Module calls, and templates of parameter files, that cannot be read: nobody knows what they
/// deploy.
fn unread_modules(project: &Project, rule: &Rule) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, unit) in project.units.iter().enumerate() {
        let template = &unit.template;
        let modules = template.modules.iter().map(|module| {
            (
                module.reference,
                module.at,
                format!("what module `{}` deploys", module.name),
            )
        });
        let inline = template.resources.iter().filter(|resource| {
            let is_deployment = resource
                .r#type
                .as_ref()
                .is_some_and(|r#type| r#type.is(DEPLOYMENT));
            is_deployment
                && !resource.existing
                && resource.deploys.is_none()
                && !deploys_nothing(template, resource)
        });
        findings.extend(inline.map(|resource| {
            let at = Location {
                file: FileId(file as u32),
                span: resource.at,
            };
            let why = "its template stands in a property, which this version does not read";
            unread(rule, at, format!("what `{}` deploys", resource.name), why)
        }));
        let using = template.using.map(|reference| {
            (
                reference,
                template.references[reference].at,
                "what this file deploys".to_owned(),
            )
        });
        for (reference, span, what) in modules.chain(using) {
            let Target::Unavailable(why) = &unit.targets[reference] else {
                continue;
            };
            let at = Location {
                file: FileId(file as u32),
                span,
            };
            findings.push(unread(rule, at, what, why));
        }
    }
    findings
}

/// The finding that nobody knows `what`, because of `why`.
fn unread(rule: &Rule, at: Location, what: String, why: &str) -> Finding {
    Finding {
        code: rule.meta.name,
        rule: Some(rule.meta),
        outcome: Outcome::Unknown,
        reason: Some(Reason::MODULE),
        severity: Severity::Info,
        message: format!("cannot tell {what}: {why}"),
        at,
        resource: None,
        trail: Vec::new(),
        related: Vec::new(),
        help: None,
    }
}

/// Whether a deployment resource has a template written into it that plainly holds no resources, as
/// those have that only count uses of a module.
fn deploys_nothing(template: &Template, deployment: &Resource) -> bool {
    let mut here = deployment.body.object;
    for name in ["properties", "template", "resources"] {
        let ExprKind::Object(properties) = &template.exprs[here].kind else {
            return false;
        };
        let value = properties.iter().find_map(|property| match property {
            Property::Set {
                key: PropertyKey::Fixed(key),
                value,
            } if key.eq_ignore_ascii_case(name) => Some(*value),
            _ => None,
        });
        match value {
            Some(value) => here = value,
            None => return false,
        }
    }
    matches!(&template.exprs[here].kind, ExprKind::Array(items) if items.is_empty())
}
