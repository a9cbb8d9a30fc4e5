//! What a run found, and the formats it is told in. Pure: text out, no printing.
//!
//! One file per format, each with a `render` of its own. Columns are 1-based and count UTF-16 code
//! units (`place.rs`), but for `rdjson`; what is shown beside failures is asked for with [`Show`].

pub mod azure;
pub mod concise;
pub mod explain;
mod fingerprint;
mod frame;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod junit;
mod model;
mod place;
mod printable;
pub mod rdjson;
pub mod resolve;
pub mod sarif;
mod selection;
mod show;
pub mod syntax;
#[cfg(test)]
mod testing;
mod tool;

pub(crate) use model::sort;
pub use model::{Report, Summary, UNREADABLE_FILE};
pub use selection::{Selection, UnknownRule, find_rule};
pub use show::Show;
