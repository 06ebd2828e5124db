//! Invitations (邀请): how somebody comes to act for an organisation.
//!
//! An administrator names an address, a name and a role; a mail brings a token that is good once, for a week. Whoever
//! presents it becomes a new person, or adds the role to the account they have. A whole sheet of accounts is invited
//! the same way, after every row was looked at.
//! Promises: the token stands nowhere but in the mail; nobody accepts their own invitation; a sheet is invited whole
//! or not at all, and only when that is asked for.

mod api;
mod service;
pub mod sheet;
pub(super) mod store;
mod view;

pub(super) use api::routes;
