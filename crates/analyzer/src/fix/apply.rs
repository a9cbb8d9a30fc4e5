//! Changes of the text are chosen so that they do not touch each other, and made.

use std::collections::BTreeMap;
use std::ops::Bound;

use tricep_syntax::text::Span;

use super::write::Change;

/// Changes of one file that do not touch each other.
#[derive(Clone, Default, Debug)]
pub(super) struct Changes<'a> {
    /// By start; several start at one place only where each adds a member of its own.
    by_start: BTreeMap<u32, Vec<&'a Change>>,
}

impl<'a> Changes<'a> {
    /// Whether a change touches none of those taken so far.
    pub(super) fn allow(&self, change: &Change) -> bool {
        let Span { start, end } = change.span;
        let before = (Bound::Unbounded, Bound::Excluded(start));
        let reaching = self.by_start.range(before).next_back();
        let before = reaching.into_iter().flat_map(|(_, changes)| changes);
        let behind = self.by_start.range(start..=end);
        let mut near = before.chain(behind.flat_map(|(_, changes)| changes));
        near.all(|other| is_apart(change, other))
    }

    pub(super) fn take(&mut self, change: &'a Change) {
        let here = self.by_start.entry(change.span.start).or_default();
        here.push(change);
    }

    /// The text with all changes made, and where they ended up.
    pub(super) fn apply(&self, text: &str) -> (String, Shifts) {
        let mut out = String::with_capacity(text.len());
        let mut shifts = Shifts::default();
        let mut done = 0;
        for change in self.by_start.values().flatten() {
            let kept = done as usize..change.span.start as usize;
            out.push_str(text.get(kept).unwrap_or_default());
            let start = out.len() as u32;
            out.push_str(&change.text);
            shifts.0.push(Shift {
                old: change.span,
                adds: change.adds.clone(),
                new: Span::new(start, out.len() as u32),
            });
            done = change.span.end;
        }
        out.push_str(text.get(done as usize..).unwrap_or_default());
        (out, shifts)
    }
}

/// Whether two changes can be made together.
fn is_apart(a: &Change, b: &Change) -> bool {
    if a.span.is_empty() && a.span == b.span {
        return a.adds.is_some() && b.adds.is_some() && a.adds != b.adds;
    }
    if a.span.is_empty() || b.span.is_empty() {
        // Which of the two comes first at a common border is not plain.
        return a.span.end < b.span.start || b.span.end < a.span.start;
    }
    a.span.end <= b.span.start || b.span.end <= a.span.start
}

/// Where a change was made.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Shift {
    old: Span,
    /// Tells changes at one place from each other.
    adds: Option<String>,
    new: Span,
}

/// How places move with the changes of a file, sorted.
#[derive(Clone, Default, Debug)]
pub(super) struct Shifts(Vec<Shift>);

impl Shifts {
    /// Where a place ends up; a place that goes ends up where its change is.
    pub(super) fn moved(&self, offset: u32) -> u32 {
        let before = self.0.partition_point(|shift| shift.old.start < offset);
        match before.checked_sub(1).and_then(|n| self.0.get(n)) {
            None => offset,
            Some(shift) if offset < shift.old.end => shift.new.start,
            Some(shift) => shift.new.end + (offset - shift.old.end),
        }
    }

    /// Where the text that a change put in stands.
    pub(super) fn written(&self, change: &Change) -> Option<Span> {
        let start = change.span.start;
        let first = self.0.partition_point(|shift| shift.old.start < start);
        let here = self.0.get(first..).unwrap_or_default().iter();
        let mut here = here.take_while(|shift| shift.old.start == start);
        let own = here.find(|shift| shift.old == change.span && shift.adds == change.adds);
        own.map(|shift| shift.new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: u32, end: u32, text: &str, adds: Option<&str>) -> Change {
        Change {
            span: Span::new(start, end),
            text: text.to_owned(),
            adds: adds.map(str::to_owned),
        }
    }

    #[test]
    fn members_are_added_together_and_nothing_else() {
        let first = change(5, 5, "a", Some("a"));
        let mut changes = Changes::default();
        changes.take(&first);
        assert!(changes.allow(&change(5, 5, "b", Some("b"))));
        assert!(!changes.allow(&change(5, 5, "x", Some("a"))));
        assert!(!changes.allow(&change(5, 5, "x", None)));
        assert!(!changes.allow(&change(3, 5, "x", None)));
        assert!(!changes.allow(&change(4, 7, "x", None)));
        assert!(changes.allow(&change(6, 7, "x", None)));
    }

    #[test]
    fn what_overlaps_waits() {
        let first = change(5, 9, "", None);
        let mut changes = Changes::default();
        changes.take(&first);
        assert!(changes.allow(&change(9, 12, "", None)));
        assert!(changes.allow(&change(2, 5, "", None)));
        assert!(!changes.allow(&change(8, 12, "", None)));
        assert!(!changes.allow(&change(2, 20, "", None)));
        assert!(!changes.allow(&change(6, 6, "x", None)));
    }

    #[test]
    fn places_move_with_the_changes() {
        let (first, second) = (change(1, 3, "xyzw", None), change(4, 4, "!", None));
        let mut changes = Changes::default();
        changes.take(&second);
        changes.take(&first);
        let (text, shifts) = changes.apply("abcdef");
        assert_eq!(text, "axyzwd!ef");
        let moved: Vec<u32> = (0..=6).map(|offset| shifts.moved(offset)).collect();
        assert_eq!(moved, [0, 1, 1, 5, 6, 8, 9]);
        assert_eq!(shifts.written(&second), Some(Span::new(6, 7)));
    }
}
