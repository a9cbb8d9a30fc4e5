//! `aks-system-pool-name-format`: names of system pools follow the format that users set.

use crate::aks::pools::{is_of_mode, own_pools};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::finding::Severity;
use crate::format::{NO_FORMAT, follows};
use crate::rule::{Category, Example, Rule, RuleMeta};
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
    name: "aks-system-pool-name-format",
    aliases: &["Azure.AKS.SystemPoolNaming", "AZR-000508"],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "AKS system pool has a name that does not follow the format",
    what: "\
Reports system pools whose name does not match the regular expression in the setting \
`systemPoolNameFormat`. Letter case matters; the expression may match anywhere in the name \
unless it begins with `^` and ends with `$`. Without the setting nothing is asked. Both pools in \
the cluster's `agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
A name that says what a resource is, where and for whom helps whoever reads a bill, a log or an \
alert.",
    examples: &[Example {
        settings: r#"{ "systemPoolNameFormat": "^system" }"#,
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'pool1'
        mode: 'System'
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
        name: 'system01'
        mode: 'System'
      }
    ]
  }
}
",
    }],
    remedies: &[],
    references: &[
        (
            "Naming rules and restrictions for Azure resources",
            "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        ),
        (
            "PSRule for Azure: Azure.AKS.SystemPoolNaming",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.SystemPoolNaming/",
        ),
    ],
    differences: "\
PSRule compares the whole name of a pool that is a resource, `cluster/pool`, so that an expression \
with `^` cannot match it. tricep compares the pool's own name.",
    tags: &["operations", "azure", "aks", "naming"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "names of system pools of `{}` follow the format",
    fail: "a system pool of `{}` has a name that does not follow the format",
    open: "whether names of system pools of `{}` follow the format",
    help: "name the pool as the setting `systemPoolNameFormat` wants",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let Some(format) = &subject.deployment.settings.system_pool_name_format else {
        return subject.not_applicable(&WORDS, NO_FORMAT, "no format is set");
    };
    let pools = own_pools(subject);
    let answer = pools.every_of(
        subject,
        |subject, pool| is_of_mode(&mut subject.resource, &pool.fields, "System"),
        |_, pool| follows(&pool.name, format),
    );
    subject.verdict(&WORDS, answer)
}
