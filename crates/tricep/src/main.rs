//! The `tricep` command.
fn main() {}
