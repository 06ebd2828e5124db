//! The arithmetic of shares and its second computation, compiled a second time with every optimisation.
//!
//! The files are those of the house itself; nothing is copied. What could not be compiled alone would not be pure:
//! neither the engine nor what verifies it may name a database, a clock or a request.

#![expect(dead_code, reason = "what only the rest of the house reads is not read here")]

/// As in the house.
#[path = "../../../src/attribution"]
pub mod attribution {
    pub mod cumulative;
    pub mod engine;
    pub mod inputs;
    /// As in the house, without what speaks to the database.
    #[path = "period"]
    pub mod period {
        mod inputs;
        pub mod spread;
        pub use inputs::{Due, PeriodInputs, Waiting};
    }
}

/// As in the house, without what speaks to the database.
#[path = "../../../src/verify"]
pub mod verify {
    pub mod closes;
    pub mod shares;
}
