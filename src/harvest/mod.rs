//! Harvest: what households deliver (交售), and the lots (批次) it is packed into.
//!
//! Promises: a delivery stands under an agreement of its household that held on its day, at no less than the agreed
//! floor price; no gram is packed twice or shipped twice; from a lot one comes back to every household in it.
//! Does not know orders: they ask for lots through [`hold_lots`] and [`composition`].

mod error;

pub mod delivery;
pub mod lot;

pub use delivery::find_deliveries;
pub use error::{HarvestError, KINDS};
pub use lot::{LotPart, composition, find_lots, hold_lots, put_back};

/// Registers every operation of this domain.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    delivery::routes(cfg);
    lot::routes(cfg);
}
