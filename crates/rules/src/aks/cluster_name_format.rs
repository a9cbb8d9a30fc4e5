//! `aks-cluster-name-format`: names should follow the convention of the organisation.

use crate::aks::MANAGED_CLUSTER;
use crate::finding::Severity;
use crate::format;
use crate::property::VALUE;
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
    name: "aks-cluster-name-format",
    aliases: &["Azure.AKS.Naming", "AZR-000507"],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "name of an AKS cluster does not follow the naming convention",
    what: "\
Reports clusters whose `name` does not match the regular expression in the setting \
`clusterNameFormat`, letter case included. Without that setting there is nothing to ask: every \
cluster passes as `no-format`. An expression that cannot be read makes the answer unknown.",
    why: "\
Names that follow a convention say what a resource is, whose it is and where it belongs, in every \
list and on every bill. Most resources cannot be renamed.",
    examples: &[Example {
        settings: r#"{ "clusterNameFormat": "^aks-[a-z0-9-]+$" }"#,
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'Production'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
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
            "Define your naming convention",
            "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        ),
        (
            "PSRule for Azure: Azure.AKS.Naming",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.Naming/",
        ),
    ],
    differences: "",
    tags: &["operations", "azure", "aks", "naming"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "name of `{}` follows the naming convention",
    fail: "name of `{}` does not follow the naming convention",
    open: "whether the name of `{}` follows the naming convention",
    help: "name the cluster as the setting `clusterNameFormat` wants it",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let settings = cluster.deployment.settings;
    let Some(wanted) = &settings.cluster_name_format else {
        let why = "no `clusterNameFormat` is set";
        return cluster.not_applicable(&WORDS, format::NO_FORMAT, why);
    };
    let name = cluster.property(&["name"]);
    let remark = format!(", which does not match `{wanted}`");
    let answer = format::follows(&name, wanted).remark_on(VALUE, &remark);
    cluster.verdict(&WORDS, answer)
}
