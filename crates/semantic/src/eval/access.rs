//! Member access, indexing and references to resources and modules.
//!
//! When `.?` or `[?…]` find nothing, the rest of their unparenthesised chain is not looked at:
//! `o.?a.b` is null when `a` is missing (oracle case access-0014), `(o.?a).b` fails (access-0196).
//! When they find something, further links without `?` are as strict as ever: the function behind
//! them, `tryGet`, is safe for its first key only.

use std::rc::Rc;

use super::expression::{is_failure, runtime};
use super::identity::loop_around;
use super::modules::{Call, Instance, perhaps_null};
use super::unknown::{Kinds, Question, Unknown};
use super::value::{Element, List, Object, Traced, Value};
use super::{Env, Evaluator, Input};
use crate::template::{Body, ExprId, ExprKind, ResourceId, Symbol};

/// The value of a chain so far.
struct Link {
    traced: Traced,
    /// A `?` found nothing: what follows in the chain is not looked at.
    cut: bool,
    /// Whether there was a `?` at all.
    guarded: bool,
}

impl Link {
    fn whole(traced: Traced) -> Self {
        Self {
            traced,
            cut: false,
            guarded: false,
        }
    }
}

/// A resource named in an expression, perhaps one round of a loop of resources.
struct ResourceUse {
    id: ResourceId,
    round: Option<Traced>,
}

impl Evaluator<'_> {
    /// The value of a chain of accesses.
    pub(super) fn access(&mut self, env: &Env, expr: ExprId) -> Traced {
        self.chain(env, expr).traced
    }

    fn chain(&mut self, env: &Env, expr: ExprId) -> Link {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Member { base, name, safe } => {
                if let Some(traced) = self.declared_member(env, *base, name, *safe) {
                    let safe = *safe || self.asks_outputs_safely(env, *base);
                    return step(Link::whole(traced), safe, Traced::clone);
                }
                let base = self.link(env, *base);
                step(base, *safe, |base| self.member(&base.value, name, *safe))
            }
            ExprKind::Index {
                base,
                index,
                safe,
                from_end,
            } => {
                let base = self.link(env, *base);
                let index = self.evaluate(env, *index);
                if is_failure(&index.value) {
                    return Link::whole(index);
                }
                if base.cut && *from_end {
                    let what = "an index from the end behind a `?` that found nothing";
                    return Link::whole(Value::unsupported(what).into());
                }
                step(base, *safe, |base| {
                    let element = self.element(&base.value, &index.value, *safe, *from_end);
                    Traced {
                        trail: element.trail.and(&index.trail),
                        value: element.value,
                    }
                })
            }
            ExprKind::NonNull(inner) => self.link(env, *inner),
            ExprKind::Nested { name, .. } => {
                let value = match self.resource_use(env, expr) {
                    Some(_) => runtime(format!("resource `{name}`"), Kinds::ANY),
                    None => Value::failed(format!("there is no nested resource `{name}`")),
                };
                Link::whole(value.into())
            }
            _ => Link::whole(self.evaluate(env, expr)),
        }
    }

    /// A link of a chain, within the limits of depth.
    fn link(&mut self, env: &Env, expr: ExprId) -> Link {
        if let Err(limit) = self.budget.enter() {
            return Link::whole(Value::unknown(super::Why::Budget(limit), Kinds::ANY).into());
        }
        let result = stacker::maybe_grow(256 * 1024, 2 * 1024 * 1024, || self.chain(env, expr));
        self.budget.leave();
        result
    }

    /// `value.name`
    pub(crate) fn member(&mut self, value: &Value, name: &str, safe: bool) -> Traced {
        match value {
            Value::Object(object) => self.object_member(object, name, safe),
            Value::Unknown(unknown) => self.unknown_member(unknown, name).into(),
            _ if safe => Value::Null.into(),
            Value::Null => Value::failed(format!("`{name}` is asked of null")).into(),
            other => Value::failed(format!("`{name}` is asked of {}", other.kind_name())).into(),
        }
    }

    fn object_member(&mut self, object: &Object, name: &str, safe: bool) -> Traced {
        if let Some(entry) = object.get(name) {
            let thunk = entry.value.clone();
            return self.force(&thunk);
        }
        match &object.rest {
            Some(rest) => self.unknown_member(&rest.unknown, name).into(),
            None if safe => Value::Null.into(),
            None => Value::failed(format!("there is no property `{name}`")).into(),
        }
    }

    /// A member of something unknown: of an input it is an input itself.
    pub(super) fn unknown_member(&mut self, unknown: &Rc<Unknown>, name: &str) -> Value {
        match &unknown.input {
            Some(input) => self.input_member(input, name, unknown),
            None => Self::derive(unknown, Kinds::ANY),
        }
    }

    /// `value[index]`
    fn element(&mut self, value: &Value, index: &Value, safe: bool, from_end: bool) -> Traced {
        if let Some(answer) = unfit_index(value, index, safe, from_end) {
            return answer.into();
        }
        match (value, index) {
            (_, Value::Unknown(unknown)) if is_failure(index) => {
                Value::Unknown(Rc::clone(unknown)).into()
            }
            (Value::Unknown(unknown), Value::Text(name)) => {
                self.unknown_member(unknown, name).into()
            }
            (Value::Unknown(unknown), _) => Self::derive(unknown, Kinds::ANY).into(),
            (Value::Object(object), Value::Text(name)) => self.object_member(object, name, safe),
            (Value::Object(object), Value::Unknown(unknown)) => {
                self.unknown_key(object, unknown, safe)
            }
            (_, Value::Partial(_) | Value::Unknown(_)) => match index.open() {
                Some(unknown) => Self::derive(unknown, Kinds::ANY).into(),
                None => Value::Null.into(),
            },
            (Value::List(list), Value::Int(number)) => {
                self.list_element(list, *number, safe, from_end)
            }
            (_, _) if safe => Value::Null.into(),
            (Value::List(_), other) => {
                Value::failed(format!("the index of a list is {}", other.kind_name())).into()
            }
            (Value::Object(_), other) => {
                Value::failed(format!("the key of an object is {}", other.kind_name())).into()
            }
            (other, _) => Value::failed(format!("{} has no elements", other.kind_name())).into(),
        }
    }

    /// A key that is not known: asks which of the keys of the object it is, letter case aside.
    fn unknown_key(&mut self, object: &Object, key: &Rc<Unknown>, safe: bool) -> Traced {
        let Some(input) = key.input.clone().filter(|_| key.question.is_none()) else {
            return Self::derive(key, Kinds::ANY).into();
        };
        for entry in &object.entries {
            let question = Question::Matches(input.clone(), Rc::clone(&entry.key));
            match self.answer(&question) {
                Some(true) => return self.force(&entry.value),
                Some(false) => {}
                None => {
                    let open = Unknown {
                        kinds: Kinds::ANY,
                        input: None,
                        question: Some(question),
                        ..(**key).clone()
                    };
                    return Value::Unknown(Rc::new(open)).into();
                }
            }
        }
        match &object.rest {
            Some(rest) => Self::derive(&rest.unknown, Kinds::ANY).into(),
            None if safe => Value::Null.into(),
            None => Value::failed(format!("`{}` is none of the keys", input.path)).into(),
        }
    }

    fn list_element(&mut self, list: &List, number: i64, safe: bool, from_end: bool) -> Traced {
        let out_of_range = || {
            if safe {
                Value::Null
            } else {
                Value::failed(format!("the index {number} is out of range"))
            }
        };
        // `[^1]` is the last element, so `[^0]` is out of range.
        let place = if from_end {
            number.checked_sub(1)
        } else {
            Some(number)
        };
        let Some(mut left) = place.and_then(|place| usize::try_from(place).ok()) else {
            return out_of_range().into();
        };
        let count = list.elements.len();
        for step in 0..count {
            match &list.elements[if from_end { count - 1 - step } else { step }] {
                Element::One(thunk) if left == 0 => {
                    let thunk = thunk.clone();
                    return self.force(&thunk);
                }
                Element::One(_) => left -= 1,
                Element::Rest(rest) if left < rest.min => return rest.element.clone().into(),
                Element::Rest(rest) if rest.max == Some(rest.min) => left -= rest.min,
                Element::Rest(rest) => return Self::derive(&rest.unknown, Kinds::ANY).into(),
            }
        }
        out_of_range().into()
    }

    /// A member of a declared resource, module or import, which are no ordinary values.
    fn declared_member(
        &mut self,
        env: &Env,
        base: ExprId,
        name: &str,
        safe: bool,
    ) -> Option<Traced> {
        let template = self.template(env.frame);
        if let ExprKind::Symbol(Symbol::Import(import)) = template.exprs[base].kind
            && template.imports[import].name.is_none()
        {
            return Some(self.exported(env.frame, import, name));
        }
        if let ExprKind::Member {
            base: module,
            name: outputs,
            safe: outputs_safe,
        } = &template.exprs[base].kind
            && &**outputs == "outputs"
            && let Some(call) = self.module_use(env, *module)
        {
            let call = Call {
                guarded: *outputs_safe,
                ..call
            };
            return Some(self.module_output(env, call, name, safe || *outputs_safe));
        }
        if let Some(call) = self.module_use(env, base) {
            return Some(self.module_member(env, call, name));
        }
        if let Some(read) = self.referenced_member(env, base, name) {
            return Some(read);
        }
        let resource = self.resource_use(env, base)?;
        Some(self.resource_member(env, &resource, name, safe))
    }

    /// Whether an expression is `m.?outputs`.
    fn asks_outputs_safely(&self, env: &Env, expr: ExprId) -> bool {
        matches!(
            &self.template(env.frame).exprs[expr].kind,
            ExprKind::Member { name, safe: true, .. } if &**name == "outputs"
        )
    }

    /// The module call that an expression names: `m` or `m[i]`.
    fn module_use(&mut self, env: &Env, expr: ExprId) -> Option<Call> {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Symbol(Symbol::Module(id)) => Some(Call {
                module: *id,
                round: None,
                guarded: false,
            }),
            ExprKind::Index { base, index, .. } => match template.exprs[*base].kind {
                ExprKind::Symbol(Symbol::Module(id)) => Some(Call {
                    module: id,
                    round: Some(self.evaluate(env, *index)),
                    guarded: false,
                }),
                _ => None,
            },
            ExprKind::NonNull(inner) => self.module_use(env, *inner),
            _ => None,
        }
    }

    /// The resource that an expression names: `r`, `r[i]` or `r::nested`.
    fn resource_use(&mut self, env: &Env, expr: ExprId) -> Option<ResourceUse> {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Symbol(Symbol::Resource(id)) => Some(ResourceUse {
                id: *id,
                round: None,
            }),
            ExprKind::Index { base, index, .. } => {
                let resource = self.resource_use(env, *base)?;
                let round = Some(self.evaluate(env, *index));
                Some(ResourceUse { round, ..resource }).filter(|_| resource.round.is_none())
            }
            ExprKind::Nested { base, name } => {
                let parent = self.resource_use(env, *base)?;
                let id = self.nested_resource(env, parent.id, name)?;
                Some(ResourceUse { id, ..parent })
            }
            ExprKind::NonNull(inner) | ExprKind::Parenthesized(inner) => {
                self.resource_use(env, *inner)
            }
            _ => None,
        }
    }

    fn nested_resource(&self, env: &Env, parent: ResourceId, name: &str) -> Option<ResourceId> {
        let mut resources = self.template(env.frame).resources.iter_enumerated();
        let found =
            resources.find(|(_, child)| child.nested_in == Some(parent) && &*child.name == name);
        found.map(|(id, _)| id)
    }

    /// The resource that an expression names and the round of its loop. `None`: it names none.
    pub(super) fn resource_place(
        &mut self,
        env: &Env,
        expr: ExprId,
    ) -> Option<Result<(ResourceId, Instance), Value>> {
        let resource = self.resource_use(env, expr)?;
        let instance = self.place_of_use(env, &resource);
        Some(instance.map(|instance| (resource.id, instance)))
    }

    fn place_of_use(&mut self, env: &Env, resource: &ResourceUse) -> Result<Instance, Value> {
        let template = self.template(env.frame);
        let each = loop_around(template, resource.id);
        let body = Body {
            each,
            ..template.resources[resource.id].body
        };
        // In the loop itself, `parent` of a nested resource means the same round.
        self.picked(env, &body, resource.round.as_ref())
    }

    /// A member of a resource. Name, id, type and version are computed; everything else is read from
    /// the service.
    fn resource_member(
        &mut self,
        env: &Env,
        resource: &ResourceUse,
        name: &str,
        safe: bool,
    ) -> Traced {
        let declaration = &self.template(env.frame).resources[resource.id];
        match (name, &declaration.r#type, &declaration.api_version) {
            ("type", Some(r#type), _) => return Value::text(r#type.as_str()).into(),
            ("type", None, _) => {
                return Value::failed("the type of the resource is not readable").into();
            }
            ("apiVersion", _, Some(version)) => return Value::text(version.as_str()).into(),
            ("apiVersion", _, None) => {
                return Value::failed("the resource has no API version").into();
            }
            _ => {}
        }
        let instance = match self.place_of_use(env, resource) {
            Ok(instance) => instance,
            Err(unknown) => return unknown.into(),
        };
        let read = |evaluator: &mut Self| match name {
            "name" => evaluator.own_name(&instance, resource.id),
            "id" => {
                let mut id = Traced::plain(evaluator.resource_id(&instance, resource.id));
                id.trail.secret = evaluator.is_name_secret(&instance, resource.id);
                id
            }
            _ => evaluator.served_member(&instance, resource.id, name),
        };
        if !safe {
            return read(self);
        }
        // `r.?id` is null where the condition of the resource does not hold.
        match self.is_deployed(&instance, resource.id) {
            Ok((true, _)) => read(self),
            Ok((false, trail)) => Traced {
                value: Value::Null,
                trail,
            },
            Err(open) => {
                let traced = read(self);
                Traced {
                    value: perhaps_null(&open.value, &traced.value),
                    trail: traced.trail.and(&open.trail),
                }
            }
        }
    }

    /// An input below an input: `config.ranges` of the parameter `config`.
    fn input_member(&mut self, input: &Input, name: &str, of: &Rc<Unknown>) -> Value {
        let path = format!("{}.{name}", input.path);
        let child = Input {
            frame: Rc::clone(&input.frame),
            path: Rc::from(path),
        };
        self.input(child, of)
    }
}

/// The next link of a chain. A null in the middle of a guarded chain is not sure to end it.
fn step(base: Link, safe: bool, next: impl FnOnce(&Traced) -> Traced) -> Link {
    if base.cut {
        return base;
    }
    let is_null = matches!(base.traced.value, Value::Null);
    let traced = if base.guarded && !safe && is_null {
        Value::unsupported("a null in the middle of a chain with `?`").into()
    } else {
        next(&base.traced)
    };
    Link {
        cut: safe && matches!(traced.value, Value::Null),
        guarded: base.guarded || safe,
        traced: Traced {
            trail: traced.trail.and(&base.traced.trail),
            value: traced.value,
        },
    }
}

/// What `[?…]` makes of an index that is never right: texts and integers are looked up in anything,
/// other kinds are refused whatever the value (access-0075, access-0077); from the end only
/// integers count.
fn unfit_index(value: &Value, index: &Value, safe: bool, from_end: bool) -> Option<Value> {
    let refused = |index: &Value| {
        let kind = index.kind_name();
        Some(Value::failed(format!("the index is {kind}")))
    };
    match index {
        Value::Unknown(_) | Value::Partial(_) | Value::Int(_) => {}
        Value::Text(_) if !from_end => {}
        _ if safe || from_end => return refused(index),
        _ => {}
    }
    let looked_up = matches!(value, Value::List(_) | Value::Unknown(_) | Value::Null);
    (safe && from_end && !looked_up)
        .then(|| Value::unsupported("an index from the end of something that is no list"))
}
