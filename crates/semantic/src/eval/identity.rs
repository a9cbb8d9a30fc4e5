//! Which resource a declaration is: its name with those of its parents, its scope, its id.
//!
//! A child is nested in its parent, names it as `parent`, or has all names in its own (`a/b/c`).
//! Oracle: `arm` child-01, child-02, scope-02; names and ids of `corpora`. The compiler's
//! `ScopeHelper` and `ExpressionConverter` say which form of id goes with which scope.

use super::expression::runtime;
use super::functions::provider_segments;
use super::modules::Instance;
use super::scope::Scope;
use super::text::TextBuilder;
use super::unknown::Kinds;
use super::value::{Piece, Traced, Value};
use super::{Env, Evaluator, Why};
use crate::template::{Loop, ResourceId, ResourceType, Template};

/// A chain of parents is followed so far.
const MAX_PARENTS: usize = 32;

impl Evaluator<'_> {
    /// The object of a resource's body in a round, made once.
    pub(crate) fn body(&mut self, instance: &Instance, id: ResourceId) -> Traced {
        let frame = instance.env.frame;
        let key = (id, instance.round);
        if let Some(known) = self.frame(frame).bodies.get(&key) {
            return known.clone();
        }
        let object = self.template(frame).resources[id].body.object;
        let body = self.evaluate(&instance.env, object);
        self.frame_mut(frame).bodies.insert(key, body.clone());
        body
    }

    /// The name as it is written in the body: without the names of the parents.
    pub(crate) fn own_name(&mut self, instance: &Instance, id: ResourceId) -> Traced {
        let body = self.body(instance, id);
        self.member(&body.value, "name", false)
    }

    /// The parent of a resource, if it has one: the resource it is nested in or names as `parent`.
    pub(super) fn parent(
        &mut self,
        instance: &Instance,
        id: ResourceId,
    ) -> Option<Result<(ResourceId, Instance), Value>> {
        let frame = instance.env.frame;
        let template = self.template(frame);
        if let Some(parent) = template.resources[id].nested_in {
            return Some(Ok((parent, self.parent_instance(instance, parent))));
        }
        let expr = template.member_of(template.resources[id].body.object, "parent")?;
        let place = self.resource_place(&instance.env, expr);
        Some(place.unwrap_or_else(|| Err(Value::failed("`parent` is no resource"))))
    }

    /// Where the body of a parent is evaluated for a child nested in it, which shares its loop.
    fn parent_instance(&self, child: &Instance, parent: ResourceId) -> Instance {
        let template = self.template(child.env.frame);
        match loop_around(template, parent) {
            Some(_) => child.clone(),
            None => Instance {
                env: Env::of(child.env.frame),
                round: None,
            },
        }
    }

    /// The full name: the names of the parents and the own one, joined by `/`.
    pub(crate) fn full_name(&mut self, instance: &Instance, id: ResourceId) -> Value {
        match self.names(instance, id, 0) {
            Ok(names) => joined(&names),
            Err(unknown) => unknown,
        }
    }

    /// The names of the oldest ancestor (which may hold several, joined by `/`), …, the parent, the
    /// resource.
    fn names(
        &mut self,
        instance: &Instance,
        id: ResourceId,
        depth: usize,
    ) -> Result<Vec<Value>, Value> {
        if depth > MAX_PARENTS {
            return Err(Value::unknown(
                Why::Budget("parents of parents"),
                Kinds::TEXT,
            ));
        }
        let own = self.own_name(instance, id).value;
        let mut names = match self.parent(instance, id) {
            None => Vec::new(),
            Some(Ok((parent, place))) => self.names(&place, parent, depth + 1)?,
            Some(Err(unknown)) => return Err(unknown),
        };
        names.push(own);
        Ok(names)
    }

    /// Whether a secret is part of the full name, and so of the id.
    pub(crate) fn is_name_secret(&mut self, instance: &Instance, id: ResourceId) -> bool {
        let (mut instance, mut id) = (instance.clone(), id);
        for _ in 0..MAX_PARENTS {
            if self.own_name(&instance, id).trail.secret {
                return true;
            }
            match self.parent(&instance, id) {
                Some(Ok((parent, place))) => (id, instance) = (parent, place),
                Some(Err(_)) | None => return false,
            }
        }
        false
    }

    /// What a resource is deployed to: the scope of its oldest ancestor.
    pub(crate) fn resource_scope(&mut self, instance: &Instance, id: ResourceId) -> Scope {
        let (mut instance, mut id) = (instance.clone(), id);
        for _ in 0..MAX_PARENTS {
            match self.parent(&instance, id) {
                Some(Ok((parent, place))) => (id, instance) = (parent, place),
                Some(Err(unknown)) => return Scope::Resource(unknown),
                None => return self.written_scope(&instance, id),
            }
        }
        Scope::Resource(Value::unknown(
            Why::Budget("parents of parents"),
            Kinds::TEXT,
        ))
    }

    fn written_scope(&mut self, instance: &Instance, id: ResourceId) -> Scope {
        let frame = instance.env.frame;
        let template = self.template(frame);
        match template.member_of(template.resources[id].body.object, "scope") {
            Some(scope) => self.scope_at(&instance.env, scope),
            None => self.scope(frame),
        }
    }

    /// The id of a resource.
    pub(crate) fn resource_id(&mut self, instance: &Instance, id: ResourceId) -> Value {
        let frame = instance.env.frame;
        let key = (id, instance.round);
        if let Some(known) = self.frame(frame).ids.get(&key) {
            return known.clone();
        }
        // An id that depends on itself meets this.
        let cycle = Value::failed("the id of the resource depends on itself");
        self.frame_mut(frame).ids.insert(key, cycle);
        let value = self.made_id(instance, id).unwrap_or_else(|unknown| unknown);
        self.frame_mut(frame).ids.insert(key, value.clone());
        value
    }

    /// The id of what a resource belongs to: of a child its parent, of others the scope they are
    /// deployed to. The old form `A/b/providers/c` of an extension belongs to the `A/b` before it.
    pub(crate) fn owner_id(&mut self, instance: &Instance, id: ResourceId) -> Value {
        let declaration = &self.template(instance.env.frame).resources[id];
        let Some(r#type) = &declaration.r#type else {
            return Value::failed("the type of the resource is not readable");
        };
        let kinds: Vec<&str> = r#type.as_str().split('/').collect();
        let extends = kinds
            .iter()
            .position(|kind| kind.eq_ignore_ascii_case("providers"));
        let above = match extends {
            Some(place) => &kinds[..place],
            None => &kinds[..kinds.len() - 1],
        };
        let prefix = self.resource_scope(instance, id).prefix();
        if above.len() < 2 {
            return prefix;
        }
        let names = match self.names(instance, id, 0) {
            Ok(names) => names,
            Err(unknown) => return unknown,
        };
        let segments = match extends {
            // `cluster/Microsoft.Insights/settings`: the provider is a segment of the name.
            Some(_) => split(&joined(&names), kinds.len() - 1),
            None => segments(r#type, &names),
        };
        match segments {
            Some(segments) => id_of(&prefix, &above.join("/"), &segments[..above.len() - 1])
                .unwrap_or_else(|unknown| unknown),
            None => runtime(format!("the parent of `{}`", declaration.name), Kinds::TEXT),
        }
    }

    fn made_id(&mut self, instance: &Instance, id: ResourceId) -> Result<Value, Value> {
        let frame = instance.env.frame;
        let declaration = &self.template(frame).resources[id];
        let Some(r#type) = &declaration.r#type else {
            return Err(Value::failed("the type of the resource is not readable"));
        };
        let names = self.names(instance, id, 0)?;
        let prefix = self.resource_scope(instance, id).prefix();
        let segments = segments(r#type, &names).ok_or_else(|| {
            let name = &declaration.name;
            // The engine refuses it (`arm` faulty-56, faulty-58).
            match names.iter().all(|name| matches!(name, Value::Text(_))) {
                true => Value::failed(format!(
                    "the name of resource `{name}` does not have one segment for each of its type"
                )),
                false => runtime(format!("the id of resource `{name}`"), Kinds::TEXT),
            }
        })?;
        id_of(&prefix, r#type.as_str(), &segments)
    }
}

/// The loop around a resource: its own, or that of a resource it is nested in.
pub(crate) fn loop_around(template: &Template, id: ResourceId) -> Option<Loop> {
    let mut here = id;
    for _ in 0..MAX_PARENTS {
        let declaration = &template.resources[here];
        if let Some(each) = declaration.body.each {
            return Some(each);
        }
        here = declaration.nested_in?;
    }
    None
}

/// Names joined by `/`, as far as they are known.
fn joined(names: &[Value]) -> Value {
    let mut text = TextBuilder::default();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push("/");
        }
        if let Err(unfit) = text.push_name(name) {
            return unfit;
        }
    }
    text.finish()
}

/// One name for each segment of the type behind the provider. The oldest ancestor has as many as its
/// descendants leave over. `None`: they do not fit, as far as is known.
fn segments(r#type: &ResourceType, names: &[Value]) -> Option<Vec<Value>> {
    let wanted = provider_segments(r#type.as_str())?.len() - 1;
    // A child of an ARM template may have several segments itself (`arm` child-02).
    if names.iter().all(|name| matches!(name, Value::Text(_))) {
        return split(&joined(names), wanted);
    }
    let (first, rest) = names.split_first()?;
    let mut segments = split(first, wanted.checked_sub(rest.len())?)?;
    segments.extend(rest.iter().cloned());
    Some(segments)
}

/// The `count` parts of a name between slashes.
fn split(name: &Value, count: usize) -> Option<Vec<Value>> {
    match name {
        Value::Text(text) => {
            let parts: Vec<Value> = text.split('/').map(Value::text).collect();
            (parts.len() == count).then_some(parts)
        }
        // Had an unknown piece a slash, the name would have too many parts.
        Value::Partial(pieces) => split_pieces(pieces, count),
        other => (count == 1).then(|| vec![other.clone()]),
    }
}

fn split_pieces(pieces: &[Piece], count: usize) -> Option<Vec<Value>> {
    let mut parts = vec![TextBuilder::default()];
    for piece in pieces {
        match piece {
            Piece::Known(text) => {
                for (index, part) in text.split('/').enumerate() {
                    if index > 0 {
                        parts.push(TextBuilder::default());
                    }
                    parts.last_mut()?.push(part);
                }
            }
            Piece::Unknown(unknown) => parts.last_mut()?.push_unknown(unknown),
        }
    }
    (parts.len() == count).then(|| parts.into_iter().map(TextBuilder::finish).collect())
}

/// `{prefix}/providers/Microsoft.A/b/{name}/c/{name}`; resource groups have an id of their own form
/// (oracle case resourceId-0030).
fn id_of(prefix: &Value, r#type: &str, names: &[Value]) -> Result<Value, Value> {
    let mut id = TextBuilder::default();
    id.push_name(prefix)?;
    let mut kinds = r#type.trim_end_matches('/').split('/');
    if super::functions::is_group(r#type) {
        id.push("/resourceGroups/");
        if let Some(name) = names.first() {
            id.push_name(name)?;
        }
        return Ok(id.finish());
    }
    id.push("/providers/");
    id.push(kinds.next().unwrap_or_default());
    for (kind, name) in kinds.zip(names) {
        id.push("/");
        id.push(kind);
        id.push("/");
        id.push_name(name)?;
    }
    Ok(id.finish())
}
