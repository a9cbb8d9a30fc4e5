//! Positions in source text: byte spans inside, lines and columns only at the rim.

mod line_index;
mod source;
mod span;

pub use line_index::{Encoding, LineColumn, LineIndex};
pub use source::Source;
pub use span::{FileId, Location, Span};
