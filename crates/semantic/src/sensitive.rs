//! What Azure's types call sensitive: a password is a secret even where the template spells it out.

use tricep_catalogue::{Catalogue, Kind, Resource};

/// What is known of a resource type; of a version that the catalogue lacks, what the newest one says.
pub(crate) fn known<'c>(
    catalogue: Catalogue<'c>,
    name: &str,
    version: &str,
) -> Option<Resource<'c>> {
    if let Ok(Some(exact)) = catalogue.resource(name, version) {
        return Some(exact);
    }
    let r#type = catalogue.resource_type(name).ok()??;
    r#type.resource(r#type.latest()?).ok()?
}

/// Whether values of a type are secrets.
pub(crate) fn is_sensitive(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Text(text) => text.sensitive,
        Kind::Enum(values) => values.open.is_some_and(|text| text.sensitive),
        Kind::Object(object) => object.sensitive,
        _ => false,
    }
}
