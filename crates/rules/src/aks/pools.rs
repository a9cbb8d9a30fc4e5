//! The agent pools of a cluster, wherever they are written: in the cluster's list, or as resources of
//! their own. A field that a pool lacks means the same in both.

use std::rc::Rc;

use tricep_semantic::eval::{Unknown, Value};
use tricep_semantic::resolve::Found;

use crate::aks::AGENT_POOL;
use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::property::{Property, State};
use crate::subject::{Item, Subject};

const POOLS: [&str; 2] = ["properties", "agentPoolProfiles"];

/// There is nothing to ask: the resource has no pools of the kind.
pub(crate) const NO_POOLS: Reason = Reason::new("no-pools", "no pools");

/// A pool of the resource that a rule judges.
#[derive(Clone)]
pub(crate) struct Pool {
    /// The object that holds the pool's fields.
    pub(crate) fields: Found,
    /// The pool's name as it may be shown: "pool `system`", "a pool".
    pub(crate) title: String,
    /// Whether the pool is there.
    pub(crate) is_there: Truth,
}

/// Pools that were found, and why there may be others.
pub(crate) struct Pools {
    /// The pools of which something is known.
    pub(crate) known: Vec<Pool>,
    /// What is not known of the list.
    pub(crate) unknown: Vec<(Rc<Unknown>, Truth)>,
    /// The list; for what is said of it as a whole.
    pub(crate) list: Property,
}

/// The pools that are written into the resource: those in a cluster's list, or the pool that the
/// resource itself is. Pools that are children of a cluster are judged on their own.
pub(crate) fn own_pools(subject: &mut Subject<'_, '_, '_>) -> Pools {
    if subject.is(AGENT_POOL) {
        return itself(subject);
    }
    let list = subject.property(&POOLS);
    let mut pools = Pools {
        known: Vec::new(),
        unknown: Vec::new(),
        list,
    };
    let is_list = matches!(pools.list.state, State::Value(_) | State::Unknown(_));
    let items = if is_list {
        let found = pools.list.found.clone();
        subject.items(&found)
    } else {
        Vec::new()
    };
    for item in items {
        match item {
            Item::One(fields) => {
                if let Value::Unknown(unknown) = &fields.traced.value {
                    pools.unknown.push((Rc::clone(unknown), Truth::Yes));
                    continue;
                }
                let title = title(subject, &fields);
                pools.known.push(Pool {
                    fields,
                    title,
                    is_there: Truth::Yes,
                });
            }
            Item::Rest(unknown, is_there) => pools.unknown.push((unknown, is_there)),
        }
    }
    pools
}

/// The pool that a resource of its own is: its fields stand under `properties`, its name beside them.
fn itself(subject: &mut Subject<'_, '_, '_>) -> Pools {
    let properties = subject.property(&["properties"]);
    let title = format!("pool `{}`", subject.name());
    let mut pools = Pools {
        known: Vec::new(),
        unknown: Vec::new(),
        list: properties.clone(),
    };
    match &properties.state {
        State::Unknown(unknown) => pools.unknown.push((Rc::clone(unknown), Truth::Yes)),
        State::Value(_) | State::Unset => pools.known.push(Pool {
            fields: properties.found,
            title,
            is_there: Truth::Yes,
        }),
    }
    pools
}

fn title(subject: &mut Subject<'_, '_, '_>, fields: &Found) -> String {
    let name = subject.property_in(fields, &["name"]);
    match &name.state {
        State::Value(Value::Text(text)) if !name.found.traced.trail.secret => {
            format!("pool `{text}`")
        }
        _ => "a pool".to_owned(),
    }
}

impl Pools {
    /// Whether something holds for every pool. No pools: it does.
    pub(crate) fn every(
        &self,
        subject: &mut Subject<'_, '_, '_>,
        mut ask: impl FnMut(&mut Subject<'_, '_, '_>, &Pool) -> Answer,
    ) -> Answer {
        let mut answers: Vec<Answer> = Vec::new();
        for pool in &self.known {
            let mut answer = ask(subject, pool);
            answer.detail = format!("{} of {}", answer.detail, pool.title);
            answers.push(answer);
        }
        answers.extend(self.open_answers());
        let none = || {
            self.list
                .answer(Truth::Yes, NO_POOLS, "it has no such pool".to_owned())
        };
        Answer::all(answers).unwrap_or_else(none)
    }

    /// What cannot be told because pools are not known: an answer for each stretch that may hold any.
    pub(crate) fn open_answers(&self) -> Vec<Answer> {
        let open = self.unknown.iter().filter_map(|(unknown, is_there)| {
            let open = match is_there {
                Truth::No => return None,
                Truth::Open(open) => open.clone(),
                Truth::Yes => Open::of(unknown),
            };
            Some(self.list.open(open))
        });
        open.collect()
    }
}
