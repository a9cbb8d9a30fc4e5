//! Hides what Azure's types call sensitive: a password is a secret even where the template spells it
//! out. Enters a resource and the catalogue; of a version that the catalogue lacks the newest one it
//! has is asked.

use tricep_catalogue::{Catalogue, Kind, Node, Property, Resource};

use super::data::{Data, Item};
use super::expand::ExpandedResource;

/// Values nested deeper are taken for secrets; data are never so deep.
const MAX_DEPTH: usize = 128;

/// Marks the sensitive values in the body of a resource as secrets.
pub fn hide_sensitive(catalogue: Catalogue<'_>, resource: &mut ExpandedResource) {
    if let Some(known) = known(catalogue, resource) {
        hide(&mut resource.body, known.body, 0);
    }
}

fn known<'c>(catalogue: Catalogue<'c>, resource: &ExpandedResource) -> Option<Resource<'c>> {
    let name = resource.r#type.as_ref()?.as_str();
    let version = resource.api_version.as_ref().map_or("", |v| v.as_str());
    if let Ok(Some(exact)) = catalogue.resource(name, version) {
        return Some(exact);
    }
    let r#type = catalogue.resource_type(name).ok()??;
    let latest = r#type.latest()?;
    r#type.resource(latest).ok()?
}

fn hide(data: &mut Data, node: Node<'_>, depth: usize) {
    let is_sensitive = depth > MAX_DEPTH
        || match node.kind() {
            Kind::Text(text) => text.sensitive,
            Kind::Enum(values) => values.open.is_some_and(|text| text.sensitive),
            Kind::Object(object) => object.sensitive,
            _ => false,
        };
    if is_sensitive && !matches!(data, Data::Null | Data::Secret(_)) {
        *data = Data::Secret(Box::new(std::mem::replace(data, Data::Null)));
        return;
    }
    match (data, node.kind()) {
        (Data::List(items), Kind::Array(array)) => {
            for item in items {
                if let Item::One(item) = item {
                    hide(item, array.item, depth + 1);
                }
            }
        }
        (data @ Data::Object { .. }, Kind::Object(object)) => {
            hide_members(data, object.properties(), object.additional, depth);
        }
        (data @ Data::Object { .. }, Kind::Discriminated(choice)) => {
            // Of which kind the object is may not be known: then what is sensitive in any is hidden.
            hide_members(data, choice.base(), None, depth);
            for (_, object) in choice.elements() {
                hide(data, object, depth + 1);
            }
        }
        _ => {}
    }
}

fn hide_members<'c>(
    data: &mut Data,
    properties: impl Iterator<Item = Property<'c>>,
    additional: Option<Node<'c>>,
    depth: usize,
) {
    let Data::Object { entries, .. } = data else {
        return;
    };
    let properties: Vec<Property<'c>> = properties.collect();
    for (key, value) in entries {
        let declared = properties
            .iter()
            .find(|property| property.name.eq_ignore_ascii_case(key));
        if let Some(node) = declared.map(|property| property.node).or(additional) {
            hide(value, node, depth + 1);
        }
    }
}
