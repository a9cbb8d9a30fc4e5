//! A tree as text: a printer for trees of files without errors.
//!
//! What it prints has the same tree again, places apart. To compare two trees they are printed with
//! a label and brackets around every node, which tells apart what the language writes alike.

use std::fmt::Debug;

use tricep_syntax::bicep::ast::{
    ExprId, ExprKind, ForId, FuncParamId, Id, ImportItemId, ItemId, ItemKind, Key, List, Name,
    StatementId, StatementKind, TokenId, TypeId, TypeItemId, TypeKey, TypeKind, Using,
};
use tricep_syntax::bicep::{Kind, Parsed, parse};

/// The file as text, one blank between tokens, comments left out.
pub(crate) fn print(parsed: &Parsed) -> String {
    printed(parsed, false)
}

/// The tree with every node marked.
pub(crate) fn shape(parsed: &Parsed) -> String {
    printed(parsed, true)
}

/// Prints a file without errors and checks that its tree comes back.
pub(crate) fn assert_prints(parsed: &Parsed) {
    let text = print(parsed);
    let again = parse(text.as_str(), parsed.dialect());
    assert_eq!(
        again.errors(),
        [],
        "{:?} printed as {text:?}",
        parsed.text()
    );
    assert_eq!(shape(&again), shape(parsed), "{:?}", parsed.text());
}

fn printed(parsed: &Parsed, labels: bool) -> String {
    let mut printer = Printer {
        parsed,
        labels,
        out: String::new(),
    };
    for statement in parsed.tree().list(parsed.tree().body()) {
        printer.statement(statement);
        printer.out += "\n";
    }
    printer.out
}

struct Printer<'a> {
    parsed: &'a Parsed,
    labels: bool,
    out: String,
}

impl Printer<'_> {
    // ------------------------------------------------------------ pieces

    fn word(&mut self, word: &str) {
        self.out += word;
        self.out += " ";
    }

    fn name(&mut self, name: impl Into<Option<Name>>) {
        let name = name.into().map_or("?", |name| self.parsed.name(name));
        self.out += name;
        self.out += " ";
    }

    /// A node, with what it is called and brackets around it where nodes are marked.
    fn node(&mut self, kind: &dyn Debug, print: impl FnOnce(&mut Self)) {
        if !self.labels {
            return print(self);
        }
        let kind = format!("{kind:?}");
        let label = kind.split(|c: char| !c.is_alphanumeric()).next();
        self.word(&format!("⟨{}", label.unwrap_or_default()));
        print(self);
        self.word("⟩");
    }

    fn separated<T: Id>(&mut self, list: List<T>, separator: &str, print: fn(&mut Self, T)) {
        for (at, id) in self.parsed.tree().list(list).enumerate() {
            if at > 0 {
                self.word(separator);
            }
            print(self, id);
        }
    }

    /// Between braces or brackets, each item on a line of its own, unless it has to stand behind a
    /// comma on the line of the one before.
    fn lines<T: Id>(
        &mut self,
        [open, close]: [&str; 2],
        list: List<T>,
        print: fn(&mut Self, T),
        behind_comma: fn(&Self, T, T) -> bool,
    ) {
        self.word(open);
        let mut before = None;
        for id in self.parsed.tree().list(list) {
            let comma = before.is_some_and(|before| behind_comma(self, before, id));
            self.out += if comma { ", " } else { "\n" };
            print(self, id);
            before = Some(id);
        }
        self.out += "\n";
        self.word(close);
    }

    fn operator(&mut self, operator: Kind) {
        self.word(operator.spelling().expect("operators have one spelling"));
    }

    fn decorators(&mut self, decorators: List<ExprId>) {
        for decorator in self.parsed.tree().list(decorators) {
            self.word("@");
            self.expr(decorator);
            self.out += "\n";
        }
    }

    // ------------------------------------------------------------ statements

    fn statement(&mut self, id: StatementId) {
        let statement = self.parsed.tree()[id];
        self.node(&statement.kind, |printer| {
            printer.decorators(statement.decorators);
            printer.statement_kind(statement.kind);
        });
    }

    fn statement_kind(&mut self, kind: StatementKind) {
        match kind {
            // Decorators that nothing follows.
            StatementKind::Skipped => {}
            StatementKind::TargetScope { value } => {
                self.word("targetScope");
                self.assigned(value);
            }
            StatementKind::Metadata { name, value } => self.named_value("metadata", name, value),
            StatementKind::Assert { name, value } => self.named_value("assert", name, value),
            StatementKind::Param {
                name,
                r#type,
                value,
            } => {
                self.typed("param", name, r#type);
                value.into_iter().for_each(|value| self.assigned(value));
            }
            StatementKind::Var {
                name,
                r#type,
                value,
            } => {
                self.typed("var", name, r#type);
                self.assigned(value);
            }
            StatementKind::Output {
                name,
                r#type,
                value,
            } => {
                self.typed("output", name, Some(r#type));
                self.assigned(value);
            }
            StatementKind::Type { name, value } => {
                self.typed("type", name, None);
                self.word("=");
                self.r#type(value);
            }
            StatementKind::Func {
                name,
                parameters,
                result,
                body,
            } => {
                self.typed("func", name, None);
                self.word("(");
                self.separated(parameters, ",", Self::func_param);
                self.word(")");
                self.r#type(result);
                self.word("=>");
                self.expr(body);
            }
            StatementKind::Resource {
                name,
                r#type,
                existing,
                body,
            } => {
                self.typed("resource", name, None);
                self.expr(r#type);
                self.word(if existing { "existing" } else { "" });
                self.assigned(body);
            }
            StatementKind::Module { name, path, body } => {
                self.typed("module", name, None);
                self.expr(path);
                self.assigned(body);
            }
            StatementKind::Test { name, path, body } => {
                self.typed("test", name, None);
                self.expr(path);
                self.assigned(body);
            }
            StatementKind::ImportList { items, path } => {
                self.word("import {");
                self.separated(items, ",", Self::import_item);
                self.word("} from");
                self.expr(path);
            }
            StatementKind::ImportAll { name, path } => {
                self.typed("import * as", name, None);
                self.word("from");
                self.expr(path);
            }
            StatementKind::Extension {
                spec,
                config,
                alias,
            } => {
                self.word("extension");
                self.expr(spec);
                self.with(config);
                self.alias(alias);
            }
            StatementKind::ExtensionConfig { name, config } => {
                self.typed("extensionConfig", name, None);
                self.with(Some(config));
            }
            StatementKind::Using { target, config } => {
                self.word("using");
                match target {
                    Using::None => self.word("none"),
                    Using::Path(path) => self.expr(path),
                }
                self.with(config);
            }
            StatementKind::Extends { path } => {
                self.word("extends");
                self.expr(path);
            }
        }
    }

    fn assigned(&mut self, value: ExprId) {
        self.word("=");
        self.expr(value);
    }

    fn named_value(&mut self, keyword: &str, name: Option<Name>, value: ExprId) {
        self.typed(keyword, name, None);
        self.assigned(value);
    }

    fn typed(&mut self, keyword: &str, name: Option<Name>, r#type: Option<TypeId>) {
        self.word(keyword);
        self.name(name);
        r#type.into_iter().for_each(|found| self.r#type(found));
    }

    fn with(&mut self, config: Option<ExprId>) {
        if let Some(config) = config {
            self.word("with");
            self.expr(config);
        }
    }

    fn alias(&mut self, alias: Option<Name>) {
        if alias.is_some() {
            self.word("as");
            self.name(alias);
        }
    }

    fn func_param(&mut self, id: FuncParamId) {
        let parameter = self.parsed.tree()[id];
        self.name(parameter.name);
        self.r#type(parameter.r#type);
    }

    fn import_item(&mut self, id: ImportItemId) {
        let item = self.parsed.tree()[id];
        self.expr(item.name);
        self.alias(item.alias);
    }

    // ------------------------------------------------------------ expressions

    fn expr(&mut self, id: ExprId) {
        let kind = self.parsed.tree()[id].kind;
        self.node(&kind, |printer| printer.expr_kind(kind));
    }

    fn expr_kind(&mut self, kind: ExprKind) {
        match kind {
            // A lone line break in parentheses is taken.
            ExprKind::Missing => self.out += "\n",
            ExprKind::Null => self.word("null"),
            ExprKind::Bool(value) => self.word(if value { "true" } else { "false" }),
            ExprKind::Int(value) => self.word(&value.unwrap_or_default().to_string()),
            ExprKind::String(token) => self.word(self.parsed.token_text(token)),
            ExprKind::Interpolated { pieces, holes } => self.interpolated(pieces, holes),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Member { base, name, safe } => {
                self.expr(base);
                self.word(if safe { ".?" } else { "." });
                self.name(name);
            }
            ExprKind::NestedResource { base, name } => {
                self.expr(base);
                self.word("::");
                self.name(name);
            }
            ExprKind::Index {
                base,
                index,
                safe,
                from_end,
            } => {
                self.expr(base);
                self.word("[");
                self.word(if safe { "?" } else { "" });
                self.word(if from_end { "^" } else { "" });
                self.expr(index);
                self.word("]");
            }
            ExprKind::NonNull(base) => {
                self.expr(base);
                self.word("!");
            }
            ExprKind::Call { name, arguments } => {
                self.name(name);
                self.arguments(arguments);
            }
            ExprKind::MethodCall {
                base,
                name,
                arguments,
            } => {
                self.expr(base);
                self.word(".");
                self.name(name);
                self.arguments(arguments);
            }
            ExprKind::Unary { operator, operand } => {
                self.operator(operator);
                self.expr(operand);
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => {
                self.expr(left);
                self.operator(operator);
                self.expr(right);
            }
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                self.expr(condition);
                self.word("?");
                self.expr(then);
                self.word(":");
                self.expr(otherwise);
            }
            ExprKind::Parenthesized(inner) => {
                self.word("(");
                self.expr(inner);
                self.word(")");
            }
            ExprKind::Lambda { parameters, body } => {
                self.word("(");
                self.separated(parameters, ",", |printer, token| {
                    printer.name(Name::new(token));
                });
                self.word(") =>");
                self.expr(body);
            }
            ExprKind::Object(items) => {
                self.lines(["{", "}"], items, Self::item, Self::dangles);
            }
            ExprKind::Array(elements) => {
                self.word("[");
                self.separated(elements, ",", Self::expr);
                self.word("]");
            }
            ExprKind::Spread(inner) => {
                self.word("...");
                self.expr(inner);
            }
            ExprKind::For(id) => self.r#for(id),
            ExprKind::If { condition, body } => {
                self.word("if");
                self.expr(condition);
                self.expr(body);
            }
        }
    }

    fn interpolated(&mut self, pieces: List<TokenId>, holes: List<ExprId>) {
        let tree = self.parsed.tree();
        let mut holes = tree.list(holes);
        for piece in tree.list(pieces) {
            self.word(self.parsed.token_text(piece));
            holes.next().into_iter().for_each(|hole| self.expr(hole));
        }
    }

    fn arguments(&mut self, arguments: List<ExprId>) {
        self.word("(");
        self.separated(arguments, ",", Self::expr);
        self.word(")");
    }

    fn r#for(&mut self, id: ForId) {
        let parts = self.parsed.tree()[id];
        self.word("[ for");
        if parts.index.is_some() {
            self.word("(");
            self.name(parts.item);
            self.word(",");
            self.name(parts.index);
            self.word(")");
        } else {
            self.name(parts.item);
        }
        self.word("in");
        self.expr(parts.source);
        self.word(":");
        self.expr(parts.body);
        self.word("]");
    }

    /// Decorators that nothing follows would be those of an item on the next line.
    fn dangles(&self, before: ItemId, _: ItemId) -> bool {
        let tree = self.parsed.tree();
        match tree[before].kind {
            ItemKind::Resource(id) => tree[id].kind == StatementKind::Skipped,
            _ => false,
        }
    }

    /// A bar on the next line would belong to the item before.
    fn starts_with_bar(&self, _: TypeItemId, id: TypeItemId) -> bool {
        let tree = self.parsed.tree();
        let item = tree[id];
        let bare = item.key == TypeKey::None && item.decorators == List::EMPTY;
        bare && matches!(tree[item.value].kind, TypeKind::Union(_))
    }

    fn item(&mut self, id: ItemId) {
        let kind = self.parsed.tree()[id].kind;
        self.node(&kind, |printer| match kind {
            ItemKind::Property { key, value } => {
                match key {
                    Key::Name(name) => printer.name(name),
                    Key::String(key) => printer.expr(key),
                    Key::Missing => printer.word("?"),
                }
                printer.word(":");
                printer.expr(value);
            }
            ItemKind::Spread(value) => {
                printer.word("...");
                printer.expr(value);
            }
            ItemKind::Resource(resource) => printer.statement(resource),
            ItemKind::Skipped => printer.word("?"),
        });
    }

    // ------------------------------------------------------------ types

    fn r#type(&mut self, id: TypeId) {
        let kind = self.parsed.tree()[id].kind;
        self.node(&kind, |printer| printer.type_kind(kind));
    }

    fn type_kind(&mut self, kind: TypeKind) {
        match kind {
            TypeKind::Missing => self.word("?"),
            TypeKind::Name(name) => self.name(name),
            TypeKind::Generic { name, arguments } => {
                self.name(name);
                self.type_arguments(arguments);
            }
            TypeKind::Member { base, name } => {
                self.r#type(base);
                self.word(".");
                self.name(name);
            }
            TypeKind::MemberGeneric {
                base,
                name,
                arguments,
            } => {
                self.r#type(base);
                self.word(".");
                self.name(name);
                self.type_arguments(arguments);
            }
            TypeKind::Array(base) => self.postfix(base, "[ ]"),
            TypeKind::Elements(base) => self.postfix(base, "[ * ]"),
            TypeKind::FurtherProperties(base) => self.postfix(base, ". *"),
            TypeKind::Nullable(base) => self.postfix(base, "?"),
            TypeKind::NonNull(base) => self.postfix(base, "!"),
            TypeKind::Index { base, index } => {
                self.r#type(base);
                self.word("[");
                self.expr(index);
                self.word("]");
            }
            // The first bar keeps a member called `resource` from starting a type of that form.
            TypeKind::Union(members) => {
                self.word("|");
                self.separated(members, "|", Self::r#type);
            }
            TypeKind::Tuple(items) => {
                self.lines(["[", "]"], items, Self::type_item, Self::starts_with_bar);
            }
            TypeKind::Object(items) => {
                self.lines(["{", "}"], items, Self::type_item, Self::starts_with_bar);
            }
            TypeKind::Literal(literal) => self.expr(literal),
            TypeKind::Unary { operator, operand } => {
                self.operator(operator);
                self.r#type(operand);
            }
            TypeKind::Parenthesized(inner) => {
                self.word("(");
                self.r#type(inner);
                self.word(")");
            }
            TypeKind::Resource(name) => {
                self.word("resource");
                name.into_iter().for_each(|name| self.expr(name));
            }
        }
    }

    fn postfix(&mut self, base: TypeId, postfix: &str) {
        self.r#type(base);
        self.word(postfix);
    }

    fn type_arguments(&mut self, arguments: List<TypeId>) {
        self.word("<");
        self.separated(arguments, ",", Self::r#type);
        self.word(">");
    }

    fn type_item(&mut self, id: TypeItemId) {
        let item = self.parsed.tree()[id];
        self.decorators(item.decorators);
        match item.key {
            TypeKey::Name(name) => self.key(|printer| printer.name(name)),
            TypeKey::String(key) => self.key(|printer| printer.expr(key)),
            TypeKey::Any => self.key(|printer| printer.word("*")),
            TypeKey::None => {}
        }
        self.r#type(item.value);
    }

    fn key(&mut self, print: impl FnOnce(&mut Self)) {
        print(self);
        self.word(":");
    }
}
