//! The register of households (户): who lives where, who belongs to whom, and what a household is from when on.
//!
//! The words: a *household* has a national number and a village; its *members* have personal data; its *status*
//! (脱贫户, 监测户 …) and everything else of it change by appending, so that any past day can be told ([`history`]).
//! Promises: identity numbers, phones and bank accounts are encrypted in their row and column and masked in every
//! answer here; whoever shows them in full stands above and records why; a person is a member of one household; a
//! household is seen by its own county, its township and village, the cadre it is assigned to ([`helper`]), and by
//! auditors only.
//! Does not know who has agreements with a household or what it earns: that stands above.

pub mod api;
mod error;
pub mod helper;
pub mod history;
pub mod intake;
mod land;
mod sealed;
mod service;
mod store;
mod terms;
pub mod view;

pub use api::routes;
pub use error::{HouseholdError, KINDS};
pub use helper::ids_helped;
pub use land::{
    Holding, LandShare, faults_of_shares, hold_many, holdings, ids_by_number, pass_all, pass_shares, require_shares,
};
pub use sealed::SEALED;
pub use service::{
    Payee, add_status, briefs, find, find_by_number, find_in, find_many, has_member, hold, ids_assigned_to,
    is_assigned, masked_names, members, members_with_numbers, open_members, opens_with, payees, people_of, phone_of,
    register, register_many, status_on, statuses_of_many, village_of,
};
pub use store::{
    Counties, after_in_county, count_by_status, count_in_counties, ids_in_county, ids_in_village, ids_seen,
    of_counties, seen_by, villages_seen, with_status,
};
pub use terms::{faults_of_members, faults_of_people, is_number};
