//! `aks-pool-without-host-encryption`: what a node caches and swaps lies on the host as clear text.

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
    name: "aks-pool-without-host-encryption",
    aliases: &["CKV_AZURE_227"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS node pool does not encrypt temporary disks and caches",
    what: "\
Reports node pools whose `enableEncryptionAtHost` is not `true`. Both pools in the cluster's \
`agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
Managed disks are always encrypted where they are stored. Temporary disks, ephemeral disks and the \
caches of disks lie on the host, and are encrypted there, and on the way to the storage, only with \
encryption at host.

The feature must be registered for the subscription, and the size of the machines must support it.",
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
        vmSize: 'Standard_D4s_v5'
        enableEncryptionAtHost: true
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "It cannot be changed. Add a pool that has it, and delete the old one.",
        code: "\
az feature register --namespace Microsoft.Compute --name EncryptionAtHost
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System --enable-encryption-at-host
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[
        ("Host-based encryption in AKS", "https://learn.microsoft.com/azure/aks/enable-host-encryption"),
    ],
    differences: "\
Checkov looks at the first pool only; tricep looks at every pool.",
    tags: &["security", "azure", "aks"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "hosts of `{}` encrypt what they keep",
    fail: "hosts of `{}` keep caches and temporary disks as clear text",
    open: "whether hosts of `{}` encrypt what they keep",
    help: "set `enableEncryptionAtHost: true`",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = own_pools(subject);
    let answer = pools.every(subject, |subject, pool| {
        let encryption = field(
            &mut subject.resource,
            &pool.fields,
            "enableEncryptionAtHost",
        );
        encryption.is_true(&subject.resource)
    });
    subject.verdict(&WORDS, answer)
}
