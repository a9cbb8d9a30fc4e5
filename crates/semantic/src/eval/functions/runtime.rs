//! Functions whose values are known only while deploying.

use super::{AT_LEAST_ONE, Function, NONE, ONE, Outcome, UP_TO_ONE, open};
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::Value;
use crate::eval::work::Work;

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
    runtime!("environment", NONE, Kinds::OBJECT),
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
