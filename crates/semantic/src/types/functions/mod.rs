//! What built-in functions return, as far as it does not need their values
//! (`SystemNamespaceType`, `AzNamespaceType`).

mod signatures;

use std::rc::Rc;

use tricep_catalogue::Scopes;
use tricep_syntax::text::FileId;

use super::Types;
use super::infer::is_literal;
use super::model::{ArrayType, Flags, Items, Lazy, Property, Range, Text, Type};
use crate::eval::{BASE, is_known};
use crate::template::{ExprId, ExprKind, TargetScope};

impl<'a> Types<'a> {
    /// The type of a call of a built-in function.
    pub(super) fn call(&self, file: FileId, name: &str, arguments: &[ExprId]) -> Type<'a> {
        let exprs = &self.project.template(file).exprs;
        // A declared name hides the function; unless it is written with its name space.
        if self.project.template(file).symbols.contains_key(name) {
            return Type::Unknown;
        }
        if !is_known(name) && name != BASE {
            return Type::Error;
        }
        let mut types = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            types.push(match &exprs[argument].kind {
                // What a lambda returns is asked for where it matters.
                ExprKind::Lambda { body, .. } => match self.infer(file, *body) {
                    Type::Error => return Type::Error,
                    _ => Type::Unknown,
                },
                _ => match self.infer(file, argument) {
                    Type::Error => return Type::Error,
                    known => known,
                },
            });
        }
        let lambda = |place: usize| -> Type<'a> {
            match arguments.get(place).map(|&a| &exprs[a].kind) {
                Some(ExprKind::Lambda { body, .. }) => self.infer(file, *body),
                _ => Type::Unknown,
            }
        };
        match self.taken(name, types) {
            Some(types) => {
                let scope = self.project.template(file).target_scope;
                self.result(name, &types, &lambda, scope)
            }
            None => Type::Error,
        }
    }

    fn result(
        &self,
        name: &str,
        given: &[Type<'a>],
        lambda: &dyn Fn(usize) -> Type<'a>,
        scope_of_file: Option<TargetScope>,
    ) -> Type<'a> {
        let first = given.first().unwrap_or(&Type::Unknown);
        match name {
            "any" | "base64ToJson" => Type::Any,
            "string"
            | "cidrSubnet"
            | "cidrHost"
            | "buildUri"
            | "dateTimeAdd"
            | "dateTimeFromEpoch"
            | "utcNow"
            | "resourceId"
            | "subscriptionResourceId"
            | "tenantResourceId"
            | "managementGroupResourceId"
            | "extensionResourceId"
            | "toLogicalZone"
            | "toPhysicalZone" => Type::TEXT,
            "int" | "dateTimeToEpoch" => Type::INT,
            "bool" => Type::BOOL,
            "array" | "pickZones" => Type::any_array(),
            "newGuid" => exactly(36),
            "length" => self.length(first),
            "range" => self.range(given),
            "toLogicalZones" | "toPhysicalZones" => Type::array_of(Type::TEXT),
            "first" | "last" if !is_text(first) => self.end_of(name, first),
            "filter" => self.filtered(first),
            "sort" => match first {
                Type::Array(array) if matches!(array.items, Items::Tuple(_)) => {
                    self.list(array, array.length)
                }
                other => other.clone(),
            },
            "map" => Type::array_of(lambda(1)),
            "mapValues" => Type::dictionary(lambda(1)),
            "reduce" => Type::Unknown,
            "toObject" | "groupBy" => self.grouped(name, given, lambda),
            "items" => self.items(first),
            "objectKeys" | "flatten" | "fail" | "reference" | "json" => Type::Unknown,
            "resourceGroup" | "subscription" | "managementGroup" | "tenant" => scope(name, given),
            "deployment" => deployment(scope_of_file),
            "deployer" => texts(&["objectId", "tenantId", "userPrincipalName"]),
            "environment" => environment(),
            "roleDefinitions" => texts(&["id", "roleDefinitionId"]),
            "parseCidr" => parsed_cidr(),
            _ if name.starts_with("list") => Type::Any,
            "empty" if is_empty(first).is_some() => {
                Type::BoolIs(is_empty(first) == Some(true), Default::default())
            }
            // What follows is worked out by the compiler where it knows all arguments.
            _ if given.iter().all(|t| is_literal(t) || t.is_unsure()) => {
                self.worked_out(name, given).unsure()
            }
            _ => self.worked_out(name, given),
        }
    }

    /// The result of a function that the compiler runs if it knows all arguments; here as if it
    /// did not.
    fn worked_out(&self, name: &str, given: &[Type<'a>]) -> Type<'a> {
        let first = given.first().unwrap_or(&Type::Unknown);
        match name {
            "uniqueString" => exactly(13),
            "first" | "last" => Type::unsure_text(),
            "guid" => exactly(36),
            "min" | "max" => Type::INT.unsure(),
            "concat" | "padLeft" | "substring" | "join" => self.joined(name, first),
            "format"
            | "base64"
            | "replace"
            | "uri"
            | "base64ToString"
            | "uriComponentToString"
            | "uriComponent"
            | "dataUriToString"
            | "dataUri" => Type::TEXT,
            "toLower" | "toUpper" => match first {
                Type::Text(text) => Type::Text(*text),
                Type::Unknown => Type::unsure_text(),
                _ => Type::TEXT,
            },
            "trim" => match first {
                Type::Text(text) => Type::Text(Text {
                    length: Range {
                        min: None,
                        max: text.length.max,
                    },
                    pattern: None,
                    ..*text
                }),
                Type::Unknown => Type::unsure_text(),
                _ => Type::TEXT,
            },
            "take" if is_text(first) => self.take_text(first, given.get(1)),
            "skip" if is_text(first) => self.skip_text(first, given.get(1)),
            "empty" | "contains" | "startsWith" | "endsWith" | "like" => Type::BOOL,
            "indexOf" | "lastIndexOf" => Type::INT,
            "split" => Type::array(
                Items::Each(Lazy::Known(Type::TEXT)),
                Range {
                    min: Some(1),
                    max: None,
                },
            ),
            "union" | "intersection" => self.united(given),
            "shallowMerge" => Type::any_object(),
            "distinct" => Type::any_array(),
            _ => Type::Unknown,
        }
    }

    fn length(&self, of: &Type<'a>) -> Type<'a> {
        let at_least_0 = |length: Range| {
            let min = Some(length.min.unwrap_or(0));
            match length.max {
                Some(max) if min == Some(max) => Type::IntIs(max, Default::default()),
                max => Type::Int(Range { min, max }, Default::default()),
            }
        };
        match of {
            Type::Array(array) => at_least_0(array.length),
            Type::Text(text) => at_least_0(text.length),
            Type::Union(_) => Type::INT,
            _ => Type::INT.unsure(),
        }
    }

    fn range(&self, given: &[Type<'a>]) -> Type<'a> {
        let [start, count] = given else {
            return Type::Unknown;
        };
        let plain = |t: &Type<'a>| matches!(t, Type::IntIs(..) | Type::Int(..));
        if !plain(start) || !plain(count) {
            return Type::Unknown;
        }
        let length = match count {
            Type::IntIs(count, _) => Range::exactly(*count),
            Type::Int(range, _) => *range,
            _ => Range::ANY,
        };
        let starts = match start {
            Type::IntIs(start, _) => Range::exactly(*start),
            Type::Int(range, _) => *range,
            _ => Range::ANY,
        };
        let last = |start: i64, count: i64| start.checked_add(count)?.checked_sub(1);
        let max = starts.max.zip(length.max).and_then(|(s, c)| last(s, c));
        let item = match starts.min {
            Some(min) if max == Some(min) => Type::IntIs(min, Default::default()),
            min => Type::Int(Range { min, max }, Default::default()),
        };
        match length.max {
            Some(0) => Type::tuple(Vec::new()),
            _ => Type::array(Items::Each(Lazy::Known(item)), length),
        }
    }

    /// The first or last item of an array.
    fn end_of(&self, name: &str, array: &Type<'a>) -> Type<'a> {
        let Type::Array(array) = array else {
            return if matches!(array, Type::Unknown) {
                Type::Unknown
            } else {
                Type::Any
            };
        };
        if let Items::Tuple(items) = &array.items {
            let item = if name == "first" {
                items.first()
            } else {
                items.last()
            };
            return item.map_or(Type::Null, |item| self.force(item));
        }
        let item = self.item(&array.items);
        if array.length.min.is_some_and(|min| min > 0) {
            item
        } else {
            item.or_null()
        }
    }

    fn filtered(&self, array: &Type<'a>) -> Type<'a> {
        match array {
            Type::Array(array) => self.list(
                array,
                Range {
                    min: None,
                    max: array.length.max,
                },
            ),
            other => other.clone(),
        }
    }

    /// An array of the items of another, in whatever order.
    fn list(&self, array: &ArrayType<'a>, length: Range) -> Type<'a> {
        if length.max == Some(0) {
            return Type::tuple(Vec::new());
        }
        let items = match &array.items {
            Items::Tuple(_) => Items::Each(Lazy::Known(self.item(&array.items))),
            other => other.clone(),
        };
        Type::Array(Rc::new(ArrayType {
            items,
            length,
            marks: array.marks,
        }))
    }

    fn grouped(
        &self,
        name: &str,
        given: &[Type<'a>],
        lambda: &dyn Fn(usize) -> Type<'a>,
    ) -> Type<'a> {
        let value = match given {
            [Type::Array(array), _] => self.item(&array.items),
            [_, _, _] => lambda(2),
            _ => return Type::Unknown,
        };
        match name {
            "groupBy" => Type::dictionary(Type::array_of(value)),
            _ => Type::dictionary(value),
        }
    }

    fn items(&self, object: &Type<'a>) -> Type<'a> {
        let Type::Object(object) = object else {
            return Type::Unknown;
        };
        // Only dictionaries are simple: what has names gives literals for keys.
        let (true, Some(further)) = (object.properties.is_empty(), &object.further) else {
            return Type::Unknown;
        };
        let property = |name: &'static str, of| Property::new(name, Flags::REQUIRED, of);
        Type::array_of(Type::object(
            vec![
                property("key", Type::TEXT),
                property("value", self.force(&further.of)),
            ],
            None,
        ))
    }

    /// What is made of several texts, or arrays; how long it is is not worked out.
    fn joined(&self, name: &str, first: &Type<'a>) -> Type<'a> {
        match first {
            Type::Array(_) if name == "concat" => Type::array_of(Type::Unknown),
            first if name == "concat" && !is_text(first) => Type::Unknown,
            _ => Type::unsure_text(),
        }
    }

    fn take_text(&self, text: &Type<'a>, count: Option<&Type<'a>>) -> Type<'a> {
        let (length, marks) = (self.stringified_length(text), text.marks());
        let (least, most) = counted(count);
        let min = match least {
            least if least <= 0 => None,
            least => length.min.map(|min| min.min(least)),
        };
        let max = match length.max.unwrap_or(i64::MAX).min(most) {
            i64::MAX => None,
            max => Some(max.max(0)),
        };
        if count.is_some_and(Type::is_unsure) || text.is_unsure() || max == Some(0) {
            return Type::unsure_text();
        }
        Type::Text(Text {
            length: Range { min, max },
            pattern: None,
            marks,
        })
    }

    fn skip_text(&self, text: &Type<'a>, count: Option<&Type<'a>>) -> Type<'a> {
        let (length, marks) = (self.stringified_length(text), text.marks());
        let (least, most) = counted(count);
        if count.is_some_and(Type::is_unsure) || text.is_unsure() {
            return Type::unsure_text();
        }
        if most <= 0 {
            return text.clone();
        }
        let min = length.min.unwrap_or(0).saturating_sub(most);
        let max = length
            .max
            .map(|max| max.saturating_sub(least.max(0)).max(0));
        if max == Some(0) {
            return Type::unsure_text();
        }
        Type::Text(Text {
            length: Range {
                min: (min > 0).then_some(min),
                max,
            },
            pattern: None,
            marks,
        })
    }

    /// `union` and `intersection` of objects or of arrays.
    fn united(&self, given: &[Type<'a>]) -> Type<'a> {
        if given.iter().any(Type::is_any) {
            return Type::Unknown;
        }
        let all = |wanted: &Type<'a>| given.iter().all(|t| self.fits(t, wanted));
        if all(&Type::any_object()) {
            Type::any_object()
        } else if all(&Type::any_array()) {
            Type::any_array()
        } else {
            Type::Unknown
        }
    }
}

/// A text of a certain length.
fn exactly<'a>(length: i64) -> Type<'a> {
    Type::Text(Text {
        length: Range::exactly(length),
        ..Text::default()
    })
}

/// An object of texts.
fn texts<'a>(names: &[&'static str]) -> Type<'a> {
    with_texts(names, [])
}

/// An object of texts and other properties.
fn with_texts<'a, const N: usize>(
    names: &[&'static str],
    others: [(&'static str, Type<'a>); N],
) -> Type<'a> {
    let texts = names.iter().map(|&name| (name, Type::TEXT));
    let properties = texts.chain(others);
    let property = |(name, of): (&'static str, Type<'a>)| Property::new(name, Flags::NONE, of);
    Type::object(properties.map(property).collect(), None)
}

/// What a function that names a scope returns: one that names another than the own has nothing
/// that can be read.
fn scope<'a>(name: &str, given: &[Type<'a>]) -> Type<'a> {
    let object = match name {
        _ if !given.is_empty() => texts(&[]),
        "resourceGroup" => with_texts(
            &["id", "name", "type", "location", "managedBy"],
            [
                ("tags", Type::dictionary(Type::TEXT)),
                ("properties", texts(&["provisioningState"])),
            ],
        ),
        "subscription" => texts(&["id", "subscriptionId", "tenantId", "displayName"]),
        "managementGroup" => {
            let parent = texts(&["id", "name", "type"]);
            let versions = ["version", "updatedTime", "updatedBy"];
            let details = with_texts(&versions, [("parent", parent)]);
            let properties = with_texts(&["tenantId", "displayName"], [("details", details)]);
            with_texts(&["id", "name", "type"], [("properties", properties)])
        }
        _ => texts(&["tenantId", "country", "countryCode", "displayName"]),
    };
    let kind = match name {
        "resourceGroup" => Scopes::RESOURCE_GROUP,
        "subscription" => Scopes::SUBSCRIPTION,
        "managementGroup" => Scopes::MANAGEMENT_GROUP,
        _ => Scopes::TENANT,
    };
    match object {
        Type::Object(object) => Type::Scope(kind, object),
        other => other,
    }
}

/// `deployment()`. Its `location` is there outside of resource groups only, `metadata` if the file
/// has some.
fn deployment<'a>(scope: Option<TargetScope>) -> Type<'a> {
    let template = with_texts(&["contentVersion"], [("metadata", Type::Unknown)]);
    let properties = with_texts(
        &[],
        [
            ("template", template),
            ("templateLink", texts(&["id", "uri"])),
        ],
    );
    match scope {
        Some(TargetScope::ResourceGroup) => with_texts(&["name"], [("properties", properties)]),
        _ => with_texts(&["name", "location"], [("properties", properties)]),
    }
}

fn environment<'a>() -> Type<'a> {
    let authentication = with_texts(
        &["identityProvider", "loginEndpoint", "tenant"],
        [("audiences", Type::array_of(Type::TEXT))],
    );
    let suffixes = texts(&[
        "acrLoginServer",
        "azureDatalakeAnalyticsCatalogAndJob",
        "azureDatalakeStoreFileSystem",
        "azureFrontDoorEndpointSuffix",
        "keyvaultDns",
        "sqlServerHostname",
        "storage",
    ]);
    with_texts(
        &[
            "activeDirectoryDataLake",
            "batch",
            "gallery",
            "graph",
            "graphAudience",
            "media",
            "name",
            "portal",
            "resourceManager",
            "sqlManagement",
            "vmImageAliasDoc",
        ],
        [("authentication", authentication), ("suffixes", suffixes)],
    )
}

fn parsed_cidr<'a>() -> Type<'a> {
    let length = Range {
        min: Some(0),
        max: Some(255),
    };
    let names = [
        "network",
        "netmask",
        "broadcast",
        "firstUsable",
        "lastUsable",
    ];
    with_texts(&names, [("cidr", Type::Int(length, Default::default()))])
}

/// The least and the greatest number that an integer may be.
fn counted(count: Option<&Type<'_>>) -> (i64, i64) {
    match count {
        Some(Type::IntIs(count, _)) => (*count, *count),
        Some(Type::Int(range, _)) => (range.min.unwrap_or(i64::MIN), range.max.unwrap_or(i64::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// Whether a literal without anything in it is empty; others are not looked into.
fn is_empty(r#type: &Type<'_>) -> Option<bool> {
    match r#type {
        Type::TextIs(text, _) => Some(text.is_empty()),
        Type::Array(array) => match &array.items {
            Items::Tuple(items) if items.is_empty() => Some(true),
            _ => None,
        },
        Type::Object(object) => {
            (object.properties.is_empty() && object.further.is_none()).then_some(true)
        }
        _ => None,
    }
}

/// Whether it is a text or a union of texts.
fn is_text(r#type: &Type<'_>) -> bool {
    match r#type {
        Type::Text(_) | Type::TextIs(..) => true,
        Type::Union(members) => !members.is_empty() && members.iter().all(is_text),
        _ => false,
    }
}
