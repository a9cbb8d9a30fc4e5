//! What is wrong with the values that a parameter file, or whoever runs the analysis, gives a
//! template: parameters that are not there or not given, values that do not keep to their types.
//!
//! Enters: the frame of a deployment. Leaves: the problems, with the compiler's codes. Values are
//! looked at, not the types of expressions; what is not known is not complained about.

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{Location, Span};

use super::unknown::Why;
use super::value::Value;
use super::{Arguments, Evaluator, FrameId};
use crate::index::Idx;
use crate::project::Origin;
use crate::template::{ExprKind, Parameter, ParameterId};

/// The compiler takes 256 parameters; where there are many more nobody needs to know which are
/// wrong.
const MAX_PARAMETERS: usize = 4096;

/// Something wrong with what a template is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssignmentProblem {
    /// The compiler's code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: in the parameter file; for what is given without one, in the template.
    pub at: Location,
}

/// A parameter of a parameter file with a value: the use of the file and the parameter.
pub(super) type Assignment = (FrameId, ParameterId);

impl<'a> Evaluator<'a> {
    /// What is wrong with what the deployment in `frame` (see [`Evaluator::deploy`]) is given.
    pub fn assignment_problems(&mut self, frame: FrameId) -> Vec<AssignmentProblem> {
        // Of a stand-in the parameters are not known.
        let target = self.project.unit(self.file(frame));
        if matches!(target.origin, Origin::Facts(_)) || self.is_beyond_limits(frame) {
            return Vec::new();
        }
        let mut problems = self.problems_of_texts(frame);
        if self.template(frame).dialect == Dialect::Params {
            // A file that is for no template: `using none`.
            problems.extend(self.failures(frame));
        }
        if let Arguments::File(file) = self.frame(frame).arguments.clone() {
            problems.extend(self.failures(file));
            problems.extend(self.undeclared(frame, file));
            problems.extend(self.missing(frame, file));
            problems.extend(self.misfits(frame, file));
        }
        problems
    }

    /// Whether there are more parameters than any template can have.
    fn is_beyond_limits(&self, frame: FrameId) -> bool {
        let file = match self.frame(frame).arguments {
            Arguments::File(file) => file,
            _ => frame,
        };
        let many = |frame| self.template(frame).parameters.len() > MAX_PARAMETERS;
        many(frame) || many(file)
    }

    /// Parameters that the file assigns and the template does not have. Files that it extends are
    /// not looked at, as with the compiler.
    fn undeclared(&self, frame: FrameId, file: FrameId) -> Vec<AssignmentProblem> {
        let parameters = self.template(file).parameters.iter();
        let unknown = parameters.filter(|parameter| !self.declares(frame, file, &parameter.name));
        let problem = |parameter: &Parameter| AssignmentProblem {
            code: "BCP259",
            message: format!("the template has no parameter `{}`", parameter.name),
            at: self.location(file, self.statement(file, parameter)),
        };
        unknown.map(problem).collect()
    }

    /// Whether the template in `frame` has a parameter that `file` calls so. Letter case counts in
    /// Bicep.
    fn declares(&self, frame: FrameId, file: FrameId, name: &str) -> bool {
        let template = self.template(frame);
        match template.parameter(name) {
            Some(id) => self.is_json(file) || *template.parameters[id].name == *name,
            None => false,
        }
    }

    /// Whether a parameter file is in JSON.
    fn is_json(&self, file: FrameId) -> bool {
        self.template(file).dialect == Dialect::Arm
    }

    /// The whole assignment: from `param` to the end of the value; in JSON the key.
    fn statement(&self, file: FrameId, parameter: &Parameter) -> Span {
        let unit = self.project.unit(self.file(file));
        let before = unit.text.get(..parameter.at.start as usize);
        let keyword = before.and_then(|before| before.trim_end().strip_suffix("param"));
        match (keyword, parameter.value) {
            (Some(before), Some(value)) => {
                let end = unit.template.exprs[value].span.end;
                Span::new(before.len() as u32, end)
            }
            _ => parameter.at,
        }
    }

    /// Required parameters that nobody gives a value, or null.
    fn missing(&mut self, frame: FrameId, file: FrameId) -> Option<AssignmentProblem> {
        let mut names = Vec::new();
        for parameter in self.template(frame).parameters.iter() {
            if self.is_required(frame, parameter) && self.lacks(frame, file, parameter)? {
                names.push(format!("`{}`", parameter.name));
            }
        }
        let at = self.template(file).using.map(|using| {
            let reference = &self.template(file).references[using];
            self.location(file, reference.at)
        })?;
        let names = names.join(", ");
        (!names.is_empty()).then(|| AssignmentProblem {
            code: "BCP258",
            message: format!("the template needs values for {names}"),
            at,
        })
    }

    fn is_required(&mut self, frame: FrameId, parameter: &Parameter) -> bool {
        parameter.value.is_none()
            && parameter.r#type.is_some()
            && !self.is_nullable(frame, parameter)
            && self.given_as_text(frame, &parameter.name).is_none()
    }

    /// Whether a file gives a parameter nothing. `None`: a file that it extends cannot be read.
    fn lacks(&mut self, frame: FrameId, file: FrameId, parameter: &Parameter) -> Option<bool> {
        let name = &parameter.name;
        let Some((holder, id)) = self.assignment(file, name).ok()? else {
            return Some(true);
        };
        let assigned = &self.template(holder).parameters[id].name;
        if !self.declares(frame, holder, assigned) {
            return Some(true);
        }
        let value = self.assigned_value((holder, id));
        Some(matches!(value, Some(Value::Null)))
    }

    /// What an assignment gives.
    fn assigned_value(&mut self, (file, id): Assignment) -> Option<Value> {
        let value = self.template(file).parameters[id].value?;
        Some(self.evaluate(&super::Env::of(file), value).value)
    }

    /// Whether the value is written as `any(…)`, which tells the compiler to ask for no type.
    fn is_any(&self, (file, id): Assignment) -> bool {
        let template = self.template(file);
        let value = template.parameters[id]
            .value
            .map(|value| &template.exprs[value].kind);
        matches!(value, Some(ExprKind::Call { function, .. }) if &**function == "any")
    }

    /// Values of the file that cannot be evaluated.
    fn failures(&mut self, file: FrameId) -> Vec<AssignmentProblem> {
        let mut problems = Vec::new();
        for index in 0..self.template(file).parameters.len() {
            let assignment = (file, ParameterId::new(index));
            let (Some(at), Some(value)) = (self.place(assignment), self.assigned_value(assignment))
            else {
                continue;
            };
            let Some(Why::Failed(why)) = self.failure_in(&value, 0) else {
                continue;
            };
            let (code, message) = match self.is_json(file) {
                true => ("invalid-parameter-file", why),
                false => ("BCP338", format!("the value cannot be evaluated: {why}")),
            };
            problems.push(AssignmentProblem { code, message, at });
        }
        problems
    }

    /// Where the value of an assignment stands.
    fn place(&self, (file, id): Assignment) -> Option<Location> {
        let value = self.template(file).parameters[id].value?;
        Some(self.location_of(file, value))
    }

    /// Values that do not keep to their types.
    fn misfits(&mut self, frame: FrameId, file: FrameId) -> Vec<AssignmentProblem> {
        let mut problems = Vec::new();
        for index in 0..self.template(frame).parameters.len() {
            let parameter = &self.template(frame).parameters[ParameterId::new(index)];
            if self.given_as_text(frame, &parameter.name).is_some() {
                continue;
            }
            let Ok(Some(assignment)) = self.assignment(file, &parameter.name) else {
                continue;
            };
            problems.extend(self.misfit(frame, parameter, assignment));
        }
        problems
    }

    fn misfit(
        &mut self,
        frame: FrameId,
        parameter: &Parameter,
        assignment: Assignment,
    ) -> Option<AssignmentProblem> {
        let at = self.place(assignment)?;
        if self.is_any(assignment) {
            return None;
        }
        let value = self.assigned_value(assignment)?;
        // A null is as good as no value (param-validation-0170).
        if matches!(value, Value::Null) || self.failure_in(&value, 0).is_some() {
            return None;
        }
        let (code, part, message) = self.misfit_of(frame, parameter, &value)?;
        // The part may stand in another file: the value was put together elsewhere.
        let inside = part.filter(|part| part.file == at.file && at.span.encloses(part.span));
        Some(AssignmentProblem {
            code,
            message,
            at: inside.unwrap_or(at),
        })
    }

    fn misfit_of(
        &mut self,
        frame: FrameId,
        parameter: &Parameter,
        value: &Value,
    ) -> Option<(&'static str, Option<Location>, String)> {
        let file = self.file(frame);
        let misfit = self.deep_mismatch(value, file, parameter.r#type?, &parameter.constraints)?;
        let message = format!(
            "the value of parameter `{}` {}",
            parameter.name,
            misfit.why()
        );
        misfit.sure.then_some((misfit.code, misfit.at, message))
    }

    /// What is wrong with values that are given without a file.
    fn problems_of_texts(&mut self, frame: FrameId) -> Vec<AssignmentProblem> {
        let mut problems = Vec::new();
        let project = self.project;
        for (name, _) in &project.inputs.parameters {
            let template = self.template(frame);
            let Some(id) = template.parameter(name) else {
                problems.push(AssignmentProblem {
                    code: "BCP259",
                    message: format!("the template has no parameter `{name}`"),
                    at: self.location(frame, Span::at(0)),
                });
                continue;
            };
            let parameter = &template.parameters[id];
            let Some(text) = self.given_as_text(frame, name) else {
                continue;
            };
            let value = self.typed(frame, parameter, text);
            if let Some((code, _, message)) = self.misfit_of(frame, parameter, &value) {
                let at = self.location(frame, parameter.at);
                problems.push(AssignmentProblem { code, message, at });
            }
        }
        problems
    }
}
