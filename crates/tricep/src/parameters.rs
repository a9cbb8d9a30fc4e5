//! `--parameters`: files and values for the template that is checked.
//!
//! A file is for the one template that is named: each makes a deployment of its own, a `.bicepparam`
//! file for the template that it names itself. Values count in every one of them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tricep_analyzer::{Inputs, ParameterFile, is_parameter_file_name};

use crate::exit_code::Failure;
use crate::walk::{self, Found};

/// One `--parameters`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    /// A parameter file.
    File(PathBuf),
    /// `NAME=VALUE`
    Value(String, String),
}

impl Given {
    /// Reads the argument as Azure's own tools do: `@` before a file may be left out, and what is a
    /// name before a `=` is no file.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Some(file) = text.strip_prefix('@') {
            return Ok(Self::File(PathBuf::from(file)));
        }
        Ok(match text.split_once('=') {
            Some((name, value)) if is_name(name) => Self::Value(name.to_owned(), value.to_owned()),
            _ => Self::File(PathBuf::from(text)),
        })
    }
}

fn is_name(text: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(of_name)
}

/// What the arguments come to: parameter files in JSON with their template. Those in Bicep join the
/// files found.
pub(crate) fn files(
    given: &[Given],
    root: &Path,
    found: &mut Found,
) -> Result<Vec<ParameterFile>, Failure> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let mut in_json = Vec::new();
    let mut in_bicep = Vec::new();
    for given in given {
        if let Given::File(path) = given {
            let label = label(root, path)?;
            match walk::is_bicepparam(path) {
                true => in_bicep.push(label),
                false => in_json.push(label),
            }
        }
    }
    let values = given.iter().any(|given| matches!(given, Given::Value(..)));
    let template = match in_json.is_empty() && !(values && in_bicep.is_empty()) {
        true => String::new(),
        false => template(found)?,
    };
    for file in &in_json {
        found.files.remove(file);
    }
    found.files.extend(in_bicep);
    Ok(in_json
        .into_iter()
        .map(|path| ParameterFile {
            path,
            template: template.clone(),
        })
        .collect())
}

fn label(root: &Path, path: &Path) -> Result<String, Failure> {
    if !root.join(path).is_file() {
        let path = path.display();
        return Err(Failure::Usage(format!("there is no file `{path}`")));
    }
    walk::label(root, path)
        .ok_or_else(|| Failure::Usage("a parameter file must have a name in UTF-8".to_owned()))
}

/// The one template among the files.
fn template(found: &Found) -> Result<String, Failure> {
    let is_template = |file: &&String| {
        !walk::is_bicepparam(Path::new(file.as_str())) && !is_parameter_file_name(file)
    };
    let mut templates = found.files.iter().filter(is_template);
    match (templates.next(), templates.next()) {
        (Some(only), None) => Ok(only.clone()),
        _ => Err(Failure::Usage(
            "`--parameters` is for one template: name one file".to_owned(),
        )),
    }
}

/// What parameter files may learn: the values among the arguments, and the environment, if that is
/// allowed. A variable that is not UTF-8 is none.
pub(crate) fn inputs(given: &[Given], allow_env: bool) -> Inputs {
    let values = given.iter().filter_map(|given| match given {
        Given::Value(name, value) => Some((name.clone(), value.clone())),
        Given::File(_) => None,
    });
    let variables = || {
        let utf8 = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        env::vars_os().filter_map(utf8).collect()
    };
    Inputs {
        environment: allow_env.then(variables),
        parameters: values.collect(),
        ..Inputs::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_before_an_equals_sign_makes_a_value() {
        let value = |name: &str, value: &str| Ok(Given::Value(name.to_owned(), value.to_owned()));
        let file = |path: &str| Ok(Given::File(PathBuf::from(path)));
        assert_eq!(Given::parse("env=a=b"), value("env", "a=b"));
        assert_eq!(Given::parse("env="), value("env", ""));
        assert_eq!(Given::parse("@a.json"), file("a.json"));
        assert_eq!(Given::parse("dir/x=1.json"), file("dir/x=1.json"));
        assert_eq!(Given::parse("x.bicepparam"), file("x.bicepparam"));
    }

    #[test]
    fn files_in_json_are_for_the_one_template() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Any file will do.
        let given = [Given::File(PathBuf::from("Cargo.toml"))];
        let mut found = Found::default();
        found.files.insert("a.bicep".to_owned());
        let files = |found: &mut Found| super::files(&given, root, found);
        let expected = ParameterFile {
            path: "Cargo.toml".to_owned(),
            template: "a.bicep".to_owned(),
        };
        assert_eq!(files(&mut found), Ok(vec![expected]));
        found.files.insert("b.bicep".to_owned());
        assert!(files(&mut found).is_err());
    }
}
