//! The files of a checkout, and parameter files made for a deployment.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use tricep_analyzer::{FileSystem, ReadError};

/// The files below a folder, and some that are made up.
pub(in crate::conformance) struct Checkout {
    root: PathBuf,
    made: BTreeMap<String, String>,
}

impl Checkout {
    pub(in crate::conformance) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            made: BTreeMap::new(),
        }
    }

    /// Makes a parameter file for a template and says its path.
    pub(in crate::conformance) fn with_parameters(
        &mut self,
        template: &str,
        assignments: &str,
    ) -> String {
        let name = template.rsplit('/').next().unwrap_or(template);
        let path = format!("{template}.made.bicepparam");
        let text = format!("using './{name}'\n{assignments}");
        self.made.insert(path.clone(), text);
        path
    }
}

impl FileSystem for Checkout {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(text) = self.made.get(path) {
            return Ok(text.clone().into_bytes());
        }
        std::fs::read(self.root.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            kind => ReadError::Unreadable(kind.to_string()),
        })
    }
}

/// The assignments of a parameter file.
pub(in crate::conformance) fn parameters(values: &Map<String, Json>) -> String {
    let mut out = String::new();
    for (name, value) in values {
        let _ = writeln!(out, "param {name} = {}", literal(value));
    }
    out
}

/// A value as Bicep writes it.
fn literal(value: &Json) -> String {
    match value {
        Json::String(text) => quoted(text),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), literal(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace("${", "\\${")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t");
    format!("'{escaped}'")
}
