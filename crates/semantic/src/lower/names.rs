//! Names that are declared several times, and expressions that bear on no value but whose names must
//! be there: decorators, metadata, assertions.

use tricep_syntax::bicep::ast::{self, ExprKind as Syntax, ItemKind, Key, StatementKind, TypeKey};
use tricep_syntax::bicep::{Kind, Parsed, SyntaxErrorKind};
use tricep_syntax::text::Span;

use super::Lowering;
use crate::eval::is_known;
use crate::template::{ExprKind, Repeated, Written};

/// The decorators (`tests/oracle` has the functions; decorators are in their namespace).
pub(crate) const DECORATORS: &[&str] = &[
    "allowed",
    "batchSize",
    "description",
    "discriminator",
    "export",
    "maxLength",
    "maxValue",
    "metadata",
    "minLength",
    "minValue",
    "nullIfNotFound",
    "onlyIfNotExists",
    "retryOn",
    "sealed",
    "secure",
    "validate",
    "waitUntil",
];

/// What a text says beside what it means, as far as its mistakes tell.
pub(super) fn written(parsed: &Parsed) -> Written {
    let mistakes = parsed.errors().iter().map(|error| {
        let before = parsed.text().get(..error.span.start as usize);
        let is_grave = !is_mended(error.kind, before.unwrap_or_default());
        (error.span, is_grave)
    });
    let mistakes: Vec<_> = mistakes.collect();
    Written::with_mistakes(&mistakes)
}

/// Whether the parser of the compiler goes on where it finds such a mistake, so that what stands
/// before it on the line is not lost. An index that does not end takes what is indexed with it
/// (seen in the oracle of syntax).
fn is_mended(kind: SyntaxErrorKind, before: &str) -> bool {
    match kind {
        SyntaxErrorKind::ExpectedExpression => !before.trim_end().ends_with(['[', '^', '?']),
        SyntaxErrorKind::Expected(token) => matches!(
            token,
            Kind::Colon | Kind::LeftParen | Kind::RightParen | Kind::LeftBrace
        ),
        SyntaxErrorKind::ExpectedLineBreak
        | SyntaxErrorKind::ExpectedLoopBody
        | SyntaxErrorKind::ExpectedKey
        | SyntaxErrorKind::EmptyIndex
        | SyntaxErrorKind::ExpectedOneInParentheses
        | SyntaxErrorKind::ExpectedSeparator
        | SyntaxErrorKind::ExpectedComma => true,
        _ => false,
    }
}

/// A name and where it stands.
type Place<'a> = (&'a str, Span);

impl<'a> Lowering<'a> {
    /// Notes the names that several declarations of the file share. Outputs and metadata cannot be
    /// referred to, and share names with their like only (`FileSymbol.ValidateScope`).
    pub(super) fn repeated_in_file(&mut self) {
        let (mut names, mut outputs, mut metadata) = (Vec::new(), Vec::new(), Vec::new());
        let (mut is_open, mut next) = (false, 0);
        for id in self.tree.list(self.tree.body()) {
            let statement = &self.tree[id];
            let is_inside = is_open;
            is_open = !self.parsed.is_valid() && self.ends_open(&mut next, statement.span);
            // What a mistake before it runs into is no declaration, nor what stands in brackets
            // that are not closed.
            let start = statement.span.start;
            if is_inside || self.template.written.is_within_mistake(start) {
                continue;
            }
            match statement.kind {
                StatementKind::Output { name, .. } => outputs.extend(name),
                StatementKind::Metadata { name, .. } => metadata.extend(name),
                StatementKind::ImportList { items, .. } => {
                    let items = self.tree.list(items).map(|item| self.tree[item]);
                    names.extend(items.filter_map(|item| self.import_name(item)));
                }
                // Where the parameters are broken the name is lost.
                StatementKind::Func { .. } if self.template.written.is_broken(statement.span) => {}
                StatementKind::Extension { spec, alias, .. } => {
                    names.extend(alias.or(self.as_name(spec)));
                }
                StatementKind::Param { name, .. }
                | StatementKind::Var { name, .. }
                | StatementKind::Type { name, .. }
                | StatementKind::Func { name, .. }
                | StatementKind::Resource { name, .. }
                | StatementKind::Module { name, .. }
                | StatementKind::Test { name, .. }
                | StatementKind::Assert { name, .. }
                | StatementKind::ImportAll { name, .. }
                | StatementKind::ExtensionConfig { name, .. } => names.extend(name),
                _ => {}
            }
        }
        let kinds = [
            (Repeated::Name, names),
            (Repeated::Result, outputs),
            (Repeated::Result, metadata),
        ];
        for (kind, names) in kinds {
            let places = names.into_iter().map(|name| self.place_of(name));
            let places = places.filter(|&(_, at)| !self.template.written.is_covered(at));
            let places = places.collect();
            self.repeated(kind, places);
        }
    }

    /// Whether a brace or square bracket in a statement is not closed in it. `next` is the first token behind the
    /// statement before.
    fn ends_open(&self, next: &mut u32, statement: Span) -> bool {
        let tokens = self.parsed.tokens();
        let mut depth = 0_i64;
        let left = tokens.kinds().get(*next as usize..).unwrap_or_default();
        for (kind, index) in left.iter().zip(*next..) {
            let at = tokens.span(self.parsed.token(index));
            if at.start >= statement.end {
                break;
            }
            *next = index + 1;
            depth += match kind {
                Kind::LeftBrace | Kind::LeftSquare => 1,
                Kind::RightBrace | Kind::RightSquare => -1,
                _ => 0,
            };
        }
        depth > 0
    }

    /// The name that an item of an import declares; `a as` without more declares none.
    fn import_name(&self, item: ast::ImportItem) -> Option<ast::Name> {
        let ends = self.tree[item.name].span.end == item.span.end;
        item.alias.or(self.as_name(item.name).filter(|_| ends))
    }

    /// The name that an extension has when no other is given to it.
    pub(super) fn extension_name(&self, spec: ast::ExprId) -> Option<ast::Name> {
        let name = self.as_name(spec)?;
        // These are there in any case.
        (!matches!(self.parsed.name(name), "az" | "sys")).then_some(name)
    }

    /// Notes the parameters of a function that share a name.
    pub(super) fn repeated_in_list(&mut self, parameters: ast::List<ast::FuncParamId>) {
        let names = self.tree.list(parameters);
        let names = names.filter_map(|parameter| self.tree[parameter].name);
        let places = names.map(|name| self.place_of(name)).collect();
        self.repeated(Repeated::Name, places);
    }

    /// Notes the keys of an object type that were there before.
    pub(super) fn repeated_keys(&mut self, items: ast::List<ast::TypeItemId>) {
        let mut seen = rustc_hash::FxHashSet::default();
        for item in self.tree.list(items) {
            let (key, at) = match self.tree[item].key {
                TypeKey::Name(name) => (self.name(name), self.parsed.name_span(name)),
                TypeKey::String(expr) => match self.parsed.string_value(expr) {
                    Some(text) => (self.intern(&text), self.tree[expr].span),
                    None => continue,
                },
                TypeKey::Any | TypeKey::None => continue,
            };
            if !seen.insert(key.clone()) {
                self.template.written.add_repeated(Repeated::Key, key, at);
            }
        }
    }

    /// Notes every place of a name that is in several places.
    pub(super) fn repeated(&mut self, kind: Repeated, mut places: Vec<Place<'a>>) {
        places.sort_unstable_by_key(|&(name, _)| name);
        for group in places.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
            for &(name, at) in group {
                let name = self.intern(name);
                self.template.written.add_repeated(kind, name, at);
            }
        }
    }

    pub(super) fn place_of(&self, name: ast::Name) -> Place<'a> {
        (self.parsed.name(name), self.parsed.name_span(name))
    }

    /// An expression that is a name.
    fn as_name(&self, expr: ast::ExprId) -> Option<ast::Name> {
        match self.tree[expr].kind {
            Syntax::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The value of metadata or of an assertion.
    pub(super) fn loose(&mut self, value: ast::ExprId) {
        if self.has_names(value) {
            let value = self.expr(value);
            self.template.written.add_loose(value);
        }
    }

    /// What decorators name: themselves and in their arguments.
    pub(super) fn decorators(&mut self, decorators: ast::List<ast::ExprId>) {
        for decorator in self.tree.list(decorators) {
            let arguments = match self.tree[decorator].kind {
                Syntax::Call { name, arguments } => {
                    self.decorator(decorator, name);
                    arguments
                }
                Syntax::MethodCall { arguments, .. } => arguments,
                Syntax::Name(name) => {
                    self.decorator(decorator, name);
                    continue;
                }
                _ => continue,
            };
            for argument in self.tree.list(arguments) {
                if self.has_names(argument) {
                    self.expr(argument);
                }
            }
        }
    }

    /// Notes a decorator that nothing is called.
    fn decorator(&mut self, decorator: ast::ExprId, name: ast::Name) {
        let text = self.parsed.name(name);
        let is_there = DECORATORS.contains(&text) || is_known(text) || self.resolve(text).is_some();
        if !is_there {
            let name = self.name(name);
            self.add(self.tree[decorator].span, ExprKind::Undeclared(name));
        }
    }

    /// Whether an expression is more than literals in objects and arrays.
    fn has_names(&self, expr: ast::ExprId) -> bool {
        let mut open = vec![expr];
        while let Some(expr) = open.pop() {
            match self.tree[expr].kind {
                Syntax::Missing
                | Syntax::Null
                | Syntax::Bool(_)
                | Syntax::Int(_)
                | Syntax::String(_) => {}
                Syntax::Array(elements) => open.extend(self.tree.list(elements)),
                Syntax::Object(items) => {
                    for item in self.tree.list(items) {
                        match self.tree[item].kind {
                            ItemKind::Property {
                                key: Key::Name(_) | Key::Missing,
                                value,
                            } => open.push(value),
                            ItemKind::Property {
                                key: Key::String(key),
                                value,
                            } => open.extend([key, value]),
                            _ => return true,
                        }
                    }
                }
                _ => return true,
            }
        }
        false
    }
}
