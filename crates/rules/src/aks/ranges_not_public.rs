//! `aks-ip-ranges-not-public`: addresses that nobody has on the internet let nobody in.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, SENTINEL, cluster, judge, named};
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
    name: "aks-ip-ranges-not-public",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS authorized IP ranges hold private or reserved addresses",
    what: "\
Reports authorized IP ranges within private or reserved space: 10.0.0.0/8, 172.16.0.0/12 and \
192.168.0.0/16 (RFC 1918), 100.64.0.0/10 (carriers), 127.0.0.0/8 (loopback), 169.254.0.0/16 \
(link-local), 198.18.0.0/15 (benchmarks), 0.0.0.0/8, 224.0.0.0/4 (multicast) and 240.0.0.0/4 \
(reserved).

`0.0.0.0/32` has a meaning of its own in AKS and passes. Addresses for documentation are reported by \
`aks-ip-ranges-placeholder`.",
    why: "\
The API server sees the public address that a client leaves its network by, never a private one. Such \
a range admits nobody, whoever wrote it is locked out, and AKS may refuse it.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        '10.0.0.0/16'\n        '198.51.100.0/24'\n      ]\n"),
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
    pass: "ranges of `{}` are public addresses",
    fail: "ranges of `{}` include addresses that are not public",
    open: "whether the ranges of `{}` are public addresses",
    help: "list the public addresses that clients leave their networks by: those of the firewall or NAT gateway",
};

const NOT_PUBLIC: Reason = Reason::new("not-public", "not a public address");

const fn net(a: u8, b: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, 0, 0), prefix)
}

/// Networks that are not on the internet, by the registry of special-purpose addresses (RFC 6890).
const KINDS: [(Ipv4Net, &str); 10] = [
    (net(10, 0, 8), "private, RFC 1918"),
    (net(172, 16, 12), "private, RFC 1918"),
    (net(192, 168, 16), "private, RFC 1918"),
    (
        net(100, 64, 10),
        "shared by customers of a carrier, RFC 6598",
    ),
    (net(127, 0, 8), "loopback"),
    (net(169, 254, 16), "link-local"),
    (net(198, 18, 15), "for benchmarks, RFC 2544"),
    (net(0, 0, 8), "of no network"),
    (net(224, 0, 4), "multicast"),
    (net(240, 0, 4), "reserved"),
];

fn kind_of(entry: Ipv4Net) -> Option<&'static str> {
    if entry == SENTINEL {
        return None;
    }
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
            ranges.bad(first, NOT_PUBLIC, detail)
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
