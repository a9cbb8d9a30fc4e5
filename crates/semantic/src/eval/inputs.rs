//! Inputs: parameters without a value, and the properties below them, laid out as far as their
//! declared types and the assumptions tell.

use std::rc::Rc;

use tricep_syntax::text::Location;

use super::shape::Shape;
use super::unknown::{Input, Kinds, Literal, Question, Unknown, Why};
use super::value::{Element, Entry, List, Object, Rest, Thunk, Value};
use super::{Evaluator, FrameId};

/// How deep the declared properties of an input are laid out.
const MAX_DEPTH: usize = 3;

/// An input, and why and where it is not known.
pub(super) struct Origin<'a> {
    pub(super) input: Input,
    pub(super) why: &'a Why,
    pub(super) at: Option<Location>,
}

impl Origin<'_> {
    /// The input as an unknown value.
    fn unknown(&self, kinds: Kinds, question: Option<Question>) -> Rc<Unknown> {
        let (why, input) = (self.why.clone(), Some(self.input.clone()));
        Rc::new(Unknown {
            why,
            kinds,
            at: self.at,
            input,
            question,
        })
    }

    /// Something in the input, which is no input itself.
    fn part(&self, kinds: Kinds) -> Value {
        Value::Unknown(Rc::new(Unknown {
            at: self.at,
            ..Unknown::new(self.why.clone(), kinds)
        }))
    }

    /// The input `name` below this one.
    fn below(&self, name: &str) -> Self {
        let path = Rc::from(format!("{}.{name}", self.input.path));
        let input = Input {
            frame: Rc::clone(&self.input.frame),
            path,
        };
        Self {
            input,
            why: self.why,
            at: self.at,
        }
    }
}

impl Evaluator<'_> {
    /// An input below an input, such as `config.ranges`: its type comes from the declared type of
    /// the parameter.
    pub(super) fn input(&mut self, input: Input, of: &Rc<Unknown>) -> Value {
        let shape = self.shape_of_input(&input);
        let origin = Origin {
            input,
            why: &of.why,
            at: of.at,
        };
        self.lay_out_to(&origin, &shape, MAX_DEPTH)
    }

    /// What the declared type says about an input.
    fn shape_of_input(&mut self, input: &Input) -> Shape {
        let Some(frame) = self
            .frames
            .iter()
            .position(|frame| frame.key == input.frame)
        else {
            return Shape::any();
        };
        let frame = FrameId(frame as u32);
        let file = self.file(frame);
        let mut parts = input.path.split('.');
        let parameter = parts
            .next()
            .and_then(|name| self.template(frame).parameter(name));
        let Some(parameter) = parameter.map(|id| &self.template(frame).parameters[id]) else {
            return Shape::any();
        };
        let Some(r#type) = parameter.r#type else {
            return Shape::any();
        };
        let mut shape = self.shape_of(file, r#type, &parameter.constraints);
        for part in parts {
            shape = self.shape_of_property(&shape, part);
        }
        shape
    }

    /// An input of a shape, as far as the assumptions tell.
    pub(super) fn lay_out(&mut self, origin: &Origin<'_>, shape: &Shape) -> Value {
        self.lay_out_to(origin, shape, 0)
    }

    fn lay_out_to(&mut self, origin: &Origin<'_>, shape: &Shape, depth: usize) -> Value {
        let mut kinds = shape.kinds;
        if kinds.may_be(Kinds::NULL) {
            let question = Question::Null(origin.input.clone());
            match self.answer(&question) {
                Some(true) => return Value::Null,
                Some(false) => kinds = kinds.without(Kinds::NULL),
                None if shape.nullable => {
                    return Value::Unknown(origin.unknown(kinds, Some(question)));
                }
                None => {}
            }
        }
        if let Some(literals) = &shape.literals {
            return self.choice(origin, literals, kinds);
        }
        if kinds == Kinds::LIST {
            return self.list_input(origin, shape);
        }
        if kinds == Kinds::OBJECT {
            return self.object_input(origin, shape, depth);
        }
        if let Some(literal) = self.settled_literal(&origin.input) {
            return literal_value(&literal);
        }
        let empty = self.answer(&Question::Empty(origin.input.clone()));
        if empty == Some(true) && kinds == Kinds::TEXT {
            return Value::text("");
        }
        // Of several kinds that can be empty it stays open which one it is.
        Value::Unknown(origin.unknown(kinds, None))
    }

    /// The least and greatest length of an input.
    fn length_of_input(&self, input: &Input, shape: &Shape) -> (usize, Option<usize>) {
        match self.answer(&Question::Empty(input.clone())) {
            Some(true) => (0, Some(0)),
            Some(false) => (shape.min_length.max(1), shape.max_length),
            None => (shape.min_length, shape.max_length),
        }
    }

    fn list_input(&mut self, origin: &Origin<'_>, shape: &Shape) -> Value {
        let (min, max) = self.length_of_input(&origin.input, shape);
        if max == Some(0) {
            return Value::list([]);
        }
        let unknown = origin.unknown(Kinds::LIST, None);
        let element = origin.part(shape.element_kinds());
        let rest = Element::Rest(Rest {
            min,
            max,
            unknown,
            element,
        });
        Value::List(Rc::new(List {
            elements: vec![rest],
        }))
    }

    fn object_input(&mut self, origin: &Origin<'_>, shape: &Shape, depth: usize) -> Value {
        let (min, max) = self.length_of_input(&origin.input, shape);
        if max == Some(0) {
            return Value::object([]);
        }
        let entries = self.required_properties(origin, shape, depth);
        let min = min.saturating_sub(entries.len());
        let unknown = origin.unknown(Kinds::OBJECT, None);
        let rest = Some(Rest {
            min,
            max: None,
            unknown,
            element: origin.part(Kinds::ANY),
        });
        Value::Object(Rc::new(Object { entries, rest }))
    }

    fn required_properties(
        &mut self,
        origin: &Origin<'_>,
        shape: &Shape,
        depth: usize,
    ) -> Vec<Entry> {
        if depth >= MAX_DEPTH {
            return Vec::new();
        }
        let mut entries = Vec::new();
        for name in shape.property_names() {
            let property = self.shape_of_property(shape, &name);
            if property.nullable {
                continue;
            }
            let value = self.lay_out_to(&origin.below(&name), &property, depth + 1);
            entries.push(Entry {
                key: Rc::from(&*name),
                value: Thunk::ready(value),
                at: None,
            });
        }
        entries
    }

    /// The value that an assumption gives an input.
    fn settled_literal(&self, input: &Input) -> Option<Literal> {
        self.assumptions
            .answers()
            .iter()
            .find_map(|assumption| match &assumption.question {
                Question::Equals(of, literal) if assumption.answer && of == input => {
                    Some(literal.clone())
                }
                _ => None,
            })
    }

    /// An input that is one of a few literals: asks for the first that is not ruled out, until one
    /// is left.
    fn choice(&self, origin: &Origin<'_>, literals: &[Literal], kinds: Kinds) -> Value {
        let input = &origin.input;
        let mut left = Vec::new();
        for literal in literals {
            match self.answer(&Question::Equals(input.clone(), literal.clone())) {
                Some(true) => return literal_value(literal),
                Some(false) => {}
                None => left.push(literal.clone()),
            }
        }
        let question = match left.as_slice() {
            [] => {
                return Value::failed(format!(
                    "`{}` is none of the values it may have",
                    input.path
                ));
            }
            [only] => return literal_value(only),
            [literal, otherwise] => Question::Choice {
                input: input.clone(),
                literal: literal.clone(),
                otherwise: otherwise.clone(),
            },
            [first, ..] => Question::Equals(input.clone(), first.clone()),
        };
        Value::Unknown(origin.unknown(kinds, Some(question)))
    }
}

pub(super) fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Text(text) => Value::Text(Rc::clone(text)),
    }
}
