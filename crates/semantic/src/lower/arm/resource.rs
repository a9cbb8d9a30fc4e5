//! Resources, with their children, loops and conditions.

use tricep_syntax::json::{Kind, Member, Value};
use tricep_syntax::text::Span;

use super::declared::{DEPLOYMENTS, Written, full_type, written};
use super::{Lowering, Mode, Place};
use crate::template::{
    ApiVersion, Body, ExprId, ExprKind, Loop, Property, PropertyKey, Resource, ResourceId,
    ResourceType,
};

/// Members that say what the resource is and are no part of what is deployed.
const STRUCTURE: [&str; 8] = [
    "type",
    "apiVersion",
    "condition",
    "copy",
    "existing",
    "resources",
    "comments",
    "metadata",
];
/// The other members that the engine knows, which it takes in any letter case (json-09).
const KNOWN: [&str; 15] = [
    "name",
    "location",
    "scope",
    "dependsOn",
    "properties",
    "sku",
    "kind",
    "tags",
    "identity",
    "zones",
    "plan",
    "extendedLocation",
    "managedBy",
    "resourceGroup",
    "subscriptionId",
];
/// Members that are known before anything is deployed.
const EARLY: [&str; 5] = [
    "name",
    "location",
    "scope",
    "resourceGroup",
    "subscriptionId",
];

impl<'j> Lowering<'j> {
    pub(super) fn lower_resources(&mut self) {
        for resource in written(self.section("resources")) {
            self.resource(resource, None);
        }
    }

    /// A resource and its children.
    fn resource(&mut self, resource: Written<'j>, parent: Option<(ResourceId, &str)>) {
        let value = resource.value;
        let r#type = full_type(value, parent.map(|(_, r#type)| r#type));
        self.check_resource(value);
        if self.is_deployment(value, r#type.as_deref()) {
            return self.deployment(resource);
        }
        self.check_deployment(value, r#type.as_deref());
        let copy = copy_of(value);
        let each = copy.map(|copy| {
            let each = self.copy_loop(copy);
            self.push_loop(copy, each, true);
            each
        });
        let own_loop = each.filter(|_| parent.is_none());
        let object = match (each, parent) {
            // child-06
            (Some(_), Some(_)) => {
                let why = "a resource within another one cannot have a `copy`";
                self.fails(value.span(), why)
            }
            _ => self.resource_object(value),
        };
        let id = self.add_resource(resource, r#type.as_deref(), parent, own_loop, object);
        let children = written(value.get_ignoring_case("resources"));
        if let Some(r#type) = r#type.as_deref() {
            for child in children {
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                    self.resource(child, Some((id, r#type)));
                });
            }
        }
        if each.is_some() {
            self.locals.pop();
        }
    }

    fn add_resource(
        &mut self,
        resource: Written<'j>,
        r#type: Option<&str>,
        parent: Option<(ResourceId, &str)>,
        each: Option<Loop>,
        object: ExprId,
    ) -> ResourceId {
        let value = resource.value;
        let (name, at) = self.symbol_of(resource);
        let condition = self.condition(value);
        let existing = value.get_ignoring_case("existing").and_then(Value::bool);
        let name = self.intern(&name);
        let mut api_version = self.api_version(value);
        let mut r#type = r#type;
        // `core/Namespace@v1` of an extension (symbolic-14).
        if let Some((kind, version)) = r#type.and_then(|name| name.rsplit_once('@')) {
            r#type = Some(kind);
            api_version = api_version.or(Some(ApiVersion::new(version)));
        }
        self.template.resources.push(Resource {
            name,
            at,
            span: resource.key.map_or(value.span(), |key| key.span()),
            r#type: r#type.map(ResourceType::new),
            api_version,
            existing: existing == Some(true),
            deploys: None,
            nested_in: parent.map(|(parent, _)| parent),
            body: Body {
                each,
                condition,
                object,
            },
        })
    }

    /// How people call a resource, and where they would look for it: its key, else its name.
    pub(super) fn symbol_of(&self, resource: Written<'j>) -> (String, Span) {
        if let Some(key) = resource.key {
            return (key.key().value.into_owned(), key.key_span());
        }
        let name = resource.value.get_ignoring_case("name");
        let text = name.and_then(Value::text);
        let text = text.map_or(String::new(), |text| text.value.into_owned());
        (text, name.map_or(resource.value.span(), Value::span))
    }

    pub(super) fn condition(&mut self, resource: Value<'j>) -> Option<ExprId> {
        let condition = resource.get_ignoring_case("condition")?;
        (!condition.is(Kind::Null))
            .then(|| self.at(Place::Early, |lowering| lowering.value(condition)))
    }

    /// The members that are deployed, under the names that the engine has for them.
    fn resource_object(&mut self, resource: Value<'j>) -> ExprId {
        let mut properties = Vec::new();
        for member in resource.settled() {
            let key = member.key().value;
            let is = |name: &&&str| key.eq_ignore_ascii_case(name);
            if STRUCTURE.iter().any(|name| is(&name)) {
                continue;
            }
            let name = KNOWN.iter().find(is).map_or(&*key, |name| *name);
            let value = self.resource_member(name, &member);
            let key = PropertyKey::Fixed(self.intern(name));
            properties.push(Property::Set { key, value });
        }
        self.add(resource.span(), ExprKind::Object(properties.into()))
    }

    pub(super) fn resource_member(&mut self, name: &str, member: &Member<'j>) -> ExprId {
        if name == "dependsOn" {
            return self.depends_on(member.value);
        }
        let place = match EARLY.contains(&name) {
            true => Place::Early,
            false => Place::Late,
        };
        self.at(place, |lowering| lowering.value(member.value))
    }

    /// The version as it is written. A variable or a default stands for its plain text.
    fn api_version(&self, resource: Value<'j>) -> Option<ApiVersion> {
        let text = resource.get_ignoring_case("apiVersion")?.text()?;
        let text = self.plain_text(&text.value)?;
        Some(ApiVersion::new(text))
    }

    /// What a string is: itself, or the plain text of the variable or default that it names.
    fn plain_text(&self, string: &str) -> Option<String> {
        use tricep_syntax::arm::{Content, ExpressionKind, read};
        let expression = match read(string) {
            Content::Text(text) => return Some(text.to_owned()),
            Content::Expression(expression) => expression,
            Content::Invalid(_) => return None,
        };
        let ExpressionKind::Call(call) = &expression.kind else {
            return None;
        };
        let [argument] = &*call.arguments else {
            return None;
        };
        if self.mode == Mode::Outer || !call.accesses.is_empty() || call.namespace.is_some() {
            return None;
        }
        let name = super::call::literal(argument)?;
        let value = match &*call.name.text.to_ascii_lowercase() {
            "variables" => self.section("variables")?.get_ignoring_case(name)?,
            "parameters" => {
                let parameter = self.section("parameters")?.get_ignoring_case(name)?;
                parameter.get_ignoring_case("defaultValue")?
            }
            _ => return None,
        };
        match read(&value.text()?.value) {
            Content::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }

    /// A deployment without a template (faulty-84). One whose template is computed is left alone.
    fn check_deployment(&mut self, resource: Value<'j>, r#type: Option<&str>) {
        let properties = resource.get_ignoring_case("properties");
        let has = |name| properties.and_then(|properties| properties.get_ignoring_case(name));
        let written = properties.is_none_or(|properties| properties.is(Kind::Object));
        let existing = resource.get_ignoring_case("existing").is_some();
        let is_one = r#type.is_some_and(|r#type| r#type.eq_ignore_ascii_case(DEPLOYMENTS));
        if is_one && written && !existing && has("template").or(has("templateLink")).is_none() {
            let start = resource.span().start;
            let message = "the deployment has neither a template nor a link to one";
            self.problem(message, Span::new(start, start + 1));
        }
    }

    /// What the engine refuses whatever the values are (faulty-52, faulty-60).
    fn check_resource(&mut self, resource: Value<'j>) {
        if !resource.is(Kind::Object) {
            if !resource.is(Kind::Missing) {
                self.problem("a resource is an object", resource.span());
            }
            return;
        }
        if resource.get_ignoring_case("type").is_none() {
            let start = resource.span().start;
            self.problem("the resource has no `type`", Span::new(start, start + 1));
        }
        let has = |name| resource.get_ignoring_case(name).is_some();
        let unversioned = ["apiVersion", "existing", "import", "extension"];
        if !unversioned.into_iter().any(has) && self.section("apiProfile").is_none() {
            // faulty-54
            let start = resource.span().start;
            let message = "the resource has no `apiVersion`";
            self.problem(message, Span::new(start, start + 1));
        }
        for name in ["name", "location", "type"] {
            let value = resource.get_ignoring_case(name);
            let other = |value: &Value<'_>| {
                !matches!(value.kind(), Kind::String | Kind::Null | Kind::Missing)
            };
            if let Some(value) = value.filter(other) {
                self.problem(format!("`{name}` of a resource is a string"), value.span());
            }
        }
    }
}

/// The loop around a resource.
pub(super) fn copy_of(resource: Value<'_>) -> Option<Value<'_>> {
    let copy = resource.get_ignoring_case("copy")?;
    copy.is(Kind::Object).then_some(copy)
}
