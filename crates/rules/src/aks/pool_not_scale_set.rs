//! `aks-pool-not-scale-set`: an availability set can neither grow by itself nor spread over zones.

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
    name: "aks-pool-not-scale-set",
    aliases: &["Azure.AKS.PoolScaleSet", "AZR-000017", "CKV_AZURE_169"],
    category: Category::Performance,
    severity: Severity::Warning,
    summary: "AKS node pool is an availability set",
    what: "\
Reports node pools whose `type` is `AvailabilitySet`. A pool that does not say is a scale set. \
Both pools in the cluster's `agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
Pools of availability sets know no autoscaling, no several pools, no availability zones, and \
support for them has ended. The type of a pool cannot be changed: the pool, and with it often the \
cluster, must be created anew.",
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
        type: 'AvailabilitySet'
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
        type: 'VirtualMachineScaleSets'
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Add a pool of the right type and delete the old one; where the cluster refuses, create a new cluster.",
        code: "\
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System --vm-set-type VirtualMachineScaleSets
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[
        ("Create node pools in AKS", "https://learn.microsoft.com/azure/aks/create-node-pools"),
        ("PSRule for Azure: Azure.AKS.PoolScaleSet", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.PoolScaleSet/"),
    ],
    differences: "\
PSRule fails a pool without `type`. The service makes it a scale set, so tricep passes it, as \
Checkov does. PSRule fails pools of type `VirtualMachines`, too, which are the newer way to mix \
sizes within a pool; tricep passes them. Checkov looks at the first pool only; tricep looks at \
every pool.",
    tags: &["performance", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` are no availability set",
    fail: "nodes of `{}` are an availability set",
    open: "whether nodes of `{}` are an availability set",
    help: "use `type: 'VirtualMachineScaleSets'`, or leave it out",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = own_pools(subject);
    let answer = pools.every(subject, |subject, pool| {
        let r#type = field(&mut subject.resource, &pool.fields, "type");
        r#type.is_none_of(&subject.resource, &["AvailabilitySet"])
    });
    subject.verdict(&WORDS, answer)
}
