//! The two forms of a module, expanded: what `main.bicep` deploys against what the `main.json` that was
//! compiled from it deploys.
//!
//! Enters: a checkout of modules that hold both, of which nothing is kept in this repository, and where
//! there is one the table of those whose `main.json` is not what the compiler makes of `main.bicep`
//! today. Leaves: totals. Each pair is expanded twice: with values for all required parameters, and
//! without.

mod compare;
mod given;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use serde_json::Value as Json;
use tricep_analyzer::{Environment, load};
use tricep_semantic::eval::{Assumptions, Budget, Metadata};
use tricep_semantic::resolve::{Expanded, expand};
use tricep_syntax::text::FileId;

use super::snapshots::files::{Checkout, parameters};
use compare::Agreement;

/// How the pairs compare.
#[derive(Default)]
pub(super) struct Totals {
    pairs: usize,
    /// Pairs whose templates are known to differ.
    stale: usize,
    /// With values for the required parameters, and without.
    runs: [Run; 2],
}

/// How the pairs compare under one choice of parameters.
#[derive(Default)]
struct Run {
    /// Pairs in which nothing differs and each side knows what the other does.
    same: usize,
    agreement: Agreement,
    /// The differences of pairs that are known to differ.
    stale: Vec<String>,
    /// What could not be expanded, on either side.
    problems: BTreeMap<String, usize>,
}

/// Expands every pair of the checkout.
pub(super) fn run(
    checkout: &Path,
    table: Option<&Path>,
    module_cache: Option<&Path>,
) -> Result<Totals, Box<dyn Error>> {
    let environment = Environment {
        module_cache: module_cache.map(|folder| folder.to_string_lossy().into_owned()),
        ..Environment::default()
    };
    let stale = table.map(differing).transpose()?.unwrap_or_default();
    let mut totals = Totals::default();
    for folder in folders(checkout)? {
        let text = std::fs::read_to_string(checkout.join(format!("{folder}/main.json")))?;
        let template: Json = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        let is_stale = stale.contains(&format!("{folder}/main.bicep"));
        totals.pairs += 1;
        totals.stale += usize::from(is_stale);
        let scope = template["$schema"].as_str().unwrap_or_default();
        let assignments = parameters(&given::required(&template));
        let choices = [Some(&*assignments), None];
        for (run, assignments) in totals.runs.iter_mut().zip(choices) {
            let side = |file: &str| {
                let entry = format!("{folder}/{file}");
                expanded(checkout, &entry, assignments, scope, &environment)
            };
            let (bicep, arm) = (side("main.bicep"), side("main.json"));
            run.add(&folder, &bicep, &arm, is_stale);
        }
    }
    Ok(totals)
}

impl Run {
    fn add(&mut self, folder: &str, bicep: &Expanded, arm: &Expanded, is_stale: bool) {
        for (side, expanded) in [("bicep", bicep), ("arm", arm)] {
            for problem in &expanded.problems {
                let key = format!("{side}: {}", problem.why);
                *self.problems.entry(key).or_default() += 1;
            }
        }
        let mut agreement = Agreement::default();
        agreement.deployments(bicep, arm);
        self.same += usize::from(agreement.is_whole());
        agreement.label(folder);
        if is_stale {
            self.stale.append(&mut agreement.wrong);
        }
        self.agreement.add(agreement);
    }
}

impl Totals {
    /// Whether nothing differs but what is known to.
    pub(super) fn is_right(&self) -> bool {
        self.runs.iter().all(|run| run.agreement.wrong.is_empty())
    }

    /// The committed form: totals only.
    pub(super) fn to_file(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "pairs\t{}", self.pairs);
        let _ = writeln!(out, "pairs known to differ\t{}", self.stale);
        for (name, run) in ["parameters given", "no parameters"].iter().zip(&self.runs) {
            let agreement = &run.agreement;
            for (what, count) in [
                ("pairs alike in all", run.same),
                ("resources", agreement.resources),
                ("value equal", agreement.equal),
                ("value known to neither", agreement.unknown),
                ("value known in Bicep only", agreement.bicep_only),
                ("value known in ARM only", agreement.arm_only),
                ("pairs said to fail in ARM only", agreement.eager),
                ("wrong", agreement.wrong.len()),
                ("wrong in pairs known to differ", run.stale.len()),
            ] {
                let _ = writeln!(out, "{name}\t{what}\t{count}");
            }
        }
        out
    }

    /// The totals and the first misses of each kind.
    pub(super) fn report(&self, misses: usize) -> String {
        let mut out = String::new();
        for (name, run) in ["given", "none"].iter().zip(&self.runs) {
            for wrong in run.agreement.wrong.iter().take(misses) {
                let _ = writeln!(out, "{name} wrong {wrong}");
            }
            for wrong in run.stale.iter().take(misses) {
                let _ = writeln!(out, "{name} stale {wrong}");
            }
            for place in run.agreement.places.iter().take(misses) {
                let _ = writeln!(out, "{name} {place}");
            }
            for (problem, count) in run.problems.iter().take(misses) {
                let _ = writeln!(out, "{name} not expanded {count:6} {problem}");
            }
        }
        out + &self.to_file()
    }
}

fn expanded(
    checkout: &Path,
    template: &str,
    assignments: Option<&str>,
    schema: &str,
    environment: &Environment,
) -> Expanded {
    let mut files = Checkout::new(checkout);
    let entry = match assignments {
        Some(assignments) => files.with_parameters(template, assignments),
        None => template.to_owned(),
    };
    let loaded = load(&files, &[entry], environment);
    let (assumptions, mut budget) = (Assumptions::default(), Budget::default());
    expand(
        &loaded.project,
        FileId(0),
        &assumptions,
        &told(schema),
        &mut budget,
    )
}

/// What both sides are told; the schema of a template says where it is deployed to.
fn told(schema: &str) -> Metadata {
    let is = |name: &str| schema.contains(name);
    let group = is("/deploymentTemplate.json");
    let subscription = group || is("/subscriptionDeploymentTemplate.json");
    let management = is("/managementGroupDeploymentTemplate.json");
    Metadata {
        tenant: Some("00000000-0000-0000-0000-000000000002".to_owned()),
        management_group: management.then(|| "mg".to_owned()),
        subscription: subscription.then(|| "00000000-0000-0000-0000-000000000001".to_owned()),
        resource_group: group.then(|| "rg".to_owned()),
        location: Some("westeurope".to_owned()),
        deployment: Some("main".to_owned()),
        ..Metadata::default()
    }
}

/// The files whose template differs from what the compiler makes of them.
fn differing(table: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let text = std::fs::read_to_string(table)
        .map_err(|error| format!("cannot read {}: {error}", table.display()))?;
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    let differing = rows.filter(|(_, rest)| !rest.starts_with("equal"));
    Ok(differing.map(|(path, _)| path.to_owned()).collect())
}

/// The folders that hold both forms, relative to the checkout, sorted.
fn folders(checkout: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let (mut found, mut left) = (Vec::new(), vec![checkout.to_path_buf()]);
    while let Some(folder) = left.pop() {
        if folder.join("main.bicep").is_file() && folder.join("main.json").is_file() {
            let relative = folder.strip_prefix(checkout)?;
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                left.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
