//! `aks-authorized-ip-ranges`: a cluster whose API server is public must say who may reach it.

use std::rc::Rc;

use tricep_semantic::eval::{
    Kinds, List, Piece, Question, Traced, Trail, Unknown, Value, Why, to_display,
};
use tricep_semantic::resolve::{Deployed, Found, Lookup};
use tricep_syntax::text::Location;

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{
    FIRST_VERSION, PRIVATE_CLUSTER, Private, is_private, network_of, path_of,
};
use crate::answer::Truth;
use crate::finding::{Outcome, Reason, Severity};
use crate::fix::{Applicability, Literal};
use crate::rule::{self, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Item, Subject, items};
use crate::verdict::{Verdict, reason_of};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge: with_fix,
};

/// The rule that asks whether a cluster restricts its API server.
static META: RuleMeta = RuleMeta {
    name: "aks-authorized-ip-ranges",
    aliases: &[
        "Azure.AKS.AuthorizedIPs",
        "AZR-000030",
        "CKV_AZURE_6",
        "AVD-AZU-0041",
        "AZU-0041",
    ],
    category: Category::Security,
    severity: Severity::Error,
    summary: "AKS cluster lets every address reach its API server",
    what: WHAT,
    why: WHY,
    examples: &[Example {
        settings: "",
        bad: BAD,
        good: GOOD,
    }],
    differences: DIFFERENCES,
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

const DIFFERENCES: &str = "\
PSRule for Azure fails a whole file that has a parameter without a value; here the verdict is \
`unknown`, or fails only when it fails for every value. A text in place of the list passes there by \
its length, and fails here. Checkov reports private clusters, and passes a parameter whose default \
is empty; the API versions of 2019 with the flat property are read as they are.";

const BAD: &str = "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
  }
}
";

const GOOD: &str = "\
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    apiServerAccessProfile: {
      authorizedIPRanges: [
        '198.51.100.0/24'
      ]
    }
  }
}
";

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
    tool: rule::ARM_TEMPLATE.tool,
    language: rule::ARM_TEMPLATE.language,
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
    tool: rule::AZURE_CLI.tool,
    language: rule::AZURE_CLI.language,
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
    tool: rule::AZURE_POWERSHELL.tool,
    language: rule::AZURE_POWERSHELL.language,
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

const MISSING: Reason = Reason::new("missing", "missing here");
const EMPTY: Reason = Reason::new("empty", "empty");
const INVALID_IP: Reason = Reason::new("invalid-ip", "no IPv4 address or range");
const SET: Reason = Reason::new("set", "set");

const FIX: &str = "\
list the addresses that may reach the API server:
    apiServerAccessProfile: {
      authorizedIPRanges: [
        '203.0.113.0/24'
      ]
    }
or make the cluster private:
    apiServerAccessProfile: {
      enablePrivateCluster: true
    }";

/// The verdict; where no range is given, with a skeleton of the list to be filled in. What it holds is
/// no range either, so that nobody passes by it.
fn with_fix(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let mut verdict = judge(&mut subject.resource);
    let version = subject.api_date();
    let is_old = version.is_some_and(|version| version < FIRST_VERSION);
    if matches!(verdict.reason, MISSING | EMPTY) && !is_old {
        let list = subject.property(path_of(version));
        let skeleton = Literal::List(vec![Literal::Text("<your range>/32".to_owned())]);
        let fix = list.set_to(skeleton, Applicability::Unsafe);
        verdict.fixes.extend(fix);
    }
    verdict
}

/// Private clusters have no public API server. A public one passes when the list of ranges is sure
/// to hold an entry; then it does not matter whether the cluster is private.
fn judge(cluster: &mut Deployed<'_, '_>) -> Verdict {
    let version = cluster
        .declaration()
        .api_version
        .as_ref()
        .and_then(|version| version.date());
    if let Some(version) = version.filter(|&version| version < FIRST_VERSION) {
        let detail = format!("API version {version} has no property for it, use a newer one");
        return open(cluster, MISSING, detail, cluster.at(), Trail::default());
    }
    let private = is_private(cluster);
    if let Private::Yes(found) = &private {
        return Verdict {
            outcome: Outcome::Pass,
            reason: PRIVATE_CLUSTER,
            headline: format!(
                "API server of `{}` is not public",
                cluster.declaration().name
            ),
            detail: "the cluster is private".to_owned(),
            at: found.place(),
            trail: found.traced.trail.clone(),
            left_out: Trail::default(),
            help: None,
            fixes: Vec::new(),
            others: Vec::new(),
            question: None,
            breaks: false,
        };
    }
    let ranges = judge_ranges(cluster, path_of(version));
    match private {
        Private::Unknown(doubt) if ranges.outcome != Outcome::Pass => {
            let question = doubt.question.or(ranges.question);
            cannot_tell(cluster, &doubt.unknown, &doubt.found, question)
        }
        Private::No(Some(flag)) if ranges.outcome == Outcome::Fail => because_public(ranges, &flag),
        _ => ranges,
    }
}

/// A failure that would be none if the cluster were private: tells how the flag came about. Where no
/// list is given at all, a flag that came through a module call is what its user can change.
fn because_public(mut verdict: Verdict, flag: &Found) -> Verdict {
    if verdict.reason == MISSING
        && verdict.trail.argument.is_none()
        && flag.traced.trail.argument.is_some()
    {
        verdict.at = flag.place();
    }
    verdict.trail = verdict.trail.and(&flag.traced.trail);
    verdict
}

fn judge_ranges(cluster: &mut Deployed<'_, '_>, path: &[&str]) -> Verdict {
    let name = path[path.len() - 1];
    match cluster.lookup(path) {
        Lookup::Absent { nearest, depth } => {
            // The profile is where the list belongs; further out only the resource is sure to be right.
            let in_profile = depth + 1 == path.len() && depth > 1;
            let at = if in_profile || nearest.traced.trail.argument.is_some() {
                nearest.place()
            } else {
                cluster.at()
            };
            open(
                cluster,
                MISSING,
                format!("`{name}` is not set"),
                at,
                nearest.traced.trail,
            )
        }
        Lookup::Found(found) => match found.traced.value.clone() {
            Value::Null => {
                let at = found.place();
                open(
                    cluster,
                    EMPTY,
                    format!("`{name}` is null"),
                    at,
                    found.traced.trail,
                )
            }
            Value::List(list) => judge_list(cluster, name, &list, found),
            Value::Unknown(unknown) => judge_unknown(cluster, name, &unknown, found),
            other => {
                let at = found.place();
                let detail = format!("`{name}` must be a list and is {}", other.kind_name());
                invalid(cluster, detail, at, found.traced.trail)
            }
        },
    }
}

fn judge_list(cluster: &mut Deployed<'_, '_>, name: &str, list: &List, found: Found) -> Verdict {
    let items = items(cluster, &found);
    let mut open_entry = None;
    for item in &items {
        let Item::One(entry) = item else {
            continue;
        };
        if let Some(why) = why_invalid(&entry.traced) {
            let at = found.place_of_element(entry.own.then_some(entry.at));
            let trail = entry.traced.trail.clone();
            return invalid(cluster, format!("{why} in `{name}`"), at, trail);
        }
        // An entry that cannot be evaluated is none: nothing is deployed.
        if let Value::Unknown(unknown) = &entry.traced.value
            && (unknown.question.is_some() || unknown.why.stops())
        {
            open_entry.get_or_insert_with(|| Rc::clone(unknown));
        }
    }
    // An entry that depends on an input may be a wrong one for some of its values.
    if let Some(unknown) = open_entry {
        let question = unknown.question.clone();
        return cannot_tell(cluster, &unknown, &found, question);
    }
    if list.min_len() > 0 {
        return restricted(cluster, name, found);
    }
    judge_stretches(cluster, name, &items, found)
}

/// The list holds elements only if one of its stretches of unknown elements does.
fn judge_stretches(
    cluster: &Deployed<'_, '_>,
    name: &str,
    items: &[Item],
    found: Found,
) -> Verdict {
    let mut open_stretch = None;
    for item in items {
        match item {
            Item::Rest(_, Truth::Yes) => return restricted(cluster, name, found),
            Item::Rest(_, Truth::Open(open)) => {
                open_stretch.get_or_insert(open);
            }
            Item::Rest(_, Truth::No) | Item::One(_) => {}
        }
    }
    match open_stretch {
        Some(open) => cannot_tell(cluster, &open.unknown, &found, open.question.clone()),
        None => empty(cluster, name, found),
    }
}

fn judge_unknown(
    cluster: &mut Deployed<'_, '_>,
    name: &str,
    unknown: &Unknown,
    found: Found,
) -> Verdict {
    if !unknown.kinds.may_be(Kinds::LIST.or(Kinds::NULL)) {
        let at = found.place();
        return invalid(
            cluster,
            format!("`{name}` must be a list"),
            at,
            found.traced.trail,
        );
    }
    match cluster.ask_whether_empty(unknown) {
        Ok(true) => empty(cluster, name, found),
        Ok(false) => restricted(cluster, name, found),
        Err(question) => cannot_tell(cluster, unknown, &found, question),
    }
}

fn empty(cluster: &Deployed<'_, '_>, name: &str, found: Found) -> Verdict {
    let at = found.place();
    open(
        cluster,
        EMPTY,
        format!("`{name}` is empty"),
        at,
        found.traced.trail,
    )
}

/// Why an entry is certainly no IPv4 address or range. A bare address is taken by Azure as `/32`.
fn why_invalid(entry: &Traced) -> Option<String> {
    let invalid = match &entry.value {
        Value::Text(text) => network_of(text).is_none(),
        Value::Partial(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Known(text) => !text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'/')),
            Piece::Unknown(_) => false,
        }),
        Value::Unknown(unknown) => !unknown.kinds.may_be(Kinds::TEXT),
        _ => true,
    };
    invalid.then(|| match &entry.value {
        Value::Text(_) | Value::Partial(_) if entry.trail.secret => {
            "a secret text is no IPv4 address or range".to_owned()
        }
        value @ (Value::Text(_) | Value::Partial(_)) => {
            format!("`{}` is no IPv4 address or range", to_display(value))
        }
        Value::Unknown(_) => "an entry can be no IPv4 address or range".to_owned(),
        other => format!(
            "an entry is {} and no IPv4 address or range",
            other.kind_name()
        ),
    })
}

fn restricted(cluster: &Deployed<'_, '_>, name: &str, found: Found) -> Verdict {
    Verdict {
        outcome: Outcome::Pass,
        reason: SET,
        headline: format!(
            "API server of `{}` is restricted",
            cluster.declaration().name
        ),
        detail: format!("`{name}` is set"),
        at: found.place(),
        trail: found.traced.trail,
        left_out: Trail::default(),
        help: None,
        fixes: Vec::new(),
        others: Vec::new(),
        question: None,
        breaks: false,
    }
}

fn open(
    cluster: &Deployed<'_, '_>,
    reason: Reason,
    detail: String,
    at: Location,
    trail: Trail,
) -> Verdict {
    Verdict {
        outcome: Outcome::Fail,
        reason,
        headline: format!(
            "API server of `{}` is open to every address",
            cluster.declaration().name
        ),
        detail,
        at,
        trail,
        left_out: Trail::default(),
        help: Some(FIX.to_owned()),
        fixes: Vec::new(),
        others: Vec::new(),
        question: None,
        breaks: false,
    }
}

fn invalid(cluster: &Deployed<'_, '_>, detail: String, at: Location, trail: Trail) -> Verdict {
    Verdict {
        outcome: Outcome::Fail,
        reason: INVALID_IP,
        headline: format!(
            "API server of `{}` is not restricted as written",
            cluster.declaration().name
        ),
        detail,
        at,
        trail,
        left_out: Trail::default(),
        help: Some("write IPv4 addresses or ranges such as '203.0.113.0/24'".to_owned()),
        fixes: Vec::new(),
        others: Vec::new(),
        question: None,
        breaks: false,
    }
}

fn cannot_tell(
    cluster: &Deployed<'_, '_>,
    unknown: &Unknown,
    found: &Found,
    question: Option<Question>,
) -> Verdict {
    Verdict {
        outcome: Outcome::Unknown,
        reason: reason_of(unknown),
        headline: format!(
            "cannot tell whether the API server of `{}` is restricted",
            cluster.declaration().name
        ),
        detail: unknown.why.to_string(),
        at: found.place(),
        trail: found.traced.trail.clone(),
        left_out: Trail::default(),
        help: None,
        fixes: Vec::new(),
        others: Vec::new(),
        question,
        breaks: matches!(unknown.why, Why::Failed(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ranges_of_ipv4_are_valid_and_nothing_else_is() {
        for valid in [
            "198.51.100.7",
            "198.51.100.0/24",
            "0.0.0.0/32",
            "0.0.0.0/0",
            "137.117.106.90/29",
        ] {
            assert_eq!(why_invalid(&Value::text(valid).into()), None, "{valid}");
        }
        for invalid in [
            "",
            "/32",
            "REPLACE_ME/32",
            "<your range>/32",
            "AzureCloud",
            "2001:db8::/32",
            "198.51.100.0/33",
            " 1.2.3.4",
        ] {
            assert!(
                why_invalid(&Value::text(invalid).into()).is_some(),
                "{invalid}"
            );
        }
        assert!(why_invalid(&Value::Null.into()).is_some());
    }
}
