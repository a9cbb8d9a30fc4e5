//! What a resource's type string makes of its body: the catalogue's properties, and what the
//! compiler adds to them (`AzResourceTypeProvider.SetBicepResourceProperties`).

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use tricep_catalogue::{Kind as NodeKind, Resource as Data, Scopes};
use tricep_syntax::text::FileId;

use super::model::{
    ChoiceType, Depth, Flags, Items, Lazy, Marks, ObjectType, Property, Range, Type, sort,
};
use super::problem::Kind;
use super::schema::{element_type, object_type, property};
use super::{Types, without_flags};
use crate::template::{ExprId, ExprKind, Property as Written, PropertyKey, ResourceId, Symbol};

/// What the type string of a resource says.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    /// The type; `None` where the text makes none, or one of an extension.
    pub(super) body: Option<Type<'a>>,
    /// Whether the compiler refuses the text.
    pub(super) refused: bool,
    /// The type without the version; empty where there is none.
    pub(super) name: &'a str,
    /// Where such resources can be.
    pub(super) scopes: Scopes,
    /// Where they can be, but not be deployed.
    pub(super) read_only: Scopes,
    /// What is wrong with the text, and whether it is an error.
    pub(super) problems: Vec<(Kind, bool)>,
}

/// What decides how a body looks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct BodyKey<'a> {
    name: &'a str,
    version: &'a str,
    use_of: Use,
}

/// How a resource is declared (`ResourceTypeGenerationFlags`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Use {
    existing: bool,
    nested: bool,
    /// Nested, or with a `parent` that is a resource.
    has_parent: bool,
}

impl<'a> Types<'a> {
    /// What the type string of a resource says.
    pub(super) fn declared_resource(&self, file: FileId, id: ResourceId) -> Rc<Declared<'a>> {
        let key = (file, id);
        if let Some(known) = self.resources.borrow().get(&key) {
            return Rc::clone(known);
        }
        let made = Rc::new(self.declare(file, id));
        self.resources.borrow_mut().insert(key, Rc::clone(&made));
        made
    }

    /// Whether the type string of a resource makes sense to the compiler.
    pub(super) fn is_declared(&self, file: FileId, id: ResourceId) -> bool {
        !self.declared_resource(file, id).refused
    }

    /// The name of a resource's type.
    pub(super) fn type_name(&self, file: FileId, id: ResourceId) -> Option<&'a str> {
        Some(self.declared_resource(file, id).name).filter(|name| !name.is_empty())
    }

    /// Whether a resource's type is that of the parents of another type.
    pub(super) fn is_parent_of(&self, file: FileId, id: ResourceId, child: &str) -> bool {
        let Some(name) = self.type_name(file, id) else {
            return true;
        };
        let parent = child.rsplit_once('/').map(|(parent, _)| parent);
        parent.is_some_and(|parent| parent.eq_ignore_ascii_case(name))
    }

    fn declare(&self, file: FileId, id: ResourceId) -> Declared<'a> {
        let template = self.project.template(file);
        let resource = &template.resources[id];
        let refuse = |kind: Option<Kind>| Declared {
            body: None,
            refused: true,
            name: "",
            scopes: Scopes::default(),
            read_only: Scopes::default(),
            problems: kind.into_iter().map(|kind| (kind, true)).collect(),
        };
        let parent = resource.nested_in.map(|p| self.declared_resource(file, p));
        let Some(name) = resource.r#type.as_ref().map(|r#type| r#type.as_str()) else {
            // Reported as a text with holes, or below one.
            return refuse(None);
        };
        let outer = resource
            .nested_in
            .and_then(|p| template.resources[p].r#type.as_ref());
        let own = match outer {
            Some(outer) => name.get(outer.as_str().len() + 1..).unwrap_or(name),
            None => name,
        };
        let version = resource
            .api_version
            .as_ref()
            .map(|version| version.as_str());
        if own.contains(':') {
            return unknown(name);
        }
        if !is_reference(own, version) {
            return refuse(Some(Kind::InvalidType));
        }
        // A loop around has no type that others could be below.
        let is_looped = |outer: ResourceId| template.resources[outer].body.each.is_some();
        if parent.as_ref().is_some_and(|parent| parent.refused)
            || resource.nested_in.is_some_and(is_looped)
        {
            return refuse(Some(Kind::BelowInvalidType));
        }
        if parent.is_some() && own.contains('/') {
            return refuse(Some(Kind::NotOneSegment));
        }
        let use_of = self.use_of(file, id);
        let Some(catalogue) = self.catalogue else {
            return unknown(name);
        };
        let Some(version) = version else {
            return refuse(Some(Kind::InvalidType));
        };
        match catalogue.resource(name, version) {
            Ok(Some(data)) => self.known(name, data, use_of),
            Ok(None) if template.written.has_extensions() => unknown(name),
            Ok(None) if is_azure(name, version) => self.guessed(name, version, use_of),
            Ok(None) => refuse(Some(Kind::InvalidType)),
            Err(_) => unknown(name),
        }
    }

    /// Part of the body of a resource type (`ResourceDerivedTypeResolver`). `None`: there is no such
    /// part.
    pub(super) fn resource_part(
        &self,
        resource: &'a str,
        pointer: &[Arc<str>],
        output: Option<bool>,
    ) -> Option<Type<'a>> {
        let (name, version) = resource.rsplit_once('@')?;
        let data = self.catalogue?.resource(name, version).ok()??;
        let use_of = Use {
            existing: false,
            nested: false,
            has_parent: false,
        };
        let mut part = self.known(name, data, use_of).body?;
        let mut segments = pointer.iter().map(|segment| &**segment);
        while let Some(segment) = segments.next() {
            part = self.part_of(&part, segment, &mut segments)?;
        }
        Some(match output {
            Some(true) => without_flags(part, Flags::READ_ONLY),
            Some(false) => without_flags(part, Flags::WRITE_ONLY),
            None => part,
        })
    }

    /// What a segment of a pointer leads to; some segments go in pairs.
    fn part_of<'s>(
        &self,
        whole: &Type<'a>,
        segment: &str,
        rest: &mut impl Iterator<Item = &'s str>,
    ) -> Option<Type<'a>> {
        match (&*segment.to_ascii_lowercase(), whole) {
            ("properties", Type::Object(object)) => {
                let name = rest.next()?;
                let spelt_otherwise = || {
                    object
                        .properties
                        .iter()
                        .find(|p| p.name.eq_ignore_ascii_case(name))
                };
                let property = object.property(name).or_else(spelt_otherwise)?;
                Some(self.force(&property.of))
            }
            ("additionalproperties", Type::Object(object)) => {
                Some(self.force(&object.further.as_ref()?.of))
            }
            ("items", Type::Array(array)) => Some(self.item(&array.items)),
            ("discriminator", Type::Choice(choice)) => {
                rest.next()
                    .filter(|next| next.eq_ignore_ascii_case("mapping"))?;
                let value = rest.next()?;
                let member = choice.members.iter().find(|(own, _)| *own == value)?;
                Some(self.force(&member.1))
            }
            _ => None,
        }
    }

    /// The resource types that no catalogue knows, of which the parameters and outputs of a module
    /// are parts.
    pub(super) fn unknown_parts(&self, file: FileId) -> Rc<[&'a str]> {
        if let Some(known) = self.parts.borrow().get(&file) {
            return Rc::clone(known);
        }
        let is_unknown = |resource: &&str| match (self.catalogue, resource.rsplit_once('@')) {
            (Some(catalogue), Some((name, version))) => {
                matches!(catalogue.resource(name, version), Ok(None))
            }
            _ => false,
        };
        let written = &self.project.template(file).written;
        let mut parts: Vec<&str> = written.parts().collect();
        parts.sort_unstable();
        parts.dedup();
        parts.retain(is_unknown);
        let unknown: Rc<[&str]> = Rc::from(parts);
        self.parts.borrow_mut().insert(file, Rc::clone(&unknown));
        unknown
    }

    fn known(&self, name: &'a str, data: Data<'a>, use_of: Use) -> Declared<'a> {
        let key = BodyKey {
            name: data.name,
            version: data.version,
            use_of,
        };
        let known = self.bodies.borrow().get(&key).cloned();
        let body = known.unwrap_or_else(|| {
            let body = body(name, data, use_of);
            self.bodies.borrow_mut().insert(key, body.clone());
            body
        });
        let mut problems = Vec::new();
        if data.writable.is_empty() && !use_of.existing {
            let full = format!("{}@{}", data.name, data.version);
            problems.push((Kind::OnlyExisting(full), false));
        }
        Declared {
            body: Some(body),
            refused: false,
            name,
            scopes: data.readable | data.writable,
            read_only: Scopes(data.readable.0 & !data.writable.0),
            problems,
        }
    }

    /// A type that looks like one of Azure but is not in the catalogue.
    fn guessed(&self, name: &'a str, version: &'a str, use_of: Use) -> Declared<'a> {
        let segments: Vec<&str> = name.split('/').collect();
        // `…/type/providers/…` is how ARM templates name a resource on another one.
        let inner = segments.get(2..segments.len().saturating_sub(1));
        let on_other =
            inner.is_some_and(|inner| inner.iter().any(|s| s.eq_ignore_ascii_case("providers")));
        let kind = if on_other {
            Kind::ProvidersSegment
        } else {
            Kind::UnknownType(format!("{name}@{version}"))
        };
        let every = Scopes(31);
        Declared {
            body: Some(Type::Object(Rc::new(adapt(
                generic(|_| true),
                name,
                every,
                use_of,
            )))),
            refused: false,
            name,
            scopes: every,
            read_only: Scopes::default(),
            problems: vec![(kind, false)],
        }
    }

    fn use_of(&self, file: FileId, id: ResourceId) -> Use {
        let template = self.project.template(file);
        let resource = &template.resources[id];
        let nested = resource.nested_in.is_some();
        let parent = || property_value(&template.exprs, resource.body.object, "parent");
        Use {
            existing: resource.existing,
            nested,
            has_parent: nested || parent().is_some_and(|p| names_resource(&template.exprs, p)),
        }
    }
}

/// A type that another tool than the catalogue would have to tell.
fn unknown(name: &str) -> Declared<'_> {
    Declared {
        body: None,
        refused: false,
        name,
        scopes: Scopes::default(),
        read_only: Scopes::default(),
        problems: Vec::new(),
    }
}

type Exprs = crate::index::IndexVec<ExprId, crate::template::Expr>;

/// The value of a property that is written in an object.
pub(super) fn property_value(exprs: &Exprs, object: ExprId, name: &str) -> Option<ExprId> {
    let ExprKind::Object(items) = &exprs[object].kind else {
        return None;
    };
    items.iter().find_map(|item| match item {
        Written::Set {
            key: PropertyKey::Fixed(key),
            value,
        } if &**key == name => Some(*value),
        _ => None,
    })
}

/// Whether an expression names a resource, or an item of a collection of resources.
pub(super) fn names_resource(exprs: &Exprs, id: ExprId) -> bool {
    match &exprs[id].kind {
        ExprKind::Symbol(Symbol::Resource(_)) | ExprKind::Nested { .. } => true,
        ExprKind::Index { base, .. } => {
            matches!(exprs[*base].kind, ExprKind::Symbol(Symbol::Resource(_)))
        }
        _ => false,
    }
}

/// Whether a text is a reference to a type at all: `ResourceTypeReference.TryParse`.
pub(super) fn is_reference(name: &str, version: Option<&str>) -> bool {
    let is_word = |word: &str, least: usize| {
        let starts = word.starts_with(|c: char| c.is_ascii_alphanumeric());
        let rest = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        starts && word.len() >= least && word.chars().all(rest)
    };
    name.split('/').all(|segment| is_word(segment, 1)) && version.is_none_or(|v| is_word(v, 2))
}

/// Whether a type and version look like Azure's: a name space without hyphens, segments without
/// dots, a date and perhaps a known suffix.
pub(super) fn is_azure(name: &str, version: &str) -> bool {
    let mut segments = name.split('/');
    let space = segments.next().unwrap_or_default();
    let in_space = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let in_segment = |c: char| c.is_ascii_alphanumeric() || c == '-';
    name.contains('/')
        && space.starts_with(|c: char| c.is_ascii_alphanumeric())
        && space.chars().all(in_space)
        && segments.all(|segment| !segment.is_empty() && segment.chars().all(in_segment))
        && is_version(version)
}

fn is_version(version: &str) -> bool {
    let Some((date, suffix)) = version.split_at_checked(10) else {
        return false;
    };
    let is_date = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let suffixes = ["", "-preview", "-alpha", "-beta", "-rc", "-privatepreview"];
    is_date
        && suffixes
            .iter()
            .any(|known| suffix.eq_ignore_ascii_case(known))
}

/// The body of a type of the catalogue.
fn body<'a>(name: &'a str, data: Data<'a>, use_of: Use) -> Type<'a> {
    let scopes = data.readable | data.writable;
    let segments = name.matches('/').count();
    // At the top of a file the name of a child holds those of its parents, so it is no literal.
    let literal_names = segments == 1 || use_of.has_parent;
    match data.body.kind() {
        NodeKind::Object(object) => {
            let mut declared = object_type(object, Depth::Body);
            put(&mut declared.properties, asserts());
            add_implied(&mut declared, data);
            if !literal_names {
                relax_name(&mut declared);
            }
            Type::Object(Rc::new(adapt(declared, name, scopes, use_of)))
        }
        NodeKind::Discriminated(choice) => {
            let by_name = choice.discriminator == "name";
            if (by_name && !literal_names) || (!by_name && use_of.existing) {
                let known = |name: &str| {
                    let mut elements = choice.elements();
                    let has = |object| choice.of(object).any(|p| p.name == name);
                    let implied = matches!(name, "id" | "type" | "apiVersion");
                    implied || elements.any(|(_, node)| node.object().is_some_and(has))
                };
                return Type::Object(Rc::new(adapt(generic(known), name, scopes, use_of)));
            }
            let members = choice.elements().filter_map(|(value, node)| {
                let mut element = element_type(choice, node.object()?, Depth::Body);
                add_implied(&mut element, data);
                let object = Type::Object(Rc::new(adapt(element, name, scopes, use_of)));
                Some((Cow::Borrowed(value), Lazy::Known(object)))
            });
            Type::Choice(Rc::new(ChoiceType {
                key: choice.discriminator.into(),
                members: members.collect(),
                system: by_name,
                marks: Marks::NONE,
            }))
        }
        _ => Type::Unknown,
    }
}

fn add_implied<'a>(body: &mut ObjectType<'a>, data: Data<'a>) {
    for implied in data.implied() {
        if body.property(implied.name).is_none() {
            put(&mut body.properties, property(implied, Depth::Body));
        }
    }
}

fn relax_name(body: &mut ObjectType<'_>) {
    let name = body
        .properties
        .iter_mut()
        .find(|property| property.name == "name");
    if let Some(name) = name {
        name.of = Lazy::Known(Type::TEXT);
    }
}

/// Sets a property, in the place of one of the same name.
fn put<'a>(properties: &mut Vec<Property<'a>>, property: Property<'a>) {
    match properties.binary_search_by(|other| other.name.cmp(&property.name)) {
        Ok(place) => properties[place] = property,
        Err(place) => properties.insert(place, property),
    }
}

/// Adds what the compiler adds to every body.
fn adapt<'a>(
    mut body: ObjectType<'a>,
    name: &'a str,
    scopes: Scopes,
    use_of: Use,
) -> ObjectType<'a> {
    let properties = &mut body.properties;
    let own = Flags::SYSTEM.with(Flags::WRITE_ONLY).with(Flags::NO_ANY);
    let depends = Type::array_of(Type::Dependency);
    put(properties, Property::new("dependsOn", own, depends));
    let has_scope =
        use_of.existing || scopes.contains(Scopes::EXTENSION) || scopes.contains(Scopes::TENANT);
    if has_scope {
        put(properties, Property::new("scope", own, Type::AnyScope));
    }
    if let Some(name) = properties
        .iter_mut()
        .find(|property| property.name == "name")
    {
        name.flags = name.flags.with(Flags::SYSTEM);
    }
    if name.matches('/').count() > 1 && !use_of.nested {
        let parent = Type::ParentOf(Cow::Borrowed(name));
        put(properties, Property::new("parent", own, parent));
    }
    if name.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
        for own in ["resourceGroup", "subscriptionId"] {
            put(properties, Property::new(own, Flags::SYSTEM, Type::TEXT));
        }
    }
    for fallback in common() {
        if !properties
            .iter()
            .any(|property| property.name == fallback.name)
        {
            let flags = fallback.flags.with(Flags::FALLBACK);
            put(properties, Property { flags, ..fallback });
        }
    }
    if use_of.existing {
        make_read_only(&mut body);
    }
    body
}

/// All but what identifies an existing resource is read-only.
fn make_read_only(body: &mut ObjectType<'_>) {
    let read_only = |flags: Flags| flags.with(Flags::READ_ONLY).without(Flags::REQUIRED);
    for property in &mut body.properties {
        if !matches!(&*property.name, "name" | "scope" | "parent" | "dependsOn") {
            property.flags = read_only(property.flags);
        }
    }
    if let Some(further) = &mut body.further {
        further.flags = read_only(further.flags);
    }
}

/// The body of a type that is not in the catalogue, with the common properties that are `wanted`.
fn generic<'a>(wanted: impl Fn(&str) -> bool) -> ObjectType<'a> {
    let system = Flags::READ_ONLY.with(Flags::SYSTEM);
    let mut properties = vec![
        Property::new("apiVersion", system, Type::TEXT),
        Property::new("id", system, Type::TEXT),
        Property::new("name", Flags::REQUIRED.with(Flags::SYSTEM), Type::TEXT),
        Property::new("type", system, Type::TEXT),
    ];
    properties.extend(common());
    properties.retain(|property| wanted(&property.name));
    sort(&mut properties);
    ObjectType {
        properties,
        further: None,
        marks: Marks::NONE,
        origin: None,
    }
}

fn asserts<'a>() -> Property<'a> {
    Property::new("asserts", Flags::NONE, Type::dictionary(Type::BOOL))
}

/// The properties that resources commonly have (`KnownTopLevelResourceProperties`).
fn common<'a>() -> Vec<Property<'a>> {
    let plain = |name: &'static str, of: Type<'a>| Property::new(name, Flags::NONE, of);
    let required = |name: &'static str, of: Type<'a>| Property::new(name, Flags::REQUIRED, of);
    let text = |name: &'static str| plain(name, Type::TEXT);
    let texts = |name: &'static str| plain(name, texts());
    vec![
        text("location"),
        plain("tags", Type::dictionary(Type::TEXT)),
        asserts(),
        plain("properties", Type::any_object()),
        plain(
            "sku",
            Type::object(
                vec![
                    text("name"),
                    text("tier"),
                    text("size"),
                    text("family"),
                    text("model"),
                    plain("capacity", Type::INT),
                ],
                None,
            ),
        ),
        text("kind"),
        text("managedBy"),
        texts("managedByExtended"),
        plain(
            "extendedLocation",
            Type::object(
                vec![
                    required(
                        "type",
                        open(&["NotSpecified", "EdgeZone", "CustomLocation", "ArcZone"]),
                    ),
                    text("name"),
                ],
                None,
            ),
        ),
        texts("zones"),
        plain(
            "placement",
            Type::object(
                vec![
                    required(
                        "zonePlacementPolicy",
                        open(&["NotSpecified", "Any", "None", "Auto"]),
                    ),
                    texts("includeZones"),
                    texts("excludeZones"),
                ],
                None,
            ),
        ),
        plain("plan", Type::any_object()),
        text("eTag"),
        plain(
            "scale",
            Type::object(
                vec![
                    required("capacity", Type::INT),
                    plain("maximum", Type::INT),
                    plain("minimum", Type::INT),
                ],
                None,
            ),
        ),
        plain("identity", identity()),
    ]
}

/// `identity` as resources commonly have it.
fn identity<'a>() -> Type<'a> {
    let text = |name: &'static str| Property::new(name, Flags::NONE, Type::TEXT);
    let assigned = Type::object(vec![text("principalId"), text("clientId")], None);
    let kinds = [
        "NotSpecified",
        "SystemAssigned",
        "UserAssigned",
        "None",
        "Actor",
    ];
    Type::object(
        vec![
            text("principalId"),
            text("tenantId"),
            Property::new("type", Flags::REQUIRED, open(&kinds)),
            Property::new("identityIds", Flags::NONE, texts()),
            Property::new(
                "userAssignedIdentities",
                Flags::NONE,
                Type::dictionary(assigned),
            ),
            Property::new("delegatedResources", Flags::NONE, Type::any_object()),
        ],
        None,
    )
}

fn texts<'a>() -> Type<'a> {
    Type::array(Items::Each(Lazy::Known(Type::TEXT)), Range::ANY)
}

/// Some literals, and any other text.
fn open<'a>(literals: &[&'static str]) -> Type<'a> {
    let literals = literals.iter().map(|literal| Type::literal(literal));
    Type::union(literals.chain([Type::TEXT]))
}
