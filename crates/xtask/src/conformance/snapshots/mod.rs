//! Whole deployments, expanded: ours against what the deployment engine printed.
//!
//! Enters: the checkout that the deployments come from, and the engine's snapshots of them, of which
//! nothing is kept in this repository. Leaves: totals.

pub(super) mod compare;
pub(super) mod files;
pub(super) mod pairing;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;
use tricep_analyzer::{Environment, Loaded, load};
use tricep_semantic::eval::{Assumptions, Budget, Metadata};
use tricep_semantic::resolve::{Expanded, expand};
use tricep_syntax::text::FileId;

use compare::Leaves;
use files::{Checkout, parameters};

/// A deployment and what the engine made of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    test: String,
    target_scope: Option<String>,
    #[serde(default)]
    params: serde_json::Map<String, Json>,
    resource_group: Option<String>,
    management_group_id: Option<String>,
    error: Option<Json>,
    #[serde(default)]
    resources: Vec<serde_json::Map<String, Json>>,
    #[serde(default)]
    outputs: serde_json::Map<String, Json>,
    #[serde(default)]
    diagnostics: Vec<Json>,
}

/// How the deployments of a file of snapshots compare.
#[derive(Default)]
pub(super) struct Totals {
    name: String,
    deployments: usize,
    /// Those of which every module could be read.
    complete: usize,
    /// Of the complete ones, those with the same resources.
    same: usize,
    /// Of these, those with the same resources in the same order.
    in_order: usize,
    /// The first places at which the order differs.
    disordered: Vec<String>,
    resources: usize,
    leaves: Leaves,
    outputs: Leaves,
    /// Deployments with other resources, and which.
    differing: Vec<String>,
    /// What could not be expanded.
    incomplete: Vec<String>,
    /// Why deployments are not complete.
    problems: BTreeMap<String, usize>,
}

/// Expands every deployment of `snapshots` that the engine could expand.
pub(super) fn run(
    checkout: &Path,
    snapshots: &Path,
    module_cache: Option<&Path>,
) -> Result<Totals, Box<dyn Error>> {
    let text = std::fs::read_to_string(snapshots)
        .map_err(|error| format!("cannot read {}: {error}", snapshots.display()))?;
    let name = snapshots.file_stem().unwrap_or_default().to_string_lossy();
    let mut totals = Totals {
        name: name.into_owned(),
        ..Totals::default()
    };
    let environment = Environment {
        module_cache: module_cache.map(|folder| folder.to_string_lossy().into_owned()),
        ..Environment::default()
    };
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let case: Case = serde_json::from_str(line)?;
        if case.error.is_none() {
            totals.add(checkout, &case, &environment);
        }
    }
    Ok(totals)
}

impl Totals {
    fn add(&mut self, checkout: &Path, case: &Case, environment: &Environment) {
        let (loaded, expanded) = expanded(checkout, case, environment);
        self.deployments += 1;
        for problem in &expanded.problems {
            let why = problem.why.to_string();
            let source = &loaded.sources[problem.at.file.0 as usize];
            let (file, what) = (source.label(), &problem.what);
            self.incomplete
                .push(format!("{}: {what} in {file}: {why}", case.test));
            *self.problems.entry(why).or_default() += 1;
        }
        if !expanded.problems.is_empty() {
            return;
        }
        self.complete += 1;
        let pairs = pairing::pair(&case.resources, &expanded.resources);
        self.resources += pairs.paired.len();
        // What is in a nested deployment that the engine could not expand is not printed, and said so.
        let short = !case.diagnostics.is_empty();
        if pairs.left.is_empty() && (short || pairs.extra.is_empty()) {
            self.same += 1;
            match pairing::first_out_of_order(&case.resources, &expanded.resources) {
                None => self.in_order += 1,
                Some(place) => self.disordered.push(format!("{}: {place}", case.test)),
            }
        } else {
            self.differing
                .push(format!("{}: {}", case.test, pairs.differences()));
        }
        for (printed, ours) in pairs.paired {
            let leaves = pairing::compare(printed, ours);
            add_labelled(&mut self.leaves, leaves, &case.test);
        }
        let mut outputs = Leaves::default();
        for output in &expanded.outputs {
            let printed = case.outputs.get(&*output.name);
            pairing::compare_output(&mut outputs, &output.name, printed, &output.value);
        }
        add_labelled(&mut self.outputs, outputs, &case.test);
        drop(loaded);
    }

    /// Whether nothing is wrong.
    pub(super) fn is_right(&self) -> bool {
        self.leaves.wrong.is_empty() && self.outputs.wrong.is_empty()
    }

    /// The committed form: totals only.
    pub(super) fn to_file(&self) -> String {
        let mut out = String::new();
        let mut row = |what: &str, count: usize| {
            let _ = writeln!(out, "{}\t{what}\t{count}", self.name);
        };
        row("deployments", self.deployments);
        row("every module read", self.complete);
        row("same resources", self.same);
        row("same order", self.in_order);
        row("resources", self.resources);
        for (what, leaves) in [("value", &self.leaves), ("output", &self.outputs)] {
            row(&format!("{what} right"), leaves.right);
            row(&format!("{what} unknown"), leaves.unknowns());
            row(&format!("{what} open to the engine too"), leaves.open);
            row(&format!("{what} open to the engine only"), leaves.certain);
            row(&format!("{what} wrong"), leaves.wrong.len());
        }
        out
    }

    /// The totals, the reasons for what is unknown, and the first misses of each kind.
    pub(super) fn report(&self, misses: usize) -> String {
        let mut out = String::new();
        for wrong in self
            .leaves
            .wrong
            .iter()
            .chain(&self.outputs.wrong)
            .take(misses)
        {
            let _ = writeln!(out, "wrong {wrong}");
        }
        for differing in self.differing.iter().take(misses) {
            let _ = writeln!(out, "other resources {differing}");
        }
        for place in self.incomplete.iter().take(misses) {
            let _ = writeln!(out, "not expanded {place}");
        }
        for place in self.disordered.iter().take(misses) {
            let _ = writeln!(out, "other order {place}");
        }
        for kind in ["unknown", "certain"] {
            let places = self.leaves.places.iter().chain(&self.outputs.places);
            for place in places.filter(|place| place.contains(kind)).take(misses) {
                let _ = writeln!(out, "{place}");
            }
        }
        for (what, counts) in [
            ("not complete", &self.problems),
            ("unknown", &self.leaves.unknown),
            ("unknown output", &self.outputs.unknown),
        ] {
            let mut counts: Vec<_> = counts.iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (reason, count) in counts.into_iter().take(misses) {
                let _ = writeln!(out, "{what} {count:6} {reason}");
            }
        }
        out + &self.to_file()
    }
}

/// Adds counts, with the name of the deployment before each remark.
fn add_labelled(all: &mut Leaves, mut leaves: Leaves, test: &str) {
    for remark in leaves.wrong.iter_mut().chain(&mut leaves.places) {
        *remark = format!("{test} {remark}");
    }
    all.add(leaves);
}

fn expanded(checkout: &Path, case: &Case, environment: &Environment) -> (Loaded, Expanded) {
    let mut files = Checkout::new(checkout);
    let entry = match case.params.is_empty() {
        true => case.test.clone(),
        false => files.with_parameters(&case.test, &parameters(&case.params)),
    };
    let loaded = load(&files, &[entry], environment);
    let metadata = told(case);
    let assumptions = Assumptions::default();
    let mut budget = Budget::default();
    let expanded = expand(
        &loaded.project,
        FileId(0),
        &assumptions,
        &metadata,
        &mut budget,
    );
    (loaded, expanded)
}

/// What every snapshot was told.
fn told(case: &Case) -> Metadata {
    let scope = case.target_scope.as_deref().unwrap_or("resourceGroup");
    let subscription = matches!(scope, "resourceGroup" | "subscription");
    Metadata {
        tenant: Some("00000000-0000-0000-0000-000000000002".to_owned()),
        management_group: case.management_group_id.clone(),
        subscription: subscription.then(|| "00000000-0000-0000-0000-000000000001".to_owned()),
        resource_group: case.resource_group.clone(),
        location: Some("westeurope".to_owned()),
        deployment: Some("main".to_owned()),
        ..Metadata::default()
    }
}
