//! A printed value against ours, leaf by leaf.
//!
//! The engine prints what it leaves open as `[expression]`, and a text that happens to look like that
//! just so; where we know such a text it must be the same, and where we know better than the engine it is
//! counted apart.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tricep_semantic::eval::{Piece, Unknown, Why};
use tricep_semantic::resolve::{Data, Item};

/// How leaves compare.
#[derive(Default, Debug)]
pub(in crate::conformance) struct Leaves {
    /// Known to the engine and the same here.
    pub(in crate::conformance) right: usize,
    /// Known to the engine and not known here, by reason.
    pub(in crate::conformance) unknown: BTreeMap<String, usize>,
    /// Left open by the engine, and here.
    pub(in crate::conformance) open: usize,
    /// Left open by the engine and known here.
    pub(in crate::conformance) certain: usize,
    /// Different; where and how.
    pub(in crate::conformance) wrong: Vec<String>,
    /// Places of what is counted as unknown or certain, to look into.
    pub(in crate::conformance) places: Vec<String>,
}

impl Leaves {
    /// How many leaves the engine knows and we do not.
    pub(in crate::conformance) fn unknowns(&self) -> usize {
        self.unknown.values().sum()
    }

    /// Adds the counts of another comparison.
    pub(in crate::conformance) fn add(&mut self, other: Self) {
        self.right += other.right;
        self.open += other.open;
        self.certain += other.certain;
        self.wrong.extend(other.wrong);
        self.places.extend(other.places);
        for (reason, count) in other.unknown {
            *self.unknown.entry(reason).or_default() += count;
        }
    }

    /// Compares a printed value with ours.
    pub(in crate::conformance) fn value(&mut self, path: &str, printed: &Json, ours: &Data) {
        match (printed, ours) {
            (_, Data::Secret(inner)) => self.value(path, printed, inner),
            (Json::String(text), Data::Text(own)) if **own == **text => self.right += 1,
            (Json::String(text), ours) if looks_open(text) => self.open(path, text, ours),
            (printed, Data::Unknown(unknown)) => self.unknown(path, printed, unknown),
            (Json::String(text), Data::Partial(pieces)) => self.partial(path, text, pieces),
            (Json::Array(items), Data::List(own)) => self.list(path, items, own),
            (Json::Object(members), Data::Object { entries, rest }) => {
                self.object(path, members, entries, rest.as_deref());
            }
            (printed, ours) if same_leaf(printed, ours) => self.right += 1,
            (printed, ours) => self.wrong(path, printed, ours),
        }
    }

    /// Compares a member that one of both may not have.
    pub(in crate::conformance) fn member(
        &mut self,
        path: &str,
        printed: Option<&Json>,
        ours: Option<&Data>,
    ) {
        match (printed, ours) {
            (None, None) => {}
            (Some(printed), Some(ours)) => self.value(path, printed, ours),
            (None, Some(Data::Unknown(_))) => self.open += 1,
            (None, Some(ours)) => self
                .wrong
                .push(format!("{path}: not there, and is {}", shown(ours))),
            (Some(printed), None) => self.wrong.push(format!("{path}: missing {printed}")),
        }
    }

    fn open(&mut self, path: &str, text: &str, ours: &Data) {
        match ours {
            Data::Unknown(_) | Data::Partial(_) => self.open += 1,
            Data::List(items) if items.iter().any(|item| matches!(item, Item::Rest { .. })) => {
                self.open += 1;
            }
            Data::Object { rest: Some(_), .. } => self.open += 1,
            ours => {
                self.certain += 1;
                self.places
                    .push(format!("certain {path}: {text} is {}", shown(ours)));
            }
        }
    }

    fn unknown(&mut self, path: &str, printed: &Json, unknown: &Unknown) {
        let count = leaves(printed);
        if unknown.why.stops() {
            let why = &unknown.why;
            self.wrong
                .push(format!("{path}: {printed} and fails: {why}"));
            return;
        }
        *self.unknown.entry(reason(&unknown.why)).or_default() += count;
        self.places
            .push(format!("unknown {path}: {printed} is {}", unknown.why));
    }

    fn partial(&mut self, path: &str, text: &str, pieces: &[Piece]) {
        let first = pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(unknown),
            Piece::Known(_) => None,
        });
        match first {
            Some(unknown) if fits(text, pieces) => {
                self.unknown(path, &Json::String(text.to_owned()), unknown);
            }
            _ => self
                .wrong
                .push(format!("{path}: {text} does not fit {pieces:?}")),
        }
    }

    fn list(&mut self, path: &str, printed: &[Json], ours: &[Item]) {
        if printed.is_empty() && ours.is_empty() {
            self.right += 1;
            return;
        }
        let open = ours.iter().find_map(|item| match item {
            Item::Rest { unknown, .. } => Some(unknown),
            Item::One(_) => None,
        });
        if let Some(unknown) = open {
            for item in printed {
                self.unknown(path, item, unknown);
            }
            return;
        }
        if printed.len() != ours.len() {
            let (theirs, own) = (printed.len(), ours.len());
            self.wrong
                .push(format!("{path}: {theirs} elements, and {own} here"));
            return;
        }
        for (index, (printed, ours)) in printed.iter().zip(ours).enumerate() {
            if let Item::One(ours) = ours {
                self.value(&format!("{path}[{index}]"), printed, ours);
            }
        }
    }

    fn object(
        &mut self,
        path: &str,
        printed: &serde_json::Map<String, Json>,
        entries: &[(std::rc::Rc<str>, Data)],
        rest: Option<&Unknown>,
    ) {
        if printed.is_empty() && entries.is_empty() {
            self.right += 1;
            return;
        }
        for (key, value) in printed {
            let own = entries.iter().find(|(name, _)| **name == **key);
            let path = format!("{path}.{key}");
            match (own, rest) {
                (None, Some(rest)) => self.unknown(&path, value, rest),
                (own, _) => self.member(&path, Some(value), own.map(|(_, own)| own)),
            }
        }
        for (key, own) in entries {
            if !printed.contains_key(&**key) {
                self.member(&format!("{path}.{key}"), None, Some(own));
            }
        }
    }

    fn wrong(&mut self, path: &str, printed: &Json, ours: &Data) {
        self.wrong
            .push(format!("{path}: {printed} and is {}", shown(ours)));
    }
}

/// Whether a printed text may be an expression that was left open.
pub(in crate::conformance) fn looks_open(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']')
}

/// The number of leaves: values that hold no others.
fn leaves(printed: &Json) -> usize {
    match printed {
        Json::Array(items) if !items.is_empty() => items.iter().map(leaves).sum(),
        Json::Object(members) if !members.is_empty() => members.values().map(leaves).sum(),
        _ => 1,
    }
}

fn same_leaf(printed: &Json, ours: &Data) -> bool {
    match (printed, ours) {
        (Json::Null, Data::Null) => true,
        (Json::Bool(printed), Data::Bool(ours)) => printed == ours,
        (Json::Number(printed), Data::Int(ours)) => printed.as_i64() == Some(*ours),
        (Json::Number(printed), Data::Float(ours)) => {
            printed.is_f64() && printed.as_f64() == Some(*ours)
        }
        _ => false,
    }
}

/// Whether a text can be one of which these pieces are known.
pub(in crate::conformance) fn fits(text: &str, pieces: &[Piece]) -> bool {
    match pieces.split_first() {
        None => text.is_empty(),
        Some((Piece::Known(known), rest)) => text
            .strip_prefix(&**known)
            .is_some_and(|text| fits(text, rest)),
        Some((Piece::Unknown(_), rest)) => {
            let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.any(|at| fits(&text[at..], rest))
        }
    }
}

/// A reason without the names in it, to count alike what is alike.
fn reason(why: &Why) -> String {
    match why {
        Why::Runtime(what) => format!("runtime: {}", without_names(what)),
        Why::Unsupported(what) => format!("unsupported: {}", without_names(what)),
        Why::Parameter(_) => "parameter without a value".to_owned(),
        Why::Module(why) => format!("module: {}", without_names(why)),
        other => other.to_string(),
    }
}

/// The first word of a symbol is left out: `` `name.properties` `` is `` `*.properties` ``.
fn without_names(text: &str) -> String {
    let Some((before, name)) = text.split_once('`') else {
        return text.to_owned();
    };
    let Some((name, after)) = name.split_once('`') else {
        return text.to_owned();
    };
    match name.split_once('.') {
        Some((symbol, member)) if !symbol.ends_with("()") => format!("{before}`*.{member}`{after}"),
        None if !name.ends_with("()") => format!("{before}`*`{after}"),
        _ => text.to_owned(),
    }
}

fn shown(data: &Data) -> String {
    let mut text = format!("{data:?}");
    if let Some((end, _)) = text.char_indices().nth(200) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compared(printed: &Json, ours: &Data) -> Leaves {
        let mut leaves = Leaves::default();
        leaves.value("", printed, ours);
        leaves
    }

    #[test]
    fn a_text_that_looks_open_is_right_when_it_is_known_to_be_a_text() {
        let text = Data::Text("[x]".into());
        assert_eq!(compared(&json!("[x]"), &text).right, 1);
        assert_eq!(compared(&json!("[y()]"), &text).certain, 1);
        assert_eq!(compared(&json!("[[x"), &text).wrong.len(), 1);
    }

    #[test]
    fn absent_and_null_differ() {
        let ours = Data::Object {
            entries: vec![("a".into(), Data::Null)],
            rest: None,
        };
        assert_eq!(compared(&json!({"a": null}), &ours).right, 1);
        assert_eq!(compared(&json!({"b": null}), &ours).wrong.len(), 2);
    }
}
