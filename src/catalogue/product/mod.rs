//! Products (商品): what is on offer, its frozen prices, its stock, its review and its certificates.
//!
//! Promises: only an admitted supplier offers; only produce of the 832 counties; a price once given stays as it was,
//! and an order names the one it was placed at; no more packs are promised than there are, which the database
//! checks again. Taking stock costs the same number of statements however many lines there are.
//! Knows nothing of orders: whoever reserves brings product and packs, and gives them back the same way.

pub mod alike;
pub mod api;
mod batch;
mod certificate;
pub mod details;
pub mod error;
pub mod event;
pub(in crate::catalogue) mod hold;
mod month;
mod photo;
mod picture;
pub mod price;
mod row;
mod rules;
pub mod service;
mod shown;
pub mod state;
pub mod stock;
mod store;
pub mod view;

pub use batch::{
    Changing, add_many, change_many, faults_of_change, faults_of_new, move_stock, own_products_after,
    product_certificates, product_details, products_named,
};
pub use certificate::certified_on;
pub(in crate::catalogue) use certificate::{hold_back, warn};
pub use error::{CatalogueError, KINDS, Shortfall, Want};
pub use month::{within_capacity, within_limits};
pub use shown::{Listing, listings, listings_after, on_shelf, on_shelf_matching};
pub use stock::{Reserved, put_back, release, reserve, reserve_more, take_out};
pub use store::{Plain, count_on_shelf, find as find_product, find_many as find_products, of_limited_sale};
pub(in crate::catalogue) use store::{SALE_TERMS, find_visible, in_category, peers, sale_terms, sheets, templates_of};
