//! Arrays: each item against the type of the items.

use std::rc::Rc;

use super::super::model::{ArrayType, Items, Lazy, Marks, Range, Type};
use super::super::problem::Level;
use super::{At, MAX_DEPTH, Mismatch, Narrow, Want};
use crate::template::{ArrayItem, ExprKind};

impl<'a> Narrow<'_, 'a> {
    /// `None`: too little is known of the array.
    pub(super) fn array(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &Type<'a>,
        wanted: &ArrayType<'a>,
    ) -> Option<Type<'a>> {
        if let At::Expr(id) = at
            && let ExprKind::Array(items) = &self.template.exprs[id].kind
        {
            return Some(self.written_array(want, at, items, wanted));
        }
        if let Some(declaration) = self.declaration(at) {
            let (want, at) = self.through(want, at, declaration);
            let given = self.type_at(at, given.clone());
            let wanted = Type::Array(Rc::new(wanted.clone()));
            return Some(self.narrow(want, at, given, &wanted));
        }
        let Type::Array(array) = given else {
            return None;
        };
        if want.depth > MAX_DEPTH {
            return Some(given.clone());
        }
        let want = Want {
            depth: want.depth + 1,
            ..want
        };
        let level = Level::warning_if(want.in_resource || wanted.marks.has(Marks::WARN_VALUE));
        if let (Items::Tuple(items), Items::Tuple(targets)) = (&array.items, &wanted.items) {
            if items.len() != targets.len() {
                let kind = super::Kind::TooLong(count(items.len()), count(targets.len()));
                self.report_here(at, level, kind);
                return Some(given.clone());
            }
            for (item, target) in items.iter().zip(targets) {
                let (item, target) = (self.types.force(item), self.types.force(target));
                self.narrow(want, at, item, &target);
            }
            return Some(given.clone());
        }
        if self.length(at, level, array.length, wanted.length) {
            let (item, target) = (
                self.types.item(&array.items),
                self.types.item(&wanted.items),
            );
            let item = self.narrow(want, at, item, &target);
            return Some(Type::Array(Rc::new(ArrayType {
                items: Items::Each(Lazy::Known(item)),
                length: array.length,
                marks: wanted.marks,
            })));
        }
        Some(given.clone())
    }

    fn written_array(
        &mut self,
        want: Want<'_>,
        at: At,
        items: &'a [ArrayItem],
        wanted: &ArrayType<'a>,
    ) -> Type<'a> {
        let whole = || Type::Array(Rc::new(wanted.clone()));
        if self.is_broken(at) {
            return whole();
        }
        let warn = wanted.marks.has(Marks::WARN_VALUE);
        let mut narrowed = Vec::new();
        let mut spread = false;
        for item in items {
            match item {
                ArrayItem::One(id) => {
                    let target = match &wanted.items {
                        Items::Tuple(targets) if !spread => targets
                            .get(narrowed.len())
                            .map_or(Type::Any, |target| self.types.force(target)),
                        all => self.types.item(all),
                    };
                    let want = Want {
                        mismatch: Mismatch::Item { warn },
                        home: None,
                        depth: 0,
                        ..want
                    };
                    let given = self.types.infer(self.file, *id);
                    narrowed.push(self.narrow(want, At::Expr(*id), given, &target));
                }
                ArrayItem::Spread(id) => {
                    spread = true;
                    let want = Want {
                        mismatch: Mismatch::SpreadItem { warn },
                        home: None,
                        depth: 0,
                        ..want
                    };
                    let target = Type::Array(Rc::new(ArrayType {
                        items: Items::Each(Lazy::Known(self.types.item(&wanted.items))),
                        length: Range::ANY,
                        marks: wanted.marks,
                    }));
                    let given = self.types.infer(self.file, *id);
                    self.narrow(want, At::Expr(*id), given, &target);
                }
            }
        }
        if spread {
            return whole();
        }
        let level = Level::warning_if(want.in_resource || warn);
        let given = count(items.len());
        if let Some(max) = wanted.length.max.filter(|&max| max < given) {
            self.report_here(at, level, super::Kind::TooLong(given, max));
        } else if let Some(min) = wanted.length.min.filter(|&min| min > given) {
            self.report_here(at, level, super::Kind::TooShort(given, min));
        }
        Type::Array(Rc::new(ArrayType {
            items: Items::Tuple(narrowed.into_iter().map(Lazy::Known).collect()),
            length: Range::exactly(given),
            marks: wanted.marks,
        }))
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
