//! Catalogue: what is sold, under which category (品类), by whom; and who is admitted to sell.
//!
//! Its nouns, each with its rooms: [`admission`] of suppliers, [`product`]s with prices, stock and certificates, the
//! [`mandate`]s of agents, [`freight`], and [`price`]s that are looked at. What a certificate is worth is said by [`scheme`].
//!
//! Promises: the category tree is loaded whole or not at all, in the caller's transaction; loading the same edition
//! again changes nothing; a category that a later edition leaves out stays, because products point at it.
//! Knows nothing of orders or of how products are searched: it tells that a product has changed, and answers.

pub mod admission;
mod check;
pub mod dataset;
pub mod freight;
pub mod mandate;
mod papers;
pub mod price;
pub mod product;
pub mod scheme;
mod store;

pub use admission::{AdmissionError, CredentialEnding, is_admitted};
pub use entity::category::Model as Category;
pub use freight::{FreightError, Load, SaleTerms, carriages, freight_of};
pub use papers::EVERY_HOUR;
pub use product::event::{AvailabilityChanged, ProductChanged};
pub use product::view::Product;
pub use product::{
    CatalogueError, Listing, Plain, Reserved, Shortfall, Want, certified_on, count_on_shelf, find_product,
    find_products, listings, listings_after, of_limited_sale, on_shelf, on_shelf_matching, product_certificates,
    put_back, release, reserve, reserve_more, take_out, within_capacity, within_limits,
};
pub use store::{all_categories, find_categories, find_category, list_categories, load_categories};

use crate::db::Tx;
use crate::region::{DatasetError, Loaded, dataset::unpack};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(admission::api::routes)
        .configure(product::api::routes)
        .configure(mandate::api::routes)
        .configure(freight::api::routes)
        .configure(price::api::routes);
}

/// Loads the categories that travel inside the binary, when this edition is not there yet.
///
/// # Errors
/// When the database refuses.
pub async fn load(tx: &Tx) -> Result<Loaded, DatasetError> {
    load_categories(tx, &unpack(dataset::CATEGORIES)?).await
}
