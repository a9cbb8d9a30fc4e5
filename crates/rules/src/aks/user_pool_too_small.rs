//! `aks-user-pool-too-small`: one node that fails should not take everything with it.

use tricep_semantic::eval::Value;

use crate::aks::nodes::count;
use crate::aks::pools::{Pool, field, is_user, own_pools};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Open, Truth};
use crate::finding::Severity;
use crate::property::State;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER, AGENT_POOL],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-user-pool-too-small",
    aliases: &["Azure.AKS.MinUserPoolNodes", "AZR-000412"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS user pool has few nodes",
    what: "\
Reports user pools that may run on less than 3 nodes (setting `minimumUserNodes`). Where the \
pool grows by itself, `minCount` counts, else `count`; a pool that says neither has one node. Spot \
pools, and pools named in the setting `excludedUserPools`, are not asked. Both pools in the \
cluster's `agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
With three nodes a workload goes on while one is upgraded and another fails, and each zone of a \
region has a node.",
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
        name: 'user'
        mode: 'User'
        count: 1
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
        name: 'user'
        mode: 'User'
        count: 3
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running pool.",
        code: "\
az aks nodepool scale --resource-group rg-prod --cluster-name aks-prod --name user --node-count 3
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Manage node pools in AKS",
            "https://learn.microsoft.com/azure/aks/manage-node-pools",
        ),
        (
            "PSRule for Azure: Azure.AKS.MinUserPoolNodes",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.MinUserPoolNodes/",
        ),
    ],
    differences: "\
PSRule takes `minCount` wherever it is more than 0, also where the pool does not grow by itself \
and the service ignores it, and takes `count` where `minCount` is 0. tricep takes `minCount` only \
with `enableAutoScaling`, and then as it is, for a pool may shrink to it.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "user pools of `{}` have enough nodes",
    fail: "user pools of `{}` have few nodes",
    open: "whether user pools of `{}` have enough nodes",
    help: "set `minCount` (with `enableAutoScaling`) or `count` to 3 or more",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let least = subject.deployment.settings.minimum_user_nodes;
    let pools = own_pools(subject);
    let answer = pools.every_of(subject, is_asked, |subject, pool| {
        count(&mut subject.resource, &pool.fields).is_at_least(least)
    });
    subject.verdict(&WORDS, answer)
}

/// Whether a pool is a user pool that must not be small.
fn is_asked(subject: &mut Subject<'_, '_, '_>, pool: &Pool) -> Truth {
    let is_user = is_user(&mut subject.resource, &pool.fields);
    let priority = field(&mut subject.resource, &pool.fields, "scaleSetPriority");
    let is_spot = priority.is_one_of(&subject.resource, &["Spot"]).truth;
    is_user
        .and(is_spot.not())
        .and(is_excluded(subject, pool).not())
}

fn is_excluded(subject: &Subject<'_, '_, '_>, pool: &Pool) -> Truth {
    let excluded = &subject.deployment.settings.excluded_user_pools;
    match &pool.name.state {
        _ if excluded.is_empty() => Truth::No,
        State::Value(Value::Text(name)) => Truth::known(
            excluded
                .iter()
                .any(|other| name.eq_ignore_ascii_case(other)),
        ),
        State::Unknown(unknown) => Truth::Open(Open::of(unknown)),
        State::Value(_) | State::Unset => Truth::No,
    }
}
