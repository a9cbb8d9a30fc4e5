//! Types of parameters, outputs and definitions: `{ "type": "array", "items": { … }, "minLength": 1 }`.

use tricep_syntax::json::{Kind, Number, Value};

use super::Lowering;
use crate::template::{Constraints, TypeId, TypeKind, TypeNote, TypeProperty};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

impl<'j> Lowering<'j> {
    /// The type that a node describes.
    pub(super) fn type_node(&mut self, node: Value<'j>) -> TypeId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            self.needs_version(node, "nullable");
            self.needs_version(node, "$ref");
            let kind = self.type_kind(node);
            let plain = self.add_type(node.span(), kind);
            if let Some(note) = self.resource_part(node).or_else(|| self.choice(node)) {
                self.template.written.add_note(plain, note);
            }
            match node.get_ignoring_case("nullable").and_then(Value::bool) {
                Some(true) => self.add_type(node.span(), TypeKind::Nullable(plain)),
                _ => plain,
            }
        })
    }

    /// A type in the place of an item or of further properties, where its constraints have no other
    /// place to stand.
    fn inner_type(&mut self, node: Value<'j>) -> TypeId {
        let r#type = self.type_node(node);
        let bounds = [
            "allowedValues",
            "minLength",
            "maxLength",
            "minValue",
            "maxValue",
        ];
        let is_bounded = bounds
            .iter()
            .any(|name| node.get_ignoring_case(name).is_some());
        if is_bounded && self.template.written.note(r#type).is_none() {
            let constraints = self.constraints(node);
            let note = TypeNote::Constraints(constraints);
            self.template.written.add_note(r#type, note);
        }
        r#type
    }

    /// Part of the body of a resource, as the compiler notes it (`ArmTemplateTypeLoader`).
    fn resource_part(&mut self, node: Value<'j>) -> Option<TypeNote> {
        let metadata = node.get_ignoring_case("metadata")?;
        let derived = metadata.get("__bicep_resource_derived_type!")?;
        // Older compilers wrote the source alone.
        let source = derived.text().or_else(|| derived.get("source")?.text())?;
        let output = derived.get("output").and_then(Value::bool) == Some(true);
        let (resource, pointer) = match source.value.split_once('#') {
            Some((resource, pointer)) => (resource, pointer),
            None => (&*source.value, ""),
        };
        let segments = pointer.split('/').filter(|_| !pointer.is_empty());
        let decoded = segments.map(|segment| segment.replace("~1", "/").replace("~0", "~"));
        Some(TypeNote::OfResource {
            resource: resource.into(),
            pointer: decoded.map(|segment| segment.into()).collect(),
            output: derived.is(Kind::Object).then_some(output),
        })
    }

    /// One of several objects.
    fn choice(&mut self, node: Value<'j>) -> Option<TypeNote> {
        let discriminator = node.get_ignoring_case("discriminator")?;
        let key = discriminator.get_ignoring_case("propertyName")?.text()?;
        let mapping = discriminator.get_ignoring_case("mapping")?;
        let key = self.intern(&key.value);
        let members = mapping.settled().into_iter();
        let members = members.map(|member| self.type_node(member.value));
        Some(TypeNote::Choice(key, members.collect()))
    }

    fn type_kind(&mut self, node: Value<'j>) -> TypeKind {
        if let Some(reference) = node.get_ignoring_case("$ref").and_then(Value::text) {
            return self.referenced(&reference.value, node);
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
    fn referenced(&mut self, path: &str, node: Value<'j>) -> TypeKind {
        let name = path.strip_prefix("#/definitions/").unwrap_or_default();
        match self.definitions.get(&name.to_lowercase()) {
            Some(&definition) => TypeKind::Named(definition),
            None => {
                // faulty-28
                self.problem(format!("there is no type `{path}`"), node.span());
                TypeKind::Any
            }
        }
    }

    fn array_type(&mut self, node: Value<'j>) -> TypeKind {
        if let Some(prefix) = node.get_ignoring_case("prefixItems") {
            // Elements beyond the prefix are those of `items`; a tuple has none.
            let closed = node.get_ignoring_case("items").and_then(Value::bool) == Some(false);
            if closed {
                let items = prefix.items().map(|item| self.inner_type(item));
                return TypeKind::Tuple(items.collect());
            }
            return TypeKind::List(None);
        }
        let items = node.get_ignoring_case("items");
        let items = items.filter(|items| items.is(Kind::Object));
        TypeKind::List(items.map(|items| self.inner_type(items)))
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
        let further = further.and_then(|further| match further.bool() {
            Some(true) => Some(self.add_type(further.span(), TypeKind::Any)),
            Some(false) => None,
            None => further.is(Kind::Object).then(|| self.inner_type(further)),
        });
        TypeKind::Object {
            properties,
            further,
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
