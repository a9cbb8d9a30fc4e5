//! A tree in one line per statement, brackets around what belongs together, `?` for what is missing.

use tricep_syntax::bicep::Parsed;
use tricep_syntax::bicep::ast::{
    ExprId, ExprKind, Id, ItemId, ItemKind, Key, List, Name, StatementId, StatementKind, TypeId,
    TypeKind, Using,
};

/// The statements of a file.
pub(crate) fn outline(parsed: &Parsed) -> Vec<String> {
    let statements = parsed.tree().list(parsed.tree().body());
    statements.map(|id| statement(parsed, id)).collect()
}

fn name(parsed: &Parsed, name: Option<Name>) -> &str {
    name.map_or("?", |name| parsed.name(name))
}

fn join<T: Id>(parsed: &Parsed, list: List<T>, show: fn(&Parsed, T) -> String) -> String {
    let shown: Vec<_> = parsed
        .tree()
        .list(list)
        .map(|id| show(parsed, id))
        .collect();
    shown.join(", ")
}

fn statement(parsed: &Parsed, id: StatementId) -> String {
    let tree = parsed.tree();
    let statement = tree[id];
    let mut line = String::new();
    for decorator in tree.list(statement.decorators) {
        line += &format!("@{} ", expr(parsed, decorator));
    }
    let name = |found| name(parsed, found);
    let expr = |id| expr(parsed, id);
    let shown = match statement.kind {
        StatementKind::Skipped => format!("skipped {:?}", &parsed.text()[statement.span.range()]),
        StatementKind::TargetScope { value } => format!("targetScope = {}", expr(value)),
        StatementKind::Metadata { name: n, value } => {
            format!("metadata {} = {}", name(n), expr(value))
        }
        StatementKind::Assert { name: n, value } => {
            format!("assert {} = {}", name(n), expr(value))
        }
        StatementKind::Param {
            name: n,
            r#type,
            value,
        } => {
            let r#type = r#type.map_or(String::new(), |id| format!(" {}", ty(parsed, id)));
            let value = value.map_or(String::new(), |id| format!(" = {}", expr(id)));
            format!("param {}{}{}", name(n), r#type, value)
        }
        StatementKind::Var {
            name: n,
            r#type,
            value,
        } => {
            let r#type = r#type.map_or(String::new(), |id| format!(" {}", ty(parsed, id)));
            format!("var {}{} = {}", name(n), r#type, expr(value))
        }
        StatementKind::Type { name: n, value } => {
            format!("type {} = {}", name(n), ty(parsed, value))
        }
        StatementKind::Func {
            name: n,
            parameters,
            result,
            body,
        } => {
            let parameters: Vec<_> = tree
                .list(parameters)
                .map(|id| format!("{} {}", name(tree[id].name), ty(parsed, tree[id].r#type)))
                .collect();
            let result = ty(parsed, result);
            let parameters = parameters.join(", ");
            format!("func {}({parameters}) {result} => {}", name(n), expr(body))
        }
        StatementKind::Output {
            name: n,
            r#type,
            value,
        } => format!(
            "output {} {} = {}",
            name(n),
            ty(parsed, r#type),
            expr(value)
        ),
        StatementKind::Resource {
            name: n,
            r#type,
            existing,
            body,
        } => {
            let existing = if existing { " existing" } else { "" };
            format!(
                "resource {} {}{existing} = {}",
                name(n),
                expr(r#type),
                expr(body)
            )
        }
        StatementKind::Module {
            name: n,
            path,
            body,
        } => format!("module {} {} = {}", name(n), expr(path), expr(body)),
        StatementKind::Test {
            name: n,
            path,
            body,
        } => format!("test {} {} = {}", name(n), expr(path), expr(body)),
        StatementKind::ImportList { items, path } => {
            let items: Vec<_> = tree
                .list(items)
                .map(|id| match tree[id].alias {
                    Some(alias) => format!("{} as {}", expr(tree[id].name), parsed.name(alias)),
                    None => expr(tree[id].name),
                })
                .collect();
            format!("import {{{}}} from {}", items.join(", "), expr(path))
        }
        StatementKind::ImportAll { name: n, path } => {
            format!("import * as {} from {}", name(n), expr(path))
        }
        StatementKind::Extension {
            spec,
            config,
            alias,
        } => {
            let config = config.map_or(String::new(), |id| format!(" with {}", expr(id)));
            let alias = alias.map_or(String::new(), |id| format!(" as {}", parsed.name(id)));
            format!("extension {}{config}{alias}", expr(spec))
        }
        StatementKind::ExtensionConfig { name: n, config } => {
            format!("extensionConfig {} with {}", name(n), expr(config))
        }
        StatementKind::Using { target, config } => {
            let target = match target {
                Using::None => "none".to_owned(),
                Using::Path(path) => expr(path),
            };
            let config = config.map_or(String::new(), |id| format!(" with {}", expr(id)));
            format!("using {target}{config}")
        }
        StatementKind::Extends { path } => format!("extends {}", expr(path)),
    };
    line + &shown
}

fn expr(parsed: &Parsed, id: ExprId) -> String {
    let tree = parsed.tree();
    let show = |id| expr(parsed, id);
    let name = |found| name(parsed, found);
    match tree[id].kind {
        ExprKind::Missing => "?".to_owned(),
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::String(_) => {
            parsed.text()[tree[id].span.range()].to_owned()
        }
        ExprKind::Interpolated { holes, .. } => format!("'${{{}}}'", join(parsed, holes, expr)),
        ExprKind::Name(n) => parsed.name(n).to_owned(),
        ExprKind::Member {
            base,
            name: n,
            safe,
        } => format!("{}.{}{}", show(base), if safe { "?" } else { "" }, name(n)),
        ExprKind::NestedResource { base, name: n } => format!("{}::{}", show(base), name(n)),
        ExprKind::Index {
            base,
            index,
            safe,
            from_end,
        } => {
            let safe = if safe { "?" } else { "" };
            let from_end = if from_end { "^" } else { "" };
            format!("{}[{safe}{from_end}{}]", show(base), show(index))
        }
        ExprKind::NonNull(base) => format!("{}!", show(base)),
        ExprKind::Call { name, arguments } => {
            format!("{}({})", parsed.name(name), join(parsed, arguments, expr))
        }
        ExprKind::MethodCall {
            base,
            name: n,
            arguments,
        } => {
            let arguments = join(parsed, arguments, expr);
            format!("{}.{}({arguments})", show(base), name(n))
        }
        ExprKind::Unary { operator, operand } => {
            format!("({}{})", spelling(operator), show(operand))
        }
        ExprKind::Binary {
            operator,
            left,
            right,
        } => format!("({} {} {})", show(left), spelling(operator), show(right)),
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => format!(
            "({} ? {} : {})",
            show(condition),
            show(then),
            show(otherwise)
        ),
        ExprKind::Parenthesized(inner) => show(inner),
        ExprKind::Lambda { parameters, body } => {
            let parameters = join(parsed, parameters, |parsed, token| {
                parsed.token_text(token).to_owned()
            });
            format!("(({parameters}) => {})", show(body))
        }
        ExprKind::Object(items) => format!("{{{}}}", join(parsed, items, item)),
        ExprKind::Array(elements) => format!("[{}]", join(parsed, elements, expr)),
        ExprKind::Spread(inner) => format!("...{}", show(inner)),
        ExprKind::For(id) => {
            let parts = tree[id];
            let index = match parts.index {
                Some(index) => format!(", {}", parsed.name(index)),
                None => String::new(),
            };
            let (source, body) = (show(parts.source), show(parts.body));
            format!("[for {}{index} in {source}: {body}]", name(parts.item))
        }
        ExprKind::If { condition, body } => format!("if {} {}", show(condition), show(body)),
    }
}

fn spelling(operator: tricep_syntax::bicep::Kind) -> &'static str {
    operator.spelling().unwrap_or("?")
}

fn item(parsed: &Parsed, id: ItemId) -> String {
    match parsed.tree()[id].kind {
        ItemKind::Property { key, value } => {
            let key = match key {
                Key::Name(name) => parsed.name(name).to_owned(),
                Key::String(key) => expr(parsed, key),
                Key::Missing => "?".to_owned(),
            };
            format!("{key}: {}", expr(parsed, value))
        }
        ItemKind::Spread(value) => format!("...{}", expr(parsed, value)),
        ItemKind::Resource(resource) => statement(parsed, resource),
        ItemKind::Skipped => "skipped".to_owned(),
    }
}

fn ty(parsed: &Parsed, id: TypeId) -> String {
    let found = parsed.tree()[id];
    match found.kind {
        TypeKind::Missing => "?".to_owned(),
        TypeKind::Union(members) => {
            let members: Vec<_> = parsed
                .tree()
                .list(members)
                .map(|id| ty(parsed, id))
                .collect();
            format!("({})", members.join(" | "))
        }
        TypeKind::Nullable(inner) => format!("({}?)", ty(parsed, inner)),
        TypeKind::NonNull(inner) => format!("({}!)", ty(parsed, inner)),
        TypeKind::Array(inner) => format!("{}[]", ty(parsed, inner)),
        TypeKind::Unary { operator, operand } => {
            format!("({}{})", spelling(operator), ty(parsed, operand))
        }
        _ => parsed.text()[found.span.range()].to_owned(),
    }
}
