//! `aks-basic-load-balancer`: the basic load balancer is retired.

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
    name: "aks-basic-load-balancer",
    aliases: &["Azure.AKS.StandardLB", "AZR-000026"],
    category: Category::Performance,
    severity: Severity::Warning,
    summary: "AKS cluster uses the basic load balancer",
    what: "\
Reports clusters whose `properties.networkProfile.loadBalancerSku` is `basic`. Not set, it is \
`standard`.",
    why: "\
The standard load balancer is needed for availability zones, several node pools and authorized IP \
ranges, and serves more nodes. The basic one has no service level agreement and was retired in \
September 2025.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      loadBalancerSku: 'basic'
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
    networkProfile: {
      loadBalancerSku: 'standard'
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster; its public addresses change.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --load-balancer-sku standard
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Use a public standard load balancer in Azure Kubernetes Service",
            "https://learn.microsoft.com/azure/aks/load-balancer-standard",
        ),
        (
            "Upgrade from a basic load balancer on AKS",
            "https://learn.microsoft.com/azure/aks/upgrade-basic-load-balancer-on-aks",
        ),
        (
            "PSRule for Azure: Azure.AKS.StandardLB",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.StandardLB/",
        ),
    ],
    differences: "\
PSRule for Azure fails clusters that do not set the property. The service takes the standard load \
balancer then, so they pass here.",
    tags: &["performance", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses the standard load balancer",
    fail: "`{}` uses the basic load balancer",
    open: "whether `{}` uses the standard load balancer",
    help: "set `loadBalancerSku: 'standard'` in `networkProfile`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let sku = cluster.property(&["properties", "networkProfile", "loadBalancerSku"]);
    let answer = sku
        .is_none_of(&cluster.resource, &["basic"])
        .mended(|| sku.set_to_text("standard"));
    cluster.verdict(&WORDS, answer)
}
