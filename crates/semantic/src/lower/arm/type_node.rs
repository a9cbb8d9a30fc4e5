//! Types of parameters, outputs and definitions: `{ "type": "array", "items": { … }, "minLength": 1 }`.

use tricep_syntax::json::{Kind, Number, Value};

use super::Lowering;
use crate::template::{Constraints, TypeId, TypeKind, TypeProperty};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

impl<'j> Lowering<'j> {
    /// The type that a node describes.
    pub(super) fn type_node(&mut self, node: Value<'j>) -> TypeId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let kind = self.type_kind(node);
            let plain = self.add_type(node.span(), kind);
            match node.get_ignoring_case("nullable").and_then(Value::bool) {
                Some(true) => self.add_type(node.span(), TypeKind::Nullable(plain)),
                _ => plain,
            }
        })
    }

    fn type_kind(&mut self, node: Value<'j>) -> TypeKind {
        if let Some(reference) = node.get_ignoring_case("$ref").and_then(Value::text) {
            return self.referenced(&reference.value);
        }
        let Some(name) = node.get_ignoring_case("type").and_then(Value::text) else {
            // A parameter without a type takes anything (faulty-27).
            return TypeKind::Any;
        };
        match name.value.to_ascii_lowercase().as_str() {
            "string" | "securestring" => TypeKind::Text,
            "int" => TypeKind::Int,
            "bool" => TypeKind::Bool,
            "array" => self.array_type(node),
            "object" | "secureobject" => self.object_type(node),
            _ => TypeKind::Any,
        }
    }

    /// `#/definitions/name`
    fn referenced(&mut self, path: &str) -> TypeKind {
        let name = path.strip_prefix("#/definitions/").unwrap_or_default();
        match self.definitions.get(&name.to_lowercase()) {
            Some(&definition) => TypeKind::Named(definition),
            None => TypeKind::Any,
        }
    }

    fn array_type(&mut self, node: Value<'j>) -> TypeKind {
        if let Some(prefix) = node.get_ignoring_case("prefixItems") {
            // Elements beyond the prefix are those of `items`; a tuple has none.
            let closed = node.get_ignoring_case("items").and_then(Value::bool) == Some(false);
            if closed {
                let items = prefix.items().map(|item| self.type_node(item));
                return TypeKind::Tuple(items.collect());
            }
            return TypeKind::List(None);
        }
        let items = node.get_ignoring_case("items");
        let items = items.filter(|items| items.is(Kind::Object));
        TypeKind::List(items.map(|items| self.type_node(items)))
    }

    fn object_type(&mut self, node: Value<'j>) -> TypeKind {
        let mut properties = Vec::new();
        if let Some(declared) = node.get_ignoring_case("properties") {
            for member in declared.settled() {
                let key = self.intern(&member.key().value);
                let constraints = self.constraints(member.value);
                let value = self.type_node(member.value);
                properties.push(TypeProperty {
                    key,
                    value,
                    constraints,
                });
            }
        }
        let further = node.get_ignoring_case("additionalProperties");
        let further = further.filter(|further| further.is(Kind::Object));
        TypeKind::Object {
            properties,
            further: further.map(|further| self.type_node(further)),
        }
    }

    /// What a node demands of values beside their type.
    pub(super) fn constraints(&mut self, node: Value<'j>) -> Constraints {
        let number = |name| {
            let number = node.get_ignoring_case(name).and_then(Value::number);
            match number {
                Some(Number::Int(value)) => Some(value),
                _ => None,
            }
        };
        let length = |name| number(name).and_then(|value| u64::try_from(value).ok());
        let closed = node
            .get_ignoring_case("additionalProperties")
            .and_then(Value::bool);
        let secure = node.get_ignoring_case("type").and_then(Value::text);
        let secure = secure.is_some_and(|name| {
            let is = |secure: &str| name.value.eq_ignore_ascii_case(secure);
            is("securestring") || is("secureobject")
        });
        let allowed = node.get_ignoring_case("allowedValues");
        let allowed = allowed.filter(|allowed| allowed.is(Kind::Array));
        Constraints {
            min_length: length("minLength"),
            max_length: length("maxLength"),
            min_value: number("minValue"),
            max_value: number("maxValue"),
            allowed: allowed.map(|allowed| self.data(allowed)),
            secure,
            sealed: closed == Some(false),
        }
    }
}
