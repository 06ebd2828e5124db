//! What villages need (村需求): goods to sell, skills, posts, small projects; published, taken on, delivered, confirmed.
//!
//! A village committee publishes what it needs; everybody can read it. An enterprise, a unit or a cooperative takes it on
//! (认领), or somebody with an account does in person, as a citizen. Who took it on says with evidence what came of it;
//! the village confirms, or sends it back with a reason.
//! Promises: a need is taken on once at a time; each step leaves a row; whoever delivered does not confirm. A delivery
//! within a pairing enters the claim of aid with the same figures and evidence, and the village's confirmation of the one
//! confirms the other: nothing is typed twice, and the county verifies it as any other. Goods count by the order that
//! somebody else placed; what a claimant bought itself counts as its purchase, and not here. Who might suit is suggested
//! with the reasons, and nobody is left out who is not.

mod api;
pub mod event;
mod matching;
mod service;
pub mod state;
mod store;
pub mod suggest;
pub mod view;

pub(super) use api::routes;
