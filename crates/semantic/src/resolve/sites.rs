//! The ways by which a deployment reaches the resources of a type.

use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::{Deployed, Evaluators};
use crate::eval::{
    Assumptions, Condition, Evaluator, FrameId, Instance, Kinds, MAX_FRAMES_DEEP, Question, Traced,
    Trail, Unknown, Value, Why,
};
use crate::index::Idx as _;
use crate::project::{Project, Target};
use crate::template::{Body, ModuleId, ResourceId};

/// At most so many ways are followed for one deployment, and so many rounds of loops on each.
const MAX_SITES: usize = 4096;
const MAX_PLACES: usize = 1024;
/// At most so many files are looked at on all ways together.
const MAX_VISITED: usize = 65_536;
/// So often the defaults that switch a resource off are left out of account.
pub const MAX_FREED: usize = 64;

/// A declared resource and the module calls that lead to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The calls, from the entry file inwards.
    pub calls: Vec<ModuleId>,
    /// The file that declares the resource.
    pub file: FileId,
    /// The resource.
    pub resource: ResourceId,
}

impl Site {
    /// The way to the last of some module calls, which cannot be read: a visit ends there.
    #[must_use]
    pub fn of_unread_call(calls: Vec<ModuleId>, file: FileId) -> Self {
        Self {
            calls,
            file,
            resource: ResourceId::new(0),
        }
    }
}

/// Every site of a deployment.
#[derive(Clone, Default, Debug)]
pub struct Sites {
    /// The sites, in the order of the source.
    pub found: Vec<Site>,
    /// Where a limit cut the search short: the file and the call in it that was not followed to
    /// the end.
    pub cut: Option<(FileId, ModuleId)>,
}

/// The sites of resources of type `wanted` in a deployment of `entry`. `reaching` says which files
/// reach such a resource at all, see [`Project::reaching`]. Calls that come back to a file that is
/// being deployed already are not followed.
#[must_use]
pub fn sites(project: &Project, entry: FileId, wanted: &str, reaching: &[bool]) -> Sites {
    let sites = Sites::default();
    let start = match project.template(entry).using {
        Some(_) => match project.deployed_by(entry).next() {
            Some((_, template)) => template,
            None => return sites,
        },
        None => entry,
    };
    let mut search = Search {
        project,
        wanted,
        reaching,
        calls: Vec::new(),
        files: vec![start],
        visited: 0,
        sites,
    };
    search.file(start);
    search.sites
}

/// A walk along module calls.
struct Search<'a> {
    project: &'a Project,
    wanted: &'a str,
    reaching: &'a [bool],
    /// The calls that lead to the present file, and the files they went through.
    calls: Vec<ModuleId>,
    files: Vec<FileId>,
    visited: usize,
    sites: Sites,
}

impl Search<'_> {
    fn file(&mut self, file: FileId) {
        self.visited += 1;
        if self.visited > MAX_VISITED || self.files.len() > MAX_FRAMES_DEEP {
            self.cut();
            return;
        }
        let unit = self.project.unit(file);
        for (resource, declaration) in unit.template.resources.iter_enumerated() {
            let wanted = self.wanted;
            let is_wanted = declaration
                .r#type
                .as_ref()
                .is_some_and(|r#type| r#type.is(wanted));
            if is_wanted && !declaration.existing {
                self.sites.found.push(Site {
                    calls: self.calls.clone(),
                    file,
                    resource,
                });
            }
        }
        if self.sites.found.len() > MAX_SITES {
            self.cut();
        }
        for (id, module) in unit.template.modules.iter_enumerated() {
            let Target::File(target) = unit.targets[module.reference] else {
                continue;
            };
            let is_open = self.sites.cut.is_none() && !self.files.contains(&target);
            if !is_open || !self.reaching[target.0 as usize] {
                continue;
            }
            self.calls.push(id);
            self.files.push(target);
            self.file(target);
            self.files.pop();
            self.calls.pop();
        }
    }

    /// Notes that a limit is reached, in the words of the file that a person deploys.
    fn cut(&mut self) {
        if let (Some(&file), Some(&call)) = (self.files.first(), self.calls.first()) {
            self.sites.cut.get_or_insert((file, call));
        }
    }
}

/// A round of a body on the way to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Round {
    /// The round of that number; 0 outside loops.
    At(usize),
    /// A stretch of unknown elements: under other assumptions it may be many rounds, from that number
    /// on.
    From(usize),
}

/// One deployed copy of the resource of a site: the rounds of the loops on the way to it, one entry
/// for each call and one for the resource itself. Behind a stretch of unknown elements it stands for
/// all the copies that the stretch makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    rounds: Vec<Round>,
}

/// What must hold so that a resource is deployed.
#[derive(Clone, Default, Debug)]
pub struct Doubts {
    /// The first condition on the way that is not known, with the question that would settle it.
    pub condition: Option<(Rc<Unknown>, Option<Question>)>,
    /// The loops on the way of which it is not known whether they have any round.
    pub rounds: Vec<Rc<Unknown>>,
}

/// What a place is under some assumptions.
pub enum Visit<'e, 'p> {
    /// A copy of the resource is deployed, unless the doubts prove right.
    Deployed(Deployed<'e, 'p>, Doubts),
    /// A condition is false, or the loop has no such round; how that came about. Whoever deploys may
    /// set the parameters otherwise whose defaults took part in that.
    NotDeployed(Trail),
    /// What stands in the way of knowing.
    Unknown(Traced),
}

/// The places of a site, with parameters at their defaults; if by these defaults there is none, the
/// defaults that stand in the way do not count. A loop over an unknown number of elements has one
/// place for each stretch of unknown elements. The flag says that a limit cut the list short.
#[must_use]
pub fn places(evaluators: &mut Evaluators<'_>, entry: FileId, site: &Site) -> (Vec<Place>, bool) {
    let mut assumptions = Assumptions::default();
    for _ in 0..MAX_FREED {
        let mut expansion = Expansion {
            site,
            rounds: Vec::new(),
            found: Vec::new(),
            closed_by: Vec::new(),
            cut: false,
        };
        evaluators.with(&assumptions, |evaluator| {
            let frame = evaluator.deploy(entry);
            expansion.expand(evaluator, frame);
        });
        if !expansion.found.is_empty() || expansion.closed_by.is_empty() {
            return (expansion.found, expansion.cut);
        }
        assumptions = assumptions.freeing(&expansion.closed_by);
    }
    (Vec::new(), true)
}

/// The places of a site under the evaluator's assumptions, whatever else is assumed beside them; `None`:
/// there are too many, or others that only the default of a parameter leaves out, which is to be told.
pub(super) fn places_now(
    evaluator: &mut Evaluator<'_>,
    entry: FileId,
    site: &Site,
) -> Option<Vec<Place>> {
    let mut expansion = Expansion {
        site,
        rounds: Vec::new(),
        found: Vec::new(),
        closed_by: Vec::new(),
        cut: false,
    };
    let frame = evaluator.deploy(entry);
    expansion.expand(evaluator, frame);
    let is_whole = !expansion.cut && expansion.closed_by.is_empty();
    is_whole.then_some(expansion.found)
}

/// Follows every round of every loop on the way to a site.
struct Expansion<'a> {
    site: &'a Site,
    rounds: Vec<Round>,
    found: Vec<Place>,
    /// The parameters whose defaults closed a way.
    closed_by: Vec<Rc<str>>,
    cut: bool,
}

impl Expansion<'_> {
    fn expand(&mut self, evaluator: &mut Evaluator<'_>, frame: FrameId) {
        let level = self.rounds.len();
        let body = body_at(evaluator, frame, self.site, level);
        let Ok(rounds) = evaluator.rounds(frame, &body) else {
            // The visit will meet the same trouble and say so.
            self.add(Round::From(0));
            return;
        };
        if rounds.count() == 0 {
            self.closed_by.extend_from_slice(rounds.trail.defaults());
        }
        for number in 0..rounds.count() {
            if self.found.len() >= MAX_PLACES {
                self.cut = true;
                return;
            }
            let Some(instance) = evaluator.instance(&rounds, number) else {
                continue;
            };
            if let Condition::Fails(trail) = evaluator.condition(&instance, &body) {
                self.closed_by.extend_from_slice(trail.defaults());
                continue;
            }
            let stretch = rounds.is_stretch(number);
            let round = if stretch {
                Round::From(number)
            } else {
                Round::At(number)
            };
            let call = self.site.calls.get(level);
            match call.map(|&module| evaluator.enter(&instance, module)) {
                Some(Ok(inner)) => {
                    self.rounds.push(round);
                    self.expand(evaluator, inner);
                    self.rounds.pop();
                }
                None | Some(Err(_)) => self.add(round),
            }
        }
    }

    fn add(&mut self, round: Round) {
        let mut rounds = self.rounds.clone();
        rounds.push(round);
        self.found.push(Place { rounds });
    }
}

fn body_at(evaluator: &Evaluator<'_>, frame: FrameId, site: &Site, level: usize) -> Body {
    let template = evaluator.template(frame);
    match site.calls.get(level) {
        Some(&module) => template.modules[module].body,
        None => template.resources[site.resource].body,
    }
}

impl Place {
    /// Every round of every loop on the way.
    pub(super) const fn everywhere() -> Self {
        Self { rounds: Vec::new() }
    }

    /// Follows the calls to the resource under the evaluator's assumptions and shows each copy of it.
    pub fn visit<'p>(
        &self,
        evaluator: &mut Evaluator<'p>,
        entry: FileId,
        site: &Site,
        see: &mut dyn FnMut(Visit<'_, 'p>),
    ) {
        let frame = evaluator.deploy(entry);
        let mut walk = Walk {
            place: self,
            site,
            calls: Vec::new(),
            doubts: Doubts::default(),
            shown: 0,
        };
        walk.level(evaluator, frame, see);
    }

    /// The first round at a level, and whether those behind it belong to the place too. Where the
    /// list was not known, all do.
    fn round(&self, level: usize) -> (usize, bool) {
        match self.rounds.get(level) {
            Some(Round::At(number)) => (*number, false),
            Some(Round::From(number)) => (*number, true),
            None => (0, true),
        }
    }
}

/// A visit to a place.
struct Walk<'a> {
    place: &'a Place,
    site: &'a Site,
    calls: Vec<(FrameId, ModuleId)>,
    doubts: Doubts,
    shown: usize,
}

impl Walk<'_> {
    fn level<'p>(
        &mut self,
        evaluator: &mut Evaluator<'p>,
        frame: FrameId,
        see: &mut dyn FnMut(Visit<'_, 'p>),
    ) {
        let level = self.calls.len();
        let body = body_at(evaluator, frame, self.site, level);
        let rounds = match evaluator.rounds(frame, &body) {
            Ok(rounds) => rounds,
            Err(unknown) => return see(Visit::Unknown(unknown)),
        };
        let (first, and_more) = self.place.round(level);
        let end = if and_more {
            rounds.count()
        } else {
            rounds.count().min(first + 1)
        };
        if first >= end {
            return see(Visit::NotDeployed(rounds.trail.clone()));
        }
        for number in first..end {
            self.shown += 1;
            if self.shown > MAX_PLACES {
                let limit = Value::unknown(Why::Budget("rounds of loops"), Kinds::ANY);
                return see(Visit::Unknown(limit.into()));
            }
            if let Some(instance) = evaluator.instance(&rounds, number) {
                let before = self.doubts.clone();
                let open = rounds.stretch(number).filter(|rest| rest.min == 0);
                let doubt = open.map(|rest| Rc::clone(&rest.unknown));
                self.doubts.rounds.extend(doubt);
                self.round(evaluator, instance, &body, see);
                self.doubts = before;
            }
        }
    }

    fn round<'p>(
        &mut self,
        evaluator: &mut Evaluator<'p>,
        instance: Instance,
        body: &Body,
        see: &mut dyn FnMut(Visit<'_, 'p>),
    ) {
        match evaluator.condition(&instance, body) {
            Condition::Holds => {}
            Condition::Fails(trail) => return see(Visit::NotDeployed(trail)),
            Condition::Open(unknown, question) => {
                self.doubts.condition.get_or_insert((unknown, question));
            }
        }
        match self.site.calls.get(self.calls.len()) {
            None => {
                let calls = self.calls.clone();
                let deployed = Deployed::new(evaluator, instance, self.site.resource, calls);
                see(Visit::Deployed(deployed, self.doubts.clone()));
            }
            Some(&module) => match evaluator.enter(&instance, module) {
                Ok(inner) => {
                    self.calls.push((instance.env.frame, module));
                    self.level(evaluator, inner, see);
                    self.calls.pop();
                }
                Err(unknown) => see(Visit::Unknown(unknown.into())),
            },
        }
    }
}
