//! `aks-rbac-disabled`: not everybody in the cluster may do everything.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::defaults::{AUTOMATIC_PAGE, or_preset};
use crate::finding::Severity;
use crate::property::MISSING;
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
    name: "aks-rbac-disabled",
    aliases: &[
        "Azure.AKS.UseRBAC",
        "AZR-000038",
        "CKV_AZURE_5",
        "AVD-AZU-0042",
        "AZU-0042",
    ],
    category: Category::Security,
    severity: Severity::Error,
    summary: "AKS cluster does not use Kubernetes RBAC",
    what: "\
Reports clusters whose `properties.enableRBAC` is not `true`. Not set, the service turns it on for \
new clusters; the rule wants it written out all the same, and its message says so. AKS Automatic \
has it preset.",
    why: "\
Without role-based access control everybody who is let in, and every pod with a service account, \
may do everything: read all secrets, and start what they like. It cannot be switched on later, the \
cluster must be created anew. A line in the file keeps it from being left out by mistake.",
    examples: &[Example {
        settings: "",
        bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    enableRBAC: false
  }
}
",
        good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    enableRBAC: true
  }
}
",
    }],
    remedies: &[Remedy {
        text: "It cannot be changed on a running cluster. A new one has it unless `--disable-rbac` is given.",
        code: "\
az aks create --resource-group rg-prod --name aks-prod
",
        ..AZURE_CLI
    }],
    references: &[
        (
            "Access and identity options for Azure Kubernetes Service",
            "https://learn.microsoft.com/azure/aks/concepts-identity",
        ),
        AUTOMATIC_PAGE,
        (
            "PSRule for Azure: Azure.AKS.UseRBAC",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.UseRBAC/",
        ),
    ],
    differences: "\
A missing property fails, as with PSRule for Azure, Checkov and KICS on ARM templates; the \
Terraform rules of Checkov and KICS, and CodeQL, pass it for what the service does then. The text \
`'true'` fails here and passes with Checkov: ARM wants a flag.",
    tags: &[
        "security",
        "azure",
        "aks",
        "identity",
        "external/cwe/cwe-284",
    ],
    security_severity: Some("8.1"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` uses Kubernetes RBAC",
    fail: "`{}` does not ask for Kubernetes RBAC",
    open: "whether `{}` uses Kubernetes RBAC",
    help: "set `enableRBAC: true`",
};

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let flag = cluster.property(&["properties", "enableRBAC"]);
    let answer = flag.is_true(&cluster.resource);
    let answer = or_preset(cluster, answer)
        .remark_on(MISSING, ", and only by default is it on for new clusters");
    cluster.verdict(&WORDS, answer)
}
