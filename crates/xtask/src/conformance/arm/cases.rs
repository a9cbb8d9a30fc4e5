//! Whole templates: what they deploy, whether they fail, and what the rule about clusters says.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, Metadata, check, load};
use tricep_rules::Severity;
use tricep_semantic::eval::{Assumptions, Budget, Evaluator};
use tricep_semantic::resolve::{Expanded, expand};
use tricep_syntax::arm::ExpressionError;
use tricep_syntax::text::FileId;

use super::{failure, outcome};
use crate::conformance::score::{Answer, Outcome};
use crate::conformance::snapshots::compare::Leaves;
use crate::conformance::snapshots::files::parameters;
use crate::conformance::snapshots::pairing;

#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    topic: String,
    files: BTreeMap<String, String>,
    entry: String,
    params: Map<String, Json>,
    metadata: Told,
    outcome: String,
    #[serde(default)]
    resources: Vec<Map<String, Json>>,
    #[serde(default)]
    outputs: Map<String, Json>,
    #[serde(default, rename = "engineDiagnostics")]
    engine_diagnostics: Vec<String>,
    error: Option<Failure>,
    #[serde(default)]
    aks: Vec<Verdict>,
    twin: Option<Twin>,
}

#[derive(Deserialize)]
struct Failure {
    phase: String,
    message: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    tenant_id: Option<String>,
    management_group_id: Option<String>,
    subscription_id: Option<String>,
    resource_group: Option<String>,
    location: Option<String>,
    deployment_name: Option<String>,
}

#[derive(Deserialize)]
struct Verdict {
    verdict: String,
    certain: Option<String>,
}

#[derive(Deserialize)]
struct Twin {
    bicep: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

/// What tricep says to a case.
pub(super) fn answers(case: &Case) -> Vec<Answer> {
    let mut answers = vec![expansion(case, &case.id, &case.files, &case.entry)];
    if let Some(twin) = &case.twin {
        let mut files = twin.files.clone();
        files.insert("main.bicep".to_owned(), twin.bicep.clone());
        answers.push(expansion(
            case,
            &format!("{}/bicep", case.id),
            &files,
            "main.bicep",
        ));
    }
    if case.outcome == "expanded" && !case.aks.is_empty() {
        answers.push(verdicts(case));
    }
    answers
}

/// The files, and with them the parameter file that is deployed, if there are parameters.
fn with_parameters(
    case: &Case,
    files: &BTreeMap<String, String>,
    entry: &str,
) -> (MemoryFileSystem, String) {
    let mut memory = MemoryFileSystem::default();
    for (path, text) in files {
        memory.insert(path.clone(), text.clone());
    }
    if case.params.is_empty() {
        return (memory, entry.to_owned());
    }
    let text = format!("using './{entry}'\n{}", parameters(&case.params));
    memory.insert("made.bicepparam", text);
    (memory, "made.bicepparam".to_owned())
}

fn expansion(case: &Case, id: &str, files: &BTreeMap<String, String>, entry: &str) -> Answer {
    let (files, entry) = with_parameters(case, files, entry);
    let told = &case.metadata;
    let metadata = Metadata {
        tenant: told.tenant_id.clone(),
        management_group: told.management_group_id.clone(),
        subscription: told.subscription_id.clone(),
        resource_group: told.resource_group.clone(),
        location: told.location.clone(),
        deployment: told.deployment_name.clone(),
        ..Metadata::default()
    };
    let loaded = load(&files, &[entry], &Environment::default());
    let refused = loaded
        .findings
        .iter()
        // A mistake in an expression matters only where it is evaluated (faulty-13).
        .filter(|finding| finding.code != ExpressionError::CODE)
        .find(|finding| finding.severity == Severity::Error);
    let assumptions = Assumptions::default();
    let expanded = expand(
        &loaded.project,
        FileId(0),
        &assumptions,
        &metadata,
        &mut Budget::default(),
    );
    let failed = refused.map(|finding| format!("{}: {}", finding.code, finding.message));
    let failed = failed.or_else(|| failure_of(&expanded)).or_else(|| {
        let mut evaluator = Evaluator::new(&loaded.project, &assumptions).told(&metadata);
        let frame = evaluator.deploy(FileId(0));
        evaluator
            .audit(frame)
            .filter(|why| why.stops())
            .map(|why| why.to_string())
    });
    let (outcome, detail) = match (&*case.outcome, failed) {
        ("failed", Some(_)) => (Outcome::Right, String::new()),
        ("failed", None) => {
            let error = case.error.as_ref();
            let message = error.map(|error| error.reason.as_ref().unwrap_or(&error.message));
            let phase = error.map_or("", |error| &*error.phase);
            (
                Outcome::Unknown,
                format!("expected a failure ({phase}): {message:?}"),
            )
        }
        (_, Some(why)) => (Outcome::Wrong, format!("fails: {why}")),
        (_, None) => compared(case, &expanded),
    };
    Answer {
        id: id.to_owned(),
        topic: format!("template {}", case.topic),
        outcome,
        detail,
    }
}

/// Why a deployment fails, as far as its values tell.
fn failure_of(expanded: &Expanded) -> Option<String> {
    let of_resources = expanded.resources.iter().flat_map(|resource| {
        [&resource.name, &resource.id, &resource.body]
            .into_iter()
            .find_map(failure)
    });
    let of_outputs = expanded
        .outputs
        .iter()
        .filter_map(|output| failure(&output.value));
    let of_problems = expanded.problems.iter();
    let of_problems = of_problems.filter(|problem| problem.why.stops());
    of_resources
        .chain(of_outputs)
        .chain(of_problems.map(|problem| format!("{}: {}", problem.what, problem.why)))
        .next()
}

fn compared(case: &Case, expanded: &Expanded) -> (Outcome, String) {
    let mut all = Leaves::default();
    for problem in &expanded.problems {
        if case.engine_diagnostics.is_empty() {
            all.places
                .push(format!("unknown {}: {}", problem.what, problem.why));
        }
    }
    let pairs = pairing::pair(&case.resources, &expanded.resources);
    // What is in a deployment that the engine could not expand is not printed, and said so.
    let short = !case.engine_diagnostics.is_empty();
    if !(pairs.left.is_empty() && (short || pairs.extra.is_empty())) {
        match expanded.problems.is_empty() {
            true => all.wrong.push(pairs.differences()),
            false => all.places.push(format!("unknown {}", pairs.differences())),
        }
    }
    for (printed, ours) in &pairs.paired {
        all.add(pairing::compare(printed, ours));
    }
    for output in &expanded.outputs {
        let printed = case.outputs.get(&*output.name);
        pairing::compare_output(&mut all, &output.name, printed, &output.value);
    }
    for (name, printed) in &case.outputs {
        if !expanded.outputs.iter().any(|output| *output.name == **name) {
            all.wrong.push(format!("output {name}: missing {printed}"));
        }
    }
    outcome(&all)
}

/// The verdicts of the rule about clusters. Of the copies of one declaration the rule says one thing, so
/// only whether there are failing and open ones is compared. What it adds is left out: that an entry is no
/// address, and that a module cannot be read.
fn verdicts(case: &Case) -> Answer {
    let (files, entry) = with_parameters(case, &case.files, &case.entry);
    let options = CheckOptions {
        files: vec![entry],
        environment: Environment::default(),
        rules: Some(vec!["aks-authorized-ip-ranges"]),
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    let expected = |wanted: &str| {
        let mut verdicts = case.aks.iter();
        verdicts.any(|of| *of.certain.as_ref().unwrap_or(&of.verdict) == wanted)
    };
    let (fail, inconclusive) = (expected("fail"), expected("inconclusive"));
    let of_rule = report.findings.iter().filter(|finding| {
        let is_invalid = |reason: &tricep_rules::Reason| reason.name() == "invalid-ip";
        let invalid = finding.reason.as_ref().is_some_and(is_invalid);
        finding.rule.is_some() && finding.resource.is_some() && (fail || !invalid)
    });
    let found: Vec<_> = of_rule.map(|finding| finding.outcome).collect();
    let (failing, open) = (
        found.contains(&tricep_rules::Outcome::Fail),
        found.contains(&tricep_rules::Outcome::Unknown),
    );
    let shown: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| &*finding.message)
        .collect();
    let outcome = match (fail, inconclusive) == (failing, open) {
        true => Outcome::Right,
        // A cluster that fails is missed, or one that does not is said to.
        false if fail != failing && !open => Outcome::Wrong,
        false if failing && !fail => Outcome::Wrong,
        false => Outcome::Unknown,
    };
    Answer {
        id: format!("{}/aks", case.id),
        topic: "aks".to_owned(),
        outcome,
        detail: format!(
            "expected failing {fail}, open {inconclusive}; got {failing}, {open}: {shown:?}"
        ),
    }
}
