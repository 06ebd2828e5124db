//! States and kinds: every column whose text is one of a short list, by the part of the field that uses it.
//!
//! Promises: the text in the database, in JSON and in `as_str` is the same. Knows no rules: which step leads from
//! one state to another is said by the domain that owns the table.

use super::named_values;

mod adjustment;
mod assistance;
mod comparison;
mod harvest;
mod house;
mod household;
mod income;
mod order;
mod organisation;
mod pairing;
mod privacy;
mod progress;
mod public_money;
mod purchase;
mod register;
mod supply;
mod welfare;

pub use adjustment::*;
pub use assistance::*;
pub use comparison::*;
pub use harvest::*;
pub use house::*;
pub use household::*;
pub use income::*;
pub use order::*;
pub use organisation::*;
pub use pairing::*;
pub use privacy::*;
pub use progress::*;
pub use public_money::*;
pub use purchase::*;
pub use register::*;
pub use supply::*;
pub use welfare::*;
