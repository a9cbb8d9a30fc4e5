//! What a declared type says about a value, and whether a value keeps to it. The engine checks
//! parameters, outputs, and arguments and results of user-defined functions; nothing is converted.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use tricep_syntax::text::{FileId, Location, Span};

use super::Evaluator;
use super::unknown::{Kinds, Literal};
use super::value::{Element, List, Object, Value};
use crate::template::{
    ArrayItem, Constraints, ExprId, ExprKind, Symbol, Template, TypeId, TypeKind, TypeProperty,
    UnaryOperator,
};

/// Named types may refer to each other; a chain longer than this says nothing.
const MAX_DEPTH: usize = 32;
/// The code of a value whose type is wrong: of the whole, of an element, of a property.
const WRONG_TYPE: &str = "BCP033";
const WRONG_ELEMENT: &str = "BCP034";
const WRONG_PROPERTY: &str = "BCP036";
/// So many type expressions are looked at for one declaration.
const MAX_TYPE_STEPS: usize = 10_000;

/// A type expression of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct TypeRef {
    file: FileId,
    id: TypeId,
}

/// What a type says about its values, one level deep.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The kinds a value may be of.
    pub(super) kinds: Kinds,
    /// Whether null is declared to be a value.
    pub(super) nullable: bool,
    /// The only values possible.
    pub(super) literals: Option<Vec<Literal>>,
    /// Least length of a text (UTF-16 units) or list.
    pub(super) min_length: usize,
    /// Greatest length of a text (UTF-16 units) or list.
    pub(super) max_length: Option<usize>,
    min_value: Option<i64>,
    max_value: Option<i64>,
    element: Option<TypeRef>,
    /// The elements of a tuple.
    items: Vec<TypeRef>,
    properties: Vec<(FileId, TypeProperty)>,
    /// The type of properties beyond the declared ones.
    further: Option<TypeRef>,
    element_kinds: Kinds,
    /// What the elements of a list may be.
    allowed_elements: Option<Vec<Literal>>,
    /// Numbers must be integers.
    integer: bool,
    /// Keys beyond the declared ones are refused.
    sealed: bool,
    /// Whether the values it may have are lists or objects, which are not compared here.
    opaque: bool,
    /// The types of which a value must keep to one.
    members: Vec<TypeRef>,
    /// The values are secrets.
    pub(super) secure: bool,
}

/// So many types are looked at for a secret part; a type of more is taken for one that has one.
const MAX_SECRET_STEPS: usize = 2_000;

/// Why a value does not keep to a type, as the end of a sentence about the value.
#[derive(Debug)]
pub(super) struct Misfit {
    why: String,
    /// Whether it surely does not.
    pub(super) sure: bool,
    /// The compiler's code for such a value that is assigned.
    pub(super) code: &'static str,
    /// The part of the value that does not keep to its type, where that is a part.
    pub(super) at: Option<Location>,
}

impl Misfit {
    fn surely(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            sure: true,
            code: WRONG_TYPE,
            at: None,
        }
    }

    fn perhaps(why: impl Into<String>) -> Self {
        Self {
            sure: false,
            ..Self::surely(why)
        }
    }

    fn code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same about the whole of which the value at `at` is a part; `wrong` is the code when the
    /// type of the part is wrong.
    fn inside(self, part: &str, at: Option<Location>, wrong: &'static str) -> Self {
        Self {
            why: format!("{part} that {}", self.why),
            at: self.at.or(at),
            code: match self.code {
                WRONG_TYPE => wrong,
                code => code,
            },
            ..self
        }
    }

    /// What is wrong, as the end of a sentence about the value.
    pub(super) fn why(&self) -> &str {
        &self.why
    }

    /// What becomes of the value.
    pub(super) fn of(self, what: &str) -> Value {
        let why = format!("{what} {}", self.why);
        match self.sure {
            true => Value::failed(why),
            false => Value::unsupported(format!("whether {why}")),
        }
    }
}

impl Shape {
    /// The shape that says nothing.
    pub(super) fn any() -> Self {
        Self::of(Kinds::ANY)
    }

    fn of(kinds: Kinds) -> Self {
        Self {
            kinds,
            nullable: false,
            literals: None,
            min_length: 0,
            max_length: None,
            min_value: None,
            max_value: None,
            element: None,
            items: Vec::new(),
            properties: Vec::new(),
            further: None,
            element_kinds: Kinds::ANY,
            allowed_elements: None,
            integer: false,
            sealed: false,
            opaque: false,
            members: Vec::new(),
            secure: false,
        }
    }

    fn literal(literal: Literal) -> Self {
        let kinds = match literal {
            Literal::Bool(_) => Kinds::BOOL,
            Literal::Int(_) => Kinds::NUMBER,
            Literal::Text(_) => Kinds::TEXT,
        };
        Self {
            literals: Some(vec![literal]),
            integer: kinds == Kinds::NUMBER,
            ..Self::of(kinds)
        }
    }

    /// The kinds an element of a list of this shape may be of.
    pub(super) fn element_kinds(&self) -> Kinds {
        self.element_kinds
    }

    /// The declared properties.
    pub(super) fn property_names(&self) -> Vec<Arc<str>> {
        self.properties
            .iter()
            .map(|(_, property)| Arc::clone(&property.key))
            .collect()
    }

    fn with(mut self, constraints: &Constraints, template: &Template) -> Self {
        let length = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
        if let Some(min) = constraints.min_length {
            self.min_length = length(min);
        }
        if let Some(max) = constraints.max_length {
            self.max_length = Some(length(max));
        }
        self.min_value = constraints.min_value.or(self.min_value);
        self.max_value = constraints.max_value.or(self.max_value);
        self.sealed |= constraints.sealed;
        self.secure |= constraints.secure;
        match constraints
            .allowed
            .map(|allowed| literals(template, allowed))
        {
            None => {}
            Some(None) => self.opaque = true,
            // `@allowed` of a list constrains its elements, not the list (param-validation-0048).
            Some(allowed) if self.kinds.without(Kinds::NULL) == Kinds::LIST => {
                self.allowed_elements = allowed;
            }
            Some(allowed) => self.literals = allowed,
        }
        self
    }
}

impl<'a> Evaluator<'a> {
    /// The shape of a declared type with the constraints of its declaration.
    pub(super) fn shape_of(
        &self,
        file: FileId,
        r#type: TypeId,
        constraints: &Constraints,
    ) -> Shape {
        self.shape(TypeRef { file, id: r#type }, 0)
            .with(constraints, self.project.template(file))
    }

    /// The shape of a declared property.
    pub(super) fn shape_of_property(&self, shape: &Shape, name: &str) -> Shape {
        let mut properties = shape.properties.iter();
        match properties.find(|(_, property)| property.key.eq_ignore_ascii_case(name)) {
            Some((file, property)) => self.shape_of(*file, property.value, &property.constraints),
            None => Shape::any(),
        }
    }

    /// Whether a value of the shape is a secret or may hold one.
    pub(super) fn holds_secret(&self, shape: &Shape) -> bool {
        let mut open: Vec<TypeRef> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(shape.clone());
        while let Some(shape) = next {
            let is_secure = |(_, property): &(FileId, TypeProperty)| property.constraints.secure;
            if shape.secure || shape.properties.iter().any(is_secure) {
                return true;
            }
            let properties = shape.properties.iter().map(|(file, property)| TypeRef {
                file: *file,
                id: property.value,
            });
            let parts = shape.items.iter().chain(&shape.members).copied();
            let parts = parts.chain(shape.element).chain(shape.further);
            open.extend(properties.chain(parts).filter(|&part| seen.insert(part)));
            if seen.len() > MAX_SECRET_STEPS {
                return true;
            }
            next = open.pop().map(|part| self.shape(part, 0));
        }
        false
    }

    fn shape(&self, at: TypeRef, depth: usize) -> Shape {
        let template: &'a Template = self.project.template(at.file);
        if depth == 0 {
            self.type_steps.set(0);
        }
        // Unions of unions can be far wider than they are deep.
        self.type_steps.set(self.type_steps.get() + 1);
        if depth > MAX_DEPTH || self.type_steps.get() > MAX_TYPE_STEPS {
            return Shape::any();
        }
        let below = |id: TypeId| self.shape(TypeRef { id, ..at }, depth + 1);
        match &template.types[at.id].kind {
            TypeKind::Any => Shape::any(),
            TypeKind::Null => Shape {
                nullable: true,
                ..Shape::of(Kinds::NULL)
            },
            TypeKind::Bool => {
                let both = vec![Literal::Bool(true), Literal::Bool(false)];
                Shape {
                    literals: Some(both),
                    ..Shape::of(Kinds::BOOL)
                }
            }
            TypeKind::Int => Shape {
                integer: true,
                ..Shape::of(Kinds::NUMBER)
            },
            TypeKind::Text => Shape::of(Kinds::TEXT),
            TypeKind::List(element) => {
                let element = element.map(|id| TypeRef { id, ..at });
                let element_kinds =
                    element.map_or(Kinds::ANY, |element| self.shape(element, depth + 1).kinds);
                Shape {
                    element,
                    element_kinds,
                    ..Shape::of(Kinds::LIST)
                }
            }
            TypeKind::Tuple(items) => Shape {
                min_length: items.len(),
                max_length: Some(items.len()),
                items: items.iter().map(|&id| TypeRef { id, ..at }).collect(),
                ..Shape::of(Kinds::LIST)
            },
            TypeKind::Object {
                properties,
                further,
            } => Shape {
                properties: properties
                    .iter()
                    .map(|property| (at.file, property.clone()))
                    .collect(),
                further: further.map(|id| TypeRef { id, ..at }),
                ..Shape::of(Kinds::OBJECT)
            },
            TypeKind::Literal(expr) => match literal(template, *expr) {
                Some(literal) => Shape::literal(literal),
                None => Shape::any(),
            },
            TypeKind::Union(members) => {
                let mut union = union(members.iter().map(|&member| below(member)));
                if union.literals.is_none() {
                    union.members = members.iter().map(|&id| TypeRef { id, ..at }).collect();
                }
                union
            }
            TypeKind::Nullable(inner) => {
                let inner = below(*inner);
                Shape {
                    kinds: inner.kinds.or(Kinds::NULL),
                    nullable: true,
                    ..inner
                }
            }
            TypeKind::NonNull(inner) => {
                let inner = below(*inner);
                Shape {
                    kinds: inner.kinds.without(Kinds::NULL),
                    nullable: false,
                    ..inner
                }
            }
            TypeKind::Named(def) => {
                let def = &template.type_defs[*def];
                below(def.value).with(&def.constraints, template)
            }
            TypeKind::Imported(import, name) => {
                let import = &template.imports[*import];
                let name = name.as_ref().or(import.name.as_ref());
                match (name, self.target(at.file, import.reference)) {
                    (Some(name), Ok(file)) => self.exported_shape(file, name, depth),
                    _ => Shape::any(),
                }
            }
            TypeKind::Member(base, name) => {
                let base = below(*base);
                if depth + 1 > MAX_DEPTH {
                    Shape::any()
                } else {
                    self.shape_of_property(&base, name)
                }
            }
            TypeKind::Elements(base) => match below(*base).element {
                Some(element) => self.shape(element, depth + 1),
                None => Shape::any(),
            },
        }
    }

    fn exported_shape(&self, file: FileId, name: &str, depth: usize) -> Shape {
        let template = self.project.template(file);
        match template.symbols.get(name) {
            Some(&Symbol::Type(def)) => {
                let def = &template.type_defs[def];
                self.shape(
                    TypeRef {
                        file,
                        id: def.value,
                    },
                    depth + 1,
                )
                .with(&def.constraints, template)
            }
            Some(&Symbol::Import(import)) => {
                let import = &template.imports[import];
                match (&import.name, self.target(file, import.reference)) {
                    (Some(name), Ok(further)) if depth < MAX_DEPTH => {
                        self.exported_shape(further, name, depth + 1)
                    }
                    _ => Shape::any(),
                }
            }
            _ => Shape::any(),
        }
    }

    /// What the value of a function's parameter, its result or an output becomes when it does not
    /// keep to its type. Everything in the value is evaluated, as the engine does: function-0036,
    /// output-type-0043.
    pub(super) fn mismatch(
        &mut self,
        value: &Value,
        file: FileId,
        r#type: TypeId,
    ) -> Option<Value> {
        let shape = self.shape(TypeRef { file, id: r#type }, 0);
        self.deep_against(value, &shape, 0)
            .map(|misfit| misfit.of("a value"))
    }

    /// How a value breaks a shape: its own kind, length and value are looked at, elements and
    /// properties are not.
    pub(super) fn against(&mut self, value: &Value, shape: &Shape) -> Option<Misfit> {
        if matches!(value, Value::Unknown(_)) {
            return None;
        }
        if !value.kinds().may_be(shape.kinds) && !matches!(value, Value::Lambda(_)) {
            return Some(Misfit::surely(format!(
                "is {}, which its type does not allow",
                value.kind_name()
            )));
        }
        if shape.integer && matches!(value, Value::Float(_)) {
            return Some(Misfit::surely("is no integer"));
        }
        if let Some(literals) = &shape.literals
            && let Some(false) = is_one_of(value, literals)
        {
            return Some(Misfit::surely("is none of the values it may have"));
        }
        if shape.opaque && !matches!(value, Value::Null) {
            return Some(Misfit::perhaps("is one of the values it may have"));
        }
        length_against(value, shape).or_else(|| number_against(value, shape))
    }

    /// How a value or something in it breaks a declared type. Everything in the value is evaluated.
    pub(super) fn deep_mismatch(
        &mut self,
        value: &Value,
        file: FileId,
        r#type: TypeId,
        constraints: &Constraints,
    ) -> Option<Misfit> {
        let shape = self.shape_of(file, r#type, constraints);
        self.deep_against(value, &shape, 0)
    }

    fn deep_against(&mut self, value: &Value, shape: &Shape, depth: usize) -> Option<Misfit> {
        if let Some(misfit) = self.against(value, shape) {
            return Some(misfit);
        }
        if depth > MAX_DEPTH || !self.budget.step() {
            return None;
        }
        if shape.nullable && matches!(value, Value::Null) {
            return None;
        }
        if !shape.members.is_empty() {
            return self.members_against(value, shape, depth);
        }
        match value {
            Value::List(list) => self.elements_against(list, shape, depth),
            Value::Object(object) => self.properties_against(object, shape, depth),
            _ => None,
        }
    }

    /// A value must keep to one of the members of a union.
    fn members_against(&mut self, value: &Value, shape: &Shape, depth: usize) -> Option<Misfit> {
        let mut sure = true;
        for &member in &shape.members {
            let member = self.shape(member, 0);
            let misfit = self.deep_against(value, &member, depth + 1)?;
            sure &= misfit.sure && !self.case_only(value, &member);
        }
        let why = "is of none of the types it may have";
        Some(if sure {
            Misfit::surely(why)
        } else {
            Misfit::perhaps(why)
        })
    }

    /// Whether a property misses its literal in letter case only: whether the engine minds that when
    /// it picks the member of a union is not sure.
    fn case_only(&mut self, value: &Value, shape: &Shape) -> bool {
        let Value::Object(object) = value else {
            return false;
        };
        shape.property_names().iter().any(|name| {
            let literals = self.shape_of_property(shape, name).literals;
            let value = object.get(name).map(|entry| self.value(&entry.value));
            match (literals, value) {
                (Some(literals), Some(Value::Text(text))) => literals.iter().any(|literal| {
                    matches!(literal, Literal::Text(wanted)
                        if *wanted != text && super::same_key(wanted, &text))
                }),
                _ => false,
            }
        })
    }

    fn elements_against(&mut self, list: &List, shape: &Shape, depth: usize) -> Option<Misfit> {
        for (place, element) in list.elements.iter().enumerate() {
            // Behind a stretch of unknown elements the places are not known.
            let Element::One(thunk) = element else {
                return None;
            };
            let value = self.value(thunk);
            if let Some(allowed) = &shape.allowed_elements
                && is_one_of(&value, allowed) == Some(false)
            {
                return Some(Misfit::surely(
                    "has an element that is none of the values it may have",
                ));
            }
            let Some(&r#type) = shape.items.get(place).or(shape.element.as_ref()) else {
                continue;
            };
            let inner = self.shape(r#type, 0);
            if let Some(misfit) = self.deep_against(&value, &inner, depth + 1) {
                return Some(misfit.inside("has an element", thunk.at(), WRONG_ELEMENT));
            }
        }
        None
    }

    fn properties_against(
        &mut self,
        object: &Object,
        shape: &Shape,
        depth: usize,
    ) -> Option<Misfit> {
        for name in shape.property_names() {
            let property = self.shape_of_property(shape, &name);
            let required = !property.kinds.may_be(Kinds::NULL);
            match object.get(&name) {
                // Whether a key in another spelling is the property is not sure.
                Some(entry) if *entry.key != *name && required => {
                    return Some(Misfit::perhaps(format!("has a property `{name}`")));
                }
                Some(entry) => {
                    let value = self.value(&entry.value.clone());
                    if let Some(misfit) = self.deep_against(&value, &property, depth + 1) {
                        let part = format!("has a property `{name}`");
                        let at = entry.value.at();
                        return Some(misfit.inside(&part, at, WRONG_PROPERTY));
                    }
                }
                None if object.rest.is_none() && required => {
                    let why = format!("has no property `{name}`");
                    return Some(Misfit::surely(why).code("BCP035"));
                }
                None => {}
            }
        }
        self.further_against(object, shape, depth)
    }

    /// The key of a value that is written as a property; the value where none is written before it.
    fn key_of(&self, value: Location) -> Location {
        let text = &self.project.unit(value.file).text;
        let before = text.get(..value.span.start as usize).map(str::trim_end);
        let key = before.and_then(|before| before.strip_suffix(':'));
        let Some(key) = key.map(str::trim_end) else {
            return value;
        };
        let start = match key.strip_suffix(['\'', '"']) {
            Some(inner) => inner.rfind(&key[inner.len()..]).unwrap_or(inner.len()),
            None => {
                let of_name = |c: char| c.is_alphanumeric() || c == '_';
                key.trim_end_matches(of_name).len()
            }
        };
        Location {
            span: Span::new(start as u32, key.len() as u32),
            ..value
        }
    }

    /// The properties beyond the declared ones.
    fn further_against(&mut self, object: &Object, shape: &Shape, depth: usize) -> Option<Misfit> {
        let declared = |key: &str| {
            let mut known = shape.properties.iter();
            known.any(|(_, property)| super::same_key(&property.key, key))
        };
        let mut entries = object.entries.iter().filter(|entry| !declared(&entry.key));
        let Some(further) = shape.further else {
            let odd = entries.next().filter(|_| shape.sealed)?;
            let why = format!("has a property `{}` that is not declared", odd.key);
            return Some(Misfit {
                at: odd.value.at().map(|at| self.key_of(at)),
                ..Misfit::surely(why).code("BCP037")
            });
        };
        let further = self.shape(further, 0);
        for entry in entries {
            let value = self.value(&entry.value.clone());
            if let Some(misfit) = self.deep_against(&value, &further, depth + 1) {
                let part = format!("has a property `{}`", entry.key);
                return Some(misfit.inside(&part, entry.value.at(), WRONG_PROPERTY));
            }
        }
        None
    }
}

fn length_against(value: &Value, shape: &Shape) -> Option<Misfit> {
    let (min, max) = match value {
        Value::Text(text) => (utf16_length(text), Some(utf16_length(text))),
        Value::List(list) => (list.min_len(), list.max_len()),
        _ => return None,
    };
    if max.is_some_and(|max| max < shape.min_length) {
        let why = format!("is shorter than {}", shape.min_length);
        return Some(Misfit::surely(why).code("BCP333"));
    }
    let limit = shape.max_length.filter(|limit| min > *limit)?;
    Some(Misfit::surely(format!("is longer than {limit}")).code("BCP332"))
}

fn number_against(value: &Value, shape: &Shape) -> Option<Misfit> {
    let Value::Int(number) = value else {
        return None;
    };
    if let Some(min) = shape.min_value.filter(|min| number < min) {
        return Some(Misfit::surely(format!("is less than {min}")).code("BCP328"));
    }
    let max = shape.max_value.filter(|max| number > max)?;
    Some(Misfit::surely(format!("is greater than {max}")).code("BCP327"))
}

/// The shape of a union: literals stay a choice, anything else widens.
fn union(members: impl Iterator<Item = Shape>) -> Shape {
    let mut all = Shape {
        literals: Some(Vec::new()),
        ..Shape::of(Kinds::NONE)
    };
    for member in members {
        all.kinds = all.kinds.or(member.kinds);
        all.nullable |= member.nullable;
        all.integer |= member.integer;
        all.literals = match (all.literals, member.literals) {
            (Some(mut known), Some(more)) => {
                known.extend(more);
                Some(known)
            }
            // `null` in a union of literals is no further literal.
            (known, None) if member.kinds == Kinds::NULL => known,
            _ => None,
        };
    }
    all
}

/// The literals of an array expression; `None` when something else stands in it.
fn literals(template: &Template, array: ExprId) -> Option<Vec<Literal>> {
    match &template.exprs[array].kind {
        ExprKind::Array(items) => items
            .iter()
            .map(|item| match item {
                ArrayItem::One(expr) => literal(template, *expr),
                ArrayItem::Spread(_) => None,
            })
            .collect(),
        ExprKind::Parenthesized(inner) => literals(template, *inner),
        _ => None,
    }
}

fn literal(template: &Template, expr: ExprId) -> Option<Literal> {
    Some(match &template.exprs[expr].kind {
        ExprKind::Bool(value) => Literal::Bool(*value),
        ExprKind::Int(value) => Literal::Int((*value)?),
        ExprKind::Text(text) => Literal::Text(Rc::from(&**text)),
        ExprKind::Unary(UnaryOperator::Minus, operand) => match literal(template, *operand)? {
            Literal::Int(value) => Literal::Int(value.checked_neg()?),
            _ => return None,
        },
        ExprKind::Unary(UnaryOperator::Not, operand) => match literal(template, *operand)? {
            Literal::Bool(value) => Literal::Bool(!value),
            _ => return None,
        },
        ExprKind::Parenthesized(inner) => literal(template, *inner)?,
        _ => return None,
    })
}

/// Whether a value is among literals; `None` where that cannot be said.
fn is_one_of(value: &Value, literals: &[Literal]) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(literals.contains(&Literal::Bool(*value))),
        Value::Int(value) => Some(literals.contains(&Literal::Int(*value))),
        Value::Text(text) => Some(literals.contains(&Literal::Text(Rc::clone(text)))),
        _ => None,
    }
}

/// The length that ARM counts.
pub(super) fn utf16_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
