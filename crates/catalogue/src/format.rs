//! How a pack is laid out. Reader and writer share these names; nothing else needs them.
//!
//! Numbers of fixed width are little-endian, "u24" has three bytes. "Varint" is LEB128; a signed one is
//! zigzag-coded before. A pack is [`MAGIC`], then the [`SECTIONS`] + 1 places (u32, from the start of
//! the pack) where the sections begin and the last one ends, then the sections:
//!
//! | section | content |
//! |---|---|
//! | [`STRING_PLACES`] | u24 for each string and one more: where in the next section it begins and the last one ends |
//! | [`STRING_BYTES`] | UTF-8, each string once, sorted by bytes: ids of strings compare like strings |
//! | [`PROPERTIES`] | each distinct property once: name (u24, id of a string), flags (u8), node (u24) |
//! | [`NODES`] | records, below; they are referred to by their place in this section (u24) |
//! | [`TYPES`] | sorted by name without regard to case: name (u24), first entry (u24) |
//! | [`ENTRIES`] | the versions of each type, oldest first: version (u24), body (u24), readable and writable scopes (u8 each), functions (u24, place in [`NODES`]) |
//! | [`SPELLINGS`] | sorted: entry (u24), name (u24), for versions that spell the type otherwise than [`TYPES`] |
//!
//! A record of a node is a byte, the kind in its low half and marks in its high half, and then
//!
//! | kind | content |
//! |---|---|
//! | [`ANY`], [`BOOL`] | nothing |
//! | [`INT`] | least and greatest value (signed varints), each if marked |
//! | [`TEXT`] | least and greatest length (varints), pattern (u24), each if marked |
//! | [`LITERAL`] | string (u24) |
//! | [`ENUM`] | the text it is open for (u24, place), if marked; number of values; their strings, ascending, as varints: the first, then distances |
//! | [`ARRAY`] | item (u24, place); least and greatest length (varints), each if marked |
//! | [`OBJECT`] | name (u24) and additional properties (u24, place), each if marked; properties |
//! | [`DISCRIMINATED`] | name (u24) if marked; discriminator (u24); base properties; number of elements; for each value (u24) and object (u24, place), ascending |
//!
//! Properties are their number and, in the order of their names, their places in [`PROPERTIES`] as
//! signed varints: the first, then distances. Functions are their number and, in the order of their
//! names, name (u24), output (u24, place), 0 or 1, and input (u24, place) after a 1.
//!
//! Equal things stand in a pack once, so the same place means the same type, and different places mean
//! different types.

/// The first bytes of a pack; the last one counts the changes of the format.
pub const MAGIC: &[u8; 8] = b"tricepC1";

/// Number of sections.
pub const SECTIONS: usize = 7;
/// Where strings begin.
pub const STRING_PLACES: usize = 0;
/// Bytes of strings.
pub const STRING_BYTES: usize = 1;
/// Properties.
pub const PROPERTIES: usize = 2;
/// Nodes, and lists of functions.
pub const NODES: usize = 3;
/// Resource types.
pub const TYPES: usize = 4;
/// Versions of resource types.
pub const ENTRIES: usize = 5;
/// Other spellings of resource types.
pub const SPELLINGS: usize = 6;

/// Bytes before the first section.
pub const HEADER: usize = MAGIC.len() + 4 * (SECTIONS + 1);
/// Bytes of a place in [`STRING_PLACES`].
pub const STRING_PLACE: usize = 3;
/// Bytes of a property in [`PROPERTIES`].
pub const PROPERTY: usize = 7;
/// Bytes of a type in [`TYPES`].
pub const TYPE: usize = 6;
/// Bytes of an entry in [`ENTRIES`].
pub const ENTRY: usize = 11;
/// Bytes of a spelling in [`SPELLINGS`].
pub const SPELLING: usize = 6;

/// Anything.
pub const ANY: u8 = 0;
/// true or false.
pub const BOOL: u8 = 1;
/// A whole number.
pub const INT: u8 = 2;
/// A text.
pub const TEXT: u8 = 3;
/// One text.
pub const LITERAL: u8 = 4;
/// Some texts.
pub const ENUM: u8 = 5;
/// A list.
pub const ARRAY: u8 = 6;
/// An object.
pub const OBJECT: u8 = 7;
/// One of several objects.
pub const DISCRIMINATED: u8 = 8;

/// No list of anything is longer, so that a walk over a damaged one is short. The longest in use is an
/// enum of 797 values.
pub const LONGEST: usize = 4096;

/// Which bits of the first byte are the kind.
pub const KIND: u8 = 0x0f;
/// Mark of [`INT`], [`TEXT`], [`ARRAY`]: has a least value or length.
pub const MIN: u8 = 0x10;
/// Mark of [`INT`], [`TEXT`], [`ARRAY`]: has a greatest value or length.
pub const MAX: u8 = 0x20;
/// Mark of [`TEXT`], [`OBJECT`]: is a secret.
pub const SENSITIVE: u8 = 0x40;
/// Mark of [`TEXT`]: has a pattern.
pub const PATTERN: u8 = 0x80;
/// Mark of [`ENUM`]: other texts are allowed too.
pub const OPEN: u8 = 0x10;
/// Mark of [`OBJECT`]: has additional properties.
pub const ADDITIONAL: u8 = 0x10;
/// Mark of [`OBJECT`], [`DISCRIMINATED`]: has a name.
pub const NAMED: u8 = 0x80;
