//! What is known of public modules that wrap managed clusters, for machines without a restore.
//!
//! Data only: for each module and range of versions a stand-in in Bicep, of our own writing, that
//! holds what the module's source says of the properties listed in `KNOWN`, and nothing else.
//! Every published version in a range was compared with its stand-in (tags of
//! <https://github.com/Azure/bicep-registry-modules>). A version outside the ranges is not known:
//! 0.12.0 of the first module shows that the next one may well be different. Deliberately absent:
//! the API version, which changes with every other release, and outputs, which are known only while
//! deploying.

use super::reference::{Artifact, Version};

/// A stand-in for some versions of a public module.
#[derive(PartialEq, Eq, Debug)]
pub struct KnownModule {
    repository: &'static str,
    first: [u32; 3],
    last: [u32; 3],
    /// What stands in for the module, in Bicep.
    pub stand_in: &'static str,
}

/// The registry of the public modules.
const PUBLIC: &str = "mcr.microsoft.com";

const MANAGED_CLUSTER: &str = "bicep/avm/res/container-service/managed-cluster";

/// Parameter `authorizedIPRanges` is `array?`, from 0.4.1 on `string[]?`.
const UNTYPED_RANGES: &str = "\
param name string
param authorizedIPRanges array?
param enablePrivateCluster bool = false

resource managedCluster 'Microsoft.ContainerService/managedClusters' = {
  name: name
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: authorizedIPRanges
      enablePrivateCluster: enablePrivateCluster
    }
  }
}
";

const RANGES: &str = "\
param name string
param authorizedIPRanges string[]?
param enablePrivateCluster bool = false

resource managedCluster 'Microsoft.ContainerService/managedClusters' = {
  name: name
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: authorizedIPRanges
      enablePrivateCluster: enablePrivateCluster
    }
  }
}
";

const PROFILE: &str = "\
param name string
param apiServerAccessProfile object?

resource managedCluster 'Microsoft.ContainerService/managedClusters' = {
  name: name
  properties: {
    apiServerAccessProfile: apiServerAccessProfile
  }
}
";

/// Calls the module above in a version before 0.12.0 and gives it neither ranges nor the flag.
const PATTERN: &str = "\
param name string

resource managedCluster 'Microsoft.ContainerService/managedClusters' = {
  name: name
  properties: {
    apiServerAccessProfile: {
      authorizedIPRanges: null
      enablePrivateCluster: false
    }
  }
}
";

const KNOWN: [KnownModule; 5] = [
    KnownModule {
        repository: MANAGED_CLUSTER,
        first: [0, 1, 0],
        last: [0, 4, 0],
        stand_in: UNTYPED_RANGES,
    },
    KnownModule {
        repository: MANAGED_CLUSTER,
        first: [0, 4, 1],
        last: [0, 11, 1],
        stand_in: RANGES,
    },
    KnownModule {
        repository: MANAGED_CLUSTER,
        first: [0, 12, 0],
        last: [0, 14, 0],
        stand_in: PROFILE,
    },
    KnownModule {
        repository: "bicep/avm/ptn/azd/aks",
        first: [0, 1, 0],
        last: [0, 3, 0],
        stand_in: PATTERN,
    },
    KnownModule {
        repository: "bicep/avm/ptn/azd/aks-automatic-cluster",
        first: [0, 1, 0],
        last: [0, 3, 0],
        stand_in: PATTERN,
    },
];

impl KnownModule {
    /// What is known of a module, if anything is.
    #[must_use]
    pub fn of(artifact: &Artifact) -> Option<&'static Self> {
        let Version::Tag(tag) = &artifact.version else {
            return None;
        };
        let version = version(tag)?;
        KNOWN.iter().find(|known| {
            artifact.registry.eq_ignore_ascii_case(PUBLIC)
                && artifact.repository == known.repository
                && (known.first..=known.last).contains(&version)
        })
    }
}

/// Reads `1.2.3`.
fn version(tag: &str) -> Option<[u32; 3]> {
    let mut numbers = tag.split('.').map(|number| {
        let plain = number == "0" || !number.starts_with(['0', '+']);
        number.parse().ok().filter(|_| plain)
    });
    let version = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;
    use crate::project::{Aliases, ModuleReference};
    use tricep_syntax::bicep::{Dialect, parse};

    fn stand_in(path: &str) -> Option<&'static str> {
        match ModuleReference::parse(path, &Aliases::default()) {
            Ok(ModuleReference::Registry(artifact)) => {
                KnownModule::of(&artifact).map(|known| known.stand_in)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_parameter_with_the_ranges_changed_at_0_12_0() {
        let module =
            |version: &str| stand_in(&format!("br/public:{}:{version}", &MANAGED_CLUSTER[6..]));
        assert_eq!(module("0.4.0"), Some(UNTYPED_RANGES));
        assert_eq!(module("0.11.1"), Some(RANGES));
        assert_eq!(module("0.12.0"), Some(PROFILE));
        assert_eq!(module("0.14.0"), Some(PROFILE));
    }

    #[test]
    fn other_versions_and_registries_are_not_known() {
        for path in [
            "br/public:avm/res/container-service/managed-cluster:0.11.2",
            "br/public:avm/res/container-service/managed-cluster:0.14.1",
            "br/public:avm/res/container-service/managed-cluster:0.12",
            "br/public:avm/res/container-service/managed-cluster:0.12.00",
            "br/public:avm/res/container-service/managed-cluster:0.12.0.0",
            "br/public:avm/res/container-service/managed-cluster:0.12.0-rc",
            "br:contoso.azurecr.io/bicep/avm/res/container-service/managed-cluster:0.12.0",
            "br/public:avm/res/storage/storage-account:0.1.0",
        ] {
            assert_eq!(stand_in(path), None, "{path}");
        }
        let direct = "br:MCR.microsoft.com/bicep/avm/ptn/azd/aks:0.2.0";
        assert_eq!(stand_in(direct), Some(PATTERN));
    }

    #[test]
    fn every_stand_in_declares_one_cluster() {
        for known in &KNOWN {
            let parsed = parse(known.stand_in, Dialect::Bicep);
            assert!(parsed.is_valid(), "{:?}", parsed.errors());
            let template = lower(&parsed);
            let mut types = template.resources.iter().map(|resource| &resource.r#type);
            assert!(
                types
                    .next()
                    .unwrap()
                    .as_ref()
                    .unwrap()
                    .is("Microsoft.ContainerService/managedClusters")
            );
            assert_eq!(types.next(), None);
        }
    }
}
