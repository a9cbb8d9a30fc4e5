//! `aks-dns-prefix-invalid`: Azure refuses some names, and wants one.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
use crate::aks::names::NameRule;
use crate::answer::Answer;
use crate::finding::Severity;
use crate::property::MISSING;
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
    name: "aks-dns-prefix-invalid",
    aliases: &["Azure.AKS.DNSPrefix", "AZR-000040"],
    category: Category::Operations,
    severity: Severity::Warning,
    summary: "DNS prefix of an AKS cluster is not valid",
    what: "\
Reports clusters whose `properties.dnsPrefix` Azure does not take: 1 to 54 letters, digits and \
hyphens, with a letter or digit at both ends. A cluster with `fqdnSubdomain` needs none, and \
neither does AKS Automatic.",
    why: "\
The deployment fails, perhaps after it has created other resources. The prefix cannot be changed \
later.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks_prod'
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
            "Microsoft.ContainerService/managedClusters in Bicep and ARM templates",
            "https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.DNSPrefix",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.DNSPrefix/",
        ),
    ],
    differences: "\
PSRule for Azure fails clusters with `fqdnSubdomain`, which must not have a prefix, AKS Automatic, \
and prefixes of one letter.",
    tags: &["operations", "azure", "aks", "naming"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "DNS prefix of `{}` is valid",
    fail: "DNS prefix of `{}` is not valid",
    open: "whether the DNS prefix of `{}` is valid",
    help: "use 1 to 54 letters, digits and hyphens, with a letter or digit at both ends",
};

/// Azure's rule for DNS prefixes of clusters.
const PREFIXES: NameRule = NameRule {
    longest: 54,
    inside: &['-'],
    words: "letters, digits and hyphens",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let prefix = cluster.property(&["properties", "dnsPrefix"]);
    let mut answer = prefix.is_text(|text| PREFIXES.refuse(text));
    if answer.reason == MISSING {
        let subdomain = cluster.property(&["properties", "fqdnSubdomain"]);
        let instead = subdomain.is_filled(&cluster.resource);
        answer = Answer::any([answer.clone(), instead]).unwrap_or(answer);
        answer = or_preset(cluster, answer);
    }
    cluster.verdict(&WORDS, answer)
}
