//! `aks-ip-ranges-with-private-cluster`: ranges are for a public API server.

use tricep_semantic::resolve::Found;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{NO_RANGES, PUBLIC, Private, REFERENCES, Ranges, cluster, is_private};
use crate::answer::{Answer, Truth};
use crate::finding::{Reason, Severity};
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge: |cluster| judge_both(cluster),
};

static META: RuleMeta = RuleMeta {
    name: "aks-ip-ranges-with-private-cluster",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "private AKS cluster has authorized IP ranges",
    what: "\
Reports clusters with `enablePrivateCluster: true` and authorized IP ranges. An empty list beside it \
is fine.",
    why: "\
AKS refuses the two together (`InvalidParameter`): ranges apply to a public API server, and a private \
cluster has none.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n      enablePrivateCluster: true\n"
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
    pass: "`{}` does not have ranges and a private API server",
    fail: "`{}` is private and has ranges too",
    open: "whether `{}` is private and has ranges",
    help: "take the ranges out, or `enablePrivateCluster`",
};

const BOTH: Reason = Reason::new("both", "not for a private cluster");

fn judge_both(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let answer = match is_private(&mut cluster.resource) {
        Private::No(flag) => {
            let at = flag.as_ref().map_or(cluster.at(), Found::place);
            let detail = "the cluster is not private".to_owned();
            Some(Answer::at(at, Truth::Yes, PUBLIC, detail))
        }
        Private::Yes(flag) => ask_ranges(cluster, &flag),
        Private::Unknown(doubt) => {
            ask_ranges(cluster, &doubt.found).map(|answer| doubt.instead_of(answer))
        }
    };
    match answer {
        Some(answer) => cluster.verdict(&WORDS, answer),
        None => cluster.not_applicable(&WORDS, NO_RANGES, "it has no authorized ranges"),
    }
}

/// Of a private cluster.
fn ask_ranges(cluster: &mut Subject<'_, '_, '_>, flag: &Found) -> Option<Answer> {
    let ranges = Ranges::of(cluster)?;
    let detail = "AKS refuses authorized ranges of a private cluster".to_owned();
    let both = Answer::about(&ranges.list, Truth::No, BOTH, detail);
    let mut answer = ranges.if_any(both);
    answer.trail = answer.trail.and(&flag.traced.trail);
    Some(answer)
}
