//! `aks-defender-disabled`: somebody should watch what happens in the cluster.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::defender_path;
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
    name: "aks-defender-disabled",
    aliases: &["Azure.AKS.DefenderProfile", "AZR-000370"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster is not watched by Microsoft Defender for Containers",
    what: "\
Reports clusters whose `properties.securityProfile.defender.securityMonitoring.enabled` is not \
`true`. Before API version 2022-05-02 the property was `securityProfile.azureDefender.enabled`; it \
is read there.",
    why: "\
The Defender sensor sees what processes and connections containers start, and raises alerts on \
miners, shells and known attacks while they run. Without it a break-in is noticed by its damage.",
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
    securityProfile: {
      defender: {
        logAnalyticsWorkspaceResourceId: resourceId('Microsoft.OperationalInsights/workspaces', 'logs')
        securityMonitoring: {
          enabled: true
        }
      }
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster.", code: "\
az aks update --resource-group rg-prod --name aks-prod --enable-defender
", ..AZURE_CLI }],
    references: &[("Overview of Microsoft Defender for Containers", "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction"), ("PSRule for Azure: Azure.AKS.DefenderProfile", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.DefenderProfile/")],
    differences: "\
PSRule for Azure does not know the older shape, `azureDefender`. Here it counts with the API \
versions that have it, and with no others, for they drop it.",
    tags: &["security", "azure", "aks", "monitoring"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` is watched by Microsoft Defender",
    fail: "`{}` is not watched by Microsoft Defender",
    open: "whether `{}` is watched by Microsoft Defender",
    help: "set `enabled: true` in `securityProfile.defender.securityMonitoring`, and name a workspace",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let path = defender_path(cluster.api_date());
    let answer = cluster.property(path).is_true(&cluster.resource);
    // It needs a workspace beside the switch.
    cluster.verdict(&WORDS, answer.with_safe_fixes())
}
