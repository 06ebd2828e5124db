//! The commands, one file each. They put the house together, run it, and speak to a person at a terminal.

pub mod backup;
pub mod bench;
pub mod doctor;
pub mod grants;
pub mod journal;
pub mod keys;
pub mod ledger;
pub mod log;
pub mod migrate;
pub mod openapi;
pub mod prices;
pub mod seal;
pub mod search;
pub mod serve;
pub mod verify;
pub mod verify_receipt;
