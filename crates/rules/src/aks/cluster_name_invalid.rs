//! `aks-cluster-name-invalid`: Azure refuses some names.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::names::NameRule;
use crate::finding::Severity;
use crate::rule::{Category, Example, Rule, RuleMeta};
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
    name: "aks-cluster-name-invalid",
    aliases: &["Azure.AKS.Name", "AZR-000039"],
    category: Category::Operations,
    severity: Severity::Warning,
    summary: "name of an AKS cluster is not valid",
    what: "\
Reports clusters whose `name` Azure does not take: 1 to 63 letters, digits, underscores and \
hyphens, with a letter or digit at both ends.",
    why: "\
The deployment fails, perhaps after it has created other resources.",
    examples: &[Example {
        settings: "",
        bad: "\
param environment string = 'prod_'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${environment}'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
        good: "\
param environment string = 'prod'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${environment}'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
    }],
    remedies: &[],
    references: &[
        (
            "Naming rules and restrictions for Azure resources",
            "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        ),
        (
            "PSRule for Azure: Azure.AKS.Name",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.Name/",
        ),
    ],
    differences: "\
PSRule for Azure fails names of one letter, which Azure takes.",
    tags: &["operations", "azure", "aks", "naming"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "name of `{}` is valid",
    fail: "name of `{}` is not valid",
    open: "whether the name of `{}` is valid",
    help: "use 1 to 63 letters, digits, underscores and hyphens, with a letter or digit at both ends",
};

/// Azure's rule for names of clusters (learn.microsoft.com, "Naming rules and restrictions").
const NAMES: NameRule = NameRule {
    longest: 63,
    inside: &['-', '_'],
    words: "letters, digits, underscores and hyphens",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let name = cluster.property(&["name"]);
    let answer = name.is_text(|text| NAMES.refuse(text));
    cluster.verdict(&WORDS, answer)
}
