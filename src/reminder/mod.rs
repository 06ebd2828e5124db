//! Reminders that come with the calendar (定期提醒): what an organisation should see to, told before it is too late.
//!
//! In the last days of a month, buyers whose paid orders are not rated, for unrated orders do not count in it; every
//! week, buyers who owe suppliers, suppliers who owe households, and villages and counties with clues to look into; every month, units behind the plan of their quota.
//! Promises: each round is told once, however many servers run and however often one is restarted: that it was told and
//! what was told are one transaction. Events carry figures and nobody's name.
//! Knows who is told nothing about; that is for `feed` and `notice`, which hear the events.

pub mod event;
pub mod rule;
mod service;
mod store;

pub use service::{EVERY_HOUR, run};
