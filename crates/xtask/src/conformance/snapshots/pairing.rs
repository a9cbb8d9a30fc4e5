//! Which of our resources is which of the printed ones, and how the two compare.

use serde_json::{Map, Value as Json};
use tricep_semantic::resolve::{Data, ExpandedResource, Item};

use super::compare::{Leaves, fits, looks_open};

/// The members that the engine prints beside id, type, name and version.
const PRINTED: [&str; 10] = [
    "location",
    "extendedLocation",
    "sku",
    "kind",
    "managedBy",
    "plan",
    "identity",
    "tags",
    "zones",
    "properties",
];

type Printed = Map<String, Json>;

/// Printed resources and ours.
pub(in crate::conformance) struct Pairs<'a> {
    pub(in crate::conformance) paired: Vec<(&'a Printed, &'a ExpandedResource)>,
    /// Printed, and not found here.
    pub(in crate::conformance) left: Vec<&'a Printed>,
    /// Found here, and not printed.
    pub(in crate::conformance) extra: Vec<&'a ExpandedResource>,
}

impl Pairs<'_> {
    /// The first differences.
    pub(in crate::conformance) fn differences(&self) -> String {
        let left = self.left.iter().map(|printed| {
            let text = |key| printed.get(key).and_then(Json::as_str).unwrap_or_default();
            format!(
                "missing {} {} {}",
                text("type"),
                text("apiVersion"),
                text("name")
            )
        });
        let extra = self.extra.iter().map(|ours| {
            let r#type = ours.r#type.as_ref().map_or("", |r#type| r#type.as_str());
            format!("extra {type} {:?} `{}`", ours.name, ours.symbol)
        });
        let all: Vec<String> = left.chain(extra).collect();
        format!(
            "{} differ: {}",
            all.len(),
            all[..all.len().min(3)].join("; ")
        )
    }
}

/// Pairs resources of one type, version and name, then those whose names may be the same: each with
/// the one that is most alike, of equal ones the first with the first.
pub(in crate::conformance) fn pair<'a>(
    printed: &'a [Printed],
    ours: &'a [ExpandedResource],
) -> Pairs<'a> {
    let mut pairs = Pairs {
        paired: Vec::new(),
        left: printed.iter().collect(),
        extra: ours.iter().collect(),
    };
    for fit in [same_name, may_be_same_name] {
        let mut left = std::mem::take(&mut pairs.left);
        // Those that may not be deployed at all come last.
        left.sort_by_key(|printed| printed.contains_key("condition"));
        for printed in left {
            let ours = pairs.extra.iter().enumerate();
            let fitting = ours.filter(|(_, ours)| same_kind(printed, ours) && fit(printed, ours));
            let best = fitting.min_by_key(|(_, ours)| unlikeness(printed, ours));
            match best.map(|(place, _)| place) {
                Some(place) => pairs.paired.push((printed, pairs.extra.remove(place))),
                None => pairs.left.push(printed),
            }
        }
    }
    // We may know of a condition that the engine leaves open that it does not hold.
    pairs
        .left
        .retain(|printed| !printed.contains_key("condition"));
    pairs
}

/// How much two resources differ: in values that differ first, then in values that are not known.
fn unlikeness(printed: &Printed, ours: &ExpandedResource) -> (usize, usize) {
    let leaves = compare(printed, ours);
    (leaves.wrong.len(), leaves.unknowns())
}

fn same_kind(printed: &Printed, ours: &ExpandedResource) -> bool {
    let text = |key| printed.get(key).and_then(Json::as_str);
    let version = ours.api_version.as_ref().map(|version| version.as_str());
    let own = ours.r#type.as_ref().map_or("", |r#type| r#type.as_str());
    let printed = text("type").unwrap_or_default();
    match version {
        Some(version) if ours.extension => printed == format!("{own}@{version}"),
        // Without a version it is that of the profile, `[defaultApiVersion()]`.
        None if text("apiVersion").is_some_and(looks_open) => printed == own,
        version => printed == own && version == text("apiVersion"),
    }
}

/// The names are the same; of names that nobody knows, what is known of the ids tells them apart.
fn same_name(printed: &Printed, ours: &ExpandedResource) -> bool {
    let equal = |key: &str, own: &Data| match (printed.get(key).and_then(Json::as_str), own) {
        (Some(printed), Data::Text(own)) => *printed == **own,
        (printed, own) => printed.is_none() && own.as_text().is_none(),
    };
    equal("name", &ours.name) && equal("id", &ours.id)
}

fn may_be_same_name(printed: &Printed, ours: &ExpandedResource) -> bool {
    may_be(printed.get("name"), &ours.name) && may_be(printed.get("id"), &ours.id)
}

/// Whether a printed text may be the one of which we know something.
fn may_be(printed: Option<&Json>, ours: &Data) -> bool {
    match (printed.and_then(Json::as_str), ours) {
        (Some(text), _) if looks_open(text) => true,
        (Some(text), Data::Text(own)) => *text == **own,
        (Some(text), Data::Partial(pieces)) => fits(text, pieces),
        (_, Data::Secret(inner)) => may_be(printed, inner),
        (_, ours) => matches!(ours, Data::Unknown(_)),
    }
}

/// The first place at which the resources stand in another order.
pub(in crate::conformance) fn first_out_of_order(
    printed: &[Printed],
    ours: &[ExpandedResource],
) -> Option<String> {
    let place = (0..printed.len().max(ours.len())).find(|&place| {
        let pair = printed.get(place).zip(ours.get(place));
        !pair.is_some_and(|(printed, ours)| {
            same_kind(printed, ours) && may_be_same_name(printed, ours)
        })
    })?;
    let name = printed.get(place).and_then(|printed| printed.get("name"));
    let own = ours.get(place).map(|ours| &*ours.symbol);
    Some(format!(
        "{place}: {name:?} and here `{}`",
        own.unwrap_or_default()
    ))
}

/// Compares two resources that are the same.
pub(in crate::conformance) fn compare(printed: &Printed, ours: &ExpandedResource) -> Leaves {
    let mut leaves = Leaves::default();
    let name = printed
        .get("name")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let r#type = ours.r#type.as_ref().map_or("", |r#type| r#type.as_str());
    let label = |member: &str| format!("{type} {name} {member}");
    if ours.extension {
        leaves.member(
            &label("properties"),
            printed.get("properties"),
            Some(&ours.body),
        );
        return leaves;
    }
    leaves.member(&label("name"), printed.get("name"), Some(&ours.name));
    leaves.member(&label("id"), printed.get("id"), Some(&ours.id));
    compare_condition(&mut leaves, &label("condition"), printed, ours);
    for member in PRINTED {
        // A null in one of these members drops it (`arm` json-28).
        let own = ours
            .body
            .get(member)
            .filter(|own| !matches!(own, Data::Null));
        let path = label(member);
        match (printed.get(member), own, &ours.body) {
            (Some(value), None, body @ Data::Unknown(_)) => leaves.value(&path, value, body),
            (
                Some(value),
                None,
                Data::Object {
                    rest: Some(rest), ..
                },
            ) => {
                leaves.value(&path, value, &Data::Unknown(rest.clone()));
            }
            (printed, own, _) => leaves.member(&path, printed, own),
        }
    }
    leaves
}

fn compare_condition(leaves: &mut Leaves, path: &str, printed: &Printed, ours: &ExpandedResource) {
    match (printed.get("condition"), &ours.condition) {
        (None, None) => leaves.right += 1,
        (Some(_), Some(_)) => leaves.open += 1,
        (Some(printed), None) => leaves.value(path, printed, &Data::Bool(true)),
        (None, Some(unknown)) => {
            leaves.value(path, &Json::Bool(true), &Data::Unknown(unknown.clone()));
        }
    }
}

/// Compares an output. One that is not wholly known is printed as one expression, one that is null is
/// left out.
pub(in crate::conformance) fn compare_output(
    leaves: &mut Leaves,
    name: &str,
    printed: Option<&Json>,
    ours: &Data,
) {
    let ours = match ours {
        Data::Secret(inner) => inner,
        ours => ours,
    };
    match printed {
        Some(Json::String(text)) if looks_open(text) && !is_known(ours) => leaves.open += 1,
        None if matches!(ours, Data::Null) => leaves.right += 1,
        printed => leaves.member(&format!("output {name}"), printed, Some(ours)),
    }
}

/// Whether every leaf is known.
fn is_known(data: &Data) -> bool {
    match data {
        Data::Unknown(_) | Data::Partial(_) => false,
        Data::Secret(inner) => is_known(inner),
        Data::List(items) => items.iter().all(|item| match item {
            Item::One(item) => is_known(item),
            Item::Rest { .. } => false,
        }),
        Data::Object { entries, rest } => {
            rest.is_none() && entries.iter().all(|(_, value)| is_known(value))
        }
        _ => true,
    }
}
