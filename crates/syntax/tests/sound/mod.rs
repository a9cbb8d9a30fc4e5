//! What is in good order for every text, however broken: tokens, tree and errors.

use tricep_syntax::bicep::ast::{Id, TokenId};
use tricep_syntax::bicep::{Kind, Parsed, Tokens};
use tricep_syntax::text::Span;

use crate::walk::walk;

/// Checks everything that can be said of a parsed file without knowing what it holds.
pub(crate) fn assert_sound(parsed: &Parsed) {
    let text = &**parsed.text();
    assert_rebuilds(text, parsed.tokens());
    walk(parsed, |around, span| {
        assert!(span.start <= span.end, "{span:?} of {text:?}");
        assert!(around.encloses(span), "{span:?} in {around:?} of {text:?}");
        assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    });
    let errors = parsed.errors();
    assert!(
        errors.is_sorted_by_key(|error| error.span.start),
        "{text:?}"
    );
    for error in errors {
        assert!(
            text.get(error.span.range()).is_some(),
            "{error:?} of {text:?}"
        );
    }
}

/// Tokens, trivia and the blanks between them are the text, byte for byte and in this order.
pub(crate) fn assert_rebuilds(text: &str, tokens: &Tokens) {
    let mut rebuilt = String::with_capacity(text.len());
    for span in all_spans(tokens) {
        assert!(span.start as usize >= rebuilt.len(), "{span:?} of {text:?}");
        let gap = &text[rebuilt.len()..span.start as usize];
        let mark = if rebuilt.is_empty() { "\u{feff}" } else { "" };
        let blanks = gap.strip_prefix(mark).unwrap_or(gap);
        assert!(
            blanks.chars().all(|c| " \t".contains(c)),
            "{gap:?} of {text:?}"
        );
        rebuilt += gap;
        rebuilt += &text[span.range()];
    }
    assert_eq!(rebuilt, text);
    assert_eq!(tokens.kinds().last(), Some(&Kind::Eof));
}

/// The spans of tokens and trivia in source order.
fn all_spans(tokens: &Tokens) -> Vec<Span> {
    let count = tokens.kinds().len() as u32;
    let spans = (0..count).map(|at| tokens.span(TokenId::from_raw(at)));
    let trivia = tokens.trivia().iter().map(|trivia| trivia.span);
    let mut spans: Vec<_> = spans.chain(trivia).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans
}
