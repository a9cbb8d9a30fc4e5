//! `aks-azure-rbac-disabled`: who may do what in the cluster should be decided where it is for the rest of Azure.

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
    name: "aks-azure-rbac-disabled",
    aliases: &["Azure.AKS.AzureRBAC", "AZR-000032"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not use Azure RBAC for Kubernetes",
    what: "\
Reports clusters whose `properties.aadProfile.enableAzureRBAC` is not `true`. AKS Automatic has it \
preset.",
    why: "\
With Azure RBAC the rights of people inside the cluster are role assignments in Azure: they are \
granted, reviewed and revoked in one place for all clusters, and privileged identity management \
works for them. Without it, each cluster keeps role bindings of its own that nobody sees from \
outside.",
    examples: &[Example {
        settings: "",
        bad: "\
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
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    aadProfile: {
      managed: true
      enableAzureRBAC: true
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster that uses Microsoft Entra ID.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --enable-azure-rbac
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Use Azure role-based access control for Kubernetes authorization",
            "https://learn.microsoft.com/azure/aks/manage-azure-rbac",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.AzureRBAC",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AzureRBAC/",
        ),
    ],
    differences: "\
AKS Automatic passes: Azure RBAC is preconfigured there and cannot be turned off. PSRule for Azure \
fails it unless the property is written out.",
    tags: &["security", "azure", "aks", "identity"],
    security_severity: Some("5.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses Azure RBAC for Kubernetes",
    fail: "`{}` does not use Azure RBAC for Kubernetes",
    open: "whether `{}` uses Azure RBAC for Kubernetes",
    help: "set `enableAzureRBAC: true` in `aadProfile`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&["properties", "aadProfile", "enableAzureRBAC"]);
    let answer = flag.is_true(&cluster.resource);
    let answer = or_preset(cluster, answer);
    cluster.verdict(&WORDS, answer)
}
