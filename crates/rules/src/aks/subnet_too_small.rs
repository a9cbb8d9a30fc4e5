//! `aks-subnet-too-small`: each pod takes an address of the subnet.

use std::rc::Rc;

use ipnet::IpNet;
use tricep_semantic::eval::{Piece, Value};
use tricep_semantic::resolve::{Belongs, Deployed, Found, belongs};

use crate::aks::pools::{all_pools, field};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Open, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{KIND, MISSING, Property, SET, VALUE};
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Attached, Item, items};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[AGENT_POOL, SUBNET, NETWORK],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-subnet-too-small",
    aliases: &["Azure.AKS.CNISubnetSize", "AZR-000020"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "AKS nodes are in a small subnet",
    what: "\
Reports clusters with the network plugin `azure`, without overlay, that have a pool in a subnet \
longer than `/23` (setting `longestSubnetPrefix`). The subnet is that of the pods \
(`podSubnetID`) if the pool names one, else that of the nodes (`vnetSubnetID`). Only subnets that \
the same deployment declares are judged: as resources of their own or in the list of a virtual \
network, in any file.",
    why: "\
With this plugin every pod has an address of the subnet, and each node reserves as many as \
`maxPods` says. A subnet that is used up can take no more nodes, and an upgrade, which needs a \
node more, fails. A subnet can hardly be made larger afterwards.",
    examples: &[Example {
        settings: "",
        bad: "\
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-prod'
  location: 'westeurope'
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {
  parent: network
  name: 'nodes'
  properties: {
    addressPrefix: '10.0.0.0/26'
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'azure'
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        vnetSubnetID: subnet.id
      }
    ]
  }
}
",
        good: "\
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-prod'
  location: 'westeurope'
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {
  parent: network
  name: 'nodes'
  properties: {
    addressPrefix: '10.0.0.0/22'
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks-prod'
    networkProfile: {
      networkPlugin: 'azure'
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        vnetSubnetID: subnet.id
      }
    ]
  }
}
",
    }],
    remedies: &[],
    references: &[
        (
            "Plan IP addressing for AKS clusters",
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        ),
        (
            "PSRule for Azure: Azure.AKS.CNISubnetSize",
            "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.AKS.CNISubnetSize/",
        ),
    ],
    differences: "\
PSRule asks only what was exported from a running cluster, never Bicep files, and clusters with \
overlay, too, whose pods have addresses of their own.",
    tags: &["reliability", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "subnets of `{}` are large enough",
    fail: "a subnet of `{}` is small",
    open: "whether subnets of `{}` are large enough",
    help: "give the nodes a subnet of `/23` or larger, or set `networkPluginMode: 'overlay'`",
};

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";

/// Pods take no addresses of a subnet.
const OTHER_PLUGIN: Reason = Reason::new("other-plugin", "pods need no addresses of a subnet");
/// No subnet of the cluster is declared here.
const NO_SUBNET: Reason = Reason::new("no-subnet", "no subnet of the cluster is declared");

/// A subnet that the deployment declares.
struct Subnet {
    id: Value,
    size: Answer,
}

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let takes = takes_addresses(cluster);
    if matches!(takes, Truth::No) {
        return cluster.not_applicable(&WORDS, OTHER_PLUGIN, "pods take no addresses of a subnet");
    }
    let used = all_pools(cluster, subnet_of);
    let (subnets, more) = subnets(cluster);
    let mut answers: Vec<Answer> = used.wrong;
    for pool in used.known {
        let Some(id) = pool.value else { continue };
        for subnet in &subnets {
            let is_it = match belongs(&subnet.value.id, &id) {
                Belongs::No => continue,
                Belongs::Yes => Truth::Yes,
                Belongs::Maybe(unknown) => Truth::Open(Open::of(&unknown)),
            };
            let is_it = is_it
                .and(subnet.is_there.clone())
                .and(pool.is_there.clone());
            answers.push(subnet.value.size.clone().if_there(is_it));
        }
        answers.extend(more.clone().map(|open| cluster.cannot_see(open)));
    }
    answers.extend(used.open.map(|open| cluster.cannot_see(open)));
    match Answer::all(answers) {
        Some(answer) => {
            let answer = answer.if_there(takes);
            cluster.verdict(&WORDS, answer)
        }
        None => cluster.not_applicable(&WORDS, NO_SUBNET, "no subnet of it is declared here"),
    }
}

/// Whether each pod takes an address of a subnet.
fn takes_addresses(cluster: &mut Subject<'_, '_, '_>) -> Truth {
    let plugin = cluster.property(&["properties", "networkProfile", "networkPlugin"]);
    let mode = cluster.property(&["properties", "networkProfile", "networkPluginMode"]);
    let is_azure = plugin.is_one_of(&cluster.resource, &["azure"]).truth;
    let is_overlay = mode.is_one_of(&cluster.resource, &["overlay"]).truth;
    is_azure.and(is_overlay.not())
}

/// The id of the subnet that gives the pods of a pool their addresses.
fn subnet_of(resource: &mut Deployed<'_, '_>, pool: &Found) -> Option<Value> {
    let of_pods = field(resource, pool, "podSubnetID");
    let of_nodes = field(resource, pool, "vnetSubnetID");
    let subnet = if of_pods.is_unset() {
        of_nodes
    } else {
        of_pods
    };
    (!subnet.is_unset()).then_some(subnet.found.traced.value)
}

/// Every subnet that the deployment declares, and why there may be more.
fn subnets(cluster: &mut Subject<'_, '_, '_>) -> (Vec<Attached<Subnet>>, Option<Open>) {
    let longest = cluster.deployment.settings.longest_subnet_prefix;
    let own = cluster.others(SUBNET, |resource| {
        let body = resource.body();
        let size = size(resource, &body, longest);
        let id = resource.id();
        Some((Subnet { id, size }, Truth::Yes))
    });
    let listed = cluster.others(NETWORK, |resource| {
        Some((listed(resource, longest), Truth::Yes))
    });
    let mut found = own.found;
    for network in listed.found {
        for (subnet, is_there) in network.value {
            found.push(Attached {
                value: subnet,
                is_there: network.is_there.clone().and(is_there),
            });
        }
    }
    (found, own.more.or(listed.more))
}

/// The subnets in the list of a network.
fn listed(network: &mut Deployed<'_, '_>, longest: i64) -> Vec<(Subnet, Truth)> {
    let id = network.id();
    let body = network.body();
    let list = Property::look_up(network, body, &["properties", "subnets"]);
    if list.is_unset() {
        return Vec::new();
    }
    let mut subnets = Vec::new();
    for item in items(network, &list.found) {
        let subnet = match item {
            Item::Rest(_, Truth::No) => continue,
            Item::Rest(unknown, is_there) => {
                let id = Value::Unknown(Rc::clone(&unknown));
                let size = list.open(Open::of(&unknown));
                (Subnet { id, size }, is_there)
            }
            Item::One(subnet) => {
                let name = Property::look_up(network, subnet.clone(), &["name"]);
                let id = child_id(&id, &name.found.traced.value);
                let size = size(network, &subnet, longest);
                (Subnet { id, size }, Truth::Yes)
            }
        };
        subnets.push(subnet);
    }
    subnets
}

/// The id of a subnet of a network.
fn child_id(network: &Value, name: &Value) -> Value {
    let mut pieces: Vec<Piece> = Vec::new();
    for value in [network, &Value::text("/subnets/"), name] {
        let of_value: Vec<Piece> = match value {
            Value::Text(text) => vec![Piece::Known(Rc::clone(text))],
            Value::Partial(pieces) => pieces.to_vec(),
            Value::Unknown(unknown) => vec![Piece::Unknown(Rc::clone(unknown))],
            _ => Vec::new(),
        };
        for piece in of_value {
            match (pieces.last_mut(), &piece) {
                (Some(Piece::Known(last)), Piece::Known(text)) => {
                    *last = format!("{last}{text}").into();
                }
                _ => pieces.push(piece),
            }
        }
    }
    match &pieces[..] {
        [Piece::Known(text)] => Value::Text(Rc::clone(text)),
        _ => Value::Partial(pieces.into()),
    }
}

/// Whether a subnet is large enough: one of its ranges of IPv4 addresses is.
fn size(resource: &mut Deployed<'_, '_>, subnet: &Found, longest: i64) -> Answer {
    let one = Property::look_up(resource, subnet.clone(), &["properties", "addressPrefix"]);
    if !one.is_unset() {
        return size_of(&one, &one.found, longest);
    }
    let several = Property::look_up(resource, subnet.clone(), &["properties", "addressPrefixes"]);
    if several.is_unset() {
        return several.answer(
            Truth::No,
            MISSING,
            "no range of addresses is set".to_owned(),
        );
    }
    let mut answers = Vec::new();
    for range in items(resource, &several.found) {
        match range {
            Item::Rest(_, Truth::No) => {}
            Item::Rest(unknown, _) => answers.push(several.open(Open::of(&unknown))),
            Item::One(range) => answers.push(size_of(&several, &range, longest)),
        }
    }
    Answer::any(answers).unwrap_or_else(|| several.unset(false))
}

fn size_of(property: &Property, range: &Found, longest: i64) -> Answer {
    let text = match &range.traced.value {
        Value::Text(text) => text,
        value => {
            return match value.open() {
                Some(unknown) => property.open(Open::of(unknown)),
                None => property.answer(Truth::No, KIND, property.is_what()),
            };
        }
    };
    let detail = format!("`{}` is '{text}'", property.name);
    match text.parse::<IpNet>() {
        Ok(IpNet::V4(net)) if i64::from(net.prefix_len()) <= longest => {
            Answer::about(range, Truth::Yes, SET, detail)
        }
        Ok(_) => {
            let detail = format!("{detail}, longer than /{longest}");
            Answer::about(range, Truth::No, VALUE, detail)
        }
        Err(_) => {
            let detail = format!("{detail}, which is no range of addresses");
            Answer::about(range, Truth::No, VALUE, detail)
        }
    }
}
