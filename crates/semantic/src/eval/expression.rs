//! The forms of an expression, one function each.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Location;

use super::parameters::BASE;
use super::scope::FrameScope;
use super::unknown::{Kinds, Question, Unknown, Why};
use super::value::{Closure, Element, Entry, List, Object, Rest, Thunk, Traced, Value};
use super::{
    Arguments, Env, Evaluator, FrameId, StepKind, Trail, calls, functions, operators, text,
};
use crate::index::Idx;
use crate::template::ReferenceId;
use crate::template::{
    ArrayItem, BinaryOperator, ExprId, ExprKind, FunctionId, ImportId, LocalId, Property,
    PropertyKey, Symbol, TextPart, UnaryOperator,
};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 256 * 1024;
const STACK: usize = 2 * 1024 * 1024;

impl Evaluator<'_> {
    /// The value of an expression.
    pub(crate) fn evaluate(&mut self, env: &Env, expr: ExprId) -> Traced {
        if let Err(limit) = self.budget.enter() {
            return Traced::plain(Value::unknown(Why::Budget(limit), Kinds::ANY));
        }
        let mut traced = stacker::maybe_grow(RED_ZONE, STACK, || self.form(env, expr));
        self.budget.leave();
        if matches!(&traced.value, Value::Unknown(unknown) if unknown.at.is_none()) {
            traced.value = self.placed(traced.value, Some(self.location_of(env.frame, expr)));
        }
        traced
    }

    fn form(&mut self, env: &Env, expr: ExprId) -> Traced {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Missing => Value::invalid("the text is not complete here").into(),
            ExprKind::Fails(why) => Value::failed(&**why).into(),
            ExprKind::Null => Value::Null.into(),
            ExprKind::Bool(value) => Value::Bool(*value).into(),
            ExprKind::Int(Some(value)) => Value::Int(*value).into(),
            ExprKind::Int(None) => Value::invalid("the number is out of range").into(),
            ExprKind::Text(text) => Value::text(&**text).into(),
            ExprKind::Unpaired => Value::unsupported(text::HALF_A_PAIR).into(),
            ExprKind::Interpolation(parts) => self.interpolation(env, parts),
            ExprKind::Symbol(symbol) => self.symbol(env, *symbol),
            ExprKind::Undeclared(name) => {
                Value::invalid(format!("`{name}` is not declared")).into()
            }
            ExprKind::Member { .. }
            | ExprKind::Index { .. }
            | ExprKind::Nested { .. }
            | ExprKind::NonNull(_) => self.access(env, expr),
            ExprKind::Parenthesized(inner) => self.evaluate(env, *inner),
            ExprKind::Call {
                function,
                arguments,
            } => self.builtin(env, function, arguments),
            ExprKind::Load {
                function,
                reference,
                arguments,
            } => self.load(env, *function, *reference, arguments),
            ExprKind::UserCall {
                function,
                arguments,
            } => {
                if calls::reach(template, arguments, *function) {
                    let name = &template.functions[*function].name;
                    return Value::failed(format!(
                        "`{name}` is called within its own argument, which the engine takes for \
                         recursion"
                    ))
                    .into();
                }
                let arguments = self.thunks(env, arguments);
                self.user_function(Env::of(env.frame), *function, arguments)
            }
            ExprKind::ImportedCall {
                import,
                name,
                arguments,
            } => self.imported_call(env, *import, name, arguments),
            ExprKind::MethodCall { name, .. } => method_call(name).into(),
            ExprKind::Unary(operator, operand) => self.unary(env, *operator, *operand),
            ExprKind::Binary(operator, left, right) => self.binary(env, *operator, *left, *right),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(env, *condition, *then, *otherwise),
            ExprKind::Lambda { parameters, body } => {
                let closure = Closure {
                    env: env.clone(),
                    parameters: parameters.to_vec(),
                    body: *body,
                };
                Value::Lambda(Rc::new(closure)).into()
            }
            ExprKind::Object(properties) => self.object(env, properties),
            ExprKind::Array(items) => self.array(env, items),
            ExprKind::For {
                item,
                index,
                source,
                body,
            } => self.for_expression(env, *item, *index, *source, *body),
        }
    }

    fn symbol(&mut self, env: &Env, symbol: Symbol) -> Traced {
        match symbol {
            Symbol::Parameter(id) => self.parameter(env.frame, id),
            Symbol::Variable(id) => self.variable(env.frame, id),
            Symbol::Local(id) => match env.local(id) {
                Some(thunk) => self.force(&thunk),
                None => Value::invalid("the name has no value here").into(),
            },
            Symbol::Import(id) => self.imported_value(env, id),
            Symbol::Resource(id) => {
                let name = &self.template(env.frame).resources[id].name;
                runtime(format!("resource `{name}`"), Kinds::ANY).into()
            }
            Symbol::Module(id) => {
                let name = &self.template(env.frame).modules[id].name;
                runtime(format!("module `{name}`"), Kinds::ANY).into()
            }
            Symbol::Function(_) | Symbol::Type(_) | Symbol::Other => {
                Value::invalid("the name stands for no value").into()
            }
        }
    }

    fn thunks(&self, env: &Env, exprs: &[ExprId]) -> Vec<Thunk> {
        exprs.iter().map(|&expr| self.thunk(env, expr)).collect()
    }

    fn interpolation(&mut self, env: &Env, parts: &[TextPart]) -> Traced {
        let mut trail = Trail::default();
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                TextPart::Text(text) => Value::text(&**text),
                TextPart::Hole(hole) => {
                    let traced = self.evaluate(env, *hole);
                    trail = trail.and(&traced.trail);
                    self.placed(traced.value, Some(self.location_of(env.frame, *hole)))
                }
            });
        }
        Traced {
            value: text::interpolate(self, &values),
            trail,
        }
    }

    fn builtin(&mut self, env: &Env, name: &str, arguments: &[ExprId]) -> Traced {
        if let Some(refusal) = self.not_constant(env, name, arguments) {
            return refusal.into();
        }
        if name == BASE {
            return self.base(env.frame).into();
        }
        let mut trail = Trail::default();
        let mut values = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            let traced = self.evaluate(env, argument);
            trail = trail.and(&traced.trail);
            values.push(traced.value);
        }
        let result = self.call_builtin(env.frame, name, &values);
        Traced {
            value: result.value,
            trail: trail.and(&result.trail),
        }
    }

    /// What an argument is instead that the compiler must know: a text written out for an external
    /// input (bicepparam-0082), else a name of such a text too (bicepparam-0055).
    fn not_constant(&self, env: &Env, name: &str, arguments: &[ExprId]) -> Option<Value> {
        let first = *arguments.first()?;
        let exprs = &self.template(env.frame).exprs;
        match (name, &exprs[first].kind) {
            ("externalInput", ExprKind::Text(_)) => None,
            ("externalInput", _) => Some(Value::invalid(
                "the name of an external input must be written out",
            )),
            ("readEnvironmentVariable", ExprKind::Text(_)) => None,
            ("readEnvironmentVariable", ExprKind::Symbol(Symbol::Variable(variable))) => {
                let value = self.template(env.frame).variables[*variable].value;
                let known = matches!(exprs[value].kind, ExprKind::Text(_));
                (!known).then(unknown_name)
            }
            ("readEnvironmentVariable", _) => Some(unknown_name()),
            _ => None,
        }
    }

    pub(super) fn call_builtin(
        &mut self,
        frame: FrameId,
        name: &str,
        arguments: &[Value],
    ) -> Traced {
        let function = match self.template(frame).dialect {
            Dialect::Arm => functions::lookup_arm(name),
            Dialect::Bicep | Dialect::Params => functions::lookup(name),
        };
        match function {
            Some(function) => functions::apply(self, function, frame, arguments),
            None if name.starts_with("list") => runtime(format!("`{name}()`"), Kinds::ANY).into(),
            None => Value::invalid(format!("there is no function `{name}`")).into(),
        }
    }

    /// Calls a function declared in the file of `env`.
    fn user_function(&mut self, env: Env, id: FunctionId, arguments: Vec<Thunk>) -> Traced {
        let function = &self.template(env.frame).functions[id];
        if arguments.len() != function.parameters.len() {
            return Value::failed(format!(
                "`{}` is given a wrong number of arguments",
                function.name
            ))
            .into();
        }
        let file = self.file(env.frame);
        let mut inner = env.clone();
        for (&(local, r#type), argument) in function.parameters.iter().zip(arguments) {
            let traced = self.force(&argument);
            if let Some(misfit) = self.mismatch(&traced.value, file, r#type) {
                return misfit.into();
            }
            inner = inner.with(local, argument);
        }
        let result = self.evaluate(&inner, function.body);
        match self.mismatch(&result.value, file, function.result) {
            Some(misfit) => misfit.into(),
            None => result,
        }
    }

    fn imported_call(
        &mut self,
        env: &Env,
        import: ImportId,
        name: &str,
        arguments: &[ExprId],
    ) -> Traced {
        let frame = match self.library(env.frame, import) {
            Ok(frame) => frame,
            Err(unknown) => return unknown.into(),
        };
        match self.template(frame).symbols.get(name) {
            Some(&Symbol::Function(function)) if self.template(frame).exports(name) => {
                let arguments = self.thunks(env, arguments);
                self.user_function(Env::of(frame), function, arguments)
            }
            Some(&Symbol::Import(further)) => {
                match self.template(frame).imports[further].name.clone() {
                    // A function that the imported file imports itself: arguments stay ours.
                    Some(original) => {
                        self.reimported_call(frame, further, &original, env, arguments)
                    }
                    None => Value::invalid(format!("`{name}` is no function")).into(),
                }
            }
            _ => Value::invalid(format!("`{name}` is not exported by the imported file")).into(),
        }
    }

    fn reimported_call(
        &mut self,
        frame: FrameId,
        import: ImportId,
        name: &str,
        env: &Env,
        arguments: &[ExprId],
    ) -> Traced {
        match self.library(frame, import) {
            Ok(library) => match self.template(library).symbols.get(name) {
                Some(&Symbol::Function(function)) => {
                    let arguments = self.thunks(env, arguments);
                    self.user_function(Env::of(library), function, arguments)
                }
                _ => {
                    Value::invalid(format!("`{name}` is not exported by the imported file")).into()
                }
            },
            Err(unknown) => unknown.into(),
        }
    }

    fn unary(&mut self, env: &Env, operator: UnaryOperator, operand: ExprId) -> Traced {
        match operator {
            UnaryOperator::Not => match self.decide(env, operand) {
                Ok((value, trail)) => Traced {
                    value: Value::Bool(!value),
                    trail,
                },
                Err(unknown) => unknown,
            },
            UnaryOperator::Minus => {
                let traced = self.evaluate(env, operand);
                Traced {
                    value: operators::negate(&traced.value),
                    trail: traced.trail,
                }
            }
        }
    }

    fn binary(
        &mut self,
        env: &Env,
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
    ) -> Traced {
        match operator {
            BinaryOperator::And => self.and_or(env, left, right, false),
            BinaryOperator::Or => self.and_or(env, left, right, true),
            BinaryOperator::Coalesce => self.coalesce(env, left, right),
            _ => {
                let (left_value, right_value) =
                    (self.evaluate(env, left), self.evaluate(env, right));
                let trail = left_value.trail.and(&right_value.trail);
                let (a, b) = (&left_value.value, &right_value.value);
                let mut value = operators::binary(self, operator, a, b);
                if matches!(value, Value::Unknown(_)) && !is_failure(&value) {
                    let decided = match (a, b) {
                        (_, Value::Int(number)) => {
                            self.compare_length(env, operator, left, *number)
                        }
                        (Value::Int(number), _) => {
                            self.compare_length(env, operators::mirrored(operator), right, *number)
                        }
                        _ => None,
                    };
                    value = decided.map_or(value, Value::Bool);
                }
                Traced { value, trail }
            }
        }
    }

    /// What `length(x) operator number` is, where what is known of the length decides it.
    fn compare_length(
        &mut self,
        env: &Env,
        operator: BinaryOperator,
        call: ExprId,
        number: i64,
    ) -> Option<bool> {
        let ExprKind::Call {
            function,
            arguments,
        } = &self.template(env.frame).exprs[call].kind
        else {
            return None;
        };
        let [argument] = **arguments else { return None };
        if &**function != "length" {
            return None;
        }
        let argument = self.evaluate(env, argument);
        functions::compare_length(self, operator, &argument.value, number)
    }

    /// `&&` (decided by false) and `||` (decided by true): lazy, and sure as soon as one operand
    /// decides, even when the other is unknown.
    fn and_or(&mut self, env: &Env, left: ExprId, right: ExprId, decisive: bool) -> Traced {
        match self.decide(env, left) {
            Ok((value, trail)) if value == decisive => Traced {
                value: Value::Bool(value),
                trail,
            },
            Ok((_, trail)) => match self.decide(env, right) {
                Ok((value, more)) => Traced {
                    value: Value::Bool(value),
                    trail: trail.and(&more),
                },
                Err(unknown) => unknown,
            },
            // What is known only while deploying leaves the whole open for the engine, as it does not
            // look further than that; a parameter without a value is our own affair.
            Err(unknown) if is_failure(&unknown.value) || is_runtime(&unknown.value) => unknown,
            Err(unknown) => match self.decide(env, right) {
                Ok((value, trail)) if value == decisive => Traced {
                    value: Value::Bool(value),
                    trail,
                },
                _ => unknown,
            },
        }
    }

    fn coalesce(&mut self, env: &Env, left: ExprId, right: ExprId) -> Traced {
        let first = self.evaluate(env, left);
        match &first.value {
            Value::Null => {
                let second = self.evaluate(env, right);
                Traced {
                    trail: second.trail.and(&first.trail),
                    value: second.value,
                }
            }
            Value::Unknown(unknown)
                if unknown.kinds.may_be(Kinds::NULL) && !is_failure(&first.value) =>
            {
                let is_null = unknown.input.clone().map(Question::Null);
                let is_null = is_null.or_else(|| self.atom(env, left, " is null"));
                let second = self.evaluate(env, right);
                match self.null_or_else(unknown, is_null, &second.value) {
                    Nullness::Null => Traced {
                        trail: second.trail.and(&first.trail),
                        value: second.value,
                    },
                    Nullness::Not(value) => Traced {
                        value,
                        trail: first.trail,
                    },
                    Nullness::Open(value) => Traced {
                        value,
                        trail: first.trail.and(&second.trail),
                    },
                }
            }
            _ => first,
        }
    }

    /// What an unknown that may be null comes to where `otherwise` takes the place of null. `is_null`
    /// asks whether it is; a question that the unknown carries itself goes before.
    pub(super) fn null_or_else(
        &self,
        unknown: &Rc<Unknown>,
        is_null: Option<Question>,
        otherwise: &Value,
    ) -> Nullness {
        let own = unknown.question.is_some();
        let answer = is_null
            .as_ref()
            .filter(|_| !own)
            .and_then(|question| self.answer(question));
        let left = unknown.kinds.without(Kinds::NULL);
        match answer {
            Some(true) => Nullness::Null,
            Some(false) => {
                let known = Unknown {
                    kinds: left,
                    ..(**unknown).clone()
                };
                Nullness::Not(Value::Unknown(Rc::new(known)))
            }
            None => {
                let kinds = left.or(otherwise.kinds());
                let question = unknown.question.clone().or(is_null);
                let open = Unknown {
                    kinds,
                    input: None,
                    question,
                    ..(**unknown).clone()
                };
                Nullness::Open(Value::Unknown(Rc::new(open)))
            }
        }
    }

    fn ternary(&mut self, env: &Env, condition: ExprId, then: ExprId, otherwise: ExprId) -> Traced {
        match self.decide(env, condition) {
            Ok((value, trail)) => {
                let branch = self.evaluate(env, if value { then } else { otherwise });
                let at = self.location_of(env.frame, condition);
                let trail = branch.trail.and(&trail).with(at, StepKind::Branch(value));
                Traced {
                    value: branch.value,
                    trail,
                }
            }
            Err(unknown) if is_failure(&unknown.value) => unknown,
            Err(unknown) => {
                // Which branch is taken is not known; what both would be still says something.
                let kinds = self
                    .evaluate(env, then)
                    .value
                    .kinds()
                    .or(self.evaluate(env, otherwise).value.kinds());
                match &unknown.value {
                    Value::Unknown(why) => Traced {
                        value: Self::derive(why, kinds),
                        trail: unknown.trail,
                    },
                    _ => unknown,
                }
            }
        }
    }

    /// Whether a condition holds. The error is an unknown with a question, or a failure.
    pub(crate) fn decide(&mut self, env: &Env, condition: ExprId) -> Result<(bool, Trail), Traced> {
        let traced = self.evaluate(env, condition);
        match &traced.value {
            Value::Bool(value) => Ok((*value, traced.trail)),
            Value::Unknown(unknown) if is_failure(&traced.value) => Err(Traced {
                value: Value::Unknown(Rc::clone(unknown)),
                trail: traced.trail,
            }),
            Value::Unknown(unknown) => {
                let (question, negated) = match &unknown.question {
                    Some(question) => (Some(question.clone()), false),
                    None => self.condition_atom(env, condition),
                };
                // Only a question about this very condition is answered here; any other answer has
                // been taken into account while evaluating.
                if let Some(holds @ Question::Holds { .. }) = &question
                    && let Some(answer) = self.answer(holds)
                {
                    return Ok((answer != negated, traced.trail));
                }
                let open = Unknown {
                    kinds: Kinds::BOOL,
                    input: None,
                    question,
                    ..(**unknown).clone()
                };
                Err(Traced {
                    value: Value::Unknown(Rc::new(open)),
                    trail: traced.trail,
                })
            }
            other => Err(Value::failed(format!(
                "a condition must be true or false and is {}",
                other.kind_name()
            ))
            .into()),
        }
    }

    /// The question that settles a condition of which nothing more is known than its text, and
    /// whether the answer must be turned round: `n <= 3` is asked as `n > 3`, so that conditions that
    /// exclude each other are never both false.
    fn condition_atom(&self, env: &Env, condition: ExprId) -> (Option<Question>, bool) {
        let exprs = &self.template(env.frame).exprs;
        let (mut condition, mut negated) = (condition, false);
        loop {
            match &exprs[condition].kind {
                ExprKind::Parenthesized(inner) => condition = *inner,
                ExprKind::Unary(UnaryOperator::Not, operand) => {
                    (condition, negated) = (*operand, !negated);
                }
                ExprKind::Binary(operator, left, right) => {
                    let Some(opposite) = operator.opposite() else {
                        return (self.atom(env, condition, ""), negated);
                    };
                    let source = |operand: &ExprId| self.source(env.frame, *operand);
                    let text = format!("{} {opposite} {}", source(left), source(right));
                    return (self.atom_of_text(env, &text, ""), !negated);
                }
                _ => return (self.atom(env, condition, ""), negated),
            }
        }
    }

    /// The question whether a condition holds of which nothing more is known than its text. There
    /// is none inside lambdas and functions: the same text speaks of other values in every call.
    fn atom(&self, env: &Env, condition: ExprId, suffix: &str) -> Option<Question> {
        self.atom_of_text(env, self.source(env.frame, condition), suffix)
    }

    /// The same as [`Self::condition_atom`] for the expression at a place, which must stand in the
    /// file of the environment.
    pub(crate) fn atom_at(&self, env: &Env, at: Location) -> (Option<Question>, bool) {
        let exprs = &self.template(env.frame).exprs;
        let mut here = exprs
            .iter_enumerated()
            .filter(|(_, expr)| expr.span == at.span);
        match here.next() {
            Some((condition, _)) if self.file(env.frame) == at.file => {
                self.condition_atom(env, condition)
            }
            _ => (None, false),
        }
    }

    fn atom_of_text(&self, env: &Env, text: &str, suffix: &str) -> Option<Question> {
        let mut frame = String::from(&*self.frame(env.frame).key);
        for (local, round) in env.rounds()? {
            frame.push_str(&format!("#{}.{round}", local.index()));
        }
        // Line breaks and blanks do not matter, unless they may stand within a text.
        let folded = match text.contains('\'') {
            true => text.to_owned(),
            false => text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        Some(Question::Holds {
            frame: Rc::from(frame),
            text: Rc::from(folded + suffix),
        })
    }

    fn object(&mut self, env: &Env, properties: &[Property]) -> Traced {
        let mut trail = Trail::default();
        let mut segments: Vec<Value> = Vec::new();
        let mut segment = Segment::default();
        for property in properties {
            match property {
                Property::Set { key, value } => {
                    if let Err(failure) = self.set(env, &mut segment, key, *value) {
                        return failure.into();
                    }
                }
                Property::Spread(expr) => {
                    segments.push(std::mem::take(&mut segment).finish());
                    let operand = self.evaluate(env, *expr);
                    trail = trail.and(&operand.trail);
                    segments.push(operand.value);
                }
            }
        }
        let last = segment.finish();
        if segments.is_empty() {
            return Traced { value: last, trail };
        }
        segments.push(last);
        // The compiler emits `shallowMerge` for a spread.
        let merged = self.call_builtin(env.frame, "shallowMerge", &[Value::list_of(segments)]);
        Traced {
            value: merged.value,
            trail: trail.and(&merged.trail),
        }
    }

    /// Adds `key: value` to a segment; the error is a failure of the whole object.
    fn set(
        &mut self,
        env: &Env,
        segment: &mut Segment,
        key: &PropertyKey,
        value: ExprId,
    ) -> Result<(), Value> {
        let source = match key {
            PropertyKey::Fixed(_) => None,
            PropertyKey::Computed(expr) => Some(self.source(env.frame, *expr)),
        };
        let key = match self.key(env, key) {
            Ok(key) => key,
            Err(unknown) => {
                let unknown_key = Value::Unknown(Rc::clone(&unknown));
                segment.unknown_key = Some(unknown);
                return if is_failure(&unknown_key) {
                    Err(unknown_key)
                } else {
                    Ok(())
                };
            }
        };
        let at = Some(self.location_of(env.frame, value));
        segment.add(
            Entry {
                key,
                value: self.thunk(env, value),
                at,
            },
            source,
        )
    }

    fn key(&mut self, env: &Env, key: &PropertyKey) -> Result<Rc<str>, Rc<Unknown>> {
        match key {
            PropertyKey::Fixed(text) => Ok(Rc::from(&**text)),
            PropertyKey::Computed(expr) => match self.evaluate(env, *expr).value {
                Value::Text(text) => Ok(text),
                value => Err(value.open().cloned().unwrap_or_else(|| {
                    Rc::new(Unknown::new(
                        Why::Failed("a key must be a text".into()),
                        Kinds::ANY,
                    ))
                })),
            },
        }
    }

    fn array(&mut self, env: &Env, items: &[ArrayItem]) -> Traced {
        let mut trail = Trail::default();
        let mut elements = Vec::with_capacity(items.len());
        for item in items {
            match item {
                ArrayItem::One(expr) => elements.push(Element::One(self.thunk(env, *expr))),
                ArrayItem::Spread(expr) => {
                    let operand = self.evaluate(env, *expr);
                    trail = trail.and(&operand.trail);
                    match operand.value {
                        Value::List(list) => elements.extend(list.elements.iter().cloned()),
                        Value::Unknown(unknown)
                            if is_failure(&Value::Unknown(Rc::clone(&unknown))) =>
                        {
                            return Value::Unknown(unknown).into();
                        }
                        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::LIST) => {
                            elements.push(Element::Rest(open_stretch(&unknown)));
                        }
                        other => {
                            let kind = other.kind_name();
                            return Value::failed(format!(
                                "a list is spread here and it is {kind}"
                            ))
                            .into();
                        }
                    }
                }
            }
        }
        if let Err(limit) = self.spend(elements.len()) {
            return limit.into();
        }
        Traced {
            value: Value::List(Rc::new(List { elements })),
            trail,
        }
    }

    fn for_expression(
        &mut self,
        env: &Env,
        item: LocalId,
        index: Option<LocalId>,
        source: ExprId,
        body: ExprId,
    ) -> Traced {
        let source = self.evaluate(env, source);
        let at = self.location_of(env.frame, body);
        let list = match source.value {
            Value::List(list) => list,
            Value::Unknown(unknown) if is_failure(&Value::Unknown(Rc::clone(&unknown))) => {
                return Value::Unknown(unknown).into();
            }
            Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::LIST) => Rc::new(List {
                elements: vec![Element::Rest(open_stretch(&unknown))],
            }),
            other => {
                return Value::failed(format!("a loop needs a list and got {}", other.kind_name()))
                    .into();
            }
        };
        if let Err(limit) = self.spend(list.elements.len()) {
            return limit.into();
        }
        let elements = list
            .elements
            .iter()
            .enumerate()
            .map(|(number, element)| {
                let round = self.round(env, item, index, element, number);
                match element {
                    Element::One(_) => Element::One(Thunk::pending(round, body, at)),
                    Element::Rest(rest) => {
                        let element = self.evaluate(&round, body).value;
                        Element::Rest(Rest {
                            element,
                            ..rest.clone()
                        })
                    }
                }
            })
            .collect();
        Traced {
            value: Value::List(Rc::new(List { elements })),
            trail: source.trail,
        }
    }

    /// The environment of a round of a loop.
    pub(super) fn round(
        &self,
        env: &Env,
        item: LocalId,
        index: Option<LocalId>,
        element: &Element,
        number: usize,
    ) -> Env {
        let (value, counter) = match element {
            Element::One(thunk) => (
                thunk.clone(),
                Value::Int(i64::try_from(number).unwrap_or(i64::MAX)),
            ),
            Element::Rest(rest) => (
                Thunk::ready(rest.element.clone()),
                Self::derive(&rest.unknown, Kinds::NUMBER),
            ),
        };
        let env = env.with_round(item, value, number);
        match index {
            Some(index) => env.with_round(index, Thunk::ready(counter), number),
            None => env,
        }
    }

    /// The frame in which the exports of an imported file are evaluated.
    fn library(&mut self, frame: FrameId, import: ImportId) -> Result<FrameId, Value> {
        let reference = self.template(frame).imports[import].reference;
        self.library_of(frame, reference)
    }

    /// The frame of a file that is used without arguments.
    pub(super) fn library_of(
        &mut self,
        frame: FrameId,
        reference: ReferenceId,
    ) -> Result<FrameId, Value> {
        let file = self.target(self.file(frame), reference)?;
        if let Some(&known) = self.libraries.get(&file) {
            return Ok(known);
        }
        let key = Rc::from(format!("import:{}", file.0));
        let library = self.add_frame(file, key, 1, Arguments::None);
        self.frame_mut(library).scope = Some(FrameScope::of_import());
        self.libraries.insert(file, library);
        Ok(library)
    }

    fn imported_value(&mut self, env: &Env, import: ImportId) -> Traced {
        match self.template(env.frame).imports[import].name.clone() {
            Some(name) => self.exported(env.frame, import, &name),
            None => Value::invalid("a whole import is no value").into(),
        }
    }

    /// The value of an exported variable.
    pub(super) fn exported(&mut self, frame: FrameId, import: ImportId, name: &str) -> Traced {
        let library = match self.library(frame, import) {
            Ok(library) => library,
            Err(unknown) => return unknown.into(),
        };
        match self.template(library).symbols.get(name) {
            // Oracle: import-0025.
            Some(&Symbol::Variable(variable)) if self.template(library).exports(name) => {
                self.variable(library, variable)
            }
            Some(&symbol @ Symbol::Import(_)) => {
                if self.budget.enter().is_err() {
                    return Value::unknown(Why::Budget("nested evaluations"), Kinds::ANY).into();
                }
                let traced = self.symbol(&Env::of(library), symbol);
                self.budget.leave();
                traced
            }
            _ => Value::invalid(format!("`{name}` is not exported by the imported file")).into(),
        }
    }
}

/// What is known of a value that may be null.
pub(super) enum Nullness {
    /// It is null.
    Null,
    /// It is not; then it is this.
    Not(Value),
    /// It is not known; this stands for the value and for what takes the place of null.
    Open(Value),
}

/// Whether evaluating the program would fail here.
pub(crate) fn is_failure(value: &Value) -> bool {
    matches!(value, Value::Unknown(unknown) if unknown.why.stops())
}

/// Whether a value is known only while deploying.
pub(super) fn is_runtime(value: &Value) -> bool {
    matches!(value, Value::Unknown(unknown) if matches!(unknown.why, Why::Runtime(_)))
}

/// A value known only while deploying.
pub(super) fn runtime(what: String, kinds: Kinds) -> Value {
    Value::unknown(Why::Runtime(what), kinds)
}

/// A stretch of any number of unknown elements.
fn open_stretch(unknown: &Rc<Unknown>) -> Rest {
    let element = Evaluator::derive(unknown, Kinds::ANY);
    Rest {
        min: 0,
        max: None,
        unknown: Rc::clone(unknown),
        element,
    }
}

/// The properties of an object between two spreads.
#[derive(Default)]
struct Segment {
    entries: Vec<Entry>,
    /// For each entry the text of its key, where the key has holes.
    sources: Vec<Option<String>>,
    /// The places of the keys in lower case, once there are many.
    places: FxHashMap<Box<str>, usize>,
    /// Whether a key is not all ASCII; then letter case is more than lower case, and keys are searched.
    beyond_ascii: bool,
    unknown_key: Option<Rc<Unknown>>,
}

impl Segment {
    /// So many keys are searched one by one.
    const FEW: usize = 8;

    /// A key with holes must differ from every other key, letter case aside (oracle cases
    /// spread-0054, spread-0056), but the same text twice is one key, and the last value counts
    /// (spread-0059).
    fn add(&mut self, entry: Entry, source: Option<&str>) -> Result<(), Value> {
        let source = source.map(str::to_owned);
        let same = self.place(&entry.key);
        match same {
            Some(place) if source.is_some() && self.sources[place] == source => {
                self.entries[place] = entry;
                Ok(())
            }
            Some(place) if source.is_some() || self.sources[place].is_some() => Err(Value::failed(
                format!("the key `{}` is given twice", entry.key),
            )),
            _ => {
                self.beyond_ascii |= !entry.key.is_ascii();
                self.entries.push(entry);
                self.sources.push(source);
                self.note_places();
                Ok(())
            }
        }
    }

    /// Notes the place of the last key, or of all of them when they have become many.
    fn note_places(&mut self) {
        let count = self.entries.len();
        let first = match count {
            0..=Self::FEW => return,
            _ if self.places.is_empty() => 0,
            _ => count - 1,
        };
        for place in first..count {
            let folded = self.entries[place].key.to_ascii_lowercase();
            self.places.entry(folded.into_boxed_str()).or_insert(place);
        }
    }

    /// Where a key stands that is the same, letter case aside.
    fn place(&self, key: &str) -> Option<usize> {
        if key.is_ascii() && !self.beyond_ascii && self.entries.len() > Self::FEW {
            return self.places.get(key.to_ascii_lowercase().as_str()).copied();
        }
        self.entries
            .iter()
            .position(|known| super::same_key(&known.key, key))
    }

    fn finish(self) -> Value {
        let rest = self.unknown_key.as_ref().map(open_stretch);
        Value::Object(Rc::new(Object {
            entries: self.entries,
            rest,
        }))
    }
}

/// Methods exist on resources only: `list…()` and the like.
fn method_call(name: &str) -> Value {
    match name {
        "getSecret" => Value::unknown(Why::Secret, Kinds::TEXT),
        name if name.starts_with("list") => runtime(format!("`{name}()`"), Kinds::ANY),
        name => runtime(format!("`.{name}()`"), Kinds::ANY),
    }
}

fn unknown_name() -> Value {
    Value::unsupported("the name of an environment variable that is not written out")
}
