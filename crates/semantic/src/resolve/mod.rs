//! Resources as they would be deployed: where they are declared, through which module calls and
//! rounds of loops they are reached, and what their properties are.

mod deployed;
mod sites;

pub use deployed::{Deployed, Found, Lookup};
pub use sites::{MAX_FREED, Place, Site, Sites, Visit, places, sites};
