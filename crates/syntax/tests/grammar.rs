//! The written grammar and the code go together.

const BICEP: &str = include_str!("../../../grammar/bicep.ebnf");
const PARAMS: &str = include_str!("../../../grammar/bicepparam.ebnf");
const CODE: [&str; 7] = [
    include_str!("../src/bicep/grammar/declaration.rs"),
    include_str!("../src/bicep/grammar/decorator.rs"),
    include_str!("../src/bicep/grammar/expression.rs"),
    include_str!("../src/bicep/grammar/import.rs"),
    include_str!("../src/bicep/grammar/literal.rs"),
    include_str!("../src/bicep/grammar/params.rs"),
    include_str!("../src/bicep/grammar/statement.rs"),
];
const TYPES: &str = include_str!("../src/bicep/grammar/type_expr.rs");

/// Productions that are parts of functions: of the loop that reads operators, of lists, of the two
/// forms that a parenthesis can turn out to have.
const WITHOUT_FUNCTION: [&str; 5] = ["Dangling", "Operator", "LambdaParams", "ForHead", "ItemEnd"];

/// The names of the productions about tokens.
fn productions() -> Vec<&'static str> {
    let tokens = BICEP.split("files and statements").nth(1);
    let tokens = tokens.expect("the grammar has a part about tokens");
    tokens
        .lines()
        .chain(PARAMS.lines())
        .filter_map(|line| line.split_once("::="))
        .map(|(name, _)| name.trim())
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[test]
fn every_production_is_a_function() {
    for production in productions() {
        if WITHOUT_FUNCTION.contains(&production) {
            continue;
        }
        let function = format!("fn {}<", snake_case(production));
        let mut files = CODE.iter().chain([&TYPES]);
        assert!(files.any(|code| code.contains(&function)), "{production}");
    }
}

#[test]
fn what_a_production_names_is_a_production_or_a_token() {
    let known: Vec<_> = BICEP
        .lines()
        .chain(PARAMS.lines())
        .filter_map(|line| line.split_once("::="))
        .map(|(name, _)| name.trim())
        .collect();
    for name in productions() {
        let body = rule(name);
        for word in body.split(|c: char| !c.is_ascii_alphanumeric()) {
            let is_name = word.starts_with(|c: char| c.is_ascii_uppercase());
            assert!(
                !is_name || word == "Eof" || known.contains(&word),
                "{word} in {name}"
            );
        }
    }
}

/// The right side of a production, without comments and keywords.
fn rule(name: &str) -> String {
    let both = format!("{BICEP}\n{PARAMS}");
    let start = both
        .find(&format!("\n{name} "))
        .expect("the production is there");
    let rest = &both[start + 1..];
    let end = rest.lines().skip(1).position(|line| !line.starts_with(' '));
    let lines: Vec<_> = rest.lines().take(end.map_or(1, |end| end + 1)).collect();
    let mut text = lines.join(" ");
    while let (Some(from), Some(to)) = (text.find("/*"), text.find("*/")) {
        text.replace_range(from..to + 2, "");
    }
    let mut quoted = false;
    text.retain(|c| {
        quoted ^= c == '"';
        !quoted && c != '"'
    });
    text
}
