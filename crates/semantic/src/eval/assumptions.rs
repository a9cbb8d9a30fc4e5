//! Answers that the driver assumes, to split a verdict by its inputs.

use std::rc::Rc;

use super::unknown::{Literal, Question};
use super::value::same_key;

/// Assumed answers, in the order in which they were made.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Assumptions {
    answers: Vec<Assumption>,
    /// Parameters of the deployment whose defaults do not count.
    freed: Vec<Rc<str>>,
}

/// An assumed answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Assumption {
    /// The question.
    pub question: Question,
    /// Yes or no.
    pub answer: bool,
}

impl Assumptions {
    /// These assumptions and one more.
    #[must_use]
    pub fn with(&self, question: Question, answer: bool) -> Self {
        let (question, answer) = match question {
            // Of two values left, the answer names one in any case.
            Question::Choice {
                input,
                literal,
                otherwise,
            } => (
                Question::Equals(input, if answer { literal } else { otherwise }),
                true,
            ),
            question => (question, answer),
        };
        let mut assumptions = self.clone();
        assumptions.answers.push(Assumption { question, answer });
        assumptions
    }

    /// These assumptions with the defaults of some parameters of the deployment left out of account.
    #[must_use]
    pub fn freeing(&self, parameters: &[Rc<str>]) -> Self {
        let mut assumptions = self.clone();
        for parameter in parameters {
            if !assumptions.is_free(parameter) {
                assumptions.freed.push(Rc::clone(parameter));
            }
        }
        assumptions
    }

    /// Whether the default of a parameter of the deployment does not count.
    #[must_use]
    pub fn is_free(&self, parameter: &str) -> bool {
        self.freed.iter().any(|free| &**free == parameter)
    }

    /// The parameters whose defaults do not count.
    #[must_use]
    pub fn freed(&self) -> &[Rc<str>] {
        &self.freed
    }

    /// The answers in order.
    #[must_use]
    pub fn answers(&self) -> &[Assumption] {
        &self.answers
    }

    /// What is assumed about a question, directly or because of another answer about the input.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Option<bool> {
        match question {
            Question::Choice { input, literal, .. } => {
                self.answer(&Question::Equals(input.clone(), literal.clone()))
            }
            question => self
                .answers
                .iter()
                .find_map(|assumption| implied(assumption, question)),
        }
    }
}

/// What an assumed answer says about another question.
fn implied(assumption: &Assumption, question: &Question) -> Option<bool> {
    if assumption.question == *question {
        return Some(assumption.answer);
    }
    match (&assumption.question, question) {
        (Question::Equals(a, is), Question::Equals(b, other)) if assumption.answer && a == b => {
            Some(is == other)
        }
        (Question::Equals(a, is), Question::Matches(b, other)) if assumption.answer && a == b => {
            Some(matches!(is, Literal::Text(text) if same_key(text, other)))
        }
        (Question::Matches(a, is), Question::Matches(b, other)) if a == b => {
            let same = same_key(is, other);
            (same || assumption.answer).then_some(same && assumption.answer)
        }
        (Question::Matches(a, is), Question::Equals(b, other)) if a == b => {
            let same = matches!(other, Literal::Text(text) if same_key(is, text));
            // Of several spellings that match, which one it is stays open.
            (same != assumption.answer).then_some(false)
        }
        (Question::Equals(a, is), Question::Empty(b)) if assumption.answer && a == b => {
            Some(matches!(is, Literal::Text(text) if text.is_empty()))
        }
        (Question::Matches(a, text), Question::Empty(b)) if assumption.answer && a == b => {
            Some(text.is_empty())
        }
        (
            Question::Equals(a, _) | Question::Matches(a, _) | Question::Empty(a),
            Question::Null(b),
        ) if assumption.answer && a == b => Some(false),
        (Question::Null(a), Question::Equals(b, _)) if assumption.answer && a == b => Some(false),
        (Question::Null(a), Question::Empty(b)) if assumption.answer && a == b => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Input;

    fn input() -> Input {
        Input {
            frame: Rc::from(""),
            path: Rc::from("env"),
        }
    }

    fn equals(text: &str) -> Question {
        Question::Equals(input(), Literal::Text(Rc::from(text)))
    }

    fn matches(text: &str) -> Question {
        Question::Matches(input(), Rc::from(text))
    }

    #[test]
    fn what_an_input_is_settles_what_it_is_not() {
        let dev = Assumptions::default().with(equals("dev"), true);
        assert_eq!(dev.answer(&equals("dev")), Some(true));
        assert_eq!(dev.answer(&equals("prod")), Some(false));
        assert_eq!(dev.answer(&matches("DEV")), Some(true));
        assert_eq!(dev.answer(&matches("prod")), Some(false));
        assert_eq!(dev.answer(&Question::Null(input())), Some(false));
        let not_dev = Assumptions::default().with(equals("dev"), false);
        assert_eq!(not_dev.answer(&equals("prod")), None);
        assert_eq!(not_dev.answer(&matches("dev")), None);
    }

    #[test]
    fn a_match_leaves_the_spelling_open() {
        let dev = Assumptions::default().with(matches("dev"), true);
        assert_eq!(dev.answer(&equals("dev")), None);
        assert_eq!(dev.answer(&equals("prod")), Some(false));
        let not_dev = Assumptions::default().with(matches("dev"), false);
        assert_eq!(not_dev.answer(&equals("Dev")), Some(false));
        assert_eq!(not_dev.answer(&equals("prod")), None);
    }

    #[test]
    fn one_of_two_values_is_named_in_any_case() {
        let choice = Question::Choice {
            input: input(),
            literal: Literal::Bool(true),
            otherwise: Literal::Bool(false),
        };
        let no = Assumptions::default().with(choice.clone(), false);
        assert_eq!(no.answer(&choice), Some(false));
        assert_eq!(
            no.answer(&Question::Equals(input(), Literal::Bool(false))),
            Some(true)
        );
    }
}
