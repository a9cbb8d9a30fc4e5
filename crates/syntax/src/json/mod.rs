//! JSON as the deployment engine and the compiler read it: ARM templates, `bicepconfig.json`,
//! parameter files.
//!
//! Enters: a text. Leaves: an owned tree with the place of every value and key, and the errors.
//! Accepted beyond the standard, as Newtonsoft's reader does: comments, a comma after the last item, single
//! quotes, bare keys, line breaks in strings, hexadecimal and octal numbers, a byte order mark,
//! keys that are given twice. Deliberately absent: dates, constructors, meaning of any key.
//!
//! ```
//! let json = tricep_syntax::json::parse("{ items: [1, 'a',], /* c */ }");
//! assert!(json.errors().is_empty());
//! let items = json.root().get("items").unwrap();
//! let text = items.items().nth(1).and_then(|item| item.text()).unwrap();
//! assert_eq!(text.value, "a");
//! assert_eq!(&json.source()[items.span().range()], "[1, 'a',]");
//! ```

mod error;
mod number;
mod reader;
mod text;
mod value;

pub use error::{JsonError, JsonErrorKind};
pub use number::Number;
pub use reader::{MAX_DEPTH, parse};
pub use text::Text;
pub use value::{Items, Json, Kind, Member, Members, NodeId, Value};
