//! What paired enterprises give beside purchases (帮扶贡献): pledged, entered with evidence, confirmed, verified, ranked.
//!
//! An enterprise *pledges* (承诺) by kind; what it gave it *enters* (申报) with evidence; the village committee confirms that
//! it came, the county verifies it; either rejects it with a reason, which its author goes on seeing.
//! Promises: kinds are never added to each other, a purchase is not an investment and an intended investment is not one in
//! place; purchases are not entered, they come from completed orders; an order that an enterprise brought about is claimed
//! once; a ranking counts verified rows only and shows its rule; every step of a review stays.

mod api;
pub(super) mod service;
pub(super) mod state;
pub(super) mod store;
pub mod view;

pub(super) use api::routes;
pub use store::counted_fen;
