//! What built-in functions take, and whether given types fit (`FunctionResolver`).

use super::super::Types;
use super::super::model::Type;

/// What a function takes. A word for each parameter: the kind of value, and `?` if it may be left
/// out, `*` if there may be any number of them, `+` if at least one.
type Signature = &'static str;

/// Functions with a signature for each overload; from `functions.tsv` of the language's facts.
const FUNCTIONS: &[(&str, &[Signature])] = &[
    ("any", &["any"]),
    ("array", &["any"]),
    ("base64", &["text"]),
    ("base64ToJson", &["text"]),
    ("base64ToString", &["text"]),
    ("bool", &["any"]),
    ("buildUri", &["object"]),
    ("cidrHost", &["text int"]),
    ("cidrSubnet", &["text int int"]),
    ("concat", &["array+", "scalar+"]),
    ("contains", &["object text", "array any", "text text"]),
    ("dataUri", &["any"]),
    ("dataUriToString", &["text"]),
    ("dateTimeAdd", &["text text text?"]),
    ("dateTimeFromEpoch", &["int?"]),
    ("dateTimeToEpoch", &["text?"]),
    ("deployer", &[""]),
    ("deployment", &[""]),
    ("distinct", &["array"]),
    ("empty", &["emptiable"]),
    ("endsWith", &["text text"]),
    ("environment", &[""]),
    ("extensionResourceId", &["text text text+"]),
    ("externalInput", &["text any?"]),
    ("fail", &["text"]),
    ("filter", &["array any"]),
    ("first", &["array", "text"]),
    ("flatten", &["array"]),
    ("format", &["text any*"]),
    ("getSecret", &["text text text text text?"]),
    ("groupBy", &["array any any?"]),
    ("guid", &["text+"]),
    ("indexOf", &["text text", "array any"]),
    ("int", &["text|int"]),
    ("intersection", &["object object+", "array array+"]),
    ("items", &["object"]),
    ("join", &["array text"]),
    ("json", &["text"]),
    ("last", &["array", "text"]),
    ("lastIndexOf", &["text text", "array any"]),
    ("length", &["text|object", "array"]),
    ("like", &["text text"]),
    ("loadDirectoryFileInfo", &["text text?"]),
    ("loadFileAsBase64", &["text"]),
    ("loadJsonContent", &["text text? text?"]),
    ("loadTextContent", &["text text?"]),
    ("loadYamlContent", &["text text? text?"]),
    ("managementGroup", &["", "text"]),
    (
        "managementGroupResourceId",
        &["text text+", "text text text+"],
    ),
    ("map", &["array any"]),
    ("mapValues", &["object any"]),
    ("max", &["int+", "array"]),
    ("min", &["int+", "array"]),
    ("nameof", &["any"]),
    ("newGuid", &[""]),
    ("objectKeys", &["object"]),
    ("padLeft", &["text|int int text?"]),
    ("parseCidr", &["text"]),
    ("parseUri", &["text"]),
    ("pickZones", &["text text text int? int?"]),
    ("providers", &["text text?"]),
    ("range", &["int int"]),
    ("readCliArg", &["text"]),
    ("readEnvVar", &["text"]),
    ("readEnvironmentVariable", &["text text?"]),
    ("reduce", &["array any any"]),
    ("reference", &["text text? text?"]),
    ("replace", &["text text text"]),
    ("resourceGroup", &["", "text", "text text"]),
    (
        "resourceId",
        &["text text+", "text text text+", "text text text text+"],
    ),
    ("roleDefinitions", &["text"]),
    ("shallowMerge", &["array"]),
    ("skip", &["array int", "text int"]),
    ("sort", &["array any"]),
    ("split", &["text text|array"]),
    ("startsWith", &["text text"]),
    ("string", &["any"]),
    ("subscription", &["", "text"]),
    ("subscriptionResourceId", &["text text+", "text text text+"]),
    ("substring", &["text int int?"]),
    ("take", &["array int", "text int"]),
    ("tenant", &[""]),
    ("tenantResourceId", &["text text+"]),
    ("toLogicalZone", &["text text text"]),
    ("toLogicalZones", &["text text array"]),
    ("toLower", &["text"]),
    ("toObject", &["array any any?"]),
    ("toPhysicalZone", &["text text text"]),
    ("toPhysicalZones", &["text text array"]),
    ("toUpper", &["text"]),
    ("trim", &["text"]),
    ("union", &["object object+", "array array+"]),
    ("uniqueString", &["text+"]),
    ("uri", &["text text"]),
    ("uriComponent", &["text"]),
    ("uriComponentToString", &["text"]),
    ("utcNow", &["text?"]),
];

impl<'a> Types<'a> {
    /// The types of arguments as a function takes them, without `null` where only that keeps them
    /// from fitting. `None`: no such function takes them.
    pub(super) fn taken(&self, name: &str, given: Vec<Type<'a>>) -> Option<Vec<Type<'a>>> {
        let signatures = match FUNCTIONS.binary_search_by_key(&name, |&(name, _)| name) {
            Ok(place) => FUNCTIONS[place].1,
            Err(_) if name.starts_with("list") => &["text text object?"],
            Err(_) => return None,
        };
        let takes = |given: &[Type<'a>]| signatures.iter().any(|s| self.takes(s, given));
        if takes(&given) {
            return Some(given);
        }
        let certain: Vec<Type<'a>> = given
            .into_iter()
            .map(|r#type| r#type.without_null().unwrap_or(r#type))
            .collect();
        takes(&certain).then_some(certain)
    }

    /// Whether arguments fit a signature.
    fn takes(&self, signature: Signature, given: &[Type<'a>]) -> bool {
        let mut left = given;
        for parameter in signature.split_ascii_whitespace() {
            let kind = parameter.trim_end_matches(['?', '*', '+']);
            let many = parameter.ends_with(['*', '+']);
            let may_lack = parameter.ends_with(['?', '*']);
            let (these, rest) = match (many, left.len()) {
                (true, length) if may_lack || length > 0 => left.split_at(length),
                (false, 1..) => left.split_at(1),
                (false, 0) if may_lack => continue,
                _ => return false,
            };
            if !these.iter().all(|given| self.is_kind(given, kind)) {
                return false;
            }
            left = rest;
        }
        left.is_empty()
    }

    fn is_kind(&self, given: &Type<'a>, kinds: &str) -> bool {
        match given {
            // Each type that the value may be of must fit one of the kinds.
            Type::Union(members) => members.iter().all(|member| self.is_kind(member, kinds)),
            given if given.is_any() => true,
            given => kinds.split('|').any(|kind| match kind {
                "text" => self.fits(given, &Type::TEXT),
                "int" => self.fits(given, &Type::INT),
                "array" => matches!(given, Type::Array(_)),
                "object" => self.fits(given, &self.any_object),
                "scalar" => [Type::TEXT, Type::INT, Type::BOOL]
                    .iter()
                    .any(|kind| self.fits(given, kind)),
                "emptiable" => {
                    matches!(given, Type::Null | Type::Array(_))
                        || self.fits(given, &Type::TEXT)
                        || self.fits(given, &self.any_object)
                }
                _ => true,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn functions_stand_in_order() {
        assert!(FUNCTIONS.is_sorted_by_key(|&(name, _)| name));
    }
}
