//! Whether a value of one type may stand where another type is wanted, by the kind of value alone
//! (`TypeValidator.AreTypesAssignable`). What is inside of objects and arrays is looked at later.

use super::Types;
use super::model::{Items, Marks, Type};

impl<'a> Types<'a> {
    /// Whether a value of type `from` may stand where `to` is wanted. Not knowing counts as yes.
    pub(super) fn fits(&self, from: &Type<'a>, to: &Type<'a>) -> bool {
        if from.is_any() || to.is_any() || matches!(from, Type::Error) {
            return true;
        }
        match (from, to) {
            (_, Type::AnyScope) if from.is_scope() => true,
            (_, Type::Dependency) => self.is_dependency(from),
            (Type::Resource(file, id), Type::ParentOf(child)) => {
                self.is_parent_of(*file, *id, child)
            }
            (Type::Resource(..) | Type::Module(..), Type::Object(_) | Type::Choice(_)) => true,
            (Type::Resource(..) | Type::Module(..) | Type::Scope(..), Type::Union(members)) => {
                members.iter().any(|member| self.fits(from, member))
            }
            (Type::Scope(..), Type::Object(_) | Type::Choice(_)) => true,
            (Type::TextIs(a, _), Type::TextIs(b, _)) => a == b,
            (Type::IntIs(a, _), Type::IntIs(b, _)) => a == b,
            (Type::BoolIs(a, _), Type::BoolIs(b, _)) => a == b,
            (Type::Text(_), Type::TextIs(..))
            | (Type::Int(..), Type::IntIs(..))
            | (Type::Bool(_), Type::BoolIs(..)) => {
                from.marks().has(Marks::LOOSE) || from.marks().has(Marks::UNSURE)
            }
            (Type::TextIs(..) | Type::Text(_), Type::Text(_))
            | (Type::IntIs(..) | Type::Int(..), Type::Int(..))
            | (Type::BoolIs(..) | Type::Bool(_), Type::Bool(_))
            | (Type::Null, Type::Null)
            | (Type::Array(_), Type::Array(_))
            | (Type::Object(_) | Type::Choice(_), Type::Object(_) | Type::Choice(_)) => true,
            (Type::Union(members), _) => members.iter().all(|member| self.fits(member, to)),
            (_, Type::Union(members)) => members.iter().any(|member| self.fits(from, member)),
            _ => false,
        }
    }

    /// Whether it is a resource, a module or an array of them.
    fn is_dependency(&self, r#type: &Type<'a>) -> bool {
        match r#type {
            Type::Union(members) => members.iter().all(|member| self.is_dependency(member)),
            Type::Array(array) => match &array.items {
                Items::Each(item) => self.force(item).is_scope(),
                // A written list of resources is no collection, but its items may be unknown.
                Items::Tuple(items) => items.iter().all(|item| {
                    let item = self.force(item);
                    item.is_scope() || item.is_any()
                }),
                Items::Any => false,
            },
            other => other.is_scope(),
        }
    }

    /// The type without `null`, if only that keeps it from fitting.
    pub(super) fn fits_without_null(&self, from: &Type<'a>, to: &Type<'a>) -> Option<Type<'a>> {
        from.without_null().filter(|rest| self.fits(rest, to))
    }
}
