//! `aks-ip-ranges-ipv6`: the API server is asked for by IPv4 only.

use std::net::Ipv6Addr;

use ipnet::Ipv6Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, cluster, is_or_are, judge, named_entries};
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
    name: "aks-ip-ranges-ipv6",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS authorized IP ranges hold IPv6 addresses",
    what: "\
Reports authorized IP ranges that are IPv6 addresses or ranges. `aks-authorized-ip-ranges` reports \
the first entry that is no IPv4 address or range as `invalid-ip`; this rule names all that are IPv6.",
    why: "\
AKS takes IPv4 only. The deployment is refused, also for clusters whose nodes and services have \
IPv6 addresses.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        '2001:db8::/32'\n      ]\n"),
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
    pass: "ranges of `{}` are not IPv6",
    fail: "ranges of `{}` include IPv6",
    open: "whether the ranges of `{}` include IPv6",
    help: "list the IPv4 addresses that the same clients use",
};

const IPV6: Reason = Reason::new("ipv6", "IPv6");

fn ask(_: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let bad: Vec<&Entry> = ranges.entries.iter().filter(|e| is_ipv6(&e.text)).collect();
    match bad.first() {
        Some(first) => {
            let detail = format!("{} {} IPv6", named_entries(&bad), is_or_are(&bad));
            ranges.bad(first, IPV6, detail)
        }
        None => ranges.fine(|unknown| !unknown.sketch.is_ipv4),
    }
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok() || text.parse::<Ipv6Net>().is_ok()
}
