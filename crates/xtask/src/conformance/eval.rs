//! Expressions and what the deployment engine makes of them.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use serde::Deserialize;
use tricep_analyzer::{Environment, ExternalInput, Inputs, MemoryFileSystem, load};
use tricep_catalogue::azure;
use tricep_semantic::eval::{Assumptions, Evaluator, Metadata, Why};
use tricep_semantic::project::Project;
use tricep_semantic::types::{Level, Types};
use tricep_syntax::text::FileId;

use super::score::{Answer, Outcome, Score};

/// The environment in which the oracle's answers were given.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("EVAL_SET", "from env"),
    ("EVAL_EMPTY", ""),
    ("EVAL_NUM", "42"),
    ("EVAL_UNI", "zażółć"),
    ("EVAL_BRACKET", "[x]"),
];

#[derive(Deserialize)]
struct Case {
    id: String,
    topic: String,
    expr: String,
    #[serde(rename = "type")]
    r#type: Option<String>,
    #[serde(default)]
    context: String,
    params: Option<String>,
    r#where: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, Content>,
    scope: Option<String>,
    #[serde(rename = "externalInputs", default)]
    external: Vec<External>,
    error: Option<Failure>,
    unresolved: Option<String>,
}

#[derive(Deserialize)]
struct External {
    kind: String,
    config: serde_json::Value,
    value: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Bytes { hex: String },
}

#[derive(Deserialize)]
struct Failure {
    phase: String,
}

/// What the oracle has for a case.
enum Expected<'a> {
    /// The value, as JSON text.
    Value(&'a str),
    Refused,
    Fails,
    Unresolved,
}

/// What tricep says.
enum Said {
    Value(String),
    Fails(String),
    Unknown(String),
}

/// Runs every line of the `.jsonl` files of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    for line in super::json_lines(folder)? {
        let case: Case = serde_json::from_str(&line)?;
        let expected = expected(&case, &line)?;
        let said = ask(&case)?;
        let (outcome, detail) = compare(&expected, &said);
        score.answers.push(Answer {
            outcome,
            detail: format!("`{}`: {detail}", case.expr),
            topic: case.topic,
            id: case.id,
        });
    }
    Ok(score)
}

fn expected<'a>(case: &Case, line: &'a str) -> Result<Expected<'a>, Box<dyn Error>> {
    Ok(match (&case.error, &case.unresolved) {
        (Some(failure), _) if failure.phase == "compile" => Expected::Refused,
        (Some(_), _) => Expected::Fails,
        (None, Some(_)) => Expected::Unresolved,
        // The value is the last field, so that its raw text, number spelling included, can be cut out.
        (None, None) => {
            let start = line
                .rfind("\"value\": ")
                .ok_or("a case has neither value nor error")?;
            let start = first_value(line).unwrap_or(start);
            Expected::Value(line[start + "\"value\": ".len()..line.len() - 1].trim())
        }
    })
}

/// Where the field `value` starts: the first place at which the rest of the line is one JSON value.
fn first_value(line: &str) -> Option<usize> {
    const FIELD: &str = "\"value\": ";
    line.match_indices(FIELD).map(|(at, _)| at).find(|&at| {
        let rest = &line[at + FIELD.len()..line.len() - 1];
        line[..at].ends_with(", ") && serde_json::from_str::<serde_json::Value>(rest).is_ok()
    })
}

fn ask(case: &Case) -> Result<Said, Box<dyn Error>> {
    let mut files = MemoryFileSystem::default();
    for (path, content) in &case.files {
        files.insert(path.clone(), content.bytes()?);
    }
    let r#type = case.r#type.as_deref().unwrap_or("any");
    let scope = case
        .scope
        .as_ref()
        .map(|scope| format!("targetScope = '{scope}'\n"))
        .unwrap_or_default();
    let in_params = case.r#where.as_deref() == Some("bicepparam");
    let context = if case.context.is_empty() {
        String::new()
    } else {
        format!("{}\n", case.context)
    };
    let main = match in_params {
        true => format!("{scope}param p {type}\noutput o any = p"),
        false => format!("{scope}{context}output o {type} = {}", case.expr),
    };
    files.insert("main.bicep", main);
    let mut entry = "main.bicep";
    if in_params || case.params.is_some() {
        let own = case.params.clone().unwrap_or_default();
        let value = if in_params {
            format!("\nparam p = {}", case.expr)
        } else {
            String::new()
        };
        files.insert(
            "main.bicepparam",
            format!("using 'main.bicep'\n{own}{value}"),
        );
        entry = "main.bicepparam";
    }
    let mut loaded = load(&files, &[entry.to_owned()], &Environment::default());
    loaded.project.inputs = case.inputs();
    if let Some(finding) = loaded.findings.first() {
        return Ok(Said::Fails(format!(
            "{}: {}",
            finding.code, finding.message
        )));
    }
    if let Some(refusal) = refusal(&loaded.project) {
        return Ok(Said::Fails(refusal));
    }
    let assumptions = Assumptions::default();
    let metadata = told(case.scope.as_deref());
    let mut evaluator = Evaluator::new(&loaded.project, &assumptions).told(&metadata);
    let frame = evaluator.deploy(FileId(0));
    let Some(output) = evaluator.output(frame, "o") else {
        return Ok(Said::Unknown("no output".into()));
    };
    if let Some(why) = evaluator.audit(frame) {
        return Ok(said_failure(&why));
    }
    if output.trail.secret {
        return Ok(Said::Unknown("secret".into()));
    }
    Ok(match evaluator.to_json(&output.value) {
        Ok(text) => Said::Value(text),
        Err(unknown) => said_failure(&unknown.why),
    })
}

/// What every case was told of the deployment; at wider scopes the narrower ids were not given.
fn told(scope: Option<&str>) -> Metadata {
    let scope = scope.unwrap_or("resourceGroup");
    let given = |text: &str, at: &[&str]| at.contains(&scope).then(|| text.to_owned());
    Metadata {
        tenant: Some("00000000-0000-0000-0000-000000000002".to_owned()),
        management_group: given("mg1", &["managementGroup"]),
        subscription: given(
            "00000000-0000-0000-0000-000000000001",
            &["resourceGroup", "subscription"],
        ),
        resource_group: given("rg", &["resourceGroup"]),
        location: Some("westeurope".to_owned()),
        deployment: Some("main".to_owned()),
        ..Metadata::default()
    }
}

/// What the type checker refuses in one of the files.
fn refusal(project: &Project) -> Option<String> {
    let types = Types::new(project, Some(azure()));
    let files = (0..project.units.len() as u32).map(FileId);
    let problems = files.flat_map(|file| types.check(file));
    let mut errors = problems.filter(|problem| problem.level == Level::Error);
    errors
        .next()
        .map(|problem| format!("{}: {problem}", problem.code()))
}

fn said_failure(why: &Why) -> Said {
    match why {
        Why::Failed(why) | Why::Invalid(why) => Said::Fails(why.clone()),
        other => Said::Unknown(other.to_string()),
    }
}

fn compare(expected: &Expected<'_>, said: &Said) -> (Outcome, String) {
    match (expected, said) {
        (Expected::Value(value), Said::Value(said)) => match minified(value) == minified(said) {
            true => (Outcome::Right, String::new()),
            false => (Outcome::Wrong, format!("expected {value}, got {said}")),
        },
        (Expected::Value(value), Said::Fails(why)) => {
            (Outcome::Wrong, format!("expected {value}, fails: {why}"))
        }
        (Expected::Value(value), Said::Unknown(why)) => {
            (Outcome::Unknown, format!("expected {value}: {why}"))
        }
        (Expected::Refused | Expected::Fails, Said::Fails(_)) => (Outcome::Right, String::new()),
        (Expected::Refused | Expected::Fails, Said::Unknown(why)) => {
            (Outcome::Unknown, format!("expected an error: {why}"))
        }
        (Expected::Refused, Said::Value(said)) => (
            Outcome::Lenient,
            format!("refused by the compiler, got {said}"),
        ),
        (Expected::Fails, Said::Value(said)) => {
            (Outcome::Wrong, format!("expected a failure, got {said}"))
        }
        (Expected::Unresolved, Said::Unknown(_)) => (Outcome::Right, String::new()),
        (Expected::Unresolved, Said::Value(said)) => (
            Outcome::Wrong,
            format!("known only while deploying, got {said}"),
        ),
        (Expected::Unresolved, Said::Fails(why)) => (
            Outcome::Wrong,
            format!("known only while deploying, fails: {why}"),
        ),
    }
}

/// JSON text without the blanks between its tokens and with one spelling for every character: how a
/// text is escaped is a matter of the printer, how a number is spelt is not.
fn minified(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        if c != '"' {
            if !c.is_whitespace() {
                out.push(c);
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = text_end(rest);
        match serde_json::from_str::<String>(&rest[..end]) {
            Ok(text) => out.push_str(&format!("{text:?}")),
            Err(_) => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out
}

/// The length of the JSON text at the start of `json`, quotes included.
fn text_end(json: &str) -> usize {
    let mut escaped = false;
    for (at, c) in json.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

impl Case {
    fn inputs(&self) -> Inputs {
        let variable = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let external = |input: &External| ExternalInput {
            kind: input.kind.clone(),
            config: input.config.clone(),
            value: input.value.clone(),
        };
        Inputs {
            environment: Some(ENVIRONMENT.iter().map(variable).collect()),
            external: self.external.iter().map(external).collect(),
            ..Inputs::default()
        }
    }
}

impl Content {
    fn bytes(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Bytes { hex } => (0..hex.len() / 2)
                .map(|at| Ok(u8::from_str_radix(&hex[2 * at..2 * at + 2], 16)?))
                .collect(),
        }
    }
}
