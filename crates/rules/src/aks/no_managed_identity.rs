//! `aks-no-managed-identity`: a cluster should not need a secret to work.

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
    name: "aks-no-managed-identity",
    aliases: &["Azure.AKS.ManagedIdentity", "AZR-000025"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not use a managed identity",
    what: "\
Reports clusters whose `identity.type` is neither `SystemAssigned` nor `UserAssigned`.",
    why: "\
A cluster acts on Azure: it creates disks, load balancers and addresses. With a service principal \
it needs a secret for that, which somebody must keep, and renew before it expires, or the cluster \
stops working. Azure renews the credentials of a managed identity by itself.",
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
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --enable-managed-identity
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Use a managed identity in Azure Kubernetes Service",
            "https://learn.microsoft.com/azure/aks/use-managed-identity",
        ),
        (
            "PSRule for Azure: Azure.AKS.ManagedIdentity",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.ManagedIdentity/",
        ),
    ],
    differences: "",
    tags: &["security", "azure", "aks", "identity"],
    security_severity: Some("5.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses a managed identity",
    fail: "`{}` does not use a managed identity",
    open: "whether `{}` uses a managed identity",
    help: "set `type: 'SystemAssigned'` in `identity`, and remove `servicePrincipalProfile`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let kind = cluster.property(&["identity", "type"]);
    let answer = kind
        .is_one_of(&cluster.resource, &["SystemAssigned", "UserAssigned"])
        .mended(|| kind.set_to_text("SystemAssigned"));
    cluster.verdict(&WORDS, answer)
}
