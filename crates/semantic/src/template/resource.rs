//! Resources and module calls.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use tricep_syntax::text::Span;

use super::{ExprId, LocalId, ReferenceId};
use crate::index::idx;

idx! {
    /// A resource declaration.
    ResourceId;
    /// A module call.
    ModuleId;
}

/// A full resource type such as `Microsoft.ContainerService/managedClusters`. ARM compares type
/// names without regard to letter case, and so does `==` here.
#[derive(Clone)]
pub struct ResourceType(Arc<str>);

impl ResourceType {
    /// The type called `name`.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the type called `name`.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    /// The type of a child resource declared with one further segment.
    #[must_use]
    pub fn child(&self, segment: &str) -> Self {
        Self(format!("{}/{segment}", self.0).into())
    }
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}
impl Eq for ResourceType {}
impl Hash for ResourceType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            byte.to_ascii_lowercase().hash(state);
        }
    }
}
impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An API version: a date and perhaps a suffix such as `-preview`. Versions order by date; of one
/// date the one without a suffix is the newer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiVersion(Arc<str>);

impl ApiVersion {
    /// The version spelt `text`; letter case of the suffix is kept.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date, `YYYY-MM-DD`; `None` when the text does not start with one.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        let date = self.0.get(..10)?;
        let shape = date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let ends = self.0[10..].is_empty() || self.0[10..].starts_with('-');
        (shape && ends).then_some(date)
    }
}

/// `[for item in source: …]` around a body.
#[derive(Clone, Copy, Debug)]
pub struct Loop {
    /// The element.
    pub item: LocalId,
    /// Its number.
    pub index: Option<LocalId>,
    /// What is looped over.
    pub source: ExprId,
}

/// The body of a resource or module: perhaps a loop, perhaps a condition, and the object.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// The loop around it.
    pub each: Option<Loop>,
    /// The condition (evaluated inside the loop).
    pub condition: Option<ExprId>,
    /// The object.
    pub object: ExprId,
}

/// `resource name 'type@version' = body`
#[derive(Clone, Debug)]
pub struct Resource {
    /// The symbol; empty where it is missing.
    pub name: Arc<str>,
    /// The bytes of the symbol, or of the type where the symbol is missing.
    pub at: Span,
    /// The whole declaration.
    pub span: Span,
    /// The full type; `None` where the text of the type is no plain string.
    pub r#type: Option<ResourceType>,
    /// The API version, where one is written; a nested resource may leave it to its parent.
    pub api_version: Option<ApiVersion>,
    /// Whether it is only referred to and not deployed.
    pub existing: bool,
    /// The resource in whose body it stands.
    pub nested_in: Option<ResourceId>,
    /// The module that stands for what it deploys, if it is a deployment of a template that
    /// is known.
    pub deploys: Option<ModuleId>,
    /// Its body.
    pub body: Body,
}

/// `module name 'path' = body`
#[derive(Clone, Debug)]
pub struct Module {
    /// The symbol; empty where it is missing.
    pub name: Arc<str>,
    /// The bytes of the symbol, or of the path where the symbol is missing.
    pub at: Span,
    /// The file called.
    pub reference: ReferenceId,
    /// Its body.
    pub body: Body,
}
