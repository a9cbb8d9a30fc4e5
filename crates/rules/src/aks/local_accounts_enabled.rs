//! `aks-local-accounts-enabled`: nobody should come in by a certificate that no directory knows of.

use crate::aks::MANAGED_CLUSTER;
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, AZURE_POWERSHELL, Category, Example, Remedy, Rule, RuleMeta};
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
    name: "aks-local-accounts-enabled",
    aliases: &["Azure.AKS.LocalAccounts", "AZR-000031", "CKV_AZURE_141"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster lets people in with local accounts",
    what: "\
Reports clusters whose `properties.disableLocalAccounts` is not `true`.",
    why: "\
A local account is a certificate that anybody who may list the cluster's credentials can fetch. It \
belongs to no person, cannot be revoked on its own, and is not seen by conditional access or sign-in \
logs. With local accounts disabled everybody signs in with Microsoft Entra ID.

Entra ID must be set up first (`aadProfile`), or nobody gets in at all.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: {
      managed: true
    }
  }
}
",
    }],
    remedies: &[
        Remedy {
            text: "Change a running cluster; rotate its certificates afterwards, so that those handed out are void.",
            code: "\
az aks update --resource-group rg-prod --name aks-prod --disable-local-accounts
az aks rotate-certs --resource-group rg-prod --name aks-prod
",
            ..AZURE_CLI
        },
        Remedy {
            text: "Change a running cluster with the module `Az.Aks`.",
            code: "\
Get-AzAksCluster -ResourceGroupName 'rg-prod' -Name 'aks-prod' | Set-AzAksCluster -DisableLocalAccount
",
            ..AZURE_POWERSHELL
        },
    ],
    references: &[
        (
            "Manage local accounts with AKS-managed Microsoft Entra integration",
            "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
        ),
        (
            "PSRule for Azure: Azure.AKS.LocalAccounts",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.LocalAccounts/",
        ),
    ],
    differences: "\
AKS Automatic is judged as any other cluster, as by PSRule for Azure: what it does with local accounts \
is not documented.",
    tags: &["security", "azure", "aks", "identity"],
    security_severity: Some("6.5"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "local accounts of `{}` are disabled",
    fail: "local accounts of `{}` can be used",
    open: "whether local accounts of `{}` are disabled",
    help: "set `disableLocalAccounts: true` and sign in with Microsoft Entra ID (`aadProfile`)",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let disabled = cluster.property(&["properties", "disableLocalAccounts"]);
    let answer = disabled.is_true(&cluster.resource);
    cluster.verdict(&WORDS, answer)
}
