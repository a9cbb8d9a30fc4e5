//! The library people embed: reads files through a [`FileSystem`], checks them, renders reports.

mod check;
mod file_system;
mod load;
pub mod report;
mod suppress;
mod types;

pub use check::{CheckOptions, check};
pub use file_system::{FileSystem, MemoryFileSystem, ReadError, join_path};
pub use load::{Loaded, load};
