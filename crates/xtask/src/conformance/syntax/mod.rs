//! Texts, valid and broken: the same diagnostics and the same tokens.
//!
//! Enters: `cases.jsonl` and `tokens.jsonl` of the oracle. Leaves: an answer for each text, right when
//! the whole list of diagnostics is the compiler's (code, level, place, order), and one for each list
//! of tokens. The annotated samples of the compiler's repository stand in [`samples`].

mod baseline;
pub(super) mod samples;

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use serde::Deserialize;
use tricep_syntax::bicep::{Dialect, Kind, Parsed, TriviaKind, parse};

use super::score::{Answer, Outcome, Score};
use super::tally::{Diagnostic, Tally};

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    text: String,
    syntax: Vec<Diagnostic>,
}

/// The tokens of a case. Whether trivia belongs to the token before or behind it is of no use to us.
#[derive(Deserialize)]
struct CaseTokens {
    id: String,
    tokens: Vec<Token>,
    trivia: Vec<(String, u32, u32, String)>,
}

/// A token or trivia as it is compared: the compiler's name of its kind, and its bytes.
type Token = (String, u32, u32);

/// Runs the cases of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    let mut tally = Tally::default();
    let mut texts = HashMap::new();
    for case in lines::<Case>(&folder.join("cases.jsonl"))? {
        let parsed = parse(case.text.as_str(), case.dialect());
        let found = diagnostics(&parsed);
        tally.add(&case.syntax, &found);
        score.answers.push(case.answer(&found));
        texts.insert(case.id, parsed);
    }
    // Other cases may come without tokens.
    let tokens = folder.join("tokens.jsonl");
    if tokens.exists() {
        for case in lines::<CaseTokens>(&tokens)? {
            let parsed = texts.get(&case.id);
            let parsed = parsed.ok_or_else(|| format!("tokens of no case: {}", case.id))?;
            score.answers.push(case.answer(parsed));
        }
    }
    score.remarks = tally.lines();
    Ok(score)
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}

impl Case {
    fn dialect(&self) -> Dialect {
        match self.kind.as_str() {
            "bicepparam" => Dialect::Params,
            _ => Dialect::Bicep,
        }
    }

    fn answer(&self, found: &[Diagnostic]) -> Answer {
        let expected = &self.syntax;
        Answer {
            topic: self.id.split('/').next().unwrap_or_default().to_owned(),
            outcome: right_if(expected == found),
            detail: format!("{:?}: expected {expected:?}, found {found:?}", self.text),
            id: self.id.clone(),
        }
    }
}

impl CaseTokens {
    fn answer(&self, parsed: &Parsed) -> Answer {
        let expected = self.trivia.iter();
        let expected: Vec<Token> = expected
            .map(|(kind, start, end, _)| (kind.clone(), *start, *end))
            .collect();
        let tokens = first_difference(&self.tokens, &tokens(parsed));
        let trivia = first_difference(&expected, &trivia(parsed));
        let difference = tokens.or(trivia);
        Answer {
            id: format!("tokens/{}", self.id),
            topic: "tokens".to_owned(),
            outcome: right_if(difference.is_none()),
            detail: format!("{:?}: {}", parsed.text(), difference.unwrap_or_default()),
        }
    }
}

fn right_if(right: bool) -> Outcome {
    if right {
        Outcome::Right
    } else {
        Outcome::Wrong
    }
}

/// What is wrong with a text, in our order.
fn diagnostics(parsed: &Parsed) -> Vec<Diagnostic> {
    let errors = parsed.errors().iter();
    errors
        .map(|error| {
            let (code, span) = (error.kind.code().to_owned(), error.span);
            (code, "error".to_owned(), span.start, span.end)
        })
        .collect()
}

fn tokens(parsed: &Parsed) -> Vec<Token> {
    let tokens = parsed.tokens();
    let token = |(index, kind): (usize, &Kind)| {
        let span = tokens.span(parsed.token(index as u32));
        (kind.token_name().to_owned(), span.start, span.end)
    };
    tokens.kinds().iter().enumerate().map(token).collect()
}

fn trivia(parsed: &Parsed) -> Vec<Token> {
    let trivia = parsed.tokens().trivia().iter();
    trivia
        .map(|trivia| {
            let kind = match trivia.kind {
                TriviaKind::LineComment => "SingleLineComment",
                TriviaKind::BlockComment => "MultiLineComment",
                TriviaKind::Directive => "DiagnosticsPragma",
            };
            (kind.to_owned(), trivia.span.start, trivia.span.end)
        })
        .collect()
}

/// The first place where two lists differ, in words.
fn first_difference(expected: &[Token], found: &[Token]) -> Option<String> {
    let length = expected.len().max(found.len());
    let at = (0..length).find(|&at| expected.get(at) != found.get(at))?;
    let (expected, found) = (expected.get(at), found.get(at));
    Some(format!("at {at} expected {expected:?}, found {found:?}"))
}
