//! Questions about how files refer to each other.

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::text::{FileId, Location};

use super::{Origin, Project, Target, Unit};
use crate::index::Idx;
use crate::template::{Purpose, ReferenceId};

/// A chain of references that comes back to its first file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The reference in the first file.
    pub at: Location,
    /// The files of the cycle, starting with the one that `at` leads to; empty: there were too many
    /// cycles to tell.
    pub files: Vec<FileId>,
}

impl Unit {
    /// Whether the file declares a resource of the type.
    fn declares(&self, wanted: &str) -> bool {
        let resources = self.template.resources.iter();
        let mut types = resources.filter_map(|resource| resource.r#type.as_ref());
        types.any(|r#type| r#type.is(wanted))
    }
}

impl Project {
    /// The files that `file` deploys: its modules, or the template of a parameter file.
    pub fn deployed_by(&self, file: FileId) -> impl Iterator<Item = (ReferenceId, FileId)> + '_ {
        let unit = self.unit(file);
        unit.template
            .references
            .iter_enumerated()
            .filter_map(move |(id, reference)| {
                if !matches!(reference.purpose, Purpose::Module | Purpose::Using)
                    || id.index() >= unit.targets.len()
                {
                    return None;
                }
                match unit.targets[id] {
                    Target::File(target) => Some((id, target)),
                    Target::Data(_) | Target::Folder(_) | Target::Unavailable(_) => None,
                }
            })
    }

    /// The files that others use as modules.
    #[must_use]
    pub fn used_as_module(&self) -> FxHashSet<FileId> {
        (0..self.units.len() as u32)
            .map(FileId)
            .flat_map(|file| {
                self.deployed_by(file)
                    .filter(move |&(_, target)| target != file)
            })
            .map(|(_, target)| target)
            .collect()
    }

    /// For each file, whether it or something it deploys declares a resource of a type.
    #[must_use]
    pub fn reaching(&self, wanted: &str) -> Vec<bool> {
        self.reaching_from(|unit| unit.declares(wanted))
    }

    /// As [`Project::reaching`], but what files that are not the user's declare does not count.
    #[must_use]
    pub fn reaching_in_own_files(&self, wanted: &str) -> Vec<bool> {
        self.reaching_from(|unit| unit.origin == Origin::Own && unit.declares(wanted))
    }

    fn reaching_from(&self, is_start: impl Fn(&Unit) -> bool) -> Vec<bool> {
        let users = self.users();
        let mut reaching: Vec<bool> = self.units.iter().map(is_start).collect();
        let mut open: Vec<usize> = (0..reaching.len()).filter(|&file| reaching[file]).collect();
        while let Some(file) = open.pop() {
            for user in &users[file] {
                let user = user.0 as usize;
                if !std::mem::replace(&mut reaching[user], true) {
                    open.push(user);
                }
            }
        }
        reaching
    }

    /// For each file, whether it is one of `files` or they refer to it, directly or not.
    #[must_use]
    pub fn reached_from(&self, files: impl IntoIterator<Item = FileId>) -> Vec<bool> {
        let mut reached = vec![false; self.units.len()];
        let mut open: Vec<FileId> = files.into_iter().collect();
        while let Some(file) = open.pop() {
            if !std::mem::replace(&mut reached[file.0 as usize], true) {
                open.extend(self.referred_by(file).map(|(_, target)| target));
            }
        }
        reached
    }

    /// For each file, the files that deploy it, once for each reference.
    fn users(&self) -> Vec<Vec<FileId>> {
        let mut users: Vec<Vec<FileId>> = vec![Vec::new(); self.units.len()];
        for file in (0..self.units.len() as u32).map(FileId) {
            for (_, target) in self.deployed_by(file) {
                users[target.0 as usize].push(file);
            }
        }
        users
    }

    /// The files that `file` refers to, one for each reference.
    fn referred_by(&self, file: FileId) -> impl Iterator<Item = (ReferenceId, FileId)> + '_ {
        let targets = self.unit(file).targets.iter_enumerated();
        targets.filter_map(|(id, target)| match target {
            Target::File(target) => Some((id, *target)),
            Target::Data(_) | Target::Folder(_) | Target::Unavailable(_) => None,
        })
    }

    /// The references that close a cycle: one for each reference that lies on a cycle. Of very many
    /// the first ones are followed around, of the others the files are not told.
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle> {
        let circles = self.circles();
        let on_circle = |file: FileId| circles[file.0 as usize];
        let mut cycles = Vec::new();
        let files = (0..self.units.len() as u32).map(FileId);
        for file in files.filter(|&file| on_circle(file).is_some()) {
            for (reference, target) in self.referred_by(file) {
                if on_circle(target) != on_circle(file) {
                    continue;
                }
                let files = match cycles.len() < MAX_FOLLOWED {
                    true => self.path(target, file),
                    false => Vec::new(),
                };
                let span = self.template(file).references[reference].at;
                cycles.push(Cycle {
                    at: Location { file, span },
                    files,
                });
            }
        }
        cycles
    }

    /// For each file that lies on a cycle a number, the same for all that reach each other: its
    /// strongly connected component, by Tarjan's algorithm with a stack of its own.
    fn circles(&self) -> Vec<Option<u32>> {
        let count = self.units.len();
        let mut search = Components {
            order: vec![None; count],
            low: vec![0; count],
            open: Vec::new(),
            is_open: vec![false; count],
            found: vec![None; count],
            next: 0,
        };
        for file in (0..count as u32).map(FileId) {
            if search.order[file.0 as usize].is_none() {
                search.run(self, file);
            }
        }
        search.found
    }

    /// A shortest chain of references from one file to another; empty: there is none.
    fn path(&self, from: FileId, to: FileId) -> Vec<FileId> {
        let mut came_from: FxHashMap<FileId, FileId> = FxHashMap::default();
        let mut open = std::collections::VecDeque::from([from]);
        came_from.insert(from, from);
        while let Some(file) = open.pop_front() {
            if file == to {
                return backwards(&came_from, to);
            }
            for (_, target) in self.referred_by(file) {
                if let std::collections::hash_map::Entry::Vacant(entry) = came_from.entry(target) {
                    entry.insert(file);
                    open.push_back(target);
                }
            }
        }
        Vec::new()
    }
}

/// So many references are followed around their cycle, each at the cost of a walk through it.
const MAX_FOLLOWED: usize = 64;

/// The chain that ends in a file, when each file is known with the one before it; the first is its
/// own.
fn backwards(came_from: &FxHashMap<FileId, FileId>, to: FileId) -> Vec<FileId> {
    let mut path = vec![to];
    let mut file = to;
    while let Some(&before) = came_from.get(&file).filter(|&&before| before != file) {
        path.push(before);
        file = before;
    }
    path.reverse();
    path
}

/// Tarjan's search for strongly connected components.
struct Components {
    /// The number by which a file was met.
    order: Vec<Option<u32>>,
    /// The lowest such number that is reached from a file.
    low: Vec<u32>,
    /// The files met whose component is not complete.
    open: Vec<FileId>,
    is_open: Vec<bool>,
    found: Vec<Option<u32>>,
    next: u32,
}

impl Components {
    fn run(&mut self, project: &Project, start: FileId) {
        let mut stack = vec![self.enter(project, start)];
        while let Some((file, targets)) = stack.last_mut() {
            let file = *file;
            let Some(target) = targets.pop() else {
                stack.pop();
                self.leave(project, file);
                if let Some(&(user, _)) = stack.last() {
                    self.lower(user, self.low[file.0 as usize]);
                }
                continue;
            };
            match self.order[target.0 as usize] {
                None => stack.push(self.enter(project, target)),
                Some(order) if self.is_open[target.0 as usize] => self.lower(file, order),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, project: &Project, file: FileId) -> (FileId, Vec<FileId>) {
        let place = file.0 as usize;
        self.order[place] = Some(self.next);
        self.low[place] = self.next;
        self.next += 1;
        self.open.push(file);
        self.is_open[place] = true;
        (
            file,
            project
                .referred_by(file)
                .map(|(_, target)| target)
                .collect(),
        )
    }

    fn lower(&mut self, file: FileId, order: u32) {
        let low = &mut self.low[file.0 as usize];
        *low = (*low).min(order);
    }

    /// Closes the component of a file if it is the first of it that was met.
    fn leave(&mut self, project: &Project, file: FileId) {
        let number = self.low[file.0 as usize];
        if self.order[file.0 as usize] != Some(number) {
            return;
        }
        let from = self.open.iter().rposition(|&open| open == file);
        let members = self.open.split_off(from.unwrap_or(0));
        let is_cycle =
            members.len() > 1 || project.referred_by(file).any(|(_, target)| target == file);
        for member in members {
            self.is_open[member.0 as usize] = false;
            self.found[member.0 as usize] = is_cycle.then_some(number);
        }
    }
}
