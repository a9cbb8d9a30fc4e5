//! `aks-pool-version-differs`: nodes should run the version of their cluster.

use tricep_semantic::eval::{Value, Why};
use tricep_semantic::resolve::is_same_text;

use crate::aks::pools::{NO_POOLS, all_pools, field};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Open, Truth};
use crate::finding::Severity;
use crate::property::{Property, SET, VALUE};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[AGENT_POOL],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-pool-version-differs",
    aliases: &["Azure.AKS.PoolVersion", "AZR-000016"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS node pool runs another version than its cluster",
    what: "\
Reports clusters with a pool whose `orchestratorVersion` is set and is not the `kubernetesVersion` \
of the cluster. Pools in the cluster and pools that are resources of their own are asked. They are \
found wherever the deployment declares them: in the same file or in another module, also where \
that knows the cluster as `existing` or by the output of a module.",
    why: "\
A pool that stays behind gets no new features and fixes, and a cluster cannot be upgraded further \
while the distance is too great. A pool without a version takes that of the cluster.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.34.1'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        orchestratorVersion: '1.33.7'
      }
    ]
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    kubernetesVersion: '1.34.1'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        orchestratorVersion: '1.34.1'
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Upgrade a running pool.",
        code: "\
az aks nodepool upgrade --resource-group rg-prod --cluster-name aks-prod --name system --kubernetes-version 1.34.1
",
        ..AZURE_CLI
    }],
    references: &[
        ("Upgrade options for AKS clusters", "https://learn.microsoft.com/azure/aks/upgrade-cluster"),
        ("PSRule for Azure: Azure.AKS.PoolVersion", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.PoolVersion/"),
    ],
    differences: "\
PSRule fails a pool that is a resource and has no version, and a version that is null. Both take \
the version of the cluster, so tricep passes them. As in PSRule the texts must be equal: `1.34` \
and `1.34.1` are not.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` run the version of the cluster",
    fail: "nodes of `{}` run another version than the cluster",
    open: "whether nodes of `{}` run the version of the cluster",
    help: "give both the same version by one parameter, or leave `orchestratorVersion` out",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let version = cluster.property(&["properties", "kubernetesVersion"]);
    let pools = all_pools(cluster, |resource, pool| {
        field(resource, pool, "orchestratorVersion")
    });
    let pools = pools.map(|of_pool| is_same(cluster, &of_pool, &version));
    match pools.every(cluster) {
        Some(answer) => cluster.verdict(&WORDS, answer),
        None => cluster.not_applicable(&WORDS, NO_POOLS, "it has no pools here"),
    }
}

/// Whether a pool has the version of its cluster, or none of its own. Which version the service gives
/// a cluster without one is not known.
fn is_same(cluster: &Subject<'_, '_, '_>, pool: &Property, whole: &Property) -> Answer {
    let Some(of_pool) = pool.value() else {
        return pool.unset(true);
    };
    let Some(of_whole) = whole.value() else {
        let why = Why::Runtime("the version of the cluster, which does not set one,".to_owned());
        return pool.open(Open::because(why));
    };
    let truth = match (&of_pool, &of_whole) {
        (Value::Unknown(open), Value::Text(text)) | (Value::Text(text), Value::Unknown(open)) => {
            Truth::of(cluster.resource.ask_whether_text(open, text), open)
        }
        _ => Truth::of_belonging(is_same_text(&of_pool, &of_whole)),
    };
    match truth {
        Truth::Open(open) => pool.open(open),
        Truth::Yes => pool.answer(Truth::Yes, SET, pool.is_what()),
        Truth::No => {
            let detail = format!("{} and {}", whole.is_what(), pool.is_what());
            pool.answer(Truth::No, VALUE, detail)
        }
    }
}
