//! `liannong bench`: how fast it is here. Benchmarks are programs, not timed tests: they print figures, and what the
//! machine was doing meanwhile, for somebody to judge.

mod ledger;
pub mod machine;
pub mod orders;
pub mod products;
pub mod search;

pub use ledger::ledger;
