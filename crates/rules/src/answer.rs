//! What comes of asking one thing of a resource: yes, no, or what stands between, each with its place
//! and trail. Rules put answers together; a [`Verdict`](crate::Verdict) is made of the last one.

use std::rc::Rc;

use tricep_semantic::eval::{Question, Trail, Unknown, Why};
use tricep_semantic::resolve::{Belongs, Found};
use tricep_syntax::text::Location;

use crate::finding::Reason;
use crate::fix::{Applicability, Fix};

/// What is not known, and the question to split on.
#[derive(Clone, Debug)]
pub struct Open {
    /// What.
    pub unknown: Rc<Unknown>,
    /// The question whose answer would settle more.
    pub question: Option<Question>,
}

impl Open {
    /// Something that no question settles.
    #[must_use]
    pub fn because(why: Why) -> Self {
        let unknown = Unknown::new(why, tricep_semantic::eval::Kinds::ANY);
        Self {
            unknown: Rc::new(unknown),
            question: None,
        }
    }

    /// An unknown value with the question it leaves open.
    #[must_use]
    pub fn of(unknown: &Rc<Unknown>) -> Self {
        Self {
            unknown: Rc::clone(unknown),
            question: unknown.question.clone(),
        }
    }
}

/// Whether something holds.
#[derive(Clone, Debug)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It depends on what is not known.
    Open(Open),
}

impl Truth {
    /// Of an answer to a question: the error is what to split on.
    #[must_use]
    pub fn of(answer: Result<bool, Option<Question>>, unknown: &Rc<Unknown>) -> Self {
        match answer {
            Ok(true) => Self::Yes,
            Ok(false) => Self::No,
            Err(question) => Self::Open(Open {
                unknown: Rc::clone(unknown),
                question,
            }),
        }
    }

    /// Of a comparison of ids or texts.
    #[must_use]
    pub fn of_belonging(belongs: Belongs) -> Self {
        match belongs {
            Belongs::Yes => Self::Yes,
            Belongs::No => Self::No,
            Belongs::Maybe(unknown) => Self::Open(Open::of(&unknown)),
        }
    }

    /// Of something that is known.
    #[must_use]
    pub fn known(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// The opposite.
    #[must_use]
    pub fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            open @ Self::Open(_) => open,
        }
    }

    /// Whether one of the two holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (open @ Self::Open(_), _) | (_, open @ Self::Open(_)) => open,
            (Self::No, Self::No) => Self::No,
        }
    }

    /// Whether both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }
}

/// What came of asking, and where it stands.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether what was asked for holds.
    pub truth: Truth,
    /// Why.
    pub reason: Reason,
    /// What it comes from: "`enableRBAC` is false".
    pub detail: String,
    /// Where a person would change it.
    pub at: Location,
    /// How the value came about.
    pub trail: Trail,
    /// How to mend it, if it does not hold.
    pub fixes: Vec<Fix>,
    /// Of something that does not hold: the same about other parts of the resource, each of which is to
    /// be told on its own.
    pub others: Vec<Self>,
}

impl Answer {
    /// An answer about a value that is there.
    #[must_use]
    pub fn about(found: &Found, truth: Truth, reason: Reason, detail: String) -> Self {
        Self {
            truth,
            reason,
            detail,
            at: found.place(),
            trail: found.traced.trail.clone(),
            fixes: Vec::new(),
            others: Vec::new(),
        }
    }

    /// An answer about a place.
    #[must_use]
    pub fn at(at: Location, truth: Truth, reason: Reason, detail: String) -> Self {
        Self {
            truth,
            reason,
            detail,
            at,
            trail: Trail::default(),
            fixes: Vec::new(),
            others: Vec::new(),
        }
    }

    /// With a way to mend it.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }

    /// With a way to mend it where it does not hold and none better is known.
    #[must_use]
    pub fn mended(self, fix: impl FnOnce() -> Option<Fix>) -> Self {
        if matches!(self.truth, Truth::No) && self.fixes.is_empty() {
            self.with_fix(fix())
        } else {
            self
        }
    }

    /// Without ways to mend it that change what is deployed: on their own they would not do.
    #[must_use]
    pub fn with_safe_fixes(mut self) -> Self {
        self.fixes
            .retain(|fix| fix.applicability == Applicability::Safe);
        self
    }

    /// With another word for why, where it holds.
    #[must_use]
    pub fn holds_because(mut self, reason: Reason) -> Self {
        if matches!(self.truth, Truth::Yes) {
            self.reason = reason;
        }
        self
    }

    /// With another word for why, where it does not hold.
    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reason = reason;
        self
    }

    /// With words behind the detail, where it does not hold.
    #[must_use]
    pub fn remark(mut self, words: &str) -> Self {
        if matches!(self.truth, Truth::No) {
            self.detail.push_str(words);
        }
        self
    }

    /// With words behind the detail, where it does not hold for this reason.
    #[must_use]
    pub fn remark_on(self, reason: Reason, words: &str) -> Self {
        if self.reason == reason {
            self.remark(words)
        } else {
            self
        }
    }

    /// The answer where the thing that was asked may not be there: then nothing is wrong with it.
    #[must_use]
    pub fn if_there(self, is_there: Truth) -> Self {
        match (&self.truth, is_there) {
            (Truth::No, Truth::Open(open)) => self.opened(open),
            _ => self,
        }
    }

    /// The answer where the thing that was asked may not be there: then it does nothing good.
    #[must_use]
    pub fn only_if_there(self, is_there: Truth) -> Self {
        match (&self.truth, is_there) {
            (Truth::Yes, Truth::Open(open)) => self.opened(open),
            _ => self,
        }
    }

    /// The same of which it is not known whether it holds.
    #[must_use]
    pub fn opened(mut self, open: Open) -> Self {
        self.reason = Reason::of(&open.unknown.why);
        self.detail = open.unknown.why.to_string();
        self.truth = Truth::Open(open);
        self
    }

    /// How far it is from holding.
    fn weight(&self) -> u8 {
        match self.truth {
            Truth::Yes => 0,
            Truth::Open(_) => 1,
            Truth::No => 2,
        }
    }

    /// Whether all of them hold: the first that does not, else the first that is open, else the
    /// first. `None`: there are none.
    #[must_use]
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Option<Self> {
        pick(answers, |new, kept| new > kept)
    }

    /// As [`Answer::all`], about parts of which each is told on its own that does not hold.
    #[must_use]
    pub fn each(answers: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut answers: Vec<Self> = answers.into_iter().collect();
        let is_no = |answer: &Self| matches!(answer.truth, Truth::No);
        let Some(first) = answers.iter().position(is_no) else {
            return Self::all(answers);
        };
        let mut worst = answers.remove(first);
        let others = answers.into_iter().filter(is_no);
        worst.others.extend(others);
        Some(worst)
    }

    /// Whether one of them holds: the first that does, else the first that is open, else the first.
    /// `None`: there are none.
    #[must_use]
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Option<Self> {
        pick(answers, |new, kept| new < kept)
    }
}

fn pick(
    answers: impl IntoIterator<Item = Answer>,
    is_better: fn(u8, u8) -> bool,
) -> Option<Answer> {
    answers.into_iter().reduce(|kept, new| {
        if is_better(new.weight(), kept.weight()) {
            new
        } else {
            kept
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Truth {
        Truth::Open(Open::because(Why::Secret))
    }

    #[test]
    fn what_is_open_matters_only_where_the_rest_does_not_decide() {
        assert!(matches!(open().or(Truth::Yes), Truth::Yes));
        assert!(matches!(open().or(Truth::No), Truth::Open(_)));
        assert!(matches!(Truth::No.and(open()), Truth::No));
        assert!(matches!(Truth::Yes.and(open()), Truth::Open(_)));
        assert!(matches!(Truth::Yes.and(Truth::Yes), Truth::Yes));
        assert!(matches!(Truth::No.or(Truth::No), Truth::No));
    }
}
