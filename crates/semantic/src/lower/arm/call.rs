//! Calls: what is an operator, an access or a symbol in Bicep becomes that, the rest stays a call.

use tricep_syntax::arm::{Access, Call, Expression, ExpressionKind};
use tricep_syntax::text::Span;

use super::expression::Origin;
use super::{Local, Lowering, Mode, Place};
use crate::eval::is_arm_function;
use crate::template::{
    ArrayItem, BinaryOperator, ExprId, ExprKind, Property, PropertyKey, Symbol, UnaryOperator,
};

/// How the failure of a call begins that calls nothing.
pub(super) const NO_FUNCTION: &str = "there is no function";
/// The functions that take lambdas.
const WITH_LAMBDAS: [&str; 7] = [
    "filter",
    "groupby",
    "map",
    "mapvalues",
    "reduce",
    "sort",
    "toobject",
];
/// The functions that read what is deployed already, beside those that start with `list`.
const LATE: [&str; 6] = [
    "reference",
    "references",
    "tologicalzone",
    "tologicalzones",
    "tophysicalzone",
    "tophysicalzones",
];

impl<'j> Lowering<'j> {
    /// A call and as many of the accesses behind it as belong to its meaning.
    pub(super) fn call_with_accesses(
        &mut self,
        call: &Call,
        origin: Origin<'_, 'j>,
    ) -> (ExprId, usize) {
        let is_reference =
            call.namespace.is_none() && call.name.text.eq_ignore_ascii_case("reference");
        if is_reference
            && self.place == Place::Late
            && let Some(found) = self.reference_to_declared(call, origin)
        {
            return found;
        }
        (self.call(call, origin), 0)
    }

    fn call(&mut self, call: &Call, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(call.span);
        let name = call.name.text.to_ascii_lowercase();
        if let Some(namespace) = &call.namespace {
            let full = format!("{}.{}", namespace.text, call.name.text);
            return self.user_call(&full, call, origin);
        }
        match (&*name, &*call.arguments) {
            ("true", []) => self.add(span, ExprKind::Bool(true)),
            ("false", []) => self.add(span, ExprKind::Bool(false)),
            ("null", []) => self.add(span, ExprKind::Null),
            ("parameters" | "variables", [argument]) => {
                self.named_value(&name, argument, span, origin)
            }
            ("copyindex", arguments) => self.copy_index(arguments, span, origin),
            ("lambdavariables", [argument]) => self.lambda_variable(argument, span),
            ("if", [condition, then, otherwise]) => {
                let kind = ExprKind::Ternary {
                    condition: self.expression(condition, origin),
                    then: self.expression(then, origin),
                    otherwise: self.expression(otherwise, origin),
                };
                self.add(span, kind)
            }
            ("not", [operand]) => {
                let operand = self.expression(operand, origin);
                self.add(span, ExprKind::Unary(UnaryOperator::Not, operand))
            }
            ("and", [_, _, ..]) => self.folded(BinaryOperator::And, call, origin),
            ("or", [_, _, ..]) => self.folded(BinaryOperator::Or, call, origin),
            ("coalesce", []) => self.add(span, ExprKind::Null),
            ("coalesce", _) => self.folded(BinaryOperator::Coalesce, call, origin),
            ("createarray", arguments) => {
                let items = arguments.iter();
                let items = items.map(|item| ArrayItem::One(self.expression(item, origin)));
                let items = items.collect();
                self.add(span, ExprKind::Array(items))
            }
            ("createobject", arguments) if plain_keys(arguments) => {
                self.plain_object(arguments, span, origin)
            }
            ("tryget", [base, keys @ ..]) if !keys.is_empty() => {
                self.try_get(base, keys, false, span, origin)
            }
            ("tryindexfromend", [base, keys @ ..]) if !keys.is_empty() => {
                self.try_get(base, keys, true, span, origin)
            }
            ("indexfromend", [base, index]) => {
                let kind = ExprKind::Index {
                    base: self.parenthesized(base, origin),
                    index: self.expression(index, origin),
                    safe: false,
                    from_end: true,
                };
                self.add(span, kind)
            }
            (_, [left, right]) => match binary_operator(&name) {
                Some(operator) => {
                    let left = self.expression(left, origin);
                    let right = self.expression(right, origin);
                    self.add(span, ExprKind::Binary(operator, left, right))
                }
                None => self.builtin(&name, call, origin),
            },
            _ => self.builtin(&name, call, origin),
        }
    }

    /// A call of a function of the engine.
    fn builtin(&mut self, name: &str, call: &Call, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(call.span);
        let written = &call.name.text;
        let is_list = name.starts_with("list");
        if !is_arm_function(name) && !is_list {
            let why = match is_special(name) {
                true => format!("`{written}` is given a wrong number of arguments"),
                false => format!("{NO_FUNCTION} `{written}`"),
            };
            return self.fails(span, why);
        }
        let misplaced = match name {
            "utcnow" | "newguid" => self.place != Place::ParameterDefault,
            _ => (is_list || LATE.contains(&name)) && self.place != Place::Late,
        };
        if misplaced {
            return self.fails(span, format!("`{written}` cannot be called here"));
        }
        if name == "resourceinfo"
            && let Some(found) = self.declared_info(call, span)
        {
            return found;
        }
        let takes_lambdas = WITH_LAMBDAS.contains(&name);
        let arguments = call.arguments.iter();
        let arguments = arguments.map(|argument| match takes_lambdas {
            true => self.lambda_or_value(argument, origin),
            false => self.expression(argument, origin),
        });
        let arguments = arguments.collect();
        let function = self.intern(written);
        self.add(
            span,
            ExprKind::Call {
                function,
                arguments,
            },
        )
    }

    fn user_call(&mut self, full: &str, call: &Call, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(call.span);
        let Some(&function) = self.functions.get(&full.to_lowercase()) else {
            return self.fails(span, format!("{NO_FUNCTION} `{full}`"));
        };
        let arguments = call.arguments.iter();
        let arguments = arguments.map(|argument| self.expression(argument, origin));
        let arguments = arguments.collect();
        self.add(
            span,
            ExprKind::UserCall {
                function,
                arguments,
            },
        )
    }

    /// `and`, `or`, `coalesce` of many values: one operator after the other, from the left.
    fn folded(&mut self, operator: BinaryOperator, call: &Call, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(call.span);
        let mut arguments = call.arguments.iter();
        let Some(first) = arguments.next() else {
            return self.add(span, ExprKind::Missing);
        };
        let mut value = self.expression(first, origin);
        for argument in arguments {
            let right = self.expression(argument, origin);
            value = self.add(span, ExprKind::Binary(operator, value, right));
        }
        value
    }

    fn plain_object(
        &mut self,
        arguments: &[Expression],
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        let pairs = arguments.chunks_exact(2);
        let properties = pairs.map(|pair| {
            let key = literal(&pair[0]).unwrap_or_default();
            Property::Set {
                key: PropertyKey::Fixed(self.intern(key)),
                value: self.expression(&pair[1], origin),
            }
        });
        let properties = properties.collect();
        self.add(span, ExprKind::Object(properties))
    }

    /// A value at which a chain of accesses starts anew.
    fn parenthesized(&mut self, expression: &Expression, origin: Origin<'_, 'j>) -> ExprId {
        let inner = self.expression(expression, origin);
        let span = self.template.exprs[inner].span;
        self.add(span, ExprKind::Parenthesized(inner))
    }

    /// `tryGet(base, key, …)` is safe for its first key only (x1305).
    fn try_get(
        &mut self,
        base: &Expression,
        keys: &[Expression],
        from_end: bool,
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        if !from_end && let Some(output) = self.tried_output(base, keys, span, origin) {
            return self.add(span, ExprKind::Parenthesized(output));
        }
        let mut value = self.parenthesized(base, origin);
        for (number, key) in keys.iter().enumerate() {
            let index = self.expression(key, origin);
            let kind = ExprKind::Index {
                base: value,
                index,
                safe: number == 0,
                from_end: from_end && number == 0,
            };
            value = self.add(span, kind);
        }
        self.add(span, ExprKind::Parenthesized(value))
    }

    /// `parameters('name')`, `variables('name')`; the name may be computed (x117).
    fn named_value(
        &mut self,
        section: &str,
        argument: &Expression,
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        let of_parameters = section == "parameters";
        let Some(name) = literal(argument) else {
            let all = match of_parameters {
                true => self.all_of_parameters(span),
                false => self.all_of_variables(span),
            };
            let index = self.expression(argument, origin);
            let kind = ExprKind::Index {
                base: all,
                index,
                safe: false,
                from_end: false,
            };
            return self.add(span, kind);
        };
        let symbol = match of_parameters {
            true => self.parameter_symbol(name),
            false => self.variable_symbol(name),
        };
        match symbol {
            Some(symbol) => self.symbol(span, symbol),
            // What its own names are in the second reading no fact tells.
            None if self.mode == Mode::Outer => {
                self.unsupported("a name in a template that another one evaluates", span)
            }
            None => {
                let kind = section.trim_end_matches('s');
                self.fails(span, format!("there is no {kind} `{name}`"))
            }
        }
    }

    /// In a function its own parameters are the only ones (userfn-06).
    fn parameter_symbol(&self, name: &str) -> Option<Symbol> {
        let name = name.to_lowercase();
        match &self.arguments {
            Some(arguments) => {
                let mut arguments = arguments.iter();
                let found = arguments.find(|(known, _)| *known == name);
                found.map(|&(_, local)| Symbol::Local(local))
            }
            None => self.parameters.get(&name).copied().map(Symbol::Parameter),
        }
    }

    fn variable_symbol(&self, name: &str) -> Option<Symbol> {
        let variable = self.variables.get(&name.to_lowercase()).copied();
        variable.map(Symbol::Variable)
    }

    fn all_of_parameters(&mut self, span: Span) -> ExprId {
        if let Some(arguments) = &self.arguments {
            let named: Vec<_> = arguments
                .iter()
                .map(|(name, local)| (name.clone(), Symbol::Local(*local)))
                .collect();
            return self.object_of(named, span);
        }
        if let Some(known) = self.all_parameters {
            return known;
        }
        let named = self.parameters.iter();
        let named = named.map(|(name, &id)| (name.clone(), Symbol::Parameter(id)));
        let all = self.object_of(named.collect(), span);
        self.all_parameters = Some(all);
        all
    }

    fn all_of_variables(&mut self, span: Span) -> ExprId {
        if let Some(known) = self.all_variables {
            return known;
        }
        let named = self.variables.iter();
        let named = named.map(|(name, &id)| (name.clone(), Symbol::Variable(id)));
        let all = self.object_of(named.collect(), span);
        self.all_variables = Some(all);
        all
    }

    fn object_of(&mut self, mut named: Vec<(String, Symbol)>, span: Span) -> ExprId {
        named.sort_by(|a, b| a.0.cmp(&b.0));
        let properties = named.into_iter().map(|(name, symbol)| Property::Set {
            key: PropertyKey::Fixed(self.intern(&name)),
            value: self.symbol(span, symbol),
        });
        let properties = properties.collect();
        self.add(span, ExprKind::Object(properties))
    }

    /// `copyIndex()`, `copyIndex(offset)`, `copyIndex('name')`, `copyIndex('name', offset)`
    fn copy_index(
        &mut self,
        arguments: &[Expression],
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        let (name, offset) = match arguments {
            [] => (None, None),
            [only] => match literal(only) {
                Some(name) => (Some(name), None),
                None => (None, Some(only)),
            },
            [name, offset] => (literal(name), Some(offset)),
            _ => return self.fails(span, "`copyIndex` is given a wrong number of arguments"),
        };
        let index = self.loop_index(name, span);
        let Some(offset) = offset else { return index };
        if matches!(offset.kind, ExpressionKind::Integer(offset) if offset < 0) {
            // copy-14
            return self.fails(span, "the offset of `copyIndex` cannot be negative");
        }
        let offset = self.expression(offset, origin);
        self.add(span, ExprKind::Binary(BinaryOperator::Add, index, offset))
    }

    fn lambda_variable(&mut self, argument: &Expression, span: Span) -> ExprId {
        let Some(wanted) = literal(argument) else {
            return self.unsupported("a computed name of a lambda variable", span);
        };
        let lower = wanted.to_lowercase();
        let found = self.locals.iter().rev().find_map(|local| match local {
            Local::Lambda { name, value } if *name == lower => Some(*value),
            _ => None,
        });
        match found {
            Some(value) => self.symbol(span, Symbol::Local(value)),
            None => self.fails(span, format!("there is no lambda variable `{wanted}`")),
        }
    }

    /// An argument of a function that takes lambdas: `lambda('x', …, body)` or a value.
    fn lambda_or_value(&mut self, argument: &Expression, origin: Origin<'_, 'j>) -> ExprId {
        match &argument.kind {
            ExpressionKind::Call(call)
                if call.namespace.is_none()
                    && call.accesses.is_empty()
                    && call.name.text.eq_ignore_ascii_case("lambda") =>
            {
                self.lambda(call, origin)
            }
            _ => self.expression(argument, origin),
        }
    }

    fn lambda(&mut self, call: &Call, origin: Origin<'_, 'j>) -> ExprId {
        let span = origin.span(call.span);
        let Some((body, names)) = call.arguments.split_last() else {
            return self.fails(span, "a lambda needs a body");
        };
        let mut parameters = Vec::with_capacity(names.len());
        let outer = self.locals.len();
        for name in names {
            let Some(name) = literal(name) else {
                self.locals.truncate(outer);
                return self.fails(
                    span,
                    "the names of a lambda's variables must be plain texts",
                );
            };
            let value = self.local();
            parameters.push(value);
            let name = name.to_lowercase();
            self.locals.push(Local::Lambda { name, value });
        }
        let body = self.expression(body, origin);
        self.locals.truncate(outer);
        self.add(
            span,
            ExprKind::Lambda {
                parameters: parameters.into(),
                body,
            },
        )
    }
}

/// The text of a plain text.
pub(super) fn literal(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Text(text) => Some(text),
        _ => None,
    }
}

/// The name behind a dot, or the plain text between brackets.
pub(super) fn access_name(access: &Access) -> Option<&str> {
    match access {
        Access::Member(name) => Some(&name.text),
        Access::Index(index, _) => literal(index),
    }
}

/// Whether the arguments of `createObject` are pairs with plain keys, each once.
fn plain_keys(arguments: &[Expression]) -> bool {
    let mut keys = rustc_hash::FxHashSet::default();
    arguments.len().is_multiple_of(2)
        && arguments
            .chunks_exact(2)
            .all(|pair| literal(&pair[0]).is_some_and(|key| keys.insert(key)))
}

/// Whether lowering knows the function itself, for the right number of arguments.
fn is_special(name: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "and",
        "coalesce",
        "copyindex",
        "createarray",
        "false",
        "if",
        "indexfromend",
        "not",
        "null",
        "or",
        "parameters",
        "true",
        "tryget",
        "variables",
    ];
    OTHERS.contains(&name) || binary_operator(name).is_some() || name == "tryindexfromend"
}

fn binary_operator(name: &str) -> Option<BinaryOperator> {
    Some(match name {
        "add" => BinaryOperator::Add,
        "sub" => BinaryOperator::Subtract,
        "mul" => BinaryOperator::Multiply,
        "div" => BinaryOperator::Divide,
        "mod" => BinaryOperator::Modulo,
        "equals" => BinaryOperator::Equal,
        "less" => BinaryOperator::Less,
        "lessorequals" => BinaryOperator::LessOrEqual,
        "greater" => BinaryOperator::Greater,
        "greaterorequals" => BinaryOperator::GreaterOrEqual,
        _ => return None,
    })
}
