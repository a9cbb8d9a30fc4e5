//! Expressions.

use std::sync::Arc;

use tricep_syntax::bicep::Kind;
use tricep_syntax::bicep::ast::{self, ExprKind as Syntax, ItemKind, Key};
use tricep_syntax::text::Span;

use super::{Lowering, Scope};
use crate::eval::{is_in, is_known, is_of_az};
use crate::template::{
    ArrayItem, BinaryOperator, ExprId, ExprKind, FileFunction, LocalId, Property, PropertyKey,
    Repeated, Symbol, TextPart, UnaryOperator,
};

/// Room that must be left on the stack before descending further, and how much is added at a time.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 1024 * 1024;

impl Lowering<'_> {
    pub(super) fn expr(&mut self, id: ast::ExprId) -> ExprId {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let syntax = self.tree[id];
            let kind = self.expr_kind(id, syntax.kind);
            self.add(syntax.span, kind)
        })
    }

    fn expr_kind(&mut self, id: ast::ExprId, syntax: Syntax) -> ExprKind {
        match syntax {
            Syntax::Missing | Syntax::If { .. } | Syntax::Spread(_) => ExprKind::Missing,
            Syntax::Null => ExprKind::Null,
            Syntax::Bool(value) => ExprKind::Bool(value),
            Syntax::Int(value) => ExprKind::Int(value.and_then(|value| i64::try_from(value).ok())),
            Syntax::String(token) => match self.parsed.string_value(id) {
                Some(text) if holds_half_a_pair(&text, self.parsed.token_text(token)) => {
                    ExprKind::Unpaired
                }
                Some(text) => ExprKind::Text(Arc::from(&*text)),
                None => ExprKind::Missing,
            },
            Syntax::Interpolated { pieces, holes } => self.interpolation(pieces, holes),
            Syntax::Name(name) => self.name_use(name),
            Syntax::Member {
                base,
                name: Some(name),
                safe,
            } => ExprKind::Member {
                base: self.expr(base),
                name: self.name(name),
                safe,
            },
            Syntax::NestedResource {
                base,
                name: Some(name),
            } => ExprKind::Nested {
                base: self.expr(base),
                name: self.name(name),
            },
            Syntax::Member { name: None, .. } | Syntax::NestedResource { name: None, .. } => {
                ExprKind::Missing
            }
            Syntax::Index {
                base,
                index,
                safe,
                from_end,
            } => ExprKind::Index {
                base: self.expr(base),
                index: self.expr(index),
                safe,
                from_end,
            },
            Syntax::NonNull(inner) => ExprKind::NonNull(self.expr(inner)),
            Syntax::Parenthesized(inner) => ExprKind::Parenthesized(self.expr(inner)),
            Syntax::Call { name, arguments } => self.function_call(name, arguments),
            Syntax::MethodCall {
                base,
                name,
                arguments,
            } => self.method_call(base, name, arguments),
            Syntax::Unary { operator, operand } => self.unary_kind(operator, operand),
            Syntax::Binary {
                operator,
                left,
                right,
            } => match binary_operator(operator) {
                Some(operator) => ExprKind::Binary(operator, self.expr(left), self.expr(right)),
                None => ExprKind::Missing,
            },
            Syntax::Ternary {
                condition,
                then,
                otherwise,
            } => ExprKind::Ternary {
                condition: self.expr(condition),
                then: self.expr(then),
                otherwise: self.expr(otherwise),
            },
            Syntax::Lambda { parameters, body } => self.lambda(parameters, body),
            Syntax::Object(items) => ExprKind::Object(self.properties(items)),
            Syntax::Array(elements) => self.array(elements),
            Syntax::For(head) => self.for_expr(self.tree[head]),
        }
    }

    fn interpolation(
        &mut self,
        pieces: ast::List<ast::TokenId>,
        holes: ast::List<ast::ExprId>,
    ) -> ExprKind {
        let parsed = self.parsed;
        let values = parsed.piece_values(pieces);
        let unpaired = |(value, token): (&std::borrow::Cow<'_, str>, ast::TokenId)| {
            holds_half_a_pair(value, parsed.token_text(token))
        };
        if values.iter().zip(self.tree.list(pieces)).any(unpaired) {
            return ExprKind::Unpaired;
        }
        let mut holes = self.tree.list(holes);
        let mut parts = Vec::with_capacity(2 * values.len());
        for value in values {
            if !value.is_empty() {
                parts.push(TextPart::Text(Arc::from(&*value)));
            }
            if let Some(hole) = holes.next() {
                parts.push(TextPart::Hole(self.expr(hole)));
            }
        }
        ExprKind::Interpolation(parts.into())
    }

    fn name_use(&mut self, name: ast::Name) -> ExprKind {
        match self.resolve(self.parsed.name(name)) {
            Some(symbol) => ExprKind::Symbol(symbol),
            None if self.extends && self.parsed.name(name) == "base" => ExprKind::Call {
                function: self.intern(crate::eval::BASE),
                arguments: [].into(),
            },
            None => ExprKind::Undeclared(self.name(name)),
        }
    }

    fn arguments(&mut self, arguments: ast::List<ast::ExprId>) -> Box<[ExprId]> {
        let arguments: Vec<_> = self.tree.list(arguments).collect();
        arguments
            .into_iter()
            .map(|argument| self.expr(argument))
            .collect()
    }

    fn function_call(&mut self, name: ast::Name, arguments: ast::List<ast::ExprId>) -> ExprKind {
        let text = self.name(name);
        // `nameof(x)` speaks of the expression, not of its value.
        if &*text == "nameof" && self.resolve("nameof").is_none() {
            return self.name_of(arguments);
        }
        let syntax = arguments;
        let arguments = self.arguments(syntax);
        // Locals do not hide functions: a call looks among file-level names only.
        match self.template.symbols.get(&text).copied() {
            Some(Symbol::Function(function)) => ExprKind::UserCall {
                function,
                arguments,
            },
            Some(Symbol::Import(import)) => match self.template.imports[import].name.clone() {
                Some(name) => ExprKind::ImportedCall {
                    import,
                    name,
                    arguments,
                },
                None => ExprKind::Undeclared(text),
            },
            _ if !is_in(&text, self.template.dialect) => ExprKind::Undeclared(text),
            // A local name is no function.
            _ if !is_known(&text) && self.resolve(&text).is_some_and(is_local) => ExprKind::Missing,
            _ => self.builtin(text, syntax, arguments),
        }
    }

    /// A call of a built-in function, whose arguments are lowered already. One that reads a file
    /// whose path is known is of its own form.
    fn builtin(
        &mut self,
        name: Arc<str>,
        syntax: ast::List<ast::ExprId>,
        arguments: Box<[ExprId]>,
    ) -> ExprKind {
        // Oracle: scope-0054, bicepparam-0036.
        if matches!(&*name, "newGuid" | "utcNow") && !self.in_default {
            let why = format!("`{name}()` can stand in the default of a parameter only");
            return ExprKind::Fails(why.into());
        }
        let function = FileFunction::named(&name)
            .filter(|function| arguments.len() <= function.max_arguments());
        if let (Some(function), Some(path)) = (function, self.tree.list(syntax).next())
            && let Some(reference) = self.data_reference(function.purpose(), path)
        {
            return ExprKind::Load {
                function,
                reference,
                arguments: arguments[1..].into(),
            };
        }
        ExprKind::Call {
            function: name,
            arguments,
        }
    }

    fn name_of(&mut self, arguments: ast::List<ast::ExprId>) -> ExprKind {
        let Some(argument) = self.tree.list(arguments).next() else {
            return ExprKind::Missing;
        };
        // What is named must be there, though nobody asks for its value.
        self.expr(argument);
        match self.tree[argument].kind {
            // Oracle: nameof-0013, nameof-0016, nameof-0019, nameof-0020.
            Syntax::Name(name)
                if matches!(
                    self.resolve(self.parsed.name(name)),
                    None | Some(Symbol::Type(_))
                ) =>
            {
                ExprKind::Undeclared(self.name(name))
            }
            Syntax::Name(name)
            | Syntax::Member {
                name: Some(name), ..
            }
            | Syntax::NestedResource {
                name: Some(name), ..
            } => ExprKind::Text(self.name(name)),
            _ => ExprKind::Missing,
        }
    }

    fn method_call(
        &mut self,
        base: ast::ExprId,
        name: Option<ast::Name>,
        arguments: ast::List<ast::ExprId>,
    ) -> ExprKind {
        let Some(name) = name else {
            return ExprKind::Missing;
        };
        if let Syntax::Name(space) = self.tree[base].kind {
            let text = self.parsed.name(space);
            match self.resolve(text) {
                Some(Symbol::Import(import)) => {
                    let name = self.name(name);
                    let arguments = self.arguments(arguments);
                    return ExprKind::ImportedCall {
                        import,
                        name,
                        arguments,
                    };
                }
                None if matches!(text, "sys" | "az") => {
                    if self.parsed.name(name) == "nameof" {
                        return self.name_of(arguments);
                    }
                    let function = self.name(name);
                    let lowered = self.arguments(arguments);
                    // Oracle: namespace-0009, bicepparam-0100.
                    let is_there = is_of_az(&function) == (text == "az")
                        && is_in(&function, self.template.dialect);
                    return match is_there {
                        true => self.builtin(function, arguments, lowered),
                        false => ExprKind::Undeclared(function),
                    };
                }
                // Letter case counts (namespace-0017).
                None => return ExprKind::Undeclared(self.name(space)),
                _ => {}
            }
        }
        ExprKind::MethodCall {
            base: self.expr(base),
            name: self.name(name),
        }
    }

    /// A prefix operator over a literal, as a type may have it.
    pub(super) fn unary(&mut self, span: Span, operator: Kind, operand: ast::ExprId) -> ExprId {
        let kind = self.unary_kind(operator, operand);
        self.add(span, kind)
    }

    fn unary_kind(&mut self, operator: Kind, operand: ast::ExprId) -> ExprKind {
        const SMALLEST: u64 = i64::MIN.unsigned_abs();
        match (operator, self.tree[operand].kind) {
            // -9223372036854775808 is in range although its digits alone are not.
            (Kind::Minus, Syntax::Int(Some(SMALLEST))) => ExprKind::Int(Some(i64::MIN)),
            (Kind::Minus, _) => ExprKind::Unary(UnaryOperator::Minus, self.expr(operand)),
            _ => ExprKind::Unary(UnaryOperator::Not, self.expr(operand)),
        }
    }

    fn lambda(&mut self, parameters: ast::List<ast::TokenId>, body: ast::ExprId) -> ExprKind {
        let mut scope = Scope::new();
        let mut locals = Vec::new();
        for token in self.tree.list(parameters) {
            let local = self.local();
            locals.push(local);
            let name = self.intern(self.parsed.token_text(token));
            scope.push((name, Symbol::Local(local)));
        }
        let parsed = self.parsed;
        let place = |token| (parsed.token_text(token), parsed.tokens().span(token));
        let names = self.tree.list(parameters).map(place).collect();
        self.repeated(Repeated::Name, names);
        self.scopes.push(scope);
        let body = self.expr(body);
        self.scopes.pop();
        ExprKind::Lambda {
            parameters: locals.into(),
            body,
        }
    }

    /// The items of an object; nested resources and skipped text are left out.
    pub(super) fn properties(&mut self, items: ast::List<ast::ItemId>) -> Box<[Property]> {
        let mut properties = Vec::new();
        for item in self.tree.list(items) {
            match self.tree[item].kind {
                ItemKind::Property { key, value } => {
                    let at = match key {
                        Key::Name(name) => Some(self.parsed.name_span(name)),
                        Key::String(expr) => Some(self.tree[expr].span),
                        Key::Missing => None,
                    };
                    let key = match key {
                        Key::Name(name) => PropertyKey::Fixed(self.name(name)),
                        Key::String(expr) => match self.parsed.string_value(expr) {
                            Some(text) => PropertyKey::Fixed(self.intern(&text)),
                            None => PropertyKey::Computed(self.expr(expr)),
                        },
                        Key::Missing => continue,
                    };
                    let value = self.expr(value);
                    if let Some(at) = at {
                        self.template.written.add_key(value, at);
                    }
                    properties.push(Property::Set { key, value });
                }
                ItemKind::Spread(expr) => properties.push(Property::Spread(self.expr(expr))),
                ItemKind::Resource(_) | ItemKind::Skipped => {}
            }
        }
        properties.into()
    }

    fn array(&mut self, elements: ast::List<ast::ExprId>) -> ExprKind {
        let elements: Vec<_> = self.tree.list(elements).collect();
        let items = elements
            .into_iter()
            .map(|element| match self.tree[element].kind {
                Syntax::Spread(inner) => ArrayItem::Spread(self.expr(inner)),
                _ => ArrayItem::One(self.expr(element)),
            });
        ExprKind::Array(items.collect())
    }

    fn for_expr(&mut self, head: ast::For) -> ExprKind {
        let source = self.expr(head.source);
        let (item, index, scope) = self.loop_names(head.item, head.index);
        self.scopes.push(scope);
        let body = self.expr(head.body);
        self.scopes.pop();
        ExprKind::For {
            item,
            index,
            source,
            body,
        }
    }

    /// The names that a loop declares.
    pub(super) fn loop_names(
        &mut self,
        item: Option<ast::Name>,
        index: Option<ast::Name>,
    ) -> (LocalId, Option<LocalId>, Scope) {
        let names = item.into_iter().chain(index);
        let names = names.map(|name| self.place_of(name)).collect();
        self.repeated(Repeated::Name, names);
        let mut scope = Scope::new();
        let item_id = self.local();
        scope.push((self.optional_name(item), Symbol::Local(item_id)));
        let index_id = index.map(|name| {
            let id = self.local();
            scope.push((self.name(name), Symbol::Local(id)));
            id
        });
        (item_id, index_id, scope)
    }
}

fn is_local(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Local(_))
}

/// Whether a decoded text stands for one that holds half of a surrogate pair: decoding puts the
/// replacement character there, which is then neither written as such nor as an escape.
fn holds_half_a_pair(value: &str, source: &str) -> bool {
    const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;
    let count = value.matches(REPLACEMENT).count();
    let escapes = || source.to_ascii_lowercase().matches("fffd}").count();
    count > 0 && count > source.matches(REPLACEMENT).count() + escapes()
}

fn binary_operator(kind: Kind) -> Option<BinaryOperator> {
    Some(match kind {
        Kind::Plus => BinaryOperator::Add,
        Kind::Minus => BinaryOperator::Subtract,
        Kind::Star => BinaryOperator::Multiply,
        Kind::Slash => BinaryOperator::Divide,
        Kind::Percent => BinaryOperator::Modulo,
        Kind::Less => BinaryOperator::Less,
        Kind::LessOrEqual => BinaryOperator::LessOrEqual,
        Kind::Greater => BinaryOperator::Greater,
        Kind::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
        Kind::Equal => BinaryOperator::Equal,
        Kind::NotEqual => BinaryOperator::NotEqual,
        Kind::EqualIgnoringCase => BinaryOperator::EqualIgnoreCase,
        Kind::NotEqualIgnoringCase => BinaryOperator::NotEqualIgnoreCase,
        Kind::And => BinaryOperator::And,
        Kind::Or => BinaryOperator::Or,
        Kind::Coalesce => BinaryOperator::Coalesce,
        _ => return None,
    })
}
