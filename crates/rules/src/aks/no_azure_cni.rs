//! `aks-no-azure-cni`: the simple network plugin has no future.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
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
    name: "aks-no-azure-cni",
    aliases: &["CKV2_AZURE_29"],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "AKS cluster does not use Azure CNI",
    what: "\
Reports clusters whose `properties.networkProfile.networkPlugin` is not `azure`. Azure CNI Overlay \
(`networkPluginMode: 'overlay'`) is the same plugin. Not set, the service takes `kubenet`; AKS \
Automatic takes Azure CNI Overlay.",
    why: "\
`kubenet` needs route tables, is limited to 400 nodes, has no Windows nodes and few network \
policies, and retires in March 2028. Azure CNI Overlay needs as few addresses of your network and \
has none of these limits.",
    examples: &[Example { settings: "", bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'kubenet'
    }
  }
}
", good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster; its nodes are made anew.", code: "\
az aks update --resource-group rg-prod --name aks-prod --network-plugin azure --network-plugin-mode overlay
", ..AZURE_CLI }],
    references: &[("Azure Kubernetes Service CNI networking overview", "https://learn.microsoft.com/azure/aks/concepts-network-cni-overview"), AUTOMATIC_PAGE],
    differences: "\
Checkov asks this of Terraform only. A cluster that brings its own plugin (`none`) fails in both.",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses Azure CNI",
    fail: "`{}` does not use Azure CNI",
    open: "whether `{}` uses Azure CNI",
    help: "set `networkPlugin: 'azure'` and `networkPluginMode: 'overlay'` in `networkProfile`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let plugin = cluster.property(&["properties", "networkProfile", "networkPlugin"]);
    let answer = plugin
        .is_one_of(&cluster.resource, &["azure"])
        .mended(|| plugin.set_to_text("azure"));
    let answer = or_preset(cluster, answer).remark_on(MISSING, ", so it is 'kubenet'");
    cluster.verdict(&WORDS, answer)
}
