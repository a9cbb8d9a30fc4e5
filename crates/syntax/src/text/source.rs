//! A file's text with its name.

use std::sync::{Arc, OnceLock};

use super::LineIndex;

/// The text of a file, how people call the file, and (made on demand) its lines.
#[derive(Clone, Debug)]
pub struct Source {
    label: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<Arc<LineIndex>>,
}

impl Source {
    /// A source called `label` (a path with `/`, as reports show it) that holds `text`.
    pub fn new(label: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }
    }

    /// How reports name the file.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The whole text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The lines of the text, counted at the first call.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines
            .get_or_init(|| Arc::new(LineIndex::new(&self.text)))
    }
}
