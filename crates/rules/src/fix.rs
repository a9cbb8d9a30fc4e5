//! How a rule would mend what it found: edits in terms of the language's values, not of its text, but
//! for comments and directives.
//! Whoever knows the text makes it of them; it decides on indentation and quotes.

use tricep_syntax::text::Location;

/// Whether a fix may be made without looking.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Applicability {
    /// It says the same in a better way, or what was meant beyond doubt.
    Safe,
    /// It changes what is deployed, or has to be filled in.
    Unsafe,
}

impl Applicability {
    /// The word used in every output format of our own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A value to be written, in either language.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// A list, an element to a line.
    List(Vec<Self>),
}

/// A change of the text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Edit {
    /// Writes another value in place of the expression that stands there.
    Replace {
        /// The expression.
        at: Location,
        /// What to write.
        value: Literal,
    },
    /// Adds a property to the object literal that stands there, within new objects if the path has
    /// several names.
    Add {
        /// The object, braces included.
        object: Location,
        /// The names that lead from the object to the value.
        path: Vec<&'static str>,
        /// What to write.
        value: Literal,
    },
    /// Writes another name in place of the key that stands there.
    Rename {
        /// The key.
        at: Location,
        /// The new name.
        name: String,
    },
    /// Takes an element out of a list.
    Remove {
        /// The element.
        at: Location,
    },
    /// Writes a text in place of the one that stands there, as it is.
    Text {
        /// The bytes.
        at: Location,
        /// What to write.
        text: String,
    },
}

impl Edit {
    /// The place that is changed.
    #[must_use]
    pub const fn at(&self) -> Location {
        match self {
            Self::Replace { at, .. }
            | Self::Rename { at, .. }
            | Self::Remove { at }
            | Self::Text { at, .. } => *at,
            Self::Add { object, .. } => *object,
        }
    }
}

/// A way to mend what a finding is about: all of its edits, or none.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fix {
    /// What it does, such as: set `disableLocalAccounts` to `true`.
    pub title: String,
    /// Whether it may be made without looking.
    pub applicability: Applicability,
    /// The changes.
    pub edits: Vec<Edit>,
}
