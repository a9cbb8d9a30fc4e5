//! `aks-ip-ranges-host-bits`: a range is named by its network.

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, cluster, judge, named};
use crate::answer::Answer;
use crate::finding::{Reason, Severity};
use crate::fix::{Applicability, Fix};
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
    name: "aks-ip-ranges-host-bits",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS authorized IP ranges are not named by their network",
    what: "\
Reports authorized IP ranges with bits of the address set behind the prefix, such as `198.51.100.7/24`, \
and says which network it is: `198.51.100.0/24`.",
    why: "\
Documentation asks for the network's address, and the Azure CLI refuses another. It is also not clear \
whether the one address was meant or the whole network.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        '198.51.100.7/24'\n      ]\n"),
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
    pass: "ranges of `{}` are named by their networks",
    fail: "ranges of `{}` are not named by their networks",
    open: "whether the ranges of `{}` are named by their networks",
    help: "write the address of the network, or `/32` if one address is meant",
};

const HOST_BITS: Reason = Reason::new("host-bits", "not the address of the network");

/// Networks with shorter prefixes are so large that hardly anyone means them: whoever wrote `10.0.0.1/1` may
/// have left a digit out.
const SHORTEST_PLAUSIBLE: u8 = 8;

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let bad: Vec<(&Entry, Ipv4Net)> = ranges
        .nets()
        .filter(|(_, net)| net.trunc() != *net)
        .collect();
    let Some(&(first, _)) = bad.first() else {
        return ranges.fine(|unknown| unknown.sketch.prefix != Some(32));
    };
    let words = |(entry, net): &(&Entry, Ipv4Net)| match entry.found.traced.trail.secret {
        true => entry.shown(),
        false => format!("{} should be `{}`", entry.shown(), net.trunc()),
    };
    let detail = named(bad.iter().map(words));
    let entries: Vec<&Entry> = bad.iter().map(|(entry, _)| *entry).collect();
    let network = |entry: &Entry| {
        let net = entry.net.map(|net| net.trunc().to_string());
        net.unwrap_or_else(|| entry.text.to_string())
    };
    let title = "write the addresses of the networks".to_owned();
    let fix = ranges.rewrite(cluster.deployment.project, &entries, title, network);
    let is_plausible = bad
        .iter()
        .all(|(_, net)| net.prefix_len() >= SHORTEST_PLAUSIBLE);
    let fix = fix.map(|fix| match is_plausible {
        true => fix,
        false => Fix {
            applicability: Applicability::Unsafe,
            ..fix
        },
    });
    ranges.bad(first, HOST_BITS, detail).with_fix(fix)
}
