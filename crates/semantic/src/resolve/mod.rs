//! Resources as they would be deployed: where they are declared, through which module calls and
//! rounds of loops they are reached, and what their properties are.

mod attached;
mod data;
mod deployed;
mod evaluators;
mod expand;
mod order;
mod sensitive;
mod sites;

pub use attached::{Belongs, Met, Owned, belongs, each_copy, each_copy_of, is_same_text};
pub use data::{Data, Item};
pub use deployed::{Deployed, Found, Lookup};
pub use evaluators::Evaluators;
pub use expand::{Call, Expanded, ExpandedOutput, ExpandedResource, Problem, expand};
pub use sensitive::hide_sensitive;
pub use sites::{Doubts, MAX_FREED, Place, Site, Sites, Visit, places, sites};
