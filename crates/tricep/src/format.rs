//! The formats of `check` and where each goes.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tricep_analyzer::report::{
    Report, Show, azure, concise, github, gitlab, html, human, json, jsonl, junit, rdjson, sarif,
};

use crate::exit_code::Failure;

/// The formats by name.
const FORMATS: &[(&str, Format)] = &[
    ("human", Format::Human),
    ("concise", Format::Concise),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("sarif", Format::Sarif),
    ("github", Format::Github),
    ("azure", Format::Azure),
    ("gitlab", Format::Gitlab),
    ("junit", Format::Junit),
    ("rdjson", Format::Rdjson),
    ("html", Format::Html),
];

/// What formats can be told.
#[derive(Clone, Default, Debug)]
pub(crate) struct Style {
    /// What is listed beside failures.
    pub(crate) show: Show,
    /// Whether to use colours, where a format knows them.
    pub(crate) color: bool,
    /// Whether counts stand in place of the findings, where people read.
    pub(crate) statistics: bool,
    /// How long the run took.
    pub(crate) elapsed: Option<Duration>,
    /// The working directory as seen from the root of GitHub's workspace.
    pub(crate) folder: String,
}

/// A format of `check`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Human,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Azure,
    Gitlab,
    Junit,
    Rdjson,
    Html,
}

impl Format {
    /// The report in this format.
    pub(crate) fn render(self, report: &Report, style: &Style) -> String {
        let show = style.show;
        match self {
            Self::Human => {
                let options = human::HumanOptions {
                    show,
                    color: style.color,
                    elapsed: style.elapsed,
                };
                if style.statistics {
                    human::statistics(report, options)
                } else {
                    human::render(report, options)
                }
            }
            Self::Concise => concise::render(report, show),
            Self::Json => json::render(report, show),
            Self::Jsonl => jsonl::render(report, show),
            Self::Azure => azure::render(report, show),
            Self::Gitlab => gitlab::render(report, show),
            Self::Junit => junit::render(report, show),
            Self::Html => html::render(report),
            Self::Rdjson => rdjson::render(report, show),
            Self::Sarif => sarif::render(report, show),
            Self::Github => github::render(report, show, &style.folder),
        }
    }

    /// Whether the format is one document that nothing may stand beside.
    fn is_document(self) -> bool {
        matches!(
            self,
            Self::Json | Self::Sarif | Self::Gitlab | Self::Junit | Self::Rdjson | Self::Html
        )
    }
}

/// A format and the file it is written to; standard output without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("a file name is missing after `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = FORMATS.iter().find(|&&(known, _)| known == name);
        let &(_, format) = format.ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|&(name, _)| name).collect();
            format!("there is no format `{name}`, only {}", names.join(", "))
        })?;
        Ok(Self { format, file })
    }
}

/// The outputs asked for, or the usual one: annotations in GitHub Actions, else text for people.
pub(crate) fn outputs(asked: &[Output], github: bool) -> Result<Vec<Output>, Failure> {
    if asked.is_empty() {
        let format = if github {
            Format::Github
        } else {
            Format::Human
        };
        return Ok(vec![Output { format, file: None }]);
    }
    let to_stdout: Vec<_> = asked
        .iter()
        .filter(|output| output.file.is_none())
        .collect();
    if to_stdout.len() > 1 && to_stdout.iter().any(|output| output.format.is_document()) {
        return Err(Failure::Usage(
            "a document must be alone on standard output: \
             give the other formats a file (`--format sarif=FILE`)"
                .to_owned(),
        ));
    }
    if let Some(file) = repeated_file(asked) {
        return Err(Failure::Usage(format!(
            "two formats are to be written to `{}`: give each its own file",
            file.display()
        )));
    }
    Ok(asked.to_vec())
}

fn repeated_file(outputs: &[Output]) -> Option<&Path> {
    let files: Vec<_> = outputs.iter().filter_map(|o| o.file.as_deref()).collect();
    let repeated = |(n, file): (usize, &&Path)| files[..n].contains(file);
    let n = files.iter().enumerate().position(repeated)?;
    Some(files[n])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(texts: &[&str]) -> Vec<Output> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_format_may_name_a_file() {
        assert_eq!(
            "sarif=out/a=b.sarif".parse(),
            Ok(Output {
                format: Format::Sarif,
                file: Some("out/a=b.sarif".into()),
            })
        );
        assert!("json=".parse::<Output>().is_err());
    }

    #[test]
    fn an_unknown_format_is_answered_with_the_known_ones() {
        assert_eq!(
            "xml".parse::<Output>().unwrap_err(),
            "there is no format `xml`, only human, concise, json, jsonl, sarif, github, azure, gitlab, junit, rdjson, html"
        );
    }

    #[test]
    fn annotations_are_the_default_in_github_actions() {
        assert_eq!(outputs(&[], true).unwrap(), asked(&["github"]));
        assert_eq!(outputs(&[], false).unwrap(), asked(&["human"]));
        assert_eq!(outputs(&asked(&["json"]), true).unwrap(), asked(&["json"]));
    }

    #[test]
    fn a_document_is_alone_on_standard_output() {
        assert!(outputs(&asked(&["human", "json"]), false).is_err());
        assert!(outputs(&asked(&["human", "json=a.json"]), false).is_ok());
        assert!(outputs(&asked(&["human", "github"]), false).is_ok());
    }

    #[test]
    fn no_two_formats_share_a_file() {
        assert!(outputs(&asked(&["sarif=a", "json=a"]), false).is_err());
        assert!(outputs(&asked(&["sarif=a", "json=b"]), false).is_ok());
    }
}
