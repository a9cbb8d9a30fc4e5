//! What a resource of the same deployment is read as, `r.properties.x`.
//!
//! The deployment engine answers such a read out of the request where the template sets the member
//! (oracle: `arm` preflight-02, preflight-14). What the template leaves out or sets to null the
//! service fills in (preflight-04, preflight-29), so it is unknown and never absent; so is all of a
//! resource that exists already, or whose condition is not known to hold (preflight-30), and a value
//! that leads back to itself (preflight-24).

use std::cell::RefCell;
use std::rc::Rc;

use super::expression::runtime;
use super::identity::loop_around;
use super::modules::Instance;
use super::unknown::{Kinds, Unknown, Why};
use super::value::{Element, Entry, List, Object, Thunk, ThunkCell, ThunkState, Traced, Value};
use super::{Evaluator, FrameId, functions};
use crate::template::{Body, Resource, ResourceId};
use tricep_syntax::bicep::Dialect;

/// Resources nested in each other are followed so far.
const MAX_NESTED: usize = 32;

impl Thunk {
    /// What the service makes of a value in a request; `unknown` is what it may fill in.
    fn served(request: &Self, unknown: &Rc<Unknown>) -> Self {
        let state = ThunkState::Served(request.clone(), Rc::clone(unknown));
        Self {
            at: request.at,
            state: Rc::new(ThunkCell(RefCell::new(state))),
        }
    }
}

impl Evaluator<'_> {
    /// A member of a resource that the service answers: all but name, id, type and version.
    pub(super) fn served_member(
        &mut self,
        instance: &Instance,
        id: ResourceId,
        name: &str,
    ) -> Traced {
        let declaration = &self.template(instance.env.frame).resources[id];
        let what = format!("`{}.{name}`", declaration.name);
        let open = || runtime(what.clone(), Kinds::ANY);
        // Of a whole resource the engine knows the properties only (preflight-07).
        if name != "properties" {
            return open().into();
        }
        let request = match declaration.existing {
            true => self.created_elsewhere(instance, id),
            false => Some((instance.clone(), id)),
        };
        let Some((instance, id)) = request else {
            return open().into();
        };
        if !matches!(self.is_deployed(&instance, id), Ok((true, _))) {
            return open().into();
        }
        let Value::Unknown(unknown) = open() else {
            return open().into();
        };
        match self.body(&instance, id).value {
            Value::Object(body) => match body.get(name) {
                Some(entry) => self.serve(&entry.value, &unknown),
                None => open().into(),
            },
            _ => open().into(),
        }
    }

    /// The resource that an `existing` one is, if this template or one that calls it creates it in the
    /// same version (preflight-10, preflight-16).
    fn created_elsewhere(
        &mut self,
        instance: &Instance,
        id: ResourceId,
    ) -> Option<(Instance, ResourceId)> {
        let Value::Text(wanted) = self.resource_id(instance, id) else {
            return None;
        };
        let declaration = &self.template(instance.env.frame).resources[id];
        let mut here = Some(instance.env.frame);
        while let Some(frame) = here {
            let found = self.created(frame, declaration, &wanted);
            if found.is_some() {
                return found;
            }
            here = self
                .frame(frame)
                .caller
                .as_ref()
                .map(|(caller, _)| caller.env.frame);
        }
        None
    }

    /// The resource of a frame that is created with that id, type and version.
    fn created(
        &mut self,
        frame: FrameId,
        like: &Resource,
        wanted: &str,
    ) -> Option<(Instance, ResourceId)> {
        let template = self.template(frame);
        let alike = template
            .resources
            .iter_enumerated()
            .filter(|(_, declaration)| {
                !declaration.existing
                    && declaration.r#type == like.r#type
                    && declaration.api_version == like.api_version
            });
        for (id, declaration) in alike {
            let body = Body {
                each: loop_around(template, id),
                ..declaration.body
            };
            for instance in self.instances(frame, &body) {
                if let Value::Text(own) = self.resource_id(&instance, id)
                    && own.eq_ignore_ascii_case(wanted)
                {
                    return Some((instance, id));
                }
            }
        }
        None
    }

    /// What the service makes of a value in a request.
    pub(super) fn serve(&mut self, request: &Thunk, unknown: &Rc<Unknown>) -> Traced {
        if request.is_running() {
            return Value::Unknown(Rc::clone(unknown)).into();
        }
        let traced = self.force(request);
        let value = match &traced.value {
            Value::Null => Value::Unknown(Rc::clone(unknown)),
            Value::Object(object) => self.served_object(object, unknown),
            Value::List(list) => self.served_list(list, unknown),
            other => other.clone(),
        };
        Traced {
            value,
            trail: traced.trail,
        }
    }

    /// The members that are set, and whatever the service adds.
    fn served_object(&mut self, object: &Object, unknown: &Rc<Unknown>) -> Value {
        if let Err(limit) = self.spend(object.entries.len()) {
            return limit;
        }
        let serve = |entry: &Entry| Entry {
            key: Rc::clone(&entry.key),
            value: Thunk::served(&entry.value, unknown),
            at: entry.at,
        };
        let entries = object.entries.iter().map(serve).collect();
        let rest = object.rest.clone();
        let rest = Some(rest.unwrap_or_else(|| functions::whole(unknown)));
        Value::Object(Rc::new(Object { entries, rest }))
    }

    fn served_list(&mut self, list: &List, unknown: &Rc<Unknown>) -> Value {
        if let Err(limit) = self.spend(list.elements.len()) {
            return limit;
        }
        let serve = |element: &Element| match element {
            Element::One(thunk) => Element::One(Thunk::served(thunk, unknown)),
            Element::Rest(rest) => Element::Rest(rest.clone()),
        };
        let elements = list.elements.iter().map(serve).collect();
        Value::List(Rc::new(List { elements }))
    }

    /// Whether a resource is deployed. In Bicep a nested resource is deployed only if those around it
    /// are (`ExpressionBuilder.GetResourceBody`), in an ARM template that does not matter (`arm`
    /// cond-13).
    pub fn is_deployed(
        &mut self,
        instance: &Instance,
        id: ResourceId,
    ) -> Result<(bool, super::Trail), Traced> {
        let template = self.template(instance.env.frame);
        let mut trail = super::Trail::default();
        let mut open = None;
        let mut next = Some(id);
        for _ in 0..MAX_NESTED {
            let Some(here) = next else { break };
            let declaration = &template.resources[here];
            if let Some(condition) = declaration.body.condition {
                match self.decide(&instance.env, condition) {
                    Ok((true, more)) => trail = trail.and(&more),
                    Ok((false, more)) => return Ok((false, more)),
                    Err(unknown) => open = open.or(Some(unknown)),
                }
            }
            next = declaration
                .nested_in
                .filter(|_| template.dialect == Dialect::Bicep);
        }
        if next.is_some() {
            let limit = Value::unknown(Why::Budget("resources nested in each other"), Kinds::BOOL);
            open = open.or(Some(limit.into()));
        }
        match open {
            Some(unknown) => Err(unknown),
            None => Ok((true, trail)),
        }
    }
}
