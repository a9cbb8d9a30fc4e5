//! `aks-container-insights-disabled`: who does not look does not see.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::has_monitor_profile;
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
    name: "aks-container-insights-disabled",
    aliases: &["Azure.AKS.ContainerInsights", "AZR-000041", "CKV_AZURE_4", "AVD-AZU-0040", "AZU-0040"],
    category: Category::Operations,
    severity: Severity::Warning,
    summary: "AKS cluster does not send logs to Azure Monitor",
    what: "\
Reports clusters whose `properties.addonProfiles.omsagent.enabled` is not `true`. Letter case of \
the key does not matter. In API versions that know it (previews from 2024-02-02 on, others from \
2026-06-01 on) `properties.azureMonitorProfile.containerInsights.enabled` counts as well.",
    why: "\
Container insights collects logs and events of containers and nodes in a workspace, where they \
outlive the pod that wrote them. Without it, what happened before a crash or a break-in is gone \
with the container.",
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
      omsagent: {
        enabled: true
        config: {
          logAnalyticsWorkspaceResourceID: resourceId('Microsoft.OperationalInsights/workspaces', 'logs')
        }
      }
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster.", code: "\
az aks enable-addons --resource-group rg-prod --name aks-prod --addons monitoring
", ..AZURE_CLI }],
    references: &[("Enable monitoring for Kubernetes clusters", "https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable"), ("PSRule for Azure: Azure.AKS.ContainerInsights", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.ContainerInsights/")],
    differences: "\
The key is taken in any letter case, as ARM takes it: KICS wants `omsagent`. The newer profile of \
Azure Monitor counts, which the other tools do not know.",
    tags: &["operations", "azure", "aks", "monitoring"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` sends logs to Azure Monitor",
    fail: "`{}` does not send logs to Azure Monitor",
    open: "whether `{}` sends logs to Azure Monitor",
    help: "set `enabled: true` in `addonProfiles.omsagent`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let addon = cluster.property(&["properties", "addonProfiles", "omsagent", "enabled"]);
    let mut answer = addon.is_true(&cluster.resource);
    if has_monitor_profile(cluster) {
        let path = [
            "properties",
            "azureMonitorProfile",
            "containerInsights",
            "enabled",
        ];
        let profile = cluster.property(&path).is_true(&cluster.resource);
        answer = Answer::any([answer.clone(), profile]).unwrap_or(answer);
    }
    // Both need a workspace beside the switch.
    cluster.verdict(&WORDS, answer.with_safe_fixes())
}
