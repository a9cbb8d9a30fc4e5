//! `aks-auto-upgrade-disabled`: a cluster should not wait for somebody to remember it.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
use crate::answer::Answer;
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
    name: "aks-auto-upgrade-disabled",
    aliases: &["Azure.AKS.AutoUpgrade", "AZR-000036", "CKV_AZURE_171"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster is not upgraded by itself",
    what: "\
Reports clusters whose `properties.autoUpgradeProfile.upgradeChannel` is missing, empty or `none`. \
AKS Automatic is upgraded by the `stable` channel.",
    why: "\
A version of Kubernetes is supported for about a year, and patches for its flaws come out every \
few weeks. With a channel AKS upgrades the cluster in your maintenance windows; without one it is \
left to whoever remembers, until support ends.",
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
    autoUpgradeProfile: {
      upgradeChannel: 'stable'
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --auto-upgrade-channel stable
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Automatically upgrade an AKS cluster",
            "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.AutoUpgrade",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AutoUpgrade/",
        ),
    ],
    differences: "\
AKS Automatic passes: its clusters are upgraded always. PSRule for Azure and Checkov fail it \
unless the channel is written out.",
    tags: &["security", "azure", "aks", "upgrade"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` is upgraded by itself",
    fail: "`{}` is not upgraded by itself",
    open: "whether `{}` is upgraded by itself",
    help: "set `upgradeChannel` in `autoUpgradeProfile`, such as 'stable'",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let channel = cluster.property(&["properties", "autoUpgradeProfile", "upgradeChannel"]);
    let is_set = channel.is_filled(&cluster.resource);
    let is_on = channel.is_none_of(&cluster.resource, &["none"]);
    let answer = Answer::all([is_set.clone(), is_on])
        .unwrap_or(is_set)
        .mended(|| channel.set_to_text("stable"));
    let answer = or_preset(cluster, answer);
    cluster.verdict(&WORDS, answer)
}
