//! Tree → symbols → template → values → resolved resources. No I/O.

pub mod eval;
pub mod template;
