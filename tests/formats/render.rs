//! Renders a report that is given as JSON in every format: standard input → a file for each format in
//! the folder named as the argument. So texts reach the formats that no analyzed file could produce.

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;
use tricep_analyzer::report::{
    Report, Show, azure, concise, github, gitlab, json, jsonl, junit, rdjson, sarif,
};
use tricep_rules::{Finding, Note, Outcome, Reason, ResourceRef, Severity, rules};
use tricep_syntax::text::{FileId, Location, Source, Span};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("name a folder"))?;
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let report = report(&serde_json::from_str(&input)?);
    let outputs = [
        ("concise", concise::render(&report, Show::ALL)),
        ("json", json::render(&report, Show::ALL)),
        ("jsonl", jsonl::render(&report, Show::ALL)),
        ("sarif", sarif::render(&report, Show::ALL)),
        ("github", github::render(&report, Show::ALL, "")),
        ("azure", azure::render(&report, Show::ALL)),
        ("gitlab", gitlab::render(&report, Show::ALL)),
        ("junit", junit::render(&report, Show::ALL)),
        ("rdjson", rdjson::render(&report, Show::ALL)),
    ];
    for (name, text) in outputs {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn report(value: &Value) -> Report {
    let sources: Vec<_> = list(value, "sources").map(source).collect();
    let mut report = Report {
        named: sources.len(),
        read: sources.len(),
        sources,
        findings: list(value, "findings").map(finding).collect(),
        ..Report::default()
    };
    report.sort();
    report
}

fn source(value: &Value) -> Source {
    Source::new(text(value, "label"), text(value, "text"))
}

fn finding(value: &Value) -> Finding {
    let code: &'static str = text(value, "code").leak();
    let rule = rules().iter().find(|rule| rule.name == code).copied();
    Finding {
        code,
        rule,
        outcome: match text(value, "outcome").as_str() {
            "pass" => Outcome::Pass,
            "unknown" => Outcome::Unknown,
            _ => Outcome::Fail,
        },
        reason: rule.map(|_| Reason::PARAMETER),
        severity: match text(value, "severity").as_str() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Info,
        },
        message: text(value, "message"),
        at: location(value),
        resource: rule.map(|_| ResourceRef {
            symbol: text(value, "symbol"),
            r#type: "Microsoft.ContainerService/managedClusters".to_owned(),
            api_version: "2024-05-01".to_owned(),
            at: location(value),
            modules: Vec::new(),
        }),
        trail: list(value, "trail").map(note).collect(),
        related: list(value, "related").map(note).collect(),
        help: value["help"].as_str().map(str::to_owned),
        fixes: Vec::new(),
    }
}

fn note(value: &Value) -> Note {
    Note {
        at: location(value),
        message: text(value, "message"),
    }
}

fn location(value: &Value) -> Location {
    let number = |key: &str| value[key].as_u64().unwrap_or_default() as u32;
    Location {
        file: FileId(number("file")),
        span: Span::new(number("start"), number("end")),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
