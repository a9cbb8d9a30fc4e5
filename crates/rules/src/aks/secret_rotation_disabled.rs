//! `aks-secret-rotation-disabled`: pods should not go on with secrets of yesterday.

use crate::aks::MANAGED_CLUSTER;
use crate::answer::{Answer, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{Property, State};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;
use tricep_semantic::eval::{Kinds, Value};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-secret-rotation-disabled",
    aliases: &["Azure.AKS.SecretStoreRotation", "AZR-000034", "CKV_AZURE_172"],
    category: Category::Security,
    severity: Severity::Warning,
    summary: "AKS cluster does not renew secrets of its key vaults",
    what: "\
Reports clusters with the Secrets Store CSI driver \
(`properties.addonProfiles.azureKeyvaultSecretsProvider.enabled`) whose \
`config.enableSecretRotation` is not `'true'`. The settings of an add-on are texts, but `true` is \
taken too.

Clusters without the driver have no secrets to renew: they pass as `not-applicable`.",
    why: "\
A secret that changes in the key vault reaches running pods only if the driver looks for it again \
and again. Without rotation pods go on with the old one until they are started anew, so that \
renewing a leaked secret breaks them, or is put off.",
    examples: &[Example { settings: "", bad: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    addonProfiles: {
      azureKeyvaultSecretsProvider: {
        enabled: true
      }
    }
  }
}
", good: "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    addonProfiles: {
      azureKeyvaultSecretsProvider: {
        enabled: true
        config: {
          enableSecretRotation: 'true'
        }
      }
    }
  }
}
" }],
    remedies: &[Remedy { text: "Change a running cluster.", code: "\
az aks addon update --resource-group rg-prod --name aks-prod --addon azure-keyvault-secrets-provider --enable-secret-rotation
", ..AZURE_CLI }],
    references: &[("Azure Key Vault provider for Secrets Store CSI Driver configuration options", "https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options"), ("PSRule for Azure: Azure.AKS.SecretStoreRotation", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.SecretStoreRotation/")],
    differences: "\
Checkov compares with the flag `true` only, so that the text Azure wants fails there, and it \
reports clusters that do not use the driver.",
    tags: &["security", "azure", "aks", "secrets"],
    security_severity: Some("4.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` renews secrets of its key vaults",
    fail: "`{}` does not renew secrets of its key vaults",
    open: "whether `{}` renews secrets of its key vaults",
    help: "set `enableSecretRotation: 'true'` in `addonProfiles.azureKeyvaultSecretsProvider.config`",
};

/// There is no secret store whose secrets could be renewed.
const NOT_APPLICABLE: Reason = Reason::new("not-applicable", "does not apply");

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let provider = [
        "properties",
        "addonProfiles",
        "azureKeyvaultSecretsProvider",
    ];
    let [properties, addons, name] = provider;
    let store = cluster.property(&[properties, addons, name, "enabled"]);
    let without = store
        .is_not_true(&cluster.resource)
        .holds_because(NOT_APPLICABLE);
    let flag = cluster.property(&[properties, addons, name, "config", "enableSecretRotation"]);
    let rotates = is_on(cluster, &flag);
    let answer = if matches!(without.truth, Truth::Yes) {
        without
    } else {
        Answer::any([rotates.clone(), without]).unwrap_or(rotates)
    };
    cluster.verdict(&WORDS, answer)
}

/// Whether a setting of an add-on is on: they are texts, but the service reads a flag as well.
fn is_on(cluster: &Subject<'_, '_, '_>, flag: &Property) -> Answer {
    let is_flag = match &flag.state {
        State::Value(value) => matches!(value, Value::Bool(_)),
        State::Unknown(unknown) => !unknown.kinds.may_be(Kinds::TEXT),
        State::Unset => false,
    };
    let answer = if is_flag {
        flag.is_true(&cluster.resource)
    } else {
        flag.is_one_of(&cluster.resource, &["true"])
    };
    Answer {
        fixes: Vec::new(),
        ..answer
    }
    .mended(|| flag.set_to_text("true"))
}
