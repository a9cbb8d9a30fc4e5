//! `aks-no-disk-encryption-set`: who must hold the keys of the disks can.

use crate::aks::MANAGED_CLUSTER;
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-no-disk-encryption-set",
    aliases: &["CKV_AZURE_117", "AVD-AZU-0067", "AZU-0067"],
    category: Category::Security,
    severity: Severity::Info,
    summary: "AKS cluster does not encrypt disks with keys of your own",
    what: "Reports clusters without `properties.diskEncryptionSetID`.",
    why: "\
Azure encrypts all disks with keys of its own. With a disk encryption set the key lies in your key \
vault: you see its use, renew it, and can withdraw it. Some regulations ask for that; most \
clusters are well without. It can only be set when the cluster is created.",
    examples: &[Example { settings: "", bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
", good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    diskEncryptionSetID: resourceId('Microsoft.Compute/diskEncryptionSets', 'keys')
  }
}
" }],
    remedies: &[Remedy { text: "Create a cluster with the keys.", code: "\
az aks create --resource-group rg-prod --name aks-prod --node-osdisk-diskencryptionset-id \"$DISK_ENCRYPTION_SET_ID\"
", ..AZURE_CLI }],
    references: &[("Bring your own keys with Azure managed disks in AKS", "https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys")],
    differences: "\
The Terraform rule of KICS passes clusters whose first pool has ephemeral disks. Here they fail: \
the set encrypts ephemeral disks too, and the data disks of workloads. Severity is `info`, for it \
is a choice.",
    tags: &["security", "azure", "aks", "encryption"],
    security_severity: Some("2.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "disks of `{}` are encrypted with keys of your own",
    fail: "disks of `{}` are encrypted with keys of Azure",
    open: "whether disks of `{}` are encrypted with keys of your own",
    help: "set `diskEncryptionSetID` to the ID of a disk encryption set",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let set = cluster.property(&["properties", "diskEncryptionSetID"]);
    let answer = set.is_filled(&cluster.resource);
    cluster.verdict(&WORDS, answer)
}
