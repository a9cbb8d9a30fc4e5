//! Lists without repetition: `union`, `distinct` and `intersection` of lists.
//!
//! The engine compares elements by their JSON text, so the order of keys counts here although it
//! does not for `==` (array-basic-0068, array-basic-0101), and keeps the first of equals
//! (object-union-0061). What is not known may equal something else in the list. Then neither the
//! number nor the places are sure: such elements become stretches, but what is surely contained
//! keeps a stretch of exactly one, and the list never looks shorter than one element if any part
//! has one.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::partial::{self, part, stretch};
use crate::eval::compare;
use crate::eval::text::json_text;
use crate::eval::unknown::Unknown;
use crate::eval::value::{Element, List, Rest, Thunk, Value};
use crate::eval::work::Work;

/// The elements kept so far.
#[derive(Default)]
pub(super) struct Distinct {
    kept: Vec<Kept>,
    seen: FxHashSet<String>,
}

/// An element that is kept.
struct Kept {
    element: Element,
    /// Its value, or that of any element of the stretch.
    value: Value,
    /// What is not known of it.
    unknown: Option<Rc<Unknown>>,
}

impl Kept {
    fn stretch(rest: Rest) -> Self {
        Self {
            value: rest.element.clone(),
            unknown: Some(Rc::clone(&rest.unknown)),
            element: Element::Rest(rest),
        }
    }

    /// An element that is in the list, at a place that is not known.
    fn somewhere(value: Value, unknown: &Rc<Unknown>, known: bool) -> Self {
        let rest = Rest {
            element: value.clone(),
            ..stretch(unknown, 1, Some(1))
        };
        Self {
            element: Element::Rest(rest),
            value,
            unknown: (!known).then(|| Rc::clone(unknown)),
        }
    }

    /// An element that may equal another one that is kept.
    fn perhaps(value: Value, unknown: &Rc<Unknown>) -> Self {
        Self::stretch(Rest {
            element: value,
            ..stretch(unknown, 0, Some(1))
        })
    }

    /// Makes room for the case that another element is this one.
    fn loosen(&mut self) {
        self.element = match &self.element {
            Element::One(_) => {
                let Some(unknown) = &self.unknown else { return };
                Element::Rest(Rest {
                    element: self.value.clone(),
                    ..stretch(unknown, 0, Some(1))
                })
            }
            Element::Rest(rest) => Element::Rest(part(rest, 0, rest.max)),
        };
    }
}

impl Distinct {
    /// Adds the elements of a list.
    pub(super) fn add_list(&mut self, work: &mut Work<'_, '_>, list: &List) -> Result<(), Value> {
        for element in &list.elements {
            work.spend(1)?;
            match element {
                Element::One(thunk) => self.add_one(work, thunk)?,
                Element::Rest(rest) => self.add_stretch(rest),
            }
        }
        Ok(())
    }

    fn add_one(&mut self, work: &mut Work<'_, '_>, thunk: &Thunk) -> Result<(), Value> {
        let value = work.value(thunk);
        match json_text(work, &value)? {
            Ok(text) => {
                if self.seen.insert(text) {
                    self.add_known(work, thunk, value)?;
                }
                Ok(())
            }
            Err(unknown) => self.add_unknown(work, thunk, value, &unknown),
        }
    }

    /// Places of kept elements that may be equal to the value.
    fn rivals(
        &self,
        work: &mut Work<'_, '_>,
        value: &Value,
        among: impl Fn(&Kept) -> bool,
    ) -> Result<Vec<usize>, Value> {
        let mut rivals = Vec::new();
        for (place, kept) in self.kept.iter().enumerate() {
            if !among(kept) {
                continue;
            }
            match compare::equal(work, &kept.value, value) {
                Ok(false) => {}
                Err(unknown) if crate::eval::text::failing(&unknown).is_err() => {
                    return Err(Value::Unknown(unknown));
                }
                _ => rivals.push(place),
            }
        }
        Ok(rivals)
    }

    fn add_known(
        &mut self,
        work: &mut Work<'_, '_>,
        thunk: &Thunk,
        value: Value,
    ) -> Result<(), Value> {
        let rivals = self.rivals(work, &value, |kept| kept.unknown.is_some())?;
        let Some(unknown) = rivals
            .first()
            .and_then(|&place| self.kept[place].unknown.clone())
        else {
            self.kept.push(Kept {
                element: Element::One(thunk.clone()),
                value,
                unknown: None,
            });
            return Ok(());
        };
        for &place in &rivals {
            self.kept[place].loosen();
        }
        self.kept.push(Kept::somewhere(value, &unknown, true));
        self.close(&unknown);
        Ok(())
    }

    fn add_unknown(
        &mut self,
        work: &mut Work<'_, '_>,
        thunk: &Thunk,
        value: Value,
        unknown: &Rc<Unknown>,
    ) -> Result<(), Value> {
        let rivals = self.rivals(work, &value, |_| true)?;
        let surely_some = rivals.iter().any(|&place| match &self.kept[place].element {
            Element::One(_) => true,
            Element::Rest(rest) => rest.min > 0,
        });
        let unknown_of = Some(Rc::clone(unknown));
        if rivals.is_empty() {
            let element = Element::One(thunk.clone());
            self.kept.push(Kept {
                element,
                value,
                unknown: unknown_of,
            });
        } else if surely_some {
            self.kept.push(Kept::perhaps(value, unknown));
        } else {
            self.kept.push(Kept::somewhere(value, unknown, false));
            self.close(unknown);
        }
        Ok(())
    }

    fn add_stretch(&mut self, rest: &Rest) {
        let (least, _) = self.bounds();
        let min = if least == 0 { rest.min.min(1) } else { 0 };
        self.kept.push(Kept::stretch(Rest {
            min,
            ..rest.clone()
        }));
    }

    /// What was loosened may also stand behind the element that was added last.
    fn close(&mut self, unknown: &Rc<Unknown>) {
        self.kept.push(Kept::stretch(stretch(unknown, 0, None)));
    }

    fn elements(&self) -> Vec<Element> {
        self.kept.iter().map(|kept| kept.element.clone()).collect()
    }

    fn bounds(&self) -> (usize, Option<usize>) {
        partial::bounds(&self.elements())
    }

    /// The list.
    pub(super) fn finish(self) -> Value {
        partial::list(self.elements())
    }
}

/// The elements of the first list that all others have; an unknown where that is not known.
pub(super) fn intersection(
    work: &mut Work<'_, '_>,
    lists: &[Rc<List>],
) -> Result<Result<Vec<Thunk>, Rc<Unknown>>, Value> {
    let mut common: Option<FxHashSet<String>> = None;
    for list in lists.iter().skip(1) {
        let texts = match texts(work, list)? {
            Ok(texts) => texts,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let texts: FxHashSet<String> = texts.into_iter().map(|(text, _)| text).collect();
        common = Some(match common {
            None => texts,
            Some(common) => common.intersection(&texts).cloned().collect(),
        });
    }
    let mut common = common.unwrap_or_default();
    Ok(texts(work, &lists[0])?.map(|first| {
        let found = first.into_iter().filter(|(text, _)| common.remove(text));
        found.map(|(_, thunk)| thunk).collect()
    }))
}

type Texts = Vec<(String, Thunk)>;

fn texts(work: &mut Work<'_, '_>, list: &List) -> Result<Result<Texts, Rc<Unknown>>, Value> {
    let mut texts = Vec::with_capacity(list.elements.len());
    for element in &list.elements {
        match element {
            Element::Rest(rest) => return Ok(Err(Rc::clone(&rest.unknown))),
            Element::One(thunk) => {
                let value = work.value(thunk);
                match json_text(work, &value)? {
                    Ok(text) => texts.push((text, thunk.clone())),
                    Err(unknown) => return Ok(Err(unknown)),
                }
            }
        }
    }
    Ok(Ok(texts))
}
