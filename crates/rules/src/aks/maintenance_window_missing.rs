//! `aks-maintenance-window-missing`: upgrades should come when they do the least harm.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::pools::own_name;
use crate::answer::{Answer, Open, Truth};
use crate::finding::Severity;
use crate::property::MISSING;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::AttachedAll;
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[MAINTENANCE],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-maintenance-window-missing",
    aliases: &["Azure.AKS.MaintenanceWindow", "AZR-000446"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster has no window for upgrades",
    what: "\
Reports clusters without the two maintenance configurations `aksManagedAutoUpgradeSchedule` \
(upgrades of Kubernetes) and `aksManagedNodeOSUpgradeSchedule` (upgrades of the nodes' system), \
which are resources of type `managedClusters/maintenanceConfigurations`. They are found wherever \
the deployment declares them: in the same file or in another module, also where that knows the \
cluster as `existing` or by the output of a module.",
    why: "\
Without a window the service upgrades whenever an upgrade is there, in working hours too. With \
one, upgrades come at a time when somebody is prepared and few are disturbed.",
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

resource upgrades 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations@2024-05-01' = {
  parent: cluster
  name: 'aksManagedAutoUpgradeSchedule'
  properties: {
    maintenanceWindow: {
      durationHours: 4
      startTime: '02:00'
      schedule: {
        weekly: {
          dayOfWeek: 'Sunday'
          intervalWeeks: 1
        }
      }
    }
  }
}

resource node_upgrades 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations@2024-05-01' = {
  parent: cluster
  name: 'aksManagedNodeOSUpgradeSchedule'
  properties: {
    maintenanceWindow: {
      durationHours: 4
      startTime: '02:00'
      schedule: {
        weekly: {
          dayOfWeek: 'Sunday'
          intervalWeeks: 1
        }
      }
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Add the configurations to a running cluster.",
        code: "\
az aks maintenanceconfiguration add --resource-group rg-prod --cluster-name aks-prod --name aksManagedAutoUpgradeSchedule --schedule-type Weekly --day-of-week Sunday --interval-weeks 1 --start-time 02:00 --duration 4
az aks maintenanceconfiguration add --resource-group rg-prod --cluster-name aks-prod --name aksManagedNodeOSUpgradeSchedule --schedule-type Weekly --day-of-week Sunday --interval-weeks 1 --start-time 02:00 --duration 4
",
        ..AZURE_CLI
    }],
    references: &[
        ("Use planned maintenance in AKS", "https://learn.microsoft.com/azure/aks/planned-maintenance"),
        ("PSRule for Azure: Azure.AKS.MaintenanceWindow", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.MaintenanceWindow/"),
    ],
    differences: "\
PSRule compares the end of the name; tricep compares the whole last segment.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "upgrades of `{}` come in a window",
    fail: "upgrades of `{}` may come at any time",
    open: "whether upgrades of `{}` come in a window",
    help: "add `maintenanceConfigurations` named `aksManagedAutoUpgradeSchedule` and `aksManagedNodeOSUpgradeSchedule`",
};

const MAINTENANCE: &str = "Microsoft.ContainerService/managedClusters/maintenanceConfigurations";

/// The names by which the service knows the windows.
const WINDOWS: [&str; 2] = [
    "aksManagedAutoUpgradeSchedule",
    "aksManagedNodeOSUpgradeSchedule",
];

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let configurations = cluster.attached(MAINTENANCE, |resource| {
        let name = own_name(resource);
        WINDOWS.map(|window| name.is_one_of(resource, &[window]))
    });
    let answers: Vec<Answer> = WINDOWS
        .iter()
        .enumerate()
        .map(|(index, window)| is_there(cluster, &configurations, index, window))
        .collect();
    let nothing = || missing(cluster, "");
    let answer = Answer::all(answers).unwrap_or_else(nothing);
    cluster.verdict(&WORDS, answer)
}

/// Whether one of the configurations is the window of that number.
fn is_there(
    cluster: &Subject<'_, '_, '_>,
    configurations: &AttachedAll<[Answer; 2]>,
    index: usize,
    window: &str,
) -> Answer {
    let found = configurations.found.iter().filter_map(|configuration| {
        let answer = configuration.value.get(index)?.clone();
        Some(answer.only_if_there(configuration.is_there.clone()))
    });
    let unseen = |open: &Open| cluster.cannot_see(open.clone());
    let found = found.chain(configurations.more.as_ref().map(unseen));
    match Answer::any(found) {
        Some(answer) if !matches!(answer.truth, Truth::No) => answer,
        Some(_) | None => missing(cluster, window),
    }
}

fn missing(cluster: &Subject<'_, '_, '_>, window: &str) -> Answer {
    let detail = format!("there is no maintenance configuration `{window}`");
    Answer::at(cluster.at(), Truth::No, MISSING, detail)
}
