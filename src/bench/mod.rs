//! Measurements (性能测量): how fast shares are computed, postings written and the journal verified, on this machine.
//!
//! Orders are placed as anybody places them, over HTTP in this process, beside a `pgbench` script that writes the same rows.
//!
//! A county with its register and three years of life is made by the house's own import and by bulk writing; then its night
//! and its pages are measured.
//!
//! What it is for: figures that anybody can repeat by one command (`tests/bench/run`), each beside what bounds it.
//! Promises: what is measured is the house's own code, with every constraint and trigger in place, and every posting
//! durable before the next; a figure is a number of things that were really done, divided by the time they took.
//! It fills the database it is given, which is nobody's.

pub mod county;
mod engine;
mod journal;
mod loader;
mod memory;
pub mod orders;
mod posting;
pub mod report;
mod store;
mod trade;
mod world;

pub use engine::shares_per_second;
pub use journal::{Verified, verify_synthetic};
pub use posting::{Commits, Load, copy_ceiling, post_for};

use crate::demo::client::DemoError;
use std::time::{Duration, Instant};

/// What something took: time, and memory of this process.
#[derive(Debug, Clone, Copy)]
pub struct Took {
    /// How long.
    pub time: Duration,
    /// The most memory meanwhile, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
}

impl Took {
    /// In seconds and MiB.
    #[must_use]
    pub fn shown(&self) -> String {
        let millis = self.time.as_millis();
        let memory = self.peak_kib.map_or_else(String::new, |kib| format!(", at most {} MiB", kib >> 10));
        format!("{}.{:03} s{memory}", millis / 1000, millis % 1000)
    }
}

/// Does something and tells what it took.
async fn timed<T>(work: impl Future<Output = Result<T, DemoError>>) -> Result<(T, Took), DemoError> {
    memory::forget_peak();
    let began = Instant::now();
    let done = work.await?;
    Ok((done, Took { time: began.elapsed(), peak_kib: memory::peak_kib() }))
}

/// So many in that time, a second.
#[must_use]
pub fn per_second(count: u64, took: Duration) -> u64 {
    let micros = took.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
