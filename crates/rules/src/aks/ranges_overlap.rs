//! `aks-ip-ranges-overlap`: every address is admitted once.

use ipnet::Ipv4Net;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, UnknownEntry, cluster, judge, named};
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
    name: "aks-ip-ranges-overlap",
    aliases: &[],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "AKS authorized IP ranges overlap",
    what: "\
Reports authorized IP ranges that are listed twice, or lie within another range of the list, and names \
both.",
    why: "\
It is one entry too many: it changes nothing, counts against the limit, and hides what is admitted: \
who takes a narrow range out of the list may think that its addresses are locked out now.",
    examples: &[Example {
        settings: "",
        bad: cluster!(
            "      authorizedIPRanges: [\n        '198.51.100.0/24'\n        '198.51.100.7/32'\n      ]\n"
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
    pass: "ranges of `{}` do not overlap",
    fail: "ranges of `{}` overlap",
    open: "whether the ranges of `{}` overlap",
    help: "take the entries out that others hold already",
};

const OVERLAP: Reason = Reason::new("overlap", "within another entry");
const TWICE: Reason = Reason::new("twice", "listed twice");

/// An entry that another one holds already.
struct Needless<'r> {
    /// The place in the list of networks.
    place: usize,
    entry: &'r Entry,
    within: &'r Entry,
    is_same: bool,
}

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let needless = needless(ranges);
    let Some(first) = needless.first() else {
        return ranges.fine(|unknown| may_overlap(ranges, unknown));
    };
    let are_same = needless.iter().all(|needless| needless.is_same);
    let reason = if first.is_same { TWICE } else { OVERLAP };
    let words = needless.iter().map(|needless| {
        let (entry, within) = (needless.entry.shown(), needless.within.shown());
        match needless.is_same {
            true if entry == within => format!("{entry} is listed twice"),
            true => format!("{entry} is the same as {within}"),
            false => format!("{entry} lies within {within}"),
        }
    });
    let detail = named(words);
    let entries: Vec<&Entry> = needless.iter().map(|needless| needless.entry).collect();
    let fix = ranges.remove(cluster.deployment.project, &entries, are_same);
    ranges.bad(first.entry, reason, detail).with_fix(fix)
}

/// Networks either nest or have nothing in common, so in order of their first address, wide ones
/// first, one that lies within another lies within the last that does not.
fn needless(ranges: &Ranges) -> Vec<Needless<'_>> {
    let mut nets: Vec<(usize, &Entry, Ipv4Net)> = ranges
        .nets()
        .enumerate()
        .map(|(place, (entry, net))| (place, entry, net.trunc()))
        .collect();
    nets.sort_by_key(|&(place, _, net)| (net.network(), net.prefix_len(), place));
    let mut widest: Option<(&Entry, Ipv4Net)> = None;
    let mut needless = Vec::new();
    for (place, entry, net) in nets {
        match widest {
            Some((within, wide)) if wide.contains(&net) => needless.push(Needless {
                place,
                entry,
                within,
                is_same: wide == net,
            }),
            _ => widest = Some((entry, net)),
        }
    }
    needless.sort_by_key(|needless| needless.place);
    needless
}

/// Whether an entry that is not known may have addresses in common with another.
fn may_overlap(ranges: &Ranges, unknown: &UnknownEntry) -> bool {
    let reach = unknown.sketch.reach();
    let meets = |net: Ipv4Net| net.contains(&reach) || reach.contains(&net);
    let others = ranges
        .unknown
        .iter()
        .filter(|other| !std::ptr::eq(*other, unknown));
    unknown.is_stretch
        || ranges.nets().any(|(_, net)| meets(net.trunc()))
        || others.into_iter().any(|other| meets(other.sketch.reach()))
}
