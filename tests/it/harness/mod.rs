//! What every test stands on.

pub mod postgres;
