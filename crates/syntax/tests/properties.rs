//! What holds for every text, however broken.

mod sound;
mod walk;

use proptest::prelude::*;
use tricep_syntax::bicep::{Dialect, Parsed, parse};

/// Pieces that texts are thrown together from; blanks and breaks come often.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    " ",
    " ",
    " ",
    "\r\n",
    "\t",
    "param ",
    "var ",
    "resource ",
    "module ",
    "output ",
    "type ",
    "func ",
    "import ",
    "extension ",
    "extensionConfig ",
    "assert ",
    "test ",
    "metadata ",
    "targetScope ",
    "using ",
    "extends ",
    "existing ",
    "if ",
    "for ",
    "in ",
    "from ",
    "with ",
    "as ",
    "none ",
    "a",
    "b1",
    "_",
    "x y",
    "true",
    "false",
    "null",
    "0",
    "42",
    "99999999999999999999",
    "'s'",
    "'",
    "'a${",
    "}'",
    "}b${",
    "'\\n'",
    "'\\q'",
    "'\\u{1F600}'",
    "\\",
    "'''",
    "$'''",
    "'''\nx'''",
    "$$'''a$${",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "[",
    "]",
    "@",
    "@f()\n",
    ",",
    ",",
    ".",
    ".?",
    "?",
    ":",
    ":",
    "::",
    ";",
    "=",
    "=",
    "=>",
    "|",
    "...",
    "^",
    "-",
    "+",
    "*",
    "/",
    "%",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "!=",
    "=~",
    "!~",
    "&&",
    "||",
    "??",
    "!",
    "// c\n",
    "/* c */",
    "/*",
    "#disable-next-line BCP001",
    "#",
    "\"",
    "é",
    "😀",
    "\u{feff}",
    "\u{a0}",
    "{ a: 1 }",
    "[for x in y: z]",
    "a.b",
    "f(1)",
    "x => y",
    "var v = 1\n",
    "resource r 'A.B/c@2020-01-01' = {\n",
    "  name: 'n'\n",
    "param p string\n",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::collection::vec(prop::sample::select(PIECES), 0..60)
            .prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::Bicep), Just(Dialect::Params)]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_text_has_tokens_a_tree_and_errors_in_good_order(
        text in text(),
        dialect in dialect(),
    ) {
        sound::assert_sound(&parse(text.as_str(), dialect));
    }

    #[test]
    fn two_parses_of_one_text_are_equal(text in text(), dialect in dialect()) {
        prop_assert!(parse(text.as_str(), dialect) == parse(text.as_str(), dialect));
    }

    #[test]
    fn a_broken_line_leaves_the_statements_around_it_alone(line in text()) {
        let line: String = line.chars().filter(|c| !"\r\n*'\u{feff}".contains(*c)).collect();
        let text = format!("param before string\n{line}\nparam after int\n");
        let parsed = parse(text.as_str(), Dialect::Bicep);
        let names = names_of_params(&parsed);
        prop_assert!(names.contains(&"before"), "{names:?} of {text:?}");
        prop_assert!(names.contains(&"after"), "{names:?} of {text:?}");
    }
}

fn names_of_params(parsed: &Parsed) -> Vec<&str> {
    use tricep_syntax::bicep::ast::StatementKind;
    let tree = parsed.tree();
    tree.list(tree.body())
        .filter_map(|id| match tree[id].kind {
            StatementKind::Param { name, .. } => name.map(|name| parsed.name(name)),
            _ => None,
        })
        .collect()
}
