//! `aks-dashboard-enabled`: the old dashboard was a way in.

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
    name: "aks-dashboard-enabled",
    aliases: &["CKV_AZURE_8"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster uses the Kubernetes dashboard add-on",
    what: "\
Reports clusters whose `properties.addonProfiles.kubeDashboard.enabled` is `true`. Not set, it is \
off.",
    why: "\
The dashboard runs inside the cluster with rights of its own, and was used to take clusters over. \
The add-on is removed from AKS since Kubernetes 1.19; the Azure portal shows the same with the \
rights of who looks.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    addonProfiles: {
      kubeDashboard: {
        enabled: true
      }
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
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks disable-addons --resource-group rg-prod --name aks-prod --addons kube-dashboard
",
        ..AZURE_CLI
    }],
    references: &[(
        "Access Kubernetes resources using the Azure portal",
        "https://learn.microsoft.com/azure/aks/kubernetes-portal",
    )],
    differences: "\
Checkov and KICS report every cluster that does not switch the add-on off in so many words. It is \
gone from AKS, so leaving it out is right.",
    tags: &["security", "azure", "aks"],
    security_severity: Some("6.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` has no Kubernetes dashboard",
    fail: "`{}` has the Kubernetes dashboard",
    open: "whether `{}` has the Kubernetes dashboard",
    help: "remove `addonProfiles.kubeDashboard`, or set its `enabled: false`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&["properties", "addonProfiles", "kubeDashboard", "enabled"]);
    let answer = flag.is_not_true(&cluster.resource);
    cluster.verdict(&WORDS, answer)
}
