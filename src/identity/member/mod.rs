//! Members (成员): who holds which role in an organisation, and what its administrator decides about that.
//!
//! Promises: nobody changes their own membership; an organisation is never left without an administrator, nor the
//! platform without an operator; whoever loses a role loses its sessions in the same moment. Nothing is deleted: a
//! membership that was removed can be given back, and an account that is closed keeps what it did.

mod api;
pub(super) mod service;
pub(super) mod store;
mod view;

pub(super) use api::routes;
