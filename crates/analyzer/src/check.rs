//! Checks a set of files: loads them, decides which are deployments, asks every rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use tricep_rules::{
    Finding, Note, Outcome, Reaching, Reason, Rule, RuleMeta, Severity, judge, merge,
};
use tricep_semantic::eval::{AssignmentProblem, Assumptions, Evaluator};
use tricep_semantic::project::{Inputs, Origin, Project, Target, Unit};
use tricep_semantic::template::{ExprKind, Resource, Template};
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Location};

use crate::FileSystem;
use crate::fix::{TextEdits, changeable};
use crate::levels::Levels;
use crate::load::{Environment, Loaded, ParameterFile, load_outlined, problem};
use crate::mask::mask_secrets;
use crate::progress::Progress;
use crate::report::Report;
use crate::suppress::{Judged, Silencer, useless};
use crate::types::type_problems;

/// The types of resources that deploy a template written into one of their properties.
const DEPLOYING: [&str; 2] = [
    "Microsoft.Resources/deployments",
    "Microsoft.Resources/deploymentStacks",
];

/// What to check and how.
#[derive(Clone, Default, Debug)]
pub struct CheckOptions {
    /// The files to judge, as paths of the file system.
    pub files: Vec<String>,
    /// Those of the files that the configuration may leave out, since nobody named them.
    pub excludable: BTreeSet<String>,
    /// Parameter files in JSON with the templates that they are for: each is a deployment.
    pub parameters: Vec<ParameterFile>,
    /// What parameter files may learn of their surroundings.
    pub inputs: Inputs,
    /// What the surroundings say about modules.
    pub environment: Environment,
    /// The names of the rules to ask, whatever the configuration says; `None`: those that it leaves on.
    pub rules: Option<Vec<&'static str>>,
    /// The names of rules and codes of problems that are left out, whatever else says otherwise.
    pub ignored: Vec<String>,
    /// Where to note how far the check is.
    pub progress: Arc<Progress>,
}

/// Reads, evaluates and judges the files and what they reach.
#[must_use]
pub fn check(file_system: &dyn FileSystem, options: &CheckOptions) -> Report {
    let Checked { report, project } = check_whole(file_system, options);
    // Taking thousands of templates apart takes as long as to print the report, and nobody waits.
    rayon::spawn(move || drop(project));
    report
}

/// A report, and what it is about.
pub(crate) struct Checked {
    pub(crate) report: Report,
    pub(crate) project: Project,
}

/// As [`check`], with the files.
pub(crate) fn check_whole(file_system: &dyn FileSystem, options: &CheckOptions) -> Checked {
    let mut loaded = load_outlined(
        file_system,
        &options.files,
        &options.excludable,
        &options.parameters,
        &options.environment,
    );
    loaded.project.inputs = options.inputs.clone();
    let mistyped = type_problems(&loaded.project);
    loaded.findings.extend(mistyped);
    let entries = entries(&loaded.project, loaded.named);
    let rules = Levels {
        project: &loaded.project,
        sources: &loaded.sources,
        policies: &loaded.policies,
        selected: options.rules.as_deref(),
        ignored: &options.ignored,
    }
    .asked();
    let evaluated = evaluated(&loaded.project, &rules, &entries);
    loaded.complete(file_system, &evaluated);
    let Loaded {
        project,
        sources,
        mut findings,
        unreadable,
        named,
        suppressions,
        read,
        policies,
        excluded,
        misconfigured,
        ..
    } = loaded;
    findings.extend(assignments(&project, &entries, &findings));
    let levels = Levels {
        project: &project,
        sources: &sources,
        policies: &policies,
        selected: options.rules.as_deref(),
        ignored: &options.ignored,
    };
    findings = levels.of_problems(findings);
    findings.extend(ask(&rules, &levels, &entries, &options.progress));
    findings.extend(unread_modules(&rules, &levels));
    let whole = judged_whole(&project, &entries, &findings);
    let mut silencer = Silencer::new(&suppressions, &sources);
    // What is silenced at one resource may fail at another: only what is left is put together.
    let (silent, told): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|finding| silencer.is_silenced(finding));
    let silenced = merge(silent).len();
    findings = merge(told);
    let mut useless = levels.of_problems(useless_names(&silencer, &levels, &rules, &whole, named));
    useless.retain(|finding| !silencer.is_silenced(finding));
    findings.append(&mut useless);
    let may_change = changeable(file_system, &project, &sources, named);
    let text_edits = TextEdits::of(&mut findings, &sources, may_change);
    let is_read = |unit: &&Unit| !matches!(unit.origin, Origin::Facts(_));
    let resources = project
        .units
        .iter()
        .filter(is_read)
        .map(|unit| unit.template.resources.len())
        .sum();
    let mut report = Report {
        sources,
        named,
        findings,
        resources,
        unreadable,
        read,
        silenced,
        text_edits,
        in_baseline: 0,
        excluded,
        misconfigured,
        fail_on: policies
            .iter()
            .map(|policy| policy.fail_on.as_ref().map(|set| set.value))
            .collect(),
    };
    report.sort();
    mask_secrets(&project, &mut report.sources, &mut report.findings);
    Checked { report, project }
}

/// For each file whether all of it was judged, so that what silences nothing there silences nothing at
/// all: it is a deployment or is deployed, and no mistake keeps rules from looking at it.
fn judged_whole(project: &Project, entries: &[FileId], findings: &[Finding]) -> Vec<bool> {
    let mut whole = vec![false; project.units.len()];
    let judged = findings.iter().filter(|finding| finding.rule.is_some());
    let resources = judged.filter_map(|finding| Some(finding.resource.as_ref()?.at.file));
    for file in entries.iter().copied().chain(resources) {
        whole[file.0 as usize] = true;
    }
    let is_mistake =
        |finding: &&Finding| finding.rule.is_none() && finding.severity == Severity::Error;
    for finding in findings.iter().filter(is_mistake) {
        whole[finding.at.file.0 as usize] = false;
    }
    whole
}

/// What is said of names in the files of this run that silence nothing.
fn useless_names(
    silencer: &Silencer<'_>,
    levels: &Levels<'_>,
    rules: &[&Rule],
    whole: &[bool],
    named: usize,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in (0..named as u32).map(FileId) {
        let asked =
            |meta: &RuleMeta| rules.iter().any(|rule| rule.meta == meta) && levels.asks(meta, file);
        findings.append(&mut useless(
            silencer,
            &Judged {
                file,
                source: &levels.sources[file.0 as usize],
                whole: whole[file.0 as usize],
                asked: &asked,
            },
        ));
    }
    findings
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

/// For each file whether it is evaluated: what deployments refer to that hold a resource which a rule
/// judges, or that are given parameters.
fn evaluated(project: &Project, rules: &[&Rule], entries: &[FileId]) -> Vec<bool> {
    let reaching = Reaching::new(project, rules);
    let is_evaluated = |entry: &FileId| {
        let mut judged = rules.iter().flat_map(|rule| rule.resource_types);
        judged.any(|r#type| reaching.reaches(*entry, r#type))
            || project.template(*entry).using.is_some()
    };
    project.reached_from(entries.iter().copied().filter(is_evaluated))
}

/// What is wrong with the values that the deployments are given. Where something is known to be wrong
/// already, nothing more is said.
pub(crate) fn assignments(
    project: &Project,
    entries: &[FileId],
    known: &[Finding],
) -> Vec<Finding> {
    let problems: Vec<Vec<AssignmentProblem>> = entries
        .par_iter()
        .map(|&entry| {
            let assumptions = Assumptions::default();
            let mut evaluator = Evaluator::new(project, &assumptions);
            let frame = evaluator.deploy(entry);
            evaluator.assignment_problems(frame)
        })
        .collect();
    let errors = known
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut known: Vec<Location> = errors.map(|finding| finding.at).collect();
    known.sort_unstable();
    let is_new = |problem: &AssignmentProblem| {
        let at = problem.at;
        let before = |known: &Location| (known.file, known.span.start) < (at.file, at.span.start);
        let behind = known.iter().skip(known.partition_point(before));
        let mut near =
            behind.take_while(|known| known.file == at.file && known.span.start <= at.span.end);
        !near.any(|known| at.span.encloses(known.span))
    };
    let problems = problems.into_iter().flatten().filter(is_new);
    problems
        .map(|found| problem(found.code, found.message, found.at))
        .collect()
}

/// Every verdict about the deployments, whatever is silenced. Thresholds are those of the file that is deployed, the weight
/// of a finding is that of the file it stands in.
fn ask(
    rules: &[&Rule],
    levels: &Levels<'_>,
    entries: &[FileId],
    progress: &Progress,
) -> Vec<Finding> {
    let project = levels.project;
    progress.start(entries.len());
    let reaching = Reaching::new(project, rules);
    let findings: Vec<Vec<Finding>> = entries
        .par_iter()
        .map(|&entry| {
            let settings = levels.policies[entry.0 as usize].settings();
            let findings = judge(project, rules, entry, settings, &reaching);
            progress.one_more();
            findings
                .into_iter()
                .filter_map(|finding| levels.of_verdict(entry, finding))
                .map(|finding| with_parameters(project, entry, finding))
                .collect()
        })
        .collect();
    findings.into_iter().flatten().collect()
}

/// A finding that names the parameter file of its deployment, somewhere.
fn with_parameters(project: &Project, entry: FileId, mut finding: Finding) -> Finding {
    let template = project.template(entry);
    let Some(using) = template.using else {
        return finding;
    };
    let notes = finding.trail.iter().chain(&finding.related);
    let mut places = notes.map(|note| note.at).chain([finding.at]);
    if places.all(|at| at.file != entry) {
        let span = template.references[using].at;
        finding.related.push(Note {
            at: Location { file: entry, span },
            message: "deployed with these parameters".to_owned(),
        });
    }
    finding
}

/// Module calls, and templates of parameter files, that cannot be read: nobody knows what they
/// deploy.
fn unread_modules(rules: &[&'static Rule], levels: &Levels<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, unit) in levels.project.units.iter().enumerate() {
        // One rule speaks for all: the reason is the same.
        let Some(rule) = levels.speaker(rules, FileId(file as u32)) else {
            continue;
        };
        let template = &unit.template;
        let modules = template.modules.iter().map(|module| {
            (
                module.reference,
                module.at,
                format!("what module `{}` deploys", module.name),
            )
        });
        findings.extend(template.resources.iter().filter_map(|resource| {
            let why = why_unread(template, resource)?;
            let at = Location {
                file: FileId(file as u32),
                span: resource.at,
            };
            let what = format!("what `{}` deploys", resource.name);
            Some(unread(rule, at, what, why))
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

/// Why it cannot be told what a resource deploys, if it may deploy others than itself or be of any type.
pub(crate) fn why_unread(template: &Template, resource: &Resource) -> Option<&'static str> {
    if resource.existing {
        return None;
    }
    let Some(r#type) = &resource.r#type else {
        // In a template that is written out in Bicep.
        return (template.dialect == Dialect::Arm).then_some("its type is computed");
    };
    let name = r#type.as_str();
    // The engine takes the text as it stands; what Azure makes of it nobody can tell (`arm` expr-24).
    if template.dialect == Dialect::Arm && name.starts_with('[') {
        return Some("its type is an expression");
    }
    let deploys = DEPLOYING
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    let is_open = deploys && resource.deploys.is_none() && !deploys_nothing(template, resource);
    is_open
        .then_some("its template stands in a property and is computed, or not read by this version")
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
        fixes: Vec::new(),
    }
}

/// Whether a deployment resource has a template written into it that plainly holds no resources, as
/// those have that only count uses of a module.
fn deploys_nothing(template: &Template, deployment: &Resource) -> bool {
    let mut path = ["properties", "template", "resources"].iter();
    let resources = path.try_fold(deployment.body.object, |here, name| {
        template.member_of(here, name)
    });
    resources.is_some_and(|resources| match &template.exprs[resources].kind {
        ExprKind::Array(items) => items.is_empty(),
        ExprKind::Object(properties) => properties.is_empty(),
        _ => false,
    })
}
