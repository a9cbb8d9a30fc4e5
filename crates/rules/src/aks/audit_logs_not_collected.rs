//! `aks-audit-logs-not-collected`: who did what in a cluster must be known afterwards.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::logs::{
    ALL, AUDIT, DIAGNOSTIC_SETTINGS, OLD_DIAGNOSTIC_SETTINGS, Wanted, collected,
};
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[DIAGNOSTIC_SETTINGS, OLD_DIAGNOSTIC_SETTINGS],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-audit-logs-not-collected",
    aliases: &["Azure.AKS.AuditLogs", "AZR-000022"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not collect audit logs",
    what: "\
Reports clusters without a diagnostic setting that collects `kube-audit` or `kube-audit-admin`, or \
without one that collects `guard`. The category groups `audit` and `allLogs` hold all of them. \
Diagnostic settings belong to the cluster that they are scoped to (`scope: cluster`, or the old \
type `managedClusters/providers/diagnosticSettings`). They are found wherever the deployment \
declares them: in the same file or in another module, also where that knows the cluster as \
`existing` or by the output of a module. A setting with a condition counts as far as the condition \
is known.",
    why: "\
The audit log says which identity asked the API server for what; `guard` logs what Microsoft Entra \
ID and Azure RBAC decided. Without them an intrusion is neither seen nor understood.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
      }
    ]
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-prod'
  location: 'westeurope'
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: cluster
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'kube-apiserver'
        enabled: true
      }
    ]
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
      }
    ]
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-prod'
  location: 'westeurope'
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: cluster
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'kube-audit-admin'
        enabled: true
      }
      {
        category: 'guard'
        enabled: true
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Add a setting to a running cluster.",
        code: "\
az monitor diagnostic-settings create --name audit --resource $(az aks show --resource-group rg-prod --name aks-prod --query id --output tsv) --workspace log-prod --logs '[{\"category\":\"kube-audit-admin\",\"enabled\":true},{\"category\":\"guard\",\"enabled\":true}]'
",
        ..AZURE_CLI
    }],
    references: &[
        ("Monitor AKS: resource logs", "https://learn.microsoft.com/azure/aks/monitor-aks"),
        ("PSRule for Azure: Azure.AKS.AuditLogs", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AuditLogs/"),
    ],
    differences: "\
PSRule wants both logs in each diagnostic setting, so that a second setting for metrics alone \
fails the cluster. tricep wants each log in some setting. PSRule does not know category groups.",
    tags: &["security", "azure", "aks", "logging"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "audit logs of `{}` are collected",
    fail: "audit logs of `{}` are not collected",
    open: "whether audit logs of `{}` are collected",
    help: "add a diagnostic setting with `scope` that collects `kube-audit-admin` and `guard`",
};

/// What must be collected.
const WANTED: [Wanted<'_>; 2] = [
    Wanted {
        list: "logs",
        categories: &["kube-audit", "kube-audit-admin"],
        groups: &[ALL, AUDIT],
        title: "`kube-audit` or `kube-audit-admin`",
    },
    Wanted {
        list: "logs",
        categories: &["guard"],
        groups: &[ALL, AUDIT],
        title: "`guard`",
    },
];

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let answer = collected(cluster, &WANTED);
    cluster.verdict(&WORDS, answer)
}
