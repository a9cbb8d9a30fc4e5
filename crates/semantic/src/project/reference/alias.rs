//! The aliases of `bicepconfig.json`: names for the first part of a reference.

use std::collections::BTreeMap;

use super::ReferenceProblem;

/// The aliases that count for a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aliases {
    /// `moduleAliases.br`
    pub registries: BTreeMap<String, RegistryAlias>,
    /// `moduleAliases.ts`
    pub template_specs: BTreeMap<String, SpecAlias>,
    /// `moduleAliasesMock.br`: the folder that an alias is mapped to.
    pub mapped: BTreeMap<String, String>,
}

/// A part of a registry.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RegistryAlias {
    /// The host name.
    pub registry: Option<String>,
    /// What precedes the names of modules.
    pub module_path: Option<String>,
}

/// A place with template specs.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SpecAlias {
    /// The id of the subscription.
    pub subscription: Option<String>,
    /// The name of the resource group.
    pub resource_group: Option<String>,
}

impl Default for Aliases {
    /// `public`, which the compiler defines itself (its built-in `bicepconfig.json`).
    fn default() -> Self {
        let public = RegistryAlias {
            registry: Some("mcr.microsoft.com".to_owned()),
            module_path: Some("bicep".to_owned()),
        };
        Self {
            registries: BTreeMap::from([("public".to_owned(), public)]),
            template_specs: BTreeMap::new(),
            mapped: BTreeMap::new(),
        }
    }
}

impl Aliases {
    /// The folder that an alias is mapped to, if it is.
    pub(super) fn mapped(&self, alias: &str) -> Option<&str> {
        self.mapped.get(alias).map(String::as_str)
    }

    /// `registry/path` of an alias.
    pub(super) fn registry(&self, alias: &str) -> Result<String, ReferenceProblem> {
        let Some(known) = lookup(alias, &self.registries)? else {
            return Err(unknown(
                "BCP213",
                alias,
                "moduleAliases.br",
                &self.registries,
            ));
        };
        match (&known.registry, &known.module_path) {
            (None, _) => Err(incomplete("BCP216", alias, "br", "registry")),
            (Some(registry), None) => Ok(registry.clone()),
            (Some(registry), Some(path)) => Ok(format!("{registry}/{path}")),
        }
    }

    /// `subscription/resource group` of an alias.
    pub(super) fn template_spec(&self, alias: &str) -> Result<String, ReferenceProblem> {
        let Some(known) = lookup(alias, &self.template_specs)? else {
            return Err(unknown(
                "BCP212",
                alias,
                "moduleAliases.ts",
                &self.template_specs,
            ));
        };
        match (&known.subscription, &known.resource_group) {
            (None, _) => Err(incomplete("BCP214", alias, "ts", "subscription")),
            (_, None) => Err(incomplete("BCP215", alias, "ts", "resourceGroup")),
            (Some(subscription), Some(group)) => Ok(format!("{subscription}/{group}")),
        }
    }
}

fn lookup<'a, A>(
    alias: &str,
    among: &'a BTreeMap<String, A>,
) -> Result<Option<&'a A>, ReferenceProblem> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if alias.is_empty() || !alias.bytes().all(is_name) {
        return Err(ReferenceProblem::alias_name(alias));
    }
    Ok(among.get(alias))
}

/// More aliases are not listed.
const MAX_LISTED: usize = 8;

fn unknown<A>(
    code: &'static str,
    alias: &str,
    section: &str,
    among: &BTreeMap<String, A>,
) -> ReferenceProblem {
    let fix = format!("define `{alias}` in `{section}` of bicepconfig.json");
    let similar = among.keys().find(|known| known.eq_ignore_ascii_case(alias));
    let fix = match (similar, among.is_empty()) {
        (Some(known), _) => format!("write `{known}`: letter case counts"),
        (None, true) => fix,
        (None, false) => {
            let names: Vec<String> = among
                .keys()
                .take(MAX_LISTED)
                .map(|known| format!("`{known}`"))
                .collect();
            format!("{fix}, or use one of {}", names.join(", "))
        }
    };
    ReferenceProblem::new(code, format!("there is no alias `{alias}`"), fix)
}

fn incomplete(code: &'static str, alias: &str, kind: &str, missing: &str) -> ReferenceProblem {
    ReferenceProblem::new(
        code,
        format!("alias `{alias}` has no `{missing}`"),
        format!("set `moduleAliases.{kind}.{alias}.{missing}` in bicepconfig.json"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_in_another_letter_case_is_named() {
        let problem = Aliases::default().registry("Public").unwrap_err();
        assert_eq!(problem.code, "BCP213");
        assert_eq!(problem.fix, "write `public`: letter case counts");
    }

    #[test]
    fn the_known_aliases_are_listed() {
        let problem = Aliases::default().registry("own").unwrap_err();
        assert_eq!(
            problem.fix,
            "define `own` in `moduleAliases.br` of bicepconfig.json, or use one of `public`"
        );
    }
}
