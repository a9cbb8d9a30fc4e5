//! `aks-pool-without-autoscaling`: the number of nodes should follow the load.

use crate::aks::pools::{field, is_scale_set, own_pools};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::Truth;
use crate::finding::{Reason, Severity};
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
    name: "aks-pool-without-autoscaling",
    aliases: &["Azure.AKS.AutoScaling", "AZR-000019"],
    category: Category::Performance,
    severity: Severity::Warning,
    summary: "AKS node pool has a fixed number of nodes",
    what: "\
Reports node pools that are scale sets and whose `enableAutoScaling` is not `true`; system and \
user pools alike. Both pools in the cluster's `agentPoolProfiles` and pools that are resources of \
their own (`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
With a fixed number of nodes pods wait when there is much to do, and nodes are paid for when there \
is little.",
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
        count: 3
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
        enableAutoScaling: true
        minCount: 3
        maxCount: 5
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running pool.",
        code: "\
az aks nodepool update --resource-group rg-prod --cluster-name aks-prod --name system --enable-cluster-autoscaler --min-count 3 --max-count 5
",
        ..AZURE_CLI
    }],
    references: &[
        ("Use the cluster autoscaler in AKS", "https://learn.microsoft.com/azure/aks/cluster-autoscaler"),
        ("PSRule for Azure: Azure.AKS.AutoScaling", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AutoScaling/"),
    ],
    differences: "\
PSRule asks only pools whose `type` is written out as `VirtualMachineScaleSets`. A pool that does \
not say is a scale set, so tricep asks it, too. Pools of other types are not asked, as in PSRule.",
    tags: &["performance", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "the number of nodes of `{}` follows the load",
    fail: "the number of nodes of `{}` is fixed",
    open: "whether the number of nodes of `{}` follows the load",
    help: "set `enableAutoScaling: true` with `minCount` and `maxCount`",
};

/// Node auto-provisioning makes the nodes that the work needs; pools are not scaled then.
const PROVISIONED: Reason = Reason::new("provisioned", "nodes are provisioned");

/// Whether node auto-provisioning is on: as written, or as AKS Automatic presets it.
/// Source: <https://learn.microsoft.com/azure/aks/node-auto-provisioning>.
fn provisions_nodes(cluster: &mut Subject<'_, '_, '_>) -> bool {
    if !cluster.is(MANAGED_CLUSTER) {
        return false;
    }
    let mode = cluster.property(&["properties", "nodeProvisioningProfile", "mode"]);
    let is_auto = mode.is_one_of(&cluster.resource, &["Auto"]);
    let sku = cluster.property(&["sku", "name"]);
    let is_automatic = sku.is_one_of(&cluster.resource, &["Automatic"]);
    let preset = mode.is_unset() && matches!(is_automatic.truth, Truth::Yes);
    matches!(is_auto.truth, Truth::Yes) || preset
}

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    if provisions_nodes(subject) {
        return subject.not_applicable(&WORDS, PROVISIONED, "nodes come and go with the work");
    }
    let pools = own_pools(subject);
    let answer = pools.every_of(
        subject,
        |subject, pool| is_scale_set(&mut subject.resource, &pool.fields),
        |subject, pool| {
            let scaling = field(&mut subject.resource, &pool.fields, "enableAutoScaling");
            // The limits must be given beside the switch.
            scaling.is_true(&subject.resource).with_safe_fixes()
        },
    );
    subject.verdict(&WORDS, answer)
}
