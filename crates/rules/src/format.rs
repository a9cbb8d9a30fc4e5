//! Names that must match a regular expression which users set.

use regex::RegexBuilder;
use tricep_semantic::eval::{Piece, Value, Why};

use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::property::{KIND, Property, SET, State, VALUE};

/// Nothing is asked, because no format is set.
pub(crate) const NO_FORMAT: Reason = Reason::new("no-format", "no format is set");

/// A compiled expression takes at most so many bytes.
const MAX_SIZE: usize = 1 << 20;

/// Whether a name matches a format somewhere, letter case included. A format that is no regular
/// expression leaves it open.
pub(crate) fn follows(name: &Property, format: &str) -> Answer {
    let text = match &name.state {
        State::Value(Value::Text(text)) => text,
        State::Unset => return name.unset(false),
        State::Unknown(unknown) => return name.open(Open::of(unknown)),
        State::Value(Value::Partial(pieces)) => {
            let open = pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(unknown) => Some(name.open(Open::of(unknown))),
                Piece::Known(_) => None,
            });
            return open.unwrap_or_else(|| name.answer(Truth::No, VALUE, name.is_what()));
        }
        State::Value(_) => {
            return name.answer(Truth::No, KIND, "`name` is no text".to_owned());
        }
    };
    let Ok(format) = RegexBuilder::new(format).size_limit(MAX_SIZE).build() else {
        let why = format!("the regular expression `{format}`");
        return name.open(Open::because(Why::Unsupported(why)));
    };
    let follows = format.is_match(text);
    let reason = if follows { SET } else { VALUE };
    name.answer(Truth::known(follows), reason, name.is_what())
}
