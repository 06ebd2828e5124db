//! Plans for households (一户一策): what brought it there, and item by item the need, the measure, who does it, the target
//! until a day; and how each came along.
//!
//! Promises: a household has one plan a year; the four lists (需求、措施、责任、目标时限清单) are the columns of its items, so
//! that they never disagree; what became of a measure is added with the day and what shows it; a measure that ended does
//! not begin again.

mod api;
mod service;
mod store;
mod view;

pub(super) use api::routes;
pub(super) use store::planned_in;
