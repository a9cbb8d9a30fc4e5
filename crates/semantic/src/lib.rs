//! Tree → symbols → template → values → resolved resources. No I/O.

pub mod eval;
mod index;
pub mod lower;
pub mod project;
pub mod template;
