//! A reader of the written grammar: enters the text of an `.ebnf` file, leaves its productions.

use std::collections::BTreeMap;

/// What stands on the right side of a production.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// `A`
    Name(String),
    /// `'x'` or `"x"`
    Text(String),
    /// `[a-z]`, `[^a-z]`
    Set {
        not: bool,
        ranges: Vec<(char, char)>,
    },
    /// `A B`
    Sequence(Vec<Rule>),
    /// `A | B`
    Choice(Vec<Rule>),
    /// `A?`, `A*`, `A+`: at least so many times, and whether more than once
    Times(Box<Rule>, usize, bool),
    /// `A - B`
    Except(Box<Rule>, Box<Rule>),
    /// `&A`
    Ahead,
}

/// The productions of a grammar, in the order in which they are written.
pub(crate) struct Grammar {
    pub(crate) names: Vec<String>,
    pub(crate) rules: BTreeMap<String, Rule>,
}

/// Reads one or more files as one grammar.
pub(crate) fn read(texts: &[&str]) -> Grammar {
    let mut grammar = Grammar {
        names: Vec::new(),
        rules: BTreeMap::new(),
    };
    for text in texts {
        let mut reader = Reader { rest: text };
        while let Some(name) = reader.head() {
            let rule = reader.choice();
            let before = grammar.rules.insert(name.clone(), rule);
            assert!(before.is_none(), "{name} is there twice");
            grammar.names.push(name);
        }
        assert_eq!(reader.rest, "", "everything is read");
    }
    grammar
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix("/*") else {
                return;
            };
            let (_, rest) = comment.split_once("*/").expect("comments end");
            self.rest = rest;
        }
    }

    fn take(&mut self, text: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, end: char) -> String {
        let (text, rest) = self.rest.split_once(end).expect("what opens is closed");
        self.rest = rest;
        text.to_owned()
    }

    /// A name, if one follows.
    fn name(&mut self) -> Option<String> {
        self.skip();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// `A ::=`
    fn head(&mut self) -> Option<String> {
        let name = self.name()?;
        assert!(self.take("::="), "{name} is defined");
        Some(name)
    }

    fn choice(&mut self) -> Rule {
        let mut all = vec![self.sequence()];
        while self.take("|") {
            all.push(self.sequence());
        }
        match all.len() {
            1 => all.remove(0),
            _ => Rule::Choice(all),
        }
    }

    fn sequence(&mut self) -> Rule {
        let mut all = Vec::new();
        while let Some(item) = self.item() {
            let rule = if self.take("-") {
                let except = self.item().expect("something is taken away");
                Rule::Except(Box::new(item), Box::new(except))
            } else {
                item
            };
            all.push(rule);
        }
        match all.len() {
            1 => all.remove(0),
            _ => Rule::Sequence(all),
        }
    }

    fn item(&mut self) -> Option<Rule> {
        let rule = self.primary()?;
        Some(if self.take("?") {
            Rule::Times(Box::new(rule), 0, false)
        } else if self.take("*") {
            Rule::Times(Box::new(rule), 0, true)
        } else if self.take("+") {
            Rule::Times(Box::new(rule), 1, true)
        } else {
            rule
        })
    }

    fn primary(&mut self) -> Option<Rule> {
        if self.take("'") {
            return Some(Rule::Text(self.until('\'')));
        }
        if self.take("\"") {
            return Some(Rule::Text(self.until('"')));
        }
        if self.take("[") {
            return Some(set(&self.until(']')));
        }
        if self.take("&") {
            self.item().expect("something is looked for");
            return Some(Rule::Ahead);
        }
        if self.take("(") {
            let rule = self.choice();
            assert!(self.take(")"), "parentheses close before {:?}", self.rest);
            return Some(rule);
        }
        let before = self.rest;
        let name = self.name()?;
        if self.take("::=") {
            self.rest = before;
            return None;
        }
        Some(Rule::Name(name))
    }
}

/// What stands between the brackets of a set.
fn set(text: &str) -> Rule {
    let (not, text) = match text.strip_prefix('^') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut ranges = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let from = character(&mut rest);
        let mut to = from;
        if let Some(behind) = rest.strip_prefix('-') {
            rest = behind;
            to = character(&mut rest);
        }
        ranges.push((from, to));
    }
    Rule::Set { not, ranges }
}

/// A character or `#xN`.
fn character(rest: &mut &str) -> char {
    if let Some(code) = rest.strip_prefix("#x") {
        let end = code.find(|c: char| !c.is_ascii_hexdigit());
        let (digits, behind) = code.split_at(end.unwrap_or(code.len()));
        *rest = behind;
        let code = u32::from_str_radix(digits, 16).expect("a code point");
        return char::from_u32(code).expect("a character");
    }
    let mut chars = rest.chars();
    let c = chars.next().expect("a range has an end");
    *rest = chars.as_str();
    c
}

impl Grammar {
    /// Whether a rule about characters takes all of a text.
    pub(crate) fn takes(&self, rule: &Rule, text: &str) -> bool {
        self.ends(rule, text).contains(&text.len())
    }

    /// Where a match of `rule` from the start of `text` on can end.
    fn ends(&self, rule: &Rule, text: &str) -> Vec<usize> {
        match rule {
            Rule::Name(name) => self.ends(&self.rules[name], text),
            Rule::Text(wanted) if text.starts_with(&**wanted) => vec![wanted.len()],
            Rule::Text(_) => Vec::new(),
            Rule::Set { not, ranges } => match text.chars().next() {
                Some(c) if holds(*not, ranges, c) => vec![c.len_utf8()],
                _ => Vec::new(),
            },
            Rule::Sequence(rules) => rules
                .iter()
                .fold(vec![0], |starts, rule| self.ends_from(rule, text, &starts)),
            Rule::Choice(rules) => {
                let ends = rules.iter().flat_map(|rule| self.ends(rule, text));
                ends.collect()
            }
            Rule::Times(rule, least, many) => self.ends_of_many(rule, text, *least, *many),
            Rule::Except(rule, except) => {
                let mut ends = self.ends(rule, text);
                ends.retain(|&end| !self.takes(except, &text[..end]));
                ends
            }
            Rule::Ahead => vec![0],
        }
    }

    fn ends_from(&self, rule: &Rule, text: &str, starts: &[usize]) -> Vec<usize> {
        let ends = starts.iter().flat_map(|&start| {
            let ends = self.ends(rule, &text[start..]);
            ends.into_iter().map(move |end| start + end)
        });
        let mut ends: Vec<_> = ends.collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    fn ends_of_many(&self, rule: &Rule, text: &str, least: usize, many: bool) -> Vec<usize> {
        let mut all = if least == 0 { vec![0] } else { Vec::new() };
        let mut last = vec![0];
        loop {
            last = self.ends_from(rule, text, &last);
            last.retain(|end| !all.contains(end));
            all.extend(&last);
            if last.is_empty() || !many {
                return all;
            }
        }
    }
}

/// Whether a character belongs to a set.
pub(crate) fn holds(not: bool, ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|&(from, to)| from <= c && c <= to) != not
}
