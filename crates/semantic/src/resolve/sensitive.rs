//! Hides what Azure's types call sensitive. Enters a resource and the catalogue.

use tricep_catalogue::{Catalogue, Kind, Node, Property};

use super::data::{Data, Item};
use super::expand::ExpandedResource;
use crate::sensitive::{is_sensitive, known};

/// Values nested deeper are taken for secrets; data are never so deep.
const MAX_DEPTH: usize = 128;

/// Marks the sensitive values in the body of a resource as secrets.
pub fn hide_sensitive(catalogue: Catalogue<'_>, resource: &mut ExpandedResource) {
    let Some(name) = &resource.r#type else { return };
    let version = resource.api_version.as_ref().map_or("", |v| v.as_str());
    if let Some(known) = known(catalogue, name.as_str(), version) {
        hide(&mut resource.body, known.body, 0);
    }
}

fn hide(data: &mut Data, node: Node<'_>, depth: usize) {
    let is_sensitive = depth > MAX_DEPTH || is_sensitive(&node.kind());
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
