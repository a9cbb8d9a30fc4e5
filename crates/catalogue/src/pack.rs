//! The bytes of a pack: enters a place, leaves what stands there or [`Damaged`]. No read goes beyond
//! its section.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::ops::Range;

use crate::cursor::Cursor;
use crate::format::{
    ENTRIES, ENTRY, HEADER, LONGEST, MAGIC, NODES, PROPERTIES, PROPERTY, SECTIONS, SPELLING,
    SPELLINGS, STRING_BYTES, STRING_PLACE, STRING_PLACES, TYPE, TYPES,
};

/// The bytes of a pack make no sense, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged(pub(crate) &'static str);

impl fmt::Display for Damaged {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the catalogue of resource types is damaged: {}",
            self.0
        )
    }
}

impl Error for Damaged {}

/// The bytes of a pack whose header is sound.
#[derive(Clone, Copy)]
pub(crate) struct Pack<'a>(&'a [u8]);

/// A property as it stands in a pack.
#[derive(Clone, Copy)]
pub(crate) struct RawProperty {
    pub(crate) name: u32,
    pub(crate) flags: u8,
    pub(crate) node: u32,
}

/// A resource type as it stands in a pack.
#[derive(Clone, Copy)]
pub(crate) struct RawType {
    pub(crate) name: u32,
    pub(crate) first: u32,
}

/// A version of a resource type as it stands in a pack.
#[derive(Clone, Copy)]
pub(crate) struct RawEntry {
    pub(crate) version: u32,
    pub(crate) body: u32,
    pub(crate) readable: u8,
    pub(crate) writable: u8,
    pub(crate) functions: u32,
}

impl<'a> Pack<'a> {
    /// Bytes that are no pack: nothing can be read.
    pub(crate) const DAMAGED: Self = Self(&[]);

    /// Looks at the header. `const`, so that the embedded pack is open from the start.
    pub(crate) const fn open(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let Some((magic, _)) = bytes.split_first_chunk::<{ MAGIC.len() }>() else {
            return Err(Damaged("it is too short"));
        };
        if u64::from_le_bytes(*magic) != u64::from_le_bytes(*MAGIC) {
            return Err(Damaged("it is something else, or of another version"));
        }
        let mut before = HEADER;
        let mut section = 0;
        while section <= SECTIONS {
            let Some(start) = start(bytes, section) else {
                return Err(Damaged("it is too short"));
            };
            if start < before || start > bytes.len() {
                return Err(Damaged("a section is out of place"));
            }
            before = start;
            section += 1;
        }
        Ok(Self(bytes))
    }

    fn section(self, section: usize) -> &'a [u8] {
        let places = start(self.0, section).zip(start(self.0, section + 1));
        places
            .and_then(|(from, to)| self.0.get(from..to))
            .unwrap_or_default()
    }

    /// The record with a number in a section of records of one size.
    fn record<const SIZE: usize>(self, section: usize, number: u32) -> Result<Cursor<'a>, Damaged> {
        let (records, _) = self.section(section).as_chunks::<SIZE>();
        let record = records.get(number as usize);
        record
            .map(|record| Cursor::new(record))
            .ok_or(Damaged("a record is out of range"))
    }

    pub(crate) fn string(self, id: u32) -> Result<&'a str, Damaged> {
        let from = self.string_place(id)?;
        let to = self.string_place(id.saturating_add(1))?;
        let bytes = self.section(STRING_BYTES).get(from..to);
        let bytes = bytes.ok_or(Damaged("a string is out of range"))?;
        std::str::from_utf8(bytes).map_err(|_| Damaged("a string is no text"))
    }

    fn string_place(self, id: u32) -> Result<usize, Damaged> {
        let mut record = self.record::<STRING_PLACE>(STRING_PLACES, id)?;
        Ok(record.u24()? as usize)
    }

    pub(crate) fn property(self, number: u32) -> Result<RawProperty, Damaged> {
        let mut record = self.record::<PROPERTY>(PROPERTIES, number)?;
        Ok(RawProperty {
            name: record.u24()?,
            flags: record.u8()?,
            node: record.u24()?,
        })
    }

    /// Reads from a place in the section of nodes.
    pub(crate) fn node(self, place: u32) -> Result<Cursor<'a>, Damaged> {
        let bytes = self.section(NODES).get(place as usize..);
        bytes
            .filter(|bytes| !bytes.is_empty())
            .map(Cursor::new)
            .ok_or(Damaged("a node is out of range"))
    }

    /// The number of resource types; there always are some.
    pub(crate) fn types(self) -> Result<u32, Damaged> {
        match self.section(TYPES).len() / TYPE {
            0 => Err(Damaged("it has no resource types")),
            types => Ok(types as u32),
        }
    }

    /// The entries of a type: up to the first one of the next type, or to the last one of all.
    pub(crate) fn entries(self, number: u32) -> Result<Range<u32>, Damaged> {
        let first = self.r#type(number)?.first;
        let end = match self.r#type(number.saturating_add(1)) {
            Ok(next) => next.first,
            Err(_) => (self.section(ENTRIES).len() / ENTRY) as u32,
        };
        match end.checked_sub(first) {
            Some(entries) if entries as usize <= LONGEST => Ok(first..end),
            _ => Err(Damaged("a resource type has no list of versions")),
        }
    }

    pub(crate) fn r#type(self, number: u32) -> Result<RawType, Damaged> {
        let mut record = self.record::<TYPE>(TYPES, number)?;
        Ok(RawType {
            name: record.u24()?,
            first: record.u24()?,
        })
    }

    pub(crate) fn entry(self, number: u32) -> Result<RawEntry, Damaged> {
        let mut record = self.record::<ENTRY>(ENTRIES, number)?;
        Ok(RawEntry {
            version: record.u24()?,
            body: record.u24()?,
            readable: record.u8()?,
            writable: record.u8()?,
            functions: record.u24()?,
        })
    }

    /// The other spelling of an entry's type, if it has one.
    pub(crate) fn spelling(self, entry: u32) -> Result<Option<u32>, Damaged> {
        let spellings = (self.section(SPELLINGS).len() / SPELLING) as u32;
        let read = |number| -> Result<(u32, u32), Damaged> {
            let mut record = self.record::<SPELLING>(SPELLINGS, number)?;
            Ok((record.u24()?, record.u24()?))
        };
        let found = search(0..spellings, |number| Ok(read(number)?.0.cmp(&entry)))?;
        found.map(|number| Ok(read(number)?.1)).transpose()
    }

    /// Whether both are the same bytes at the same address.
    pub(crate) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// Where a section starts, as the header has it.
const fn start(bytes: &[u8], section: usize) -> Option<usize> {
    let Some((_, rest)) = bytes.split_at_checked(MAGIC.len() + 4 * section) else {
        return None;
    };
    match rest.split_first_chunk::<4>() {
        Some((place, _)) => Some(u32::from_le_bytes(*place) as usize),
        None => None,
    }
}

impl fmt::Debug for Pack<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pack of {} bytes", self.0.len())
    }
}

/// Searches a sorted range by halves. `compare` says how a place compares with what is sought.
pub(crate) fn search(
    range: Range<u32>,
    compare: impl Fn(u32) -> Result<Ordering, Damaged>,
) -> Result<Option<u32>, Damaged> {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        match compare(middle)? {
            Ordering::Equal => return Ok(Some(middle)),
            Ordering::Less => start = middle + 1,
            Ordering::Greater => end = middle,
        }
    }
    Ok(None)
}
