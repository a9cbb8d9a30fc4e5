//! What names may look like: by Azure's rules, or by the users' own.

use regex::{Regex, RegexBuilder};

use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::property::Property;
use tricep_semantic::eval::Why;

/// A regular expression that takes more bytes than this is refused.
const MAX_REGEX: usize = 1 << 20;

/// What Azure lets a name hold besides letters and digits, which it must start and end with.
pub(crate) struct NameRule {
    /// So many characters at most.
    pub(crate) longest: usize,
    /// Characters that may stand inside.
    pub(crate) inside: &'static [char],
    /// All that may stand in it, in words.
    pub(crate) words: &'static str,
}

impl NameRule {
    /// What is wrong with a name, in words that may stand behind it.
    pub(crate) fn refuse(&self, name: &str) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric();
        let ends = [name.chars().next(), name.chars().next_back()];
        let length = name.chars().count();
        if length == 0 {
            Some("which is empty".to_owned())
        } else if length > self.longest {
            Some(format!(
                "which has {length} characters and may have {}",
                self.longest
            ))
        } else if !name
            .chars()
            .all(|c| is_plain(c) || self.inside.contains(&c))
        {
            Some(format!("but may hold {} only", self.words))
        } else if !ends.into_iter().flatten().all(is_plain) {
            Some("but must start and end with a letter or digit".to_owned())
        } else {
            None
        }
    }
}

/// Reads a name format, a regular expression. The error says what is wrong, on one line.
pub(crate) fn format(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .size_limit(MAX_REGEX)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too big".to_owned(),
            error => error
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned(),
        })
}

/// Whether a name matches a format, letter case included. A format that cannot be read says nothing.
pub(crate) fn matches(name: &Property, text: &str) -> Answer {
    match format(text) {
        Ok(regex) => name.is_text(|name| {
            (!regex.is_match(name)).then(|| format!("which does not match `{text}`"))
        }),
        Err(why) => {
            let detail = format!("the name format `{text}` is no regular expression: {why}");
            let open = Truth::Open(Open::because(Why::Unsupported(detail.clone())));
            name.answer(open, Reason::UNSUPPORTED, detail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: NameRule = NameRule {
        longest: 5,
        inside: &['-'],
        words: "letters, digits and hyphens",
    };

    #[test]
    fn names_start_and_end_with_letters_or_digits() {
        for name in ["a", "7", "ab", "a-b-c", "ABCDE"] {
            assert_eq!(NAMES.refuse(name), None, "{name}");
        }
        for name in ["", "-a", "a-", "-", "a_b", "é", "abcdef"] {
            assert!(NAMES.refuse(name).is_some(), "{name}");
        }
    }

    #[test]
    fn formats_that_are_no_regular_expressions_are_refused_in_a_few_words() {
        assert!(format("^aks-[a-z]+$").is_ok());
        assert_eq!(format("(").unwrap_err(), "unclosed group");
        assert_eq!(format(r"(\w{1000}){1000}").unwrap_err(), "it is too big");
    }
}
