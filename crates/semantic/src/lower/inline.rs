//! Templates written out in Bicep, as the compiler would write them down: an ARM template in JSON, with
//! the way back from its bytes to those of the Bicep file.
//!
//! Enters: an object of a lowered Bicep file. Leaves: the JSON, and the expressions in it that are more
//! than literals, each of which stands there as `[bicep(number)]`. A literal that looks like an
//! expression is written with one `[` more, as the compiler does it. Absent: any decision about who
//! evaluates what; that is `arm`'s.

use std::fmt::Write as _;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tricep_syntax::arm::is_expression;
use tricep_syntax::text::Span;

use super::arm::{Lowered, WrittenOut};
use crate::template::{
    ArrayItem, ExprId, ExprKind, Property, PropertyKey, Symbol, Template, VariableId,
};

/// A template may have so many values; one that stands in a variable counts at each use.
const MAX_VALUES: usize = 100_000;
/// So many characters of an expression stand for it in messages.
const MAX_SHOWN: usize = 40;

/// The sections that must be there as they are to know what a template says.
const SECTIONS: [&str; 5] = [
    "parameters",
    "variables",
    "functions",
    "definitions",
    "outputs",
];

/// A template written down.
pub(super) struct Written {
    /// The JSON.
    pub(super) json: String,
    /// What is computed.
    pub(super) computed: Vec<ExprId>,
    /// The tokens that stand for something in the Bicep file, in the order of the JSON.
    tokens: Vec<Token>,
}

/// A token of the JSON.
struct Token {
    start: u32,
    end: u32,
    /// What it stands for in the Bicep file.
    at: Span,
    /// Where each byte has its own counterpart: so many bytes of the token lie before the first one
    /// of the text, quote included.
    exact: Option<u32>,
}

impl Written {
    /// The bytes of the Bicep file that a part of the JSON stands for.
    fn in_bicep(&self, span: Span) -> Span {
        let start = self.token_at(span.start);
        let end = self.token_at(span.end.saturating_sub(1).max(span.start));
        let (Some(start), Some(end)) = (start, end) else {
            return Span::at(0);
        };
        let from = start.offset(span.start).unwrap_or(start.at.start);
        let to = end.offset(span.end).unwrap_or(end.at.end);
        match from <= to {
            true => Span::new(from, to),
            // What a variable holds stands elsewhere than its use.
            false => start.at,
        }
    }

    fn token_at(&self, offset: u32) -> Option<&Token> {
        let behind = self.tokens.partition_point(|token| token.start <= offset);
        self.tokens.get(behind.saturating_sub(1))
    }
}

impl Token {
    /// The offset in the Bicep file of one inside of the token.
    fn offset(&self, offset: u32) -> Option<u32> {
        let skipped = self.exact?;
        if offset <= self.start || offset >= self.end {
            return None;
        }
        let inside = (offset - self.start).saturating_sub(skipped);
        Some(self.at.start + 1 + inside)
    }
}

/// Writes a template down. `None`: too much of it is computed to know what it deploys, or it is too
/// large.
pub(super) fn write(
    template: &Template,
    source: &str,
    object: ExprId,
    written_out: WrittenOut,
) -> Option<Written> {
    let mut writer = Writer {
        template,
        source,
        opens_variables: written_out != WrittenOut::Inner,
        left: MAX_VALUES,
        around: Vec::new(),
        written: Written {
            json: String::new(),
            computed: Vec::new(),
            tokens: Vec::new(),
        },
    };
    writer.template(object)?;
    Some(writer.written)
}

struct Writer<'a> {
    template: &'a Template,
    source: &'a str,
    /// Whether a variable is what it holds; in a template that is evaluated by itself it is not known.
    opens_variables: bool,
    left: usize,
    /// The variables that are open around the present place.
    around: Vec<VariableId>,
    written: Written,
}

impl<'a> Writer<'a> {
    fn template(&mut self, object: ExprId) -> Option<()> {
        self.members(object, |writer, key, value| {
            if key.eq_ignore_ascii_case("resources") {
                return writer.resources(value);
            }
            let is_section = SECTIONS.iter().any(|name| key.eq_ignore_ascii_case(name));
            match is_section && !writer.is_container(value) {
                true => None,
                false => writer.value(value),
            }
        })
    }

    /// The members of an object that is written out, each by `each`.
    fn members(
        &mut self,
        object: ExprId,
        mut each: impl FnMut(&mut Self, &'a str, ExprId) -> Option<()>,
    ) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        self.opened(object, |writer, object| {
            let properties = plain_members(writer.template, object)?;
            let span = writer.template.exprs[object].span;
            writer.bracket('{', span);
            for (number, (key, value)) in properties.into_iter().enumerate() {
                if number > 0 {
                    writer.written.json.push(',');
                }
                let at = writer.template.written.key(value);
                writer.string(key, at.unwrap_or(writer.template.exprs[value].span));
                writer.written.json.push(':');
                each(writer, key, value)?;
            }
            writer.bracket('}', span);
            Some(())
        })
    }

    /// The resources of a template, or those in a resource.
    fn resources(&mut self, section: ExprId) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        self.opened(section, |writer, section| {
            let ExprKind::Array(items) = &writer.template.exprs[section].kind else {
                return writer.members(section, |writer, _, resource| writer.resource(resource));
            };
            let span = writer.template.exprs[section].span;
            writer.bracket('[', span);
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    writer.written.json.push(',');
                }
                match item {
                    ArrayItem::One(item) => writer.resource(*item)?,
                    ArrayItem::Spread(item) => writer.computed_resource(*item)?,
                }
            }
            writer.bracket(']', span);
            Some(())
        })
    }

    fn resource(&mut self, resource: ExprId) -> Option<()> {
        if !self.is_plain_object(resource) {
            return self.computed_resource(resource);
        }
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || {
            self.members(resource, |writer, key, value| {
                if key.eq_ignore_ascii_case("resources") {
                    return writer.resources(value);
                }
                match key.eq_ignore_ascii_case("properties") && writer.is_plain_object(value) {
                    true => writer.properties(value),
                    false => writer.value(value),
                }
            })
        })
    }

    /// The properties of a resource, which may hold a template.
    fn properties(&mut self, properties: ExprId) -> Option<()> {
        self.members(properties, |writer, key, value| {
            match key.eq_ignore_ascii_case("template") && writer.is_plain_object(value) {
                true => stacker::maybe_grow(128 * 1024, 1024 * 1024, || writer.template(value)),
                false => writer.value(value),
            }
        })
    }

    /// Something that nobody knows what it deploys: a resource whose type is computed.
    fn computed_resource(&mut self, resource: ExprId) -> Option<()> {
        let span = self.template.exprs[resource].span;
        let name = shown(self.source, span);
        self.bracket('{', span);
        for key in ["type", "apiVersion"] {
            self.string(key, span);
            self.written.json.push(':');
            self.computed(resource)?;
            self.written.json.push(',');
        }
        self.string("name", span);
        self.written.json.push(':');
        self.string(&name, span);
        self.bracket('}', span);
        Some(())
    }

    fn value(&mut self, value: ExprId) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || {
            let is_plain = self.opened(value, |writer, inner| writer.plain_value(inner));
            match is_plain? {
                true => Some(()),
                false => self.computed(value),
            }
        })
    }

    /// Writes a value that is there as a literal, list or object; whether it is one.
    fn plain_value(&mut self, value: ExprId) -> Option<bool> {
        let template = self.template;
        let span = template.exprs[value].span;
        match &template.exprs[value].kind {
            ExprKind::Null => self.token("null", span),
            ExprKind::Bool(true) => self.token("true", span),
            ExprKind::Bool(false) => self.token("false", span),
            ExprKind::Int(Some(number)) => self.token(&number.to_string(), span),
            ExprKind::Text(text) => self.string(text, span),
            ExprKind::Array(items) => {
                let Some(items) = plain_items(items) else {
                    return Some(false);
                };
                self.bracket('[', span);
                for (number, item) in items.into_iter().enumerate() {
                    if number > 0 {
                        self.written.json.push(',');
                    }
                    self.value(item)?;
                }
                self.bracket(']', span);
            }
            ExprKind::Object(_) if plain_members(template, value).is_some() => {
                self.members(value, |writer, _, value| writer.value(value))?;
            }
            _ => return Some(false),
        }
        Some(true)
    }

    /// What stands behind parentheses, `any()` and variables.
    fn opened<T>(&mut self, expr: ExprId, look: impl FnOnce(&mut Self, ExprId) -> T) -> T {
        let before = self.around.len();
        let mut here = expr;
        while let Some(inner) = self.inside(here) {
            here = inner;
        }
        let seen = look(self, here);
        self.around.truncate(before);
        seen
    }

    fn inside(&mut self, expr: ExprId) -> Option<ExprId> {
        if let ExprKind::Symbol(Symbol::Variable(id)) = &self.template.exprs[expr].kind {
            if !self.opens_variables || self.around.contains(id) {
                return None;
            }
            self.around.push(*id);
        }
        inside(self.template, expr)
    }

    fn is_plain_object(&mut self, expr: ExprId) -> bool {
        self.opened(expr, |writer, expr| {
            plain_members(writer.template, expr).is_some()
        })
    }

    fn is_container(&mut self, expr: ExprId) -> bool {
        let is_list = |kind: &ExprKind| matches!(kind, ExprKind::Array(items) if plain_items(items).is_some());
        self.opened(expr, |writer, expr| {
            is_list(&writer.template.exprs[expr].kind)
                || plain_members(writer.template, expr).is_some()
        })
    }

    fn computed(&mut self, expr: ExprId) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let text = format!("\"{PLACEHOLDER}({})]\"", self.written.computed.len());
        self.written.computed.push(expr);
        self.token(&text, self.template.exprs[expr].span);
        Some(())
    }

    fn string(&mut self, text: &str, at: Span) {
        let start = self.written.json.len() as u32;
        let escaped = u32::from(is_expression(text) || is_escaped(text));
        self.written.json.push('"');
        if escaped > 0 {
            self.written.json.push('[');
        }
        let json = &mut self.written.json;
        let mut is_same = true;
        for c in text.chars() {
            let before = json.len();
            match c {
                '"' | '\\' => {
                    json.push('\\');
                    json.push(c);
                }
                c if (c as u32) < 0x20 => {
                    let _ = write!(json, "\\u{:04x}", c as u32);
                }
                c => json.push(c),
            }
            is_same &= json.len() - before == c.len_utf8();
        }
        json.push('"');
        let literal = self.source.get(at.range()).unwrap_or_default();
        let inner = literal.strip_prefix('\'');
        let inner = inner.and_then(|rest| rest.strip_suffix('\''));
        let exact = (is_same && inner == Some(text)).then_some(1 + escaped);
        self.add_token(start, at, exact);
    }

    fn token(&mut self, text: &str, at: Span) {
        let start = self.written.json.len() as u32;
        self.written.json.push_str(text);
        self.add_token(start, at, None);
    }

    /// One end of something.
    fn bracket(&mut self, bracket: char, whole: Span) {
        let at = match bracket {
            '{' | '[' => Span::new(whole.start, (whole.start + 1).min(whole.end)),
            _ => Span::new(whole.end.saturating_sub(1).max(whole.start), whole.end),
        };
        self.token(bracket.encode_utf8(&mut [0; 4]), at);
    }

    fn add_token(&mut self, start: u32, at: Span, exact: Option<u32>) {
        let end = self.written.json.len() as u32;
        self.written.tokens.push(Token {
            start,
            end,
            at,
            exact,
        });
    }
}

/// How what is computed begins in the JSON.
const PLACEHOLDER: &str = "[bicep";

/// The number of the expression that a string stands for.
pub(super) fn number_of(string: &str) -> Option<usize> {
    let digits = string.strip_prefix(PLACEHOLDER)?.strip_prefix('(')?;
    digits.strip_suffix(")]")?.parse().ok()
}

/// `[[x]`, of which the engine makes `[x]`.
fn is_escaped(text: &str) -> bool {
    text.starts_with("[[") && text.ends_with(']')
}

/// The expression that stands behind parentheses, `any()` or a variable.
pub(super) fn inside(template: &Template, expr: ExprId) -> Option<ExprId> {
    match &template.exprs[expr].kind {
        ExprKind::Parenthesized(inner) => Some(*inner),
        ExprKind::Symbol(Symbol::Variable(id)) => {
            // A variable may stand before its declaration, and in a broken text without one.
            template.variables.get(*id).map(|variable| variable.value)
        }
        ExprKind::Call {
            function,
            arguments,
        } if &**function == "any" && arguments.len() == 1 => arguments.first().copied(),
        _ => None,
    }
}

/// The members of an object whose keys are all written out.
fn plain_members(template: &Template, object: ExprId) -> Option<Vec<(&str, ExprId)>> {
    let ExprKind::Object(properties) = &template.exprs[object].kind else {
        return None;
    };
    let member = |property| match property {
        &Property::Set {
            key: PropertyKey::Fixed(ref key),
            value,
        } => Some((&**key, value)),
        _ => None,
    };
    properties.iter().map(member).collect()
}

/// The elements of a list without spreads.
fn plain_items(items: &[ArrayItem]) -> Option<Vec<ExprId>> {
    let item = |item: &ArrayItem| match item {
        ArrayItem::One(item) => Some(*item),
        ArrayItem::Spread(_) => None,
    };
    items.iter().map(item).collect()
}

/// An expression in messages: its text, if that is short.
fn shown(source: &str, span: Span) -> String {
    let text = source.get(span.range()).unwrap_or_default();
    match text.len() <= MAX_SHOWN && !text.contains(['\n', '\r', '[', ']']) {
        true => text.to_owned(),
        false => "…".to_owned(),
    }
}

/// Leads every place in a lowered template back to the Bicep file.
pub(super) fn lead_back(lowered: &mut Lowered, written: &Written, names: &[Arc<str>]) {
    let lead = |at: &mut Span| *at = written.in_bicep(*at);
    let template = &mut lowered.template;
    for expr in template.exprs.iter_mut() {
        lead(&mut expr.span);
        rename_keys(&mut expr.kind, names);
    }
    template.types.iter_mut().for_each(|it| lead(&mut it.span));
    template
        .variables
        .iter_mut()
        .for_each(|it| lead(&mut it.at));
    template.outputs.iter_mut().for_each(|it| lead(&mut it.at));
    template.modules.iter_mut().for_each(|it| lead(&mut it.at));
    template
        .references
        .iter_mut()
        .for_each(|it| lead(&mut it.at));
    lowered
        .problems
        .iter_mut()
        .for_each(|it| lead(&mut it.span));
    for parameter in template.parameters.iter_mut() {
        lead(&mut parameter.at);
        rename(&mut parameter.name, names);
    }
    for resource in template.resources.iter_mut() {
        lead(&mut resource.at);
        lead(&mut resource.span);
        rename(&mut resource.name, names);
        let r#type = resource.r#type.take();
        resource.r#type = r#type.filter(|r#type| number_of(r#type.as_str()).is_none());
        let version = resource.api_version.take();
        resource.api_version = version.filter(|version| number_of(version.as_str()).is_none());
    }
    for nested in &mut lowered.nested {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            lead_back(&mut nested.lowered, written, names);
        });
    }
}

/// Calls what is computed by its text in the Bicep file.
fn rename(name: &mut Arc<str>, names: &[Arc<str>]) {
    if let Some(known) = number_of(name).and_then(|number| names.get(number)) {
        *name = Arc::clone(known);
    }
}

fn rename_keys(kind: &mut ExprKind, names: &[Arc<str>]) {
    let ExprKind::Object(properties) = kind else {
        return;
    };
    for property in properties {
        if let Property::Set {
            key: PropertyKey::Fixed(key),
            ..
        } = property
        {
            rename(key, names);
        }
    }
}

impl Written {
    /// A name for each expression that is computed: its text, if that is short. No two are equal, letter
    /// case aside.
    pub(super) fn names(&self, template: &Template, source: &str) -> Vec<Arc<str>> {
        let mut taken = FxHashSet::default();
        let numbered = self.computed.iter().enumerate();
        let name = numbered.map(|(number, &expr)| {
            let text = shown(source, template.exprs[expr].span);
            match taken.insert(text.to_lowercase()) {
                true => text.into(),
                false => format!("{text} #{number}").into(),
            }
        });
        name.collect()
    }
}
