//! The library people embed: reads files through a [`FileSystem`], checks them, renders reports.

mod check;
mod config;
mod file_system;
pub mod fix;
mod levels;
mod load;
mod mask;
mod progress;
pub mod report;
mod resolve;
mod suppress;
mod types;

pub use check::{CheckOptions, check};
pub use config::{Configuration, FailOn, Level, ShownSettings, schema, settings};
pub use file_system::{Entry, FileSystem, MemoryFileSystem, ReadError, is_absolute, join_path};
pub use load::{Environment, Loaded, ParameterFile, is_parameter_file_name, load, load_with};
pub use progress::Progress;
pub use resolve::{ResolveOptions, Resolved, resolve, resolve_with};
pub use tricep_semantic::eval::Metadata;
pub use tricep_semantic::project::{ExternalInput, Inputs, TrustedRegistries};
