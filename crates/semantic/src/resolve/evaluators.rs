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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tricep_syntax::bicep::{Dialect, parse};
    use tricep_syntax::text::FileId;

    use super::*;
    use crate::IndexVec;
    use crate::eval::{Unknown, Value, Why};
    use crate::lower::lower;
    use crate::project::{Origin, Unit};

    fn project(text: &str) -> Project {
        let text: Arc<str> = text.into();
        Project::new(vec![Unit {
            template: lower(&parse(Arc::clone(&text), Dialect::Bicep)),
            text,
            targets: IndexVec::default(),
            origin: Origin::Own,
        }])
    }

    /// The output `o` of the file.
    fn output(evaluators: &mut Evaluators<'_>, assumptions: &Assumptions) -> Value {
        evaluators.with(assumptions, |evaluator| {
            let frame = evaluator.deploy(FileId(0));
            let output = evaluator.output(frame, "o");
            output.map_or(Value::Null, |traced| traced.value)
        })
    }

    #[test]
    fn one_evaluator_is_kept_for_each_set_of_assumptions_behind_the_same_calls() {
        let project = project("param p string = 'x'\noutput o string = p");
        let mut evaluators = Evaluators::new(&project);
        let freed = Assumptions::default().freeing(&["p".into()]);
        for _ in 0..3 {
            let default = output(&mut evaluators, &Assumptions::default());
            assert!(matches!(default, Value::Text(text) if &*text == "x"));
            let free = output(&mut evaluators, &freed);
            assert!(matches!(free, Value::Unknown(_)));
            assert_eq!(evaluators.kept.len(), 2);
        }
        evaluators.start(&[], Budget::default());
        assert_eq!(evaluators.kept.len(), 2);
        let call = crate::index::Idx::new(0);
        evaluators.start(&[call], Budget::default());
        assert!(evaluators.kept.is_empty());
    }

    #[test]
    fn an_evaluator_that_met_a_limit_is_not_used_again() {
        let text = "var a = [for i in range(0, 3000): i]\nvar b = flatten([for i in range(0, 3000): a])\n\
                    output o int = length(b)";
        let project = project(text);
        let mut evaluators = Evaluators::new(&project);
        let value = output(&mut evaluators, &Assumptions::default());
        let is_budget = |unknown: &Unknown| matches!(unknown.why, Why::Budget(_));
        assert!(
            matches!(&value, Value::Unknown(unknown) if is_budget(unknown)),
            "{value:?}"
        );
        assert!(evaluators.kept.is_empty());
    }
}
