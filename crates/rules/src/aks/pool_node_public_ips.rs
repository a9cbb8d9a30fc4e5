//! `aks-pool-node-public-ips`: a node is no place to be reached from the internet.

use crate::aks::pools::{field, own_pools};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::finding::Severity;
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER, AGENT_POOL],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-pool-node-public-ips",
    aliases: &["CKV_AZURE_143"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS nodes have public addresses of their own",
    what: "\
Reports node pools whose `enableNodePublicIP` is `true`. Both pools in the cluster's \
`agentPoolProfiles` and pools that are resources of their own \
(`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each on its own.",
    why: "\
With a public address every node can be reached from the internet as far as the rules of its \
network allow; one rule too wide, or a service on a port of the node, is enough. Traffic should \
come in by a load balancer or gateway, and go out by one address that can be known.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        enableNodePublicIP: true
      }
    ]
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        enableNodePublicIP: false
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "It cannot be changed. Add a pool without public addresses, and delete the old one.",
        code: "\
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[(
        "Use instance-level public IPs in AKS",
        "https://learn.microsoft.com/azure/aks/use-node-public-ips",
    )],
    differences: "\
Checkov asks Terraform only, and there only the default pool; tricep looks at every pool.",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("5.5"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` have no public addresses",
    fail: "nodes of `{}` have public addresses",
    open: "whether nodes of `{}` have public addresses",
    help: "take `enableNodePublicIP` out, or set it to false",
};

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = own_pools(subject);
    let answer = pools.every(subject, |subject, pool| {
        let public = field(&mut subject.resource, &pool.fields, "enableNodePublicIP");
        public.is_not_true(&subject.resource)
    });
    subject.verdict(&WORDS, answer)
}
