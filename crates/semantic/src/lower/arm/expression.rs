//! JSON values and the expressions in their strings.

use rustc_hash::FxHashSet;
use tricep_syntax::arm::{
    Access, Content, Expression, ExpressionError, ExpressionKind, is_expression, read,
};
use tricep_syntax::json::{Kind, Member, Number, Text, Value};
use tricep_syntax::text::Span;

use super::call::access_name;
use super::{Hoisted, Lowering, Mode, Problem};
use crate::index::Idx;
use crate::template::{
    ArrayItem, ExprId, ExprKind, Parameter, ParameterId, Property, PropertyKey, Symbol, TypeKind,
};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

/// What Bicep computes within a template that is evaluated by itself: the compiler refuses most of it.
const MISPLACED: &str = "a computed value in a template that is evaluated by itself";

/// A Bicep text in such a template that looks like an expression: the compiler escapes it, and whether
/// that makes a text of it no fact tells.
const ESCAPED: &str =
    "a text that looks like an expression in a template that is evaluated by itself";

/// Where a decoded string stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a, 'j> {
    text: &'a Text<'j>,
    /// So many bytes of the decoded string lie before the one that was read.
    shift: u32,
}

impl<'a, 'j> Origin<'a, 'j> {
    /// The whole of a string.
    pub(super) fn new(text: &'a Text<'j>) -> Self {
        Self { text, shift: 0 }
    }

    /// The bytes of the file for a part of the string.
    pub(super) fn span(self, part: Span) -> Span {
        let part = Span::new(part.start + self.shift, part.end + self.shift);
        self.text.span_in_file(part)
    }
}

impl<'j> Lowering<'j> {
    /// A value of the template, the expressions in it included.
    pub(super) fn value(&mut self, value: Value<'j>) -> ExprId {
        stacker::maybe_grow(RED_ZONE, STACK, || match value.kind() {
            Kind::String => self.string(value),
            Kind::Object => self.object(value),
            Kind::Array => self.array(value),
            _ => self.scalar(value),
        })
    }

    /// A value in which no string is an expression.
    pub(super) fn data(&mut self, value: Value<'j>) -> ExprId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let kind = match value.kind() {
                Kind::Array => {
                    let items = value.items();
                    ExprKind::Array(items.map(|item| ArrayItem::One(self.data(item))).collect())
                }
                Kind::Object => {
                    let members = value.settled().into_iter();
                    let set = |member: Member<'j>| Property::Set {
                        key: PropertyKey::Fixed(self.intern(&member.key().value)),
                        value: self.data(member.value),
                    };
                    ExprKind::Object(members.map(set).collect())
                }
                Kind::String => match value.text() {
                    Some(text) if text.unpaired => ExprKind::Unpaired,
                    Some(text) => ExprKind::Text(self.intern(&text.value)),
                    None => ExprKind::Missing,
                },
                _ => return self.scalar(value),
            };
            self.add(value.span(), kind)
        })
    }

    fn scalar(&mut self, value: Value<'j>) -> ExprId {
        let span = value.span();
        let kind = match (value.kind(), value.number()) {
            (Kind::Null, _) => ExprKind::Null,
            (Kind::Bool, _) => ExprKind::Bool(value.bool() == Some(true)),
            (_, Some(Number::Int(number))) => ExprKind::Int(Some(number)),
            // The reader behind `json()` keeps fractions and large numbers as the engine does.
            (_, Some(Number::Float(_) | Number::Large(_))) => {
                let text = ExprKind::Text(self.intern(value.raw()));
                let text = self.add(span, text);
                ExprKind::Call {
                    function: self.intern("json"),
                    arguments: [text].into(),
                }
            }
            _ => ExprKind::Missing,
        };
        self.add(span, kind)
    }

    fn array(&mut self, value: Value<'j>) -> ExprId {
        let items = value.items().map(|item| ArrayItem::One(self.value(item)));
        let items = items.collect();
        self.add(value.span(), ExprKind::Array(items))
    }

    fn object(&mut self, value: Value<'j>) -> ExprId {
        let properties = self.properties(&value.settled());
        self.add(value.span(), ExprKind::Object(properties.into()))
    }

    /// The members of an object. A `copy` makes the lists that it describes, where it stands (propcopy-04).
    pub(super) fn properties(&mut self, members: &[Member<'j>]) -> Vec<Property> {
        let mut properties = Vec::with_capacity(members.len());
        for member in members {
            let key = member.key();
            if key.value.eq_ignore_ascii_case("copy") && member.value.is(Kind::Array) {
                let siblings = other_keys(members);
                if let Some(copied) = self.copied_properties(member.value, &siblings) {
                    properties.extend(copied);
                    continue;
                }
            }
            let key = self.key(member, &key);
            let value = self.value(member.value);
            properties.push(Property::Set { key, value });
        }
        properties
    }

    /// Keys can be expressions too (expr-17).
    fn key(&mut self, member: &Member<'j>, key: &Text<'j>) -> PropertyKey {
        let origin = Origin::new(key);
        match read(&key.value) {
            Content::Text(text) if self.mode.reads_escaped() && is_expression(text) => {
                PropertyKey::Computed(self.second_reading(text, key, member.key_span()))
            }
            Content::Text(text) if self.mode == Mode::Escaped && text.len() < key.value.len() => {
                PropertyKey::Computed(self.unsupported(ESCAPED, member.key_span()))
            }
            Content::Text(text) => PropertyKey::Fixed(self.intern(text)),
            Content::Invalid(error) => {
                PropertyKey::Computed(self.invalid(error, origin, member.key_span()))
            }
            // The template around this one evaluates it, and a key is no value to hand over.
            Content::Expression(_) if self.mode.hoists() => {
                let why = "a computed key in a template that another one evaluates";
                PropertyKey::Computed(self.unsupported(why, member.key_span()))
            }
            Content::Expression(_) if self.mode == Mode::Escaped => {
                PropertyKey::Computed(self.unsupported(MISPLACED, member.key_span()))
            }
            Content::Expression(expression) => {
                PropertyKey::Computed(self.expression(&expression, origin))
            }
        }
    }

    /// A string: a text or an expression.
    fn string(&mut self, value: Value<'j>) -> ExprId {
        let span = value.span();
        let Some(text) = value.text() else {
            return self.add(span, ExprKind::Missing);
        };
        if text.unpaired {
            return self.add(span, ExprKind::Unpaired);
        }
        let origin = Origin::new(&text);
        match read(&text.value) {
            Content::Text(plain)
                if self.mode.reads_escaped() && plain.starts_with('[') && plain.ends_with(']') =>
            {
                self.second_reading(plain, &text, span)
            }
            Content::Text(plain)
                if self.mode == Mode::Escaped && plain.len() < text.value.len() =>
            {
                self.unsupported(ESCAPED, span)
            }
            Content::Text(plain) => {
                let plain = self.intern(plain);
                self.add(span, ExprKind::Text(plain))
            }
            Content::Invalid(error) => self.invalid(error, origin, span),
            Content::Expression(_) if self.mode.hoists() => self.hoist(&text.value, value),
            Content::Expression(_) if self.mode == Mode::Escaped => {
                self.unsupported(MISPLACED, span)
            }
            Content::Expression(expression) => self.expression(&expression, origin),
        }
    }

    /// `[[x]`, of which the template around this one makes `[x]`: an expression of this template (embed-15).
    fn second_reading(&mut self, plain: &str, text: &Text<'j>, span: Span) -> ExprId {
        let origin = Origin { text, shift: 1 };
        match read(plain) {
            Content::Expression(expression) => self.expression(&expression, origin),
            Content::Invalid(error) => self.invalid(error, origin, span),
            Content::Text(plain) => {
                let plain = self.intern(plain);
                self.add(span, ExprKind::Text(plain))
            }
        }
    }

    fn invalid(&mut self, error: ExpressionError, origin: Origin<'_, 'j>, whole: Span) -> ExprId {
        self.problems.push(Problem {
            code: ExpressionError::CODE,
            message: error.kind.to_string(),
            span: origin.span(error.span),
        });
        self.fails(
            whole,
            format!("the expression is not right: {}", error.kind),
        )
    }

    /// A value that is not evaluated; the words say what it is.
    pub(super) fn unsupported(&mut self, what: &str, span: Span) -> ExprId {
        let what = ExprKind::Text(self.intern(what));
        let what = self.add(span, what);
        let function = self.intern(crate::eval::UNSUPPORTED);
        self.add(
            span,
            ExprKind::Call {
                function,
                arguments: [what].into(),
            },
        )
    }

    /// The parameter that stands for a string which the template around this one evaluates. Equal strings
    /// share one; what they mean out there does not depend on the place.
    fn hoist(&mut self, text: &str, string: Value<'j>) -> ExprId {
        let span = string.span();
        let id = match self.hoisted_ids.get(text) {
            Some(&known) => known,
            None => self.hoisted_parameter(text, string),
        };
        self.symbol(span, Symbol::Parameter(id))
    }

    fn hoisted_parameter(&mut self, text: &str, string: Value<'j>) -> ParameterId {
        let mut name = text.to_owned();
        if !self.hoisted_names.insert(name.to_lowercase()) {
            // Names of parameters have no letter case, texts do.
            name = format!("{text} ({})", self.hoisted.len());
            self.hoisted_names.insert(name.to_lowercase());
        }
        let name = self.intern(&name);
        let any = self.add_type(string.span(), TypeKind::Any);
        let id = ParameterId::new(self.own_parameters + self.hoisted_parameters.len());
        self.hoisted_parameters.push(Parameter {
            name: std::sync::Arc::clone(&name),
            at: string.span(),
            r#type: Some(any),
            value: None,
            constraints: crate::template::Constraints::default(),
        });
        self.hoisted_ids.insert(text.to_owned(), id);
        self.hoisted.push(Hoisted {
            parameter: name,
            string,
        });
        id
    }

    /// An expression.
    pub(super) fn expression(&mut self, expression: &Expression, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(expression.span);
        match &expression.kind {
            ExpressionKind::Text(text) => {
                let text = self.intern(text);
                self.add(span, ExprKind::Text(text))
            }
            ExpressionKind::Integer(value) => self.add(span, ExprKind::Int(Some(*value))),
            ExpressionKind::Call(call) => stacker::maybe_grow(RED_ZONE, STACK, || {
                let (base, used) = self.call_with_accesses(call, origin);
                self.accesses(base, &call.accesses[used..], origin)
            }),
        }
    }

    /// `.name` and `[index]` behind a value.
    pub(super) fn accesses(
        &mut self,
        base: ExprId,
        accesses: &[Access],
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        let start = self.template.exprs[base].span.start;
        let mut value = base;
        for access in accesses {
            let span = Span::new(start, origin.span(access.span()).end);
            // `['name']` is another way to write `.name`.
            let kind = match (access_name(access), access) {
                (Some(name), _) => ExprKind::Member {
                    base: value,
                    name: self.intern(name),
                    safe: false,
                },
                (None, Access::Member(_)) => ExprKind::Missing,
                (None, Access::Index(index, _)) => ExprKind::Index {
                    base: value,
                    index: self.expression(index, origin),
                    safe: false,
                    from_end: false,
                },
            };
            value = self.add(span, kind);
        }
        value
    }
}

/// The keys of an object in lower case, without `copy`.
fn other_keys(members: &[Member<'_>]) -> FxHashSet<String> {
    let keys = members
        .iter()
        .map(|member| member.key().value.to_lowercase());
    keys.filter(|key| key != "copy").collect()
}
