//! Attribution: which household an order's fen belong to, under which agreement, by which plan.
//!
//! Promises: the same recorded inputs give the same shares on every machine and for ever; the shares and
//! what the supplier retains add up to the attributable amount.
//! The words: a *plan* says which part of an amount feeds which *pool*; a *roster* lists the agreements that
//! share a pool, each with its *weight*; a *share* is what one agreement gets.

pub mod engine;
pub mod inputs;
