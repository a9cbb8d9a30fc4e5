//! `tricep resolve`.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use tricep_analyzer::report::resolve::render;
use tricep_analyzer::{Metadata, ResolveOptions, resolve_with};
use tricep_rules::Severity;

use crate::args::ResolveArgs;
use crate::check::working_directory;
use crate::exit_code::{Exit, Failure};
use crate::os_file_system::OsFileSystem;
use crate::parameters::{self, Given};
use crate::walk::{self, Found};
use crate::{environment, output};

/// Prints what the file would deploy.
pub(crate) fn run(args: &ResolveArgs) -> Result<Exit, Failure> {
    let metadata = metadata(&args.metadata)?;
    let root = working_directory()?;
    let file = label(&root, &args.file)?;
    let options = ResolveOptions {
        parameters: parameter_file(&args.parameters, &root, &file)?,
        file,
        inputs: parameters::inputs(&args.parameters, args.allow_env),
        environment: environment::of(&root, args.module_cache.as_deref())?,
        metadata,
    };
    let resolved = resolve_with(&OsFileSystem::new(root), &options);
    output::print(&render(&resolved))?;
    let errors = resolved
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    Ok(match (resolved.unreadable, errors) {
        (true, _) => Exit::Internal,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// The name of the file, which must be one file.
fn label(root: &Path, file: &Path) -> Result<String, Failure> {
    if fs::metadata(root.join(file)).is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::Usage(format!(
            "`{}` is a folder; name the file to deploy",
            file.display()
        )));
    }
    let found = walk::find(root, &[file.to_owned()])?;
    match found.files.into_iter().next() {
        Some(label) => Ok(label),
        None => Err(Failure::Io(found.unreadable.join("; "))),
    }
}

/// The parameter file among the arguments. They mean what they mean to `check`, where each file makes a
/// deployment of its own; here there is one.
fn parameter_file(given: &[Given], root: &Path, file: &str) -> Result<Option<String>, Failure> {
    let mut found = Found::default();
    found.files.insert(file.to_owned());
    let in_json = parameters::files(given, root, &mut found)?;
    let in_json = in_json.into_iter().map(|parameters| parameters.path);
    let in_bicep = found.files.into_iter().filter(|other| other != file);
    let mut files = in_json.chain(in_bicep);
    let first = files.next();
    if files.next().is_some() || (first.is_some() && walk::is_bicepparam(Path::new(file))) {
        return Err(Failure::Usage(
            "there is one deployment to resolve: name one parameter file".to_owned(),
        ));
    }
    Ok(first)
}

/// Something that is fixed about a deployment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fact {
    key: Key,
    value: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Subscription,
    Tenant,
    ResourceGroup,
    Location,
    ManagementGroup,
    Deployment,
}

impl FromStr for Fact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(format!("`{text}` is not of the form KEY=VALUE"));
        };
        let key = match key {
            "subscriptionId" | "subscription" => Key::Subscription,
            "tenantId" | "tenant" => Key::Tenant,
            "resourceGroup" => Key::ResourceGroup,
            "location" => Key::Location,
            "managementGroup" => Key::ManagementGroup,
            "deploymentName" | "deployment" => Key::Deployment,
            _ => {
                return Err(format!(
                    "there is no key `{key}`, only subscriptionId, tenantId, resourceGroup, \
                     location, managementGroup, deploymentName"
                ));
            }
        };
        match value {
            "" => Err(format!("`{text}` gives no value")),
            value => Ok(Self {
                key,
                value: value.to_owned(),
            }),
        }
    }
}

/// All facts; one that is given twice is a mistake.
fn metadata(facts: &[Fact]) -> Result<Metadata, Failure> {
    let mut metadata = Metadata::NONE;
    for Fact { key, value } in facts {
        let place = match key {
            Key::Subscription => &mut metadata.subscription,
            Key::Tenant => &mut metadata.tenant,
            Key::ResourceGroup => &mut metadata.resource_group,
            Key::Location => &mut metadata.location,
            Key::ManagementGroup => &mut metadata.management_group,
            Key::Deployment => &mut metadata.deployment,
        };
        if let Some(before) = place.replace(value.clone()) {
            return Err(Failure::Usage(format!(
                "`--metadata` is given `{before}` and `{value}` for one key"
            )));
        }
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_have_known_keys_and_values() {
        let fact: Fact = "location=westeurope".parse().unwrap();
        assert_eq!(fact.key, Key::Location);
        assert!("location".parse::<Fact>().is_err());
        assert!("location=".parse::<Fact>().is_err());
        assert!(
            "region=x"
                .parse::<Fact>()
                .unwrap_err()
                .contains("only subscriptionId")
        );
    }

    #[test]
    fn a_fact_is_given_once() {
        let facts: Vec<Fact> = ["tenant=a", "tenantId=b"]
            .iter()
            .map(|fact| fact.parse().unwrap())
            .collect();
        assert_eq!(metadata(&facts).unwrap_err().exit(), Exit::Usage);
        assert_eq!(metadata(&facts[..1]).unwrap().tenant.as_deref(), Some("a"));
    }
}
