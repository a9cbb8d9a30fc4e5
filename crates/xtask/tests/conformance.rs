//! The committed scores only rise.

use xtask::conformance::{Outcome, Part, root, score, score_file};

fn no_case_is_lost(part: Part) {
    let now = score(part, &root().join("tests/oracle").join(part.name())).unwrap();
    let committed = std::fs::read_to_string(score_file(part)).unwrap();
    let lost = now.lost(&committed);
    assert!(lost.is_empty(), "right before and not any more: {lost:?}");
    let wrong: Vec<_> = now
        .answers
        .iter()
        .filter(|answer| answer.outcome == Outcome::Wrong)
        .collect();
    assert!(wrong.is_empty(), "wrong answers: {wrong:#?}");
}

#[test]
fn no_right_value_is_lost_and_none_is_wrong() {
    no_case_is_lost(Part::Eval);
}

#[test]
fn no_text_is_accepted_or_refused_otherwise_than_before() {
    no_case_is_lost(Part::Syntax);
}
