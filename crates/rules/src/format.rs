//! Names that must match a regular expression which users set.

use regex::{Regex, RegexBuilder};
use tricep_semantic::eval::Why;

use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::property::Property;

/// Nothing is asked, because no format is set.
pub(crate) const NO_FORMAT: Reason = Reason::new("no-format", "no format is set");

/// A compiled expression takes at most so many bytes.
const MAX_SIZE: usize = 1 << 20;

/// Reads a format. The error says what is wrong with it, on one line.
pub(crate) fn read(format: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(format).size_limit(MAX_SIZE).build();
    regex.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too big".to_owned(),
        // The expression with a mark under it, and then the reason.
        error => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    })
}

/// Whether a name matches a format somewhere, letter case included. A format that is no regular
/// expression leaves it open.
pub(crate) fn follows(name: &Property, format: &str) -> Answer {
    match read(format) {
        Ok(regex) => name.is_text(|name| {
            let differs = !regex.is_match(name);
            differs.then(String::new)
        }),
        Err(why) => {
            let detail = format!("the name format `{format}` is no regular expression: {why}");
            let open = Truth::Open(Open::because(Why::Unsupported(detail.clone())));
            name.answer(open, Reason::UNSUPPORTED, detail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_no_regular_expressions_are_refused_in_a_few_words() {
        assert!(read("^aks-[a-z]+$").is_ok());
        assert_eq!(read("(").unwrap_err(), "unclosed group");
        assert_eq!(read(r"(\w{1000}){1000}").unwrap_err(), "it is too big");
    }
}
