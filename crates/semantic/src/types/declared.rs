//! Types as they are written in a file → types, with what their decorators demand
//! (`DeclaredTypeManager`).

use std::borrow::Cow;
use std::rc::Rc;

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::FileId;

use super::Types;
use super::model::{
    ArrayType, ChoiceType, Flags, Further, Items, Lazy, Marks, ObjectType, Origin, Property, Range,
    Text, Type, sort,
};
use crate::template::{
    Constraints, ImportId, ParameterId, TypeDefId, TypeId, TypeKind, TypeNote, TypeProperty,
};

impl<'a> Types<'a> {
    /// The type of a parameter: what is declared, narrowed by `@allowed`.
    pub(super) fn parameter(&self, file: FileId, id: ParameterId) -> Type<'a> {
        if let Some(known) = self.parameters.borrow().get(&(file, id)) {
            return known.clone();
        }
        let made = self.make_parameter(file, id);
        self.parameters
            .borrow_mut()
            .insert((file, id), made.clone());
        made
    }

    fn make_parameter(&self, file: FileId, id: ParameterId) -> Type<'a> {
        let parameter = &self.project.template(file).parameters[id];
        let Some(r#type) = parameter.r#type else {
            // In a parameter file it is what is assigned.
            return parameter
                .value
                .map_or(Type::Unknown, |value| self.infer(file, value));
        };
        let declared = self.declared_whole(file, r#type, &parameter.constraints);
        if self.project.template(file).dialect == Dialect::Arm {
            return declared;
        }
        let declared = loosen(&declared);
        match parameter.constraints.allowed {
            Some(allowed) if self.project.template(file).dialect == Dialect::Bicep => {
                self.allowed(file, declared, allowed)
            }
            _ => declared,
        }
    }

    /// The declared type with the literals of `@allowed`, if they are literals of its kind.
    fn allowed(
        &self,
        file: FileId,
        declared: Type<'a>,
        allowed: crate::template::ExprId,
    ) -> Type<'a> {
        if declared.is_any() {
            return declared;
        }
        let Type::Array(array) = self.infer(file, allowed) else {
            return Type::Unknown;
        };
        let Items::Tuple(items) = &array.items else {
            return Type::Unknown;
        };
        let items: Vec<Type<'a>> = items.iter().map(|item| self.force(item)).collect();
        let all = |test: fn(&Type<'_>) -> bool| items.iter().all(test);
        let literals = if self.fits(&declared, &Type::TEXT) {
            all(|item| matches!(item, Type::TextIs(..)))
        } else if self.fits(&declared, &Type::INT) {
            all(|item| matches!(item, Type::IntIs(..)))
        } else if self.fits(&declared, &Type::BOOL) {
            all(|item| matches!(item, Type::BoolIs(..)))
        } else {
            // Arrays have rules of their own, which no body depends on.
            return match declared {
                Type::Array(_) => Type::Unknown,
                other => other,
            };
        };
        if literals && !items.is_empty() {
            Type::union(items)
        } else {
            declared
        }
    }

    /// The declared type of a parameter, an output or a variable, which cannot be just `null`.
    pub(super) fn declared_whole(
        &self,
        file: FileId,
        id: TypeId,
        constraints: &'a Constraints,
    ) -> Type<'a> {
        match self.project.template(file).types[id].kind {
            TypeKind::Null => Type::Error,
            _ => self.declared(file, id, Some(constraints)),
        }
    }

    /// The type of a type expression with what decorators demand beside.
    pub(super) fn declared(
        &self,
        file: FileId,
        id: TypeId,
        constraints: Option<&'a Constraints>,
    ) -> Type<'a> {
        let bare = self.bare(file, id);
        let Some(constraints) = constraints else {
            return bare;
        };
        self.bounded(file, bare, constraints)
    }

    /// A type with what is demanded beside. In Bicep only parameters have allowed values, see
    /// [`parameter`](Self::parameter).
    fn bounded(&self, file: FileId, bare: Type<'a>, constraints: &Constraints) -> Type<'a> {
        let constrained = constrain(bare, constraints);
        let is_arm = self.project.template(file).dialect == Dialect::Arm;
        match constraints.allowed {
            Some(allowed) if is_arm => match constrained.without_null() {
                Some(rest) => self.allowed(file, rest, allowed).or_null(),
                None => self.allowed(file, constrained, allowed),
            },
            _ => constrained,
        }
    }

    fn bare(&self, file: FileId, id: TypeId) -> Type<'a> {
        let key = (file, id);
        if let Some(known) = self.written.borrow().get(&key) {
            return known.clone();
        }
        // A type that leads back to itself without an object between is a mistake.
        self.written.borrow_mut().insert(key, Type::Unknown);
        let made = stacker::maybe_grow(super::RED_ZONE, super::STACK, || {
            match self.project.template(file).written.note(id) {
                Some(note) => self.noted(file, id, note),
                None => self.make(file, id),
            }
        });
        self.written.borrow_mut().insert(key, made.clone());
        made
    }

    fn make(&self, file: FileId, id: TypeId) -> Type<'a> {
        let template = self.project.template(file);
        let r#type = &template.types[id];
        match &r#type.kind {
            TypeKind::Any => Type::Unknown,
            TypeKind::Null => Type::Null,
            TypeKind::Bool => Type::BOOL,
            TypeKind::Int => Type::INT,
            TypeKind::Text => Type::TEXT,
            TypeKind::List(None) => Type::any_array(),
            TypeKind::List(Some(item)) => {
                let items = Items::Each(Lazy::Declared(file, *item, None));
                Type::array(items, Range::ANY)
            }
            TypeKind::Object {
                properties,
                further,
            } => self.object_type(file, id, properties, *further),
            TypeKind::Tuple(items) => {
                let items = items.iter().map(|&item| Lazy::Declared(file, item, None));
                Type::tuple(items.collect())
            }
            TypeKind::Literal(expr) => self.literal(file, *expr),
            TypeKind::Union(members) => {
                let union = Type::union(members.iter().map(|&member| self.bare(file, member)));
                self.settle_union(union)
            }
            TypeKind::Nullable(inner) => self.bare(file, *inner).or_null(),
            TypeKind::NonNull(inner) => {
                let inner = self.bare(file, *inner);
                inner.without_null().unwrap_or(inner)
            }
            TypeKind::Named(def) => self.type_def(file, *def),
            TypeKind::Imported(import, member) => self.imported(file, *import, member.as_deref()),
            TypeKind::Member(base, name) => self.member(&self.bare(file, *base), name),
            TypeKind::Elements(base) => match self.bare(file, *base) {
                Type::Array(array) => self.item(&array.items),
                _ => Type::Unknown,
            },
        }
    }

    /// A type that says more than its kind.
    fn noted(&self, file: FileId, id: TypeId, note: &'a TypeNote) -> Type<'a> {
        match note {
            TypeNote::OfResource {
                resource,
                pointer,
                output,
            } => {
                let found = self.resource_part(resource, pointer, *output);
                found.unwrap_or_else(|| self.make(file, id))
            }
            TypeNote::Constraints(constraints) => {
                self.bounded(file, self.make(file, id), constraints)
            }
            TypeNote::Choice(key, members) => self.declared_choice(file, id, key, members),
        }
    }

    /// One of several objects: each with the properties that the whole declares.
    fn declared_choice(
        &self,
        file: FileId,
        id: TypeId,
        key: &'a str,
        members: &[TypeId],
    ) -> Type<'a> {
        let base = self.make(file, id);
        let Type::Object(base) = &base else {
            return Type::Unknown;
        };
        let mut choices = Vec::new();
        for &member in members {
            let Type::Object(member) = self.bare(file, member) else {
                return Type::Unknown;
            };
            let mut object = ObjectType::clone(&member);
            let lacks = |p: &&Property<'a>| member.property(&p.name).is_none();
            let shared = base.properties.iter().filter(lacks).cloned();
            object.properties.extend(shared);
            sort(&mut object.properties);
            let Some(value) = self.literal_of(&object, key) else {
                return Type::Unknown;
            };
            choices.push((value, Lazy::Known(Type::Object(Rc::new(object)))));
        }
        Type::Choice(Rc::new(ChoiceType {
            key: key.into(),
            members: choices,
            system: false,
            marks: Marks::NONE,
        }))
    }

    fn member(&self, base: &Type<'a>, name: &str) -> Type<'a> {
        let without_null = base.without_null();
        let Type::Object(object) = without_null.as_ref().unwrap_or(base) else {
            return Type::Unknown;
        };
        object
            .property(name)
            .map_or(Type::Unknown, |property| self.force(&property.of))
    }

    /// Only literals may be united, and objects that a property tells apart; which property is the
    /// decorator's to say, so it must be plain.
    fn settle_union(&self, union: Type<'a>) -> Type<'a> {
        let is_object = |member: &Type<'_>| matches!(member, Type::Object(_) | Type::Choice(_));
        if !union.members().iter().any(is_object) || union.members().len() < 2 {
            return union;
        }
        match self.collapse(&union) {
            Some(collapsed)
                if collapsed
                    .members()
                    .iter()
                    .any(|m| matches!(m, Type::Choice(_))) =>
            {
                collapsed
            }
            Some(collapsed) if matches!(collapsed.without_null(), Some(Type::Object(_))) => union,
            _ => Type::Unknown,
        }
    }

    fn literal(&self, file: FileId, expr: crate::template::ExprId) -> Type<'a> {
        match self.infer(file, expr) {
            Type::Error => Type::Unknown,
            literal => literal,
        }
    }

    fn type_def(&self, file: FileId, id: TypeDefId) -> Type<'a> {
        let def = &self.project.template(file).type_defs[id];
        self.declared(file, def.value, Some(&def.constraints))
    }

    /// A type of another file.
    fn imported(&self, file: FileId, import: ImportId, member: Option<&str>) -> Type<'a> {
        let import = &self.project.template(file).imports[import];
        let target = self.leads_to(file, import.reference);
        let name = import.name.as_deref().or(member);
        let (Some(name), Some(target)) = (name, target) else {
            return Type::Unknown;
        };
        let mut defs = self.project.template(target).type_defs.iter_enumerated();
        match defs.find(|(_, def)| &*def.name == name) {
            Some((id, _)) => self.type_def(target, id),
            None => Type::Unknown,
        }
    }

    fn object_type(
        &self,
        file: FileId,
        id: TypeId,
        properties: &'a [TypeProperty],
        further: Option<TypeId>,
    ) -> Type<'a> {
        let unit = self.project.unit(file);
        let text = unit.text.get(unit.template.types[id].span.range());
        // The ARM template of `object` declares neither properties nor further ones.
        let is_written = match unit.template.dialect {
            Dialect::Arm => !properties.is_empty() || further.is_some(),
            _ => text.is_some_and(|text| text.starts_with('{')),
        };
        if !is_written {
            return Type::any_object();
        }
        let optional =
            |value: TypeId| matches!(unit.template.types[value].kind, TypeKind::Nullable(_));
        let mut declared: Vec<Property<'a>> = properties
            .iter()
            .map(|property| Property {
                name: Cow::Borrowed(&*property.key),
                flags: if optional(property.value) {
                    Flags::NONE
                } else {
                    Flags::REQUIRED
                },
                of: Lazy::Declared(file, property.value, Some(&property.constraints)),
            })
            .collect();
        sort(&mut declared);
        let further = match further {
            Some(further) => Further {
                of: Lazy::Declared(file, further, None),
                flags: Flags::NONE,
            },
            None => Further {
                of: Lazy::Known(Type::Any),
                flags: Flags::FALLBACK,
            },
        };
        Type::Object(Rc::new(ObjectType {
            properties: declared,
            further: Some(further),
            marks: Marks::NONE,
            origin: Some(Origin::Declared(file, id)),
        }))
    }
}

/// A parameter's `string`, `int` or `bool` passes where one of some literals is wanted.
fn loosen<'a>(r#type: &Type<'a>) -> Type<'a> {
    match r#type {
        Type::Bool(marks) => Type::Bool(marks.with(Marks::LOOSE)),
        Type::Int(range, marks) => Type::Int(*range, marks.with(Marks::LOOSE)),
        Type::Text(text) => Type::Text(Text {
            marks: text.marks.with(Marks::LOOSE),
            ..*text
        }),
        Type::Union(members) if r#type.without_null().is_some() => {
            match members
                .iter()
                .filter(|m| !matches!(m, Type::Null))
                .collect::<Vec<_>>()[..]
            {
                [only] => loosen(only).or_null(),
                _ => r#type.clone(),
            }
        }
        other => other.clone(),
    }
}

/// A type with what decorators demand. A nullable type is constrained beside `null`.
fn constrain<'a>(r#type: Type<'a>, constraints: &Constraints) -> Type<'a> {
    if let Some(rest) = r#type.without_null() {
        return constrain(rest, constraints).or_null();
    }
    let mark = |marks: Marks| {
        if constraints.secure {
            marks.with(Marks::SECURE)
        } else {
            marks
        }
    };
    let length = |own: Range| Range {
        min: number(constraints.min_length).or(own.min),
        max: number(constraints.max_length).or(own.max),
    };
    match r#type {
        Type::Text(text) => {
            let length = length(text.length);
            if length.max == Some(0) {
                return Type::TextIs("".into(), mark(text.marks));
            }
            Type::Text(Text {
                length,
                pattern: None,
                marks: mark(text.marks),
            })
        }
        Type::Int(own, marks) => {
            let range = Range {
                min: constraints.min_value.or(own.min),
                max: constraints.max_value.or(own.max),
            };
            match range.min {
                Some(min) if range.max == Some(min) => Type::IntIs(min, marks),
                _ => Type::Int(range, marks),
            }
        }
        Type::Array(array) if !matches!(array.items, Items::Tuple(_)) => {
            let length = length(array.length);
            if length == array.length {
                return Type::Array(array);
            }
            Type::Array(Rc::new(ArrayType {
                items: array.items.clone(),
                length,
                marks: array.marks,
            }))
        }
        Type::Object(object) if constraints.sealed || constraints.secure => {
            let mut changed = ObjectType::clone(&object);
            changed.marks = mark(changed.marks);
            if constraints.sealed {
                changed.further = None;
                changed.origin = None;
            }
            Type::Object(Rc::new(changed))
        }
        other => other,
    }
}

fn number(value: Option<u64>) -> Option<i64> {
    value.and_then(|value| i64::try_from(value).ok())
}
