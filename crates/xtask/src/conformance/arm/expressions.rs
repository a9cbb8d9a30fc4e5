//! Single expressions: how they are read.

use serde::Deserialize;
use tricep_syntax::arm::{Content, ExpressionKind, read};

use crate::conformance::score::{Answer, Outcome};

#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    expr: String,
    parse: String,
    canonical: Option<String>,
}

/// What tricep says to a case.
pub(super) fn answers(case: &Case) -> Vec<Answer> {
    vec![reading(case)]
}

/// Whether the string is read as the engine reads it, and written anew as the engine does.
fn reading(case: &Case) -> Answer {
    let (kind, canonical) = match read(&case.expr) {
        Content::Text(_) => ("string", None),
        Content::Invalid(_) => ("invalid", None),
        Content::Expression(expression) => match expression.kind {
            ExpressionKind::Text(_) => ("string", None),
            ExpressionKind::Integer(_) => ("integer", Some(format!("[{expression}]"))),
            ExpressionKind::Call(_) => ("call", Some(format!("[{expression}]"))),
        },
    };
    let same_text = canonical.is_none() || case.canonical.is_none() || canonical == case.canonical;
    let outcome = match kind == case.parse && same_text {
        true => Outcome::Right,
        false => Outcome::Wrong,
    };
    let detail = format!(
        "`{}`: expected {} {:?}, got {kind} {canonical:?}",
        case.expr, case.parse, case.canonical
    );
    Answer {
        id: format!("{}/read", case.id),
        topic: "read".to_owned(),
        outcome,
        detail,
    }
}
