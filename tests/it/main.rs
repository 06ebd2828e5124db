//! Every test of the house in one binary: `mod` lines only.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod access;
mod admission;
mod agreement;
mod architecture;
mod attribution_engine;
mod budget;
mod catalogue;
mod contract;
mod conventions;
mod document;
mod doors;
mod four_eyes;
mod harness;
mod harness_postgres;
mod harvest;
mod helper;
mod hostile;
mod household;
mod identity;
mod jobs;
mod ledger;
mod main_job;
mod market;
mod notice;
mod organisation;
mod pairing;
mod payment;
mod payout;
mod policy;
mod procurement;
mod quota;
mod races;
mod readings;
mod receipt;
mod region;
mod schema;
mod seal;
mod search;
mod search_engine;
mod sessions;
mod settlement;
mod start;
mod verify;
mod world;
