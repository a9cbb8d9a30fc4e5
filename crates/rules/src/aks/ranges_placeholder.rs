//! `aks-ip-ranges-placeholder`: an address from a manual is nobody's.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, cluster, judge, named};
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
    name: "aks-ip-ranges-placeholder",
    aliases: &[],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "AKS authorized IP ranges hold addresses for documentation",
    what: "\
Reports authorized IP ranges within 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24. RFC 5737 keeps \
these for examples, such as those in this documentation; nobody has them.",
    why: "\
It is a placeholder that was not filled in: the range admits nobody, and those who should be admitted \
are locked out.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        '203.0.113.0/24'\n      ]\n"),
        good: cluster!("      authorizedIPRanges: [\n        '20.61.5.0/24'\n      ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "ranges of `{}` hold no placeholder",
    fail: "ranges of `{}` hold placeholders",
    open: "whether the ranges of `{}` hold placeholders",
    help: "fill in the public addresses of your own networks",
};

const PLACEHOLDER: Reason = Reason::new("placeholder", "an address from a manual");

const fn net(a: u8, b: u8, c: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), 24)
}

/// RFC 5737.
const KINDS: [(Ipv4Net, &str); 3] = [
    (net(192, 0, 2), "for documentation, RFC 5737"),
    (net(198, 51, 100), "for documentation, RFC 5737"),
    (net(203, 0, 113), "for documentation, RFC 5737"),
];

fn kind_of(entry: Ipv4Net) -> Option<&'static str> {
    let kind = KINDS.iter().find(|(net, _)| net.contains(&entry));
    kind.map(|&(_, kind)| kind)
}

fn ask(_: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let of_kind = |entry: &Entry| kind_of(entry.net?);
    let bad: Vec<(&Entry, &str)> = ranges
        .entries
        .iter()
        .filter_map(|entry| Some((entry, of_kind(entry)?)))
        .collect();
    match bad.first() {
        Some((first, _)) => {
            let words = bad
                .iter()
                .map(|(entry, kind)| format!("{} ({kind})", entry.shown()));
            let detail = format!(
                "no client on the internet has an address of {}",
                named(words)
            );
            ranges.bad(first, PLACEHOLDER, detail)
        }
        None => ranges.fine(|unknown| may_be(unknown.sketch.address)),
    }
}

/// Whether an address of the network can be one of these.
fn may_be(address: Ipv4Net) -> bool {
    KINDS
        .iter()
        .any(|(net, _)| net.contains(&address) || address.contains(net))
}
