//! The chores as a library, so that tests can hold their results.

pub mod catalogue;
pub mod conformance;
pub mod docs;
