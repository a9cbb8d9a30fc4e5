//! `copy`: loops around resources, in objects, in variables and in outputs.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tricep_syntax::json::{Kind, Value};
use tricep_syntax::text::Span;

use super::{Local, Lowering};
use crate::eval::{ROUNDS, ROUNDS_OF};
use crate::template::{ExprId, ExprKind, Loop, Property, PropertyKey};

impl<'j> Lowering<'j> {
    /// The list that an entry `{ name, count, input }` makes. In an output the index needs no name.
    pub(super) fn copied_list(&mut self, copy: Value<'j>, unnamed: bool) -> ExprId {
        let span = copy.span();
        let Some(input) = copy.get_ignoring_case("input") else {
            return self.fails(span, "the `copy` has no `input`");
        };
        if holds_copy(input) {
            // var-15, propcopy-05, v2-10
            return self.fails(span, "a `copy` cannot stand within the `input` of another");
        }
        let each = self.copy_loop(copy);
        self.push_loop(copy, each, unnamed);
        let body = self.value(input);
        self.locals.pop();
        self.add(
            span,
            ExprKind::For {
                item: each.item,
                index: None,
                source: each.source,
                body,
            },
        )
    }

    /// The loop over the numbers of the rounds.
    pub(super) fn copy_loop(&mut self, copy: Value<'j>) -> Loop {
        let count = copy.get_ignoring_case("count");
        let span = count.map_or(copy.span(), Value::span);
        let count = match count {
            Some(count) => self.at(super::Place::Early, |lowering| lowering.value(count)),
            None => self.fails(span, "the `copy` has no `count`"),
        };
        let (function, argument) = match self.length_of(count) {
            Some(list) => (ROUNDS_OF, list),
            None => (ROUNDS, count),
        };
        let source = self.add(
            span,
            ExprKind::Call {
                function: Arc::from(function),
                arguments: [argument].into(),
            },
        );
        Loop {
            item: self.local(),
            index: None,
            source,
        }
    }

    /// What the count is the length of, as in all that the compiler makes of a loop over a list.
    fn length_of(&self, count: ExprId) -> Option<ExprId> {
        match &self.template.exprs[count].kind {
            ExprKind::Call {
                function,
                arguments,
            } if function.eq_ignore_ascii_case("length") && arguments.len() == 1 => {
                arguments.first().copied()
            }
            _ => None,
        }
    }

    /// Makes `copyIndex()` mean the loop; pop the local afterwards.
    pub(super) fn push_loop(&mut self, copy: Value<'j>, each: Loop, unnamed: bool) {
        let name = copy.get_ignoring_case("name").and_then(Value::text);
        self.locals.push(Local::Loop {
            name: name.map(|name| name.value.to_lowercase()),
            index: each.item,
            unnamed,
        });
    }

    /// The properties that a member `copy` of an object stands for. `None`: it is data (faulty-40).
    pub(super) fn copied_properties(
        &mut self,
        copy: Value<'j>,
        siblings: &FxHashSet<String>,
    ) -> Option<Vec<Property>> {
        if !copy.is(Kind::Array) || copy.items().next().is_none() {
            return None;
        }
        let fits = |entry: Value<'j>| {
            entry.get_ignoring_case("input").is_some() && entry.get_ignoring_case("name").is_some()
        };
        if !copy.items().all(fits) {
            return None;
        }
        let mut properties = Vec::new();
        for entry in copy.items() {
            let name = entry.get_ignoring_case("name")?.text();
            let name = name.map_or(String::new(), |name| name.value.into_owned());
            let taken = siblings.contains(&name.to_lowercase());
            let value = match taken {
                // propcopy-09
                true => self.fails(entry.span(), format!("`{name}` is there twice")),
                false => self.copied_list(entry, false),
            };
            let key = PropertyKey::Fixed(self.intern(&name));
            properties.push(Property::Set { key, value });
        }
        Some(properties)
    }

    /// The index that `copyIndex()` or `copyIndex('name')` means here.
    pub(super) fn loop_index(&mut self, name: Option<&str>, span: Span) -> ExprId {
        let wanted = name.map(str::to_lowercase);
        let found = self.locals.iter().rev().find_map(|local| match local {
            Local::Loop {
                name,
                index,
                unnamed,
            } => match &wanted {
                Some(wanted) => (name.as_ref() == Some(wanted)).then_some(*index),
                None => unnamed.then_some(*index),
            },
            Local::Lambda { .. } => None,
        });
        match (found, name) {
            (Some(index), _) => self.symbol(span, crate::template::Symbol::Local(index)),
            (None, Some(name)) => self.fails(span, format!("there is no loop `{name}` here")),
            (None, None) => self.fails(span, "`copyIndex()` stands in no loop here"),
        }
    }
}

/// Whether an object with a `copy` stands somewhere in a value.
fn holds_copy(value: Value<'_>) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        for member in value.members() {
            if member.key().value.eq_ignore_ascii_case("copy") && member.value.is(Kind::Array) {
                return true;
            }
            open.push(member.value);
        }
        open.extend(value.items());
    }
    false
}
