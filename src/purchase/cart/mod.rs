//! Carts (购物车): what somebody means to buy, over as many suppliers as they like, until they check out.
//!
//! Promises: a cart belongs to one person buying for one organisation; it holds nothing and freezes no price: what is
//! shown is what the shelf says now; checking out asks for all of it in one request and empties the cart, or changes
//! nothing; what an earlier order had can be put in again at the prices of now.

pub mod api;
mod service;
mod store;
mod view;
