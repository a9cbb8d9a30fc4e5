//! `resourceGroup()`, `subscription()`, `tenant()`, `managementGroup()`, `deployment()`: what the
//! metadata and the scopes of modules tell of them; the rest is known only while deploying.
//!
//! Which members they have: `scope-*` of the oracle; of the deployment engine's answers those that are
//! open there stay open here.

use std::rc::Rc;

use tricep_syntax::bicep::Dialect;

use super::{Function, NONE, Outcome, UP_TO_ONE, in_frame};
use crate::eval::scope::{Scope, subscription_of};
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::{Entry, Object, Thunk, Value};
use crate::eval::{Evaluator, FrameId};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    in_frame("deployment", NONE, Kinds::OBJECT, deployment),
    in_frame(
        "managementGroup",
        UP_TO_ONE,
        Kinds::OBJECT,
        management_group,
    ),
    in_frame("resourceGroup", (0, Some(2)), Kinds::OBJECT, resource_group),
    in_frame("subscription", UP_TO_ONE, Kinds::OBJECT, subscription),
    in_frame("tenant", NONE, Kinds::OBJECT, tenant),
];

const MAYBE_OBJECT: Kinds = Kinds::OBJECT.or(Kinds::NULL);

/// Builds what a scope function returns.
struct Members {
    function: &'static str,
    entries: Vec<Entry>,
}

impl Members {
    fn of(function: &'static str) -> Self {
        Self {
            function,
            entries: Vec::new(),
        }
    }

    /// A member that is known as far as `value` is.
    fn with(mut self, name: &str, value: Value) -> Self {
        self.entries.push(Entry {
            key: name.into(),
            value: Thunk::ready(value),
            at: None,
        });
        self
    }

    /// A member that is there and known only while deploying.
    fn open(self, name: &str, kinds: Kinds) -> Self {
        let why = Why::Runtime(format!("`{}().{name}`", self.function));
        self.with(name, Value::unknown(why, kinds))
    }

    /// A member that somebody may have told.
    fn told(self, name: &str, told: Option<&str>) -> Self {
        match told {
            Some(told) => self.with(name, Value::text(told)),
            None => self.open(name, Kinds::TEXT),
        }
    }

    /// The object with these members and no others.
    fn closed(self) -> Value {
        let entries = self.entries;
        Value::Object(Rc::new(Object {
            entries,
            rest: None,
        }))
    }

    /// The object; more members may be there.
    fn finish(self) -> Value {
        let why = Why::Runtime(format!("`{}()`", self.function));
        let whole = Value::unknown(why, Kinds::OBJECT);
        let rest = whole.open().map(super::partial::whole);
        let entries = self.entries;
        Value::Object(Rc::new(Object { entries, rest }))
    }
}

/// Scopes named by arguments have no members in Bicep (scope-0033, scope-0035), and a few in an ARM
/// template (`arm` x885, x886, x888).
fn named(
    evaluator: &mut Evaluator<'_>,
    frame: FrameId,
    function: &'static str,
    arguments: &[Value],
) -> Option<Value> {
    let last = arguments.last()?.clone();
    if evaluator.template(frame).dialect != Dialect::Arm {
        return Some(Value::object([]));
    }
    let members = Members::of(function);
    Some(match function {
        "resourceGroup" => {
            let subscription = match arguments {
                [subscription, _] => subscription.clone(),
                _ => subscription_of(&evaluator.scope(frame)),
            };
            let scope = Scope::ResourceGroup {
                subscription,
                group: last.clone(),
            };
            let members = members.with("id", scope.prefix()).with("name", last);
            let r#type = Value::text("Microsoft.Resources/resourceGroups");
            members.with("type", r#type).closed()
        }
        "managementGroup" => {
            let id = Scope::ManagementGroup(last.clone()).prefix();
            members.with("id", id).with("name", last).finish()
        }
        _ => members.finish(),
    })
}

fn resource_group(evaluator: &mut Evaluator<'_>, frame: FrameId, arguments: &[Value]) -> Outcome {
    if let Some(empty) = named(evaluator, frame, "resourceGroup", arguments) {
        return Ok(empty);
    }
    let location = evaluator.group_location(frame);
    let members = Members::of("resourceGroup");
    let members = match evaluator.scope(frame) {
        scope @ Scope::ResourceGroup { .. } => {
            let id = scope.prefix();
            let Scope::ResourceGroup { group, .. } = scope else {
                return Ok(members.finish());
            };
            members
                .with("id", id)
                .with("name", group)
                .with("type", Value::text("Microsoft.Resources/resourceGroups"))
        }
        _ => members
            .open("id", Kinds::TEXT)
            .open("name", Kinds::TEXT)
            .open("type", Kinds::TEXT),
    };
    let members = match location {
        Some(location) => members.with("location", location),
        None => members.open("location", Kinds::TEXT),
    };
    Ok(members
        .open("tags", MAYBE_OBJECT)
        .open("managedBy", Kinds::ANY)
        .open("properties", Kinds::OBJECT)
        .finish())
}

fn subscription(evaluator: &mut Evaluator<'_>, frame: FrameId, arguments: &[Value]) -> Outcome {
    if let Some(empty) = named(evaluator, frame, "subscription", arguments) {
        return Ok(empty);
    }
    let id = subscription_of(&evaluator.scope(frame));
    Ok(Members::of("subscription")
        .with("id", Scope::Subscription(id.clone()).prefix())
        .with("subscriptionId", id)
        .told("tenantId", evaluator.metadata().tenant.as_deref())
        .open("displayName", Kinds::TEXT)
        .finish())
}

fn management_group(evaluator: &mut Evaluator<'_>, frame: FrameId, arguments: &[Value]) -> Outcome {
    if let Some(empty) = named(evaluator, frame, "managementGroup", arguments) {
        return Ok(empty);
    }
    let members = Members::of("managementGroup");
    let members = match evaluator.scope(frame) {
        scope @ Scope::ManagementGroup(_) => {
            let id = scope.prefix();
            let Scope::ManagementGroup(name) = scope else {
                return Ok(members.finish());
            };
            members.with("id", id).with("name", name)
        }
        _ => members.open("id", Kinds::TEXT).open("name", Kinds::TEXT),
    };
    Ok(members
        .open("type", Kinds::TEXT)
        .open("properties", Kinds::OBJECT)
        .finish())
}

fn tenant(evaluator: &mut Evaluator<'_>, _: FrameId, _: &[Value]) -> Outcome {
    let id = evaluator.metadata().tenant.as_deref();
    let path = id.map(|id| format!("/tenants/{id}"));
    Ok(Members::of("tenant")
        .open("countryCode", Kinds::TEXT)
        .open("displayName", Kinds::TEXT)
        .told("id", path.as_deref())
        .told("tenantId", id)
        .finish())
}

fn deployment(evaluator: &mut Evaluator<'_>, frame: FrameId, _: &[Value]) -> Outcome {
    let name = evaluator.deployment_name(frame);
    let location = evaluator.deployment_location(frame);
    let members = Members::of("deployment")
        .with("name", name)
        .open("properties", Kinds::OBJECT);
    Ok(match location {
        Some(location) => members.with("location", location),
        None => members,
    }
    .finish())
}
