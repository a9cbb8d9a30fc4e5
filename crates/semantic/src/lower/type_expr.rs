//! Type expressions.

use tricep_syntax::bicep::ast::{self, TypeKey, TypeKind as Syntax};

use super::Lowering;
use crate::template::{Symbol, TypeId, TypeKind, TypeNote, TypeProperty};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

impl Lowering<'_> {
    pub(super) fn type_expr(&mut self, id: ast::TypeId) -> TypeId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let syntax = self.tree[id];
            let kind = self.type_kind(syntax.kind);
            let id = self.add_type(syntax.span, kind);
            if let Some(note) = self.resource_part(syntax.kind) {
                self.template.written.add_note(id, note);
            }
            id
        })
    }

    fn type_kind(&mut self, syntax: Syntax) -> TypeKind {
        match syntax {
            Syntax::Name(name) => self.named_type(name),
            Syntax::Member {
                base,
                name: Some(name),
            } => self.member_type(base, name),
            Syntax::Array(element) => TypeKind::List(Some(self.type_expr(element))),
            Syntax::Elements(base) => TypeKind::Elements(self.type_expr(base)),
            Syntax::Nullable(base) => TypeKind::Nullable(self.type_expr(base)),
            Syntax::NonNull(base) => TypeKind::NonNull(self.type_expr(base)),
            Syntax::Parenthesized(inner) => {
                let inner = self.type_expr(inner);
                self.template.types[inner].kind.clone()
            }
            Syntax::Union(members) => {
                let members: Vec<_> = self.tree.list(members).collect();
                TypeKind::Union(
                    members
                        .into_iter()
                        .map(|member| self.type_expr(member))
                        .collect(),
                )
            }
            Syntax::Tuple(items) => {
                let items: Vec<_> = self.tree.list(items).collect();
                TypeKind::Tuple(
                    items
                        .into_iter()
                        .map(|item| self.type_expr(self.tree[item].value))
                        .collect(),
                )
            }
            Syntax::Object(items) => self.object_type(items),
            Syntax::Literal(expr) => match self.tree[expr].kind {
                ast::ExprKind::Null => TypeKind::Null,
                _ => TypeKind::Literal(self.expr(expr)),
            },
            Syntax::Unary { operator, operand } => match self.tree[operand].kind {
                Syntax::Literal(expr) => {
                    TypeKind::Literal(self.unary(self.tree[operand].span, operator, expr))
                }
                _ => TypeKind::Any,
            },
            Syntax::Missing
            | Syntax::Generic { .. }
            | Syntax::Member { name: None, .. }
            | Syntax::MemberGeneric { .. }
            | Syntax::FurtherProperties(_)
            | Syntax::Index { .. }
            | Syntax::Resource(_) => TypeKind::Any,
        }
    }

    /// `resourceInput<'T@v'>`, `resourceOutput<'T@v'>`
    fn resource_part(&mut self, syntax: Syntax) -> Option<TypeNote> {
        let (name, arguments) = match syntax {
            Syntax::Generic { name, arguments } => (name, arguments),
            Syntax::MemberGeneric {
                name: Some(name),
                arguments,
                ..
            } => (name, arguments),
            _ => return None,
        };
        let output = match self.parsed.name(name) {
            "resourceInput" => false,
            "resourceOutput" => true,
            _ => return None,
        };
        let mut arguments = self.tree.list(arguments);
        let (Some(only), None) = (arguments.next(), arguments.next()) else {
            return None;
        };
        let Syntax::Literal(text) = self.tree[only].kind else {
            return None;
        };
        let resource = self.parsed.string_value(text)?;
        Some(TypeNote::OfResource {
            resource: self.intern(&resource),
            pointer: Box::default(),
            output: Some(output),
        })
    }

    /// A declared type hides an ambient one.
    fn named_type(&mut self, name: ast::Name) -> TypeKind {
        let text = self.parsed.name(name);
        match self.resolve(text) {
            Some(Symbol::Type(def)) => TypeKind::Named(def),
            Some(Symbol::Import(import)) => TypeKind::Imported(import, None),
            _ => ambient_type(text),
        }
    }

    /// `shared.name` may name a type of an import, `sys.string` an ambient one.
    fn member_type(&mut self, base: ast::TypeId, name: ast::Name) -> TypeKind {
        if let Syntax::Name(space) = self.tree[base].kind {
            let text = self.parsed.name(space);
            match self.resolve(text) {
                Some(Symbol::Import(import)) if self.template.imports[import].name.is_none() => {
                    return TypeKind::Imported(import, Some(self.name(name)));
                }
                None if text == "sys" => return ambient_type(self.parsed.name(name)),
                _ => {}
            }
        }
        let base = self.type_expr(base);
        TypeKind::Member(base, self.name(name))
    }

    fn object_type(&mut self, items: ast::List<ast::TypeItemId>) -> TypeKind {
        let mut properties = Vec::new();
        let mut further = None;
        self.repeated_keys(items);
        for item in self.tree.list(items) {
            let item = self.tree[item];
            let key = match item.key {
                TypeKey::Name(name) => self.name(name),
                TypeKey::String(expr) => match self.parsed.string_value(expr) {
                    Some(text) => self.intern(&text),
                    None => continue,
                },
                TypeKey::Any => {
                    further = Some(self.type_expr(item.value));
                    continue;
                }
                TypeKey::None => continue,
            };
            let constraints = self.constraints(item.decorators);
            properties.push(TypeProperty {
                key,
                value: self.type_expr(item.value),
                constraints,
            });
        }
        TypeKind::Object {
            properties,
            further,
        }
    }
}

/// A type that every file knows.
fn ambient_type(name: &str) -> TypeKind {
    match name {
        "string" => TypeKind::Text,
        "int" => TypeKind::Int,
        "bool" => TypeKind::Bool,
        "array" => TypeKind::List(None),
        "object" => TypeKind::Object {
            properties: Vec::new(),
            further: None,
        },
        _ => TypeKind::Any,
    }
}
