//! `aks-no-entra-id`: people should come in by a directory that knows them.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
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
    name: "aks-no-entra-id",
    aliases: &["Azure.AKS.ManagedAAD", "AZR-000029"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not use Microsoft Entra ID",
    what: "\
Reports clusters whose `properties.aadProfile.managed` is not `true`. AKS Automatic has Microsoft \
Entra ID preset.",
    why: "\
With Microsoft Entra ID people sign in as themselves: groups decide what they may do, conditional \
access and multi-factor authentication apply, and who leaves is out. Without it everybody uses the \
certificates of the cluster. The older integration with applications of your own (`serverAppID` \
and others) is retired.",
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
    aadProfile: {
      managed: true
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster.", code: "\
az aks update --resource-group rg-prod --name aks-prod --enable-aad --aad-admin-group-object-ids 00000000-0000-0000-0000-000000000000
", ..AZURE_CLI }],
    references: &[("Enable Microsoft Entra ID authentication for the AKS control plane", "https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id"), AUTOMATIC_PAGE, ("PSRule for Azure: Azure.AKS.ManagedAAD", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.ManagedAAD/")],
    differences: "\
AKS Automatic passes: it signs people in with Microsoft Entra ID always. PSRule for Azure fails it \
unless the profile is written out.",
    tags: &["security", "azure", "aks", "identity"],
    security_severity: Some("6.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses Microsoft Entra ID",
    fail: "`{}` does not use Microsoft Entra ID",
    open: "whether `{}` uses Microsoft Entra ID",
    help: "set `managed: true` in `aadProfile`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&["properties", "aadProfile", "managed"]);
    let answer = flag.is_true(&cluster.resource);
    let answer = or_preset(cluster, answer);
    cluster.verdict(&WORDS, answer)
}
