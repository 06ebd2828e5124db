//! Ways to buy (采购方式): what leads to an order beside taking it off the shelf at once.
//!
//! What it is for: whatever a buyer wants ends as a *request* ([`request`]), which becomes an order at once where nobody
//! has to agree, and after the last approval where somebody has.
//! Promises: one door to orders for every way; a price that was agreed to reaches the order's line together with what
//! it rests on.
//!
//! A request that waits holds neither stock nor budget. A wish that nobody has agreed to yet must not keep produce off
//! a cooperative's shelf for days, nor the money from an order that is approved; and where the budget does not suffice
//! there would be nothing to hold. The last approval places the order against what is there then, at the prices that
//! were approved, or says with numbers what is wanting, and the request stays where it was. What nobody decides
//! expires.

mod clock;
mod error;
pub mod request;

pub use clock::EVERY_MINUTE;
pub use error::{KINDS, PurchaseError};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(request::api::routes);
}
