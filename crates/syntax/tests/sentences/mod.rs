//! Random sentences of the written grammar.
//!
//! Enters: bytes, which decide about every alternative and repetition; where they end, the shortest
//! way out is taken, so fewer bytes give smaller sentences. Leaves: the tokens of a file and its text.
//!
//! What the grammar says in its NOTEs is kept in one of three ways: strings are put together here
//! from pieces that fit each other, [`Derivation::refused`] takes alternatives away, and
//! [`Derivation::production`] lists what is special about single productions.

mod ebnf;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use ebnf::{Grammar, Rule, read};

pub(crate) const BICEP: &str = include_str!("../../../../grammar/bicep.ebnf");
pub(crate) const PARAMS: &str = include_str!("../../../../grammar/bicepparam.ebnf");

/// What stands above the part of the grammar about tokens.
const SECOND_PART: &str = "files and statements";

/// How deep productions may lie within each other before the shortest way out is taken.
const DEEPEST: u32 = 34;

/// Most rounds of a repetition.
const ROUNDS: usize = 4;

/// Most rounds of the one that makes a file.
const STATEMENTS: usize = 10;

/// A token of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Which production it comes from; empty for what the grammar quotes.
    kind: &'static str,
}

const NEW_LINE: &str = "NewLine";

/// Writes sentences of one grammar.
pub(crate) struct Sentences {
    grammar: Grammar,
    /// How many productions the shortest way out of each one takes.
    heights: BTreeMap<String, u32>,
    /// Every word that is a keyword in some place.
    keywords: Vec<String>,
}

impl Sentences {
    pub(crate) fn new() -> Self {
        let grammar = read(&[BICEP, PARAMS]);
        let mut sentences = Self {
            heights: BTreeMap::new(),
            keywords: keywords(),
            grammar,
        };
        sentences.measure();
        sentences
    }

    /// The tokens of a sentence of `production`, and the productions used.
    pub(crate) fn derive(&self, production: &str, bytes: &[u8]) -> (Vec<Token>, BTreeSet<String>) {
        let mut derivation = Derivation {
            sentences: self,
            choices: Choices { bytes },
            tokens: Vec::new(),
            used: BTreeSet::new(),
            place: Place::default(),
            depth: 0,
            dollars: 0,
            at_end: false,
        };
        derivation.production(production);
        (derivation.tokens, derivation.used)
    }

    fn measure(&mut self) {
        loop {
            let mut changed = false;
            for name in &self.grammar.names {
                let height = self
                    .height(&self.grammar.rules[name])
                    .map(|height| height + 1);
                if let Some(height) = height
                    && self.heights.get(name).is_none_or(|&known| height < known)
                {
                    self.heights.insert(name.clone(), height);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn height(&self, rule: &Rule) -> Option<u32> {
        match rule {
            Rule::Name(name) if name == "Eof" => Some(0),
            Rule::Name(name) => self.heights.get(name).copied(),
            Rule::Text(_) | Rule::Set { .. } | Rule::Ahead | Rule::Times(_, 0, _) => Some(0),
            Rule::Times(rule, ..) | Rule::Except(rule, _) => self.height(rule),
            Rule::Sequence(rules) => rules
                .iter()
                .try_fold(0, |most, rule| Some(self.height(rule)?.max(most))),
            Rule::Choice(rules) => rules.iter().filter_map(|rule| self.height(rule)).min(),
        }
    }
}

/// The words in double quotes of the part about tokens.
fn keywords() -> Vec<String> {
    let (_, second) = BICEP.split_once(SECOND_PART).expect("the second part");
    let quoted = second.split('"').chain(PARAMS.split('"'));
    let words = quoted.filter(|word| word.chars().all(|c| c.is_ascii_alphabetic()));
    let mut words: Vec<_> = words.map(str::to_owned).collect();
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    words
}

// ---------------------------------------------------------------- choices

/// Decisions, one a byte.
struct Choices<'b> {
    bytes: &'b [u8],
}

impl Choices<'_> {
    fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A number below `end`; 0 where the bytes are over.
    fn below(&mut self, end: usize) -> usize {
        let Some((&first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        usize::from(first) % end
    }
}

// ---------------------------------------------------------------- derivations

/// What the place in the sentence allows.
#[derive(Clone, Copy)]
struct Place {
    /// Objects, arrays and loops.
    literals: bool,
    /// Inside a hole no line break may stand, and a brace would never end there.
    hole: bool,
    /// The next object is the body of a resource.
    resource_body: bool,
    /// The object around is the body of a resource.
    in_resource_body: bool,
    /// The next name would not be one if it were the word `resource`.
    resource_is_keyword: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            literals: true,
            hole: false,
            resource_body: false,
            in_resource_body: false,
            resource_is_keyword: false,
        }
    }
}

struct Derivation<'g, 'b> {
    sentences: &'g Sentences,
    choices: Choices<'b>,
    tokens: Vec<Token>,
    used: BTreeSet<String>,
    place: Place,
    depth: u32,
    /// How many dollars stand before the quotes of the string that is being spelt.
    dollars: usize,
    /// The last statement has no line break behind it.
    at_end: bool,
}

/// The words before which a lambda's body may not start on a new line.
const NO_BODY: [&str; 9] = [
    "assert", "import", "metadata", "module", "output", "param", "resource", "type", "var",
];

impl Derivation<'_, '_> {
    fn push(&mut self, text: impl Into<String>, kind: &'static str) {
        let text = text.into();
        self.tokens.push(Token { text, kind });
    }

    fn last(&self) -> &str {
        self.tokens.last().map_or("", |token| &token.text)
    }

    /// Whether the name of a variable was the last token.
    fn in_var(&self) -> bool {
        let end = self.tokens.len().saturating_sub(2);
        self.tokens
            .get(end)
            .is_some_and(|token| token.text == "var" && token.kind.is_empty())
    }

    fn last_is_break(&self) -> bool {
        let last = self.tokens.last();
        last.is_some_and(|token| token.kind == NEW_LINE)
    }

    fn production(&mut self, name: &str) {
        let before = self.place;
        self.used.insert(name.to_owned());
        self.depth += 1;
        match name {
            "Eof" => {}
            NEW_LINE => self.characters(NEW_LINE, |_| true),
            "Identifier" => self.identifier(),
            "Integer" => self.characters("Integer", |_| true),
            "StringComplete" => self.string_complete(),
            "String" => self.string(),
            "Decorator" => self.share(10, name),
            "Expression" | "TypeExpr" => self.share(30, name),
            "Statement" | "ParamsStatement" => self.share(120, name),
            "ResourceDecl" => {
                self.place.resource_body = true;
                self.body_of(name);
            }
            "Object" => {
                self.place.in_resource_body = self.place.resource_body;
                self.place.resource_body = false;
                self.body_of(name);
            }
            "Condition" | "ForHead" => {
                self.place.resource_body = false;
                self.body_of(name);
            }
            "TypeIndex" => {
                self.place.literals = false;
                self.body_of(name);
            }
            "LambdaBody" => {
                self.place.literals = true;
                self.lambda_body();
            }
            "TypeRef" => {
                self.place.resource_is_keyword = true;
                self.body_of(name);
            }
            // A break here would be read as part of what stands before.
            "Bar" if self.last() == "," || self.in_var() => self.push("|", ""),
            // Decorators that nothing follows end with line breaks, more of them separate nothing.
            "ItemEnd" if self.last_is_break() => self.push(",", ""),
            _ => self.body_of(name),
        }
        self.depth -= 1;
        self.place = before;
    }

    fn body_of(&mut self, name: &str) {
        let sentences = self.sentences;
        self.rule(&sentences.grammar.rules[name]);
    }

    fn ends_soon(&self) -> bool {
        self.choices.is_over() || self.depth > DEEPEST
    }

    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Name(name) => self.production(name),
            Rule::Text(text) => {
                self.place.resource_is_keyword = false;
                self.push(text.as_str(), "");
            }
            Rule::Sequence(rules) => rules.iter().for_each(|rule| {
                let tokens = self.tokens.len();
                self.rule(rule);
                self.place.resource_is_keyword &= self.tokens.len() == tokens;
            }),
            Rule::Choice(rules) => self.choice(rules),
            Rule::Times(rule, least, many) => self.times(rule, *least, *many),
            Rule::Ahead => self.at_end = true,
            Rule::Set { .. } | Rule::Except(..) => unreachable!("characters make tokens"),
        }
    }

    fn choice(&mut self, rules: &[Rule]) {
        let mut allowed: Vec<_> = rules.iter().filter(|rule| !self.refused(rule)).collect();
        if self.ends_soon() {
            allowed.sort_by_key(|rule| self.sentences.height(rule));
            allowed.truncate(1);
        }
        let at = self.choices.below(allowed.len());
        self.rule(allowed[at]);
    }

    fn times(&mut self, rule: &Rule, least: usize, many: bool) {
        // Some statements, few of other things, and ever fewer the deeper they lie.
        let (most, stops, of) = match self.depth {
            _ if !many => (1, 1, 3),
            1 => (STATEMENTS, 1, 8),
            2..=10 => (ROUNDS, 1, 3),
            _ => (ROUNDS, 2, 3),
        };
        for round in 0..most {
            let enough = round >= least;
            if enough && (self.ends_soon() || self.refused(rule) || self.choices.below(of) < stops)
            {
                return;
            }
            self.rule(rule);
            if self.at_end {
                return;
            }
        }
    }

    /// Whether a rule cannot stand in this place.
    fn refused(&self, rule: &Rule) -> bool {
        match rule {
            Rule::Name(name) => match name.as_str() {
                NEW_LINE => self.place.hole,
                "Object" => !self.place.literals || self.place.hole,
                "ArrayOrFor" => !self.place.literals,
                "NestedResource" => !self.place.in_resource_body,
                _ => false,
            },
            Rule::Times(rule, 1.., _) => self.refused(rule),
            Rule::Sequence(rules) => rules.iter().any(|rule| self.refused(rule)),
            _ => false,
        }
    }

    /// A production that may use up so many bytes: what follows it has a right to some too.
    fn share(&mut self, bytes: usize, name: &str) {
        let all = self.choices.bytes;
        let (ours, _) = all.split_at(all.len().min(bytes));
        self.choices.bytes = ours;
        self.body_of(name);
        let used = ours.len() - self.choices.bytes.len();
        self.choices.bytes = &all[used..];
    }

    fn lambda_body(&mut self) {
        let start = self.tokens.len();
        self.body_of("LambdaBody");
        let body = &self.tokens[start..];
        let breaks = body
            .iter()
            .take_while(|token| token.kind == NEW_LINE)
            .count();
        if NO_BODY.contains(&&*body[breaks].text) {
            self.tokens.drain(start..start + breaks);
        }
    }

    // ------------------------------------------------------------ tokens

    /// A token of a production about characters that `fits`.
    fn characters(&mut self, name: &'static str, fits: impl Fn(&str) -> bool) {
        let sentences = self.sentences;
        let text = self.fitting(&sentences.grammar.rules[name], fits);
        self.push(text, name);
    }

    /// Characters that `fits` takes; with the bytes over there is but one answer left to hope for.
    fn fitting(&mut self, rule: &Rule, fits: impl Fn(&str) -> bool) -> String {
        loop {
            let over = self.choices.is_over();
            let mut text = String::new();
            self.spell(rule, &mut text);
            if fits(&text) {
                return text;
            }
            assert!(!over, "{text:?} is the shortest of {rule:?}");
        }
    }

    fn spell(&mut self, rule: &Rule, text: &mut String) {
        let sentences = self.sentences;
        match rule {
            Rule::Name(name) => {
                self.used.insert(name.clone());
                if name == "HoleOpen" {
                    let first = text.bytes().take_while(|&b| b == b'$').count();
                    *text += &"$".repeat(first.max(self.dollars).saturating_sub(1));
                }
                self.spell(&sentences.grammar.rules[name], text);
            }
            Rule::Text(piece) => *text += piece,
            Rule::Set { not, ranges } => text.push(self.character(*not, ranges)),
            Rule::Sequence(rules) => rules.iter().for_each(|rule| self.spell(rule, text)),
            Rule::Choice(rules) => {
                let at = self.choices.below(rules.len());
                self.spell(&rules[at], text);
            }
            Rule::Times(rule, least, many) => {
                let most = if *many { ROUNDS } else { 1 };
                for round in 0..most {
                    if round >= *least && self.choices.below(3) == 0 {
                        return;
                    }
                    self.spell(rule, text);
                }
            }
            Rule::Except(rule, except) => {
                let fits = |text: &str| !sentences.grammar.takes(except, text);
                *text += &self.fitting(rule, fits);
            }
            Rule::Ahead => {}
        }
    }

    /// A character of a set: often one that means something somewhere.
    fn character(&mut self, not: bool, ranges: &[(char, char)]) -> char {
        const LIKELY: [char; 24] = [
            'a',
            'b',
            'Z',
            '_',
            '0',
            '7',
            ' ',
            '\t',
            '\n',
            '\r',
            '$',
            '{',
            '}',
            '\'',
            '\\',
            '#',
            '/',
            '*',
            '"',
            '\u{0}',
            'é',
            '\u{feff}',
            '😀',
            '\u{10ffff}',
        ];
        let first = self.choices.below(LIKELY.len());
        let mut likely = LIKELY.iter().cycle().skip(first).take(LIKELY.len());
        let found = likely.find(|&&c| ebnf::holds(not, ranges, c));
        found.copied().unwrap_or(ranges[0].0)
    }

    /// A name; words that are keywords elsewhere are names too.
    fn identifier(&mut self) {
        let keywords = &self.sentences.keywords;
        if self.choices.below(4) != 3 {
            return self.characters("Identifier", |_| true);
        }
        let word = &keywords[self.choices.below(keywords.len())];
        let behind_bracket = self
            .tokens
            .iter()
            .rev()
            .find(|token| token.kind != NEW_LINE);
        let starts_loop = word == "for" && behind_bracket.is_some_and(|token| token.text == "[");
        if starts_loop || word == "resource" && self.place.resource_is_keyword {
            self.push("other", "Identifier");
        } else {
            self.push(word.as_str(), "Identifier");
        }
    }

    // ------------------------------------------------------------ strings

    fn string_complete(&mut self) {
        self.characters("StringComplete", |text| !opens_hole(text));
    }

    /// A string of pieces that fit each other: one kind of quotes, one number of dollars.
    fn string(&mut self) {
        if self.ends_soon() || self.choices.below(2) == 0 {
            return self.string_complete();
        }
        let multi_line = self.choices.below(2);
        let left = self.piece("StringLeft", multi_line, 0);
        let dollars = left.bytes().take_while(|&b| b == b'$').count();
        self.push(left, "String");
        self.hole();
        for _ in 0..self.choices.below(3) {
            let middle = self.piece("StringMiddle", multi_line, dollars);
            self.push(middle, "String");
            self.hole();
        }
        let right = self.piece("StringRight", multi_line, dollars);
        self.push(right, "String");
    }

    /// A piece by the first (single line) or the second form of its production.
    fn piece(&mut self, name: &str, form: usize, dollars: usize) -> String {
        let sentences = self.sentences;
        self.dollars = dollars;
        let Rule::Choice(forms) = &sentences.grammar.rules[name] else {
            unreachable!("{name} has two forms");
        };
        self.fitting(&forms[form], |text| match (form, name) {
            (0, "StringRight") => !opens_hole_in_line(text),
            (0, _) => !opens_hole_in_line(&text[..text.len() - 1]),
            _ => fits_lines(name, text, dollars),
        })
    }

    fn hole(&mut self) {
        let before = self.place;
        self.place = Place {
            literals: false,
            hole: true,
            ..Place::default()
        };
        self.production("Hole");
        self.place = before;
    }
}

/// Whether a string that has no holes would have one.
fn opens_hole(text: &str) -> bool {
    if !text.contains("'''") {
        return opens_hole_in_line(text);
    }
    let dollars = text.bytes().take_while(|&b| b == b'$').count();
    let inside = &text[dollars + 3..text.len() - 3];
    inside.contains("'''") || has_hole(inside, dollars)
}

/// Whether a piece of a single-line string has a dollar before a brace, but for those escaped.
fn opens_hole_in_line(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '$']) {
        if rest[at..].starts_with("${") {
            return true;
        }
        let escape = usize::from(rest[at..].starts_with('\\'));
        rest = rest.get(at + 1 + escape..).unwrap_or_default();
    }
    false
}

/// Whether a piece of a multi-line string ends where it should, with `dollars` before the first one.
fn fits_lines(name: &str, text: &str, dollars: usize) -> bool {
    let (dollars, inside) = match name {
        "StringLeft" => {
            let dollars = text.bytes().take_while(|&b| b == b'$').count();
            (dollars, &text[dollars + 3..])
        }
        _ => (dollars, &text[1..]),
    };
    if name == "StringRight" {
        let inside = &inside[..inside.len() - 3];
        return !inside.contains("'''") && !has_hole(inside, dollars);
    }
    !inside.contains("'''")
        && has_hole(inside, dollars)
        && !has_hole(&inside[..inside.len() - 1], dollars)
}

fn has_hole(text: &str, dollars: usize) -> bool {
    dollars > 0 && text.contains(&("$".repeat(dollars) + "{"))
}

// ---------------------------------------------------------------- texts

/// Tokens as text, with blanks and comments between them as further bytes decide.
pub(crate) fn text(tokens: &[Token], bytes: &[u8]) -> String {
    let mut choices = Choices { bytes };
    let mut text = String::new();
    let mut before: Option<&Token> = None;
    for token in tokens {
        let breaks = token.kind == NEW_LINE;
        let two_breaks = breaks && before.is_some_and(|before| before.kind == NEW_LINE);
        text += match choices.below(8) {
            0 if touches(before, token) => "",
            1 if breaks => " // c /* 'd",
            2 => " /* c\n // */",
            3 if !two_breaks => "\t ",
            // Blanks between two breaks would make two tokens of them.
            _ if two_breaks => "",
            _ => " ",
        };
        text += &token.text;
        before = Some(token);
    }
    text
}

/// Whether two tokens stay two without a blank between them.
fn touches(before: Option<&Token>, token: &Token) -> bool {
    let apart = |token: &Token| "()[],".contains(&token.text) || token.kind == NEW_LINE;
    before.is_none_or(apart) || apart(token)
}

/// Deletes, doubles, swaps and inserts tokens.
pub(crate) fn mutate(tokens: &mut Vec<Token>, changes: &[(u8, u16, u16)]) {
    for &(change, at, other) in changes {
        if tokens.is_empty() {
            return;
        }
        let (at, other) = (
            usize::from(at) % tokens.len(),
            usize::from(other) % tokens.len(),
        );
        match change {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens.swap(at, other),
            _ => tokens.insert(at, tokens[other].clone()),
        }
    }
}
