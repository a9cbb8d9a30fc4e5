//! `aks-kubernetes-version-old`: old versions get no patches.

use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
use crate::aks::pools::own_pools;
use crate::aks::versions::{MINIMUM, Version};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Open, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{MISSING, Property, State};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;
use tricep_semantic::eval::{Value, Why};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[AGENT_POOL, MANAGED_CLUSTER],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-kubernetes-version-old",
    aliases: &["Azure.AKS.Version", "AZR-000015"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster or node pool runs an old version of Kubernetes",
    what: "\
Compares `properties.kubernetesVersion` of clusters, and `orchestratorVersion` of their node \
pools, in the cluster's list or as resources of their own, with the setting \
`minimumKubernetesVersion`. Its default is 1.33.7, the one of PSRule for Azure as of 2026-11-23: \
versions age, so set one of your own, or update tricep.

- A cluster that the channel `rapid` or `stable` upgrades passes, and so does AKS Automatic: the \
version in the file is where it started.
- A cluster without a version fails: it takes the default of the service when it is created and \
stays there.
- A pool without a version passes: it takes the one of its cluster. A pool that is a resource of its \
own is judged by its own version, whatever upgrades its cluster.
- `1.33` stands for the newest patch of 1.33, as in AKS.",
    why: "\
AKS supports the last three versions of Kubernetes, each for about a year. Older ones get no \
patches for known flaws, no support, and can only be left version by version.",
    examples: &[
        Example {
            settings: "",
            bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.27.9'
  }
}
",
            good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.34'
  }
}
",
        },
        Example {
            settings: "",
            bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.27.9'
  }
}
",
            good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.27.9'
    autoUpgradeProfile: {
      upgradeChannel: 'stable'
    }
  }
}
",
        },
    ],
    remedies: &[Remedy {
        text: "See what a running cluster can be upgraded to, and upgrade it with its pools.",
        code: "\
az aks get-upgrades --resource-group rg-prod --name aks-prod --output table
az aks upgrade --resource-group rg-prod --name aks-prod --kubernetes-version 1.34
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Supported Kubernetes versions in Azure Kubernetes Service",
            "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
        ),
        (
            "Automatically upgrade an AKS cluster",
            "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.Version",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.Version/",
        ),
    ],
    differences: "\
PSRule for Azure reads `1.33` as 1.33.0, and does not look at the versions of pools in the \
cluster's list. It fails AKS Automatic unless the channel is written out.",
    tags: &["reliability", "azure", "aks", "upgrade"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "Kubernetes version of `{}` is current",
    fail: "Kubernetes version of `{}` is old",
    open: "whether the Kubernetes version of `{}` is current",
    help: "use a newer version, or let AKS upgrade the cluster (`autoUpgradeProfile: { upgradeChannel: 'stable' }`)",
};

/// The cluster is upgraded by itself.
const UPGRADED: Reason = Reason::new("upgraded", "upgraded by itself");
/// The version is older than the setting wants.
const OLD: Reason = Reason::new("old", "an old version");

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let text = &subject.deployment.settings.minimum_kubernetes_version;
    let Some(minimum) = Version::read(text) else {
        let detail = format!("the setting `minimumKubernetesVersion` is no version: `{text}`");
        let open = Truth::Open(Open::because(Why::Unsupported(detail.clone())));
        let answer = Answer::at(subject.at(), open, Reason::UNSUPPORTED, detail);
        return subject.verdict(&WORDS, answer);
    };
    let limit = Limit {
        minimum,
        words: in_words(text),
    };
    let pools = judge_pools(subject, &limit);
    let answer = if subject.is(AGENT_POOL) {
        pools
    } else {
        judge_cluster(subject, &limit, pools)
    };
    subject.verdict(&WORDS, answer.remark_on(OLD, &limit.words))
}

/// The oldest version that is good enough, and what to say of older ones.
struct Limit {
    minimum: Version,
    words: String,
}

impl Limit {
    /// Whether a version is set and good enough.
    fn ask(&self, version: &Property) -> Answer {
        let is_old = |version: Version| !version.reaches(self.minimum);
        let answer = match &version.state {
            State::Value(Value::Text(text)) if Version::read(text).is_some_and(is_old) => {
                version.answer(Truth::No, OLD, version.is_what())
            }
            _ => version.is_text(|text| {
                let is_none = Version::read(text).is_none();
                is_none.then(|| ", which is no version".to_owned())
            }),
        };
        answer.mended(|| version.set_to_text(&self.minimum.line()))
    }
}

fn in_words(minimum: &str) -> String {
    if minimum == MINIMUM.version {
        format!(
            ", older than {minimum} (the oldest to run as of {})",
            MINIMUM.since
        )
    } else {
        format!(", older than {minimum}")
    }
}

/// Pools run the version of their cluster unless they say otherwise.
fn judge_pools(subject: &mut Subject<'_, '_, '_>, limit: &Limit) -> Answer {
    own_pools(subject).every(subject, |subject, pool| {
        let version = subject.property_in(&pool.fields, &["orchestratorVersion"]);
        if version.is_unset() {
            version.unset(true)
        } else {
            limit.ask(&version)
        }
    })
}

fn judge_cluster(cluster: &mut Subject<'_, '_, '_>, limit: &Limit, pools: Answer) -> Answer {
    let version = cluster.property(&["properties", "kubernetesVersion"]);
    let declared = limit
        .ask(&version)
        .remark_on(MISSING, ", so it is what AKS takes by default on the day");
    let declared = Answer::all([declared.clone(), pools]).unwrap_or(declared);
    let channel = cluster.property(&["properties", "autoUpgradeProfile", "upgradeChannel"]);
    let upgraded = channel.is_one_of(&cluster.resource, &["rapid", "stable"]);
    let upgraded = or_preset(cluster, upgraded.holds_because(UPGRADED));
    Answer::any([declared.clone(), upgraded]).unwrap_or(declared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_names_the_default_and_its_date() {
        assert!(META.what.contains(MINIMUM.version));
        assert!(META.what.contains(MINIMUM.since));
    }
}
