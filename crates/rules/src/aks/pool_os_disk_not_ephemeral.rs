//! `aks-pool-os-disk-not-ephemeral`: a disk on the host is faster than one over the network, and free.

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
    name: "aks-pool-os-disk-not-ephemeral",
    aliases: &["Azure.AKS.EphemeralOSDisk", "AZR-000287", "CKV_AZURE_226"],
    category: Category::Performance,
    severity: Severity::Info,
    summary: "AKS node pool uses managed disks for the operating system",
    what: "\
Reports node pools whose `osDiskType` is written out and is not `Ephemeral`. Both pools in the \
cluster's `agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
An ephemeral disk lies on the host of the node. Reads and writes are faster, nodes start and are \
replaced sooner, and the disk costs nothing. What a node keeps there is lost with the node, which \
is right for nodes of a cluster.",
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
        osDiskType: 'Managed'
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
        osDiskType: 'Ephemeral'
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "It cannot be changed. Add a pool that has it, and delete the old one.",
        code: "\
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System --node-osdisk-type Ephemeral
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[
        ("Ephemeral OS disks in AKS", "https://learn.microsoft.com/azure/aks/concepts-storage"),
        ("PSRule for Azure: Azure.AKS.EphemeralOSDisk", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.EphemeralOSDisk/"),
    ],
    differences: "\
A pool without `osDiskType` passes, as in PSRule: the service takes an ephemeral disk where the \
size of the machine allows. Checkov fails it, and looks at the first pool only. PSRule reads null, \
and a missing field of a pool resource, as another type; for tricep both are missing.",
    tags: &["performance", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` start from disks of the host, where they can",
    fail: "nodes of `{}` start from disks over the network",
    open: "from which disks nodes of `{}` start",
    help: "set `osDiskType: 'Ephemeral'` and a `vmSize` whose cache or temporary disk holds the system",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = own_pools(subject);
    let answer = pools.every(subject, |subject, pool| {
        let disk = field(&mut subject.resource, &pool.fields, "osDiskType");
        if disk.is_unset() {
            return disk.unset(true);
        }
        disk.is_one_of(&subject.resource, &["Ephemeral"])
    });
    subject.verdict(&WORDS, answer)
}
