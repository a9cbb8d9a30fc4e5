//! `aks-full-audit-logs-collected`: the full audit log is large and mostly says that somebody looked.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::logs::{
    ALL, AUDIT, DIAGNOSTIC_SETTINGS, OLD_DIAGNOSTIC_SETTINGS, Wanted, collects, each_setting,
};
use crate::answer::{Answer, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{KIND, SET, VALUE};
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
    name: "aks-full-audit-logs-collected",
    aliases: &["Azure.AKS.AuditAdmin", "AZR-000445"],
    category: Category::Cost,
    severity: Severity::Info,
    summary: "AKS cluster collects the full audit log",
    what: "\
Reports clusters with a diagnostic setting that collects `kube-audit`, also as part of the \
category groups `audit` and `allLogs`. Diagnostic settings belong to the cluster that they are \
scoped to (`scope: cluster`, or the old type `managedClusters/providers/diagnosticSettings`). They \
are found wherever the deployment declares them: in the same file or in another module, also where \
that knows the cluster as `existing` or by the output of a module. A setting with a condition \
counts as far as the condition is known.",
    why: "\
`kube-audit` holds every request, those that only read included, and is by far the largest log of \
a cluster. `kube-audit-admin` holds those that change something, which is what most questions are \
about, at a fraction of the cost.",
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
        category: 'kube-audit'
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
        text: "Change the setting of a running cluster.",
        code: "\
az monitor diagnostic-settings create --name audit --resource $(az aks show --resource-group rg-prod --name aks-prod --query id --output tsv) --workspace log-prod --logs '[{\"category\":\"kube-audit-admin\",\"enabled\":true},{\"category\":\"guard\",\"enabled\":true}]'
",
        ..AZURE_CLI
    }],
    references: &[
        ("Monitor AKS: resource logs", "https://learn.microsoft.com/azure/aks/monitor-aks"),
        ("PSRule for Azure: Azure.AKS.AuditAdmin", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AuditAdmin/"),
    ],
    differences: "\
PSRule does not know category groups: it passes a setting with `allLogs` or `audit`, which \
collects `kube-audit`, too.",
    tags: &["cost", "azure", "aks", "logging"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "the full audit log of `{}` is not collected",
    fail: "the full audit log of `{}` is collected",
    open: "whether the full audit log of `{}` is collected",
    help: "collect `kube-audit-admin` in place of `kube-audit`, and name categories in place of a category group",
};

/// There is nothing to ask: no diagnostic setting is scoped to the cluster.
const NO_SETTINGS: Reason = Reason::new("no-settings", "no diagnostic settings");

const FULL: Wanted<'_> = Wanted {
    list: "logs",
    categories: &["kube-audit"],
    groups: &[ALL, AUDIT],
    title: "`kube-audit`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let settings = each_setting(cluster, |resource| collects(resource, &FULL));
    let mut answers: Vec<Answer> = Vec::new();
    for setting in settings.found {
        let mut answer = setting.value;
        if answer.reason == KIND {
            answers.push(answer.if_there(setting.is_there));
            continue;
        }
        answer.reason = match answer.truth {
            Truth::Yes => VALUE,
            Truth::No => SET,
            Truth::Open(_) => answer.reason,
        };
        answer.truth = answer.truth.not();
        answers.push(answer.if_there(setting.is_there));
    }
    answers.extend(settings.more.map(|open| cluster.cannot_see(open)));
    match Answer::all(answers) {
        Some(answer) => cluster.verdict(&WORDS, answer),
        None => {
            cluster.not_applicable(&WORDS, NO_SETTINGS, "no diagnostic setting is scoped to it")
        }
    }
}
