//! Words in the text that silence rules: the compiler's directives `#disable-next-line CODES`,
//! `#disable-diagnostics CODES` and `#restore-diagnostics CODES`, and Checkov's comment
//! `checkov:skip=IDS:reason` in the resource that it is about.
//!
//! As with the reference compiler, a finding is silenced when its start lies in the covered range
//! and its name is among the codes, letter case minded (`DisabledDiagnosticsCache`); of problems of the
//! text only those that are no errors are silenced.
//! A finding about a resource may also be silenced where the resource is declared, since it may
//! stand deep in it or in another file. Passes are not findings to silence.
//!
//! Enters: the text of a file. Leaves: which findings are silenced, and ([`useless`]) what silences
//! nothing or names no rule. Deliberately absent: Checkov's skips in the metadata of ARM templates.

mod read;
mod useless;

use std::collections::HashMap;

use tricep_rules::{Finding, Outcome, RuleMeta, Severity};
use tricep_syntax::text::{Source, Span};

pub(crate) use useless::{Judged, useless};

/// What silences something in one file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Suppressions {
    /// Each directive and comment.
    directives: Vec<Directive>,
    /// Each name in them, in the order of the text.
    names: Vec<Name>,
}

/// A directive, or a comment that is one to Checkov.
#[derive(Clone, Copy, Debug)]
struct Directive {
    span: Span,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    NextLine,
    Disable,
    Restore,
    Skip,
}

/// A name in a directive.
#[derive(Clone, Debug)]
struct Name {
    code: Box<str>,
    /// The name in the text.
    at: Span,
    /// Which directive it stands in.
    directive: usize,
    /// The bytes in which it is silenced; `None`: nowhere.
    range: Option<Span>,
}

impl Name {
    /// Whether it speaks of a rule.
    fn means(&self, rule: &RuleMeta) -> bool {
        *self.code == *rule.name || rule.aliases.contains(&&*self.code)
    }

    fn covers(&self, offset: u32) -> bool {
        self.range
            .is_some_and(|range| range.start <= offset && offset <= range.end)
    }
}

/// Decides what is silenced, and remembers by what.
pub(crate) struct Silencer<'a> {
    /// By file.
    files: &'a [Suppressions],
    /// By file, for each name whether it silenced anything.
    used: Vec<Vec<bool>>,
    /// By file, the first with the same text: templates that are written into a file share its names.
    home: Vec<usize>,
}

impl<'a> Silencer<'a> {
    pub(crate) fn new(files: &'a [Suppressions], sources: &[Source]) -> Self {
        let unused = |file: &Suppressions| vec![false; file.names.len()];
        let mut first = HashMap::new();
        let labels = sources.iter().map(Source::label).enumerate();
        Self {
            files,
            used: files.iter().map(unused).collect(),
            home: labels
                .map(|(file, label)| *first.entry(label).or_insert(file))
                .collect(),
        }
    }

    /// Whether a finding is silenced: at its own place, or at the declaration of the resource it is
    /// about.
    pub(crate) fn is_silenced(&mut self, finding: &Finding) -> bool {
        let Some(rule) = finding.rule else {
            // The compiler does not let its errors be silenced, only its warnings.
            return finding.severity != Severity::Error
                && self.cover(finding, |name| *name.code == *finding.code);
        };
        finding.outcome != Outcome::Pass && self.cover(finding, |name| name.means(rule))
    }

    /// Whether a name that is meant covers a place of the finding. All that do are used.
    fn cover(&mut self, finding: &Finding, is_meant: impl Fn(&Name) -> bool) -> bool {
        let resource = finding.resource.iter().map(|resource| resource.at);
        let mut covered = false;
        for place in std::iter::once(finding.at).chain(resource) {
            let file = self.home[place.file.0 as usize];
            for (name, used) in self.files[file].names.iter().zip(&mut self.used[file]) {
                if name.covers(place.span.start) && is_meant(name) {
                    *used = true;
                    covered = true;
                }
            }
        }
        covered
    }
}

#[cfg(test)]
mod tests {
    use crate::{CheckOptions, MemoryFileSystem, check};

    /// The lines of the failures of a file.
    fn failures(text: &str) -> Vec<usize> {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", text);
        let report = check(
            &files,
            &CheckOptions {
                files: vec!["main.bicep".to_owned()],
                rules: Some(vec!["aks-authorized-ip-ranges"]),
                ..CheckOptions::default()
            },
        );
        let start = |finding: &tricep_rules::Finding| finding.at.span.start as usize;
        report
            .findings
            .iter()
            .map(|finding| text[..start(finding)].lines().count())
            .collect()
    }

    const CLUSTER: &str = "resource NAME 'Microsoft.ContainerService/managedClusters@2024-05-01' = { location: 'x', name: 'NAME' }\n";

    fn cluster(name: &str) -> String {
        CLUSTER.replace("NAME", name)
    }

    #[test]
    fn the_next_line_is_silenced_and_no_other() {
        let text = format!(
            "#disable-next-line no-unused-params aks-authorized-ip-ranges // known\n{}{}",
            cluster("a"),
            cluster("b")
        );
        assert_eq!(failures(&text), [3]);
    }

    #[test]
    fn an_alias_silences_and_another_letter_case_does_not() {
        let text = format!(
            "#disable-next-line AZR-000030\n{}#disable-next-line AKS-authorized-ip-ranges\n{}",
            cluster("a"),
            cluster("b")
        );
        assert_eq!(failures(&text), [4]);
    }

    #[test]
    fn a_finding_deep_in_a_resource_is_silenced_above_the_resource() {
        let open = cluster("a").replace("name: 'a'", "name: 'a'\n  properties: { apiServerAccessProfile: {\n    authorizedIPRanges: []\n  } }\n");
        assert_eq!(failures(&open), [3]);
        let silenced = format!("#disable-next-line aks-authorized-ip-ranges\n{open}");
        assert_eq!(failures(&silenced), [0; 0]);
    }

    #[test]
    fn a_pair_of_directives_silences_what_stands_between() {
        let text = format!(
            "#disable-diagnostics aks-authorized-ip-ranges\n{}#restore-diagnostics aks-authorized-ip-ranges\n{}",
            cluster("a"),
            cluster("b")
        );
        assert_eq!(failures(&text), [4]);
        assert_eq!(failures(&text.replace("#restore", "//")), [0; 0]);
    }

    #[test]
    fn warnings_about_values_are_silenced_and_errors_are_not() {
        let silenced = |code: &str, line: &str| {
            let text =
                cluster("a").replace(" }", &format!("\n  #disable-next-line {code}\n  {line} }}"));
            let open = text.replace("#disable", "//");
            (failures(&open).len(), failures(&text).len())
        };
        let before = failures(&cluster("a")).len();
        let warning = silenced("BCP089", "properties: { dnsPrefiks: 'a' }");
        assert_eq!(warning, (before + 1, before));
        let error = silenced("BCP037", "nothing: 1");
        assert_eq!(error, (before + 1, before + 1));
    }

    #[test]
    fn problems_of_the_text_are_never_silenced() {
        assert_eq!(failures("#disable-next-line BCP018\nvar a b\n").len(), 1);
    }
}
