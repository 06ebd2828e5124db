//! Sales outside the platform (平台外销售): recorded with evidence, confirmed from outside, shared by the same engine, and
//! marked as such wherever they are shown.
//!
//! What it is for: a cooperative that sells to somebody who is not here owes its households their part all the same.
//! Promises: a sale has two papers, what was sold and that it was paid; its produce comes out of lots, so that no kilo
//! is sold twice, here or there; its shares are those of the plan in force for its product when it was recorded and of the rosters and
//! statuses of the day of the sale, computed once by the rule of orders and recorded with their inputs. Nothing of it is
//! anybody's income until the county, or a helper of a household that shares, says that it is so; then it is owed and
//! paid out like any other income. One that turns out not to be so is reversed: what households were handed stays with
//! them and is the cooperative's to bear (供应商应补款). It counts for no buyer's quota and in no pairing, for nobody here
//! bought it.
//! Pools that wait on the platform for the close of a period are shared at once here, and advanced costs are repaid from
//! orders only: periods and costs are about what went through the platform.
//! Owns the sales, their lots, their shares and what was decided about them. Its store reads the journal for what was
//! handed over.

mod api;
mod decide;
mod error;
mod service;
mod state;
mod store;
pub mod view;

pub use api::routes;
pub use error::{KINDS, OffPlatformError};
pub use state::{NoSuchStep, name_of, next};
pub use store::numbers_of;

/// The kind of the posting by which a confirmed sale becomes income.
const INCOME: &str = "off_platform";
/// The kind of the posting that takes such income back.
const REVERSED: &str = "off_platform_reversed";
