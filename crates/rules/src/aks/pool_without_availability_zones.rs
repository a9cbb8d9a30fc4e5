//! `aks-pool-without-availability-zones`: a cluster in one datacenter goes down with it.

use tricep_semantic::eval::{Piece, Value, Why};
use tricep_semantic::resolve::{Belongs, belongs};

use crate::aks::pools::{field, is_scale_set, own_pools};
use crate::aks::zones::has_zones;
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Open, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{Property, State};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Attached, Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER, AGENT_POOL],
    related_types: &[],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-pool-without-availability-zones",
    aliases: &["Azure.AKS.AvailabilityZone", "AZR-000021"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS node pool does not use availability zones",
    what: "\
Reports node pools that are scale sets without `availabilityZones`, in regions that have zones. \
The list of regions is part of tricep; the setting `additionalZoneRegions` adds to it. In other \
regions nothing is asked. Both pools in the cluster's `agentPoolProfiles` and pools that are \
resources of their own (`Microsoft.ContainerService/managedClusters/agentPools`) are judged, each \
on its own. A pool that is a resource is in the region of its cluster.",
    why: "\
An availability zone is one or several datacenters with power, cooling and network of their own. \
Nodes in several zones go on when one of them fails. The zones of a pool cannot be changed.",
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
        count: 3
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
        count: 3
        availabilityZones: [
          '1'
          '2'
          '3'
        ]
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "They cannot be changed. Add a pool that has them, and delete the old one.",
        code: "\
az aks nodepool add --resource-group rg-prod --cluster-name aks-prod --name system2 --mode System --zones 1 2 3
az aks nodepool delete --resource-group rg-prod --cluster-name aks-prod --name system
",
        ..AZURE_CLI
    }],
    references: &[
        ("Use availability zones in AKS", "https://learn.microsoft.com/azure/aks/availability-zones"),
        ("Azure regions list", "https://learn.microsoft.com/azure/reliability/regions-list"),
        ("PSRule for Azure: Azure.AKS.AvailabilityZone", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.AvailabilityZone/"),
    ],
    differences: "\
PSRule asks only pools whose `type` is written out as `VirtualMachineScaleSets`. A pool that does \
not say is a scale set, so tricep asks it, too. Pools of other types are not asked, as in PSRule. \
PSRule takes a region that is not known before the deployment, such as `resourceGroup().location`, \
for that of its configuration; for tricep the verdict is unknown unless the pool has zones. PSRule \
judges a pool that is a resource only together with its cluster; tricep judges it where the \
cluster is elsewhere, too.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "nodes of `{}` use availability zones, where there are any",
    fail: "nodes of `{}` do not use availability zones",
    open: "whether nodes of `{}` use availability zones",
    help: "set `availabilityZones: ['1', '2', '3']` when the pool is created; it cannot be changed later",
};

const NO_ZONES: Reason = Reason::new("no-zones", "no zones in this region");

fn judge(subject: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = own_pools(subject);
    let are_zones = are_zones(subject);
    let answer = pools.every_of(
        subject,
        |subject, pool| is_scale_set(&mut subject.resource, &pool.fields),
        |subject, pool| {
            let zones = field(&mut subject.resource, &pool.fields, "availabilityZones");
            let answer = zones.is_filled(&subject.resource);
            match &are_zones {
                Truth::No => no_zones(answer),
                are_zones => answer.if_there(are_zones.clone()),
            }
        },
    );
    subject.verdict(&WORDS, answer)
}

/// Nothing is wrong with a pool in a region without zones.
fn no_zones(mut answer: Answer) -> Answer {
    if !matches!(answer.truth, Truth::Yes) {
        answer.truth = Truth::Yes;
        answer.reason = NO_ZONES;
        "the region has no availability zones, which is right".clone_into(&mut answer.detail);
    }
    answer
}

/// Whether the region of the subject has zones.
fn are_zones(subject: &mut Subject<'_, '_, '_>) -> Truth {
    let more = subject.deployment.settings.additional_zone_regions.clone();
    if !subject.is(AGENT_POOL) {
        return is_region_with_zones(&subject.property(&["location"]), &more);
    }
    let owner = subject.resource.owner();
    let clusters = subject.others(MANAGED_CLUSTER, |cluster| {
        let id = cluster.id();
        if !matches!(belongs(&owner, &id), Belongs::Yes) {
            return None;
        }
        let body = cluster.body();
        Some((Property::look_up(cluster, body, &["location"]), Truth::Yes))
    });
    match (&clusters.found[..], clusters.more) {
        ([cluster], None) => match &cluster.is_there {
            Truth::Open(open) => Truth::Open(open.clone()),
            Truth::Yes | Truth::No => is_region_with_zones(&cluster.value, &more),
        },
        (_, Some(open)) => Truth::Open(open),
        // Which of several it is may hang on a condition; with one of them the region is known.
        (several, None) if several.iter().any(is_doubtful) => {
            let each = several.iter().map(|cluster| cluster.is_there.clone());
            each.fold(Truth::Yes, Truth::and)
        }
        _ => Truth::Open(Open::because(Why::Runtime(
            "the region of the cluster".to_owned(),
        ))),
    }
}

fn is_doubtful(cluster: &Attached<Property>) -> bool {
    matches!(cluster.is_there, Truth::Open(_))
}

fn is_region_with_zones(location: &Property, more: &[String]) -> Truth {
    match &location.state {
        State::Value(Value::Text(region)) => match has_zones(region, more) {
            Some(has_zones) => Truth::known(has_zones),
            None => {
                let what = format!("whether region '{region}' has availability zones");
                Truth::Open(Open::because(Why::Runtime(what)))
            }
        },
        State::Unknown(unknown) => Truth::Open(Open::of(unknown)),
        State::Value(Value::Partial(pieces)) => {
            let unknown = pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(unknown) => Some(Truth::Open(Open::of(unknown))),
                Piece::Known(_) => None,
            });
            unknown.unwrap_or(Truth::No)
        }
        State::Value(_) | State::Unset => {
            let why = Why::Failed("the cluster has no `location`".to_owned());
            Truth::Open(Open::because(why))
        }
    }
}
