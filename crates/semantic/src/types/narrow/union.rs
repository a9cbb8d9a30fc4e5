//! Unions: some member of the wanted type must hold the value without complaint.

use super::super::model::Type;
use super::super::problem::{Level, Problem};
use super::{At, Narrow, Want};

impl<'a> Narrow<'_, 'a> {
    pub(super) fn union(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &Type<'a>,
        wanted: &[Type<'a>],
    ) -> Type<'a> {
        let Type::Union(members) = given else {
            return self.single(want, at, given, wanted);
        };
        // Each type that the value may be of must fit.
        let narrowed: Vec<Type<'a>> = members
            .iter()
            .map(|member| self.single(want, at, member, wanted))
            .collect();
        Type::union(narrowed)
    }

    /// A value of a type that is no union.
    fn single(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &Type<'a>,
        wanted: &[Type<'a>],
    ) -> Type<'a> {
        let mut tried: Vec<(Type<'a>, Vec<Problem>)> = Vec::new();
        for candidate in wanted {
            if !self.types.fits(given, candidate) {
                continue;
            }
            let before = std::mem::take(&mut self.problems);
            let narrowed = self.narrow(want, at, given.clone(), candidate);
            let found = std::mem::replace(&mut self.problems, before);
            // What a resource gives back is what is declared, not only what was put in.
            let kept = if want.in_resource {
                candidate.clone()
            } else {
                narrowed
            };
            tried.push((kept, found));
        }
        let is_error = |problem: &Problem| problem.level == Level::Error;
        let (viable, refused): (Vec<_>, Vec<_>) = tried
            .into_iter()
            .partition(|(_, found)| !found.iter().any(is_error));
        if viable.is_empty() {
            self.problems
                .extend(refused.into_iter().flat_map(|(_, found)| found));
            return Type::union(wanted.iter().cloned());
        }
        // Complaints count only if there is one about every member that would do.
        if viable.iter().all(|(_, found)| !found.is_empty()) {
            let found = viable.iter().flat_map(|(_, found)| found.iter().cloned());
            self.problems.extend(found);
        }
        Type::union(viable.into_iter().map(|(kept, _)| kept))
    }
}
