//! The agent pools of a cluster, wherever they are written: in the cluster's list, or as resources of
//! their own. A field that a pool lacks means the same in both.

use std::rc::Rc;

use tricep_semantic::eval::{Kinds, Piece, Unknown, Value};
use tricep_semantic::resolve::{Deployed, Found, is_same_text};

use crate::aks::AGENT_POOL;
use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::property::{KIND, Property, State};
use crate::subject::{Attached, Item, Subject};

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
    /// The pool's own name, without that of the cluster.
    pub(crate) name: Property,
}

/// Pools that were found, and why there may be others.
pub(crate) struct Pools {
    /// The pools of which something is known.
    pub(crate) known: Vec<Pool>,
    /// What is not known of the list.
    pub(crate) unknown: Vec<(Rc<Unknown>, Truth)>,
    /// What is said of the list and of pools in it that are of a wrong kind.
    pub(crate) wrong: Vec<Answer>,
    /// The list; for what is said of it as a whole.
    pub(crate) list: Property,
}

/// What was read from every pool of a cluster, those that are resources of their own included.
pub(crate) struct AllPools<T> {
    /// What was read.
    pub(crate) known: Vec<Read<T>>,
    /// Set where more pools may exist that cannot be seen.
    pub(crate) open: Option<Open>,
    /// What is said of pools that are of a wrong kind.
    pub(crate) wrong: Vec<Answer>,
}

/// What was read from a pool.
pub(crate) struct Read<T> {
    /// What.
    pub(crate) value: T,
    /// The pool's name as it may be shown.
    pub(crate) title: String,
    /// Whether the pool is there; never [`Truth::No`].
    pub(crate) is_there: Truth,
}

/// Reads something from every pool of a cluster. The rule has [`AGENT_POOL`] among its related types.
/// A resource with the name of a pool in the list is that pool, and what it says is deployed last.
pub(crate) fn all_pools<T>(
    cluster: &mut Subject<'_, '_, '_>,
    mut read: impl FnMut(&mut Deployed<'_, '_>, &Found) -> T,
) -> AllPools<T> {
    let children = cluster.attached(AGENT_POOL, |resource| {
        let pool = pool_of(resource);
        (read(resource, &pool.fields), pool)
    });
    let own = own_pools(cluster);
    let mut known = Vec::new();
    for pool in &own.known {
        let is_this = |child: &Attached<(T, Pool)>| {
            has_same_name(&child.value.1, pool).and(child.is_there.clone())
        };
        let is_replaced = children
            .found
            .iter()
            .map(is_this)
            .fold(Truth::No, Truth::or);
        if !matches!(is_replaced, Truth::Yes) {
            known.push(Read {
                value: read(&mut cluster.resource, &pool.fields),
                title: pool.title.clone(),
                is_there: is_replaced.not(),
            });
        }
    }
    known.extend(children.found.into_iter().map(|child| Read {
        value: child.value.0,
        title: child.value.1.title,
        is_there: child.is_there,
    }));
    let open = own.opens().next().or(children.more);
    AllPools {
        known,
        open,
        wrong: own.wrong,
    }
}

impl<T> AllPools<T> {
    /// Makes something else of what was read.
    pub(crate) fn map<U>(self, mut make: impl FnMut(T) -> U) -> AllPools<U> {
        let known = self.known.into_iter().map(|pool| Read {
            value: make(pool.value),
            title: pool.title,
            is_there: pool.is_there,
        });
        AllPools {
            known: known.collect(),
            open: self.open,
            wrong: self.wrong,
        }
    }
}

impl AllPools<Answer> {
    /// Whether something holds for every pool; `None`: there is none.
    pub(crate) fn every(self, cluster: &Subject<'_, '_, '_>) -> Option<Answer> {
        let mut answers: Vec<Answer> = self.wrong;
        for pool in self.known {
            let mut answer = pool.value.if_there(pool.is_there);
            answer.detail = in_pool(&answer, &pool.title);
            answers.push(answer);
        }
        answers.extend(self.open.map(|open| cluster.cannot_see(open)));
        Answer::each(answers)
    }
}

/// What an answer says, with the pool that it speaks of.
fn in_pool(answer: &Answer, title: &str) -> String {
    match answer.truth {
        Truth::Open(_) => format!("{} ({title})", answer.detail),
        Truth::Yes | Truth::No => format!("{} in {title}", answer.detail),
    }
}

fn has_same_name(a: &Pool, b: &Pool) -> Truth {
    match (a.name.value(), b.name.value()) {
        (Some(a), Some(b)) => Truth::of_belonging(is_same_text(&a, &b)),
        _ => Truth::No,
    }
}

/// The pool that a resource of its own is: its fields stand under `properties`, its name beside them.
fn pool_of(resource: &mut Deployed<'_, '_>) -> Pool {
    let body = resource.body();
    let properties = Property::look_up(resource, body, &["properties"]);
    let name = own_name(resource);
    let title = match &name.state {
        State::Value(Value::Text(_)) => title(&name),
        _ => format!("pool `{}`", resource.declaration().name),
    };
    Pool {
        fields: properties.found,
        title,
        name,
    }
}

/// The name of a child without that of its parent.
pub(crate) fn own_name(resource: &mut Deployed<'_, '_>) -> Property {
    let body = resource.body();
    let mut name = Property::look_up(resource, body, &["name"]);
    if let State::Value(value) = &name.state {
        name.state = last_segment(value);
    }
    name
}

/// The own name of a child whose name may be written with that of its parent.
pub(crate) fn last_segment(name: &Value) -> State {
    let of_text = |text: &str| Value::text(text.rsplit('/').next().unwrap_or_default());
    match name {
        Value::Text(text) => State::Value(of_text(text)),
        Value::Partial(pieces) => last_of_pieces(pieces),
        Value::Unknown(unknown) => State::Unknown(Rc::clone(unknown)),
        other => State::Value(other.clone()),
    }
}

/// The pieces behind the last slash.
fn last_of_pieces(pieces: &[Piece]) -> State {
    let slash = |piece: &Piece| matches!(piece, Piece::Known(text) if text.contains('/'));
    let start = pieces.iter().rposition(slash);
    let mut last = pieces[start.unwrap_or_default()..].to_vec();
    if let Some(Piece::Known(text)) = last.first_mut() {
        *text = text.rsplit('/').next().unwrap_or_default().into();
    }
    last.retain(|piece| !matches!(piece, Piece::Known(text) if text.is_empty()));
    match &last[..] {
        [] => State::Value(Value::text("")),
        [Piece::Known(text)] => State::Value(Value::Text(Rc::clone(text))),
        [Piece::Unknown(unknown)] if unknown.kinds == Kinds::TEXT => {
            State::Unknown(Rc::clone(unknown))
        }
        _ => State::Value(Value::Partial(last.into())),
    }
}

/// A field of a pool.
pub(crate) fn field(resource: &mut Deployed<'_, '_>, pool: &Found, name: &'static str) -> Property {
    Property::look_up(resource, pool.clone(), &[name])
}

/// Whether a pool is for what the cluster itself needs. A pool that does not say is.
pub(crate) fn is_system(resource: &mut Deployed<'_, '_>, pool: &Found) -> Truth {
    is_user(resource, pool).not()
}

/// Whether a pool is for what users run.
pub(crate) fn is_user(resource: &mut Deployed<'_, '_>, pool: &Found) -> Truth {
    is_of_mode(resource, pool, "User")
}

/// Whether a pool says that it is of a mode.
pub(crate) fn is_of_mode(resource: &mut Deployed<'_, '_>, pool: &Found, mode: &str) -> Truth {
    let said = field(resource, pool, "mode");
    said.is_one_of(resource, &[mode]).truth
}

/// Whether a pool is a scale set, as it is if it does not say. What can be no type excludes nothing.
pub(crate) fn is_scale_set(resource: &mut Deployed<'_, '_>, pool: &Found) -> Truth {
    let r#type = field(resource, pool, "type");
    if r#type.is_unset() {
        return Truth::Yes;
    }
    let answer = r#type.is_one_of(resource, &["VirtualMachineScaleSets"]);
    if answer.reason == KIND {
        return Truth::Yes;
    }
    answer.truth
}

/// The pools that are written into the resource: those in a cluster's list, or the pool that the
/// resource itself is. Pools that are children of a cluster are judged on their own.
pub(crate) fn own_pools(subject: &mut Subject<'_, '_, '_>) -> Pools {
    if subject.is(AGENT_POOL) {
        let pool = pool_of(&mut subject.resource);
        return Pools {
            known: vec![pool],
            unknown: Vec::new(),
            wrong: Vec::new(),
            list: subject.property(&["properties"]),
        };
    }
    let list = subject.property(&POOLS);
    let mut pools = Pools {
        known: Vec::new(),
        unknown: Vec::new(),
        wrong: list
            .refuse_kind(Kinds::LIST, "a list")
            .into_iter()
            .collect(),
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
                if !matches!(fields.traced.value, Value::Object(_)) {
                    let detail = "a pool must be an object".to_owned();
                    let answer = Answer::about(&fields, Truth::No, KIND, detail);
                    pools.wrong.push(answer);
                    continue;
                }
                let name = subject.property_in(&fields, &["name"]);
                pools.known.push(Pool {
                    title: title(&name),
                    fields,
                    name,
                });
            }
            Item::Rest(unknown, is_there) => pools.unknown.push((unknown, is_there)),
        }
    }
    pools
}

fn title(name: &Property) -> String {
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
        ask: impl FnMut(&mut Subject<'_, '_, '_>, &Pool) -> Answer,
    ) -> Answer {
        self.every_of(subject, |_, _| Truth::Yes, ask)
    }

    /// Whether something holds for every pool of a kind. No such pools: it does.
    pub(crate) fn every_of(
        &self,
        subject: &mut Subject<'_, '_, '_>,
        mut which: impl FnMut(&mut Subject<'_, '_, '_>, &Pool) -> Truth,
        mut ask: impl FnMut(&mut Subject<'_, '_, '_>, &Pool) -> Answer,
    ) -> Answer {
        let mut answers: Vec<Answer> = self.wrong.clone();
        for pool in &self.known {
            let is_meant = which(subject, pool);
            if matches!(is_meant, Truth::No) {
                continue;
            }
            let mut answer = ask(subject, pool).if_there(is_meant);
            answer.detail = in_pool(&answer, &pool.title);
            answers.push(answer);
        }
        answers.extend(self.opens().map(|open| self.list.open(open)));
        let none = || {
            self.list
                .answer(Truth::Yes, NO_POOLS, "it has no such pool".to_owned())
        };
        Answer::each(answers).unwrap_or_else(none)
    }

    /// Why there may be pools that are not known.
    fn opens(&self) -> impl Iterator<Item = Open> {
        self.unknown
            .iter()
            .filter_map(|(unknown, is_there)| match is_there {
                Truth::No => None,
                Truth::Open(open) => Some(open.clone()),
                Truth::Yes => Some(Open::of(unknown)),
            })
    }
}
