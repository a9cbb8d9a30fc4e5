//! What a rule may know of the deployment around the resource it judges.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_semantic::eval::{Assumptions, Evaluator};
use tricep_semantic::project::{Project, Target};
use tricep_semantic::resolve::{self, Owned, Site, Sites};
use tricep_semantic::template::ModuleId;
use tricep_semantic::template::ResourceType;
use tricep_syntax::text::FileId;

use crate::rule::Rule;
use crate::settings::Settings;

/// So many module calls that cannot be read are told apart.
const MAX_UNREAD: usize = 64;

/// Types of which only the resources are judged that the user's own files declare. Nearly every module of a
/// registry has such resources and none of them is what the rules look for, so evaluating all of them would
/// cost more than all the other rules together.
const OWN_FILES_ONLY: [&str; 1] = ["Microsoft.Network/networkSecurityGroups"];

/// Whether resources of the type are judged only where the user's own files declare them.
pub(crate) fn is_judged_in_own_files_only(r#type: &str) -> bool {
    OWN_FILES_ONLY.contains(&r#type)
}

/// For each type that rules speak of, which files reach a resource of it.
#[derive(Default)]
pub struct Reaching {
    types: FxHashMap<&'static str, Vec<bool>>,
}

impl Reaching {
    /// Looks through a project for what `rules` speak of.
    #[must_use]
    pub fn new(project: &Project, rules: &[&Rule]) -> Self {
        let mut types = FxHashMap::default();
        for rule in rules {
            for r#type in rule.resource_types.iter().chain(rule.related_types) {
                types
                    .entry(*r#type)
                    .or_insert_with(|| match is_judged_in_own_files_only(r#type) {
                        true => project.reaching_in_own_files(r#type),
                        false => project.reaching(r#type),
                    });
            }
        }
        Self { types }
    }

    /// Whether a file reaches a resource of the type. Types that no rule names are never reached.
    #[must_use]
    pub fn reaches(&self, file: FileId, r#type: &str) -> bool {
        self.of(r#type)
            .get(file.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    /// As [`Project::reaching`].
    pub(crate) fn of(&self, r#type: &str) -> &[bool] {
        self.types.get(r#type).map_or(&[], Vec::as_slice)
    }
}

/// A deployment that rules are asked about.
pub struct Deployment<'p> {
    /// The project.
    pub project: &'p Project,
    /// The file that is deployed.
    pub entry: FileId,
    /// What users set about rules.
    pub settings: &'p Settings,
    reaching: &'p Reaching,
    sites: RefCell<FxHashMap<&'static str, Rc<Sites>>>,
    unread: RefCell<Option<Rc<[Site]>>>,
    owned: RefCell<FxHashMap<OwnedKey, Rc<[Owned]>>>,
}

/// A type, and the parameters whose defaults do not count.
type OwnedKey = (&'static str, Vec<Rc<str>>);

impl<'p> Deployment<'p> {
    pub(crate) fn new(
        project: &'p Project,
        entry: FileId,
        settings: &'p Settings,
        reaching: &'p Reaching,
    ) -> Self {
        Self {
            project,
            entry,
            settings,
            reaching,
            sites: RefCell::default(),
            unread: RefCell::default(),
            owned: RefCell::default(),
        }
    }

    /// The word of the rules for a type, if they speak of it.
    pub(crate) fn known_type(&self, r#type: &ResourceType) -> Option<&'static str> {
        let mut known = self.reaching.types.keys().copied();
        known.find(|known| r#type.is(known))
    }

    /// Where resources of a type are declared, looked up once.
    pub(crate) fn sites(&self, r#type: &'static str) -> Rc<Sites> {
        let mut known = self.sites.borrow_mut();
        let sites = known.entry(r#type).or_insert_with(|| {
            let reaching = self.reaching.of(r#type);
            Rc::new(if self.reaching.reaches(self.entry, r#type) {
                resolve::sites(self.project, self.entry, r#type, reaching)
            } else {
                Sites::default()
            })
        });
        Rc::clone(sites)
    }

    /// For each site of a type, to what its copies belong, under no assumptions but that the defaults of
    /// some parameters do not count. Looked up once.
    pub(crate) fn owned(&self, r#type: &'static str, freed: &[Rc<str>]) -> Rc<[Owned]> {
        let key = (r#type, freed.to_vec());
        if let Some(known) = self.owned.borrow().get(&key) {
            return Rc::clone(known);
        }
        let assumptions = Assumptions::default().freeing(freed);
        let mut evaluator = Evaluator::new(self.project, &assumptions);
        let sites = self.sites(r#type);
        let sites = sites.found.iter();
        let owned: Rc<[Owned]> = sites
            .map(|site| Owned::of(&mut evaluator, self.entry, site))
            .collect();
        self.owned.borrow_mut().insert(key, Rc::clone(&owned));
        owned
    }

    /// The ways to the module calls of the deployment that cannot be read: what is not found may be
    /// behind them.
    pub(crate) fn unread(&self) -> Rc<[Site]> {
        let mut known = self.unread.borrow_mut();
        Rc::clone(known.get_or_insert_with(|| self.find_unread().into()))
    }

    fn find_unread(&self) -> Vec<Site> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.project.units.len()];
        let start = match self.project.template(self.entry).using {
            Some(_) => self
                .project
                .deployed_by(self.entry)
                .next()
                .map(|(_, file)| file),
            None => Some(self.entry),
        };
        let mut open: Vec<(FileId, Vec<ModuleId>)> =
            start.map(|file| (file, Vec::new())).into_iter().collect();
        while let Some((file, calls)) = open.pop() {
            if std::mem::replace(&mut seen[file.0 as usize], true) || found.len() >= MAX_UNREAD {
                continue;
            }
            let unit = self.project.unit(file);
            for (id, module) in unit.template.modules.iter_enumerated() {
                let calls: Vec<ModuleId> = calls.iter().copied().chain([id]).collect();
                match unit.targets[module.reference] {
                    Target::File(target) => open.push((target, calls)),
                    Target::Unavailable(_) => found.push(Site::of_unread_call(calls, file)),
                    Target::Data(_) | Target::Folder(_) => {}
                }
            }
        }
        found
    }
}
