//! Directives in the text that silence rules: `#disable-next-line CODES` and the pair
//! `#disable-diagnostics CODES`, `#restore-diagnostics CODES`.
//!
//! As with the reference compiler, a finding is silenced when its start lies in the covered range
//! and its name is among the codes, letter case minded; of problems of the text only those that
//! are no errors are silenced.
//! A finding about a resource may also be silenced where the resource is declared, since it may
//! stand deep in it or in another file. Passes are not findings to silence.

use tricep_rules::{Finding, Outcome, RuleMeta, Severity};
use tricep_syntax::bicep::{Parsed, TriviaKind};
use tricep_syntax::text::{LineIndex, Span};

/// The directives of one file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Suppressions {
    /// For each code, a range of the file in which it is silenced.
    ranges: Vec<(Box<str>, Span)>,
}

impl Suppressions {
    /// Reads the directives of a file.
    pub(crate) fn of(parsed: &Parsed) -> Self {
        let text: &str = parsed.text();
        let mut suppressions = Self::default();
        let mut open: Vec<(Box<str>, u32)> = Vec::new();
        let mut lines = None;
        for trivia in parsed.tokens().trivia() {
            if trivia.kind != TriviaKind::Directive {
                continue;
            }
            let mut words = text[trivia.span.range()].split_ascii_whitespace();
            match words.next() {
                Some("#disable-next-line") => {
                    let lines = lines.get_or_insert_with(|| LineIndex::new(text));
                    let span = Span::new(
                        trivia.span.start,
                        end_of_next_line(lines, text, trivia.span.end),
                    );
                    suppressions
                        .ranges
                        .extend(words.map(|code| (code.into(), span)));
                }
                Some("#disable-diagnostics") => {
                    for code in words {
                        if !open.iter().any(|(known, _)| &**known == code) {
                            open.push((code.into(), trivia.span.start));
                        }
                    }
                }
                Some("#restore-diagnostics") => {
                    for code in words {
                        if let Some(place) = open.iter().position(|(known, _)| &**known == code) {
                            let (code, start) = open.swap_remove(place);
                            suppressions
                                .ranges
                                .push((code, Span::new(start, trivia.span.start)));
                        }
                    }
                }
                _ => {}
            }
        }
        let end = text.len() as u32;
        suppressions.ranges.extend(
            open.into_iter()
                .map(|(code, start)| (code, Span::new(start, end))),
        );
        suppressions
    }

    fn cover(&self, rule: &RuleMeta, offset: u32) -> bool {
        self.cover_any(offset, |code| {
            *code == *rule.name || rule.aliases.contains(&code)
        })
    }

    fn cover_any(&self, offset: u32, is_meant: impl Fn(&str) -> bool) -> bool {
        self.ranges.iter().any(|(code, span)| {
            let in_range = span.start <= offset && offset <= span.end;
            in_range && is_meant(code)
        })
    }
}

/// Whether a finding is silenced: at its own place, or at the declaration of the resource it is
/// about. `files` are the directives of every file.
pub(crate) fn is_silenced(files: &[Suppressions], finding: &Finding) -> bool {
    let Some(rule) = finding.rule.filter(|_| finding.outcome != Outcome::Pass) else {
        // The compiler does not let its errors be silenced, only its warnings.
        let place = finding.at;
        return finding.rule.is_none()
            && finding.severity != Severity::Error
            && files[place.file.0 as usize]
                .cover_any(place.span.start, |code| code == finding.code);
    };
    let resource = finding.resource.iter().map(|resource| resource.at);
    let mut places = std::iter::once(finding.at).chain(resource);
    places.any(|place| files[place.file.0 as usize].cover(rule, place.span.start))
}

/// The end of the line after the one that `offset` is in, its line break not included.
fn end_of_next_line(lines: &LineIndex, text: &str, offset: u32) -> u32 {
    let line = lines
        .line_column(text, offset, tricep_syntax::text::Encoding::Utf8)
        .line;
    match lines.line_start(line + 2) {
        Some(start) => {
            let before = &text[..start as usize];
            before
                .trim_end_matches(['\r', '\n'])
                .len()
                .max(offset as usize) as u32
        }
        None => text.len() as u32,
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
