//! Which template a parameter file in JSON is for. The file does not say; its name and folder do.
//!
//! `main.parameters.json`, `main.prod.parameters.json` and `main.parameters.prod.json` belong to
//! `main.bicep` or `main.json` beside them. Any other (`prod.parameters.json`) belongs to `main.bicep`,
//! or to the only Bicep file of the folder, if that declares all parameters that the file assigns;
//! in a folder called `parameters` that may be the folder above.

use tricep_semantic::lower::arm::parameter_names;
use tricep_semantic::lower::lower;
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::json::Json;

use super::spelling::relative;
use crate::{FileSystem, join_path};

/// A parameter file in JSON and the template that it is for, as paths of the file system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParameterFile {
    /// The parameter file.
    pub path: String,
    /// The template.
    pub template: String,
}

/// What part of a name says that a JSON file holds parameters.
const MARK: &str = ".parameters.";
/// Folders that hold parameter files for a template above them.
const FOLDERS: &[&str] = &["parameter", "parameters", "param", "params"];

/// Whether a JSON file called so is one with parameters by all appearance.
#[must_use]
pub fn is_parameter_file_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let json = [".json", ".jsonc"].iter().any(|end| name.ends_with(end));
    let marked = name.starts_with("parameters.") || name.contains(MARK);
    json && marked
}

/// The template that the parameter file at `path` is for, as a path written in it.
pub(super) fn template_of(
    file_system: &dyn FileSystem,
    path: &str,
    parameters: &Json,
) -> Option<String> {
    let found = by_name(file_system, path).or_else(|| by_content(file_system, path, parameters))?;
    Some(relative(path, &found))
}

/// The template with the name of the parameter file: `a.b.parameters.json` is for `a.b` or `a`.
fn by_name(file_system: &dyn FileSystem, path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?;
    let mark = name.to_ascii_lowercase().find(MARK)?;
    let mut stem = name.get(..mark)?;
    loop {
        let candidates = ["bicep", "json"].map(|end| join_path(path, &format!("{stem}.{end}")));
        let mut candidates = candidates.into_iter();
        if let Some(found) = candidates.find(|file| *file != path && file_system.is_file(file)) {
            return Some(found);
        }
        stem = stem.rsplit_once('.')?.0;
    }
}

/// The template that stands where one is looked for and declares every parameter that is assigned.
fn by_content(file_system: &dyn FileSystem, path: &str, parameters: &Json) -> Option<String> {
    let names = parameter_names(parameters);
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let inside = FOLDERS.iter().any(|name| name.eq_ignore_ascii_case(folder));
    let folders: &[&str] = match inside {
        true => &[".", ".."],
        false => &["."],
    };
    let candidates = folders
        .iter()
        .flat_map(|folder| likely(file_system, &join_path(path, folder)));
    let mut candidates = candidates.filter(|file| declares(file_system, file, &names));
    candidates.next().filter(|_| !names.is_empty())
}

/// `main.bicep` of a folder, or else its only Bicep file.
fn likely(file_system: &dyn FileSystem, folder: &str) -> Option<String> {
    let inside = |name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let main = inside("main.bicep");
    if file_system.is_file(&main) {
        return Some(main);
    }
    let entries = file_system.list(folder).unwrap_or_default();
    let is_bicep = |name: &str| name.to_ascii_lowercase().ends_with(".bicep");
    let mut files = entries
        .iter()
        .filter(|entry| !entry.is_dir && is_bicep(&entry.name));
    match (files.next(), files.next()) {
        (Some(only), None) => Some(inside(&only.name)),
        _ => None,
    }
}

fn declares(file_system: &dyn FileSystem, template: &str, names: &[String]) -> bool {
    let text = file_system.read(template).map(String::from_utf8);
    let Ok(Ok(text)) = text else { return false };
    let template = lower(&parse(text, Dialect::Bicep));
    names.iter().all(|name| template.parameter(name).is_some())
}

#[cfg(test)]
mod tests {
    use tricep_syntax::json::parse as parse_json;

    use super::*;
    use crate::MemoryFileSystem;

    fn found(path: &str, templates: &[(&str, &str)]) -> Option<String> {
        let mut files = MemoryFileSystem::default();
        for &(template, text) in templates {
            files.insert(template, text);
        }
        let json = parse_json("{\"parameters\": {\"A\": {\"value\": 1}}}");
        template_of(&files, path, &json)
    }

    #[test]
    fn the_name_of_a_parameter_file_begins_with_that_of_the_template() {
        for name in [
            "x/main.parameters.json",
            "x/main.prod.parameters.json",
            "x/main.Parameters.prod.JSON",
        ] {
            assert!(is_parameter_file_name(name), "{name}");
            let templates = [("x/main.bicep", ""), ("x/other.bicep", "")];
            assert_eq!(
                found(name, &templates).as_deref(),
                Some("main.bicep"),
                "{name}"
            );
        }
        let arm = [("azuredeploy.json", "{}")];
        let name = "azuredeploy.parameters.json";
        assert_eq!(found(name, &arm).as_deref(), Some("azuredeploy.json"));
        for other in ["main.json", "my.parameterset.json", "main.parameters.bicep"] {
            assert!(!is_parameter_file_name(other), "{other}");
        }
    }

    #[test]
    fn other_names_belong_to_the_likely_template_if_it_fits() {
        let (fits, not) = ("param a int", "param b int");
        let prod = "x/prod.parameters.json";
        assert_eq!(
            found(prod, &[("x/main.bicep", fits)]).as_deref(),
            Some("main.bicep")
        );
        assert_eq!(
            found(prod, &[("x/aks.bicep", fits)]).as_deref(),
            Some("aks.bicep")
        );
        assert_eq!(found(prod, &[("x/main.bicep", not)]), None);
        assert_eq!(
            found(prod, &[("x/a.bicep", fits), ("x/b.bicep", fits)]),
            None
        );
        assert_eq!(found(prod, &[("main.bicep", fits)]), None);
        let below = "params/prod.parameters.json";
        assert_eq!(
            found(below, &[("main.bicep", fits)]).as_deref(),
            Some("../main.bicep")
        );
    }
}
