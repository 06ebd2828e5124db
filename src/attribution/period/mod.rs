//! Periods (核算期间): months and seasons of a supplier, at whose end wages, rent and dividends reach households.
//!
//! A plan says of each pool whether it is shared with every order, by the weights of the agreements (`per_order`), or
//! waits for the close of a period, where what was worked or is due in it counts (`per_period`). Both end in the same
//! accounts; produce is always shared with its order.
//!
//! **Where money waits.** When an order is settled, what its plan leaves for a period goes to the account `period_pool`
//! of the supplier's period, one account a mode, each entry with its order. The journal alone says how much waits.
//! **Which period.** The earliest open one that ends on or after the day of payment; where there is none, the calendar
//! month of that day is opened, or, when that is closed, the month after the last closed period. So a late order flows
//! into the next period, and none is lost.
//! **What is due.** Wages: half days worked, at half the daily wage each, rounded up. Rent: what the lease says for the
//! period, in a year never more than its rent. Custodial farming: units returned, at the agreed return less the fee.
//! A dividend: the sum resolved, by the shares held on the last day of the period.
//! **What is shared.** In each mode what waits is split by what is due, none above what is due to it, by largest
//! remainder, equals by SHA-256 over period and agreement. What is left over stays with the supplier; what is not
//! covered stays the supplier's debt, and is shown. Then each household's amount is spread over the orders of the period
//! in proportion to what each brought, again by largest remainder, so that every fen keeps its order.
//!
//! Promises: a period is closed once, in one posting; a closed period takes no entry and no record, which the database
//! itself refuses; closing holds only this supplier's rows; the computation keeps its inputs, by which it can be
//! repeated. Does not know orders beyond their identifiers.

mod api;
mod close;
mod due;
mod error;
mod inputs;
mod service;
pub mod spread;
mod store;
pub mod view;

pub use api::routes;
pub use error::{KINDS, PeriodError};
pub use inputs::{Due, PeriodInputs, Waiting};
pub use service::{PoolMoves, hold_pools, pool_moves};
