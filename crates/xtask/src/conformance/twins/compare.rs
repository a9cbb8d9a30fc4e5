//! Two expansions of one deployment, resource by resource and leaf by leaf.

use std::rc::Rc;

use tricep_semantic::eval::{Piece, Unknown};
use tricep_semantic::resolve::{Data, Expanded, ExpandedResource, Item, Problem};

use crate::conformance::snapshots::compare::fits;

/// How two expansions compare; the first side is Bicep, the second ARM.
#[derive(Default, Debug)]
pub(super) struct Agreement {
    pub(super) resources: usize,
    /// Leaves that both sides know, and that are the same.
    pub(super) equal: usize,
    /// Leaves that no side knows.
    pub(super) unknown: usize,
    pub(super) bicep_only: usize,
    pub(super) arm_only: usize,
    /// Deployments that are said to fail on the ARM side only.
    pub(super) eager: usize,
    /// Different; where and how.
    pub(super) wrong: Vec<String>,
    /// Where one side knows more.
    pub(super) places: Vec<String>,
}

impl Agreement {
    /// Whether nothing differs and no side knows more.
    pub(super) fn is_whole(&self) -> bool {
        self.wrong.is_empty() && self.bicep_only + self.arm_only + self.eager == 0
    }

    /// Puts a name before each remark.
    pub(super) fn label(&mut self, name: &str) {
        for remark in self.wrong.iter_mut().chain(&mut self.places) {
            *remark = format!("{name} {remark}");
        }
    }

    /// Adds the counts of another comparison.
    pub(super) fn add(&mut self, other: Self) {
        self.resources += other.resources;
        self.equal += other.equal;
        self.unknown += other.unknown;
        self.bicep_only += other.bicep_only;
        self.arm_only += other.arm_only;
        self.eager += other.eager;
        self.wrong.extend(other.wrong);
        self.places.extend(other.places);
    }

    /// Compares the resources and the outputs.
    pub(super) fn deployments(&mut self, bicep: &Expanded, arm: &Expanded) {
        self.problems(bicep, arm);
        let mut left: Vec<&ExpandedResource> = arm.resources.iter().collect();
        let mut alone: Vec<&ExpandedResource> = bicep.resources.iter().collect();
        for fit in [same_kind, may_be_same_kind] {
            for resource in std::mem::take(&mut alone) {
                match take_most_alike(resource, &mut left, fit) {
                    Some(agreement) => {
                        self.resources += 1;
                        self.add(agreement);
                    }
                    None => alone.push(resource),
                }
            }
        }
        for (side, resources) in [("Bicep", alone), ("ARM", left)] {
            let missing = resources.iter().map(|resource| titled(resource));
            self.wrong
                .extend(missing.map(|title| format!("only in {side}: {title}")));
        }
        self.outputs(bicep, arm);
    }

    /// Compares what could not be expanded. The engine evaluates some parts of a template that no value
    /// needs, and a failure there is reported for an ARM template only (`arm` lazy-15).
    fn problems(&mut self, bicep: &Expanded, arm: &Expanded) {
        let (ours, theirs) = (bicep.problems.len(), arm.problems.len());
        let all = bicep.problems.iter().chain(&arm.problems);
        let all: Vec<_> = all
            .map(|problem| format!("{}: {}", problem.what, problem.why))
            .collect();
        let note = format!(
            "problems: {ours} in Bicep, {theirs} in ARM: {}",
            all.join("; ")
        );
        let fails = |problem: &Problem| problem.why.stops();
        if ours == theirs {
            return;
        }
        if ours < theirs && arm.problems.iter().all(fails) {
            self.eager += 1;
            self.places.push(note);
        } else {
            self.wrong.push(note);
        }
    }

    fn outputs(&mut self, bicep: &Expanded, arm: &Expanded) {
        for output in &bicep.outputs {
            let path = format!("output {}", output.name);
            match arm.outputs.iter().find(|other| other.name == output.name) {
                Some(other) => self.value(&path, &output.value, &other.value),
                None => self.wrong.push(format!("{path}: only in Bicep")),
            }
        }
        for output in &arm.outputs {
            if !bicep.outputs.iter().any(|other| other.name == output.name) {
                self.wrong
                    .push(format!("output {}: only in ARM", output.name));
            }
        }
    }

    fn resource(&mut self, bicep: &ExpandedResource, arm: &ExpandedResource) {
        let title = titled(bicep);
        self.value(&format!("{title} name"), &bicep.name, &arm.name);
        self.value(&format!("{title} id"), &bicep.id, &arm.id);
        self.value(&format!("{title} scope"), &bicep.scope, &arm.scope);
        let condition = format!("{title} condition");
        match (&bicep.condition, &arm.condition) {
            (None, None) => self.equal += 1,
            (Some(_), Some(_)) => self.unknown += 1,
            (None, Some(why)) => self.one_side(true, &condition, 1, why),
            (Some(why), None) => self.one_side(false, &condition, 1, why),
        }
        if bicep.many != arm.many {
            self.wrong
                .push(format!("{title}: stands for many on one side only"));
        }
        self.value(&format!("{title} "), &bicep.body, &arm.body);
    }

    fn value(&mut self, path: &str, bicep: &Data, arm: &Data) {
        match (bicep, arm) {
            (Data::Secret(bicep), Data::Secret(arm)) => self.value(path, bicep, arm),
            (Data::Secret(_), _) | (_, Data::Secret(_)) => self.differ(path, bicep, arm),
            // A side that knows that the deployment fails here knows more.
            (Data::Unknown(bicep), Data::Unknown(arm)) if bicep.why.stops() != arm.why.stops() => {
                let in_bicep = bicep.why.stops();
                let other = if in_bicep { arm } else { bicep };
                self.one_side(in_bicep, path, 1, other);
            }
            (Data::Unknown(_), Data::Unknown(_)) => self.unknown += 1,
            (Data::Unknown(why), _) | (_, Data::Unknown(why)) if why.why.stops() => {
                self.differ(path, bicep, arm);
            }
            (bicep, Data::Unknown(why)) => self.one_side(true, path, leaves(bicep), why),
            (Data::Unknown(why), arm) => self.one_side(false, path, leaves(arm), why),
            (Data::Partial(ours), Data::Partial(theirs)) if known(ours) == known(theirs) => {
                self.unknown += 1;
            }
            (Data::Partial(ours), Data::Partial(theirs)) if may_be_same_text(ours, theirs) => {
                let length = |pieces| known(pieces).into_iter().flatten().map(str::len).sum();
                let (of_ours, of_theirs): (usize, usize) = (length(ours), length(theirs));
                let in_bicep = of_ours > of_theirs;
                self.piece(in_bicep, path, if in_bicep { theirs } else { ours });
            }
            (Data::Text(text), Data::Partial(pieces)) if fits(text, pieces) => {
                self.piece(true, path, pieces);
            }
            (Data::Partial(pieces), Data::Text(text)) if fits(text, pieces) => {
                self.piece(false, path, pieces);
            }
            (Data::List(ours), Data::List(theirs)) => self.list(path, ours, theirs),
            (
                Data::Object { entries, rest },
                Data::Object {
                    entries: others,
                    rest: other_rest,
                },
            ) => {
                self.members(true, path, entries, others, other_rest.as_deref());
                self.members(false, path, others, entries, rest.as_deref());
            }
            (bicep, arm) if same_leaf(bicep, arm) => self.equal += 1,
            (bicep, arm) => self.differ(path, bicep, arm),
        }
    }

    /// A text that one side knows in part.
    fn piece(&mut self, in_bicep: bool, path: &str, pieces: &[Piece]) {
        let unknown = pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(unknown),
            Piece::Known(_) => None,
        });
        match unknown {
            Some(unknown) => self.one_side(in_bicep, path, 1, unknown),
            None => self.equal += 1,
        }
    }

    fn list(&mut self, path: &str, bicep: &[Item], arm: &[Item]) {
        for (index, pair) in bicep.iter().zip(arm).enumerate() {
            let path = format!("{path}[{index}]");
            match pair {
                (Item::One(bicep), Item::One(arm)) => self.value(&path, bicep, arm),
                (
                    Item::Rest { min, max, .. },
                    Item::Rest {
                        min: low, max: up, ..
                    },
                ) => {
                    self.unknown += 1;
                    if (min, max) != (low, up) {
                        let note = format!("bounds {path}: {min} {max:?} | {low} {up:?}");
                        self.places.push(note);
                    }
                }
                (Item::One(_), Item::Rest { unknown, .. }) => {
                    return self.one_side(true, &path, bicep.len() - index, unknown);
                }
                (Item::Rest { unknown, .. }, Item::One(_)) => {
                    return self.one_side(false, &path, arm.len() - index, unknown);
                }
            }
        }
        if bicep.len() != arm.len() {
            let (ours, theirs) = (bicep.len(), arm.len());
            self.wrong
                .push(format!("{path}: {ours} elements in Bicep, {theirs} in ARM"));
        }
    }

    /// Compares the members of one side, in the second turn only those that the other side has not.
    fn members(
        &mut self,
        of_bicep: bool,
        path: &str,
        entries: &[(Rc<str>, Data)],
        others: &[(Rc<str>, Data)],
        rest: Option<&Unknown>,
    ) {
        for (key, value) in entries {
            let path = format!("{path}.{key}");
            let other = others.iter().find(|(name, _)| name == key);
            match (other, rest) {
                (Some((_, other)), _) if of_bicep => self.value(&path, value, other),
                (Some(_), _) => {}
                (None, Some(rest)) => self.one_side(of_bicep, &path, leaves(value), rest),
                (None, None) => {
                    let side = if of_bicep { "Bicep" } else { "ARM" };
                    let shown = shown(value);
                    self.wrong.push(format!("{path}: only in {side}: {shown}"));
                }
            }
        }
    }

    fn one_side(&mut self, in_bicep: bool, path: &str, count: usize, why: &Unknown) {
        let (counter, side) = match in_bicep {
            true => (&mut self.bicep_only, "Bicep"),
            false => (&mut self.arm_only, "ARM"),
        };
        *counter += count;
        self.places
            .push(format!("known in {side} only: {path}: {}", why.why));
    }

    fn differ(&mut self, path: &str, bicep: &Data, arm: &Data) {
        let (bicep, arm) = (shown(bicep), shown(arm));
        self.wrong.push(format!("{path}: {bicep} | {arm}"));
    }
}

/// Takes the resource that is most alike out of those that fit, of equal ones the first.
fn take_most_alike(
    resource: &ExpandedResource,
    left: &mut Vec<&ExpandedResource>,
    fit: fn(&ExpandedResource, &ExpandedResource) -> bool,
) -> Option<Agreement> {
    let mut best: Option<(usize, Agreement)> = None;
    for (place, other) in left.iter().enumerate() {
        if !fit(resource, other) {
            continue;
        }
        let mut agreement = Agreement::default();
        agreement.resource(resource, other);
        let whole = agreement.is_whole();
        if best
            .as_ref()
            .is_none_or(|(_, best)| unlikeness(&agreement) < unlikeness(best))
        {
            best = Some((place, agreement));
        }
        if whole {
            break;
        }
    }
    let (place, agreement) = best?;
    left.remove(place);
    Some(agreement)
}

fn unlikeness(agreement: &Agreement) -> (usize, usize) {
    (
        agreement.wrong.len(),
        agreement.bicep_only + agreement.arm_only,
    )
}

/// Type, version, name and id are the same as far as they are known.
fn same_kind(bicep: &ExpandedResource, arm: &ExpandedResource) -> bool {
    let same = |ours: &Data, theirs: &Data| shown(ours) == shown(theirs);
    may_be_same_kind(bicep, arm) && same(&bicep.name, &arm.name) && same(&bicep.id, &arm.id)
}

fn may_be_same_kind(bicep: &ExpandedResource, arm: &ExpandedResource) -> bool {
    bicep.r#type == arm.r#type
        && bicep.api_version == arm.api_version
        && bicep.extension == arm.extension
}

fn known(pieces: &[Piece]) -> Vec<Option<&str>> {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Known(text) => Some(&**text),
            Piece::Unknown(_) => None,
        })
        .collect()
}

/// Whether what is known of two texts, at their beginnings and at their ends, does not differ.
fn may_be_same_text(ours: &[Piece], theirs: &[Piece]) -> bool {
    let (ours, theirs) = (known(ours), known(theirs));
    let begins = |pieces: &[Option<&str>]| pieces.first().copied().flatten().map(str::to_owned);
    let ends = |pieces: &[Option<&str>]| pieces.last().copied().flatten().map(str::to_owned);
    let agree = |ours: Option<String>, theirs: Option<String>, fits: fn(&str, &str) -> bool| {
        let (ours, theirs) = (ours.unwrap_or_default(), theirs.unwrap_or_default());
        fits(&ours, &theirs) || fits(&theirs, &ours)
    };
    agree(begins(&ours), begins(&theirs), |text, start| {
        text.starts_with(start)
    }) && agree(ends(&ours), ends(&theirs), |text, end| text.ends_with(end))
}

fn same_leaf(bicep: &Data, arm: &Data) -> bool {
    match (bicep, arm) {
        (Data::Null, Data::Null) => true,
        (Data::Bool(bicep), Data::Bool(arm)) => bicep == arm,
        (Data::Int(bicep), Data::Int(arm)) => bicep == arm,
        (Data::Float(bicep), Data::Float(arm)) => bicep.to_bits() == arm.to_bits(),
        (Data::Text(bicep), Data::Text(arm)) => bicep == arm,
        _ => false,
    }
}

/// The number of leaves: values that hold no others.
fn leaves(data: &Data) -> usize {
    let count = match data {
        Data::Secret(inner) => leaves(inner),
        Data::List(items) => items
            .iter()
            .map(|item| match item {
                Item::One(item) => leaves(item),
                Item::Rest { .. } => 1,
            })
            .sum(),
        Data::Object { entries, .. } => entries.iter().map(|(_, value)| leaves(value)).sum(),
        _ => 1,
    };
    count.max(1)
}

fn titled(resource: &ExpandedResource) -> String {
    let r#type = resource
        .r#type
        .as_ref()
        .map_or("?", |r#type| r#type.as_str());
    let version = resource.api_version.as_ref();
    let version = version.map_or("?", |version| version.as_str());
    format!("{type}@{version} {}", shown(&resource.name))
}

/// A value in short; what is not known is `?`.
fn shown(data: &Data) -> String {
    match data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        Data::Text(text) => format!("'{text}'"),
        Data::Partial(pieces) => {
            let pieces = known(pieces)
                .into_iter()
                .map(|piece| piece.unwrap_or("${?}"));
            format!("'{}'", pieces.collect::<String>())
        }
        Data::List(items) => format!("a list of {}", items.len()),
        Data::Object { entries, .. } => {
            let keys: Vec<&str> = entries.iter().map(|(key, _)| &**key).collect();
            format!("an object of {}", keys.join(", "))
        }
        Data::Unknown(unknown) if unknown.why.stops() => format!("fails: {}", unknown.why),
        Data::Unknown(_) => "?".to_owned(),
        Data::Secret(inner) => format!("secret {}", shown(inner)),
    }
}

#[cfg(test)]
mod tests {
    use tricep_semantic::eval::{Kinds, Why};

    use super::*;

    fn compared(bicep: &Data, arm: &Data) -> (usize, usize, usize, usize) {
        let mut agreement = Agreement::default();
        agreement.value("", bicep, arm);
        let Agreement { equal, wrong, .. } = &agreement;
        (
            *equal,
            agreement.bicep_only,
            agreement.arm_only,
            wrong.len(),
        )
    }

    fn object(entries: &[(&str, Data)]) -> Data {
        let entries = entries.iter();
        Data::Object {
            entries: entries
                .map(|(key, value)| ((*key).into(), value.clone()))
                .collect(),
            rest: None,
        }
    }

    #[test]
    fn what_one_side_does_not_know_is_not_wrong_and_what_differs_is() {
        let unknown = Data::Unknown(Rc::new(Unknown::new(Why::Secret, Kinds::ANY)));
        let (one, two) = (Data::Int(1), Data::Int(2));
        assert_eq!(compared(&one, &one), (1, 0, 0, 0));
        assert_eq!(compared(&one, &two), (0, 0, 0, 1));
        assert_eq!(compared(&one, &unknown), (0, 1, 0, 0));
        assert_eq!(compared(&unknown, &one), (0, 0, 1, 0));
        let secret = Data::Secret(Box::new(Data::Int(1)));
        assert_eq!(compared(&one, &secret), (0, 0, 0, 1));
        let (a, b) = (object(&[("a", one.clone())]), object(&[("b", one)]));
        assert_eq!(compared(&a, &b), (0, 0, 0, 2));
    }
}
