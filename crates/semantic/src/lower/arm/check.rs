//! What the engine refuses before it looks at any value.

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::json::{Kind, Value};
use tricep_syntax::text::Span;

use super::{Lowering, Mode};
use crate::index::Idx;
use crate::template::{ExprKind, FunctionId};

/// The engine reads no more parameters, variables and outputs than these (faulty-114, limit-10, limit-08).
const LIMITS: [(&str, usize); 3] = [("parameters", 256), ("variables", 512), ("outputs", 64)];

/// The kinds of the sections (faulty-95).
const KINDS: [(&str, &[Kind]); 6] = [
    ("parameters", &[Kind::Object]),
    ("variables", &[Kind::Object]),
    ("outputs", &[Kind::Object]),
    ("definitions", &[Kind::Object]),
    ("functions", &[Kind::Array]),
    ("resources", &[Kind::Array, Kind::Object]),
];

/// The members of a template (faulty-93).
const MEMBERS: [&str; 13] = [
    "$schema",
    "contentVersion",
    "languageVersion",
    "apiProfile",
    "metadata",
    "definitions",
    "parameters",
    "variables",
    "functions",
    "resources",
    "outputs",
    "imports",
    "extensions",
];

impl<'j> Lowering<'j> {
    /// Looks at the template as a whole.
    pub(super) fn check_template(&mut self) {
        self.check_members();
        self.check_version();
        for (section, limit) in LIMITS {
            let Some(member) = self.root.member_ignoring_case(section) else {
                continue;
            };
            let count = member.value.members().count();
            if count > limit {
                let message = format!("a template has at most {limit} {section}, not {count}");
                self.problem(message, member.key_span());
            }
        }
        for (section, kinds) in KINDS {
            let value = self.section(section);
            let other = |value: &Value<'_>| {
                let kind = value.kind();
                !kinds.contains(&kind) && !matches!(kind, Kind::Null | Kind::Missing)
            };
            if let Some(value) = value.filter(other) {
                self.problem(format!("`{section}` cannot be such a value"), value.span());
            }
        }
        self.check_symbolic_names();
    }

    fn check_members(&mut self) {
        for member in self.root.members() {
            let key = member.key();
            let known = |known: &&str| key.value.eq_ignore_ascii_case(known);
            if !MEMBERS.iter().any(known) {
                let message = format!("a template has no member `{}`", key.value);
                self.problem(message, member.key_span());
            }
        }
        for required in ["$schema", "contentVersion", "resources"] {
            if self.section(required).is_none() {
                let start = self.root.span().start;
                let message = format!("the template has no `{required}`");
                self.problem(message, Span::new(start, start + 1));
            }
        }
    }

    /// Absent, 2.0 or an experimental one (symbolic-11, symbolic-12, faulty-92).
    fn check_version(&mut self) {
        let Some(version) = self.section("languageVersion") else {
            return;
        };
        let text = version.text();
        let known = text.is_some_and(|text| {
            let text = text.value.to_ascii_lowercase();
            text == "2.0" || text.ends_with("-experimental")
        });
        if !known && !version.is(Kind::Null) {
            self.problem("there is no such language version", version.span());
        }
    }

    /// Of equal keys the last one wins everywhere but here (faulty-107).
    fn check_symbolic_names(&mut self) {
        let mut names = FxHashSet::default();
        for member in self
            .section("resources")
            .into_iter()
            .flat_map(Value::members)
        {
            let name = member.key().value;
            if !names.insert(name.clone()) {
                let message = format!("there are two resources `{name}`");
                self.problem(message, member.key_span());
            }
        }
    }

    /// What only templates of version 2.0 have (faulty-30, param-24).
    pub(super) fn needs_version(&mut self, node: Value<'j>, member: &str) {
        if self.section("languageVersion").is_none()
            && let Some(member) = node.member_ignoring_case(member)
        {
            let name = member.key().value;
            let message = format!("`{name}` needs the member `\"languageVersion\": \"2.0\"`");
            self.problem(message, member.key_span());
        }
    }

    /// User-defined functions call no unknown function and not each other in a circle, called or not
    /// (lazy-07, faulty-74).
    pub(super) fn check_functions(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        let mut calls: FxHashMap<FunctionId, Vec<FunctionId>> = FxHashMap::default();
        let mut problems = Vec::new();
        for (id, function) in self.template.functions.iter_enumerated() {
            let mut open = vec![function.body];
            while let Some(expr) = open.pop() {
                let expr = &self.template.exprs[expr];
                match &expr.kind {
                    ExprKind::UserCall { function, .. } => {
                        calls.entry(id).or_default().push(*function);
                    }
                    ExprKind::Fails(why) if why.starts_with(super::call::NO_FUNCTION) => {
                        problems.push((why.to_string(), expr.span));
                    }
                    _ => {}
                }
                expr.kind.push_children(&mut open);
            }
        }
        for (id, function) in self.template.functions.iter_enumerated() {
            if reaches(&calls, id, self.template.functions.len()) {
                let span = self.template.exprs[function.body].span;
                problems.push((format!("`{}` calls itself", function.name), span));
            }
        }
        for (message, span) in problems {
            self.problem(message, span);
        }
    }
}

/// Whether a function calls itself, directly or through others.
fn reaches(calls: &FxHashMap<FunctionId, Vec<FunctionId>>, from: FunctionId, count: usize) -> bool {
    let mut seen = vec![false; count];
    let mut open = calls.get(&from).cloned().unwrap_or_default();
    while let Some(here) = open.pop() {
        if here == from {
            return true;
        }
        if !std::mem::replace(&mut seen[here.index()], true) {
            open.extend(calls.get(&here).into_iter().flatten());
        }
    }
    false
}
