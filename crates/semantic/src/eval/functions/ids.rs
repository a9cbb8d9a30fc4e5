//! Resource ids: `resourceId()` and its kin.
//!
//! An id is made of what the frame's scope and the arguments tell; pieces that are not known stay
//! unknown pieces of the text, so that how an id ends is known anyway.

use super::arguments;
use super::{AT_LEAST_ONE, Function, Outcome, in_frame};
use crate::eval::scope::{Scope, subscription_of};
use crate::eval::text::TextBuilder;
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::{Piece, Value};
use crate::eval::{Evaluator, FrameId};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    in_frame(
        "extensionResourceId",
        (3, None),
        Kinds::TEXT,
        extension_resource_id,
    ),
    in_frame("resourceId", AT_LEAST_TWO, Kinds::TEXT, resource_id),
    in_frame(
        "subscriptionResourceId",
        AT_LEAST_TWO,
        Kinds::TEXT,
        subscription_resource_id,
    ),
    in_frame(
        "tenantResourceId",
        AT_LEAST_TWO,
        Kinds::TEXT,
        tenant_resource_id,
    ),
    in_frame(
        "managementGroupResourceId",
        AT_LEAST_TWO,
        Kinds::TEXT,
        management_group_resource_id,
    ),
];

const AT_LEAST_TWO: super::Count = (AT_LEAST_ONE.0 + 1, None);

/// The arguments of an id function, told apart.
struct Parts<'a> {
    /// What stands before the type.
    before: &'a [Value],
    /// The type.
    r#type: &'a str,
    /// How the id ends: `/providers/Microsoft.A/b/name`. `None`: the engine's answer is not sure.
    path: Option<Value>,
}

/// The type is the only argument with a slash (resourceId-0009).
fn parts<'a>(name: &str, values: &'a [Value]) -> Result<Parts<'a>, Value> {
    for (index, value) in values.iter().enumerate() {
        if !value.kinds().may_be(Kinds::TEXT) {
            return Err(arguments::wrong(value, index, "a text"));
        }
    }
    let mut types = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| match value {
            Value::Text(text) if text.contains('/') => Some((place, &**text)),
            _ => None,
        });
    match (types.next(), types.next()) {
        (Some((place, r#type)), None) => Ok(Parts {
            before: &values[..place],
            r#type,
            path: provider_path(r#type, &values[place + 1..])?,
        }),
        (None, _) if values.iter().any(|value| value.open().is_some()) => {
            Err(open_id(name, values))
        }
        _ => Err(Value::failed(
            "exactly one argument must be a resource type, with a slash",
        )),
    }
}

/// The id when nothing can be said of it because of an open argument.
fn open_id(name: &str, values: &[Value]) -> Value {
    match super::most_telling(values) {
        Some(unknown) => arguments::derived(unknown, Kinds::TEXT),
        None => deploying(name),
    }
}

fn deploying(name: &str) -> Value {
    Value::unknown(Why::Runtime(format!("`{name}()`")), Kinds::TEXT)
}

/// The segments of a type: the provider, then one for each name. `None`: it is none.
pub(crate) fn provider_segments(r#type: &str) -> Option<Vec<&str>> {
    let segments: Vec<&str> = r#type.trim_end_matches('/').split('/').collect();
    let whole = segments.len() > 1 && segments.iter().all(|segment| !segment.is_empty());
    whole.then_some(segments)
}

/// `Microsoft.A/b/c` with the names `1`, `2`: `/providers/Microsoft.A/b/1/c/2`. Nothing where the
/// engine's answer is not sure.
fn provider_path(r#type: &str, names: &[Value]) -> Result<Option<Value>, Value> {
    let wanted = r#type.trim_end_matches('/').split('/').count() - 1;
    if wanted != names.len() {
        // Oracle: resourceId-0005, resourceId-0023.
        return Err(Value::failed(format!(
            "`{type}` needs {wanted} names and is given {}",
            names.len()
        )));
    }
    let Some(segments) = provider_segments(r#type).filter(|_| !names.iter().any(odd)) else {
        return Ok(None);
    };
    let mut path = TextBuilder::default();
    path.push("/providers/");
    path.push(segments[0]);
    for (kind, name) in segments[1..].iter().zip(names) {
        path.push("/");
        path.push(kind);
        path.push("/");
        path.push_name(name)?;
    }
    Ok(Some(path.finish()))
}

/// A name that is empty or holds a slash.
fn odd(name: &Value) -> bool {
    match name {
        Value::Text(text) => text.is_empty() || text.contains('/'),
        Value::Partial(pieces) => pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Known(text) if text.contains('/'))),
        _ => false,
    }
}

/// `path` behind the id of a scope.
fn at(scope: &Scope, path: &Value) -> Outcome {
    joined(&scope.prefix(), path)
}

fn joined(prefix: &Value, path: &Value) -> Outcome {
    let mut id = TextBuilder::default();
    id.push_name(prefix)?;
    id.push_name(path)?;
    Ok(id.finish())
}

/// A subscription given as an argument: a GUID, as far as it is known (resourceId-0024, scope-0113).
/// `None`: whether the engine takes it is not sure.
fn subscription(value: &Value) -> Result<Option<&Value>, Value> {
    match value {
        Value::Text(text) if is_no_guid(text) => {
            Err(Value::failed("the subscription id is no GUID"))
        }
        Value::Text(text) if !is_guid(text) => Ok(None),
        value => Ok(Some(value)),
    }
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|c| c == b'-' || c.is_ascii_hexdigit())
}

/// Whether the text is no GUID in any of the forms that .NET reads: in brackets, without dashes,
/// with blanks around.
fn is_no_guid(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    digits != 32 && !text.contains("0x")
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.is_empty())
}

/// Resource groups are no resources of a provider (resourceId-0030).
pub(crate) fn is_group(r#type: &str) -> bool {
    r#type
        .trim_end_matches('/')
        .eq_ignore_ascii_case("Microsoft.Resources/resourceGroups")
}

/// Below the frame's scope; management groups do not count (scope-0106).
fn resource_id(evaluator: &mut Evaluator<'_>, frame: FrameId, values: &[Value]) -> Outcome {
    let parts = parts("resourceId", values)?;
    let unsure = || Ok(deploying("resourceId"));
    let Some(path) = parts.path.filter(|_| !is_group(parts.r#type)) else {
        return unsure();
    };
    let scope = evaluator.scope(frame);
    match (parts.before, &scope) {
        ([], Scope::ManagementGroup(_)) => Ok(path),
        ([], scope) => at(scope, &path),
        ([group], Scope::ResourceGroup { subscription, .. }) if !is_empty(group) => {
            at(&group_in(subscription, group), &path)
        }
        ([id, group], _) => match subscription(id)?.filter(|_| !is_empty(group)) {
            Some(id) => at(&group_in(id, group), &path),
            None => unsure(),
        },
        _ => unsure(),
    }
}

fn group_in(subscription: &Value, group: &Value) -> Scope {
    Scope::ResourceGroup {
        subscription: subscription.clone(),
        group: group.clone(),
    }
}

/// Below the frame's subscription or the one given (resourceId-0028).
fn subscription_resource_id(
    evaluator: &mut Evaluator<'_>,
    frame: FrameId,
    values: &[Value],
) -> Outcome {
    let parts = parts("subscriptionResourceId", values)?;
    let unsure = || Ok(deploying("subscriptionResourceId"));
    let id = match parts.before {
        [] => subscription_of(&evaluator.scope(frame)),
        [id] => match subscription(id)? {
            Some(id) => id.clone(),
            None => return unsure(),
        },
        _ => return unsure(),
    };
    let scope = Scope::Subscription(id);
    match (parts.path, values.last()) {
        (Some(_), Some(name)) if is_group(parts.r#type) => {
            let mut path = TextBuilder::default();
            path.push("/resourceGroups/");
            path.push_name(name)?;
            at(&scope, &path.finish())
        }
        (Some(path), _) => at(&scope, &path),
        (None, _) => unsure(),
    }
}

/// Oracle: resourceId-0036, resourceId-0037.
fn tenant_resource_id(_: &mut Evaluator<'_>, _: FrameId, values: &[Value]) -> Outcome {
    let parts = parts("tenantResourceId", values)?;
    match parts.path {
        Some(path) if parts.before.is_empty() => Ok(path),
        _ => Ok(deploying("tenantResourceId")),
    }
}

/// Below the frame's management group or the one given (scope-0105); elsewhere one must be given
/// (resourceId-0051).
fn management_group_resource_id(
    evaluator: &mut Evaluator<'_>,
    frame: FrameId,
    values: &[Value],
) -> Outcome {
    let parts = parts("managementGroupResourceId", values)?;
    let unsure = || Ok(deploying("managementGroupResourceId"));
    let Some(path) = parts.path else {
        return unsure();
    };
    match (parts.before, evaluator.scope(frame)) {
        ([name], _) => at(&Scope::ManagementGroup(name.clone()), &path),
        ([], scope @ Scope::ManagementGroup(_)) => at(&scope, &path),
        ([], Scope::ResourceGroup { .. }) => Err(Value::failed(
            "`managementGroupResourceId` is not given a management group",
        )),
        _ => unsure(),
    }
}

/// The id that is extended may be unknown; how the result ends is known (resourceId-0041).
fn extension_resource_id(_: &mut Evaluator<'_>, _: FrameId, values: &[Value]) -> Outcome {
    let (base, rest) = match values.split_first() {
        Some(split) => split,
        None => return Ok(deploying("extensionResourceId")),
    };
    let plain = match base {
        Value::Text(base) => {
            let begins = base.starts_with("/subscriptions/") || base.starts_with("/providers/");
            begins && !base.contains("//") && !base.ends_with('/')
        }
        other if other.kinds().may_be(Kinds::TEXT) => true,
        other => return Err(arguments::wrong(other, 0, "a text")),
    };
    let parts = parts("extensionResourceId", rest)?;
    match parts.path.filter(|_| plain && parts.before.is_empty()) {
        Some(path) => joined(base, &path),
        None => Ok(deploying("extensionResourceId")),
    }
}
