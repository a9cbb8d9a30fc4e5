//! A walk over a whole tree.

use tricep_syntax::bicep::Parsed;
use tricep_syntax::bicep::ast::{
    ExprId, ExprKind, ItemKind, Key, Name, StatementId, StatementKind, TokenId, TypeId, TypeItemId,
    TypeKey, TypeKind, Using,
};
use tricep_syntax::text::Span;

/// Calls `visit` with the span of every node, token and name, and with that of the node around it.
pub(crate) fn walk(parsed: &Parsed, visit: impl FnMut(Span, Span)) {
    let mut walk = Walk {
        parsed,
        around: Span::new(0, parsed.text().len() as u32),
        visit,
    };
    for statement in parsed.tree().list(parsed.tree().body()) {
        walk.statement(statement);
    }
}

struct Walk<'a, F> {
    parsed: &'a Parsed,
    around: Span,
    visit: F,
}

impl<F: FnMut(Span, Span)> Walk<'_, F> {
    fn within(&mut self, span: Span, children: impl FnOnce(&mut Self)) {
        (self.visit)(self.around, span);
        let around = std::mem::replace(&mut self.around, span);
        children(self);
        self.around = around;
    }

    fn name(&mut self, name: impl Into<Option<Name>>) {
        if let Some(name) = name.into() {
            self.token(name.token());
        }
    }

    fn token(&mut self, token: TokenId) {
        let span = self.parsed.tokens().span(token);
        (self.visit)(self.around, span);
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = ExprId>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn types(&mut self, types: impl IntoIterator<Item = TypeId>) {
        for found in types {
            self.r#type(found);
        }
    }

    fn statement(&mut self, id: StatementId) {
        let tree = self.parsed.tree();
        let statement = tree[id];
        self.within(statement.span, |walk| {
            walk.exprs(tree.list(statement.decorators));
            walk.statement_kind(statement.kind);
        });
    }

    fn statement_kind(&mut self, kind: StatementKind) {
        let tree = self.parsed.tree();
        match kind {
            StatementKind::Skipped => {}
            StatementKind::TargetScope { value } | StatementKind::Extends { path: value } => {
                self.expr(value);
            }
            StatementKind::Metadata { name, value } | StatementKind::Assert { name, value } => {
                self.name(name);
                self.expr(value);
            }
            StatementKind::Param {
                name,
                r#type,
                value,
            } => {
                self.name(name);
                self.types(r#type);
                self.exprs(value);
            }
            StatementKind::Var {
                name,
                r#type,
                value,
            } => {
                self.name(name);
                self.types(r#type);
                self.expr(value);
            }
            StatementKind::Type { name, value } => {
                self.name(name);
                self.r#type(value);
            }
            StatementKind::Func {
                name,
                parameters,
                result,
                body,
            } => {
                self.name(name);
                for parameter in tree.list(parameters) {
                    self.name(tree[parameter].name);
                    self.r#type(tree[parameter].r#type);
                }
                self.r#type(result);
                self.expr(body);
            }
            StatementKind::Output {
                name,
                r#type,
                value,
            } => {
                self.name(name);
                self.r#type(r#type);
                self.expr(value);
            }
            StatementKind::Resource {
                name,
                r#type: head,
                body,
                ..
            }
            | StatementKind::Module {
                name,
                path: head,
                body,
            }
            | StatementKind::Test {
                name,
                path: head,
                body,
            } => {
                self.name(name);
                self.exprs([head, body]);
            }
            StatementKind::ImportList { items, path } => {
                for item in tree.list(items) {
                    let item = tree[item];
                    self.within(item.span, |walk| {
                        walk.expr(item.name);
                        walk.name(item.alias);
                    });
                }
                self.expr(path);
            }
            StatementKind::ImportAll { name, path } => {
                self.name(name);
                self.expr(path);
            }
            StatementKind::Extension {
                spec,
                config,
                alias,
            } => {
                self.expr(spec);
                self.exprs(config);
                self.name(alias);
            }
            StatementKind::ExtensionConfig { name, config } => {
                self.name(name);
                self.expr(config);
            }
            StatementKind::Using { target, config } => {
                if let Using::Path(path) = target {
                    self.expr(path);
                }
                self.exprs(config);
            }
        }
    }

    fn expr(&mut self, id: ExprId) {
        let expr = self.parsed.tree()[id];
        self.within(expr.span, |walk| walk.expr_kind(expr.kind));
    }

    fn expr_kind(&mut self, kind: ExprKind) {
        let tree = self.parsed.tree();
        match kind {
            ExprKind::Missing | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) => {}
            ExprKind::String(token) => self.token(token),
            ExprKind::Interpolated { pieces, holes } => {
                tree.list(pieces).for_each(|piece| self.token(piece));
                self.exprs(tree.list(holes));
            }
            ExprKind::Name(name) => self.name(name),
            ExprKind::Member { base, name, .. } | ExprKind::NestedResource { base, name } => {
                self.expr(base);
                self.name(name);
            }
            ExprKind::Index { base, index, .. } => self.exprs([base, index]),
            ExprKind::NonNull(inner) | ExprKind::Parenthesized(inner) | ExprKind::Spread(inner) => {
                self.expr(inner);
            }
            ExprKind::Call { name, arguments } => {
                self.name(name);
                self.exprs(tree.list(arguments));
            }
            ExprKind::MethodCall {
                base,
                name,
                arguments,
            } => {
                self.expr(base);
                self.name(name);
                self.exprs(tree.list(arguments));
            }
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => self.exprs([left, right]),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.exprs([condition, then, otherwise]),
            ExprKind::Lambda { parameters, body } => {
                tree.list(parameters).for_each(|name| self.token(name));
                self.expr(body);
            }
            ExprKind::Object(items) => tree.list(items).for_each(|item| {
                let item = tree[item];
                self.within(item.span, |walk| walk.item(item.kind));
            }),
            ExprKind::Array(elements) => self.exprs(tree.list(elements)),
            ExprKind::For(id) => {
                let parts = tree[id];
                self.name(parts.item);
                self.name(parts.index);
                self.exprs([parts.source, parts.body]);
            }
            ExprKind::If { condition, body } => self.exprs([condition, body]),
        }
    }

    fn item(&mut self, kind: ItemKind) {
        match kind {
            ItemKind::Property { key, value } => {
                match key {
                    Key::Name(name) => self.name(name),
                    Key::String(key) => self.expr(key),
                    Key::Missing => {}
                }
                self.expr(value);
            }
            ItemKind::Spread(value) => self.expr(value),
            ItemKind::Resource(resource) => self.statement(resource),
            ItemKind::Skipped => {}
        }
    }

    fn r#type(&mut self, id: TypeId) {
        let found = self.parsed.tree()[id];
        self.within(found.span, |walk| walk.type_kind(found.kind));
    }

    fn type_kind(&mut self, kind: TypeKind) {
        let tree = self.parsed.tree();
        match kind {
            TypeKind::Missing => {}
            TypeKind::Name(name) => self.name(name),
            TypeKind::Generic { name, arguments } => {
                self.name(name);
                self.types(tree.list(arguments));
            }
            TypeKind::Member { base, name } => {
                self.r#type(base);
                self.name(name);
            }
            TypeKind::MemberGeneric {
                base,
                name,
                arguments,
            } => {
                self.r#type(base);
                self.name(name);
                self.types(tree.list(arguments));
            }
            TypeKind::Array(inner)
            | TypeKind::Elements(inner)
            | TypeKind::FurtherProperties(inner)
            | TypeKind::Nullable(inner)
            | TypeKind::NonNull(inner)
            | TypeKind::Parenthesized(inner)
            | TypeKind::Unary { operand: inner, .. } => self.r#type(inner),
            TypeKind::Index { base, index } => {
                self.r#type(base);
                self.expr(index);
            }
            TypeKind::Union(members) => self.types(tree.list(members)),
            TypeKind::Tuple(items) | TypeKind::Object(items) => {
                tree.list(items).for_each(|item| self.type_item(item));
            }
            TypeKind::Literal(literal) => self.expr(literal),
            TypeKind::Resource(name) => self.exprs(name),
        }
    }

    fn type_item(&mut self, id: TypeItemId) {
        let tree = self.parsed.tree();
        let item = tree[id];
        self.within(item.span, |walk| {
            walk.exprs(tree.list(item.decorators));
            match item.key {
                TypeKey::Name(name) => walk.name(name),
                TypeKey::String(key) => walk.expr(key),
                TypeKey::Any | TypeKey::None => {}
            }
            walk.r#type(item.value);
        });
    }
}
