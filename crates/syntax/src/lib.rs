//! Text → tokens → tree, for Azure Bicep (`.bicep`), its parameter files (`.bicepparam`) and JSON.
//!
//! [`bicep::parse`] and [`json::parse`] always succeeds: what made no sense stands in the tree as a missing or skipped
//! node and in the list of errors. The tree is an owned value fully determined by its text; it
//! holds no lifetimes, no semantic facts, and this crate does no I/O.

pub mod arm;
pub mod bicep;
pub mod json;
pub mod text;
