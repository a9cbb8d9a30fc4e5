//! Evaluators that are used again: resources behind the same module calls have all the way to them in
//! common, and thousands of them can stand in one module with thousands of parameters.
//!
//! One that met a limit is not used again, as what it remembers may be less than can be known.

use std::borrow::Cow;

use crate::eval::{Assumptions, Budget, Evaluator};
use crate::project::Project;
use crate::template::ModuleId;

/// So many are kept, those used last.
const KEPT: usize = 8;

/// The evaluators of one deployment.
pub struct Evaluators<'p> {
    project: &'p Project,
    budget: Budget,
    /// The module calls on the way to what they evaluated.
    calls: Vec<ModuleId>,
    /// Each with other assumptions; the one used last is the last.
    kept: Vec<Evaluator<'p>>,
}

impl<'p> Evaluators<'p> {
    /// None yet.
    #[must_use]
    pub fn new(project: &'p Project) -> Self {
        Self {
            project,
            budget: Budget::default(),
            calls: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Gets ready for something behind these module calls, for which there is this budget.
    pub fn start(&mut self, calls: &[ModuleId], budget: Budget) {
        self.budget = budget;
        if self.calls != calls {
            self.kept.clear();
            self.calls = calls.to_vec();
        }
    }

    /// What is left of the budget.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Evaluates under assumptions.
    pub fn with<T>(
        &mut self,
        assumptions: &Assumptions,
        evaluate: impl FnOnce(&mut Evaluator<'p>) -> T,
    ) -> T {
        let mut evaluator = self.take(assumptions);
        let answer = evaluate(&mut evaluator);
        self.budget = evaluator.budget().clone();
        if !self.budget.is_met() {
            if self.kept.len() >= KEPT {
                self.kept.remove(0);
            }
            self.kept.push(evaluator);
        }
        answer
    }

    fn take(&mut self, assumptions: &Assumptions) -> Evaluator<'p> {
        let mut kept = self.kept.iter();
        match kept.position(|kept| kept.assumptions() == assumptions) {
            Some(place) => {
                let mut evaluator = self.kept.remove(place);
                evaluator.renew(&self.budget);
                evaluator
            }
            None => {
                let assumptions = Cow::Owned(assumptions.clone());
                Evaluator::assuming(self.project, assumptions, &self.budget)
            }
        }
    }
}
