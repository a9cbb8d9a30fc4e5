//! Asks a rule about every resource of a deployment, case by case, and makes findings of the answers.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_semantic::cases::{self, Cases, Leaf};
use tricep_semantic::eval::{Assumptions, Budget, Question, StepKind, Traced, Trail, Value};
use tricep_semantic::project::Project;
use tricep_semantic::resolve::{self, Deployed, Evaluators, Place, Site, Visit};
use tricep_semantic::template::ModuleId;
use tricep_syntax::text::{FileId, Location, Span};

use crate::answer::Answer;
use crate::deployment::{Deployment, Reaching, is_judged_in_own_files_only};
use crate::finding::{Finding, Note, Outcome, Reason, ResourceRef, Severity};
use crate::rule::Rule;
use crate::settings::Settings;
use crate::subject::Subject;
use crate::verdict::{Verdict, is_failure, reason_of};
use crate::{describe, foreign};

/// So many cases are told apart for one rule and resource.
const MAX_LEAVES: usize = 64;
/// After so many findings in one deployment no further resource is looked at.
const MAX_FINDINGS: usize = 16_384;

/// What is known of a resource in one case.
#[derive(Clone)]
struct Judged {
    verdict: Verdict,
    calls: Vec<(String, Location)>,
    /// The parameters without whose defaults only it is deployed.
    freed: Vec<Rc<str>>,
}

/// What `rules` say of a deployment of `entry`. Verdicts of every outcome are returned, rule by rule
/// for each resource.
#[must_use]
pub fn judge(
    project: &Project,
    rules: &[&Rule],
    entry: FileId,
    settings: &Settings,
    reaching: &Reaching,
) -> Vec<Finding> {
    let deployment = Deployment::new(project, entry, settings, reaching);
    let mut evaluators = Evaluators::new(project);
    let mut findings = Vec::new();
    for r#type in types_of(rules) {
        if !reaching.reaches(entry, r#type) {
            continue;
        }
        let asking = rules
            .iter()
            .filter(|rule| rule.resource_types.contains(&r#type))
            .map(|rule| Asking {
                rule,
                budget: Budget::default(),
            });
        let mut judging = Judging {
            deployment: &deployment,
            asking: asking.collect(),
            evaluators: &mut evaluators,
            findings,
        };
        judging.every_site(r#type);
        findings = judging.findings;
    }
    findings
}

/// The types that rules judge, each once.
fn types_of(rules: &[&Rule]) -> Vec<&'static str> {
    let mut types: Vec<&'static str> = Vec::new();
    for r#type in rules.iter().flat_map(|rule| rule.resource_types) {
        if !types.contains(r#type) {
            types.push(r#type);
        }
    }
    types
}

/// A rule, and what it may still spend on a deployment.
struct Asking<'a> {
    rule: &'a Rule,
    budget: Budget,
}

/// All rules about one type of resources in one deployment. They share the evaluators, for most of
/// them ask for the same.
struct Judging<'a, 'p> {
    deployment: &'a Deployment<'p>,
    asking: Vec<Asking<'a>>,
    evaluators: &'a mut Evaluators<'p>,
    /// Those about the types before, too.
    findings: Vec<Finding>,
}

impl Judging<'_, '_> {
    fn every_site(&mut self, r#type: &'static str) {
        let sites = self.deployment.sites(r#type);
        let own_only = is_judged_in_own_files_only(r#type);
        let project = self.deployment.project;
        let is_judged = |site: &&Site| !own_only || foreign::is_own(project, site.file);
        for site in sites.found.iter().filter(is_judged) {
            if self.findings.len() >= MAX_FINDINGS {
                self.cut_short(site, "resources in one deployment");
                return;
            }
            self.site(site);
        }
        if let Some((file, call)) = sites.cut {
            for asking in &self.asking {
                let finding = not_followed(project, asking.rule, r#type, file, call);
                self.findings.push(finding);
            }
        }
    }

    fn site(&mut self, site: &Site) {
        self.evaluators.start(&site.calls, Budget::default());
        let entry = self.deployment.entry;
        let (places, cut) = resolve::places(self.evaluators, entry, site);
        for index in 0..self.asking.len() {
            let budget = self.asking[index].budget.take_half();
            self.evaluators.start(&site.calls, budget);
            for place in &places {
                let asked = Asked {
                    deployment: self.deployment,
                    rule: self.asking[index].rule,
                    site,
                    place,
                };
                let findings = asked.findings(self.evaluators);
                self.findings.extend(findings);
            }
            let left = self.evaluators.budget();
            self.asking[index].budget.return_steps(left);
        }
        if cut {
            self.cut_short(site, "rounds of a loop");
        }
    }

    /// Says for each rule that not every resource was looked at.
    fn cut_short(&mut self, site: &Site, limit: &str) {
        let Deployment { project, entry, .. } = *self.deployment;
        for asking in &self.asking {
            let finding = cut_short(project, asking.rule, entry, site, limit);
            self.findings.push(finding);
        }
    }
}

/// One copy of a resource that a rule is asked about.
struct Asked<'a, 'p> {
    deployment: &'a Deployment<'p>,
    rule: &'a Rule,
    site: &'a Site,
    place: &'a Place,
}

impl<'p> Asked<'_, 'p> {
    /// What the rule says in all cases together, of each part of the resource that fails on its own;
    /// nothing where the resource is deployed in no case.
    fn findings(&self, evaluators: &mut Evaluators<'p>) -> Vec<Finding> {
        let Deployment { project, entry, .. } = *self.deployment;
        let cases = cases::split(MAX_LEAVES, |assumptions| self.ask(assumptions, evaluators));
        let Some((mut judged, message)) = combine(&cases) else {
            return Vec::new();
        };
        let others = match judged.verdict.outcome {
            Outcome::Fail => std::mem::take(&mut judged.verdict.others),
            Outcome::Pass | Outcome::Unknown => Vec::new(),
        };
        let otherwise = self.otherwise(&mut judged, evaluators);
        let of = |judged, message| finding(project, self.rule, entry, self.site, judged, message);
        let more = others.into_iter().map(|other| {
            let judged = about_another_part(&judged, other);
            let message = sentence(&judged.verdict);
            of(judged, message)
        });
        let more: Vec<Finding> = more.collect();
        let mut first = of(judged, message);
        let home = |note| foreign::note_at_home(note, project, entry, self.site);
        first.related.extend(otherwise.map(home));
        std::iter::once(first).chain(more).collect()
    }

    /// The verdict under some assumptions; `None`: the resource is not deployed. A resource that
    /// only the default of a parameter switches off is judged as if deployed, so in the cases in
    /// which that parameter has another value.
    fn ask(
        &self,
        assumptions: &Assumptions,
        evaluators: &mut Evaluators<'p>,
    ) -> (Option<Judged>, Option<Question>) {
        let mut assumptions = assumptions.clone();
        for _ in 0..resolve::MAX_FREED {
            match self.ask_once(&assumptions, evaluators) {
                Ok(mut judged) => {
                    judged.freed = assumptions.freed().to_vec();
                    let question = judged.verdict.question.clone();
                    return (Some(judged), question);
                }
                Err(defaults) if defaults.is_empty() => break,
                Err(defaults) => assumptions = assumptions.freeing(&defaults),
            }
        }
        (None, None)
    }

    /// Under which values of the parameters that took their defaults the verdict would be the
    /// opposite, if it can be said. What defaults leave out belongs to the trail if it matters to that.
    fn otherwise(&self, judged: &mut Judged, evaluators: &mut Evaluators<'p>) -> Option<Note> {
        let outcome = judged.verdict.outcome;
        let trail = judged.verdict.trail.clone();
        let of_value = self.opposite(outcome, &trail, evaluators);
        let left_out = &judged.verdict.left_out;
        if left_out.defaults().is_empty() {
            return of_value;
        }
        let mut whole = trail.clone().and(left_out);
        whole.argument = trail.argument;
        let of_all = self.opposite(outcome, &whole, evaluators)?;
        if of_value
            .as_ref()
            .is_some_and(|note| note.message == of_all.message)
        {
            return of_value;
        }
        judged.verdict.trail = whole;
        Some(of_all)
    }

    /// When the verdict is the opposite of `outcome` if the defaults in a trail do not count.
    fn opposite(
        &self,
        outcome: Outcome,
        trail: &Trail,
        evaluators: &mut Evaluators<'p>,
    ) -> Option<Note> {
        let (outcome, opposite) = match outcome {
            Outcome::Pass => (Outcome::Fail, "fails"),
            Outcome::Fail => (Outcome::Pass, "passes"),
            Outcome::Unknown => return None,
        };
        let at = first_default(trail)?;
        let start = Assumptions::default().freeing(trail.defaults());
        let cases = cases::split_from(start, MAX_LEAVES, |assumptions| {
            self.ask(assumptions, evaluators)
        });
        let differing: Vec<_> = leaves_that_count(&cases)
            .into_iter()
            .filter(|(_, judged)| judged.verdict.outcome == outcome)
            .map(|(leaf, _)| leaf)
            .collect();
        let when = describe::cases(&differing);
        (!when.is_empty()).then(|| Note {
            at,
            message: format!("{opposite} when {when}"),
        })
    }

    /// The verdict, or the defaults because of which the resource is not deployed. Where the place
    /// is several copies, the worst of their verdicts.
    fn ask_once(
        &self,
        assumptions: &Assumptions,
        evaluators: &mut Evaluators<'p>,
    ) -> Result<Judged, Vec<Rc<str>>> {
        let mut worst: Option<Judged> = None;
        let mut defaults = Vec::new();
        let mut see = |visit: Visit<'_, 'p>| {
            let judged = match visit {
                Visit::NotDeployed(trail) => {
                    return defaults.extend_from_slice(trail.defaults());
                }
                Visit::Deployed(resource, doubts) => {
                    let mut subject = Subject {
                        resource,
                        deployment: self.deployment,
                        doubts: doubts.clone(),
                        left_out: Trail::default(),
                    };
                    let mut verdict = (self.rule.judge)(&mut subject);
                    if verdict.outcome != Outcome::Pass {
                        // It may be that the condition never holds, or never in this case.
                        let condition = doubts.condition.and_then(|(_, question)| question);
                        verdict.question = verdict.question.or(condition);
                    }
                    Judged {
                        verdict,
                        calls: calls(&subject.resource),
                        freed: Vec::new(),
                    }
                }
                Visit::Unknown(traced) => Judged {
                    verdict: unreachable_verdict(self.deployment.project, self.site, traced),
                    calls: Vec::new(),
                    freed: Vec::new(),
                },
            };
            if worst
                .as_ref()
                .is_none_or(|worst| weight(&judged) > weight(worst))
            {
                worst = Some(judged);
            }
        };
        evaluators.with(assumptions, |evaluator| {
            let entry = self.deployment.entry;
            self.place.visit(evaluator, entry, self.site, &mut see);
        });
        worst.ok_or(defaults)
    }
}

/// The verdict on another part of a resource, told as that on the first.
fn about_another_part(first: &Judged, other: Answer) -> Judged {
    let verdict = Verdict {
        reason: other.reason,
        detail: other.detail,
        at: other.at,
        trail: other.trail,
        fixes: other.fixes,
        ..first.verdict.clone()
    };
    Judged {
        verdict,
        ..first.clone()
    }
}

/// Where the first parameter stands that nobody gave a value.
fn first_default(trail: &Trail) -> Option<Location> {
    let steps = trail.steps();
    let mut defaults = steps.iter().filter(|step| {
        matches!(
            step.kind,
            StepKind::ParameterDefault(_) | StepKind::ParameterUnset(_)
        )
    });
    Some(defaults.next_back()?.at)
}

/// How bad a verdict is.
fn weight(judged: &Judged) -> u8 {
    match judged.verdict.outcome {
        Outcome::Pass => 0,
        Outcome::Unknown => 1,
        Outcome::Fail => 2,
    }
}

fn calls(resource: &Deployed<'_, '_>) -> Vec<(String, Location)> {
    resource
        .calls()
        .into_iter()
        .map(|(name, at)| (name.to_owned(), at))
        .collect()
}

/// The verdict on a resource that cannot be reached in the evaluation.
fn unreachable_verdict(project: &Project, site: &Site, traced: Traced) -> Verdict {
    let declaration = &project.template(site.file).resources[site.resource];
    let (reason, why, question) = match &traced.value {
        Value::Unknown(unknown) => (
            reason_of(unknown),
            unknown.why.to_string(),
            unknown.question.clone(),
        ),
        _ => (
            Reason::UNSUPPORTED,
            "it cannot be evaluated".to_owned(),
            None,
        ),
    };
    Verdict {
        outcome: Outcome::Unknown,
        reason,
        headline: format!("cannot tell how `{}` is deployed", declaration.name),
        detail: why,
        at: Location {
            file: site.file,
            span: declaration.at,
        },
        trail: traced.trail.clone(),
        left_out: Trail::default(),
        help: None,
        fixes: Vec::new(),
        others: Vec::new(),
        question,
        breaks: is_failure(&traced.value),
    }
}

type JudgedLeaf<'a> = (&'a Leaf<Option<Judged>>, &'a Judged);

/// One verdict out of those of all cases, with its message.
fn combine(cases: &Cases<Option<Judged>>) -> Option<(Judged, String)> {
    let leaves = leaves_that_count(cases);
    let (_, first) = leaves.first()?;
    let outcome = first.verdict.outcome;
    let agreed = leaves
        .iter()
        .all(|(_, judged)| judged.verdict.outcome == outcome);
    if agreed && outcome != Outcome::Unknown && !cases.cut {
        let root = cases
            .root
            .as_ref()
            .filter(|root| root.verdict.outcome == outcome);
        let judged = root.unwrap_or(first);
        return Some((judged.clone(), sentence(&judged.verdict)));
    }
    Some(undecided(cases, &leaves, first))
}

/// The cases in which something is deployed. Where the evaluation shows that the deployment would
/// fail, nothing is; such a case counts only when there is no other.
fn leaves_that_count(cases: &Cases<Option<Judged>>) -> Vec<JudgedLeaf<'_>> {
    let mut leaves: Vec<JudgedLeaf<'_>> = cases
        .leaves
        .iter()
        .filter_map(|leaf| Some((leaf, leaf.answer.as_ref()?)))
        .collect();
    if leaves.iter().any(|(_, judged)| !judged.verdict.breaks) {
        leaves.retain(|(_, judged)| !judged.verdict.breaks);
    }
    leaves
}

/// The verdict where the cases differ or are not known: unknown, and if some cases fail, which.
fn undecided(
    cases: &Cases<Option<Judged>>,
    leaves: &[JudgedLeaf<'_>],
    first: &Judged,
) -> (Judged, String) {
    let is = |outcome: Outcome| move |judged: &&Judged| judged.verdict.outcome == outcome;
    let failing: Vec<JudgedLeaf<'_>> = leaves
        .iter()
        .filter(|(_, judged)| is(Outcome::Fail)(judged))
        .copied()
        .collect();
    // With failing cases the question they hang on matters, else what no case could settle.
    let root = cases.root.as_ref().filter(is(Outcome::Unknown));
    let unsettled = || {
        leaves
            .iter()
            .map(|(_, judged)| *judged)
            .find(is(Outcome::Unknown))
    };
    let base = if failing.is_empty() {
        unsettled().or(root)
    } else {
        root.or_else(unsettled)
    };
    let mut judged = base.unwrap_or(first).clone();
    judged.verdict.outcome = Outcome::Unknown;
    let when = describe::cases(&failing.iter().map(|(leaf, _)| *leaf).collect::<Vec<_>>());
    match failing.first() {
        Some((_, worst)) if !when.is_empty() => {
            judged.verdict.help.clone_from(&worst.verdict.help);
            let more = if cases.cut {
                ", among further cases"
            } else {
                ""
            };
            let message = format!("{} when {when}{more}", worst.verdict.headline);
            (judged, message)
        }
        _ => {
            if cases.cut {
                judged.verdict.reason = Reason::BUDGET;
                judged.verdict.detail = format!("there are more than {MAX_LEAVES} cases");
            }
            let message = sentence(&judged.verdict);
            (judged, message)
        }
    }
}

fn sentence(verdict: &Verdict) -> String {
    format!("{}: {}", verdict.headline, verdict.detail)
}

fn finding(
    project: &Project,
    rule: &Rule,
    entry: FileId,
    site: &Site,
    judged: Judged,
    message: String,
) -> Finding {
    let Judged {
        verdict,
        calls,
        freed,
    } = judged;
    let declaration = &project.template(site.file).resources[site.resource];
    let at = Location {
        file: site.file,
        span: declaration.at,
    };
    let mut related = Vec::new();
    if verdict.at.file != at.file {
        related.push(Note {
            at,
            message: format!("`{}` is declared here", declaration.name),
        });
    }
    if !freed.is_empty() {
        let names: Vec<String> = freed.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "not deployed by the default of {}, judged as if it were",
            names.join(", ")
        );
        related.push(Note { at, message });
    }
    for (name, call) in calls.iter().rev() {
        if *call != verdict.at {
            related.push(Note {
                at: *call,
                message: format!("deployed by module `{name}`"),
            });
        }
    }
    let mut finding = Finding {
        code: rule.meta.name,
        rule: Some(rule.meta),
        outcome: verdict.outcome,
        reason: Some(verdict.reason),
        severity: if verdict.outcome == Outcome::Fail {
            rule.meta.severity
        } else {
            Severity::Info
        },
        message,
        at: verdict.at,
        resource: Some(resource_ref(project, site, &calls)),
        trail: describe::trail(project, &verdict.trail),
        related,
        help: verdict.help,
        fixes: verdict.fixes,
    };
    foreign::bring_home(&mut finding, project, entry, site);
    finding
}

fn resource_ref(project: &Project, site: &Site, calls: &[(String, Location)]) -> ResourceRef {
    let module = |(name, at): &(String, Location)| Note {
        at: *at,
        message: name.clone(),
    };
    let declaration = &project.template(site.file).resources[site.resource];
    ResourceRef {
        symbol: declaration.name.to_string(),
        r#type: declaration
            .r#type
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        api_version: declaration
            .api_version
            .as_ref()
            .map(|version| version.as_str().to_owned())
            .unwrap_or_default(),
        at: Location {
            file: site.file,
            span: declaration.span,
        },
        modules: calls.iter().map(module).collect(),
    }
}

/// The finding that says that not everything was looked at.
fn cut_short(project: &Project, rule: &Rule, entry: FileId, site: &Site, limit: &str) -> Finding {
    let declaration = &project.template(site.file).resources[site.resource];
    let verdict = Verdict {
        outcome: Outcome::Unknown,
        reason: Reason::BUDGET,
        headline: format!(
            "not every deployment of `{}` was looked at",
            declaration.name
        ),
        detail: format!("there are too many {limit}"),
        at: Location {
            file: site.file,
            span: declaration.at,
        },
        trail: Trail::default(),
        left_out: Trail::default(),
        help: None,
        fixes: Vec::new(),
        others: Vec::new(),
        question: None,
        breaks: false,
    };
    let message = sentence(&verdict);
    finding(
        project,
        rule,
        entry,
        site,
        Judged {
            verdict,
            calls: Vec::new(),
            freed: Vec::new(),
        },
        message,
    )
}

/// The finding that says that a module call was not followed to every resource behind it.
fn not_followed(
    project: &Project,
    rule: &Rule,
    r#type: &str,
    file: FileId,
    call: ModuleId,
) -> Finding {
    let call = &project.template(file).modules[call];
    let message = format!(
        "not every {type} that module `{}` deploys was looked at: there are too many ways through modules",
        call.name
    );
    Finding {
        code: rule.meta.name,
        rule: Some(rule.meta),
        outcome: Outcome::Unknown,
        reason: Some(Reason::BUDGET),
        severity: Severity::Info,
        message,
        at: Location {
            file,
            span: call.at,
        },
        resource: None,
        trail: Vec::new(),
        related: Vec::new(),
        help: None,
        fixes: Vec::new(),
    }
}

/// Puts findings of rules together that are equal in rule, place, outcome and reason: the first is kept
/// and gets the related places of the others, and those of their resources. Problems of the text are
/// left as they are.
#[must_use]
pub fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut places = FxHashMap::default();
    let mut known = FxHashSet::default();
    for finding in findings {
        let key = (finding.code, finding.at, finding.outcome, finding.reason);
        let here = merged.len();
        let first = match finding.rule {
            Some(_) => *places.entry(key).or_insert(here),
            None => here,
        };
        if first == here {
            merged.push(finding);
            continue;
        }
        let first_finding = &mut merged[first];
        if known.insert((first, None)) {
            let own = first_finding.related.iter().cloned();
            known.extend(own.map(|note| (first, Some(note))));
        }
        let other = other_resource(first_finding, &finding);
        for note in other.into_iter().chain(finding.related) {
            if known.insert((first, Some(note.clone()))) {
                first_finding.related.push(note);
            }
        }
    }
    merged
}

/// The resource of a finding, where another has the same.
fn other_resource(first: &Finding, finding: &Finding) -> Option<Note> {
    let (first, other) = (first.resource.as_ref()?, finding.resource.as_ref()?);
    (first.at != other.at).then(|| Note {
        at: Location {
            file: other.at.file,
            span: Span::at(other.at.span.start),
        },
        message: format!("`{}` too", other.symbol),
    })
}
