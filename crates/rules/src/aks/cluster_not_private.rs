//! `aks-cluster-not-private`: the API server should have no public address.

use crate::aks::MANAGED_CLUSTER;
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
    name: "aks-cluster-not-private",
    aliases: &["CKV_AZURE_115", "AVD-AZU-0065", "AZU-0065"],
    category: Category::Security,
    severity: Severity::Info,
    summary: "AKS cluster has a public API server",
    what: "\
Reports clusters whose `properties.apiServerAccessProfile.enablePrivateCluster` is not `true`.

`aks-authorized-ip-ranges` asks for less: that a public API server refuses unknown addresses.",
    why: "\
The API server of a private cluster has an address in your network only. Nobody outside can try \
stolen credentials on it, or a flaw in Kubernetes itself.

It has its price: build agents, and people, must get into the network first. Most clusters can \
only be made private when they are created.",
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
    apiServerAccessProfile: {
      enablePrivateCluster: true
    }
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Create a private cluster.",
        code: "\
az aks create --resource-group rg-prod --name aks-prod --enable-private-cluster
",
        ..AZURE_CLI
    }],
    references: &[(
        "Create a private AKS cluster",
        "https://learn.microsoft.com/azure/aks/private-clusters",
    )],
    differences: "\
Checkov and Trivy ask this of Terraform only, PSRule for Azure has no such rule. Severity is \
`info`: a public API server with authorized IP ranges is a sound choice too.",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("3.9"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "API server of `{}` is private",
    fail: "API server of `{}` is public",
    open: "whether the API server of `{}` is private",
    help: "set `enablePrivateCluster: true` in `apiServerAccessProfile` when the cluster is created",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&[
        "properties",
        "apiServerAccessProfile",
        "enablePrivateCluster",
    ]);
    // A cluster becomes private when it is made, and then takes no ranges: no edit does that alone.
    let answer = flag.is_true(&cluster.resource).with_safe_fixes();
    cluster.verdict(&WORDS, answer)
}
