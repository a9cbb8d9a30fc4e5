//! Tests over the whole workspace; the library itself is empty.

/// The Rust code of the readme is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
