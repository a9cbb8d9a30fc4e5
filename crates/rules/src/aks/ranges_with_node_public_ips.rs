//! `aks-ip-ranges-with-node-public-ips`: nodes need addresses that can be listed.

use tricep_semantic::resolve::{Deployed, Found};

use crate::aks::pools::all_pools;
use crate::aks::ranges::{REFERENCES, Ranges, cluster, judge};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Truth};
use crate::finding::{Reason, Severity};
use crate::property::Property;
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Subject, Words};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[AGENT_POOL],
    judge: |cluster| judge(cluster, &WORDS, ask),
};

static META: RuleMeta = RuleMeta {
    name: "aks-ip-ranges-with-node-public-ips",
    aliases: &[],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS nodes have public addresses that no authorized range can name",
    what: "\
Reports clusters with authorized IP ranges that have a pool with `enableNodePublicIP: true` and no \
`nodePublicIPPrefixID`. Pools in `agentPoolProfiles` count, and those that are resources of their own.

With a prefix the nodes' addresses are known before. Whether the ranges hold them is not asked: the \
addresses of a prefix cannot be seen in the files.",
    why: "\
Nodes that leave their network by public addresses of their own reach the API server by them, and those \
addresses must be among the ranges. Without a prefix nobody knows them before, and nodes that are added \
later do not join the cluster.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n", "    agentPoolProfiles: [\n      {\n        name: 'system'\n        mode: 'System'\n        enableNodePublicIP: true\n      }\n    ]\n"),
        good: cluster!("      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n", "    agentPoolProfiles: [\n      {\n        name: 'system'\n        mode: 'System'\n        enableNodePublicIP: false\n      }\n    ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "node addresses of `{}` go with its ranges",
    fail: "node addresses of `{}` cannot be among its ranges",
    open: "whether node addresses of `{}` go with its ranges",
    help: "take public addresses of nodes out of a prefix (`nodePublicIPPrefixID`) and list the prefix, or do without them",
};

const PREFIX: Reason = Reason::new("prefix", "from a prefix");

fn ask(cluster: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    match all_pools(cluster, ask_pool).every(cluster) {
        Some(answer) => ranges.if_any(answer),
        None => ranges.fine(|_| false),
    }
}

/// Whether a pool has no public addresses, or those of a prefix.
fn ask_pool(resource: &mut Deployed<'_, '_>, fields: &Found) -> Answer {
    let public = Property::look_up(resource, fields.clone(), &["enableNodePublicIP"]);
    let prefix = Property::look_up(resource, fields.clone(), &["nodePublicIPPrefixID"]);
    let mut answer = public.is_not_true(resource);
    if matches!(answer.truth, Truth::Yes) {
        return answer;
    }
    let prefixed = prefix.is_filled(resource);
    match prefixed.truth {
        Truth::No => answer.fixes.clear(),
        Truth::Yes => return prefix.answer(Truth::Yes, PREFIX, prefix_detail()),
        Truth::Open(_) => return prefixed,
    }
    answer
}

fn prefix_detail() -> String {
    "`nodePublicIPPrefixID` is set".to_owned()
}
