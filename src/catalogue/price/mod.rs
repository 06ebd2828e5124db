//! Prices looked at (价格核查): proofs that suppliers show, wholesale prices to compare with, and what is flagged; also for
//! being alike, or for a licence of another county.
//!
//! Promises: exact integers only; a file of prices is taken row by row, and every row that is left out is counted and
//! named with its reason; the same file is taken once; a flag keeps the comparison it rests on, and the decision on it.
//! Knows the products it compares; does not decide whether one is sold: the platform's review does.

pub mod api;
pub mod error;
mod evidence;
mod flag;
pub mod import;
mod licence;
pub mod rules;
mod series;
mod store;
pub mod view;

pub use error::{KINDS, PriceError};
pub(in crate::catalogue) use flag::{conclude, look_at};
pub use series::{Market, import as import_prices};
