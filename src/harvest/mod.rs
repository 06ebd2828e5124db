//! Harvest: what households deliver (交售), and the lots (批次) it is packed into.
//!
//! Promises: a delivery stands under an agreement of its household that held on its day, at no less than the agreed
//! floor price; more than a household's land can yield is flagged and stays out of lots until the county has decided;
//! no gram is packed twice or shipped twice, and what lots become by splitting, merging and processing weighs what
//! went in less what is stated as by-product and loss; from a lot one comes back to every household in it.
//! Does not know orders: they ask for lots through [`hold_lots`] and [`composition`], and give back by
//! [`return_to_lots`].

mod error;
mod store;

pub mod ceiling;
pub mod certificate;
pub mod delivery;
pub mod lot;
pub mod recall;
pub mod step;

pub use certificate::{CertificateState, LotCertificate, certificates_of};
pub use delivery::{find_deliveries, find_delivery_by_note};
pub use error::{HarvestError, KINDS};
pub use lot::{
    LotPart, composition, find_lot_by_trace_code, find_lots, find_visible as find_visible_lot, hold_lots,
    return_to_lots,
};
pub use recall::{LotRecalled, Recall, recalls_of};
pub use step::{descendants, steps_before};
pub use store::{Behind, behind};

/// Registers every operation of this domain.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    delivery::routes(cfg);
    ceiling::routes(cfg);
    step::routes(cfg);
    lot::routes(cfg);
    certificate::routes(cfg);
    recall::routes(cfg);
}
