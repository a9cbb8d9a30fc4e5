//! The written grammar and the code go together: the same names, and every sentence of the one is
//! accepted by the other.

mod print;
mod sentences;
mod sound;
mod walk;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use sentences::{BICEP, PARAMS, Rule, Sentences, mutate, read, text};
use tricep_syntax::bicep::{Dialect, parse};

const CODE: [&str; 8] = [
    include_str!("../src/bicep/grammar/declaration.rs"),
    include_str!("../src/bicep/grammar/decorator.rs"),
    include_str!("../src/bicep/grammar/expression.rs"),
    include_str!("../src/bicep/grammar/import.rs"),
    include_str!("../src/bicep/grammar/literal.rs"),
    include_str!("../src/bicep/grammar/params.rs"),
    include_str!("../src/bicep/grammar/statement.rs"),
    include_str!("../src/bicep/grammar/type_expr.rs"),
];

/// The texts of the oracle, valid and broken.
const CASES: &str = include_str!("../../../tests/oracle/syntax/cases.jsonl");

/// Productions that are parts of functions: of the loop that reads operators, of lists, of the two
/// forms that a parenthesis can turn out to have.
const WITHOUT_FUNCTION: [&str; 5] = ["Dangling", "Operator", "LambdaParams", "ForHead", "ItemEnd"];

/// The names of the productions about tokens.
fn productions() -> Vec<String> {
    let names = read(&[BICEP, PARAMS]).names;
    let names = names.into_iter().skip_while(|name| name != "BicepFile");
    names.collect()
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
        if WITHOUT_FUNCTION.contains(&&*production) {
            continue;
        }
        let function = format!("fn {}<", snake_case(&production));
        let mut files = CODE.iter();
        assert!(files.any(|code| code.contains(&function)), "{production}");
    }
}

#[test]
fn what_a_production_names_is_a_production_or_a_token() {
    let grammar = read(&[BICEP, PARAMS]);
    for (name, rule) in &grammar.rules {
        for used in names(rule) {
            let known = used == "Eof" || grammar.rules.contains_key(used);
            assert!(known, "{used} in {name}");
        }
    }
}

/// The productions that a rule names.
fn names(rule: &Rule) -> Vec<&str> {
    match rule {
        Rule::Name(name) => vec![name],
        Rule::Sequence(rules) | Rule::Choice(rules) => rules.iter().flat_map(names).collect(),
        Rule::Times(rule, ..) => names(rule),
        Rule::Except(rule, except) => [names(rule), names(except)].concat(),
        Rule::Text(_) | Rule::Set { .. } | Rule::Ahead => Vec::new(),
    }
}

// ---------------------------------------------------------------- sentences

static SENTENCES: LazyLock<Sentences> = LazyLock::new(Sentences::new);

/// The bytes that decide about a sentence and about the blanks in it.
fn bytes() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let many = |most| prop::collection::vec(any::<u8>(), 0..most);
    (many(400), many(200))
}

fn start(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Bicep | Dialect::Arm => "BicepFile",
        Dialect::Params => "ParamsFile",
    }
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
    fn every_sentence_of_the_grammar_is_accepted_and_its_tree_can_be_printed(
        (derivation, blanks) in bytes(),
        dialect in dialect(),
    ) {
        let (tokens, _) = SENTENCES.derive(start(dialect), &derivation);
        let parsed = parse(text(&tokens, &blanks), dialect);
        prop_assert_eq!(parsed.errors(), [], "{:?}", parsed.text());
        sound::assert_sound(&parsed);
        print::assert_prints(&parsed);
    }

    #[test]
    fn mutants_of_sentences_have_trees_in_good_order(
        (derivation, blanks) in bytes(),
        changes in prop::collection::vec((0_u8..4, any::<u16>(), any::<u16>()), 1..4),
        dialect in dialect(),
    ) {
        let (mut tokens, _) = SENTENCES.derive(start(dialect), &derivation);
        mutate(&mut tokens, &changes);
        let parsed = parse(text(&tokens, &blanks), dialect);
        sound::assert_sound(&parsed);
        if parsed.is_valid() {
            print::assert_prints(&parsed);
        }
    }
}

#[test]
fn trees_of_the_valid_texts_of_the_oracle_can_be_printed() {
    let mut valid = 0;
    for line in CASES.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let dialect = match case["kind"].as_str() {
            Some("bicepparam") => Dialect::Params,
            _ => Dialect::Bicep,
        };
        let parsed = parse(case["text"].as_str().expect("a text"), dialect);
        sound::assert_sound(&parsed);
        if parsed.is_valid() {
            print::assert_prints(&parsed);
            valid += 1;
        }
    }
    assert!(valid > 400, "{valid}");
}

#[test]
fn layouts_that_change_what_belongs_together_can_be_printed() {
    for text in [
        "resource a 'b' = {\n  @x()\n  , name: 'x'\n}\n",
        "type a = [\n  g, | h?\n]\n",
        "output a resource = (\n)\n",
        "type a = | resource | int\n",
    ] {
        let parsed = parse(text, Dialect::Bicep);
        assert_eq!(parsed.errors(), [], "{text}");
        print::assert_prints(&parsed);
    }
}

#[test]
fn sentences_reach_every_production() {
    let mut random = 1_u64;
    let mut seen = BTreeSet::new();
    for _ in 0..3000 {
        let bytes: Vec<u8> = (0..400).map(|_| next(&mut random)).collect();
        seen.extend(SENTENCES.derive("BicepFile", &bytes).1);
        seen.extend(SENTENCES.derive("ParamsFile", &bytes).1);
    }
    for production in productions() {
        assert!(seen.contains(&production), "{production}");
    }
}

/// The next of a row of random bytes (xorshift).
fn next(random: &mut u64) -> u8 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random as u8
}
