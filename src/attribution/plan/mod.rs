//! Attribution plans (收益分配方案): which part of a supplier's income goes to its households, and how.
//!
//! A plan is for the products it names, or for all of the supplier's that have none of their own.
//! Promises: a plan takes effect only when the county approves it; a product is under one plan at most, which the
//! database itself refuses to break; a plan is never edited, only replaced, product by product; a plan that could not hold is refused; what
//! the county approved anybody may read.

mod api;
mod service;
pub mod state;
mod store;
pub mod terms;
pub mod view;

pub use api::routes;
pub(super) use service::views;
pub use service::{approve, find_plan, find_plans, governing_plans, plan_in_force, propose};
pub(super) use store::ids_within;
pub use store::{in_force, in_force_among};
