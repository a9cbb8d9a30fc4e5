//! What is wrong with a value, as data; the words are in `Display`.

use std::fmt;

use tricep_syntax::text::Span;

/// How grave a problem is, as the reference compiler grades it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// A note.
    Info,
    /// The file compiles.
    Warning,
    /// It does not.
    Error,
}

impl Level {
    /// A warning if `warn`, else an error.
    #[must_use]
    pub const fn warning_if(warn: bool) -> Self {
        if warn { Self::Warning } else { Self::Error }
    }
}

/// A problem of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub kind: Kind,
    /// How grave it is.
    pub level: Level,
    /// The bytes of the file.
    pub span: Span,
    /// What was probably meant: the text to put in the place of the key, literal or name at
    /// `span`. A literal comes with its quotes.
    pub suggestion: Option<String>,
}

/// What is wrong. Types are put as the user would write them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A name that nothing in the file declares.
    UndeclaredName(String),
    /// The name of a function or decorator that nothing is.
    UndeclaredFunction(String),
    /// A name that several declarations share.
    RepeatedName(String),
    /// A name that several outputs share, or several metadata.
    RepeatedOutput(String),
    /// A key that is there several times.
    RepeatedKey(String),
    /// The text names no type and version.
    InvalidType,
    /// A nested resource's type has more than one segment.
    NotOneSegment,
    /// A nested resource below one whose type makes no sense.
    BelowInvalidType,
    /// Nobody knows the type or the version of it.
    UnknownType(String),
    /// The type goes on behind a segment `providers`.
    ProvidersSegment,
    /// Resources of the type cannot be deployed.
    OnlyExisting(String),
    /// A property that the object does not have; and those it could have.
    UnknownProperty(String, Vec<String>),
    /// A key with holes where only some keys are allowed.
    ComputedKey,
    /// Required properties are missing.
    Missing(Vec<String>),
    /// The property that tells what the object is is missing: its name and what it may be.
    MissingDiscriminator(String, String),
    /// The property that tells what the object is has no certain value.
    UncertainDiscriminator(String),
    /// The value of a property is of the wrong type: the property, what is wanted, what is there.
    Property(String, String, String),
    /// An item is of the wrong type: what is wanted, what is there.
    Item(String, String),
    /// An array that is spread has items of the wrong type: what is wanted, what is there.
    SpreadItem(String, String),
    /// A value is of the wrong type: what is wanted, what is there.
    Value(String, String),
    /// A property that cannot be assigned.
    ReadOnly(String),
    /// A property that an existing resource cannot have.
    NotInExisting(String),
    /// A property that the data do not have.
    Fallback(String),
    /// A value of type `any` where it is refused.
    AnyValue,
    /// The value may be null: what is wanted, what is there.
    MaybeNull(String, String),
    /// An integer is greater than the greatest: it, the greatest.
    TooGreat(i64, i64),
    /// An integer is less than the least: it, the least.
    TooSmall(i64, i64),
    /// An integer may be less than the least: the least it can be, the least.
    MayBeTooSmall(i64, i64),
    /// An integer may be greater than the greatest: the greatest it can be, the greatest.
    MayBeTooGreat(i64, i64),
    /// Too long: the length, the greatest length.
    TooLong(i64, i64),
    /// Too short: the length, the least length.
    TooShort(i64, i64),
    /// May be too short: the least length it can have, the least length.
    MayBeTooShort(i64, i64),
    /// May be too long: the greatest length it can have, the greatest length.
    MayBeTooLong(i64, i64),
    /// A text that does not match the pattern.
    Pattern(String),
    /// A listed value in another letter case, where others are allowed too: the value as listed.
    LetterCase(String),
    /// A child resource with a scope of its own.
    ScopeOfChild,
    /// A scope that resources of the type cannot have: where they can be, where it is.
    WrongScope(String, String),
    /// Another scope than the file's.
    Elsewhere,
    /// The outermost parent lies in another scope than the file's.
    AncestorElsewhere(String),
    /// Resources of the type cannot be deployed to this scope.
    OnlyExistingHere(String),
    /// The name of a child with a slash.
    NameOfChild,
    /// The name has not as many segments as it must have.
    NameSegments(usize),
    /// A property is read that the object does not have; and those it has.
    UnknownRead(String, Vec<String>),
    /// A property with a computed name of an object that has none.
    NoProperties,
    /// A property of something that has none: what it is.
    NoObject(String),
    /// A property is read that cannot be.
    WriteOnly(String),
    /// Something is read of what may be null: what it is.
    MaybeNullBase(String),
}

/// The code of a listed value in another letter case.
const LETTER_CASE: &str = "letter-case-of-value";

/// The codes of notes of our own, on what the compiler is silent about.
pub const NOTES: &[&str] = &[LETTER_CASE];

/// The compiler's codes that we give.
pub const CODES: &[&str] = &[
    "BCP025", "BCP028", "BCP029", "BCP033", "BCP034", "BCP035", "BCP036", "BCP037", "BCP040",
    "BCP052", "BCP053", "BCP054", "BCP055", "BCP057", "BCP073", "BCP077", "BCP078", "BCP081",
    "BCP082", "BCP083", "BCP088", "BCP089", "BCP135", "BCP139", "BCP145", "BCP156", "BCP157",
    "BCP164", "BCP165", "BCP169", "BCP170", "BCP173", "BCP174", "BCP176", "BCP187", "BCP225",
    "BCP245", "BCP246", "BCP318", "BCP321", "BCP327", "BCP328", "BCP329", "BCP330", "BCP332",
    "BCP333", "BCP334", "BCP335", "BCP403", "BCP416",
];

impl Kind {
    /// The compiler's code; our own notes have names. `suggested`: whether there is a suggestion,
    /// for which the compiler has codes of their own.
    #[must_use]
    pub fn code(&self, suggested: bool) -> &'static str {
        match self {
            Self::InvalidType => "BCP029",
            Self::NotOneSegment => "BCP156",
            Self::BelowInvalidType => "BCP157",
            Self::UnknownType(_) => "BCP081",
            Self::ProvidersSegment => "BCP174",
            Self::OnlyExisting(_) => "BCP245",
            Self::UnknownProperty(..) if suggested => "BCP089",
            Self::UnknownProperty(..) => "BCP037",
            Self::ComputedKey => "BCP040",
            Self::Missing(_) => "BCP035",
            Self::MissingDiscriminator(..) => "BCP078",
            Self::UncertainDiscriminator(_) => "BCP225",
            Self::Property(..) if suggested => "BCP088",
            Self::Property(..) => "BCP036",
            Self::Item(..) => "BCP034",
            Self::SpreadItem(..) => "BCP403",
            Self::Value(..) => "BCP033",
            Self::ReadOnly(_) => "BCP073",
            Self::NotInExisting(_) => "BCP173",
            Self::Fallback(_) => "BCP187",
            Self::AnyValue => "BCP176",
            Self::MaybeNull(..) => "BCP321",
            Self::TooGreat(..) => "BCP327",
            Self::TooSmall(..) => "BCP328",
            Self::MayBeTooSmall(..) => "BCP329",
            Self::MayBeTooGreat(..) => "BCP330",
            Self::TooLong(..) => "BCP332",
            Self::TooShort(..) => "BCP333",
            Self::MayBeTooShort(..) => "BCP334",
            Self::MayBeTooLong(..) => "BCP335",
            Self::Pattern(_) => "BCP416",
            Self::ScopeOfChild => "BCP164",
            Self::WrongScope(..) => "BCP135",
            Self::Elsewhere => "BCP139",
            Self::AncestorElsewhere(_) => "BCP165",
            Self::OnlyExistingHere(_) => "BCP246",
            Self::NameOfChild => "BCP170",
            Self::NameSegments(_) => "BCP169",
            Self::LetterCase(_) => LETTER_CASE,
            Self::UnknownRead(_, known) if known.is_empty() => "BCP052",
            Self::UndeclaredFunction(_) if suggested => "BCP082",
            Self::UndeclaredName(_) | Self::UndeclaredFunction(_) => "BCP057",
            Self::RepeatedName(_) => "BCP028",
            Self::RepeatedOutput(_) => "BCP145",
            Self::RepeatedKey(_) => "BCP025",
            Self::UnknownRead(..) if suggested => "BCP083",
            Self::UnknownRead(..) => "BCP053",
            Self::NoProperties => "BCP054",
            Self::NoObject(_) => "BCP055",
            Self::WriteOnly(_) => "BCP077",
            Self::MaybeNullBase(_) => "BCP318",
        }
    }
}

impl Problem {
    /// The code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code(self.suggestion.is_some())
    }
}

/// So many names are listed.
const MAX_NAMES: usize = 8;

/// Names in backticks, joined by commas.
struct Names<'n>(&'n [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.0.iter().take(MAX_NAMES).enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}`{name}`")?;
        }
        if self.0.len() > MAX_NAMES {
            f.write_str(", …")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match (&self.suggestion, &self.kind) {
            (Some(meant), _) => write!(f, ", did you mean `{meant}`?"),
            (None, Kind::UnknownProperty(_, others)) if !others.is_empty() => {
                write!(f, "; it may have {}", Names(others))
            }
            (None, Kind::UnknownRead(_, known)) if !known.is_empty() => {
                write!(f, "; there is {}", Names(known))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndeclaredName(name) => write!(f, "nothing here is called `{name}`"),
            Self::UndeclaredFunction(name) => write!(f, "there is no function `{name}`"),
            Self::RepeatedName(name) => write!(f, "`{name}` is declared several times"),
            Self::RepeatedOutput(name) => {
                write!(f, "there are several outputs or metadata called `{name}`")
            }
            Self::RepeatedKey(name) => write!(f, "the property `{name}` is there several times"),
            Self::InvalidType => f.write_str(
                "this is no resource type: it must look like `Provider.Name/type@2024-01-01`",
            ),
            Self::NotOneSegment => {
                f.write_str("the type of a nested resource must be the last segment only")
            }
            Self::BelowInvalidType => {
                f.write_str("the type of the resource around this one makes no sense")
            }
            Self::UnknownType(name) => {
                write!(f, "resource type `{name}` is not known, so nothing in it is checked")
            }
            Self::ProvidersSegment => f.write_str(
                "a resource on another resource is declared with `scope`, not with `providers` in its type",
            ),
            Self::OnlyExisting(name) => {
                write!(f, "`{name}` cannot be deployed, only referred to with `existing`")
            }
            Self::UnknownProperty(name, _) => write!(f, "unknown property `{name}`"),
            Self::ComputedKey => f.write_str("the key must be written out here"),
            Self::Missing(names) if names.len() == 1 => {
                write!(f, "required property {} is missing", Names(names))
            }
            Self::Missing(names) => write!(f, "required properties are missing: {}", Names(names)),
            Self::MissingDiscriminator(name, values) => {
                write!(f, "required property `{name}` is missing, which says what this is: `{values}`")
            }
            Self::UncertainDiscriminator(name) => write!(
                f,
                "the value of `{name}` is not certain, so nothing in this object is checked"
            ),
            Self::Property(name, wanted, given) => {
                write!(f, "`{name}` must be `{wanted}`, not `{given}`")
            }
            Self::Item(wanted, given) | Self::SpreadItem(wanted, given) => {
                write!(f, "an item must be `{wanted}`, not `{given}`")
            }
            Self::Value(wanted, given) => write!(f, "the value must be `{wanted}`, not `{given}`"),
            Self::ReadOnly(name) => write!(f, "`{name}` is read-only and cannot be assigned"),
            Self::NotInExisting(name) => {
                write!(f, "`{name}` cannot be set on an existing resource")
            }
            Self::Fallback(name) => {
                write!(f, "the type does not declare `{name}`, though it may exist")
            }
            Self::AnyValue => f.write_str("a value of type `any` is not allowed here"),
            Self::MaybeNull(wanted, given) => {
                write!(f, "the value may be null: `{wanted}` is wanted, not `{given}`")
            }
            Self::TooGreat(value, limit) => write!(f, "the value is at least {value}, the greatest allowed is {limit}"),
            Self::TooSmall(value, limit) => write!(f, "the value is at most {value}, the least allowed is {limit}"),
            Self::MayBeTooSmall(value, limit) => write!(f, "the value may be as small as {value}, the least allowed is {limit}"),
            Self::MayBeTooGreat(value, limit) => write!(f, "the value may be as great as {value}, the greatest allowed is {limit}"),
            Self::TooLong(length, limit) => write!(f, "the length is at least {length}, the greatest allowed is {limit}"),
            Self::TooShort(length, limit) => write!(f, "the length is at most {length}, the least allowed is {limit}"),
            Self::MayBeTooShort(length, limit) => write!(f, "the length may be as small as {length}, the least allowed is {limit}"),
            Self::MayBeTooLong(length, limit) => write!(f, "the length may be as great as {length}, the greatest allowed is {limit}"),
            Self::Pattern(pattern) => write!(f, "the text does not match the pattern `{pattern}`"),
            Self::ScopeOfChild => {
                f.write_str("a child resource has the scope of its parent and cannot set another")
            }
            Self::WrongScope(possible, given) => write!(
                f,
                "such a resource cannot be deployed to a `{given}`, only to: `{possible}`"
            ),
            Self::Elsewhere => {
                f.write_str("this file deploys to one scope; another one needs a module")
            }
            Self::AncestorElsewhere(name) => write!(
                f,
                "its parent `{name}` lies in another scope than this file deploys to, which needs a module"
            ),
            Self::OnlyExistingHere(name) => write!(
                f,
                "`{name}` cannot be deployed to this scope, only referred to with `existing`"
            ),
            Self::NameOfChild => f.write_str(
                "the name of a child resource must not hold those of its parents: there is no `/` in it",
            ),
            Self::NameSegments(1) => f.write_str("the name must not hold `/`"),
            Self::NameSegments(count) => {
                write!(f, "the name must have {count} segments, joined by `/`")
            }
            Self::LetterCase(listed) => write!(f, "the known value is spelt `{listed}`"),
            Self::UnknownRead(name, known) if known.is_empty() => {
                write!(f, "unknown property `{name}`: there are none")
            }
            Self::UnknownRead(name, _) => write!(f, "unknown property `{name}`"),
            Self::NoProperties => f.write_str("the object has no properties"),
            Self::NoObject(given) => write!(f, "a `{given}` has no properties"),
            Self::WriteOnly(name) => write!(f, "`{name}` can be set but not read"),
            Self::MaybeNullBase(given) => write!(f, "this may be null: it is `{given}`"),
        }
    }
}
