//! The ways by which a deployment reaches the resources of a type.

use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::Deployed;
use crate::eval::{Assumptions, Budget, Evaluator, FrameId, Traced};
use crate::project::Project;
use crate::template::{Body, ModuleId, ResourceId};

/// At most so many ways are followed for one deployment, and so many rounds of loops on each.
const MAX_SITES: usize = 4096;
const MAX_PLACES: usize = 1024;
/// So often the defaults that switch a resource off are left out of account.
pub const MAX_FREED: usize = 8;

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

/// Every site of a deployment.
#[derive(Clone, Default, Debug)]
pub struct Sites {
    /// The sites, in the order of the source.
    pub found: Vec<Site>,
    /// Whether a limit cut the search short.
    pub cut: bool,
}

/// The sites of resources of type `wanted` in a deployment of `entry`. `reaching` says which files
/// reach such a resource at all, see [`Project::reaching`]. Calls that come back to a file that is
/// being deployed already are not followed.
#[must_use]
pub fn sites(project: &Project, entry: FileId, wanted: &str, reaching: &[bool]) -> Sites {
    let mut sites = Sites::default();
    let start = match project.template(entry).using {
        Some(_) => match project.deployed_by(entry).next() {
            Some((_, template)) => template,
            None => return sites,
        },
        None => entry,
    };
    collect(
        project,
        start,
        wanted,
        reaching,
        &mut Vec::new(),
        &mut vec![start],
        &mut sites,
    );
    sites
}

fn collect(
    project: &Project,
    file: FileId,
    wanted: &str,
    reaching: &[bool],
    calls: &mut Vec<ModuleId>,
    files: &mut Vec<FileId>,
    sites: &mut Sites,
) {
    let template = project.template(file);
    for (resource, declaration) in template.resources.iter_enumerated() {
        if !declaration.existing
            && declaration
                .r#type
                .as_ref()
                .is_some_and(|r#type| r#type.is(wanted))
        {
            if sites.found.len() >= MAX_SITES {
                sites.cut = true;
                return;
            }
            sites.found.push(Site {
                calls: calls.clone(),
                file,
                resource,
            });
        }
    }
    for (id, module) in template.modules.iter_enumerated() {
        let target = project
            .deployed_by(file)
            .find(|&(reference, _)| reference == module.reference);
        let Some((_, target)) = target else { continue };
        if !reaching[target.0 as usize] || files.contains(&target) || sites.cut {
            continue;
        }
        calls.push(id);
        files.push(target);
        collect(project, target, wanted, reaching, calls, files, sites);
        files.pop();
        calls.pop();
    }
}

/// One deployed copy of the resource of a site: the rounds of the loops on the way to it, one entry
/// for each call and one for the resource itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    rounds: Vec<Option<usize>>,
}

/// What became of a place under some assumptions.
pub enum Placed<'e, 'p> {
    /// The resource is deployed, or would be if a condition that is not known holds.
    Deployed(Deployed<'e, 'p>),
    /// A condition is false, or the loop has no such round. The parameters are those whose defaults
    /// took part in that; whoever deploys may set them otherwise.
    NotDeployed(Vec<Rc<str>>),
    /// What stands in the way of knowing.
    Unknown(Traced),
}

/// The places of a site, with parameters at their defaults; if by these defaults there is none, the
/// defaults that stand in the way do not count. A loop over an unknown number of elements has one
/// place for each stretch of unknown elements. The flag says that a limit cut the list short.
#[must_use]
pub fn places(
    project: &Project,
    entry: FileId,
    site: &Site,
    budget: &mut Budget,
) -> (Vec<Place>, bool) {
    let mut assumptions = Assumptions::default();
    for _ in 0..MAX_FREED {
        let mut evaluator = Evaluator::with_budget(project, &assumptions, budget);
        let frame = evaluator.deploy(entry);
        let mut expansion = Expansion {
            site,
            rounds: Vec::new(),
            found: Vec::new(),
            closed_by: Vec::new(),
        };
        expansion.expand(&mut evaluator, frame);
        *budget = evaluator.budget().clone();
        let Expansion {
            mut found,
            closed_by,
            ..
        } = expansion;
        if !found.is_empty() || closed_by.is_empty() {
            let cut = found.len() > MAX_PLACES;
            found.truncate(MAX_PLACES);
            return (found, cut);
        }
        assumptions = assumptions.freeing(&closed_by);
    }
    (Vec::new(), false)
}

/// Follows every round of every loop on the way to a site.
struct Expansion<'a> {
    site: &'a Site,
    rounds: Vec<Option<usize>>,
    found: Vec<Place>,
    /// The parameters whose defaults closed a way.
    closed_by: Vec<Rc<str>>,
}

impl Expansion<'_> {
    fn expand(&mut self, evaluator: &mut Evaluator<'_>, frame: FrameId) {
        let level = self.rounds.len();
        let body = body_at(evaluator, frame, self.site, level);
        let Ok((instances, trail)) = evaluator.instances(frame, &body) else {
            // The walk will meet the same trouble and say so.
            self.add(None);
            return;
        };
        if instances.is_empty() {
            self.closed_by.extend(trail.defaults());
        }
        for instance in instances {
            if self.found.len() > MAX_PLACES {
                return;
            }
            if let Some(trail) = evaluator.switched_off(&instance, &body) {
                self.closed_by.extend(trail.defaults());
                continue;
            }
            match self.site.calls.get(level) {
                None => self.add(instance.round),
                Some(&module) => match evaluator.enter(&instance, module) {
                    Ok(inner) => {
                        self.rounds.push(instance.round);
                        self.expand(evaluator, inner);
                        self.rounds.pop();
                    }
                    Err(_) => self.add(instance.round),
                },
            }
        }
    }

    fn add(&mut self, round: Option<usize>) {
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
    /// Follows the calls to the resource under the evaluator's assumptions.
    pub fn walk<'e, 'p>(
        &self,
        evaluator: &'e mut Evaluator<'p>,
        entry: FileId,
        site: &Site,
    ) -> Placed<'e, 'p> {
        let mut frame = evaluator.deploy(entry);
        let mut calls: Vec<(FrameId, ModuleId)> = Vec::new();
        for level in 0..=site.calls.len() {
            let body = body_at(evaluator, frame, site, level);
            let (instances, trail) = match evaluator.instances(frame, &body) {
                Ok(instances) => instances,
                Err(unknown) => return Placed::Unknown(unknown),
            };
            let round = self.rounds.get(level).copied().flatten().unwrap_or(0);
            let Some(instance) = instances.into_iter().nth(round) else {
                return Placed::NotDeployed(trail.defaults());
            };
            if let Some(trail) = evaluator.switched_off(&instance, &body) {
                return Placed::NotDeployed(trail.defaults());
            }
            match site.calls.get(level) {
                Some(&module) => match evaluator.enter(&instance, module) {
                    Ok(inner) => {
                        calls.push((frame, module));
                        frame = inner;
                    }
                    Err(unknown) => return Placed::Unknown(unknown.into()),
                },
                None => {
                    return Placed::Deployed(Deployed::new(
                        evaluator,
                        instance,
                        site.resource,
                        calls,
                    ));
                }
            }
        }
        Placed::NotDeployed(Vec::new())
    }
}
