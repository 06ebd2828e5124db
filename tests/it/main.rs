//! Every test of the house in one binary: `mod` lines only.

#![expect(clippy::unwrap_used, reason = "in a test, failing is how a surprise is reported")]

mod attribution_engine;
mod conventions;
mod harness;
mod harness_postgres;
mod ledger;
mod region;
mod schema;
