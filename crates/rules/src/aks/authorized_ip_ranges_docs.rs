//! What the rule `aks-authorized-ip-ranges` says of itself: metadata and documentation.

use crate::finding::Severity;
use crate::rule::{Remedy, RuleMeta};

/// The rule that asks whether a cluster restricts its API server.
pub(crate) static META: RuleMeta = RuleMeta {
    name: "aks-authorized-ip-ranges",
    aliases: &["Azure.AKS.AuthorizedIPs", "AZR-000030", "CKV_AZURE_6"],
    severity: Severity::Error,
    summary: "AKS API server is open to every address",
    what: WHAT,
    why: WHY,
    remedies: &[BICEP, ARM_TEMPLATE, AZURE_CLI, AZURE_POWERSHELL],
    references: &[
        (
            "Secure access to the API server using authorized IP address ranges in AKS",
            "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
        ),
        (
            "Create a private AKS cluster",
            "https://learn.microsoft.com/azure/aks/private-clusters",
        ),
        (
            "Create an AKS cluster with API Server VNet Integration",
            "https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
        ),
        (
            "Microsoft.ContainerService/managedClusters in Bicep and ARM templates",
            "https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters",
        ),
        (
            "Azure Well-Architected Framework SE:06, network controls",
            "https://learn.microsoft.com/azure/well-architected/security/networking",
        ),
        (
            "PSRule for Azure: Azure.AKS.AuthorizedIPs",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AuthorizedIPs/",
        ),
    ],
    tags: &[
        "security",
        "azure",
        "aks",
        "network",
        "external/cwe/cwe-284",
    ],
    security_severity: Some("8.2"),
    since: "0.1.0",
};

const WHAT: &str = "\
Looks at every `Microsoft.ContainerService/managedClusters` resource a deployment creates and asks \
who may connect to the cluster's API server.

The cluster passes when
- `properties.apiServerAccessProfile.authorizedIPRanges` holds at least one entry, or
- `properties.apiServerAccessProfile.enablePrivateCluster` is `true`: there is no public endpoint.

It fails when
- the property is `missing`: there is no such property, no profile, or the profile is null;
- the property is `empty`: it is `[]` or null, which turns the restriction off;
- an entry is `invalid-ip`: AKS takes IPv4 addresses and CIDR ranges such as `198.51.100.0/24`.

API versions 2019-02-01, 2019-04-01 and 2019-06-01 have the flat property \
`properties.apiServerAuthorizedIPRanges` instead; it is read there. Older versions cannot restrict \
the API server at all, and a cluster declared with one fails.

Values are followed through variables, parameter defaults, conditions, loops and modules. A \
parameter that has no value makes the answer `unknown`, unless every value it can take leads to \
the same verdict; the message then says for which values the cluster is open. Existing clusters, \
and clusters whose condition is false, are not judged.

What the rule does not ask: whether the ranges are narrow. `0.0.0.0/0` counts as an entry, though it \
admits everybody.";

const WHY: &str = "\
The API server runs the cluster: whoever is let in by it can read secrets, start containers and \
delete workloads. By default it has a public address, and anybody on the internet can try stolen \
or leaked credentials on it, or a flaw in Kubernetes itself, before any network rule of yours is \
asked.

With authorized IP ranges, connections from other addresses are refused before a login is tried. \
Leaked credentials are then worth nothing outside your networks. A private cluster goes further: \
its API server has no public address.

Before you switch it on, collect the addresses that must keep working: your offices and VPN, the \
build agents that deploy to the cluster, and the address the nodes themselves leave the network by \
when that is a NAT gateway or a firewall. Nodes that cannot reach the API server do not join the \
cluster. With the standard load balancer AKS adds the cluster's own outbound address by itself.";

const BICEP: Remedy = Remedy {
    tool: "Bicep",
    language: "bicep",
    text: "\
List the addresses in the cluster's API server access profile. Give the parameter `@minLength(1)` \
and no default, so that nobody can deploy an open cluster by leaving it out. For a private cluster \
set `enablePrivateCluster: true` instead of the ranges; most clusters can only be made private when \
they are created.",
    code: "\
@description('Addresses that may connect to the API server, as IPv4 addresses or CIDR ranges.')
@minLength(1)
param authorizedIPRanges string[]

param location string = resourceGroup().location

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
      }
    ]
    apiServerAccessProfile: {
      authorizedIPRanges: authorizedIPRanges
    }
  }
}
",
};

const ARM_TEMPLATE: Remedy = Remedy {
    tool: "ARM template",
    language: "json",
    text: "\
Set `properties.apiServerAccessProfile.authorizedIPRanges` of the resource to a list with at least \
one entry.",
    code: r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "authorizedIPRanges": {
      "type": "array",
      "minLength": 1,
      "metadata": {
        "description": "Addresses that may connect to the API server, as IPv4 addresses or CIDR ranges."
      }
    }
  },
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "[resourceGroup().location]",
      "identity": {
        "type": "SystemAssigned"
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5"
          }
        ],
        "apiServerAccessProfile": {
          "authorizedIPRanges": "[parameters('authorizedIPRanges')]"
        }
      }
    }
  ]
}
"#,
};

const AZURE_CLI: Remedy = Remedy {
    tool: "Azure CLI",
    language: "bash",
    text: "\
Change a running cluster. The list replaces the one before; it takes effect within minutes and \
nodes are not restarted. Change the Bicep file too, or the next deployment may undo it.",
    code: "\
az aks update \\
  --resource-group rg-prod \\
  --name aks-prod \\
  --api-server-authorized-ip-ranges 198.51.100.0/24,203.0.113.7/32
",
};

const AZURE_POWERSHELL: Remedy = Remedy {
    tool: "Azure PowerShell",
    language: "powershell",
    text: "\
Change a running cluster with the module `Az.Aks`. Change the Bicep file too, or the next \
deployment may undo it.",
    code: "\
Set-AzAksCluster `
  -ResourceGroupName 'rg-prod' `
  -Name 'aks-prod' `
  -ApiServerAccessAuthorizedIpRange '198.51.100.0/24', '203.0.113.7/32'
",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_has_a_remedy_that_names_the_setting() {
        let tools: Vec<&str> = META.remedies.iter().map(|remedy| remedy.tool).collect();
        assert_eq!(
            tools,
            ["Bicep", "ARM template", "Azure CLI", "Azure PowerShell"]
        );
        for remedy in META.remedies {
            let code = remedy.code.to_lowercase().replace('-', "");
            assert!(code.contains("authorizediprange"), "{}", remedy.tool);
            assert!(remedy.code.ends_with('\n'), "{}", remedy.tool);
        }
    }

    #[test]
    fn the_security_severity_is_a_number_and_the_rule_is_tagged_for_it() {
        let severity = META.security_severity.and_then(|text| text.parse().ok());
        assert!(severity.is_some_and(|number: f32| (7.0..9.0).contains(&number)));
        assert!(META.tags.contains(&"security") && META.tags.len() <= 10);
    }

    #[test]
    fn the_json_remedy_has_balanced_brackets() {
        let count = |c: char| ARM_TEMPLATE.code.matches(c).count();
        assert_eq!(count('{'), count('}'));
        assert_eq!(count('['), count(']'));
    }

    #[test]
    fn no_line_of_prose_ends_in_a_blank() {
        for text in [META.what, META.why, META.summary] {
            assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
        }
    }
}
