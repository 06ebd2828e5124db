//! Every test of the house in one binary: `mod` lines only.

mod attribution_engine;
mod conventions;
mod harness;
mod harness_postgres;
mod region;
mod schema;
