//! The upstream format: enters the JSON of an index or of a file of types, leave its items.
//!
//! A file of types is an array; a reference `#/N` is its item N, and `PATH#/N` in the index is one of
//! another file. Fields and kinds that we do not know are errors, for they could mean something.

use std::collections::BTreeMap;
use std::error::Error;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

/// `index.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Index {
    /// `Type@version` to where it stands.
    pub(super) resources: BTreeMap<String, FarRef>,
    /// Type in small letters, version, functions.
    pub(super) resource_functions: BTreeMap<String, BTreeMap<String, Vec<FarRef>>>,
    #[serde(rename = "namespaceFunctions")]
    _namespace_functions: IgnoredAny,
    #[serde(rename = "settings")]
    _settings: IgnoredAny,
}

/// An item of a file of types: the fields of all kinds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Item {
    #[serde(rename = "$type")]
    pub(super) kind: ItemKind,
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
    pub(super) pattern: Option<String>,
    #[serde(default)]
    pub(super) sensitive: bool,
    pub(super) min_value: Option<i64>,
    pub(super) max_value: Option<i64>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) item_type: Option<Ref>,
    pub(super) properties: Option<BTreeMap<String, RawProperty>>,
    pub(super) additional_properties: Option<Ref>,
    pub(super) discriminator: Option<String>,
    pub(super) base_properties: Option<BTreeMap<String, RawProperty>>,
    pub(super) elements: Option<Elements>,
    pub(super) body: Option<Ref>,
    pub(super) readable_scopes: Option<u8>,
    pub(super) writable_scopes: Option<u8>,
    #[serde(rename = "resourceType")]
    _resource_type: Option<IgnoredAny>,
    #[serde(rename = "apiVersion")]
    _api_version: Option<IgnoredAny>,
    pub(super) input: Option<Ref>,
    pub(super) output: Option<Ref>,
}

/// The kinds in use.
#[derive(Clone, Copy, Deserialize, Debug)]
pub(super) enum ItemKind {
    #[serde(rename = "AnyType")]
    Any,
    #[serde(rename = "BooleanType")]
    Boolean,
    #[serde(rename = "IntegerType")]
    Integer,
    #[serde(rename = "StringType")]
    String,
    #[serde(rename = "StringLiteralType")]
    StringLiteral,
    #[serde(rename = "UnionType")]
    Union,
    #[serde(rename = "ArrayType")]
    Array,
    #[serde(rename = "ObjectType")]
    Object,
    #[serde(rename = "DiscriminatedObjectType")]
    DiscriminatedObject,
    #[serde(rename = "ResourceType")]
    Resource,
    #[serde(rename = "ResourceFunctionType")]
    ResourceFunction,
}

/// What a union and a discriminated object have in the same field.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Elements {
    Union(Vec<Ref>),
    Discriminated(BTreeMap<String, Ref>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProperty {
    pub(super) r#type: Ref,
    pub(super) flags: u8,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
}

/// A reference within a file.
#[derive(Clone, Copy)]
pub(super) struct Ref(pub(super) usize);

/// A reference from the index into a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FarRef {
    #[serde(rename = "$ref")]
    place: String,
}

impl FarRef {
    /// The path of the file and the number of the item.
    pub(super) fn place(&self) -> Result<(&str, usize), Box<dyn Error>> {
        let parts = self.place.split_once("#/");
        let (path, number) = parts.ok_or_else(|| format!("no reference: {}", self.place))?;
        Ok((path, number.parse()?))
    }
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let far = FarRef::deserialize(deserializer)?;
        match far.place() {
            Ok(("", number)) => Ok(Self(number)),
            _ => Err(D::Error::custom(format!(
                "no near reference: {}",
                far.place
            ))),
        }
    }
}

/// A field that its kind cannot do without.
pub(super) fn needed<T>(field: Option<T>) -> Result<T, Box<dyn Error>> {
    field.ok_or_else(|| "an item lacks a field of its kind".into())
}
