//! Verification: what was recorded, recomputed by code that did not write it.
//!
//! Promises: nothing here calls the code that it checks; a fault names the first record that is not as it
//! should be, in Chinese and English. Knows no HTTP and changes nothing.

pub mod shares;
