//! Tree → symbols → template → values → resolved resources. No I/O.
//!
//! [`lower::lower`] turns a parsed file into a [`template::Template`]; files and their references
//! make a [`project::Project`]; [`eval::Evaluator`] evaluates on demand; [`resolve`] finds the
//! resources of a deployment and their properties; [`cases::split`] asks under assumptions.

pub mod cases;
pub mod eval;
mod index;
pub mod lower;
pub mod project;
pub mod resolve;
mod sensitive;
pub mod spelling;
pub mod template;
pub mod types;

pub use index::{Idx, IndexVec};
