//! Approvals (审批): who has to agree before a unit may buy, and who decides while somebody is away.
//!
//! What it is for: a finance department or a unit keeps *rules* by amount, category and kind of money; each names
//! *steps*, a role or a person, in their order. Every rule that applies has its say: those of the unit come first, then
//! those of the organisations above it, each from the smaller amount to the larger; whoever is named twice decides once.
//! A *deputy* decides for somebody between two days.
//! Promises: a rule is never changed, only followed by a new version; a larger amount never needs fewer steps; nobody
//! approves what they asked for, neither themselves nor through a deputy, and nobody two steps of one request.
//! Does not know orders, budgets or products: what is asked for and what becomes of it is said by `purchase`.

mod api;
pub mod chain;
mod error;
mod service;
pub mod standing;
mod store;
mod view;

pub use api::routes;
pub use chain::{Asked, Line, Needed};
pub use error::{ApprovalError, KINDS};
pub use service::{deputies_on, find_decider, needed};
pub use standing::{Seat, Standing, Who, standing_of};
pub use store::rules_over;
