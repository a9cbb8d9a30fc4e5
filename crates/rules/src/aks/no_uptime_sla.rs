//! `aks-no-uptime-sla`: production should not run on the free tier.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset, tiers_with_sla};
use crate::finding::Severity;
use crate::property::{MISSING, VALUE};
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
    name: "aks-no-uptime-sla",
    aliases: &["Azure.AKS.UptimeSLA", "AZR-000285", "CKV_AZURE_170"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster has no uptime SLA",
    what: "\
Reports clusters whose `sku.tier` has no uptime SLA. `Standard` has one from API version \
2023-01-01 on, `Premium` from 2023-03-01 on, and `Paid` before 2023-02-01. Not set, the tier is \
`Free`; AKS Automatic is `Standard` always.",
    why: "\
The free tier promises nothing for the API server, gives it little to run on and is meant for up \
to ten nodes. With the standard tier Azure promises 99.9 % of the time, and 99.95 % with \
availability zones, and scales the control plane with the load.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  sku: {
    name: 'Base'
    tier: 'Free'
  }
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --tier standard
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Free, Standard, and Premium pricing tiers for AKS cluster management",
            "https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.UptimeSLA",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.UptimeSLA/",
        ),
    ],
    differences: "\
`Premium` passes, and AKS Automatic without a tier: PSRule for Azure and Checkov look for \
`Standard` only. PSRule for Azure takes any text that holds the word.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` has an uptime SLA",
    fail: "`{}` has no uptime SLA",
    open: "whether `{}` has an uptime SLA",
    help: "set `sku: { name: 'Base', tier: 'Standard' }`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let tiers = tiers_with_sla(cluster.api_date());
    let has_sku = !cluster.property(&["sku"]).is_unset();
    let tier = cluster.property(&["sku", "tier"]);
    // A tier alone is no SKU, so it is only added to a name.
    let fix = || {
        let best = tiers.first().filter(|_| has_sku);
        best.and_then(|name| tier.set_to_text(name))
    };
    let answer = tier
        .is_one_of(&cluster.resource, &tiers)
        .mended(fix)
        .remark_on(VALUE, &in_words(&tiers));
    let answer = or_preset(cluster, answer).remark_on(MISSING, ", so it is 'Free'");
    cluster.verdict(&WORDS, answer)
}

/// Which tiers there are, to stand behind one that has no SLA.
fn in_words(tiers: &[&str]) -> String {
    match tiers {
        [] => ", and this API version has no tier with one".to_owned(),
        tiers => format!(", and not {}", tiers.join(" or ")),
    }
}
