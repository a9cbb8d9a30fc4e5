//! Functions whose values are known only while deploying, and resource ids.
//!
//! An id is known where all that it is made of is written; the deployment's own ids are not ours
//! to know. Absent: functions that ask the surroundings while compiling.

use super::arguments::{self, text};
use super::{AT_LEAST_ONE, Count, Function, NONE, ONE, Outcome, open, strict};
use crate::eval::text::{TextBuilder, push_interpolated};
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::{Entry, Object, Thunk, Value};
use crate::eval::work::Work;

const UP_TO_ONE: Count = (0, Some(1));

macro_rules! runtime {
    ($name:literal, $count:expr, $kinds:expr) => {
        open($name, $count, $kinds, |_, _| {
            Ok(Value::unknown(
                Why::Runtime(concat!("`", $name, "()`").to_owned()),
                $kinds,
            ))
        })
    };
}

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    // Nothing at all is known of these two before deploying (scope-0027, scope-0030).
    runtime!("deployer", NONE, Kinds::OBJECT),
    open("deployment", NONE, Kinds::OBJECT, deployment),
    runtime!("environment", NONE, Kinds::OBJECT),
    open(
        "extensionResourceId",
        (3, None),
        Kinds::TEXT,
        extension_resource_id,
    ),
    open(
        "managementGroup",
        UP_TO_ONE,
        Kinds::OBJECT,
        management_group,
    ),
    open("resourceGroup", (0, Some(2)), Kinds::OBJECT, resource_group),
    strict("resourceId", (2, None), Kinds::TEXT, resource_id),
    open("subscription", UP_TO_ONE, Kinds::OBJECT, subscription),
    strict(
        "subscriptionResourceId",
        (2, None),
        Kinds::TEXT,
        subscription_resource_id,
    ),
    open("tenant", NONE, Kinds::OBJECT, tenant),
    strict(
        "tenantResourceId",
        (2, None),
        Kinds::TEXT,
        tenant_resource_id,
    ),
    runtime!("managementGroupResourceId", (2, None), Kinds::TEXT),
    runtime!("newGuid", NONE, Kinds::TEXT),
    runtime!("pickZones", (3, Some(5)), Kinds::LIST),
    runtime!("providers", (1, Some(2)), Kinds::OBJECT),
    runtime!("reference", (1, Some(3)), Kinds::OBJECT),
    runtime!("roleDefinitions", ONE, Kinds::OBJECT),
    runtime!("toLogicalZone", (3, Some(3)), Kinds::TEXT),
    runtime!("toLogicalZones", (3, Some(3)), Kinds::LIST),
    runtime!("toPhysicalZone", (3, Some(3)), Kinds::TEXT),
    runtime!("toPhysicalZones", (3, Some(3)), Kinds::LIST),
    runtime!("utcNow", UP_TO_ONE, Kinds::TEXT),
    runtime!("list", AT_LEAST_ONE, Kinds::ANY),
    runtime!("listAccountSas", AT_LEAST_ONE, Kinds::ANY),
    runtime!("listKeys", AT_LEAST_ONE, Kinds::ANY),
    runtime!("listSecrets", AT_LEAST_ONE, Kinds::ANY),
    runtime!("listServiceSas", AT_LEAST_ONE, Kinds::ANY),
    open("getSecret", (4, Some(5)), Kinds::TEXT, get_secret),
];

fn get_secret(_: &mut Work<'_, '_>, _: &[Value]) -> Outcome {
    Ok(Value::unknown(Why::Secret, Kinds::TEXT))
}

/// An object of which some members are surely there, and more may be.
fn object(name: &str, members: &[(&str, Kinds)]) -> Outcome {
    let runtime =
        |member: &str, kinds| Value::unknown(Why::Runtime(format!("`{name}().{member}`")), kinds);
    let entry = |(key, kinds): &(&str, Kinds)| Entry {
        key: (*key).into(),
        value: Thunk::ready(runtime(key, *kinds)),
        at: None,
    };
    let whole = Value::unknown(Why::Runtime(format!("`{name}()`")), Kinds::OBJECT);
    let rest = whole.open().map(super::partial::whole);
    let entries = members.iter().map(entry).collect();
    Ok(Value::Object(std::rc::Rc::new(Object { entries, rest })))
}

const MAYBE_OBJECT: Kinds = Kinds::OBJECT.or(Kinds::NULL);

/// Scopes named by arguments have no members (scope-0033, scope-0035).
fn resource_group(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if !arguments.is_empty() {
        return Ok(Value::object([]));
    }
    object(
        "resourceGroup",
        &[
            ("id", Kinds::TEXT),
            ("name", Kinds::TEXT),
            ("type", Kinds::TEXT),
            ("location", Kinds::TEXT),
            ("tags", MAYBE_OBJECT),
            ("managedBy", Kinds::ANY),
            ("properties", Kinds::OBJECT),
        ],
    )
}

fn subscription(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if !arguments.is_empty() {
        return Ok(Value::object([]));
    }
    object(
        "subscription",
        &[
            ("id", Kinds::TEXT),
            ("subscriptionId", Kinds::TEXT),
            ("tenantId", Kinds::TEXT),
            ("displayName", Kinds::TEXT),
        ],
    )
}

fn management_group(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if !arguments.is_empty() {
        return Ok(Value::object([]));
    }
    object(
        "managementGroup",
        &[
            ("id", Kinds::TEXT),
            ("name", Kinds::TEXT),
            ("type", Kinds::TEXT),
            ("properties", Kinds::OBJECT),
        ],
    )
}

fn tenant(_: &mut Work<'_, '_>, _: &[Value]) -> Outcome {
    object(
        "tenant",
        &[
            ("countryCode", Kinds::TEXT),
            ("displayName", Kinds::TEXT),
            ("id", Kinds::TEXT),
            ("tenantId", Kinds::TEXT),
        ],
    )
}

fn deployment(_: &mut Work<'_, '_>, _: &[Value]) -> Outcome {
    object(
        "deployment",
        &[("name", Kinds::TEXT), ("properties", Kinds::OBJECT)],
    )
}

fn deploying(name: &str) -> Outcome {
    Ok(Value::unknown(
        Why::Runtime(format!("`{name}()`")),
        Kinds::TEXT,
    ))
}

fn texts(arguments: &[Value]) -> Result<Vec<&str>, Value> {
    (0..arguments.len())
        .map(|index| text(arguments, index).map(|text| &**text))
        .collect()
}

/// Where the resource type stands among the arguments: the only one with a slash
/// (resourceId-0009).
fn type_place(texts: &[&str]) -> Result<usize, Value> {
    let mut slashed = (0..texts.len()).filter(|place| texts[*place].contains('/'));
    match (slashed.next(), slashed.next()) {
        (Some(place), None) => Ok(place),
        _ => Err(Value::failed(
            "exactly one argument must be a resource type, with a slash",
        )),
    }
}

/// `Microsoft.A/b/c` with the names `1`, `2`: `/providers/Microsoft.A/b/1/c/2`. Nothing where the
/// engine's answer is not sure.
fn provider_path(r#type: &str, names: &[&str]) -> Result<Option<String>, Value> {
    let segments: Vec<&str> = r#type.trim_end_matches('/').split('/').collect();
    let wanted = segments.len() - 1;
    if wanted != names.len() {
        // Oracle: resourceId-0005, resourceId-0023.
        return Err(Value::failed(format!(
            "`{type}` needs {wanted} names and is given {}",
            names.len()
        )));
    }
    let odd = |part: &&str| part.is_empty() || part.contains('/');
    if segments.iter().any(odd) || names.iter().any(odd) {
        return Ok(None);
    }
    let pairs = segments[1..]
        .iter()
        .zip(names)
        .map(|(kind, name)| format!("/{kind}/{name}"));
    Ok(Some(format!(
        "/providers/{}{}",
        segments[0],
        pairs.collect::<String>()
    )))
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

/// Oracle: resourceId-0036, resourceId-0037.
fn tenant_resource_id(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let texts = texts(arguments)?;
    match provider_path(texts[0], &texts[1..])? {
        Some(path) if texts[0].contains('/') => Ok(Value::text(path)),
        _ => deploying("tenantResourceId"),
    }
}

/// Known when subscription and resource group are given (resourceId-0003), else only how it ends.
fn resource_id(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let texts = texts(arguments)?;
    let place = type_place(&texts)?;
    let path = provider_path(texts[place], &texts[place + 1..])?;
    match (place, path) {
        (2, _) if is_no_guid(texts[0]) => Err(no_guid()),
        (2, _) if !is_guid(texts[0]) => deploying("resourceId"),
        (2, Some(path)) if !texts[1].is_empty() => {
            let (subscription, group) = (texts[0], texts[1]);
            Ok(Value::text(format!(
                "/subscriptions/{subscription}/resourceGroups/{group}{path}"
            )))
        }
        (0 | 1, Some(path)) => ending("resourceId", texts[place], &path),
        _ => deploying("resourceId"),
    }
}

/// Oracle: resourceId-0024, scope-0113.
fn no_guid() -> Value {
    Value::failed("the subscription id is no GUID")
}

/// Known when the subscription is given (resourceId-0028), else only how it ends.
fn subscription_resource_id(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let texts = texts(arguments)?;
    let place = type_place(&texts)?;
    let path = provider_path(texts[place], &texts[place + 1..])?;
    match (place, path) {
        (1, _) if is_no_guid(texts[0]) => Err(no_guid()),
        (1, _) if !is_guid(texts[0]) => deploying("subscriptionResourceId"),
        (1, Some(path)) if !is_group(texts[1]) => {
            Ok(Value::text(format!("/subscriptions/{}{path}", texts[0])))
        }
        (0, Some(path)) => ending("subscriptionResourceId", texts[0], &path),
        _ => deploying("subscriptionResourceId"),
    }
}

/// Resource groups are no resources of a provider (resourceId-0030).
fn is_group(r#type: &str) -> bool {
    r#type.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups")
}

/// An id of which only the end is known, such as the role in `subscriptionResourceId(…)`.
fn ending(name: &str, r#type: &str, path: &str) -> Outcome {
    let Value::Unknown(unknown) = deploying(name)? else {
        return deploying(name);
    };
    if is_group(r#type) {
        return deploying(name);
    }
    let mut id = TextBuilder::default();
    id.push_unknown(&unknown);
    id.push(path);
    Ok(id.finish())
}

/// The id that is extended may be unknown; how the result ends is known (resourceId-0041).
fn extension_resource_id(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if let Some(unknown) = super::most_telling(&arguments[1..]) {
        return arguments::unknown(unknown, Kinds::TEXT);
    }
    let texts = texts(&arguments[1..])?;
    let base = &arguments[0];
    let plain = match base {
        Value::Text(base) => {
            let begins = base.starts_with("/subscriptions/") || base.starts_with("/providers/");
            begins && !base.contains("//") && !base.ends_with('/')
        }
        other if other.kinds().may_be(Kinds::TEXT) => true,
        other => return Err(arguments::wrong(other, 0, "a text")),
    };
    let Some(path) = provider_path(texts[0], &texts[1..])?.filter(|_| plain) else {
        return deploying("extensionResourceId");
    };
    let mut id = TextBuilder::default();
    push_interpolated(work, &mut id, base)?;
    id.push(&path);
    Ok(id.finish())
}
