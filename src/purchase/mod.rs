//! Ways to buy (采购方式): what leads to an order beside taking it off the shelf at once.
//!
//! What it is for: a [`cart`] over several suppliers; [`framework`] agreements with call-offs; [`standing`] orders that
//! return every week; published [`demand`]s with sealed quotations; [`group`] purchases that grow cheaper. All of them
//! end as a *request* ([`request`]), which becomes an order at once where nobody has to agree, and after the last
//! approval where somebody has.
//! Promises: one door to orders for every way; a price that was agreed to reaches the order's line together with what
//! it rests on.
//!
//! A request that waits holds neither stock nor budget. A wish that nobody has agreed to yet must not keep produce off
//! a cooperative's shelf for days, nor the money from an order that is approved; and where the budget does not suffice
//! there would be nothing to hold. The last approval places the order against what is there then, at the prices that
//! were approved, or says with numbers what is wanting, and the request stays where it was. What nobody decides
//! expires.

pub mod cart;
mod clock;
pub mod demand;
mod error;
pub mod framework;
pub mod group;
pub mod request;
pub mod standing;

pub use clock::EVERY_MINUTE;
pub use demand::SEALED;
pub use error::{KINDS, PurchaseError};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(request::api::routes)
        .configure(cart::api::routes)
        .configure(framework::api::routes)
        .configure(standing::api::routes)
        .configure(demand::api::routes)
        .configure(group::api::routes);
}
