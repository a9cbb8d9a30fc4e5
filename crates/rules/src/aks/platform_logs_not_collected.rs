//! `aks-platform-logs-not-collected`: what the control plane says helps when something goes wrong.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::logs::{ALL, DIAGNOSTIC_SETTINGS, OLD_DIAGNOSTIC_SETTINGS, Wanted, collected};
use crate::finding::{Reason, Severity};
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
    name: "aks-platform-logs-not-collected",
    aliases: &["Azure.AKS.PlatformLogs", "AZR-000023"],
    category: Category::Operations,
    severity: Severity::Warning,
    summary: "AKS cluster does not collect logs of its control plane",
    what: "\
Reports clusters without diagnostic settings that collect the logs `cluster-autoscaler`, \
`kube-apiserver`, `kube-controller-manager`, `kube-scheduler` and the metrics `AllMetrics`; the \
setting `platformLogCategories` says which of them are wanted. The category group `allLogs` \
holds all logs. Diagnostic settings belong to the cluster that they are scoped to (`scope: \
cluster`, or the old type `managedClusters/providers/diagnosticSettings`). They are found wherever \
the deployment declares them: in the same file or in another module, also where that knows the \
cluster as `existing` or by the output of a module. A setting with a condition counts as far as \
the condition is known.",
    why: "\
The control plane belongs to the service: nobody can sign in to look. Why a pod was not scheduled, \
or a node not added, is known from its logs only.",
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
        category: 'guard'
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
        category: 'cluster-autoscaler'
        enabled: true
      }
      {
        category: 'kube-apiserver'
        enabled: true
      }
      {
        category: 'kube-controller-manager'
        enabled: true
      }
      {
        category: 'kube-scheduler'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
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
az monitor diagnostic-settings create --name platform --resource $(az aks show --resource-group rg-prod --name aks-prod --query id --output tsv) --workspace log-prod --logs '[{\"category\":\"cluster-autoscaler\",\"enabled\":true},{\"category\":\"kube-apiserver\",\"enabled\":true},{\"category\":\"kube-controller-manager\",\"enabled\":true},{\"category\":\"kube-scheduler\",\"enabled\":true}]' --metrics '[{\"category\":\"AllMetrics\",\"enabled\":true}]'
",
        ..AZURE_CLI
    }],
    references: &[
        ("Monitor AKS: resource logs", "https://learn.microsoft.com/azure/aks/monitor-aks"),
        ("PSRule for Azure: Azure.AKS.PlatformLogs", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.PlatformLogs/"),
    ],
    differences: "\
PSRule wants everything in each diagnostic setting, and compares numbers of entries. tricep wants \
each log in some setting: one may collect logs, another metrics. PSRule does not know category \
groups.",
    tags: &["operations", "azure", "aks", "logging"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "logs of the control plane of `{}` are collected",
    fail: "logs of the control plane of `{}` are not collected",
    open: "whether logs of the control plane of `{}` are collected",
    help: "add a diagnostic setting with `scope` that collects `cluster-autoscaler`, `kube-apiserver`, `kube-controller-manager`, `kube-scheduler` and `AllMetrics`",
};

/// The settings want no category.
const NOTHING_WANTED: Reason = Reason::new("nothing-wanted", "no logs are wanted");

/// Logs of the control plane; other categories are no matter of this rule.
const LOGS: [&str; 4] = [
    "cluster-autoscaler",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
];

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let settings = cluster.deployment.settings;
    let is_wanted = |category: &&str| {
        let mut categories = settings.platform_log_categories.iter();
        categories.any(|wanted| wanted.eq_ignore_ascii_case(category))
    };
    let names: Vec<(&str, &'static str, String)> = LOGS
        .iter()
        .map(|&name| (name, "logs", format!("`{name}`")))
        .chain([("AllMetrics", "metrics", "`AllMetrics`".to_owned())])
        .filter(|(name, ..)| is_wanted(name))
        .collect();
    if names.is_empty() {
        return cluster.not_applicable(&WORDS, NOTHING_WANTED, "no category is wanted");
    }
    let categories: Vec<[&str; 1]> = names.iter().map(|(name, ..)| [*name]).collect();
    let wanted: Vec<Wanted<'_>> = names
        .iter()
        .zip(&categories)
        .map(|((_, list, title), categories)| Wanted {
            list,
            categories,
            groups: if *list == "logs" { &[ALL] } else { &[] },
            title,
        })
        .collect();
    let answer = collected(cluster, &wanted);
    cluster.verdict(&WORDS, answer)
}
