//! Unions: several types → the one type that holds them all, without nested unions or repetitions.

use std::rc::Rc;

use super::model::{ArrayType, Items, Lazy, Type};

impl<'a> Type<'a> {
    /// The union of some types (`TypeHelper.CreateTypeUnion`). What is not known makes the whole
    /// union unknown, and `any` makes it `any`.
    #[must_use]
    pub(super) fn union(types: impl IntoIterator<Item = Self>) -> Self {
        let mut types = types.into_iter();
        let Some(first) = types.next() else {
            return Self::of_members(Vec::new());
        };
        let Some(second) = types.next() else {
            // Most unions are of one type, and members of a union are flat and distinct already.
            return first;
        };
        let mut members: Vec<Self> = Vec::new();
        let mut any = None;
        for r#type in [first, second].into_iter().chain(types) {
            match r#type {
                Self::Unknown => return Self::Unknown,
                Self::Error => any = Some(Self::Error),
                Self::Any => any = any.or(Some(Self::Any)),
                // Its members are distinct already; chains of unions are to stay linear.
                Self::Union(inner) if members.is_empty() => members.extend_from_slice(&inner),
                Self::Union(inner) => inner.iter().for_each(|m| add(&mut members, m.clone())),
                other => add(&mut members, other),
            }
            if members.len() > MAX_MEMBERS {
                return Self::Unknown;
            }
        }
        any.unwrap_or_else(|| Self::of_members(members))
    }

    /// The union of members that are flat and distinct already.
    pub(super) fn of_members(mut members: Vec<Self>) -> Self {
        match members.len() {
            1 => members.swap_remove(0),
            _ => Self::Union(Rc::from(members)),
        }
    }

    /// `T | null`
    #[must_use]
    pub(super) fn or_null(self) -> Self {
        Self::union([self, Self::Null])
    }

    /// The members; of a type that is no union, the type itself.
    #[must_use]
    pub(super) fn members(&self) -> &[Self] {
        match self {
            Self::Union(members) => members,
            other => std::slice::from_ref(other),
        }
    }

    /// The type without `null`, if it is a union that has it (`TypeHelper.TryRemoveNullability`).
    #[must_use]
    pub(super) fn without_null(&self) -> Option<Self> {
        let Self::Union(members) = self else {
            return None;
        };
        let is_null = |member: &&Self| matches!(member, Self::Null);
        members.iter().find(is_null)?;
        let others = members.iter().filter(|member| !is_null(member));
        Some(Self::of_members(others.cloned().collect()))
    }
}

/// Adds a member unless it is there. The array of anything takes the place of all other arrays.
fn add<'a>(members: &mut Vec<Type<'a>>, member: Type<'a>) {
    let is_array = |r#type: &Type<'_>| matches!(r#type, Type::Array(_));
    if is_array(&member) && members.iter().any(is_unrefined_array) {
        return;
    }
    if is_unrefined_array(&member) {
        members.retain(|other| !is_array(other));
    }
    if !members.iter().any(|other| same(other, &member)) {
        members.push(member);
    }
}

fn is_unrefined_array(r#type: &Type<'_>) -> bool {
    let Type::Array(array) = r#type else {
        return false;
    };
    matches!(array.items, Items::Any) && array.length == super::model::Range::ANY
}

/// Unions of more members than this are unknown.
const MAX_MEMBERS: usize = 2000;
/// Arrays in arrays are compared to this depth; those that are one only deeper count as two.
const MAX_DEPTH: u32 = 6;

/// Whether two types are one. Objects are one when they come from the same place.
pub(super) fn same<'a>(a: &Type<'a>, b: &Type<'a>) -> bool {
    same_to(a, b, MAX_DEPTH)
}

fn same_to<'a>(a: &Type<'a>, b: &Type<'a>, depth: u32) -> bool {
    match (a, b) {
        (Type::Unknown, Type::Unknown)
        | (Type::Any, Type::Any)
        | (Type::Error, Type::Error)
        | (Type::Null, Type::Null)
        | (Type::AnyScope, Type::AnyScope)
        | (Type::Dependency, Type::Dependency) => true,
        (Type::Bool(a), Type::Bool(b)) => a == b,
        (Type::BoolIs(a, x), Type::BoolIs(b, y)) => a == b && x == y,
        (Type::Int(a, x), Type::Int(b, y)) => a == b && x == y,
        (Type::IntIs(a, x), Type::IntIs(b, y)) => a == b && x == y,
        (Type::Text(a), Type::Text(b)) => a == b,
        (Type::TextIs(a, x), Type::TextIs(b, y)) => a == b && x == y,
        (Type::Array(a), Type::Array(b)) => Rc::ptr_eq(a, b) || same_array(a, b, depth),
        (Type::Object(a), Type::Object(b)) => {
            Rc::ptr_eq(a, b) || (a.origin.is_some() && a.origin == b.origin && a.marks == b.marks)
        }
        (Type::Choice(a), Type::Choice(b)) => Rc::ptr_eq(a, b),
        (Type::Union(a), Type::Union(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_to(a, b, depth))
        }
        (Type::Resource(f, a), Type::Resource(g, b)) => f == g && a == b,
        (Type::Module(f, a), Type::Module(g, b)) => f == g && a == b,
        (Type::Scope(s, a), Type::Scope(t, b)) => s == t && Rc::ptr_eq(a, b),
        (Type::ParentOf(a), Type::ParentOf(b)) => a == b,
        _ => false,
    }
}

fn same_array(a: &ArrayType<'_>, b: &ArrayType<'_>, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let items = match (&a.items, &b.items) {
        (Items::Any, Items::Any) => true,
        (Items::Each(a), Items::Each(b)) => same_lazy(a, b, depth),
        (Items::Tuple(a), Items::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_lazy(a, b, depth))
        }
        _ => false,
    };
    items && a.length == b.length && a.marks == b.marks
}

/// Whether two types that are not made yet are one, as far as that shows without making them.
fn same_lazy<'a>(a: &Lazy<'a>, b: &Lazy<'a>, depth: u32) -> bool {
    match (a, b) {
        (Lazy::Known(a), Lazy::Known(b)) => same_to(a, b, depth),
        (Lazy::Node(a, x), Lazy::Node(b, y)) => a == b && x == y,
        (Lazy::Declared(f, a, x), Lazy::Declared(g, b, y)) => {
            f == g && a == b && x.map(std::ptr::from_ref) == y.map(std::ptr::from_ref)
        }
        _ => false,
    }
}
