//! Helper cadres (帮扶干部) and the few households assigned to each (包户).
//!
//! The county's revitalisation office keeps who helps whom, from which day to which; a cadre sees the households
//! assigned to them now, and no others. A cadre holds an established post of the township's level or above, or manages an
//! enterprise; has at most three households; and anybody else, or more, only with a reason that stays on record.
//! Promises: nobody assigns a household to themselves; an assignment that ended stays readable and opens nothing.

mod api;
mod service;
mod store;
mod terms;
pub mod view;

pub(super) use api::routes;
pub(super) use store::ids_assigned_to;
pub use store::ids_helped;
pub use terms::{MOST_HOUSEHOLDS, fits, may_take};
