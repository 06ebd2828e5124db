//! Group purchases (团购): units join before a date, and the more packs they want together the less a pack costs.
//!
//! A supplier *offers* a product with price steps; units *join*, and may leave until it closes; when it closes the step
//! that all packs together reach is everybody's price. Each unit's part becomes a request of its own at that price; when
//! not even the first step is reached, or the supplier calls it off, everybody is released.
//! Promises: whoever joined can be served and can pay: while a unit is in, its packs are held in store and the highest
//! price it can come to is kept of its budget; it closes once, however many servers there are, and each part is settled
//! once; one part that cannot be ordered any more releases that part, with the reason, and nobody else's.

pub mod api;
pub mod clock;
pub mod event;
mod service;
pub mod steps;
mod store;
mod view;
