//! `aks-system-nodes-too-few`: what the cluster itself needs should survive the loss of a node.

use crate::aks::nodes::count;
use crate::aks::pools::{all_pools, is_system};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Truth};
use crate::finding::Severity;
use crate::property::{SET, VALUE};
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
    name: "aks-system-nodes-too-few",
    aliases: &["Azure.AKS.MinNodeCount", "AZR-000024"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster has few nodes for its system",
    what: "\
Reports clusters whose system pools together may run on less than 3 nodes (setting \
`minimumSystemNodes`). Where a pool grows by itself, `minCount` counts, else `count`; a pool \
that says neither has one node, and a pool without `mode` is a system pool. Pools in the cluster \
and pools that are resources of their own are added up. They are found wherever the deployment \
declares them: in the same file or in another module, also where that knows the cluster as \
`existing` or by the output of a module.",
    why: "\
Name resolution, metrics and the add-ons run on system nodes. With three of them they go on while \
one is upgraded and another fails.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 1
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
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running pool.",
        code: "\
az aks nodepool scale --resource-group rg-prod --cluster-name aks-prod --name system --node-count 3
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Use system node pools in AKS",
            "https://learn.microsoft.com/azure/aks/use-system-pools",
        ),
        (
            "PSRule for Azure: Azure.AKS.MinNodeCount",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.MinNodeCount/",
        ),
    ],
    differences: "\
PSRule takes `minCount` wherever it is more than 0, also where the pool does not grow by itself \
and the service ignores it, and takes `count` where `minCount` is 0. tricep takes `minCount` only \
with `enableAutoScaling`, and then as it is, for a pool may shrink to it. A pool that says neither \
counts for nothing in PSRule; the service gives it one node. A pool both in the list and a \
resource of its own counts once.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "system pools of `{}` have enough nodes",
    fail: "system pools of `{}` have few nodes",
    open: "whether system pools of `{}` have enough nodes",
    help: "set `minCount` (with `enableAutoScaling`) or `count` of system pools, so that they have 3 nodes together",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let wanted = cluster.deployment.settings.minimum_system_nodes;
    let pools = all_pools(cluster, |resource, pool| {
        (is_system(resource, pool), count(resource, pool))
    });
    if let Some(answer) = pools.wrong.into_iter().next() {
        return cluster.verdict(&WORDS, answer);
    }
    let mut nodes: i64 = 0;
    let mut open = pools.open;
    for pool in pools.known {
        let (is_system, count) = pool.value;
        match is_system.and(pool.is_there) {
            Truth::No => {}
            Truth::Open(why) => {
                open.get_or_insert(why);
            }
            Truth::Yes => {
                nodes = nodes.saturating_add(count.least);
                open = open.or(count.open);
            }
        }
    }
    let detail = format!("they have {nodes} together");
    let answer = match open {
        _ if nodes >= wanted => Answer::at(cluster.at(), Truth::Yes, SET, detail),
        Some(open) => cluster.cannot_see(open),
        None => {
            let detail = format!("{detail}, less than {wanted}");
            Answer::at(cluster.at(), Truth::No, VALUE, detail)
        }
    };
    cluster.verdict(&WORDS, answer)
}
