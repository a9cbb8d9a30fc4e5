//! Rounds of fixing: choose, change, check again, and keep only what mended something.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tricep_rules::{Applicability, Edit, Finding, Fix, Outcome, Severity};
use tricep_semantic::project::Project;
use tricep_syntax::text::{FileId, Location};

use super::apply::{Changes, Shifts};
use super::write::Change;
use crate::check::{CheckOptions, Checked, check_whole};
use crate::report::Report;
use crate::{Entry, FileSystem, ReadError};

/// So often the files are checked again at most.
const MAX_ROUNDS: usize = 100;

/// Which fixes to make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixOptions {
    /// Whether fixes are made that change what is deployed, too.
    pub unsafe_fixes: bool,
    /// The only files to change; `None`: all that may be changed.
    pub only: Option<BTreeSet<String>>,
}

/// What came of fixing.
#[derive(Debug)]
pub struct Fixed {
    /// What is left to say about the new texts.
    pub report: Report,
    /// The files that have a new text, sorted by path.
    pub files: Vec<FixedFile>,
    /// The number of findings that were mended.
    pub fixed: usize,
    /// The number of findings left that could be mended with unsafe fixes, where these were not to be
    /// made.
    pub unsafe_left: usize,
    /// The fixes that were not made, because they would do no good.
    pub unfixed: Vec<Unfixed>,
    /// Whether there was more to mend after the last round that is allowed.
    pub is_unfinished: bool,
}

/// A file with a new text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixedFile {
    /// Its path in the file system.
    pub path: String,
    /// The text that was read.
    pub before: Arc<str>,
    /// The new text.
    pub after: Arc<str>,
    /// Both as they may be shown, secrets masked.
    pub shown: (String, String),
}

/// A fix that was tried and not made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unfixed {
    /// The file of the finding.
    pub path: String,
    /// The rule, or the code of the problem.
    pub code: &'static str,
    /// What the fix was to do.
    pub title: String,
    /// Why it was not made.
    pub why: &'static str,
}

const NO_GOOD: &str = "it would not mend what was found";
const NEW_PROBLEM: &str = "it would bring a new problem";

/// Checks files and makes the fixes of what is found until none is left.
#[must_use]
pub fn fix(
    file_system: &dyn FileSystem,
    options: &CheckOptions,
    fix_options: &FixOptions,
) -> Fixed {
    let mut fixing = Fixing {
        options,
        fix_options,
        rounds: 0,
        dropped: BTreeSet::new(),
        unfixed: BTreeSet::new(),
    };
    let mut state = fixing.check(Patched::new(file_system));
    let mut originals = Originals::default();
    let mut fixed = 0;
    while let Some(next) = fixing.round(&state) {
        originals.remember(&state, &next.changed);
        fixed += next.fixed;
        state = next.state;
    }
    fixing.end(state, &originals, fixed)
}

/// The files with the texts that were changed laid over them.
#[derive(Clone)]
struct Patched<'a> {
    below: &'a dyn FileSystem,
    texts: BTreeMap<String, Arc<str>>,
}

impl<'a> Patched<'a> {
    fn new(below: &'a dyn FileSystem) -> Self {
        Self {
            below,
            texts: BTreeMap::new(),
        }
    }
}

impl FileSystem for Patched<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.below.read(path),
        }
    }

    fn is_file(&self, path: &str) -> bool {
        self.below.is_file(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.below.list(folder)
    }

    fn is_in_workspace(&self, from: &str, path: &str) -> bool {
        self.below.is_in_workspace(from, path)
    }
}

/// The texts between two rounds and what is said about them.
struct State<'a> {
    files: Patched<'a>,
    checked: Checked,
}

impl State<'_> {
    fn report(&self) -> &Report {
        &self.checked.report
    }

    fn path(&self, file: FileId) -> &str {
        self.report().source(file).label()
    }

    /// A finding as it is known across rounds.
    fn key(&self, finding: &Finding) -> FindingKey {
        FindingKey {
            path: self.path(finding.at.file).to_owned(),
            code: finding.code,
            at: finding.at.span.start,
            message: finding.message.clone(),
        }
    }
}

/// A finding, whatever else is in the report.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct FindingKey {
    path: String,
    code: &'static str,
    at: u32,
    message: String,
}

impl FindingKey {
    fn moved(mut self, shifts: &BTreeMap<String, Shifts>) -> Self {
        if let Some(shifts) = shifts.get(&self.path) {
            self.at = shifts.moved(self.at);
        }
        self
    }
}

/// A fix that could be made, and the findings it is for.
struct Candidate<'a> {
    fix: &'a Fix,
    findings: Vec<&'a Finding>,
    /// With the paths of their files.
    changes: Vec<(&'a str, &'a Change)>,
}

/// A round that mended something.
struct Step<'a> {
    state: State<'a>,
    changed: Vec<String>,
    fixed: usize,
}

/// The first texts of the files that were changed, as read and as they may be shown.
#[derive(Default)]
struct Originals(BTreeMap<String, (Arc<str>, String)>);

impl Originals {
    fn remember(&mut self, state: &State<'_>, paths: &[String]) {
        for path in paths {
            if !self.0.contains_key(path) {
                let texts = texts_of(&state.checked.project, state.report(), path);
                self.0.extend(texts.map(|texts| (path.clone(), texts)));
            }
        }
    }
}

/// The text of a file as read and as it may be shown.
fn texts_of(project: &Project, report: &Report, path: &str) -> Option<(Arc<str>, String)> {
    let text = text_of(project, report, path)?;
    let mut shown = text.as_bytes().to_vec();
    // A template within another is a file of its own with the same text and other secrets.
    for (n, source) in report.sources.iter().enumerate() {
        if source.label() != path {
            continue;
        }
        if let Cow::Owned(masked) = project.shown_file(FileId(n as u32)) {
            let bytes = shown.iter_mut().zip(masked.bytes()).zip(text.bytes());
            for ((shown, masked), _) in bytes.filter(|((_, masked), own)| masked != own) {
                *shown = masked;
            }
        }
    }
    Some((text, String::from_utf8_lossy(&shown).into_owned()))
}

fn text_of(project: &Project, report: &Report, path: &str) -> Option<Arc<str>> {
    let mut sources = report.sources.iter();
    let file = FileId(sources.position(|source| source.label() == path)? as u32);
    Some(Arc::clone(&project.unit(file).text))
}

struct Fixing<'o> {
    options: &'o CheckOptions,
    fix_options: &'o FixOptions,
    rounds: usize,
    /// Fixes that do no good: the finding and the title.
    dropped: BTreeSet<(FindingKey, String)>,
    unfixed: BTreeSet<Unfixed>,
}

impl Fixing<'_> {
    fn check<'a>(&mut self, files: Patched<'a>) -> State<'a> {
        self.rounds += 1;
        let checked = check_whole(&files, self.options);
        State { files, checked }
    }

    /// Makes as many fixes at once as can be made; `None` when there are none.
    fn round<'a>(&mut self, state: &State<'a>) -> Option<Step<'a>> {
        let mut narrowing = Narrowing::default();
        loop {
            if self.rounds > MAX_ROUNDS {
                return None;
            }
            let chosen = narrowing.of(apart(self.candidates(state)));
            if chosen.is_empty() && narrowing.suspects.is_empty() {
                return None;
            }
            let (next, shifts) = self.attempt(state, &chosen);
            let faulty = Faulty::of(state, &next, &shifts, &chosen);
            self.drop_fixes(state, narrowing.guilty(&faulty.files));
            if faulty.is_none() {
                match chosen.is_empty() {
                    true => continue,
                    false => return Some(self.accept(next, &shifts, &chosen)),
                }
            }
            let alone = narrowing.narrow(&faulty.files, &chosen);
            self.drop_fixes(state, alone);
            self.drop_fixes(state, faulty.fixes);
        }
    }

    /// The fixes that may be made, each once, sorted by place.
    fn candidates<'a>(&self, state: &'a State<'_>) -> Vec<Candidate<'a>> {
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        let mut known: FxHashMap<&[Edit], usize> = FxHashMap::default();
        for finding in &state.report().findings {
            let Some(fix) = self.fix_of(state, finding) else {
                continue;
            };
            if let Some(&n) = known.get(&*fix.edits) {
                candidates[n].findings.push(finding);
                continue;
            }
            known.insert(&fix.edits, candidates.len());
            candidates.push(Candidate {
                fix,
                findings: vec![finding],
                changes: changes(state, fix),
            });
        }
        candidates.sort_by_key(|candidate| {
            let first = candidate.changes.first();
            first.map(|(path, change)| (*path, change.span))
        });
        candidates
    }

    /// The fix to try for a finding: the safest that may be made.
    fn fix_of<'a>(&self, state: &State<'_>, finding: &'a Finding) -> Option<&'a Fix> {
        let allowed =
            |fix: &&Fix| fix.applicability == Applicability::Safe || self.fix_options.unsafe_fixes;
        let only = |fix: &&Fix| {
            let mut edits = fix.edits.iter();
            let only = self.fix_options.only.as_ref();
            only.is_none_or(|only| edits.all(|edit| only.contains(state.path(edit.at().file))))
        };
        let fixes = finding.fixes.iter().filter(allowed).filter(only);
        fixes
            .filter(|fix| !self.is_dropped(state, finding, fix))
            .min_by_key(|fix| fix.applicability == Applicability::Unsafe)
    }

    fn is_dropped(&self, state: &State<'_>, finding: &Finding, fix: &Fix) -> bool {
        !self.dropped.is_empty()
            && self
                .dropped
                .contains(&(state.key(finding), fix.title.clone()))
    }

    fn attempt<'a>(
        &mut self,
        state: &State<'a>,
        chosen: &[Candidate<'_>],
    ) -> (State<'a>, BTreeMap<String, Shifts>) {
        let mut by_path: BTreeMap<&str, Changes<'_>> = BTreeMap::new();
        for &(path, change) in chosen.iter().flat_map(|candidate| &candidate.changes) {
            by_path.entry(path).or_default().take(change);
        }
        let mut files = state.files.clone();
        let mut shifts = BTreeMap::new();
        let project = &state.checked.project;
        for (path, changes) in by_path {
            let Some(text) = text_of(project, state.report(), path) else {
                continue;
            };
            let (text, shift) = changes.apply(&text);
            files.texts.insert(path.to_owned(), text.into());
            shifts.insert(path.to_owned(), shift);
        }
        (self.check(files), shifts)
    }

    fn accept<'a>(
        &mut self,
        next: State<'a>,
        shifts: &BTreeMap<String, Shifts>,
        chosen: &[Candidate<'_>],
    ) -> Step<'a> {
        let dropped = std::mem::take(&mut self.dropped).into_iter();
        self.dropped = dropped
            .map(|(key, title)| (key.moved(shifts), title))
            .collect();
        let changed = chosen.iter().flat_map(|candidate| &candidate.changes);
        let changed: BTreeSet<&str> = changed.map(|(path, _)| *path).collect();
        Step {
            state: next,
            changed: changed.into_iter().map(str::to_owned).collect(),
            fixed: chosen
                .iter()
                .map(|candidate| candidate.findings.len())
                .sum(),
        }
    }

    fn drop_fixes(&mut self, state: &State<'_>, fixes: Vec<(&Finding, &Fix, &'static str)>) {
        for (finding, fix, why) in fixes {
            self.dropped.insert((state.key(finding), fix.title.clone()));
            self.unfixed.insert(Unfixed {
                path: state.path(finding.at.file).to_owned(),
                code: finding.code,
                title: fix.title.clone(),
                why,
            });
        }
    }

    fn end(self, state: State<'_>, originals: &Originals, fixed: usize) -> Fixed {
        let is_unfinished = self.rounds > MAX_ROUNDS && !self.candidates(&state).is_empty();
        let dropped: Vec<Vec<bool>> = state
            .report()
            .findings
            .iter()
            .map(|finding| {
                let fixes = finding.fixes.iter();
                fixes
                    .map(|fix| self.is_dropped(&state, finding, fix))
                    .collect()
            })
            .collect();
        let Checked {
            mut report,
            project,
        } = state.checked;
        for (finding, dropped) in report.findings.iter_mut().zip(dropped) {
            let mut dropped = dropped.into_iter();
            finding.fixes.retain(|_| !dropped.next().unwrap_or(false));
        }
        let is_unsafe = |fix: &Fix| fix.applicability == Applicability::Unsafe;
        let could_be = |finding: &&Finding| finding.fixes.iter().any(is_unsafe);
        let unsafe_left = match self.fix_options.unsafe_fixes {
            true => 0,
            false => report.findings.iter().filter(could_be).count(),
        };
        let files = originals.0.iter().filter_map(|(path, (before, shown))| {
            let (after, shown_after) = texts_of(&project, &report, path)?;
            (after != *before).then(|| FixedFile {
                path: path.clone(),
                before: Arc::clone(before),
                after,
                shown: (shown.clone(), shown_after),
            })
        });
        let files = files.collect();
        rayon::spawn(move || drop(project));
        Fixed {
            report,
            files,
            fixed,
            unsafe_left,
            unfixed: self.unfixed.into_iter().collect(),
            is_unfinished,
        }
    }
}

fn changes<'a>(state: &'a State<'_>, fix: &'a Fix) -> Vec<(&'a str, &'a Change)> {
    let report = state.report();
    let change = |edit: &Edit| {
        let change = report.text_edits.change(edit)?;
        Some((report.source(edit.at().file).label(), change))
    };
    fix.edits.iter().filter_map(change).collect()
}

/// Those that do not touch each other, the first first.
fn apart(candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut taken: BTreeMap<&str, Changes<'_>> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let mut trial: BTreeMap<&str, Changes<'_>> = BTreeMap::new();
        let fits = candidate.changes.iter().all(|&(path, change)| {
            let own = trial.entry(path).or_default();
            let fits = own.allow(change) && taken.get(path).is_none_or(|taken| taken.allow(change));
            own.take(change);
            fits
        });
        if fits && !candidate.changes.is_empty() {
            for &(path, change) in &candidate.changes {
                taken.entry(path).or_default().take(change);
            }
            chosen.push(candidate);
        }
    }
    chosen
}

type Pair<'a> = (&'a Finding, &'a Fix, &'static str);

/// Which fixes are left out for now, to find those that bring new problems nobody can place: of each file
/// with such a problem one half after the other, until the culprit is alone.
struct Narrowing<'a> {
    /// So many fixes of all files.
    limit: usize,
    /// So many fixes of a file.
    limits: BTreeMap<String, usize>,
    /// The last fix of a file, which is left out to see whether the problem goes.
    suspects: BTreeMap<String, Vec<Pair<'a>>>,
    /// Files whose problems come from elsewhere.
    innocent: BTreeSet<String>,
}

impl Default for Narrowing<'_> {
    fn default() -> Self {
        Self {
            limit: usize::MAX,
            limits: BTreeMap::new(),
            suspects: BTreeMap::new(),
            innocent: BTreeSet::new(),
        }
    }
}

impl<'a> Narrowing<'a> {
    fn of(&self, candidates: Vec<Candidate<'a>>) -> Vec<Candidate<'a>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut chosen = candidates;
        chosen.retain(|candidate| {
            candidate.paths().into_iter().all(|path| {
                let count = counts.entry(path).or_default();
                *count += 1;
                self.limits.get(path).is_none_or(|limit| *count <= *limit)
            })
        });
        chosen.truncate(self.limit);
        chosen
    }

    /// The suspects without whom the problem is gone. Where it is not, it comes from another file.
    fn guilty(&mut self, faulty: &BTreeSet<String>) -> Vec<Pair<'a>> {
        let mut guilty = Vec::new();
        for (path, fixes) in std::mem::take(&mut self.suspects) {
            self.limits.remove(&path);
            match faulty.contains(&path) {
                true => {
                    self.innocent.insert(path);
                }
                false => guilty.extend(fixes),
            }
        }
        guilty
    }

    /// Leaves half of the fixes of each faulty file out; half of all fixes where a problem comes from
    /// another file. If there is only one, it is returned.
    fn narrow(&mut self, faulty: &BTreeSet<String>, chosen: &[Candidate<'a>]) -> Vec<Pair<'a>> {
        let mut is_from_elsewhere = false;
        for path in faulty {
            let writes = |candidate: &&Candidate<'_>| candidate.paths().contains(&**path);
            let own: Vec<&Candidate<'a>> = chosen.iter().filter(writes).collect();
            match own[..] {
                _ if self.innocent.contains(path) => is_from_elsewhere = true,
                [] => is_from_elsewhere = true,
                [only] if chosen.len() > 1 => {
                    self.limits.insert(path.clone(), 0);
                    self.suspects.insert(path.clone(), only.pairs(NEW_PROBLEM));
                }
                [only] => return only.pairs(NEW_PROBLEM),
                _ => {
                    self.limits.insert(path.clone(), own.len() / 2);
                }
            }
        }
        match (is_from_elsewhere, chosen) {
            (false, _) => {}
            (true, [only]) => return only.pairs(NEW_PROBLEM),
            (true, _) => self.limit = chosen.len() / 2,
        }
        Vec::new()
    }
}

impl<'a> Candidate<'a> {
    /// The files that it changes.
    fn paths(&self) -> BTreeSet<&'a str> {
        self.changes.iter().map(|(path, _)| *path).collect()
    }

    /// The findings with the fix.
    fn pairs(&self, why: &'static str) -> Vec<Pair<'a>> {
        let findings = self.findings.iter();
        findings.map(|finding| (*finding, self.fix, why)).collect()
    }
}

/// What is wrong with a round.
struct Faulty<'a> {
    /// These fixes do no good, each for the reason beside it.
    fixes: Vec<Pair<'a>>,
    /// In these files some fix brought a new problem.
    files: BTreeSet<String>,
}

impl<'a> Faulty<'a> {
    fn of(
        before: &State<'_>,
        after: &State<'_>,
        shifts: &BTreeMap<String, Shifts>,
        chosen: &[Candidate<'a>],
    ) -> Self {
        let mut fixes = useless(before, after, shifts, chosen);
        let problems = new_problems(before, after);
        let culprits = culprits(after, &problems, shifts, chosen);
        let file = |problem: &Location| after.path(problem.file).to_owned();
        let mut files: BTreeSet<String> = problems.iter().map(file).collect();
        // A fix that does no good may have brought the problem, too: first it goes.
        for (finding, ..) in fixes.iter().chain(&culprits) {
            files.remove(before.path(finding.at.file));
        }
        fixes.extend(culprits);
        Self { fixes, files }
    }

    fn is_none(&self) -> bool {
        self.fixes.is_empty() && self.files.is_empty()
    }
}

fn all_of<'a>(
    chosen: &[Candidate<'a>],
    why: &'static str,
) -> Vec<(&'a Finding, &'a Fix, &'static str)> {
    let pairs = |candidate: &Candidate<'a>| {
        let fix = candidate.fix;
        let findings = candidate.findings.clone().into_iter();
        findings.map(move |finding| (finding, fix, why))
    };
    chosen.iter().flat_map(pairs).collect()
}

/// The fixes whose findings are there as before.
fn useless<'a>(
    before: &State<'_>,
    after: &State<'_>,
    shifts: &BTreeMap<String, Shifts>,
    chosen: &[Candidate<'a>],
) -> Vec<(&'a Finding, &'a Fix, &'static str)> {
    let open = |state: &State<'_>, shifts: &BTreeMap<String, Shifts>| {
        let mut counts: FxHashMap<FindingKey, usize> = FxHashMap::default();
        let findings = state.report().findings.iter();
        for finding in findings.filter(|finding| finding.outcome != Outcome::Pass) {
            *counts.entry(state.key(finding).moved(shifts)).or_default() += 1;
        }
        counts
    };
    let (mut expected, left) = (open(before, shifts), open(after, &BTreeMap::new()));
    let all = all_of(chosen, NO_GOOD);
    let key = |finding: &Finding| before.key(finding).moved(shifts);
    for (finding, ..) in &all {
        expected.entry(key(finding)).and_modify(|count| *count -= 1);
    }
    let is_useless = |(finding, ..): &(&Finding, &Fix, &str)| {
        let key = key(finding);
        left.get(&key) > expected.get(&key)
    };
    all.into_iter().filter(is_useless).collect()
}

/// The problems of the texts of kinds that there were fewer of in their file.
fn new_problems(before: &State<'_>, after: &State<'_>) -> Vec<Location> {
    let problems = |state: &State<'_>| {
        let mut places: BTreeMap<(String, &'static str), Vec<Location>> = BTreeMap::new();
        let is_problem =
            |finding: &&Finding| finding.rule.is_none() && finding.severity > Severity::Info;
        for finding in state.report().findings.iter().filter(is_problem) {
            let path = state.path(finding.at.file).to_owned();
            places
                .entry((path, finding.code))
                .or_default()
                .push(finding.at);
        }
        places
    };
    let known = problems(before);
    let is_new = |(kind, places): &(_, Vec<Location>)| {
        known
            .get(kind)
            .is_none_or(|known| known.len() < places.len())
    };
    let new = problems(after).into_iter().filter(is_new);
    new.flat_map(|(_, places)| places).collect()
}

/// The fixes that wrote where the problems are.
fn culprits<'a>(
    after: &State<'_>,
    problems: &[Location],
    shifts: &BTreeMap<String, Shifts>,
    chosen: &[Candidate<'a>],
) -> Vec<(&'a Finding, &'a Fix, &'static str)> {
    let mut places: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for problem in problems {
        let starts = places.entry(after.path(problem.file)).or_default();
        starts.push(problem.span.start);
    }
    for starts in places.values_mut() {
        starts.sort_unstable();
    }
    let wrote = |&(path, change): &(&str, &Change)| {
        let (Some(starts), Some(shifts)) = (places.get(path), shifts.get(path)) else {
            return false;
        };
        shifts.written(change).is_some_and(|span| {
            let first = starts.partition_point(|&start| start < span.start);
            starts.get(first).is_some_and(|&start| start <= span.end)
        })
    };
    let guilty = |candidate: &&Candidate<'a>| candidate.changes.iter().any(wrote);
    let guilty: Vec<&Candidate<'a>> = chosen.iter().filter(guilty).collect();
    let pairs = guilty.into_iter().flat_map(|candidate| {
        let fix = candidate.fix;
        let findings = candidate.findings.clone().into_iter();
        findings.map(move |finding| (finding, fix, NEW_PROBLEM))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use tricep_rules::Literal;
    use tricep_syntax::text::{Source, Span};

    use super::*;
    use crate::MemoryFileSystem;
    use crate::fix::TextEdits;
    use crate::load::problem;

    const TEXT: &str = "var x = { a: 1 }\nvar y = 2\n";

    fn at(needle: &str) -> Location {
        let start = TEXT.find(needle).unwrap() as u32;
        Location {
            file: FileId(0),
            span: Span::new(start, start + needle.len() as u32),
        }
    }

    /// A problem that is mended by writing 3.
    fn wrong(needle: &str) -> Finding {
        let mut finding = problem("BCP999", format!("{needle} is wrong"), at(needle));
        finding.fixes.push(Fix {
            title: "write 3".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![Edit::Replace {
                at: at(needle),
                value: Literal::Int(3),
            }],
        });
        finding
    }

    fn state(files: &MemoryFileSystem, mut findings: Vec<Finding>) -> State<'_> {
        let sources = vec![Source::new("a.bicep", TEXT)];
        let text_edits = TextEdits::of(&mut findings, &sources, |_| true);
        State {
            files: Patched::new(files),
            checked: Checked {
                report: Report {
                    sources,
                    findings,
                    text_edits,
                    ..Report::default()
                },
                project: Project::default(),
            },
        }
    }

    /// What is said of the fixes of `before` if `after` is left; nothing moves.
    fn said(before: Vec<Finding>, after: Vec<Finding>) -> Vec<(String, &'static str)> {
        let files = MemoryFileSystem::default();
        let (before, after) = (state(&files, before), state(&files, after));
        let chosen: Vec<Candidate<'_>> = before
            .report()
            .findings
            .iter()
            .flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)))
            .map(|(finding, fix)| Candidate {
                fix,
                findings: vec![finding],
                changes: changes(&before, fix),
            })
            .collect();
        let mut all = Changes::default();
        for (_, change) in chosen.iter().flat_map(|candidate| &candidate.changes) {
            all.take(change);
        }
        let shifts = BTreeMap::from([("a.bicep".to_owned(), all.apply(TEXT).1)]);
        let Faulty { fixes, files } = Faulty::of(&before, &after, &shifts, &chosen);
        let words = |(finding, _, why): Pair<'_>| (finding.message.clone(), why);
        let some = files.into_iter().map(|file| (file, NEW_PROBLEM));
        fixes.into_iter().map(words).chain(some).collect()
    }

    #[test]
    fn a_fix_is_good_when_its_finding_is_gone() {
        assert_eq!(said(vec![wrong("1"), wrong("2")], vec![]), []);
        assert_eq!(
            said(vec![wrong("1"), wrong("2")], vec![wrong("2")]),
            [("2 is wrong".to_owned(), NO_GOOD)]
        );
    }

    #[test]
    fn a_new_problem_is_laid_at_the_door_of_who_wrote_there() {
        let new = |needle| problem("BCP018", "broken".to_owned(), at(needle));
        assert_eq!(
            said(vec![wrong("1"), wrong("2")], vec![new("2")]),
            [("2 is wrong".to_owned(), NEW_PROBLEM)]
        );
        assert_eq!(
            said(vec![wrong("1"), wrong("2")], vec![new("var y")]),
            [("a.bicep".to_owned(), NEW_PROBLEM)]
        );
        // One that was there before is not new.
        assert_eq!(said(vec![wrong("1"), new("var y")], vec![new("var y")]), []);
    }

    #[test]
    fn one_fix_for_two_findings_is_one_fix() {
        let files = MemoryFileSystem::default();
        let mut other = wrong("1");
        other.code = "BCP998";
        let state = state(&files, vec![wrong("1"), other, wrong("2")]);
        let fixing = Fixing {
            options: &CheckOptions::default(),
            fix_options: &FixOptions {
                unsafe_fixes: false,
                only: None,
            },
            rounds: 0,
            dropped: BTreeSet::new(),
            unfixed: BTreeSet::new(),
        };
        let candidates = apart(fixing.candidates(&state));
        let counts: Vec<usize> = candidates.iter().map(|one| one.findings.len()).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn problems_nobody_can_place_halve_the_fixes_of_their_file_only() {
        let state_of = |files: &'static MemoryFileSystem| {
            let mut findings = Vec::new();
            for (file, needle) in [(0, "1"), (0, "2"), (1, "1"), (1, "2")] {
                let mut finding = wrong(needle);
                finding.at.file = FileId(file);
                for edit in finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
                    if let Edit::Replace { at, .. } = edit {
                        at.file = FileId(file);
                    }
                }
                findings.push(finding);
            }
            let sources = vec![Source::new("a.bicep", TEXT), Source::new("b.bicep", TEXT)];
            let text_edits = TextEdits::of(&mut findings, &sources, |_| true);
            State {
                files: Patched::new(files),
                checked: Checked {
                    report: Report {
                        sources,
                        findings,
                        text_edits,
                        ..Report::default()
                    },
                    project: Project::default(),
                },
            }
        };
        let state = state_of(Box::leak(Box::default()));
        let fixing = Fixing {
            options: &CheckOptions::default(),
            fix_options: &FixOptions {
                unsafe_fixes: false,
                only: None,
            },
            rounds: 0,
            dropped: BTreeSet::new(),
            unfixed: BTreeSet::new(),
        };
        let mut narrowing = Narrowing::default();
        let faulty = BTreeSet::from(["b.bicep".to_owned()]);
        let mut counts = Vec::new();
        for _ in 0..2 {
            let chosen = narrowing.of(apart(fixing.candidates(&state)));
            counts.push(chosen.len());
            assert_eq!(narrowing.narrow(&faulty, &chosen).len(), 0);
        }
        // The last one is left out; the problem goes, so it was it.
        counts.push(narrowing.of(apart(fixing.candidates(&state))).len());
        assert_eq!(counts, [4, 3, 2]);
        let guilty = narrowing.guilty(&BTreeSet::new());
        let places = guilty.iter().map(|(finding, ..)| finding.at.file);
        assert_eq!(places.collect::<Vec<_>>(), [FileId(1)]);
    }
}
