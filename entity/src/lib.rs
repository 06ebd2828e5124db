//! The tables and the values in them. The floor of the house: it knows nothing of what stands on it.
//!
//! One file per table, named as the table, and no logic in any of them.

pub mod value;
