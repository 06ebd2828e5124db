//! The history of the register: what a household and each of its people were on any day.
//!
//! A household has a village and a status, and may be merged into another; a person belongs to a household, has a
//! relation to its head, schooling, health, labour skill and work away from home. Each of these changes by an entry
//! with the day from which it is so, its source (registration, case, survey, import) and who entered it.
//! Promises: nothing is overwritten; what holds on a day is what was entered last for the latest day not after it, one
//! rule for everything, also for the status by which income is attributed; the rows of the register itself hold what
//! holds today, derived from here in the same transaction; health is sealed and shown in no answer of this room but to
//! whoever reveals the household.
//! Does not know why a case was decided: that stands above.

mod api;
mod fold;
mod list;
mod merge;
mod people;
mod service;
mod store;
mod view;
mod write;

pub(super) use api::routes;
pub use fold::{
    HouseholdOn, MONITORED, MemberOn, household_on, is_monitored, member_on, status_after_risk, status_on, type_on,
};
pub(super) use list::on_day;
pub use merge::{Merges, merges_of};
pub use people::{People, people_of};
pub use service::{healths, since, type_today};
pub(super) use service::{merged_into, show};
pub(super) use store::{by_hashes, ids_settled_in, insert_first, of_members};
pub use write::{Founding, Move, Origin, Presence, enter_status, found, join, merge, move_members, refresh};
pub(super) use write::{joined, said, settled};
