//! Answers that the driver assumes, to split a verdict by its inputs.

use std::rc::Rc;

use super::unknown::{Literal, Question};

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
        assumptions.freed.extend(parameters.iter().cloned());
        assumptions
    }

    /// Whether the default of a parameter of the deployment does not count.
    #[must_use]
    pub fn is_free(&self, parameter: &str) -> bool {
        self.freed.iter().any(|free| &**free == parameter)
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
        (Question::Equals(a, is), Question::Empty(b)) if assumption.answer && a == b => {
            Some(matches!(is, Literal::Text(text) if text.is_empty()))
        }
        (Question::Equals(a, _) | Question::Empty(a), Question::Null(b))
            if assumption.answer && a == b =>
        {
            Some(false)
        }
        (Question::Null(a), Question::Equals(b, _)) if assumption.answer && a == b => Some(false),
        (Question::Null(a), Question::Empty(b)) if assumption.answer && a == b => Some(true),
        _ => None,
    }
}
