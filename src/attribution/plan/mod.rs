//! Attribution plans (收益分配方案): which part of a supplier's income goes to its households, and how.
//!
//! Promises: a plan takes effect only when the county approves it; a supplier has at most one in force, which the
//! database itself refuses to break; a plan is never edited, only replaced; a plan that could not hold is refused; what
//! the county approved anybody may read.

mod api;
mod service;
pub mod state;
mod store;
pub mod terms;
pub mod view;

pub use api::routes;
pub use service::{approve, find_plan, find_plans, plan_in_force, propose};
pub(super) use store::ids_within;
pub use store::{in_force, in_force_among};
