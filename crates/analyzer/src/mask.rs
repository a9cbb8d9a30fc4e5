//! Takes the secrets that the source spells out from what is shown: from the texts that findings point
//! into, and from the words of findings, which may quote them.

use std::borrow::Cow;
use std::collections::BTreeSet;

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
    for finding in findings {
        let files = files_of(finding);
        for &file in &files {
            mask_words(project, file, finding);
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

/// Masks the secrets of a file in the words of a finding.
fn mask_words(project: &Project, file: FileId, finding: &mut Finding) {
    let text = &project.unit(file).text;
    let written = project.secrets(file).iter();
    for secret in written.filter_map(|span| text.get(span.range())) {
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
