//! `aks-ip-ranges-with-basic-load-balancer`: ranges need the standard load balancer.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{REFERENCES, Ranges, cluster, judge};
use crate::answer::Answer;
use crate::finding::Severity;
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Subject, Words};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge: |cluster| judge(cluster, &WORDS, ask),
};

static META: RuleMeta = RuleMeta {
    name: "aks-ip-ranges-with-basic-load-balancer",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster has authorized IP ranges and a basic load balancer",
    what: "\
Reports clusters with authorized IP ranges whose `networkProfile.loadBalancerSku` is `basic`. Without \
the property the load balancer is a standard one.",
    why: "\
Authorized ranges only work with the standard load balancer, and Azure has retired the basic one.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n",
            "    networkProfile: {\n      loadBalancerSku: 'basic'\n    }\n"
        ),
        good: cluster!(
            "      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n",
            "    networkProfile: {\n      loadBalancerSku: 'standard'\n    }\n"
        ),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "the load balancer of `{}` goes with its ranges",
    fail: "the load balancer of `{}` does not go with its ranges",
    open: "whether the load balancer of `{}` goes with its ranges",
    help: "set `loadBalancerSku: 'standard'`, which needs a new cluster",
};

const SKU: [&str; 3] = ["properties", "networkProfile", "loadBalancerSku"];

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let sku = cluster.property(&SKU);
    ranges.if_any(sku.is_none_of(&cluster.resource, &["basic"]))
}
