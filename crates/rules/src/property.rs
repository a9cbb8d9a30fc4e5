//! A property of a resource, and what rules ask of it.
//!
//! ARM drops a property whose value is null, so null is the same as missing.

use std::rc::Rc;

use tricep_semantic::eval::{Element, Kinds, List, Piece, Rest, Unknown, Value, to_display};
use tricep_semantic::resolve::{Deployed, Found, Lookup, is_same_text};
use tricep_syntax::text::Location;

use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::fix::{Applicability, Edit, Fix, Literal};

/// The property is missing or null.
pub(crate) const MISSING: Reason = Reason::new("missing", "missing here");
/// The property has a value that the rule does not want.
pub(crate) const VALUE: Reason = Reason::new("value", "not the right value");
/// The property has a value of another kind than Azure wants.
pub(crate) const KIND: Reason = Reason::new("kind", "not the right kind of value");
/// The property is as it should be.
pub(crate) const SET: Reason = Reason::new("set", "set");
/// The property is not set, and what the service does then is right.
pub(crate) const DEFAULT: Reason = Reason::new("default", "right by default");

/// What is known of a property.
#[derive(Clone, Debug)]
pub enum State {
    /// It is missing or null.
    Unset,
    /// It has this value.
    Value(Value),
    /// Its value is not known.
    Unknown(Rc<Unknown>),
}

/// A property that was looked up.
#[derive(Clone, Debug)]
pub struct Property {
    /// The last name of its path.
    pub name: &'static str,
    /// What is known of it.
    pub state: State,
    /// The value; where there is none, the innermost object that is there.
    pub found: Found,
    /// Where a person would set it.
    pub at: Location,
    /// Where it can be added: the object literal and the names that are missing below it.
    place: Option<(Location, Vec<&'static str>)>,
}

impl Property {
    /// Looks a property up below `container`; `body_at` is the body of the resource.
    pub(crate) fn look_up(
        resource: &mut Deployed<'_, '_>,
        container: Found,
        path: &[&'static str],
    ) -> Self {
        let name = path.last().copied().unwrap_or_default();
        match resource.lookup_in(container, path) {
            Lookup::Absent { nearest, depth } => Self::absent(resource, name, nearest, path, depth),
            Lookup::Found(found) => {
                let state = match &found.traced.value {
                    Value::Null => State::Unset,
                    Value::Unknown(unknown) => State::Unknown(Rc::clone(unknown)),
                    value => State::Value(value.clone()),
                };
                Self {
                    name,
                    at: found.place(),
                    state,
                    found,
                    place: None,
                }
            }
        }
    }

    fn absent(
        resource: &Deployed<'_, '_>,
        name: &'static str,
        nearest: Found,
        path: &[&'static str],
        depth: usize,
    ) -> Self {
        // The object around it is where it belongs; further out only the start is sure to be right.
        let is_around = depth + 1 == path.len() && depth > 1;
        let is_start = depth == 0 && nearest.own;
        let at = if is_around || is_start || nearest.traced.trail.argument.is_some() {
            nearest.place()
        } else {
            resource.at()
        };
        let object = if depth == 0 && !nearest.own {
            Some(resource.body_at())
        } else {
            (nearest.own && is_plain(&nearest)).then_some(nearest.at)
        };
        Self {
            name,
            state: State::Unset,
            at,
            place: object.map(|object| (object, path[depth..].to_vec())),
            found: nearest,
        }
    }

    /// Its value, known or not; `None`: it is missing or null.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match &self.state {
            State::Unset => None,
            State::Value(value) => Some(value.clone()),
            State::Unknown(unknown) => Some(Value::Unknown(Rc::clone(unknown))),
        }
    }

    /// Whether it is missing or null.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        matches!(self.state, State::Unset)
    }

    /// An answer about it.
    #[must_use]
    pub fn answer(&self, truth: Truth, reason: Reason, detail: String) -> Answer {
        Answer {
            at: self.at,
            ..Answer::about(&self.found, truth, reason, detail)
        }
    }

    /// That it is not set, which is right or not.
    #[must_use]
    pub fn unset(&self, is_right: bool) -> Answer {
        let reason = if is_right { DEFAULT } else { MISSING };
        let detail = match self.found.traced.value {
            Value::Null => format!("`{}` is null", self.name),
            _ => format!("`{}` is not set", self.name),
        };
        self.answer(Truth::known(is_right), reason, detail)
    }

    /// That its value is not known.
    #[must_use]
    pub fn open(&self, open: Open) -> Answer {
        let detail = open.unknown.why.to_string();
        let reason = Reason::of(&open.unknown.why);
        self.answer(Truth::Open(open), reason, detail)
    }

    /// Its value as it may be shown.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.found)
    }

    /// "`name` is value".
    #[must_use]
    pub fn is_what(&self) -> String {
        format!("`{}` is {}", self.name, self.shown())
    }

    /// Sets it to a value: in place of a literal that stands there, or as a new property of the
    /// object that lacks it. `None` where the value comes from elsewhere.
    #[must_use]
    pub fn set_to(&self, value: Literal, applicability: Applicability) -> Option<Fix> {
        let title = format!("set `{}` to {}", self.name, title_of(&value));
        let edit = match &self.place {
            Some((object, path)) => Edit::Add {
                object: *object,
                path: path.clone(),
                value,
            },
            None if self.found.own && is_plain(&self.found) => Edit::Replace {
                at: self.found.at,
                value,
            },
            None => return None,
        };
        Some(Fix {
            title,
            applicability,
            edits: vec![edit],
        })
    }

    /// Sets it to a text, which changes what is deployed.
    #[must_use]
    pub fn set_to_text(&self, text: &str) -> Option<Fix> {
        self.set_to(Literal::Text(text.to_owned()), Applicability::Unsafe)
    }

    /// Whether it is true. ARM converts no text, so `'true'` is not; that it is meant so is beyond
    /// doubt.
    #[must_use]
    pub fn is_true(&self, resource: &Deployed<'_, '_>) -> Answer {
        let on = || self.set_to(Literal::Bool(true), Applicability::Unsafe);
        match &self.state {
            State::Unset => self.unset(false).with_fix(on()),
            State::Value(Value::Bool(true)) => self.answer(Truth::Yes, SET, self.is_what()),
            State::Value(Value::Bool(false)) => {
                self.answer(Truth::No, VALUE, self.is_what()).with_fix(on())
            }
            State::Value(value) => self.no_flag(value, true),
            State::Unknown(unknown) => self.ask_flag(resource, unknown, true),
        }
    }

    /// Whether it is not true: false, or not set.
    #[must_use]
    pub fn is_not_true(&self, resource: &Deployed<'_, '_>) -> Answer {
        let off = || self.set_to(Literal::Bool(false), Applicability::Unsafe);
        match &self.state {
            State::Unset => self.unset(true),
            State::Value(Value::Bool(false)) => self.answer(Truth::Yes, SET, self.is_what()),
            State::Value(Value::Bool(true)) => self
                .answer(Truth::No, VALUE, self.is_what())
                .with_fix(off()),
            State::Value(value) => self.no_flag(value, false),
            State::Unknown(unknown) => self.ask_flag(resource, unknown, false),
        }
    }

    fn ask_flag(&self, resource: &Deployed<'_, '_>, unknown: &Rc<Unknown>, wanted: bool) -> Answer {
        if !unknown.kinds.may_be(Kinds::BOOL.or(Kinds::NULL)) {
            let detail = format!("`{}` can be no `true` or `false`", self.name);
            return self.answer(Truth::No, KIND, detail);
        }
        let is_true = Truth::of(resource.ask_whether_true(&self.found, unknown), unknown);
        let holds = if wanted { is_true } else { is_true.not() };
        self.asked(holds)
    }

    /// That it is surely of another kind than the wanted ones; `None` where it may be of them, or is
    /// not set.
    #[must_use]
    pub fn refuse_kind(&self, kinds: Kinds, wanted: &str) -> Option<Answer> {
        match &self.state {
            State::Value(value) if !kinds.may_be(value.kinds()) => {
                Some(self.wrong_kind(value, wanted))
            }
            State::Unknown(unknown) if !kinds.or(Kinds::NULL).may_be(unknown.kinds) => {
                let detail = format!(
                    "`{}` can be no {}",
                    self.name,
                    wanted.trim_start_matches("a ")
                );
                Some(self.answer(Truth::No, KIND, detail))
            }
            _ => None,
        }
    }

    /// Something else where a flag belongs. A text that says what is wanted is beyond doubt meant so.
    fn no_flag(&self, value: &Value, wanted: bool) -> Answer {
        let says = |text: &str| text.eq_ignore_ascii_case(if wanted { "true" } else { "false" });
        let applicability = match value {
            Value::Text(text) if says(text) => Applicability::Safe,
            _ => Applicability::Unsafe,
        };
        self.wrong_kind(value, "`true` or `false`")
            .with_fix(self.set_to(Literal::Bool(wanted), applicability))
    }

    /// That it is of another kind than Azure wants.
    fn wrong_kind(&self, value: &Value, wanted: &str) -> Answer {
        let detail = format!(
            "`{}` must be {wanted} and is {}",
            self.name,
            match value {
                Value::Text(_) => format!("the text {}", self.shown()),
                other => other.kind_name().to_owned(),
            }
        );
        self.answer(Truth::No, KIND, detail)
    }

    /// Whether it is one of some texts, letter case aside. Not set, it is none.
    #[must_use]
    pub fn is_one_of(&self, resource: &Deployed<'_, '_>, wanted: &[&str]) -> Answer {
        match &self.state {
            State::Unset => self.unset(false),
            State::Value(Value::Text(text)) => {
                let is_wanted = wanted.iter().any(|one| text.eq_ignore_ascii_case(one));
                let reason = if is_wanted { SET } else { VALUE };
                self.answer(Truth::known(is_wanted), reason, self.is_what())
            }
            State::Value(value @ Value::Partial(_)) => {
                let ask =
                    |text: &&str| Truth::of_belonging(is_same_text(value, &Value::text(*text)));
                match wanted.iter().map(ask).fold(Truth::No, Truth::or) {
                    Truth::Open(open) => self.open(open),
                    holds => self.answer(holds, VALUE, self.is_what()),
                }
            }
            State::Value(value) => self.wrong_kind(value, "a text"),
            State::Unknown(unknown) if !unknown.kinds.may_be(Kinds::TEXT.or(Kinds::NULL)) => {
                self.no_text()
            }
            State::Unknown(unknown) => {
                let ask =
                    |text: &&str| Truth::of(resource.ask_whether_text(unknown, text), unknown);
                let holds = wanted.iter().map(ask).reduce(Truth::or);
                self.asked(holds.unwrap_or(Truth::No))
            }
        }
    }

    /// The answer about a text of which only pieces are known.
    fn partly(&self, pieces: &[Piece]) -> Answer {
        let unknown = pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(Open::of(unknown)),
            Piece::Known(_) => None,
        });
        match unknown {
            Some(open) => self.open(open),
            None => self.answer(Truth::No, VALUE, self.is_what()),
        }
    }

    /// Whether it is a text in which nothing is wrong; `refuse` says what is, in words to stand behind
    /// "`name` is 'text'". Not set, it is none.
    #[must_use]
    pub fn is_text(&self, refuse: impl Fn(&str) -> Option<String>) -> Answer {
        match &self.state {
            State::Unset => self.unset(false),
            State::Value(Value::Text(text)) => match refuse(text) {
                None => self.answer(Truth::Yes, SET, self.is_what()),
                Some(why) => {
                    let detail = self.is_what() + &why;
                    self.answer(Truth::No, VALUE, detail)
                }
            },
            State::Value(Value::Partial(pieces)) => self.partly(pieces),
            State::Value(value) => self.wrong_kind(value, "a text"),
            State::Unknown(unknown) if !unknown.kinds.may_be(Kinds::TEXT.or(Kinds::NULL)) => {
                self.no_text()
            }
            State::Unknown(unknown) => self.open(Open::of(unknown)),
        }
    }

    fn no_text(&self) -> Answer {
        let detail = format!("`{}` can be no text", self.name);
        self.answer(Truth::No, KIND, detail)
    }

    /// Whether it is none of some texts, letter case aside. Not set, it is none.
    #[must_use]
    pub fn is_none_of(&self, resource: &Deployed<'_, '_>, unwanted: &[&str]) -> Answer {
        let mut answer = self.is_one_of(resource, unwanted);
        if self.is_unset() {
            return self.unset(true);
        }
        if answer.reason == KIND {
            return answer;
        }
        if let State::Unknown(_) = self.state {
            return self.asked(answer.truth.not());
        }
        answer.reason = match answer.truth {
            Truth::Yes => VALUE,
            Truth::No => SET,
            Truth::Open(_) => answer.reason,
        };
        answer.truth = answer.truth.not();
        answer
    }

    /// Whether it is a number that is not smaller than `least`. Not set, it is not.
    #[must_use]
    pub fn is_at_least(&self, least: i64) -> Answer {
        let set = || self.set_to(Literal::Int(least), Applicability::Unsafe);
        match &self.state {
            State::Unset => self.unset(false).with_fix(set()),
            State::Value(Value::Int(number)) if *number >= least => {
                self.answer(Truth::Yes, SET, self.is_what())
            }
            State::Value(Value::Int(_)) => {
                let detail = format!("{}, less than {least}", self.is_what());
                self.answer(Truth::No, VALUE, detail).with_fix(set())
            }
            State::Value(value) => self.wrong_kind(value, "a number"),
            State::Unknown(unknown) if unknown.kinds.may_be(Kinds::NUMBER) => {
                self.open(Open::of(unknown))
            }
            State::Unknown(_) => {
                let detail = format!("`{}` can be no number", self.name);
                self.answer(Truth::No, KIND, detail)
            }
        }
    }

    /// Whether there is anything in it: a list, text or object that is not empty.
    #[must_use]
    pub fn is_filled(&self, resource: &Deployed<'_, '_>) -> Answer {
        let length = match &self.state {
            State::Unset => return self.unset(false),
            State::Unknown(unknown) => {
                let empty = Truth::of(resource.ask_whether_empty(unknown), unknown);
                return self.asked(empty.not());
            }
            State::Value(Value::Text(text)) => text.len(),
            State::Value(Value::List(list)) if list.min_len() > 0 => 1,
            State::Value(Value::List(list)) if list.elements.is_empty() => 0,
            State::Value(Value::Object(object)) => match &object.rest {
                Some(rest) if object.entries.is_empty() && rest.min == 0 => {
                    let empty = resource.ask_whether_empty(&rest.unknown);
                    return self.asked(Truth::of(empty, &rest.unknown).not());
                }
                Some(_) => 1,
                None => object.entries.len(),
            },
            State::Value(Value::List(list)) => return self.stretches(resource, list),
            State::Value(Value::Partial(pieces)) => {
                let is_some =
                    |piece: &Piece| matches!(piece, Piece::Known(text) if !text.is_empty());
                if !pieces.iter().any(is_some) {
                    return self.partly(pieces);
                }
                1
            }
            State::Value(value) => return self.wrong_kind(value, "a list, text or object"),
        };
        let reason = if length > 0 { SET } else { VALUE };
        let detail = if length > 0 {
            format!("`{}` is set", self.name)
        } else {
            format!("`{}` is empty", self.name)
        };
        self.answer(Truth::known(length > 0), reason, detail)
    }

    /// A list holds something if one of its stretches of unknown elements does.
    fn stretches(&self, resource: &Deployed<'_, '_>, list: &List) -> Answer {
        let rests = list.elements.iter().filter_map(|element| match element {
            Element::Rest(rest) if rest.max != Some(0) => Some(rest),
            _ => None,
        });
        let ask = |rest: &Rest| {
            let empty = resource.ask_whether_empty(&rest.unknown);
            Truth::of(empty, &rest.unknown).not()
        };
        self.asked(rests.map(ask).reduce(Truth::or).unwrap_or(Truth::No))
    }

    /// The answer where a value that is not known was asked about.
    #[must_use]
    pub fn asked(&self, holds: Truth) -> Answer {
        match holds {
            Truth::Yes => self.answer(Truth::Yes, SET, format!("`{}` is set", self.name)),
            Truth::No => {
                let detail = format!("`{}` is not as it should be", self.name);
                self.answer(Truth::No, VALUE, detail)
            }
            Truth::Open(open) => self.open(open),
        }
    }
}

/// Whether a value stands where it is found, as a literal and not by way of a variable or a parameter.
fn is_plain(found: &Found) -> bool {
    found.traced.trail.steps().is_empty() && found.traced.trail.argument.is_none()
}

/// A value as it may be shown.
#[must_use]
pub(crate) fn shown(found: &Found) -> String {
    match &found.traced.value {
        _ if found.traced.trail.secret => "a secret".to_owned(),
        value => to_display(value),
    }
}

fn title_of(value: &Literal) -> String {
    match value {
        Literal::Bool(value) => format!("`{value}`"),
        Literal::Int(value) => value.to_string(),
        Literal::Text(text) => format!("'{text}'"),
        Literal::List(_) => "a list".to_owned(),
    }
}
