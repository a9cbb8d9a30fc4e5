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
fn no_right_answer_about_an_arm_template_is_lost_and_none_is_wrong() {
    no_case_is_lost(Part::Arm);
}

#[test]
fn every_text_has_exactly_the_compilers_diagnostics_and_tokens() {
    no_case_is_lost(Part::Syntax);
}

#[test]
fn every_look_up_of_a_resource_type_has_the_right_answer() {
    no_case_is_lost(Part::Types);
}

#[test]
fn the_committed_score_of_the_syntax_is_the_present_one() {
    let part = Part::Syntax;
    let now = score(part, &root().join("tests/oracle").join(part.name())).unwrap();
    let committed = std::fs::read_to_string(score_file(part)).unwrap();
    assert!(
        committed.replace("\r\n", "\n") == now.to_file(),
        "run `cargo xtask conformance syntax` and commit what it writes"
    );
}
