//! `aks-secret-store-disabled`: secrets should stay in a key vault.

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
    name: "aks-secret-store-disabled",
    aliases: &["Azure.AKS.SecretStore", "AZR-000033"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not use the Secrets Store CSI driver",
    what: "\
Reports clusters whose `properties.addonProfiles.azureKeyvaultSecretsProvider.enabled` is not \
`true`.",
    why: "\
With the Secrets Store CSI driver pods read secrets, keys and certificates out of Azure Key Vault, \
which logs who reads them and lets them expire. Without it secrets end up in Kubernetes, in \
manifests and in pipelines, where they are only encoded.",
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
    addonProfiles: {
      azureKeyvaultSecretsProvider: {
        enabled: true
      }
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster.", code: "\
az aks enable-addons --resource-group rg-prod --name aks-prod --addons azure-keyvault-secrets-provider
", ..AZURE_CLI }],
    references: &[("Use the Azure Key Vault provider for Secrets Store CSI Driver in AKS", "https://learn.microsoft.com/azure/aks/csi-secrets-store-driver"), ("PSRule for Azure: Azure.AKS.SecretStore", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.SecretStore/")],
    differences: "",
    tags: &["security", "azure", "aks", "secrets"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` can take secrets from a key vault",
    fail: "`{}` cannot take secrets from a key vault",
    open: "whether `{}` can take secrets from a key vault",
    help: "set `enabled: true` in `addonProfiles.azureKeyvaultSecretsProvider`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&[
        "properties",
        "addonProfiles",
        "azureKeyvaultSecretsProvider",
        "enabled",
    ]);
    let answer = flag.is_true(&cluster.resource);
    cluster.verdict(&WORDS, answer)
}
