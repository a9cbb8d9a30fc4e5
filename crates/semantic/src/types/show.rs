//! Types → words, as the user would write the type.

use super::Types;
use super::model::{Items, ObjectType, Type};

/// So many members of a union are listed.
const MAX_MEMBERS: usize = 12;
/// So deep arrays are looked into.
const MAX_DEPTH: usize = 4;

impl<'a> Types<'a> {
    /// A type in words.
    pub(super) fn show(&self, r#type: &Type<'a>) -> String {
        self.show_within(r#type, MAX_DEPTH)
    }

    fn show_within(&self, r#type: &Type<'a>, depth: usize) -> String {
        match r#type {
            Type::Unknown | Type::Any => "any".to_owned(),
            Type::Error => "error".to_owned(),
            Type::Null => "null".to_owned(),
            Type::Bool(_) => "bool".to_owned(),
            Type::BoolIs(value, _) => value.to_string(),
            Type::Int(..) => "int".to_owned(),
            Type::IntIs(value, _) => value.to_string(),
            Type::Text(_) => "string".to_owned(),
            Type::TextIs(text, _) => quoted(text),
            Type::Array(array) => match (&array.items, depth.checked_sub(1)) {
                (Items::Tuple(items), Some(depth)) if items.len() <= MAX_MEMBERS => {
                    let items = items
                        .iter()
                        .map(|i| self.show_within(&self.force(i), depth));
                    format!("[{}]", items.collect::<Vec<_>>().join(", "))
                }
                (Items::Each(item), Some(depth)) => {
                    let item = self.force(item);
                    let shown = self.show_within(&item, depth);
                    match item {
                        Type::Union(_) => format!("({shown})[]"),
                        _ => format!("{shown}[]"),
                    }
                }
                _ => "array".to_owned(),
            },
            Type::Object(_) | Type::Choice(_) => "object".to_owned(),
            Type::Union(members) => self.show_union(members, depth),
            Type::Resource(file, id) => match self.type_name(*file, *id) {
                Some(name) => name.to_owned(),
                None => "resource".to_owned(),
            },
            Type::Module(..) => "module".to_owned(),
            Type::Scope(..) | Type::AnyScope => "scope".to_owned(),
            Type::ParentOf(_) => "parent resource".to_owned(),
            Type::Dependency => "resource | module".to_owned(),
        }
    }

    fn show_union(&self, members: &[Type<'a>], depth: usize) -> String {
        if members.is_empty() {
            return "never".to_owned();
        }
        let mut names: Vec<String> = members.iter().map(|m| self.show_within(m, depth)).collect();
        names.sort();
        names.dedup();
        if names.len() > MAX_MEMBERS {
            names.truncate(MAX_MEMBERS);
            names.push("…".to_owned());
        }
        names.join(" | ")
    }
}

/// A string literal as it is written in Bicep.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted.replace("${", "\\${")
}

/// The names of properties that can be set, as they are proposed: in the order of a dictionary.
pub(super) fn settable<'o>(
    object: &'o ObjectType<'_>,
    is_given: impl Fn(&str) -> bool,
) -> Vec<&'o str> {
    use super::model::Flags;
    let hidden = |flags: Flags| flags.has(Flags::READ_ONLY) || flags.has(Flags::FALLBACK);
    let names = object
        .properties
        .iter()
        .filter(|property| !hidden(property.flags) && !is_given(&property.name));
    in_order(names.map(|property| &*property.name).collect())
}

/// Sorts names as people do: letter case decides last.
pub(super) fn in_order(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_by(|a, b| {
        let folded = |name: &str| name.to_lowercase();
        folded(a).cmp(&folded(b)).then_with(|| b.cmp(a))
    });
    names
}
