//! `aks-no-network-policy`: pods should not all reach each other.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
use crate::answer::Truth;
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
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
    name: "aks-no-network-policy",
    aliases: &[
        "Azure.AKS.NetworkPolicy",
        "AZR-000027",
        "CKV_AZURE_7",
        "AVD-AZU-0043",
        "AZU-0043",
    ],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster has no network policy engine",
    what: "\
Reports clusters whose `properties.networkProfile.networkPolicy` is not `azure`, `calico` or \
`cilium`. AKS Automatic has Cilium by default.",
    why: "\
By default every pod reaches every other one. Network policies restrict that, so that one pod that \
was taken over does not lead to all others. Without an engine Kubernetes accepts such policies and \
nothing enforces them.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'azure'
    }
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'azure'
      networkPolicy: 'cilium'
      networkDataplane: 'cilium'
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running cluster; its nodes are made anew.",
        code: "\
az aks update --resource-group rg-prod --name aks-prod --network-policy azure
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Secure traffic between pods by using network policies in AKS",
            "https://learn.microsoft.com/azure/aks/use-network-policies",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.NetworkPolicy",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.NetworkPolicy/",
        ),
    ],
    differences: "\
`cilium` passes: PSRule for Azure and KICS on Terraform know `azure` and `calico` only. `none` \
fails: Checkov, Trivy and KICS on ARM templates pass any text. AKS Automatic passes when nothing \
is set.",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("5.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` enforces network policies",
    fail: "`{}` does not enforce network policies",
    open: "whether `{}` enforces network policies",
    help: "set `networkPolicy` in `networkProfile` to 'azure', 'calico' or 'cilium'",
};

/// The policy that goes with the network of the cluster; `None`: that is not plain.
fn right_policy(cluster: &mut Subject<'_, '_, '_>) -> Option<&'static str> {
    let mut is = |name: &'static str, wanted: &[&str]| {
        let property = cluster.property(&["properties", "networkProfile", name]);
        property.is_one_of(&cluster.resource, wanted).truth
    };
    // The dataplane Cilium takes no other, kubenet has none of Azure's.
    match (
        is("networkDataplane", &["cilium"]),
        is("networkPlugin", &["azure"]),
    ) {
        (Truth::Yes, _) => Some("cilium"),
        (Truth::No, Truth::Yes) => Some("azure"),
        _ => None,
    }
}

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let policy = cluster.property(&["properties", "networkProfile", "networkPolicy"]);
    let answer = policy
        .is_one_of(&cluster.resource, &["azure", "calico", "cilium"])
        .mended(|| right_policy(cluster).and_then(|name| policy.set_to_text(name)));
    let answer = or_preset(cluster, answer);
    cluster.verdict(&WORDS, answer)
}
