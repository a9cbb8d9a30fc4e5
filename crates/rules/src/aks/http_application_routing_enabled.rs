//! `aks-http-application-routing-enabled`: an ingress for trying things out has no place in production.

use crate::aks::MANAGED_CLUSTER;
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
    name: "aks-http-application-routing-enabled",
    aliases: &["Azure.AKS.HttpAppRouting", "AZR-000035", "CKV_AZURE_246"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster uses the HTTP application routing add-on",
    what: "\
Reports clusters whose `properties.addonProfiles.httpApplicationRouting.enabled` is `true`. Not \
set, it is off.",
    why: "\
The add-on was made for trying things out: it publishes workloads without TLS of your own, in a \
public DNS zone. It is retired. The application routing add-on, or another ingress controller, \
takes its place.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    addonProfiles: {
      httpApplicationRouting: {
        enabled: true
      }
    }
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    addonProfiles: {
      httpApplicationRouting: {
        enabled: false
      }
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks disable-addons --resource-group rg-prod --name aks-prod --addons http_application_routing
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Managed NGINX ingress with the application routing add-on",
            "https://learn.microsoft.com/azure/aks/app-routing",
        ),
        (
            "PSRule for Azure: Azure.AKS.HttpAppRouting",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.HttpAppRouting/",
        ),
    ],
    differences: "\
PSRule for Azure fails `enabled: null`. ARM drops a property whose value is null, so it passes \
here.",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` does not use HTTP application routing",
    fail: "`{}` uses HTTP application routing",
    open: "whether `{}` uses HTTP application routing",
    help: "remove `addonProfiles.httpApplicationRouting`, or set its `enabled: false`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&[
        "properties",
        "addonProfiles",
        "httpApplicationRouting",
        "enabled",
    ]);
    let answer = flag.is_not_true(&cluster.resource);
    cluster.verdict(&WORDS, answer)
}
