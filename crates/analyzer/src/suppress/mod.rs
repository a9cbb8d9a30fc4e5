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
}

/// Decides what is silenced, and remembers by what.
pub(crate) struct Silencer<'a> {
    /// By file.
    files: &'a [Suppressions],
    /// By file and code.
    ranges: Vec<HashMap<&'a str, Ranges>>,
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
            ranges: files.iter().map(Ranges::of).collect(),
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
            return finding.severity != Severity::Error && self.cover(finding, &[finding.code]);
        };
        let codes = std::iter::once(rule.name).chain(rule.aliases.iter().copied());
        finding.outcome != Outcome::Pass && self.cover(finding, &codes.collect::<Vec<_>>())
    }

    /// Whether a name that is one of `codes` covers a place of the finding. All that do are used.
    fn cover(&mut self, finding: &Finding, codes: &[&str]) -> bool {
        let resource = finding.resource.iter().map(|resource| resource.at);
        let mut covered = false;
        for place in std::iter::once(finding.at).chain(resource) {
            let file = self.home[place.file.0 as usize];
            for ranges in codes.iter().filter_map(|code| self.ranges[file].get(code)) {
                for name in ranges.around(place.span.start) {
                    self.used[file][name] = true;
                    covered = true;
                }
            }
        }
        covered
    }
}

/// Where one code is silenced in a file.
#[derive(Default)]
struct Ranges {
    /// With the places of the names, sorted by their starts.
    sorted: Vec<(Span, usize)>,
    /// For each the greatest end so far.
    ends: Vec<u32>,
}

impl Ranges {
    /// By code.
    fn of(file: &Suppressions) -> HashMap<&str, Self> {
        let mut all: HashMap<&str, Self> = HashMap::new();
        for (number, name) in file.names.iter().enumerate() {
            if let Some(range) = name.range {
                let own = all.entry(&name.code).or_default();
                own.sorted.push((range, number));
            }
        }
        for own in all.values_mut() {
            own.sorted.sort_unstable_by_key(|(range, _)| range.start);
            let mut greatest = 0;
            own.ends = own
                .sorted
                .iter()
                .map(|(range, _)| {
                    greatest = range.end.max(greatest);
                    greatest
                })
                .collect();
        }
        all
    }

    /// The names that cover a place.
    fn around(&self, offset: u32) -> impl Iterator<Item = usize> + '_ {
        let behind = self
            .sorted
            .partition_point(|(range, _)| range.start <= offset);
        let first = self.ends[..behind].partition_point(|&end| end < offset);
        let near = self.sorted[first..behind].iter();
        near.filter(move |(range, _)| offset <= range.end)
            .map(|(_, name)| *name)
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
        let about_names = |finding: &&tricep_rules::Finding| finding.code.ends_with("-suppression");
        report
            .findings
            .iter()
            .filter(|finding| !about_names(finding))
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

    /// What is said about the names in a file, with the text that its fixes leave.
    fn about_names(text: &str, rules: Option<Vec<&'static str>>) -> (Vec<String>, String) {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", text);
        let options = CheckOptions {
            files: vec!["main.bicep".to_owned()],
            rules,
            ..CheckOptions::default()
        };
        let report = check(&files, &options);
        let about_names = report
            .findings
            .iter()
            .filter(|finding| finding.code.ends_with("-suppression"));
        let mut edits = Vec::new();
        let mut said = Vec::new();
        for finding in about_names {
            said.push(format!("{}: {}", finding.code, finding.message));
            edits.extend(finding.fixes.iter().flat_map(|fix| fix.edits.clone()));
        }
        let mut left = text.to_owned();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.at().span.start));
        edits.dedup();
        for edit in edits {
            match edit {
                tricep_rules::Edit::Text { at, text } => left.replace_range(at.span.range(), &text),
                other => panic!("{other:?}"),
            }
        }
        (said, left)
    }

    const MAIN_RULE: &str = "aks-authorized-ip-ranges";

    #[test]
    fn names_that_silence_nothing_are_told_and_taken_out() {
        let text = "// top\n  #disable-next-line aks-authorized-ip-ranges  \nvar a = 1\n";
        let (said, left) = about_names(text, Some(vec![MAIN_RULE]));
        assert_eq!(
            said,
            ["unused-suppression: nothing is silenced here: `aks-authorized-ip-ranges`"]
        );
        assert_eq!(left, "// top\nvar a = 1\n");
        let text = "#disable-next-line no-unused-vars AZR-000030 BCP036 // why\nvar a = 1\n";
        let (said, left) = about_names(text, Some(vec![MAIN_RULE]));
        assert_eq!(
            said,
            ["unused-suppression: nothing is silenced here: `AZR-000030`"]
        );
        assert_eq!(
            left,
            "#disable-next-line no-unused-vars BCP036 // why\nvar a = 1\n"
        );
    }

    #[test]
    fn what_is_needed_or_not_asked_is_not_unused() {
        let needed = format!("#disable-next-line {MAIN_RULE}\n{}", cluster("a"));
        assert_eq!(about_names(&needed, Some(vec![MAIN_RULE])).0, [""; 0]);
        let text = format!("#disable-next-line {MAIN_RULE}\nvar a = 1\n");
        assert_eq!(about_names(&text, Some(vec![])).0, [""; 0]);
        // Nobody knows what would be found without the mistake.
        let broken = format!("{text}var b c\n");
        assert_eq!(about_names(&broken, Some(vec![MAIN_RULE])).0, [""; 0]);
    }

    #[test]
    fn a_pair_is_needed_or_not_as_one() {
        let pair = |between: &str| {
            format!("#disable-diagnostics {MAIN_RULE}\n{between}#restore-diagnostics {MAIN_RULE}\n")
        };
        let rules = || Some(vec![MAIN_RULE]);
        assert_eq!(about_names(&pair(&cluster("a")), rules()).0, [""; 0]);
        let (said, left) = about_names(&pair("var a = 1\n"), rules());
        assert_eq!(said.len(), 2);
        assert_eq!(left, "var a = 1\n");
    }

    #[test]
    fn names_of_no_rule_are_told_if_they_would_be_ours() {
        let text = "#disable-next-line aks-authorised-ip-ranges AKS-x no-unused-vars nonsense\nvar a = 1\n";
        let (said, left) = about_names(text, Some(vec![]));
        assert_eq!(
            said,
            [
                "unknown-suppression: there is no rule `aks-authorised-ip-ranges` to silence",
                "unknown-suppression: there is no rule `AKS-x` to silence",
            ]
        );
        assert_eq!(
            left,
            "#disable-next-line no-unused-vars nonsense\nvar a = 1\n"
        );
    }

    #[test]
    fn a_comment_to_checkov_silences_in_its_resource_only() {
        let with = |comment: &str, name: &str| {
            cluster(name).replace("{ location", &format!("{{\n  // {comment}\n  location"))
        };
        let skip = "checkov:skip=CKV_AZURE_6, CKV_AZURE_141:only for tests";
        let text = with(skip, "a") + &cluster("b");
        assert_eq!(failures(&text), [4]);
        assert_eq!(about_names(&text, Some(vec![MAIN_RULE])).0, [""; 0]);
        assert_eq!(
            failures(&with("bridgecrew:skip=aks-authorized-ip-ranges", "a")),
            [0; 0]
        );
        assert_eq!(failures(&with("checkov:skip=CKV_AZURE_7", "a")), [1]);
        // Beside a resource it counts nowhere.
        let beside = format!("// {skip}\n{}", cluster("a"));
        assert_eq!(failures(&beside), [2]);
    }

    #[test]
    fn a_comment_to_checkov_is_told_and_left_alone() {
        let text = "resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  \
                    // checkov:skip=CKV_AZURE_6,CKV_AZURE_35,Azure.AKS.Nonsense: why\n  \
                    location: 'x' /* checkov:skip=AZR-000030*/\n  name: 'a'\n}\n";
        let (said, left) = about_names(text, Some(vec![MAIN_RULE]));
        assert_eq!(said.len(), 3, "{said:?}");
        assert_eq!(left, text);
    }

    #[test]
    fn what_goes_on_in_other_letters_is_no_id() {
        let with = |ids: &str| {
            let skip = format!("{{\n  // checkov:skip={ids}\n  location");
            about_names(
                &cluster("a").replace("{ location", &skip),
                Some(vec![MAIN_RULE]),
            )
            .0
        };
        assert_eq!(with("CKV_AZURE_6,aks-é: reason"), [""; 0]);
        assert_eq!(with("CKV_AZURE_6 , aks-e: reason").len(), 1);
        assert_eq!(with("CKV_AZURE_6 as said, aks-e"), [""; 0]);
    }

    #[test]
    fn many_directives_and_comments_are_read_once() {
        let count = 4000;
        let text = "#disable-next-line aks-x BCP089\n// checkov:skip=aks-y\nresource a 'a/b@2020-01-01' = {}\n";
        let said = about_names(&text.repeat(count), Some(vec![])).0;
        assert_eq!(said.len(), 2 * count);
    }

    #[test]
    fn what_is_silenced_at_one_resource_is_told_of_another() {
        let text = "var profile = { authorizedIPRanges: [] }\n".to_owned()
            + &format!("#disable-next-line {MAIN_RULE}\n")
            + &cluster("a").replace(
                "name: 'a'",
                "name: 'a', properties: { apiServerAccessProfile: profile }",
            )
            + &cluster("b").replace(
                "name: 'b'",
                "name: 'b', properties: { apiServerAccessProfile: profile }",
            );
        assert_eq!(failures(&text), [1]);
        let related = |text: &str| {
            let mut files = MemoryFileSystem::default();
            files.insert("main.bicep", text);
            let options = CheckOptions {
                files: vec!["main.bicep".to_owned()],
                rules: Some(vec![MAIN_RULE]),
                ..CheckOptions::default()
            };
            let report = check(&files, &options);
            let words = report.findings[0]
                .related
                .iter()
                .map(|note| note.message.clone());
            (report.silenced, words.collect::<Vec<_>>())
        };
        assert_eq!(related(&text), (1, Vec::new()));
        let open = text.replace("#disable", "//");
        assert_eq!(related(&open), (0, vec!["`b` too".to_owned()]));
    }

    #[test]
    fn the_first_code_may_follow_the_keyword_directly() {
        let text = format!(
            "#disable-next-lineaks-authorized-ip-ranges\n{}",
            cluster("a")
        );
        assert_eq!(failures(&text), [0; 0]);
    }
}
