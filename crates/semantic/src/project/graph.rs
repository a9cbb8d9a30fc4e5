//! Questions about how files refer to each other.

use rustc_hash::FxHashSet;
use tricep_syntax::text::{FileId, Location};

use super::{Project, Target, Unit};
use crate::index::Idx;
use crate::template::{Purpose, ReferenceId};

/// A chain of module calls that comes back to its first file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The reference in the first file.
    pub at: Location,
    /// The files of the cycle, starting with the one that `at` leads to.
    pub files: Vec<FileId>,
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
        let users = self.users();
        let declares = |unit: &Unit| {
            let mut types = unit
                .template
                .resources
                .iter()
                .filter_map(|resource| resource.r#type.as_ref());
            types.any(|r#type| r#type.is(wanted))
        };
        let mut reaching: Vec<bool> = self.units.iter().map(declares).collect();
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

    /// The module references that close a cycle: one for each reference that lies on a cycle.
    #[must_use]
    pub fn cycles(&self) -> Vec<Cycle> {
        let mut cycles = Vec::new();
        let suspects = self.not_peeled();
        for &file in &suspects {
            for (reference, target) in self
                .deployed_by(file)
                .filter(|(_, target)| suspects.contains(target))
            {
                if let Some(files) = self.path(target, file) {
                    let span = self.template(file).references[reference].at;
                    cycles.push(Cycle {
                        at: Location { file, span },
                        files,
                    });
                }
            }
        }
        cycles
    }

    /// The files that stay when files that use no file that stays are taken away again and again:
    /// every file on a cycle, and few others.
    fn not_peeled(&self) -> FxHashSet<FileId> {
        let files = || (0..self.units.len() as u32).map(FileId);
        let users = self.users();
        let mut uses: Vec<usize> = files().map(|file| self.deployed_by(file).count()).collect();
        let mut open: Vec<FileId> = files().filter(|file| uses[file.0 as usize] == 0).collect();
        let mut left: FxHashSet<FileId> = files().collect();
        while let Some(file) = open.pop() {
            left.remove(&file);
            for user in &users[file.0 as usize] {
                uses[user.0 as usize] -= 1;
                if uses[user.0 as usize] == 0 {
                    open.push(*user);
                }
            }
        }
        left
    }

    /// A shortest chain of module calls from one file to another.
    fn path(&self, from: FileId, to: FileId) -> Option<Vec<FileId>> {
        let mut came_from: Vec<Option<FileId>> = vec![None; self.units.len()];
        let mut open = std::collections::VecDeque::from([from]);
        came_from[from.0 as usize] = Some(from);
        while let Some(file) = open.pop_front() {
            if file == to {
                let mut path = vec![file];
                let mut file = file;
                while let Some(before) = came_from[file.0 as usize].filter(|&before| before != file)
                {
                    path.push(before);
                    file = before;
                }
                path.reverse();
                return Some(path);
            }
            for (_, target) in self.deployed_by(file) {
                if came_from[target.0 as usize].is_none() {
                    came_from[target.0 as usize] = Some(file);
                    open.push_back(target);
                }
            }
        }
        None
    }
}
