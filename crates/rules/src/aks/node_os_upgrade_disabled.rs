//! `aks-node-os-upgrade-disabled`: nodes should get the patches of their system.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, NODE_IMAGE_SINCE, or_preset};
use crate::finding::Severity;
use crate::property::MISSING;
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
    name: "aks-node-os-upgrade-disabled",
    aliases: &["Azure.AKS.NodeAutoUpgrade", "AZR-000435"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS nodes do not get tested security patches by themselves",
    what: "\
Reports clusters whose `properties.autoUpgradeProfile.nodeOSUpgradeChannel` is neither \
`SecurityPatch` nor `NodeImage`. Not set, a new cluster takes `NodeImage` from API version \
2023-06-01 on, and an existing one keeps what it has; the rule wants it written out, and its \
message says so. AKS Automatic takes `NodeImage`.",
    why: "\
Flaws in the system of the nodes are found every week. With `SecurityPatch` or `NodeImage` AKS \
rolls out patches that it has tested, in your maintenance windows. With `Unmanaged` nodes patch \
themselves untested and start anew when they like; with `None` nothing happens.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    autoUpgradeProfile: {
      nodeOSUpgradeChannel: 'None'
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
    autoUpgradeProfile: {
      nodeOSUpgradeChannel: 'NodeImage'
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --node-os-upgrade-channel NodeImage
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Autoupgrade node OS images",
            "https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.NodeAutoUpgrade",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.NodeAutoUpgrade/",
        ),
    ],
    differences: "\
AKS Automatic passes: its channel is preset. PSRule for Azure fails it unless the channel is \
written out.",
    tags: &["security", "azure", "aks", "upgrade"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` get tested patches",
    fail: "nodes of `{}` do not get tested patches",
    open: "whether nodes of `{}` get tested patches",
    help: "set `nodeOSUpgradeChannel` in `autoUpgradeProfile` to 'NodeImage' or 'SecurityPatch'",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let channel = cluster.property(&["properties", "autoUpgradeProfile", "nodeOSUpgradeChannel"]);
    let answer = channel
        .is_one_of(&cluster.resource, &["SecurityPatch", "NodeImage"])
        .mended(|| channel.set_to_text("NodeImage"));
    let has_default = cluster
        .api_date()
        .is_some_and(|date| date >= NODE_IMAGE_SINCE);
    let default = if has_default {
        ", and only new clusters take 'NodeImage' then"
    } else {
        ""
    };
    let answer = or_preset(cluster, answer).remark_on(MISSING, default);
    cluster.verdict(&WORDS, answer)
}
