//! What a module, an import, `using` or `extends` refers to: parsed once, not sniffed.
//!
//! Enters: the path as it stands between the quotes, and the aliases of `bicepconfig.json`. Leaves:
//! a [`ModuleReference`] or what is wrong with the path. Deliberately absent: whether there is
//! anything at the place.

mod alias;
mod local;
mod problem;
mod registry;
mod template_spec;
mod trust;

pub use alias::{Aliases, RegistryAlias, SpecAlias};
pub use local::PathProblem;
pub use problem::ReferenceProblem;
pub use registry::{Artifact, Version};
pub use template_spec::TemplateSpec;
pub use trust::TrustedRegistries;

/// Where a path leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ModuleReference {
    /// To a file, by a path relative to the file that refers to it.
    Local(String),
    /// To a file that stands in for a module of a registry, by a path relative to the
    /// `bicepconfig.json` that maps the alias, or by an absolute one.
    Mapped(String),
    /// To a module in a registry.
    Registry(Artifact),
    /// To a template spec.
    TemplateSpec(TemplateSpec),
}

impl ModuleReference {
    /// Reads a path as it stands between the quotes, in the order of the compiler's
    /// `ModuleDispatcher`.
    ///
    /// # Errors
    /// What the compiler reports of the path before it looks for anything.
    pub fn parse(path: &str, aliases: &Aliases) -> Result<Self, ReferenceProblem> {
        let Some((scheme, rest)) = path.split_once(':') else {
            return match PathProblem::of(path) {
                Some(wrong) => Err(wrong.into()),
                None => Ok(Self::Local(path.to_owned())),
            };
        };
        let (scheme, alias) = match scheme.split_once('/') {
            Some((scheme, alias)) => (scheme, Some(alias)),
            None => (scheme, None),
        };
        match (scheme, alias) {
            ("br", None) => Artifact::parse(rest).map(Self::Registry),
            ("br", Some(alias)) => of_registry_alias(alias, rest, aliases),
            ("ts", None) => TemplateSpec::parse(rest).map(Self::TemplateSpec),
            ("ts", Some(alias)) => {
                let prefix = aliases.template_spec(alias)?;
                TemplateSpec::parse(&format!("{prefix}/{rest}")).map(Self::TemplateSpec)
            }
            ("br-mock", _) => Err(ReferenceProblem::mock_scheme()),
            _ => Err(ReferenceProblem::unknown_scheme(scheme)),
        }
    }
}

/// `br/alias:rest`; an alias that is mapped to local files goes before one of a registry.
fn of_registry_alias(
    alias: &str,
    rest: &str,
    aliases: &Aliases,
) -> Result<ModuleReference, ReferenceProblem> {
    if let Some(folder) = aliases.mapped(alias) {
        let module = registry::mapped_module(rest)?;
        let folder = folder.trim_end_matches(['/', '\\']);
        return Ok(ModuleReference::Mapped(format!("{folder}/{module}.bicep")));
    }
    let prefix = aliases.registry(alias)?;
    Artifact::parse(&format!("{prefix}/{rest}")).map(ModuleReference::Registry)
}

/// Whether a file is an ARM template by its name.
#[must_use]
pub fn is_arm_template(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        ["json", "jsonc", "arm"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a path is: where it leads, or the code of what is wrong with it.
    fn parsed(path: &str) -> String {
        match ModuleReference::parse(path, &aliases()) {
            Ok(ModuleReference::Local(path)) => path,
            Ok(ModuleReference::Mapped(path)) => format!("mapped {path}"),
            Ok(ModuleReference::Registry(artifact)) => artifact.to_string(),
            Ok(ModuleReference::TemplateSpec(spec)) => spec.to_string(),
            Err(problem) => problem.code.to_owned(),
        }
    }

    fn aliases() -> Aliases {
        let mut aliases = Aliases::default();
        let own = RegistryAlias {
            registry: Some("contoso.azurecr.io".into()),
            module_path: Some("bicep/modules".into()),
        };
        aliases.registries.insert("own".into(), own);
        aliases
            .registries
            .insert("bare".into(), RegistryAlias::default());
        aliases.mapped.insert("local".into(), "../mods/".into());
        let spec = SpecAlias {
            subscription: Some("00000000-0000-0000-0000-000000000000".into()),
            resource_group: Some("rg".into()),
        };
        aliases.template_specs.insert("specs".into(), spec);
        aliases
    }

    #[test]
    fn the_scheme_decides_the_kind_of_a_path() {
        assert_eq!(parsed("../a/b.bicep"), "../a/b.bicep");
        assert_eq!(
            parsed("br/public:avm/x:1"),
            "br:mcr.microsoft.com/bicep/avm/x:1"
        );
        assert_eq!(parsed("br:r.azurecr.io/x:1"), "br:r.azurecr.io/x:1");
        assert_eq!(
            parsed("br/own:aks:v1"),
            "br:contoso.azurecr.io/bicep/modules/aks:v1"
        );
        let spec = "00000000-0000-0000-0000-000000000000/rg/x:1";
        assert_eq!(parsed("ts/specs:x:1"), format!("ts:{spec}"));
        assert_eq!(parsed(&format!("ts:{spec}")), format!("ts:{spec}"));
    }

    #[test]
    fn what_is_no_path_of_a_module_has_the_code_of_the_compiler() {
        for (path, code) in [
            ("", "BCP050"),
            ("/abs/mod.bicep", "BCP051"),
            ("a\\b.bicep", "BCP098"),
            ("http://x/y", "BCP189"),
            (":x", "BCP189"),
            ("/own:x", "BCP189"),
            ("BR:r.azurecr.io/x:1", "BCP189"),
            ("br-mock/public:avm/res/a:1.0", "BCP449"),
            ("br/a!b:c:v1", "BCP211"),
            ("br/a/b:c:v1", "BCP211"),
            ("ts/a b:c:v1", "BCP211"),
            ("ts/nope:x:v1", "BCP212"),
            ("br/nope:x:v1", "BCP213"),
            ("br/bare:x:v1", "BCP216"),
        ] {
            assert_eq!(parsed(path), code, "{path}");
        }
    }

    #[test]
    fn a_mapped_alias_leads_to_a_file_whatever_the_version() {
        assert_eq!(parsed("br/local:aks:1.0"), "mapped ../mods/aks.bicep");
        assert_eq!(parsed("br/local:a/b"), "mapped ../mods/a/b.bicep");
        assert_eq!(parsed("br/local:a@sha256:zz"), "mapped ../mods/a.bicep");
        assert_eq!(parsed("br/local::1.0"), "BCP090");
        assert_eq!(parsed("br/local:../x:1.0"), "BCP195");
    }

    #[test]
    fn the_ending_tells_arm_templates() {
        assert!(is_arm_template("a/x.JSON"));
        assert!(!is_arm_template("a.json/x.bicep"));
        assert!(!is_arm_template("x"));
    }
}
