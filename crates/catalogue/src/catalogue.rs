//! Lookup: enters the name of a resource type, leave the type and its versions.

use std::fmt;
use std::ops::Range;

use crate::pack::{Damaged, Pack, search};
use crate::resource::Resource;
use crate::version::{compare_versions, ignoring_case, is_preview};

/// While the format changes, the embedded pack may be of the format before. It is damaged then instead
/// of failing the build, for the chore that makes packs is built with it.
static AZURE: Catalogue<'static> = match Catalogue::open(include_bytes!("../data/azure.pack")) {
    Ok(catalogue) => catalogue,
    Err(_) => Catalogue {
        pack: Pack::DAMAGED,
    },
};

/// All resource types that the reference compiler knows; `data/SOURCE` names the version.
#[must_use]
pub fn azure() -> Catalogue<'static> {
    AZURE
}

/// Resource types in their versions. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Catalogue<'a> {
    pack: Pack<'a>,
}

impl<'a> Catalogue<'a> {
    /// Opens a pack. Only its header is looked at.
    ///
    /// # Errors
    /// When the header shows that the bytes are no pack of this version.
    pub const fn open(bytes: &'a [u8]) -> Result<Self, Damaged> {
        match Pack::open(bytes) {
            Ok(pack) => Ok(Self { pack }),
            Err(damaged) => Err(damaged),
        }
    }

    /// A version of a resource type. Case does not matter, in neither name.
    ///
    /// # Errors
    /// When the pack is damaged where the type or its list of versions stands.
    pub fn resource(self, name: &str, version: &str) -> Result<Option<Resource<'a>>, Damaged> {
        match self.find(name)? {
            Some(found) => found.resource(version),
            None => Ok(None),
        }
    }

    /// A resource type. Case does not matter.
    ///
    /// # Errors
    /// When the pack is damaged where the type or its list of versions stands.
    pub fn resource_type(self, name: &str) -> Result<Option<ResourceType<'a>>, Damaged> {
        self.find(name)?.map(ResourceType::checked).transpose()
    }

    fn find(self, name: &str) -> Result<Option<ResourceType<'a>>, Damaged> {
        let found = search(0..self.pack.types()?, |number| {
            let own = self.pack.string(self.pack.r#type(number)?.name)?;
            Ok(ignoring_case(own, name))
        })?;
        found
            .map(|number| ResourceType::read(self.pack, number))
            .transpose()
    }

    /// All resource types, sorted by name without regard to case.
    pub fn types(self) -> impl Iterator<Item = Result<ResourceType<'a>, Damaged>> {
        let (types, damaged) = match self.pack.types() {
            Ok(types) => (types, None),
            Err(damaged) => (0, Some(Err(damaged))),
        };
        let types = (0..types).map(move |number| {
            ResourceType::read(self.pack, number).and_then(ResourceType::checked)
        });
        damaged.into_iter().chain(types)
    }
}

impl fmt::Debug for Catalogue<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pack.fmt(out)
    }
}

/// A resource type with all its versions.
#[derive(Clone, Copy)]
pub struct ResourceType<'a> {
    pack: Pack<'a>,
    name: &'a str,
    start: u32,
    end: u32,
}

impl<'a> ResourceType<'a> {
    fn read(pack: Pack<'a>, number: u32) -> Result<Self, Damaged> {
        let Range { start, end } = pack.entries(number)?;
        Ok(Self {
            pack,
            name: pack.string(pack.r#type(number)?.name)?,
            start,
            end,
        })
    }

    /// Reads all versions once, so that reading them again cannot fail.
    fn checked(self) -> Result<Self, Damaged> {
        for entry in self.start..self.end {
            self.version(entry)?;
        }
        Ok(self)
    }

    fn version(self, entry: u32) -> Result<&'a str, Damaged> {
        self.pack.string(self.pack.entry(entry)?.version)
    }

    /// The name as the newest version spells it.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.name
    }

    /// The API versions, [oldest](compare_versions) first.
    pub fn versions(self) -> impl DoubleEndedIterator<Item = &'a str> {
        (self.start..self.end).filter_map(move |entry| self.version(entry).ok())
    }

    /// The newest version, previews included.
    #[must_use]
    pub fn latest(self) -> Option<&'a str> {
        self.versions().next_back()
    }

    /// The newest version without a suffix.
    #[must_use]
    pub fn latest_stable(self) -> Option<&'a str> {
        self.versions().rfind(|version| !is_preview(version))
    }

    /// A version of the type. Case does not matter.
    ///
    /// # Errors
    /// When the pack is damaged where the version stands.
    pub fn resource(self, version: &str) -> Result<Option<Resource<'a>>, Damaged> {
        let entry = search(self.start..self.end, |entry| {
            Ok(compare_versions(self.version(entry)?, version))
        })?;
        entry.map(|entry| self.read_entry(entry)).transpose()
    }

    /// All versions, oldest first.
    pub fn resources(self) -> impl DoubleEndedIterator<Item = Result<Resource<'a>, Damaged>> {
        (self.start..self.end).map(move |entry| self.read_entry(entry))
    }

    fn read_entry(self, entry: u32) -> Result<Resource<'a>, Damaged> {
        let name = match self.pack.spelling(entry)? {
            Some(other) => self.pack.string(other)?,
            None => self.name,
        };
        Resource::read(self.pack, name, self.pack.entry(entry)?)
    }
}

impl fmt::Debug for ResourceType<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}
