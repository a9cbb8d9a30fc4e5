//! How the tool calls itself in machine formats.

/// The name.
pub(super) const NAME: &str = "tricep";
/// The version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The home page.
pub(super) const HOME: &str = env!("CARGO_PKG_REPOSITORY");
