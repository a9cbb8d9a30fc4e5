//! Expressions → their types (`TypeAssignmentVisitor`).
//!
//! What cannot be told exactly is [`Type::Unknown`], and what is made of it is too, unless its type
//! does not depend on it. [`Type::Error`] is for what the compiler refuses.

use std::borrow::Cow;
use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::model::{
    Flags, Further, Items, Lazy, Marks, ObjectType, Property, Range, Text, Type, sort,
};
use super::{RED_ZONE, STACK, Types, text_length};
use crate::index::Idx as _;
use crate::project::Target;
use crate::template::{
    ArrayItem, BinaryOperator, Expr, ExprId, ExprKind, FileFunction, ImportId, Property as Written,
    PropertyKey, Symbol, TextPart, UnaryOperator,
};

/// An array that is spread together is a tuple up to so many items.
const MAX_ITEMS: usize = 1000;
/// A text that is put together is known up to so many bytes.
const MAX_TEXT: usize = 64 * 1024;

impl<'a> Types<'a> {
    /// The type of an expression.
    pub(super) fn infer(&self, file: FileId, id: ExprId) -> Type<'a> {
        // Whoever asks while the answer is being made goes round in a circle.
        if let Some(known) = self.remember(file, id, Type::Error) {
            return known;
        }
        let made = stacker::maybe_grow(RED_ZONE, STACK, || self.kind(file, id));
        if let Some(values) = self.values.borrow_mut().get_mut(&file) {
            values[id.index()] = Some(made.clone());
        }
        made
    }

    /// The type of an expression if it is known; else notes what it is until it is made.
    fn remember(&self, file: FileId, id: ExprId, meanwhile: Type<'a>) -> Option<Type<'a>> {
        let mut files = self.values.borrow_mut();
        let values = files
            .entry(file)
            .or_insert_with(|| vec![None; self.project.template(file).exprs.len()]);
        let place = values.get_mut(id.index())?;
        if place.is_none() {
            *place = Some(meanwhile);
            return None;
        }
        place.clone()
    }

    fn kind(&self, file: FileId, id: ExprId) -> Type<'a> {
        let Expr { kind, span } = &self.project.template(file).exprs[id];
        match kind {
            ExprKind::Missing | ExprKind::Undeclared(_) => Type::Error,
            ExprKind::Null => Type::Null,
            ExprKind::Bool(value) => Type::BoolIs(*value, Marks::NONE),
            ExprKind::Int(Some(value)) => Type::IntIs(*value, Marks::NONE),
            ExprKind::Int(None) => Type::INT,
            // A text with a wrong escape has no certain value.
            ExprKind::Text(_) if self.project.template(file).written.is_broken(*span) => {
                Type::Unknown
            }
            ExprKind::Text(text) => Type::literal(text),
            ExprKind::Interpolation(parts) => self.interpolation(file, parts),
            ExprKind::Symbol(symbol) => self.symbol(file, *symbol),
            ExprKind::Member { .. } | ExprKind::Index { .. } => self.access(file, id, &mut None),
            ExprKind::Nested { base, name } => self.nested(file, *base, name),
            ExprKind::NonNull(inner) => {
                let inner = self.infer(file, *inner);
                inner.without_null().unwrap_or(inner)
            }
            ExprKind::Parenthesized(inner) => self.infer(file, *inner),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(file, function, arguments),
            ExprKind::Load {
                function,
                reference,
                arguments,
            } => {
                let content = match function {
                    FileFunction::Text | FileFunction::Base64 => Type::unsure_text(),
                    FileFunction::Json | FileFunction::Yaml | FileFunction::Folder => Type::Unknown,
                };
                let targets = &self.project.unit(file).targets;
                match targets.iter().nth(reference.index()) {
                    Some(Target::Unavailable(_)) => Type::Error,
                    _ => self.fails_or(file, arguments, content),
                }
            }
            ExprKind::UserCall {
                function,
                arguments,
            } => {
                let result = self.project.template(file).functions[*function].result;
                self.fails_or(file, arguments, self.declared(file, result, None))
            }
            ExprKind::ImportedCall { arguments, .. } => {
                self.fails_or(file, arguments, Type::Unknown)
            }
            ExprKind::MethodCall { base, name } => self.method(&self.infer(file, *base), name),
            ExprKind::Unary(operator, operand) => {
                self.unary(*operator, &self.infer(file, *operand))
            }
            ExprKind::Binary(operator, left, right) => {
                let (left, right) = (self.infer(file, *left), self.infer(file, *right));
                self.binary(*operator, left, right)
            }
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.infer(file, *condition);
                let (then, otherwise) = (self.infer(file, *then), self.infer(file, *otherwise));
                self.ternary(&condition, then, otherwise)
            }
            ExprKind::Object(items) => self.object(file, items),
            ExprKind::Array(items) => self.array(file, items),
            ExprKind::For { source, body, .. } => self.for_type(file, *source, *body),
            ExprKind::Lambda { .. } | ExprKind::Unpaired | ExprKind::Fails(_) => Type::Unknown,
        }
    }

    /// `otherwise`, unless an argument holds a mistake.
    pub(super) fn fails_or(
        &self,
        file: FileId,
        arguments: &[ExprId],
        otherwise: Type<'a>,
    ) -> Type<'a> {
        let fails = |&argument: &ExprId| matches!(self.infer(file, argument), Type::Error);
        if arguments.iter().any(fails) {
            Type::Error
        } else {
            otherwise
        }
    }

    /// A call of a function that a resource has. Its arguments are not known here.
    fn method(&self, base: &Type<'a>, name: &str) -> Type<'a> {
        let vault = "Microsoft.KeyVault/vaults";
        match base {
            Type::Error => Type::Error,
            Type::Resource(file, id)
                if name == "getSecret"
                    && self
                        .type_name(*file, *id)
                        .is_some_and(|n| n.eq_ignore_ascii_case(vault)) =>
            {
                Type::Text(Text {
                    marks: Marks::LOOSE.with(Marks::SECURE),
                    ..Text::default()
                })
            }
            _ => Type::Unknown,
        }
    }

    fn interpolation(&self, file: FileId, parts: &[TextPart]) -> Type<'a> {
        let mut literal = Some(String::new());
        let mut length = Range::exactly(0);
        let mut unsure = false;
        for part in parts {
            let (text, own) = match part {
                TextPart::Text(text) => (
                    Some(Cow::Borrowed(&**text)),
                    Range::exactly(text_length(text)),
                ),
                TextPart::Hole(hole) => match self.infer(file, *hole) {
                    Type::Error => return Type::Error,
                    hole => {
                        // A literal that is not written out here may still be one for the compiler.
                        unsure |= hole.is_unsure() || is_odd_literal(&hole);
                        (stringified(&hole), self.stringified_length(&hole))
                    }
                },
            };
            match (&mut literal, text) {
                (Some(literal), Some(text)) => literal.push_str(&text),
                _ => literal = None,
            }
            length = Range {
                min: length.min.zip(own.min).map(|(a, b)| a.saturating_add(b)),
                max: length.max.zip(own.max).map(|(a, b)| a.saturating_add(b)),
            };
        }
        if unsure {
            return Type::unsure_text();
        }
        if let Some(literal) = literal {
            if literal.len() > MAX_TEXT {
                return Type::unsure_text();
            }
            return Type::TextIs(literal.into(), Marks::NONE);
        }
        length.min = length.min.filter(|&min| min > 0);
        Type::Text(Text {
            length,
            ..Text::default()
        })
    }

    /// How long values of a type are as texts (`GetMinAndMaxLengthOfStringified`).
    pub(super) fn stringified_length(&self, r#type: &Type<'a>) -> Range {
        if let Some(text) = stringified(r#type) {
            return Range::exactly(text_length(&text));
        }
        match r#type {
            Type::Union(members) => members
                .iter()
                .map(|member| self.stringified_length(member))
                .reduce(|a, b| Range {
                    min: a.min.zip(b.min).map(|(a, b)| a.min(b)),
                    max: a.max.zip(b.max).map(|(a, b)| a.max(b)),
                })
                .unwrap_or(Range::exactly(0)),
            Type::BoolIs(value, _) => Range::exactly(if *value { 4 } else { 5 }),
            Type::Text(text) => Range {
                min: Some(text.length.min.unwrap_or(0)),
                max: text.length.max,
            },
            Type::Int(range, _) => digits(*range),
            Type::Bool(_) => Range {
                min: Some(4),
                max: Some(5),
            },
            Type::Array(_) | Type::Object(_) | Type::Choice(_) => Range {
                min: Some(2),
                max: None,
            },
            _ => Range {
                min: Some(0),
                max: None,
            },
        }
    }

    fn symbol(&self, file: FileId, symbol: Symbol) -> Type<'a> {
        let template = self.project.template(file);
        if self.is_cyclic(file, symbol) {
            return Type::Error;
        }
        match symbol {
            Symbol::Parameter(id) => self.parameter(file, id),
            Symbol::Variable(id) => match template.written.variable_type(id) {
                Some(r#type) => self.declared(file, r#type, None),
                None => self.infer(file, template.variables[id].value),
            },
            Symbol::Resource(id) => {
                let one = match self.is_declared(file, id) {
                    true => Type::Resource(file, id),
                    false => return Type::Error,
                };
                match template.resources[id].body.each {
                    Some(_) => Type::array_of(one),
                    None => one,
                }
            }
            Symbol::Module(id) => match template.modules[id].body.each {
                Some(_) => Type::array_of(Type::Module(file, id)),
                None => Type::Module(file, id),
            },
            Symbol::Local(id) => self.local(file, id),
            Symbol::Import(id) => self.imported_value(file, id),
            Symbol::Function(_) | Symbol::Type(_) => Type::Error,
            Symbol::Other => Type::Unknown,
        }
    }

    /// A variable of another file.
    fn imported_value(&self, file: FileId, id: ImportId) -> Type<'a> {
        let import = &self.project.template(file).imports[id];
        let target = self.leads_to(file, import.reference);
        let (Some(name), Some(target)) = (&import.name, target) else {
            return Type::Unknown;
        };
        match self.project.template(target).symbols.get(name) {
            Some(&Symbol::Variable(id)) => match self.symbol(target, Symbol::Variable(id)) {
                Type::Error => Type::Unknown,
                known => known,
            },
            _ => Type::Unknown,
        }
    }

    /// `base::name`
    fn nested(&self, file: FileId, base: ExprId, name: &str) -> Type<'a> {
        let Type::Resource(file, parent) = self.infer(file, base) else {
            return Type::Error;
        };
        let mut resources = self.project.template(file).resources.iter_enumerated();
        let child = resources.find(|(_, r)| r.nested_in == Some(parent) && &*r.name == name);
        match child {
            Some((id, _)) => self.symbol(file, Symbol::Resource(id)),
            None => Type::Error,
        }
    }

    fn ternary(&self, condition: &Type<'a>, then: Type<'a>, otherwise: Type<'a>) -> Type<'a> {
        let holds_mistake = [condition, &then, &otherwise]
            .iter()
            .any(|part| matches!(part, Type::Error));
        if holds_mistake {
            return Type::Error;
        }
        let without_null = condition.without_null();
        match without_null.as_ref().unwrap_or(condition) {
            Type::BoolIs(true, _) => then,
            Type::BoolIs(false, _) => otherwise,
            other if !self.fits(other, &Type::BOOL) => Type::Error,
            // It may be a literal for the compiler, which then takes one branch only.
            other if other.is_unsure() => Type::Unknown,
            _ => self.collapsed_union([then, otherwise]),
        }
    }

    fn for_type(&self, file: FileId, source: ExprId, body: ExprId) -> Type<'a> {
        let source = self.infer(file, source);
        let body = self.infer(file, body);
        if matches!(body, Type::Error) || !self.is_loopable(&source) {
            return Type::Error;
        }
        Type::array_of(body)
    }

    /// Whether a loop may run over it; over something nullable with a warning.
    pub(super) fn is_loopable(&self, source: &Type<'a>) -> bool {
        let array = Type::any_array();
        !matches!(source, Type::Error)
            && (self.fits(source, &array) || self.fits_without_null(source, &array).is_some())
    }

    fn object(&self, file: FileId, items: &'a [Written]) -> Type<'a> {
        let mut properties: Vec<Property<'a>> = Vec::with_capacity(items.len());
        let mut further: Vec<Type<'a>> = Vec::new();
        let mut fails = false;
        let mut spreads = false;
        for item in items {
            match item {
                Written::Set { key, value } => {
                    let of = self.infer(file, *value);
                    fails |= matches!(of, Type::Error);
                    match key {
                        PropertyKey::Fixed(key) => {
                            properties.push(Property::new(&**key, Flags::REQUIRED, of));
                        }
                        PropertyKey::Computed(key) => {
                            fails |= matches!(self.infer(file, *key), Type::Error);
                            further.push(of);
                        }
                    }
                }
                Written::Spread(source) => {
                    spreads = true;
                    match self.spread(&self.infer(file, *source), &mut properties) {
                        Some(more) => further.extend(more),
                        None => fails = true,
                    }
                }
            }
        }
        // A key that is written twice is a mistake; a spread may overwrite what stands before it.
        if fails || has_twins(items) {
            return Type::Error;
        }
        if spreads {
            keep_last(&mut properties);
        }
        sort(&mut properties);
        let further = (!further.is_empty()).then(|| Further {
            of: Lazy::Known(Type::union(further)),
            flags: Flags::NONE,
        });
        Type::Object(Rc::new(ObjectType {
            properties,
            further,
            marks: Marks::NONE,
            origin: None,
        }))
    }

    /// Adds what a spread object brings. `None`: it is no object.
    fn spread(
        &self,
        source: &Type<'a>,
        properties: &mut Vec<Property<'a>>,
    ) -> Option<Option<Type<'a>>> {
        match source {
            Type::Object(object) => {
                properties.extend(object.properties.iter().cloned());
                Some(
                    object
                        .further
                        .as_ref()
                        .map(|further| self.force(&further.of)),
                )
            }
            Type::Error => None,
            Type::Unknown => Some(Some(Type::Unknown)),
            other => self
                .fits(other, &Type::any_object())
                .then_some(Some(Type::Any)),
        }
    }

    fn array(&self, file: FileId, items: &[ArrayItem]) -> Type<'a> {
        let mut tuple: Vec<Lazy<'a>> = Vec::with_capacity(items.len());
        let mut rest: Vec<Type<'a>> = Vec::new();
        for item in items {
            match item {
                ArrayItem::One(expr) => match self.infer(file, *expr) {
                    Type::Error => return Type::Error,
                    known => tuple.push(Lazy::Known(known)),
                },
                ArrayItem::Spread(expr) => match self.infer(file, *expr) {
                    Type::Error => return Type::Error,
                    Type::Array(array) => match &array.items {
                        // Past the limit it is no tuple any more, whatever else is in it.
                        Items::Tuple(_) if tuple.len() > items.len().max(MAX_ITEMS) => {}
                        Items::Tuple(spread) => tuple.extend(spread.iter().cloned()),
                        other => rest.push(self.item(other)),
                    },
                    Type::Unknown => rest.push(Type::Unknown),
                    other if self.fits(&other, &Type::any_array()) => rest.push(Type::Any),
                    _ => return Type::Error,
                },
            }
        }
        if tuple.len() > items.len().max(MAX_ITEMS) {
            return Type::array_of(Type::Unknown);
        }
        if rest.is_empty() {
            return Type::tuple(tuple);
        }
        let all = tuple.iter().map(|item| self.force(item)).chain(rest);
        Type::array_of(Type::union(all))
    }

    fn unary(&self, operator: UnaryOperator, operand: &Type<'a>) -> Type<'a> {
        match (operator, operand) {
            (_, Type::Error) => Type::Error,
            (UnaryOperator::Not, Type::BoolIs(value, marks)) => Type::BoolIs(!value, *marks),
            (UnaryOperator::Not, Type::Bool(marks)) => Type::Bool(*marks),
            (UnaryOperator::Not, operand) => {
                let result = if operand.is_unsure() {
                    Type::BOOL.unsure()
                } else {
                    Type::BOOL
                };
                self.operation(&[(operand, &Type::BOOL)], result)
            }
            (UnaryOperator::Minus, Type::IntIs(value, marks)) => match value.checked_neg() {
                Some(value) => Type::IntIs(value, *marks),
                None => Type::INT,
            },
            (UnaryOperator::Minus, Type::Int(range, marks)) => Type::Int(negate(*range), *marks),
            (UnaryOperator::Minus, operand) => {
                self.operation(&[(operand, &Type::INT)], Type::INT.unsure())
            }
        }
    }

    /// The result of an operation whose operands must be of certain types. One that may be null is
    /// put up with in the branches of a ternary, so nothing is said about it.
    fn operation(&self, operands: &[(&Type<'a>, &Type<'a>)], result: Type<'a>) -> Type<'a> {
        if operands
            .iter()
            .all(|(operand, wanted)| self.fits(operand, wanted))
        {
            return result;
        }
        let with_null = |(operand, wanted): &(&Type<'a>, &Type<'a>)| {
            self.fits(operand, wanted) || self.fits_without_null(operand, wanted).is_some()
        };
        if operands.iter().all(with_null) {
            Type::Unknown
        } else {
            Type::Error
        }
    }

    fn binary(&self, operator: BinaryOperator, left: Type<'a>, right: Type<'a>) -> Type<'a> {
        use BinaryOperator as Op;
        if matches!(left, Type::Error) || matches!(right, Type::Error) {
            return Type::Error;
        }
        if operator == Op::Coalesce {
            return match (&left, left.without_null()) {
                (Type::Unknown, _) => Type::Unknown,
                (Type::Null, _) => right,
                (_, Some(rest)) => Type::union([rest, right]),
                (_, None) => left,
            };
        }
        if let Some(folded) = fold(operator, &left, &right) {
            return folded;
        }
        // What both operands are may be known to the compiler, and then the result is.
        let open = |t: &Type<'a>| t.is_unsure() || is_literal(t);
        let unsure = open(&left) && open(&right);
        match self.operation_of(operator, &left, &right) {
            known if unsure => known.unsure_unless_error(),
            known => known,
        }
    }

    fn operation_of(
        &self,
        operator: BinaryOperator,
        left: &Type<'a>,
        right: &Type<'a>,
    ) -> Type<'a> {
        use BinaryOperator as Op;
        let both =
            |wanted: &Type<'a>, result| self.operation(&[(left, wanted), (right, wanted)], result);
        match operator {
            Op::Equal | Op::NotEqual => Type::BOOL,
            Op::EqualIgnoreCase | Op::NotEqualIgnoreCase => both(&Type::TEXT, Type::BOOL),
            Op::And | Op::Or => both(&Type::BOOL, logical(operator, left, right)),
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                match both(&Type::INT, Type::BOOL) {
                    // Ranges of integers may decide the comparison.
                    Type::Bool(_) if is_bounded(left) && is_bounded(right) => Type::BOOL.unsure(),
                    Type::Error => both(&Type::TEXT, Type::BOOL),
                    other => other,
                }
            }
            Op::Add | Op::Subtract => match both(&Type::INT, Type::INT) {
                Type::Int(..) => arithmetic(operator, left, right),
                other => other,
            },
            Op::Multiply | Op::Divide => both(&Type::INT, Type::INT),
            Op::Modulo => match both(&Type::INT, Type::INT) {
                Type::Int(..) => Type::Unknown,
                other => other,
            },
            Op::Coalesce => Type::Unknown,
        }
    }
}

/// Whether a fixed key is written twice.
fn has_twins(items: &[Written]) -> bool {
    let keys = items.iter().filter_map(|item| match item {
        Written::Set {
            key: PropertyKey::Fixed(key),
            ..
        } => Some(&**key),
        _ => None,
    });
    let mut keys: Vec<&str> = keys.collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// Of properties of one name keeps the one that stands last.
fn keep_last(properties: &mut Vec<Property<'_>>) {
    properties.reverse();
    properties.sort_by(|a, b| a.name.cmp(&b.name));
    properties.dedup_by(|later, first| later.name == first.name);
}

/// The text that a literal becomes in an interpolation, where that is beyond doubt.
fn stringified<'a>(r#type: &Type<'a>) -> Option<Cow<'a, str>> {
    match r#type {
        Type::TextIs(text, _) => Some(text.clone()),
        Type::IntIs(value, _) => Some(value.to_string().into()),
        _ => None,
    }
}

/// Literals that an interpolation can hold but that are not put into words here.
fn is_odd_literal(r#type: &Type<'_>) -> bool {
    matches!(r#type, Type::Null | Type::BoolIs(..)) || is_container(r#type)
}

fn is_container(r#type: &Type<'_>) -> bool {
    match r#type {
        Type::Object(object) => object.further.is_none(),
        Type::Array(array) => matches!(array.items, Items::Tuple(_)),
        _ => false,
    }
}

/// Whether the compiler may know the value (`ToJToken`); objects and tuples are not looked into.
pub(super) fn is_literal(r#type: &Type<'_>) -> bool {
    matches!(
        r#type,
        Type::TextIs(..) | Type::IntIs(..) | Type::BoolIs(..) | Type::Null
    ) || is_container(r#type)
}

fn fold<'a>(operator: BinaryOperator, left: &Type<'a>, right: &Type<'a>) -> Option<Type<'a>> {
    use BinaryOperator as Op;
    let equal = match (left, right) {
        (Type::TextIs(a, _), Type::TextIs(b, _)) => a == b,
        (Type::IntIs(a, _), Type::IntIs(b, _)) => {
            let is = |value| Some(Type::BoolIs(value, Marks::NONE));
            let number = |value: Option<i64>| value.map(|value| Type::IntIs(value, Marks::NONE));
            match operator {
                Op::Add => return number(a.checked_add(*b)),
                Op::Subtract => return number(a.checked_sub(*b)),
                Op::Multiply => return number(a.checked_mul(*b)),
                Op::Less => return is(a < b),
                Op::LessOrEqual => return is(a <= b),
                Op::Greater => return is(a > b),
                Op::GreaterOrEqual => return is(a >= b),
                _ => a == b,
            }
        }
        (Type::BoolIs(a, _), Type::BoolIs(b, _)) => a == b,
        _ => return None,
    };
    let result = match operator {
        Op::Equal => equal,
        Op::NotEqual => !equal,
        _ => return None,
    };
    Some(Type::BoolIs(result, Marks::NONE))
}

fn logical<'a>(operator: BinaryOperator, left: &Type<'a>, right: &Type<'a>) -> Type<'a> {
    // One operand decides: true an "or", false an "and".
    let deciding = operator == BinaryOperator::Or;
    let decides = |t: &Type<'_>| matches!(t, Type::BoolIs(value, _) if *value == deciding);
    if decides(left) || decides(right) {
        return Type::BoolIs(deciding, Marks::NONE);
    }
    if left.is_unsure() || right.is_unsure() {
        return Type::BOOL.unsure();
    }
    Type::BOOL
}

fn is_bounded(r#type: &Type<'_>) -> bool {
    match r#type {
        Type::IntIs(..) | Type::Unknown => true,
        Type::Int(range, _) => *range != Range::ANY,
        Type::Union(members) => members.iter().any(is_bounded),
        _ => false,
    }
}

fn arithmetic<'a>(operator: BinaryOperator, left: &Type<'a>, right: &Type<'a>) -> Type<'a> {
    let (Some(a), Some(b)) = (range_of(left), range_of(right)) else {
        return Type::Unknown;
    };
    let b = match operator {
        BinaryOperator::Subtract => negate(b),
        _ => b,
    };
    let add = |a: Option<i64>, b: Option<i64>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
    let range = Range {
        min: add(a.min, b.min),
        max: add(a.max, b.max),
    };
    match range.min {
        Some(min) if range.max == Some(min) => Type::IntIs(min, Marks::NONE),
        _ => Type::Int(range, Marks::NONE),
    }
}

fn range_of(r#type: &Type<'_>) -> Option<Range> {
    match r#type {
        Type::IntIs(value, _) => Some(Range::exactly(*value)),
        Type::Int(range, _) => Some(*range),
        _ => None,
    }
}

fn negate(range: Range) -> Range {
    Range {
        min: range.max.and_then(i64::checked_neg),
        max: range.min.and_then(i64::checked_neg),
    }
}

/// How many characters the integers of a range have.
fn digits(range: Range) -> Range {
    let length = |value: i64| text_length(&value.to_string());
    let (min, max) = (range.min.unwrap_or(i64::MIN), range.max.unwrap_or(i64::MAX));
    let least = if min < 0 && max >= 0 {
        1
    } else {
        length(min).min(length(max))
    };
    Range {
        min: Some(least),
        max: Some(length(min).max(length(max))),
    }
}
