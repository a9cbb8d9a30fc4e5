//! `aks-ip-ranges-sentinel-mixed`: "nobody else" goes with nobody else.

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, SENTINEL, cluster, judge};
use crate::answer::Answer;
use crate::finding::{Reason, Severity};
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
    name: "aks-ip-ranges-sentinel-mixed",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS authorized IP ranges mix 0.0.0.0/32 with others",
    what: "\
Reports lists that hold `0.0.0.0/32` together with other entries.

Alone it means that only the cluster's own outbound address may reach the API server.",
    why: "\
AKS refuses the list: the deployment fails with `InvalidParameter`.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [\n        '0.0.0.0/32'\n        '198.51.100.0/24'\n      ]\n"
        ),
        good: cluster!("      authorizedIPRanges: [\n        '0.0.0.0/32'\n      ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "ranges of `{}` do not mix `0.0.0.0/32` with others",
    fail: "ranges of `{}` mix `0.0.0.0/32` with others",
    open: "whether the ranges of `{}` mix `0.0.0.0/32` with others",
    help: "leave `0.0.0.0/32` alone, or take it out",
};

const MIXED: Reason = Reason::new("mixed", "only allowed alone");

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let (sentinels, others): (Vec<&Entry>, Vec<&Entry>) = ranges
        .entries
        .iter()
        .partition(|entry| entry.net == Some(SENTINEL));
    // An entry that is not known may be another `0.0.0.0/32`, unless its address starts otherwise.
    let is_other = |address: Ipv4Net| !address.contains(&SENTINEL);
    let is_mixed = !others.is_empty()
        || ranges
            .unknown
            .iter()
            .any(|unknown| !unknown.is_stretch && is_other(unknown.sketch.address));
    match sentinels.first() {
        Some(first) if is_mixed => {
            let detail = format!("{} is only allowed alone", first.shown());
            let fix = ranges.remove(cluster.deployment.project, &sentinels, false);
            ranges.bad(first, MIXED, detail).with_fix(fix)
        }
        Some(_) => ranges.fine(|_| true),
        None => ranges.fine(|unknown| {
            let is_one_of_several = unknown.is_stretch || is_mixed || ranges.unknown.len() > 1;
            is_one_of_several && !is_other(unknown.sketch.address)
        }),
    }
}
