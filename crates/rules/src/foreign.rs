//! Findings about modules that are nobody's to change: those in the cache, and stand-ins made of
//! built-in facts. Such a finding stands where the user's own files call the module.

use tricep_semantic::project::{Origin, Project, Target};
use tricep_semantic::resolve::Site;
use tricep_semantic::template::ReferenceId;
use tricep_syntax::text::{FileId, Location};

use crate::finding::{Finding, Note};

/// Moves a finding out of files that are not the user's, and says where the facts are from.
pub(crate) fn bring_home(finding: &mut Finding, project: &Project, entry: FileId, site: &Site) {
    let Some(home) = home(project, entry, site) else {
        return;
    };
    if !is_own(project, finding.at.file) {
        finding.related.retain(|note| note.at != home.call);
        let origin = Note {
            at: finding.at,
            message: "decided here, in a restored module".to_owned(),
        };
        finding.related.insert(0, origin);
        finding.at = home.call;
    }
    let Origin::Facts(module) = &project.unit(site.file).origin else {
        return;
    };
    finding
        .related
        .retain(|note| !is_made_up(project, note.at.file));
    for note in &mut finding.trail {
        if is_made_up(project, note.at.file) {
            note.at = home.call;
        }
    }
    if let Some(resource) = &mut finding.resource {
        resource.at = home.call;
        resource
            .modules
            .retain(|module| !is_made_up(project, module.at.file));
    }
    finding.trail.push(Note {
        at: home.path,
        message: format!(
            "from built-in facts about `{module}`; restore the module to judge its real content"
        ),
    });
}

/// A note, moved out of a stand-in if it stands in one.
pub(crate) fn note_at_home(note: Note, project: &Project, entry: FileId, site: &Site) -> Note {
    match home(project, entry, site) {
        Some(home) if is_made_up(project, note.at.file) => Note {
            at: home.call,
            ..note
        },
        _ => note,
    }
}

/// The last step of the way to a resource that stands in a file of the user's.
fn home(project: &Project, entry: FileId, site: &Site) -> Option<Step> {
    let mut way = way(project, entry, site);
    way.retain(|step| is_own(project, step.call.file));
    way.pop()
}

fn is_made_up(project: &Project, file: FileId) -> bool {
    matches!(project.unit(file).origin, Origin::Facts(_))
}

pub(crate) fn is_own(project: &Project, file: FileId) -> bool {
    project.unit(file).origin == Origin::Own
}

/// A step from one file to the next.
struct Step {
    /// The symbol of the module call, or the path behind `using`.
    call: Location,
    /// The path of the file.
    path: Location,
}

/// The steps from the entry file to the file with the resource.
fn way(project: &Project, entry: FileId, site: &Site) -> Vec<Step> {
    let mut way = Vec::new();
    let mut file = entry;
    if let Some(using) = project.template(entry).using {
        let path = place(project, file, using);
        way.push(Step { call: path, path });
        file = target(project, file, using);
    }
    for &call in &site.calls {
        let module = &project.template(file).modules[call];
        way.push(Step {
            call: Location {
                file,
                span: module.at,
            },
            path: place(project, file, module.reference),
        });
        file = target(project, file, module.reference);
    }
    way
}

fn place(project: &Project, file: FileId, reference: ReferenceId) -> Location {
    Location {
        file,
        span: project.template(file).references[reference].at,
    }
}

/// Where a reference leads that was followed before.
fn target(project: &Project, file: FileId, reference: ReferenceId) -> FileId {
    match project.unit(file).targets[reference] {
        Target::File(target) => target,
        Target::Data(_) | Target::Folder(_) | Target::Unavailable(_) => file,
    }
}
