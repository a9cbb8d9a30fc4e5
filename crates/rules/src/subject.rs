//! The resource that a rule judges, with the deployment around it.

use std::rc::Rc;

use tricep_semantic::eval::{Element, Traced, Trail, Unknown, Value, Why};
use tricep_semantic::resolve::{
    Belongs, Deployed, Doubts, Found, Met, belongs, each_copy, each_copy_of,
};
use tricep_syntax::text::Location;

use crate::answer::{Answer, Open, Truth};
use crate::deployment::Deployment;
use crate::finding::{Outcome, Reason};
use crate::property::Property;
use crate::verdict::Verdict;

/// A deployed resource and what is around it.
pub struct Subject<'s, 'e, 'p> {
    /// The resource.
    pub resource: Deployed<'e, 'p>,
    /// The deployment.
    pub deployment: &'s Deployment<'p>,
    /// What must hold so that the resource is deployed.
    pub doubts: Doubts,
    /// How it came about that others that were asked for are not deployed, where defaults of parameters
    /// took part in that.
    pub left_out: Trail,
}

/// The sentences of a rule about a resource, with `{}` for its name.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// All is well: "local accounts of `{}` are disabled".
    pub pass: &'static str,
    /// It is not: "local accounts of `{}` can be used".
    pub fail: &'static str,
    /// Behind "cannot tell": "whether local accounts of `{}` are disabled".
    pub open: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// An element of a list.
pub enum Item {
    /// A known element, as a value to look into.
    One(Found),
    /// A stretch of unknown elements; the truth says whether it holds any.
    Rest(Rc<Unknown>, Truth),
}

/// Something read from a resource that belongs to the subject.
#[derive(Clone, Debug)]
pub struct Attached<T> {
    /// What was read.
    pub value: T,
    /// Whether it is there and belongs to the subject; never [`Truth::No`].
    pub is_there: Truth,
}

/// What was read from every resource of a type that belongs to the subject.
#[derive(Clone, Debug)]
pub struct AttachedAll<T> {
    /// What was read, in the order of the source.
    pub found: Vec<Attached<T>>,
    /// Set where more of them may exist that cannot be seen.
    pub more: Option<Open>,
}

impl Subject<'_, '_, '_> {
    /// The symbol of the resource.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.resource.declaration().name
    }

    /// The place of the symbol.
    #[must_use]
    pub fn at(&self) -> Location {
        self.resource.at()
    }

    /// The date in the API version, as `2024-05-01`; `None` where the version is not readable.
    #[must_use]
    pub fn api_date(&self) -> Option<&str> {
        self.resource.declaration().api_version.as_ref()?.date()
    }

    /// Whether the resource is of a type, letter case aside.
    #[must_use]
    pub fn is(&self, wanted: &str) -> bool {
        let r#type = self.resource.declaration().r#type.as_ref();
        r#type.is_some_and(|r#type| r#type.is(wanted))
    }

    /// Looks a property up.
    pub fn property(&mut self, path: &[&'static str]) -> Property {
        let body = self.resource.body();
        Property::look_up(&mut self.resource, body, path)
    }

    /// Looks a property of an inner object up.
    pub fn property_in(&mut self, container: &Found, path: &[&'static str]) -> Property {
        Property::look_up(&mut self.resource, container.clone(), path)
    }

    /// The elements of a list.
    pub fn items(&mut self, list: &Found) -> Vec<Item> {
        items(&mut self.resource, list)
    }

    /// Reads something from each resource of a type that is a child of the subject or scoped to it.
    /// The type must be one of the rule's related types.
    pub fn attached<T>(
        &mut self,
        r#type: &'static str,
        mut read: impl FnMut(&mut Deployed<'_, '_>) -> T,
    ) -> AttachedAll<T> {
        let id = self.resource.id();
        let mut may_belong = false;
        let all = self.met(r#type, Some(&id), |resource| {
            let owner = resource.owner();
            let is_there = match belongs(&owner, &id) {
                Belongs::No => return None,
                Belongs::Yes => Truth::Yes,
                Belongs::Maybe(unknown) => {
                    may_belong = true;
                    Truth::Open(Open::of(&unknown))
                }
            };
            let unsure = matches!(is_there, Truth::Open(_)).then_some(owner);
            Some(((read(resource), unsure), is_there))
        });
        // Only where it is not sure to whom something belongs does it matter who else there is.
        let rivals = match may_belong {
            true => self.ids_of_its_type(),
            false => Vec::new(),
        };
        let AttachedAll { found, more } = all;
        let found = found.into_iter().filter_map(|attached| {
            let (value, owner) = attached.value;
            let is_another_s = owner.is_some_and(|owner| is_one_of(&owner, &rivals));
            let is_there = attached.is_there;
            (!is_another_s).then_some(Attached { value, is_there })
        });
        AttachedAll {
            found: found.collect(),
            more,
        }
    }

    /// Reads something from each resource of a type that the deployment holds, if it is meant; the
    /// truth that `read` returns says whether. The type must be one that the rule speaks of.
    pub fn others<T>(
        &mut self,
        r#type: &'static str,
        read: impl FnMut(&mut Deployed<'_, '_>) -> Option<(T, Truth)>,
    ) -> AttachedAll<T> {
        self.met(r#type, None, read)
    }

    /// As [`Subject::others`]; with an id, those that surely do not belong to the resource of that id may
    /// be passed over.
    fn met<T>(
        &mut self,
        r#type: &'static str,
        owner: Option<&Value>,
        mut read: impl FnMut(&mut Deployed<'_, '_>) -> Option<(T, Truth)>,
    ) -> AttachedAll<T> {
        let freed = self.resource.evaluator().assumptions().freed().to_vec();
        let owned = owner.map(|id| (id, self.deployment.owned(r#type, &freed)));
        let sites = self.deployment.sites(r#type);
        let own_rounds = self.doubts.rounds.clone();
        let mut found = Vec::new();
        let mut more = None;
        let mut left_out = Trail::default();
        for (number, site) in sites.found.iter().enumerate() {
            let evaluator = self.resource.evaluator();
            let mut see = |met: Met<'_, '_>| match met {
                Met::Unknown(unknown) => {
                    more.get_or_insert_with(|| Open::of(&unknown));
                }
                Met::NotDeployed(trail) => leave_out(&mut left_out, &trail),
                Met::Deployed(mut resource, doubts) => {
                    if let Some((value, is_meant)) = read(&mut resource) {
                        let is_there = is_meant.and(still(doubts, &own_rounds));
                        found.push(Attached { value, is_there });
                    }
                }
            };
            let entry = self.deployment.entry;
            match owned
                .as_ref()
                .and_then(|(id, all)| Some((id, all.get(number)?)))
            {
                Some((id, owned)) => each_copy_of(evaluator, entry, site, owned, id, &mut see),
                None => each_copy(evaluator, entry, site, &mut see),
            }
        }
        if sites.cut.is_some() {
            more.get_or_insert_with(|| Open::because(Why::Budget("ways through modules")));
        }
        for site in self.deployment.unread().iter() {
            let evaluator = self.resource.evaluator();
            each_copy(
                evaluator,
                self.deployment.entry,
                site,
                &mut |met| match met {
                    Met::Unknown(unknown) => {
                        more.get_or_insert_with(|| Open::of(&unknown));
                    }
                    Met::NotDeployed(trail) => leave_out(&mut left_out, &trail),
                    Met::Deployed(..) => {}
                },
            );
        }
        leave_out(&mut self.left_out, &left_out);
        AttachedAll { found, more }
    }

    /// The ids of all resources of the subject's type that are surely deployed. What belongs to one
    /// of them belongs to no other.
    fn ids_of_its_type(&mut self) -> Vec<Value> {
        let Some(r#type) = self.resource.declaration().r#type.as_ref() else {
            return Vec::new();
        };
        let Some(known) = self.deployment.known_type(r#type) else {
            return Vec::new();
        };
        let before = self.left_out.clone();
        let all = self.others(known, |resource| Some((resource.id(), Truth::Yes)));
        self.left_out = before;
        let sure = all
            .found
            .into_iter()
            .filter(|other| matches!(other.is_there, Truth::Yes));
        sure.map(|other| other.value).collect()
    }

    /// A verdict out of the answer to the rule's question.
    #[must_use]
    pub fn verdict(&self, words: &Words, answer: Answer) -> Verdict {
        let (outcome, headline, help) = match &answer.truth {
            Truth::Yes => (Outcome::Pass, words.pass.to_owned(), None),
            Truth::No => (
                Outcome::Fail,
                words.fail.to_owned(),
                Some(words.help.to_owned()),
            ),
            Truth::Open(_) => (
                Outcome::Unknown,
                format!("cannot tell {}", words.open),
                None,
            ),
        };
        let (question, breaks) = match answer.truth {
            Truth::Open(open) => (open.question, matches!(open.unknown.why, Why::Failed(_))),
            Truth::Yes | Truth::No => (None, false),
        };
        Verdict {
            outcome,
            reason: answer.reason,
            headline: headline.replace("{}", self.name()),
            detail: answer.detail,
            at: answer.at,
            trail: answer.trail,
            left_out: self.left_out.clone(),
            help,
            fixes: answer.fixes,
            others: answer.others,
            question,
            breaks,
        }
    }

    /// That something that belongs to the resource may exist and cannot be seen.
    #[must_use]
    pub fn cannot_see(&self, open: Open) -> Answer {
        Answer::at(self.at(), Truth::Yes, Reason::UNSUPPORTED, String::new()).opened(open)
    }

    /// That the rule has nothing to ask of this resource.
    #[must_use]
    pub fn not_applicable(&self, words: &Words, reason: Reason, why: &str) -> Verdict {
        self.verdict(
            words,
            Answer::at(self.at(), Truth::Yes, reason, why.to_owned()),
        )
    }
}

/// Keeps why something is not deployed where whoever deploys may change that.
fn leave_out(left_out: &mut Trail, trail: &Trail) {
    if !trail.defaults().is_empty() {
        *left_out = std::mem::take(left_out).and(trail);
    }
}

/// Whether the id is surely one of these.
fn is_one_of(id: &Value, others: &[Value]) -> bool {
    others
        .iter()
        .any(|other| matches!(belongs(id, other), Belongs::Yes))
}

/// Whether a resource is deployed in spite of doubts. A loop that has a round for the subject has one
/// for everything else in it.
fn still(doubts: Doubts, own_rounds: &[Rc<Unknown>]) -> Truth {
    let condition = doubts
        .condition
        .map(|(unknown, question)| Open { unknown, question });
    let is_other =
        |round: &&Rc<Unknown>| !own_rounds.iter().any(|own| Unknown::is_same(own, round));
    let round = doubts.rounds.iter().find(is_other).map(Open::of);
    condition.or(round).map_or(Truth::Yes, Truth::Open)
}

/// The elements of a list that a resource holds. An unknown list is one stretch.
pub(crate) fn items(resource: &mut Deployed<'_, '_>, list: &Found) -> Vec<Item> {
    let elements = match &list.traced.value {
        Value::List(elements) => Rc::clone(elements),
        Value::Unknown(unknown) => {
            let empty = resource.ask_whether_empty(unknown);
            return vec![Item::Rest(
                Rc::clone(unknown),
                Truth::of(empty, unknown).not(),
            )];
        }
        _ => return Vec::new(),
    };
    let mut items = Vec::new();
    for element in &elements.elements {
        items.push(match element {
            Element::One(thunk) => {
                let entry = resource.evaluator().force(thunk);
                Item::One(element_of(list, entry, thunk.at()))
            }
            Element::Rest(rest) if rest.max == Some(0) => continue,
            Element::Rest(rest) if rest.min > 0 => Item::Rest(Rc::clone(&rest.unknown), Truth::Yes),
            Element::Rest(rest) => {
                let empty = resource.ask_whether_empty(&rest.unknown);
                let is_there = Truth::of(empty, &rest.unknown).not();
                Item::Rest(Rc::clone(&rest.unknown), is_there)
            }
        });
    }
    items
}

/// An element as a value that is found in its list.
fn element_of(list: &Found, entry: Traced, at: Option<Location>) -> Found {
    let mut trail: Trail = entry.trail.and(&list.traced.trail);
    // What is in a secret list is secret.
    trail.secret |= list.traced.trail.secret;
    Found {
        own: at.is_some(),
        at: at.unwrap_or(list.at),
        traced: Traced {
            value: entry.value,
            trail,
        },
    }
}
