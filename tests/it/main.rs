//! Every test of the house in one binary: `mod` lines only.

mod harness;
mod harness_postgres;
