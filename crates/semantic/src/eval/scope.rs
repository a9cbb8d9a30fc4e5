//! What a template or a resource is deployed to.
//!
//! A frame's scope comes from the metadata for the deployment itself and from `scope` for a module
//! (in an ARM template from `scope`, `subscriptionId` and `resourceGroup` of the nested deployment).
//! It decides what `resourceGroup()`, `subscription()` and the id functions mean in the frame, and how the
//! ids of its resources begin. Absent: whether a scope is allowed where it stands.

use std::rc::Rc;

use super::expression::runtime;
use super::modules::Instance;
use super::text::TextBuilder;
use super::unknown::{Kinds, Unknown};
use super::value::{Piece, Value};
use super::{Env, Evaluator, FrameId, Why};
use crate::template::{
    Body, ExprId, ExprKind, ModuleId, ResourceId, Symbol, TargetScope, Template,
};

/// What something is deployed to. Names and ids may be unknown, wholly or in part.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The tenant.
    Tenant,
    /// A management group, by name.
    ManagementGroup(Value),
    /// A subscription, by id.
    Subscription(Value),
    /// A resource group.
    ResourceGroup {
        /// The id of its subscription.
        subscription: Value,
        /// Its name.
        group: Value,
    },
    /// A resource that is extended, by id.
    Resource(Value),
    /// It is not known which kind of scope it is.
    Unknown(Rc<Unknown>),
}

/// The scope of a frame, and whether its location is the one that the metadata tell.
#[derive(Clone, Debug)]
pub(super) struct FrameScope {
    pub(super) scope: Scope,
    /// Whether it is the scope of the deployment itself. Of other resource groups the location is
    /// not known (oracle case scope-07 of `arm`).
    pub(super) own: bool,
}

impl FrameScope {
    /// What is imported has no scope: its expressions mean that of whoever uses them.
    pub(super) fn of_import() -> Self {
        let why = Why::Unsupported("a scope in an imported file".to_owned());
        Self {
            scope: Scope::Unknown(Rc::new(Unknown::new(why, Kinds::TEXT))),
            own: false,
        }
    }
}

/// The types that are scopes by themselves.
const GROUPS: &str = "Microsoft.Resources/resourceGroups";
const MANAGEMENT_GROUPS: &str = "Microsoft.Management/managementGroups";

impl Scope {
    /// How ids of resources at this scope begin: the id of the scope, nothing for the tenant.
    #[must_use]
    pub fn prefix(&self) -> Value {
        let mut text = TextBuilder::default();
        let parts = match self {
            Self::Tenant => vec![],
            Self::ManagementGroup(name) => {
                vec![("/providers/Microsoft.Management/managementGroups/", name)]
            }
            Self::Subscription(id) => vec![("/subscriptions/", id)],
            Self::ResourceGroup {
                subscription,
                group,
            } => vec![
                ("/subscriptions/", subscription),
                ("/resourceGroups/", group),
            ],
            Self::Resource(id) => vec![("", id)],
            Self::Unknown(unknown) => {
                return Evaluator::derive(unknown, Kinds::TEXT);
            }
        };
        for (label, part) in parts {
            text.push(label);
            if let Err(unfit) = text.push_name(part) {
                return unfit;
            }
        }
        text.finish()
    }

    /// The id of the subscription that it lies in.
    pub(super) fn subscription(&self) -> Option<&Value> {
        match self {
            Self::Subscription(id)
            | Self::ResourceGroup {
                subscription: id, ..
            } => Some(id),
            _ => None,
        }
    }
}

impl Evaluator<'_> {
    /// What the template of a frame is deployed to.
    pub fn scope(&mut self, frame: FrameId) -> Scope {
        self.frame_scope(frame).scope
    }

    pub(super) fn frame_scope(&mut self, frame: FrameId) -> FrameScope {
        if let Some(known) = &self.frame(frame).scope {
            return known.clone();
        }
        // While it is being found out it counts as unknown: a scope that depends on itself.
        let unknown = Rc::new(Unknown::new(
            Why::Failed("the scope of the module depends on itself".to_owned()),
            Kinds::TEXT,
        ));
        self.frame_mut(frame).scope = Some(FrameScope {
            scope: Scope::Unknown(unknown),
            own: false,
        });
        let scope = match self.frame(frame).caller.clone() {
            Some((instance, module)) => self.module_scope(&instance, module),
            None => FrameScope {
                scope: self.told_scope(frame),
                own: true,
            },
        };
        self.frame_mut(frame).scope = Some(scope.clone());
        scope
    }

    /// The location of the resource group that a frame is deployed to, where it is known: it is the
    /// deployment's own, or one that the same deployment creates (`arm` scope-05, but scope-07).
    pub(super) fn group_location(&mut self, frame: FrameId) -> Option<Value> {
        let known = self.frame_scope(frame);
        if !matches!(known.scope, Scope::ResourceGroup { .. }) {
            return None;
        }
        if known.own {
            return self.metadata.location.as_deref().map(Value::text);
        }
        let Value::Text(id) = known.scope.prefix() else {
            return None;
        };
        let mut here = frame;
        while let Some((caller, _)) = self.frame(here).caller.clone() {
            here = caller.env.frame;
            if let Some(location) = self.location_of_created(here, &id) {
                return Some(location);
            }
        }
        None
    }

    /// The location of the resource group of that id, if the template of a frame creates it.
    fn location_of_created(&mut self, frame: FrameId, group: &str) -> Option<Value> {
        let template = self.template(frame);
        let groups = template
            .resources
            .iter_enumerated()
            .filter(|(_, declaration)| {
                let r#type = declaration.r#type.as_ref();
                !declaration.existing && r#type.is_some_and(|r#type| r#type.is(GROUPS))
            });
        for (id, declaration) in groups {
            for instance in self.instances(frame, &declaration.body) {
                let Value::Text(own) = self.resource_id(&instance, id) else {
                    continue;
                };
                if own.eq_ignore_ascii_case(group)
                    && matches!(self.is_deployed(&instance, id), Ok((true, _)))
                {
                    let body = self.body(&instance, id);
                    return Some(self.member(&body.value, "location", true).value);
                }
            }
        }
        None
    }

    /// The rounds of a body over known elements.
    pub(super) fn instances(&mut self, frame: FrameId, body: &Body) -> Vec<Instance> {
        let Ok(rounds) = self.rounds(frame, body) else {
            return Vec::new();
        };
        (0..rounds.count())
            .filter(|&number| !rounds.is_stretch(number))
            .filter_map(|number| self.instance(&rounds, number))
            .collect()
    }

    /// The name of the deployment that a frame is.
    pub(super) fn deployment_name(&mut self, frame: FrameId) -> Value {
        match self.frame(frame).caller.clone() {
            Some((instance, module)) => self.module_name(&instance, module).value,
            None => match &self.metadata.deployment {
                Some(name) => Value::text(&**name),
                None => runtime("`deployment().name`".to_owned(), Kinds::TEXT),
            },
        }
    }

    /// The location of the deployment that a frame is, if it has one: not in a resource group. For a
    /// module the compiler writes that of the caller.
    pub(super) fn deployment_location(&mut self, frame: FrameId) -> Option<Value> {
        let mut here = frame;
        if matches!(self.scope(here), Scope::ResourceGroup { .. }) {
            return None;
        }
        while let Some((caller, _)) = self.frame(here).caller.clone() {
            here = caller.env.frame;
        }
        let in_group = matches!(self.scope(here), Scope::ResourceGroup { .. });
        let what = if in_group {
            "resourceGroup"
        } else {
            "deployment"
        };
        Some(match &self.metadata.location {
            Some(location) => Value::text(&**location),
            None => runtime(format!("`{what}().location`"), Kinds::TEXT),
        })
    }

    /// The scope of the deployment itself.
    fn told_scope(&self, frame: FrameId) -> Scope {
        let metadata = self.metadata;
        let told = |fact: &Option<String>, what: &str| match fact {
            Some(fact) => Value::text(&**fact),
            None => runtime(format!("`{what}`"), Kinds::TEXT),
        };
        let subscription = || told(&metadata.subscription, "subscription().subscriptionId");
        match self.template(frame).target_scope {
            Some(TargetScope::ResourceGroup) => Scope::ResourceGroup {
                subscription: subscription(),
                group: told(&metadata.resource_group, "resourceGroup().name"),
            },
            Some(TargetScope::Subscription) => Scope::Subscription(subscription()),
            Some(TargetScope::ManagementGroup) => {
                Scope::ManagementGroup(told(&metadata.management_group, "managementGroup().name"))
            }
            Some(TargetScope::Tenant) => Scope::Tenant,
            None => {
                let why = Why::Unsupported("a deployment to this scope".to_owned());
                Scope::Unknown(Rc::new(Unknown::new(why, Kinds::TEXT)))
            }
        }
    }

    /// What a module call deploys to.
    pub(super) fn scope_of_module(&mut self, caller: &Instance, module: ModuleId) -> Scope {
        self.module_scope(caller, module).scope
    }

    fn module_scope(&mut self, caller: &Instance, module: ModuleId) -> FrameScope {
        let frame = caller.env.frame;
        let template = self.template(frame);
        let body = template.modules[module].body.object;
        let outer = self.frame_scope(frame);
        if let Some(scope) = template.member_of(body, "scope") {
            if names_scope(template, scope, &outer.scope) {
                return outer;
            }
            return FrameScope {
                scope: self.scope_at(&caller.env, scope),
                own: false,
            };
        }
        let subscription = template.member_of(body, "subscriptionId");
        let group = template.member_of(body, "resourceGroup");
        if subscription.is_none() && group.is_none() {
            return outer;
        }
        let subscription = match subscription {
            Some(id) => self.evaluate(&caller.env, id).value,
            None => subscription_of(&outer.scope),
        };
        let scope = match group {
            Some(group) => Scope::ResourceGroup {
                subscription,
                group: self.evaluate(&caller.env, group).value,
            },
            None => Scope::Subscription(subscription),
        };
        FrameScope { scope, own: false }
    }

    /// The scope that an expression stands for: a call of a scope function, a resource, or (in an ARM
    /// template) an id.
    pub(super) fn scope_at(&mut self, env: &Env, expr: ExprId) -> Scope {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Parenthesized(inner) | ExprKind::NonNull(inner) => self.scope_at(env, *inner),
            ExprKind::Call {
                function,
                arguments,
            } if is_scope_function(function) => self.called_scope(env, function, arguments),
            ExprKind::Symbol(Symbol::Resource(_))
            | ExprKind::Index { .. }
            | ExprKind::Nested { .. } => match self.resource_place(env, expr) {
                Some(Ok((id, instance))) => self.scope_of_group(&instance, id),
                Some(Err(unknown)) => unknown_scope(&unknown),
                None => self.scope_by_id(env, expr),
            },
            _ => self.scope_by_id(env, expr),
        }
    }

    fn called_scope(&mut self, env: &Env, function: &str, arguments: &[ExprId]) -> Scope {
        let outer = self.scope(env.frame);
        let mut values: Vec<Value> = arguments
            .iter()
            .map(|&argument| self.evaluate(env, argument).value)
            .collect();
        let last = values.pop();
        match (function, last) {
            ("tenant", _) => Scope::Tenant,
            ("managementGroup", Some(name)) => Scope::ManagementGroup(name),
            ("subscription", Some(id)) => Scope::Subscription(id),
            ("subscription", None) => Scope::Subscription(subscription_of(&outer)),
            ("resourceGroup", Some(group)) => Scope::ResourceGroup {
                subscription: values.pop().unwrap_or_else(|| subscription_of(&outer)),
                group,
            },
            _ => outer,
        }
    }

    /// Resource groups and management groups are scopes by themselves; any other resource is extended.
    pub(super) fn scope_of_group(&mut self, instance: &Instance, id: ResourceId) -> Scope {
        let declaration = &self.template(instance.env.frame).resources[id];
        let is = |name| {
            declaration
                .r#type
                .as_ref()
                .is_some_and(|r#type| r#type.is(name))
        };
        if is(GROUPS) {
            let scope = self.resource_scope(instance, id);
            return Scope::ResourceGroup {
                subscription: subscription_of(&scope),
                group: self.own_name(instance, id).value,
            };
        }
        if is(MANAGEMENT_GROUPS) {
            return Scope::ManagementGroup(self.own_name(instance, id).value);
        }
        Scope::Resource(self.resource_id(instance, id))
    }

    /// A scope written as a text: `/` is the tenant, a relative path is completed (`arm` scope-02, scope-04).
    fn scope_by_id(&mut self, env: &Env, expr: ExprId) -> Scope {
        let value = self.evaluate(env, expr).value;
        match &value {
            Value::Text(text) => self.scope_named(env.frame, text),
            Value::Partial(pieces) if is_relative(pieces) => self.relative_scope(env.frame, &value),
            Value::Partial(_) => Scope::Resource(value),
            other => unknown_scope(other),
        }
    }

    fn scope_named(&mut self, frame: FrameId, text: &Rc<str>) -> Scope {
        let parts: Vec<&str> = text.trim_matches('/').split('/').collect();
        let is = |part: &str, name: &str| part.eq_ignore_ascii_case(name);
        match parts.as_slice() {
            [""] => Scope::Tenant,
            [a, subscription, b, group] if is(a, "subscriptions") && is(b, "resourceGroups") => {
                Scope::ResourceGroup {
                    subscription: Value::text(*subscription),
                    group: Value::text(*group),
                }
            }
            [a, subscription] if is(a, "subscriptions") => {
                Scope::Subscription(Value::text(*subscription))
            }
            [rest @ .., a, b, name] if is_management_group(rest, a, b) => {
                Scope::ManagementGroup(Value::text(*name))
            }
            _ if text.starts_with('/') => Scope::Resource(Value::Text(Rc::clone(text))),
            _ => self.relative_scope(frame, &Value::text(parts.join("/"))),
        }
    }

    /// `Microsoft.A/b/name` below the scope of the frame.
    fn relative_scope(&mut self, frame: FrameId, path: &Value) -> Scope {
        let mut id = TextBuilder::default();
        if let Err(unfit) = id.push_name(&self.scope(frame).prefix()) {
            return unknown_scope(&unfit);
        }
        id.push("/providers/");
        match id.push_name(path) {
            Ok(()) => Scope::Resource(id.finish()),
            Err(unfit) => unknown_scope(&unfit),
        }
    }
}

/// Whether a text that begins like this is `Microsoft.A/b/…` and no whole id. Compiled modules write
/// scopes so: `format('Microsoft.A/b/{0}', parameters('name'))`.
fn is_relative(pieces: &[Piece]) -> bool {
    match pieces.first() {
        Some(Piece::Known(start)) => start
            .split_once('/')
            .is_some_and(|(provider, _)| provider.contains('.')),
        _ => false,
    }
}

fn is_management_group(before: &[&str], provider: &str, kind: &str) -> bool {
    let starts =
        matches!(before, []) || matches!(before, [only] if only.eq_ignore_ascii_case("providers"));
    starts
        && provider.eq_ignore_ascii_case("Microsoft.Management")
        && kind.eq_ignore_ascii_case("managementGroups")
}

/// Whether an expression is `resourceGroup()` in a resource group, or the like: the scope as it is.
fn names_scope(template: &Template, expr: ExprId, scope: &Scope) -> bool {
    let ExprKind::Call {
        function,
        arguments,
    } = &template.exprs[expr].kind
    else {
        return false;
    };
    let same = match scope {
        Scope::Tenant => "tenant",
        Scope::ManagementGroup(_) => "managementGroup",
        Scope::Subscription(_) => "subscription",
        Scope::ResourceGroup { .. } => "resourceGroup",
        Scope::Resource(_) | Scope::Unknown(_) => return false,
    };
    arguments.is_empty() && &**function == same
}

fn is_scope_function(name: &str) -> bool {
    matches!(
        name,
        "tenant" | "managementGroup" | "subscription" | "resourceGroup"
    )
}

/// The subscription of a scope; known only while deploying where the scope has none.
pub(super) fn subscription_of(scope: &Scope) -> Value {
    match scope {
        Scope::Unknown(unknown) => Evaluator::derive(unknown, Kinds::TEXT),
        scope => scope
            .subscription()
            .cloned()
            .unwrap_or_else(|| runtime("`subscription().subscriptionId`".to_owned(), Kinds::TEXT)),
    }
}

fn unknown_scope(value: &Value) -> Scope {
    let unknown = value.open().cloned().unwrap_or_else(|| {
        let why = Why::Failed(format!("a scope cannot be {}", value.kind_name()));
        Rc::new(Unknown::new(why, Kinds::TEXT))
    });
    Scope::Unknown(unknown)
}
