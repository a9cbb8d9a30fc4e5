//! What a text says beside what it means: places that expressions do not carry, types that bear on
//! no value, and mistakes. Empty for templates that come from elsewhere than Bicep text.

use tricep_syntax::text::Span;

use super::{ExprId, ResourceId, TypeId, VariableId};
use crate::index::Idx as _;

/// Places and mistakes of a text.
#[derive(Clone, Default, Debug)]
pub struct Written {
    /// The bytes of the key of each property, by the property's value. Values are lowered one after
    /// the other, so the ids ascend.
    keys: Vec<(ExprId, Span)>,
    /// The type string of each resource.
    types: Vec<(ResourceId, Span)>,
    /// The declared types of variables, ascending.
    variables: Vec<(VariableId, TypeId)>,
    /// Where the text makes no sense, sorted by start.
    mistakes: Vec<Span>,
    /// Whether an extension brings types of its own.
    extensions: bool,
}

impl Written {
    /// Facts about a text that has these mistakes, sorted by start.
    #[must_use]
    pub fn with_mistakes(mistakes: Vec<Span>) -> Self {
        Self {
            mistakes,
            ..Self::default()
        }
    }

    /// Notes the key of the property that has `value`, which is the latest expression.
    pub fn add_key(&mut self, value: ExprId, key: Span) {
        self.keys.push((value, key));
    }

    /// Notes where the type of a resource stands.
    pub fn add_type(&mut self, resource: ResourceId, at: Span) {
        self.types.push((resource, at));
    }

    /// Notes the declared type of a variable, which is the latest variable.
    pub fn add_variable_type(&mut self, variable: VariableId, r#type: TypeId) {
        self.variables.push((variable, r#type));
    }

    /// Notes that an extension is declared.
    pub fn add_extension(&mut self) {
        self.extensions = true;
    }

    /// Whether an extension is declared, which brings types of its own.
    #[must_use]
    pub fn has_extensions(&self) -> bool {
        self.extensions
    }

    /// The bytes of the key of the property that has this value.
    #[must_use]
    pub fn key(&self, value: ExprId) -> Option<Span> {
        let place = self.keys.binary_search_by_key(&value, |&(id, _)| id).ok()?;
        Some(self.keys[place].1)
    }

    /// The bytes of a resource's type string, quotes included.
    #[must_use]
    pub fn resource_type(&self, resource: ResourceId) -> Option<Span> {
        let same = |&&(id, _): &&(ResourceId, Span)| id == resource;
        // Only nested resources stand elsewhere than at their own number.
        let guess = self.types.get(resource.index()).filter(same);
        guess.or_else(|| self.types.iter().find(same)).map(|&(_, at)| at)
    }

    /// The declared type of a variable.
    #[must_use]
    pub fn variable_type(&self, variable: VariableId) -> Option<TypeId> {
        let place = self
            .variables
            .binary_search_by_key(&variable, |&(id, _)| id)
            .ok()?;
        Some(self.variables[place].1)
    }

    /// Whether a mistake lies within these bytes.
    #[must_use]
    pub fn is_broken(&self, span: Span) -> bool {
        let first = self.mistakes.partition_point(|m| m.start < span.start);
        self.mistakes[first..]
            .iter()
            .take_while(|m| m.start <= span.end)
            .any(|m| m.end <= span.end)
    }

    /// Whether the text has a mistake anywhere.
    #[must_use]
    pub fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }
}
