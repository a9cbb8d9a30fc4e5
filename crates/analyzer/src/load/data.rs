//! Files that are read for their content, as by `loadTextContent`.

use std::sync::Arc;

use rayon::prelude::*;
use tricep_semantic::project::{PathProblem, Target};
use tricep_semantic::template::{Reference, ReferenceId};
use tricep_syntax::text::{FileId, Location};

use super::read::Trouble;
use super::references::From;
use super::{Loading, not_read, unavailable};
use crate::{ReadError, join_path};

impl Loading<'_> {
    /// Notes the file that a reference wants the content of, or what is wrong with its path. Until
    /// it is read it is not there.
    pub(super) fn data(
        &mut self,
        from: From<'_>,
        id: ReferenceId,
        reference: &Reference,
    ) -> Target {
        let path = reference.path.as_deref().unwrap_or_default();
        if let Some(wrong) = PathProblem::of(path) {
            self.report(
                from.at(reference),
                wrong.code(),
                wrong.to_string(),
                wrong.fix(),
            );
        } else {
            let file = self.spelt(from, reference, join_path(from.path, path));
            self.data.entry(file).or_default().push((from.file, id));
        }
        unavailable(format!("`{path}` cannot be read"))
    }

    /// Reads the files that are wanted for their content, each once.
    pub(super) fn read_data(&mut self) {
        let wanted = std::mem::take(&mut self.data);
        let file_system = self.file_system;
        let paths: Vec<&String> = wanted.keys().collect();
        let read: Vec<Result<Vec<u8>, ReadError>> = paths
            .par_iter()
            .map(|path| file_system.read(path))
            .collect();
        for (users, read) in wanted.values().zip(read) {
            let read = read.map(Arc::from);
            for &(file, id) in users {
                self.settle_data(file, id, &read);
            }
        }
    }

    fn settle_data(&mut self, file: FileId, id: ReferenceId, read: &Result<Arc<[u8]>, ReadError>) {
        let unit = &mut self.loaded.project.units[file.0 as usize];
        match read {
            Ok(bytes) => unit.targets[id] = Target::Data(Arc::clone(bytes)),
            Err(error) => {
                let reference = &unit.template.references[id];
                let path = reference.path.as_deref().unwrap_or_default();
                let at = Location {
                    file,
                    span: reference.at,
                };
                let trouble = Trouble::Unread(error.clone());
                self.loaded.findings.push(not_read(path, &trouble, at));
            }
        }
    }
}
