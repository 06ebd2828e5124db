//! Measurements (性能测量): how fast shares are computed, postings written and the journal verified, on this machine.
//!
//! Orders are placed as anybody places them, over HTTP in this process, beside a `pgbench` script that writes the same rows.
//!
//! What it is for: figures that anybody can repeat by one command (`tests/bench/run`), each beside what bounds it.
//! Promises: what is measured is the house's own code, with every constraint and trigger in place, and every posting
//! durable before the next; a figure is a number of things that were really done, divided by the time they took.
//! It fills the database it is given, which is nobody's.

mod engine;
mod journal;
pub mod orders;
mod posting;

pub use engine::shares_per_second;
pub use journal::{Verified, verify_synthetic};
pub use posting::{Commits, copy_ceiling, post_for};

use std::time::Duration;

/// So many in that time, a second.
#[must_use]
pub fn per_second(count: u64, took: Duration) -> u64 {
    let micros = took.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
