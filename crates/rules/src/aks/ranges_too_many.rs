//! `aks-ip-ranges-too-many`: a list has its limit.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{REFERENCES, Ranges, cluster, judge};
use crate::answer::{Answer, Truth};
use crate::finding::{Reason, Severity};
use crate::property::SET;
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
    name: "aks-ip-ranges-too-many",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS cluster has more authorized IP ranges than allowed",
    what: "\
Reports clusters with more than 200 authorized IP ranges, or more than 2,000 where \
`apiServerAccessProfile.enableVnetIntegration` is `true`.",
    why: "\
AKS refuses longer lists: the deployment fails. Ranges that lie side by side may be written as one.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [for i in range(0, 201): '198.51.${100 + i / 100}.${i % 100}']\n"
        ),
        good: cluster!("      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "ranges of `{}` are not too many",
    fail: "ranges of `{}` are too many",
    open: "whether the ranges of `{}` are too many",
    help: "join ranges that lie side by side, or let clients come through fewer addresses",
};

const TOO_MANY: Reason = Reason::new("too-many", "too many");

/// The limit, and that with API server VNet integration, as documented.
const LIMITS: [usize; 2] = [200, 2000];

const VNET_INTEGRATION: [&str; 3] = [
    "properties",
    "apiServerAccessProfile",
    "enableVnetIntegration",
];

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let (least, most) = (ranges.min_len(), ranges.max_len());
    let too_many = |limit: usize, without: &str| {
        let detail = format!("there are {least}, and AKS takes {limit} at most{without}");
        Answer::about(&ranges.list, Truth::No, TOO_MANY, detail)
    };
    let [limit, high] = LIMITS;
    if least > high {
        return too_many(high, "");
    }
    if most.is_some_and(|most| most <= limit) {
        let detail = format!("there are no more than {limit}");
        return Answer::about(&ranges.list, Truth::Yes, SET, detail);
    }
    let integration = cluster.property(&VNET_INTEGRATION);
    let integrated = integration.is_true(&cluster.resource);
    match integrated.truth {
        Truth::Yes => ranges.fine(|_| most.is_none_or(|most| most > high)),
        Truth::No if least > limit => too_many(limit, " without API server VNet integration"),
        Truth::Open(_) if least > limit => integration.asked(integrated.truth),
        Truth::No | Truth::Open(_) => ranges.fine(|unknown| unknown.is_stretch),
    }
}
