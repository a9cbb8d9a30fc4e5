//! `aks-public-network-access`: what says that the network may be public.

use crate::aks::MANAGED_CLUSTER;
use crate::answer::Answer;
use crate::finding::{Reason, Severity};
use crate::property::MISSING;
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-public-network-access",
    aliases: &[],
    category: Category::Security,
    severity: Severity::Info,
    summary: "AKS cluster leaves public network access on",
    what: "\
Reports clusters whose `properties.publicNetworkAccess` is neither `Disabled` nor \
`SecuredByPerimeter`, unless they are private (`enablePrivateCluster`). Not set, it is `Enabled`.

The property exists from API version 2021-08-01 on. What `Disabled` does to a cluster that is not \
private is not documented: do not use it in place of a private cluster or of authorized IP ranges.",
    why: "\
A cluster that need not be reached from outside should say so: then a later change cannot open it \
by accident, and policies that look for the property find it.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    publicNetworkAccess: 'Disabled'
    apiServerAccessProfile: {
      enablePrivateCluster: true
    }
  }
}
",
    }],
    remedies: &[],
    references: &[
        (
            "Create a private AKS cluster",
            "https://learn.microsoft.com/azure/aks/private-clusters",
        ),
        (
            "Microsoft.ContainerService/managedClusters in Bicep and ARM templates",
            "https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters",
        ),
    ],
    differences: "\
Only CodeQL for Bicep has this rule. `SecuredByPerimeter`, of preview versions, passes here too.",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("3.1"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "public network access of `{}` is off",
    fail: "public network access of `{}` is on",
    open: "whether public network access of `{}` is off",
    help: "make the cluster private and set `publicNetworkAccess: 'Disabled'`",
};

/// The cluster has no public address that could be switched off.
const PRIVATE: Reason = Reason::new("private", "private");

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let access = cluster.property(&["properties", "publicNetworkAccess"]);
    let closed = access
        .is_one_of(&cluster.resource, &["Disabled", "SecuredByPerimeter"])
        .remark_on(MISSING, ", which leaves it on");
    let flag = cluster.property(&[
        "properties",
        "apiServerAccessProfile",
        "enablePrivateCluster",
    ]);
    let private = flag.is_true(&cluster.resource).holds_because(PRIVATE);
    let answer = Answer::any([closed.clone(), private]).unwrap_or(closed);
    cluster.verdict(&WORDS, answer)
}
