//! `aks-managed-nsg-custom-rules`: what the service manages, it overwrites.

use std::sync::LazyLock;

use regex::Regex;
use tricep_semantic::eval::{Piece, Value};

use crate::aks::pools::last_segment;
use crate::answer::{Answer, Open, Truth};
use crate::finding::{Reason, Severity};
use crate::property::{Property, SET, State, VALUE};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::Item;
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[GROUP],
    related_types: &[RULES],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-managed-nsg-custom-rules",
    aliases: &["Azure.NSG.AKSRules", "AZR-000292"],
    category: Category::Operations,
    severity: Severity::Warning,
    summary: "network security group managed by AKS has rules of its own",
    what: "\
Reports network security groups named like those that AKS makes (`aks-agentpool-12345678-nsg`) \
with rules that AKS did not make, judged by their names (`…-TCP-80-…`). Rules in the group and \
rules that are resources of their own (`networkSecurityGroups/securityRules`) are asked. They are \
found wherever the deployment declares them: in the same file or in another module, also where \
that knows the cluster as `existing` or by the output of a module. Groups that a restored registry \
module declares are not asked: nearly every module has one, and AKS made none of them.",
    why: "\
AKS makes the group for its nodes and changes it as services come and go. Rules of others in it \
are lost, or hinder what AKS does. Rules belong into a group of the subnet.",
    examples: &[Example {
        settings: "",
        bad: "\
resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'aks-agentpool-12345678-nsg'
  location: 'westeurope'
  properties: {
    securityRules: [
      {
        name: 'AllowOffice'
        properties: {
          access: 'Allow'
          direction: 'Inbound'
          priority: 200
          protocol: 'Tcp'
          sourceAddressPrefix: '203.0.113.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
    ]
  }
}
",
        good: "\
resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-nodes'
  location: 'westeurope'
  properties: {
    securityRules: [
      {
        name: 'AllowOffice'
        properties: {
          access: 'Allow'
          direction: 'Inbound'
          priority: 200
          protocol: 'Tcp'
          sourceAddressPrefix: '203.0.113.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Delete such a rule; add it to the group of the subnet.",
        code: "\
az network nsg rule delete --resource-group MC_rg-prod_aks-prod_westeurope --nsg-name aks-agentpool-12345678-nsg --name AllowOffice
",
        ..AZURE_CLI
    }],
    references: &[
        ("Support policies for AKS", "https://learn.microsoft.com/azure/aks/support-policies"),
        ("PSRule for Azure: Azure.NSG.AKSRules", "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.NSG.AKSRules/"),
    ],
    differences: "\
PSRule asks only rules in the group itself; tricep asks rules that are resources of their own, \
too.",
    tags: &["operations", "azure", "aks", "network"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "`{}` has no rules besides those of AKS",
    fail: "`{}` is managed by AKS and has other rules",
    open: "whether `{}` has rules besides those of AKS",
    help: "put the rule into a group of your own for the subnet",
};

const GROUP: &str = "Microsoft.Network/networkSecurityGroups";
const RULES: &str = "Microsoft.Network/networkSecurityGroups/securityRules";

/// AKS does not manage the group.
const OTHER_GROUP: Reason = Reason::new("other-group", "not managed by AKS");
/// The group has no rules.
const NO_RULES: Reason = Reason::new("no-rules", "no rules");

/// How such names begin.
const GROUP_START: &str = "aks-";
/// How AKS names its groups.
static GROUP_NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)^aks-[a-z].{0,30}-[0-9].{0,31}-nsg$").ok());
/// How AKS names the rules in them.
static RULE_NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)^([a-z0-9].{0,31})-(TCP|UDP)-([a-z0-9].{0,2})-.*$").ok());

fn judge(group: &mut Subject<'_, '_, '_>) -> Verdict {
    let name = group.property(&["name"]);
    let is_managed = is_named(&name.state, &GROUP_NAME);
    if matches!(is_managed, Truth::No) {
        return group.not_applicable(&WORDS, OTHER_GROUP, "AKS does not manage it");
    }
    let mut answers = own_rules(group);
    let children = group.attached(RULES, |resource| {
        let body = resource.body();
        asked(&Property::look_up(resource, body, &["name"]))
    });
    let of_children = children.found.into_iter();
    answers.extend(of_children.map(|child| child.value.if_there(child.is_there)));
    answers.extend(children.more.map(|open| group.cannot_see(open)));
    match Answer::all(answers) {
        Some(answer) => group.verdict(&WORDS, answer.if_there(is_managed)),
        None => group.not_applicable(&WORDS, NO_RULES, "it has no rules here"),
    }
}

/// The rules in the list of the group.
fn own_rules(group: &mut Subject<'_, '_, '_>) -> Vec<Answer> {
    let list = group.property(&["properties", "securityRules"]);
    if list.is_unset() {
        return Vec::new();
    }
    let mut answers = Vec::new();
    for rule in group.items(&list.found) {
        match rule {
            Item::Rest(_, Truth::No) => {}
            Item::Rest(unknown, _) => answers.push(list.open(Open::of(&unknown))),
            Item::One(rule) => {
                let name = group.property_in(&rule, &["name"]);
                answers.push(asked(&name));
            }
        }
    }
    answers
}

/// Whether the name of a group that AKS made can begin so.
fn could_begin(start: &str) -> bool {
    let start = start.to_ascii_lowercase();
    start.starts_with(GROUP_START) || GROUP_START.starts_with(&start)
}

/// Whether AKS made the rule of that name.
fn asked(name: &Property) -> Answer {
    match is_named(&name.state, &RULE_NAME) {
        Truth::Yes => name.answer(Truth::Yes, SET, name.is_what()),
        Truth::No => name.answer(Truth::No, VALUE, format!("a rule's {}", name.is_what())),
        Truth::Open(open) => name.open(open),
    }
}

/// Whether the last segment of a name matches.
fn is_named(name: &State, pattern: &Option<Regex>) -> Truth {
    if let State::Value(Value::Partial(pieces)) = name
        && let Some(Piece::Known(start)) = pieces.first()
        && std::ptr::eq(pattern, &*GROUP_NAME)
        && !could_begin(start)
    {
        return Truth::No;
    }
    let name = match name {
        State::Value(name) => last_segment(name),
        State::Unset => return Truth::No,
        State::Unknown(unknown) => return Truth::Open(Open::of(unknown)),
    };
    match (name, pattern) {
        (State::Value(Value::Text(name)), Some(pattern)) => Truth::known(pattern.is_match(&name)),
        (State::Unknown(unknown), _) => Truth::Open(Open::of(&unknown)),
        (State::Value(value), _) => match value.open() {
            Some(unknown) => Truth::Open(Open::of(unknown)),
            None => Truth::No,
        },
        (State::Unset, _) => Truth::No,
    }
}
