//! `aks-azure-policy-disabled`: what runs in the cluster should be held to policies.

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
    name: "aks-azure-policy-disabled",
    aliases: &[
        "Azure.AKS.AzurePolicyAddOn",
        "AZR-000028",
        "CKV_AZURE_116",
        "AVD-AZU-0066",
        "AZU-0066",
    ],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not use the Azure Policy add-on",
    what: "\
Reports clusters whose `properties.addonProfiles.azurePolicy.enabled` is not `true`. AKS Automatic \
has the add-on preset.",
    why: "\
Azure Policy for Kubernetes refuses or reports workloads that break the rules of your \
organisation, such as privileged containers or images from unknown registries, for all clusters in \
one place. Without the add-on such policies are assigned and do nothing.",
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
    addonProfiles: {
      azurePolicy: {
        enabled: true
      }
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks enable-addons --resource-group rg-prod --name aks-prod --addons azure-policy
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Understand Azure Policy for Kubernetes clusters",
            "https://learn.microsoft.com/azure/governance/policy/concepts/policy-for-kubernetes",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.AzurePolicyAddOn",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AzurePolicyAddOn/",
        ),
    ],
    differences: "\
AKS Automatic passes: its deployment safeguards are policies that cannot be turned off. PSRule for \
Azure fails it unless the add-on is written out.",
    tags: &["security", "azure", "aks", "policy"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses the Azure Policy add-on",
    fail: "`{}` does not use the Azure Policy add-on",
    open: "whether `{}` uses the Azure Policy add-on",
    help: "set `enabled: true` in `addonProfiles.azurePolicy`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&["properties", "addonProfiles", "azurePolicy", "enabled"]);
    let answer = flag.is_true(&cluster.resource);
    let answer = or_preset(cluster, answer);
    cluster.verdict(&WORDS, answer)
}
