//! `aks-ip-ranges-open-to-all`: ranges that leave nobody out restrict nothing.

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, UnknownEntry, cluster, judge, named_entries};
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
    name: "aks-ip-ranges-open-to-all",
    aliases: &[],
    category: Category::Security,
    severity: Severity::Error,
    summary: "AKS authorized IP ranges admit every address",
    what: "\
Reports lists of authorized IP ranges that admit every IPv4 address: by `0.0.0.0/0`, or by entries \
that cover all addresses together, such as `0.0.0.0/1` and `128.0.0.0/1`. The message names them.

`0.0.0.0/32` is something else: it admits only the cluster's own outbound address, and passes.",
    why: "\
The list is there, and so `aks-authorized-ip-ranges` passes, but it keeps nobody out: whoever has \
stolen credentials, or knows a flaw in the API server, can try them from anywhere.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [\n        '0.0.0.0/0'\n        '198.51.100.0/24'\n      ]\n"
        ),
        good: cluster!("      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &[
        "security",
        "azure",
        "aks",
        "network",
        "external/cwe/cwe-284",
    ],
    security_severity: Some("8.2"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "ranges of `{}` leave addresses out",
    fail: "API server of `{}` is open to every address",
    open: "whether the ranges of `{}` leave any address out",
    help: "list only the addresses that must reach the API server",
};

const OPEN: Reason = Reason::new("open", "admits every address");

/// How many addresses IPv4 has.
const ALL: u64 = 1 << 32;

fn ask(_: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let every = |net: &Ipv4Net| net.prefix_len() == 0;
    let alone: Vec<&Entry> = ranges
        .nets()
        .filter(|(_, net)| every(net))
        .map(|(entry, _)| entry)
        .collect();
    let nets: Vec<Ipv4Net> = ranges.nets().map(|(_, net)| net.trunc()).collect();
    let admitted = Ipv4Net::aggregate(&nets);
    let bad = if alone.is_empty() && admitted.iter().any(every) {
        widest(ranges)
    } else {
        alone
    };
    let missing = ALL - admitted.iter().map(size).sum::<u64>();
    match bad.first() {
        Some(first) => {
            let every_one = if bad.len() == 1 {
                "is the range of every address"
            } else {
                "together cover every address"
            };
            let detail = format!("{} {every_one}", named_entries(&bad));
            ranges.bad(first, OPEN, detail)
        }
        None => ranges.fine(|_| most(&ranges.unknown) >= missing),
    }
}

/// The entries that lie in no other.
fn widest(ranges: &Ranges) -> Vec<&Entry> {
    let mut nets: Vec<(&Entry, Ipv4Net)> = ranges.nets().map(|(e, net)| (e, net.trunc())).collect();
    nets.sort_by_key(|&(_, net)| (net.network(), net.prefix_len()));
    let mut widest: Vec<(&Entry, Ipv4Net)> = Vec::new();
    for (entry, net) in nets {
        if widest.last().is_none_or(|(_, last)| !last.contains(&net)) {
            widest.push((entry, net));
        }
    }
    widest.into_iter().map(|(entry, _)| entry).collect()
}

/// How many addresses a network has.
fn size(net: &Ipv4Net) -> u64 {
    ALL >> net.prefix_len()
}

/// How many addresses entries that are not known can admit at most.
fn most(unknown: &[UnknownEntry]) -> u64 {
    let each = unknown.iter().map(|entry| match entry.sketch.prefix {
        Some(prefix) if !entry.is_stretch => ALL >> prefix,
        _ => ALL,
    });
    each.fold(0, u64::saturating_add)
}
