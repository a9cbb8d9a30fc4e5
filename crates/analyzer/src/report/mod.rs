//! What a run found, and the formats it is told in. Pure: text out, no printing.

mod model;

pub use model::{Report, Summary};
