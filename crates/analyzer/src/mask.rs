//! Takes the secrets that the source spells out from what is shown: from the texts that findings point
//! into, and from the words of findings, which may quote them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_rules::Finding;
use tricep_semantic::project::Project;
use tricep_syntax::text::{FileId, Source};

/// What stands in the place of a secret in a message.
const MASK: &str = "***";
/// Shorter secrets are looked for with their quotes only: a letter stands in many words.
const SHORTEST: usize = 4;

/// Masks the secrets in findings and in the sources that they point into.
pub(crate) fn mask_secrets(project: &Project, sources: &mut [Source], findings: &mut [Finding]) {
    let mut shown = BTreeSet::new();
    let mut secrets = Secrets::new(project);
    for finding in findings {
        let files = files_of(finding);
        for &file in &files {
            // What is wrong with a value is told in the words of types, which other files declare.
            let known = match finding.rule {
                Some(_) => secrets.of(file),
                None => secrets.seen_from(file),
            };
            mask_words(&known, finding);
        }
        shown.extend(files);
    }
    for file in shown {
        let source = &mut sources[file.0 as usize];
        if let Cow::Owned(text) = project.shown_file(file) {
            *source = Source::new(source.label(), text);
        }
    }
}

fn files_of(finding: &Finding) -> BTreeSet<FileId> {
    let notes = finding.trail.iter().chain(&finding.related);
    let resource = finding.resource.iter().map(|resource| resource.at);
    let places = notes.map(|note| note.at).chain(resource);
    places.chain([finding.at]).map(|at| at.file).collect()
}

/// The secrets of files as they are written, each once.
struct Secrets<'p> {
    project: &'p Project,
    own: FxHashMap<FileId, Rc<BTreeSet<&'p str>>>,
    seen: FxHashMap<FileId, Rc<BTreeSet<&'p str>>>,
}

impl<'p> Secrets<'p> {
    fn new(project: &'p Project) -> Self {
        Self {
            project,
            own: FxHashMap::default(),
            seen: FxHashMap::default(),
        }
    }

    /// Those in a file.
    fn of(&mut self, file: FileId) -> Rc<BTreeSet<&'p str>> {
        let project = self.project;
        let own = self.own.entry(file).or_insert_with(|| {
            let text = &project.unit(file).text;
            let written = project.secrets(file).iter();
            Rc::new(written.filter_map(|at| text.get(at.range())).collect())
        });
        Rc::clone(own)
    }

    /// Those in a file and in all that it refers to, directly or not.
    fn seen_from(&mut self, file: FileId) -> Rc<BTreeSet<&'p str>> {
        if let Some(known) = self.seen.get(&file) {
            return Rc::clone(known);
        }
        let reached = self.project.reached_from([file]).into_iter().enumerate();
        let reached = reached.filter_map(|(n, is_reached)| is_reached.then_some(FileId(n as u32)));
        let mut all = BTreeSet::new();
        for file in reached {
            all.extend(self.of(file).iter().copied());
        }
        let all = Rc::new(all);
        self.seen.insert(file, Rc::clone(&all));
        all
    }
}

/// Masks secrets in the words of a finding.
fn mask_words(secrets: &BTreeSet<&str>, finding: &mut Finding) {
    for secret in secrets {
        mask_word(&mut finding.message, secret);
        finding
            .help
            .iter_mut()
            .for_each(|help| mask_word(help, secret));
        let titles = finding.fixes.iter_mut().map(|fix| &mut fix.title);
        titles.for_each(|title| mask_word(title, secret));
        let notes = finding.trail.iter_mut().chain(&mut finding.related);
        notes.for_each(|note| mask_word(&mut note.message, secret));
    }
}

/// Masks a secret, given as it is written, where words quote the source: between backticks.
fn mask_word(words: &mut String, secret: &str) {
    let inner = secret.trim_matches(['\'', '"']);
    let sought = if inner.len() < SHORTEST {
        secret
    } else {
        inner
    };
    // A small number stands in many words too.
    let is_short = sought.len() < SHORTEST && sought == inner;
    if is_short || !words.contains(sought) {
        return;
    }
    let parts = words.split('`').enumerate().map(|(n, part)| match n % 2 {
        0 => part.to_owned(),
        _ => part.replace(sought, MASK),
    });
    *words = parts.collect::<Vec<_>>().join("`");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_quoted_is_masked() {
        let mut words = "is open when `word == 'open'` is true, `'x'`".to_owned();
        mask_word(&mut words, "'open'");
        mask_word(&mut words, "'x'");
        mask_word(&mut words, "o");
        assert_eq!(words, "is open when `word == '***'` is true, `***`");
    }
}
