//! Lots (批次): packed produce of known origin.
//!
//! Promises: what is in a lot was taken from its deliveries, gram for gram, and no gram twice; what has left a lot is
//! never more than it holds, which the database itself refuses to break; what was called back, or lacks the
//! certificate its category needs, does not leave.

mod api;
pub mod code;
mod service;
mod store;
pub mod trace_code;
pub mod view;

pub use api::routes;
pub use service::{LotPart, composition, find_lot_by_trace_code, find_lots, hold_lots, pack, return_to_lots};
pub(super) use service::{NewLotRow, faults_of_delivery, left_of, make, show};
pub use store::find_visible;
pub(super) use store::{add_withdrawn, hold_many, hold_visible, made_by, mark_recalled, parts_of};
