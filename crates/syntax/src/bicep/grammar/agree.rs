//! A check of the three modes against each other, for tests and fuzzing.

use super::kit::{Fast, Keep, Report};
use super::run;
use crate::bicep::lexer::lex;
use crate::bicep::parsed::Dialect;
use crate::bicep::token::{Kind, Tokens};

/// Checks that the modes agree on a text: [`Fast`] accepts exactly the files in which [`Report`] finds
/// nothing, and makes the same tree of them as [`Keep`], unless they are laid out in one of two ways
/// that [`Keep`] takes for a mistake.
///
/// # Panics
/// Where they differ.
pub fn assert_modes_agree(text: &str, dialect: Dialect) {
    let (tokens, lexical) = lex(text);
    if !lexical.is_empty() {
        return;
    }
    let fast = run::<Fast>(text, &tokens, dialect, &[]);
    let report = run::<Report>(text, &tokens, dialect, &[]).expect("it never gives up");
    let keep = run::<Keep>(text, &tokens, dialect, &[]).expect("it never gives up");
    match fast {
        Some(fast) => {
            assert_eq!(report.problems, [], "{text:?}");
            let same = fast.tree == keep.tree;
            let odd = is_flush_left(text, &tokens) || breaks_types(&tokens);
            assert!(same || odd, "{text:?}");
        }
        None => {
            let refused = !report.problems.is_empty();
            assert!(refused || has_lone_break(&tokens), "{text:?}");
        }
    }
}

/// Whether parentheses hold a line break and nothing else: no problem for the compiler, but no
/// expression either, so that [`Fast`] leaves it to the others.
fn has_lone_break(tokens: &Tokens) -> bool {
    let mut three = tokens.kinds().windows(3);
    three.any(|three| three == [Kind::LeftParen, Kind::NewLine, Kind::RightParen])
}

/// Whether a decorator or the word of a declaration within brackets stands in the first column, where [`Keep`] takes
/// it for the next declaration.
fn is_flush_left(text: &str, tokens: &Tokens) -> bool {
    let mut depth = 0_i32;
    tokens
        .kinds()
        .iter()
        .zip(&tokens.starts)
        .any(|(kind, &start)| {
            match kind {
                Kind::LeftBrace | Kind::LeftSquare | Kind::LeftParen => depth += 1,
                Kind::RightBrace | Kind::RightSquare | Kind::RightParen => depth -= 1,
                _ if *kind == Kind::At || kind.starts_statement() => {
                    let before = &text[..start as usize];
                    return depth != 0 && before.ends_with(['\n', '\r']);
                }
                _ => {}
            }
            false
        })
}

/// Whether a type without brackets goes on behind a line break: between the name of a variable and its
/// `=`, [`Keep`] looks at one line only.
fn breaks_types(tokens: &Tokens) -> bool {
    let kinds = tokens.kinds();
    let arguments = kinds.contains(&Kind::Less);
    kinds.windows(2).any(|two| match two {
        [Kind::NewLine, Kind::Pipe] => true,
        [Kind::Less | Kind::Comma, Kind::NewLine] | [Kind::NewLine, Kind::Greater] => arguments,
        _ => false,
    })
}

#[cfg(test)]
#[path = "../../../tests/sentences/mod.rs"]
mod sentences;

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::sentences::{Sentences, mutate, text};
    use super::*;

    const CASES: &str = include_str!("../../../../../tests/oracle/syntax/cases.jsonl");

    static SENTENCES: LazyLock<Sentences> = LazyLock::new(Sentences::new);

    #[test]
    fn the_modes_agree_on_the_texts_of_the_oracle() {
        for line in CASES.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case");
            let dialect = match case["kind"].as_str() {
                Some("bicepparam") => Dialect::Params,
                _ => Dialect::Bicep,
            };
            assert_modes_agree(case["text"].as_str().expect("a text"), dialect);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 1000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_modes_agree_on_sentences_and_their_mutants(
            derivation in prop::collection::vec(any::<u8>(), 0..400),
            blanks in prop::collection::vec(any::<u8>(), 0..200),
            changes in prop::collection::vec((0_u8..4, any::<u16>(), any::<u16>()), 0..3),
        ) {
            let (mut tokens, _) = SENTENCES.derive("BicepFile", &derivation);
            mutate(&mut tokens, &changes);
            assert_modes_agree(&text(&tokens, &blanks), Dialect::Bicep);
        }
    }
}
