//! What Azure is, as the reference compiler knows it: resource types, their versions and scopes, the
//! properties of their bodies.
//!
//! Enters: a pack, which is [`azure`]'s unless other bytes are [opened](Catalogue::open). Leaves:
//! answers about types, read where they stand in the pack; nothing is parsed beforehand and nothing is
//! allocated. [`format`](mod@format) says how a pack is laid out, `cargo xtask catalogue` makes one.
//!
//! Deliberately absent: what the compiler adds to the data (`scope`, `parent`, `dependsOn`, fallback
//! properties, forced flags), the language, and descriptions for people.
//!
//! A pack may be damaged. Whatever its bytes are, every question ends, without a panic: with
//! [`Damaged`], or with [`Kind::Damaged`] where a node is read. Types may contain themselves, in sound
//! packs too; whoever walks them minds that, for instance by [`Node`]s being comparable.

mod catalogue;
mod cursor;
pub mod format;
mod node;
mod object;
mod pack;
mod resource;
mod version;

pub use catalogue::{Catalogue, ResourceType, azure};
pub use node::{Array, Enum, Int, Kind, Node, Text, Values};
pub use object::{Discriminated, Elements, Flags, Object, Properties, Property};
pub use pack::Damaged;
pub use resource::{Function, Functions, Resource, Scopes};
pub use version::{compare_versions, is_preview};
