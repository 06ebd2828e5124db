//! How long what is kept: each room says it of its own tables, and erases what may be erased.
//!
//! Promises: erasing goes in bounded batches, each in a transaction of its own, so it never holds up the house; it may
//! run twice and stop anywhere. What the law keeps has no way to be erased here at all.

use crate::app::App;
use crate::problem::Failure;
use entity::value::Timestamp;
use std::pin::Pin;

/// Rows, or files, that one batch erases at most.
pub const ERASED_AT_ONCE: u64 = 500;

/// Erasing in progress: says how many went.
pub type Erasing<'a> = Pin<Box<dyn Future<Output = Result<u64, Failure>> + 'a>>;

/// How long something is kept.
pub enum Kept {
    /// So many days; then it is erased.
    Days {
        /// How many.
        days: u32,
        /// Counted from what, in Chinese.
        zh: &'static str,
        /// Erases one batch of what is older than an instant: at most [`ERASED_AT_ONCE`].
        erase: for<'a> fn(&'a App, Timestamp) -> Erasing<'a>,
    },
    /// The law wants it kept; the program never erases it.
    ByLaw {
        /// How long, in Chinese.
        zh: &'static str,
    },
}

/// A rule of how long something is kept (保存期限).
pub struct RetentionRule {
    /// Stable name.
    pub name: &'static str,
    /// What is kept, in Chinese and English.
    pub what: (&'static str, &'static str),
    /// How long.
    pub kept: Kept,
    /// Why, and by which law, in Chinese and English.
    pub why: (&'static str, &'static str),
}
