//! Limits of evaluation. Nothing else in the evaluator counts.

/// How much the evaluations of one deployment may still do. The steps are shared by all of them;
/// the size of values and the depth start afresh with each.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: usize,
    units: usize,
    depth: usize,
    /// Values that the search for failures at hand may still look at.
    looks: usize,
    /// Whether a limit was met since the last start.
    met: bool,
}

/// Expressions evaluated.
const MAX_STEPS: usize = 8_000_000;
/// Elements of lists and bytes of text made.
const MAX_UNITS: usize = 4_000_000;
/// Expressions being evaluated at one time, one within the other.
const MAX_DEPTH: usize = 3_000;
/// Uses of files within uses of files.
pub(crate) const MAX_FRAMES_DEEP: usize = 64;

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: MAX_STEPS,
            units: MAX_UNITS,
            depth: MAX_DEPTH,
            looks: usize::MAX,
            met: false,
        }
    }
}

impl Budget {
    /// The budget for a further evaluation of the same deployment.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            steps: self.steps,
            ..Self::default()
        }
    }

    /// Takes half of the steps out, for a part of the work that must not starve the rest; give back
    /// what it leaves with [`Budget::return_steps`].
    #[must_use]
    pub fn take_half(&mut self) -> Self {
        let half = Self {
            steps: self.steps / 2,
            ..Self::default()
        };
        self.steps -= half.steps;
        half
    }

    /// Gives back what a part of the work left over.
    pub fn return_steps(&mut self, left: &Self) {
        self.steps += left.steps;
    }

    /// Whether a limit was met: then values may be unknown that a fresh evaluation would know.
    pub(crate) fn is_met(&self) -> bool {
        self.met
    }

    /// One expression deeper; call [`Budget::leave`] afterwards. The error names the limit.
    pub(super) fn enter(&mut self) -> Result<(), &'static str> {
        if self.depth == 0 {
            self.met = true;
            return Err("nested evaluations");
        }
        if self.steps == 0 {
            self.met = true;
            return Err("steps");
        }
        self.depth -= 1;
        self.steps -= 1;
        Ok(())
    }

    /// One value looked at in a walk through values, which can be shared and so be met very often; false:
    /// the walk must end.
    pub(super) fn step(&mut self) -> bool {
        if self.looks == 0 {
            return false;
        }
        self.looks -= 1;
        self.steps = self.steps.saturating_sub(1);
        self.met |= self.steps == 0;
        self.steps > 0
    }

    /// Bounds how many values are looked at from here on; what is evaluated is not bounded by it.
    pub(super) fn look_at_most(&mut self, values: usize) {
        self.looks = values;
    }

    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }

    pub(super) fn spend(&mut self, units: usize) -> Result<(), &'static str> {
        match self.units.checked_sub(units) {
            Some(left) => {
                self.units = left;
                Ok(())
            }
            None => {
                self.met = true;
                Err("the size of values")
            }
        }
    }
}
