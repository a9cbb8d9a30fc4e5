//! How many nodes a pool has at the least.

use tricep_semantic::eval::{Kinds, Value, Why};
use tricep_semantic::resolve::{Deployed, Found};

use crate::aks::pools::field;
use crate::answer::{Answer, Open, Truth};
use crate::property::{Property, SET, State, VALUE};

/// So many nodes has a pool that does not say.
const DEFAULT_COUNT: i64 = 1;

/// The nodes of a pool.
pub(crate) struct Count {
    /// So many it has for sure, whatever is not known.
    pub(crate) least: i64,
    /// Set where it may have more, in a deployment that is not known.
    pub(crate) open: Option<Open>,
    /// The property that says so.
    of: Property,
}

impl Count {
    /// Whether these are enough.
    pub(crate) fn is_at_least(&self, wanted: i64) -> Answer {
        let words = match self.of.is_unset() {
            true => format!("`{}` is not set, so {DEFAULT_COUNT}", self.of.name),
            false => self.of.is_what(),
        };
        match &self.open {
            _ if self.least >= wanted => self.of.answer(Truth::Yes, SET, words),
            Some(open) => self.of.open(open.clone()),
            None => {
                let detail = format!("{words}, less than {wanted}");
                self.of.answer(Truth::No, VALUE, detail)
            }
        }
    }
}

/// The nodes of a pool: `minCount` counts only where the pool grows by itself, else `count` does.
pub(crate) fn count(resource: &mut Deployed<'_, '_>, pool: &Found) -> Count {
    let fixed = number(field(resource, pool, "count"), DEFAULT_COUNT);
    let kind = field(resource, pool, "type");
    let is_other = kind.is_one_of(resource, &["VirtualMachines"]).truth;
    if !matches!(is_other, Truth::No) {
        // Their number stands in a profile for each size.
        let why = Why::Unsupported("the number of nodes in a pool of virtual machines".to_owned());
        return Count {
            least: 0,
            open: Some(Open::because(why)),
            of: fixed.of,
        };
    }
    let scaling = field(resource, pool, "enableAutoScaling").is_true(resource);
    let least = field(resource, pool, "minCount");
    let growing = if least.is_unset() {
        None
    } else {
        Some(number(least, DEFAULT_COUNT))
    };
    match (scaling.truth, growing) {
        (Truth::No, _) | (_, None) => fixed,
        (Truth::Yes, Some(growing)) => growing,
        (Truth::Open(open), Some(growing)) => Count {
            least: growing.least.min(fixed.least),
            open: Some(open),
            of: growing.of,
        },
    }
}

fn number(of: Property, default: i64) -> Count {
    let (least, open) = match &of.state {
        State::Unset => (default, None),
        State::Value(Value::Int(number)) => (*number, None),
        State::Unknown(unknown) if unknown.kinds.may_be(Kinds::NUMBER) => {
            (0, Some(Open::of(unknown)))
        }
        State::Value(_) | State::Unknown(_) => (0, None),
    };
    Count { least, open, of }
}
