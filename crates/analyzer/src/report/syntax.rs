//! What the parser says of a file: one JSON line, for scripts and for comparison with other parsers.

use serde::Serialize;
use tricep_syntax::bicep::{Kind, Parsed};

/// One line of JSON about a file, with a line break at its end. Offsets are UTF-8 bytes in the
/// file on disk.
#[must_use]
pub fn render(file: &str, parsed: &Parsed, with_tokens: bool) -> String {
    let line = Line {
        file,
        diagnostics: diagnostics(parsed),
        tokens: with_tokens.then(|| tokens(parsed)),
    };
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Vec<Token>>,
}

#[derive(Serialize)]
struct Diagnostic {
    code: &'static str,
    severity: &'static str,
    message: String,
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Token {
    kind: &'static str,
    start: u32,
    end: u32,
}

fn diagnostics(parsed: &Parsed) -> Vec<Diagnostic> {
    let diagnostic = |error: &tricep_syntax::bicep::SyntaxError| Diagnostic {
        code: error.kind.code(),
        severity: "error",
        message: error.kind.to_string(),
        start: error.span.start,
        end: error.span.end,
    };
    parsed.errors().iter().map(diagnostic).collect()
}

fn tokens(parsed: &Parsed) -> Vec<Token> {
    let tokens = parsed.tokens();
    let token = |(index, &kind): (usize, &Kind)| {
        let span = tokens.span(parsed.token(index as u32));
        Token {
            kind: kind.token_name(),
            start: span.start,
            end: span.end,
        }
    };
    tokens.kinds().iter().enumerate().map(token).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tricep_syntax::bicep::{Dialect, parse};

    use super::*;

    fn line(text: &str, with_tokens: bool) -> Value {
        let line = render("a.bicep", &parse(text, Dialect::Bicep), with_tokens);
        assert_eq!(line.matches('\n').count(), 1);
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn a_file_is_one_line() {
        assert_eq!(
            line("", false),
            json!({"file": "a.bicep", "diagnostics": []})
        );
    }

    #[test]
    fn tokens_are_given_on_request() {
        assert!(line("", true)["tokens"].is_array());
    }
}
