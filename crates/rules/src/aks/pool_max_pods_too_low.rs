//! `aks-pool-max-pods-too-low`: nodes that take few pods are paid for and stay empty.

use crate::aks::pools::{field, own_pools};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER, AGENT_POOL],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-pool-max-pods-too-low",
    aliases: &["Azure.AKS.NodeMinPods", "AZR-000018", "CKV_AZURE_168"],
    category: Category::Performance,
    severity: Severity::Warning,
    summary: "AKS node pool allows few pods on a node",
    what: "\
Reports node pools whose `maxPods` is missing or less than 50 (setting `minimumMaxPods`). Both \
pools in the cluster's `agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
`maxPods` is fixed when a pool is created. With the default of Azure CNI, 30, the pods of the \
system alone take a good part of it, and a node is full long before its processors and memory are.",
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
        vmSize: 'Standard_D4s_v5'
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
        maxPods: 50
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "It cannot be changed. Add a pool that has it, and delete the old one.",
        code: "\
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System --max-pods 50
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[
        ("Configure the maximum number of pods per node in AKS", "https://learn.microsoft.com/azure/aks/quotas-skus-regions"),
        ("PSRule for Azure: Azure.AKS.NodeMinPods", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.NodeMinPods/"),
    ],
    differences: "\
A pool without `maxPods` fails as in PSRule and Checkov, although kubenet (110) and Azure CNI \
Overlay (250) have a default above 50: the message names the defaults. Checkov looks at the first \
pool only; tricep looks at every pool.",
    tags: &["performance", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` take enough pods",
    fail: "nodes of `{}` take few pods",
    open: "whether nodes of `{}` take enough pods",
    help: "set `maxPods` to 50 or more when the pool is created; it cannot be changed later",
};

/// What a node takes if nobody says.
const DEFAULT: &str = ", so 30 with Azure CNI, 110 with kubenet, 250 with Azure CNI Overlay";

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let least = subject.deployment.settings.minimum_max_pods;
    let pools = own_pools(subject);
    let answer = pools.every(subject, |subject, pool| {
        let max_pods = field(&mut subject.resource, &pool.fields, "maxPods");
        let answer = max_pods.is_at_least(least);
        let words = if max_pods.is_unset() { DEFAULT } else { "" };
        answer.remark(words)
    });
    subject.verdict(&WORDS, answer)
}
