//! `aks-system-pool-open-to-workloads`: what users run should not crowd out what the cluster needs.

use tricep_semantic::eval::Value;
use tricep_semantic::resolve::{Deployed, Found};

use crate::aks::pools::{NO_POOLS, all_pools, field, is_system};
use crate::aks::{AGENT_POOL, MANAGED_CLUSTER};
use crate::answer::{Answer, Open, Truth};
use crate::finding::Severity;
use crate::property::{MISSING, SET};
use crate::rule::{AZURE_CLI, Category, Example, Remedy, Rule, RuleMeta};
use crate::subject::{Item, items};
use crate::subject::{Subject, Words};
use crate::verdict::Verdict;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[AGENT_POOL],
    judge,
};

static META: RuleMeta = RuleMeta {
    name: "aks-system-pool-open-to-workloads",
    aliases: &["CKV_AZURE_232"],
    category: Category::Reliability,
    severity: Severity::Info,
    summary: "AKS system pool takes any workload",
    what: "\
Reports clusters none of whose system pools has the taint `CriticalAddonsOnly=true:NoSchedule` (or \
`NoExecute`). A pool without `mode` is a system pool. Pools in the cluster and pools that are \
resources of their own are asked. They are found wherever the deployment declares them: in the \
same file or in another module, also where that knows the cluster as `existing` or by the output \
of a module.",
    why: "\
Name resolution and the other parts of the system share the nodes of a system pool with whatever \
is scheduled there. A workload that takes too much memory takes them down. With the taint only \
what tolerates it runs on the pool; workloads go to user pools.",
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
        nodeTaints: [
          'CriticalAddonsOnly=true:NoSchedule'
        ]
      }
    ]
  }
}
",
    }],
    remedies: &[Remedy {
        text: "Change a running pool, after a user pool was added.",
        code: "\
az aks nodepool update --resource-group rg-prod --cluster-name aks-prod --name system --node-taints CriticalAddonsOnly=true:NoSchedule
",
        ..AZURE_CLI
    }],
    references: &[
        ("Use system node pools in AKS", "https://learn.microsoft.com/azure/aks/use-system-pools"),
    ],
    differences: "\
Checkov asks Terraform only, and there only the default pool. tricep passes a cluster if one of \
its system pools has the taint.",
    tags: &["reliability", "azure", "aks"],
    security_severity: None,
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "a system pool of `{}` is for critical add-ons only",
    fail: "system pools of `{}` take any workload",
    open: "whether a system pool of `{}` is for critical add-ons only",
    help: "set `nodeTaints: ['CriticalAddonsOnly=true:NoSchedule']` on a system pool, and have a user pool for workloads",
};

/// The taints that keep off whatever does not tolerate them.
const TAINTS: [&str; 2] = [
    "CriticalAddonsOnly=true:NoSchedule",
    "CriticalAddonsOnly=true:NoExecute",
];

fn judge(cluster: &mut Subject<'_, '_, '_>) -> Verdict {
    let pools = all_pools(cluster, |resource, pool| {
        let is_system = is_system(resource, pool);
        is_system.and(is_tainted(resource, pool))
    });
    let at = cluster.at();
    if let Some(answer) = pools.wrong.into_iter().next() {
        return cluster.verdict(&WORDS, answer);
    }
    if pools.known.is_empty() && pools.open.is_none() {
        return cluster.not_applicable(&WORDS, NO_POOLS, "it has no pools here");
    }
    let mut answers = vec![Answer::at(
        at,
        Truth::No,
        MISSING,
        "no system pool has the taint `CriticalAddonsOnly=true:NoSchedule`".to_owned(),
    )];
    for pool in pools.known {
        let answer = match pool.value.and(pool.is_there) {
            Truth::No => continue,
            Truth::Open(open) => cluster.cannot_see(open),
            Truth::Yes => Answer::at(at, Truth::Yes, SET, format!("{} has the taint", pool.title)),
        };
        answers.push(answer);
    }
    answers.extend(pools.open.map(|open| cluster.cannot_see(open)));
    let nothing = || Answer::at(at, Truth::No, MISSING, String::new());
    let answer = Answer::any(answers).unwrap_or_else(nothing);
    cluster.verdict(&WORDS, answer)
}

/// Whether a pool has one of the taints.
fn is_tainted(resource: &mut Deployed<'_, '_>, pool: &Found) -> Truth {
    let taints = field(resource, pool, "nodeTaints");
    if taints.is_unset() {
        return Truth::No;
    }
    let mut is_tainted = Truth::No;
    for taint in items(resource, &taints.found) {
        let is_wanted = match taint {
            Item::Rest(_, Truth::No) => Truth::No,
            Item::Rest(unknown, _) => Truth::Open(Open::of(&unknown)),
            Item::One(taint) => is_wanted(resource, &taint.traced.value),
        };
        is_tainted = is_tainted.or(is_wanted);
    }
    is_tainted
}

fn is_wanted(resource: &Deployed<'_, '_>, taint: &Value) -> Truth {
    match taint {
        Value::Text(text) => Truth::known(
            TAINTS
                .iter()
                .any(|wanted| text.eq_ignore_ascii_case(wanted)),
        ),
        Value::Unknown(unknown) => {
            let ask = |text: &str| Truth::of(resource.ask_whether_text(unknown, text), unknown);
            TAINTS.map(ask).into_iter().fold(Truth::No, Truth::or)
        }
        Value::Partial(_) => match taint.open() {
            Some(unknown) => Truth::Open(Open::of(unknown)),
            None => Truth::No,
        },
        _ => Truth::No,
    }
}
