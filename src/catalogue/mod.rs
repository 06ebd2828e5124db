//! Catalogue: what is sold, under which category (品类), by whom.
//!
//! Promises: the category tree is loaded whole or not at all, in the caller's transaction; loading the same edition
//! again changes nothing; a category that a later edition leaves out stays, because products point at it.

pub mod dataset;
mod store;

pub use entity::category::Model as Category;
pub use store::{find_category, list_categories, load_categories};

use crate::db::Tx;
use crate::region::{DatasetError, Loaded, dataset::unpack};

/// Loads the categories that travel inside the binary, when this edition is not there yet.
///
/// # Errors
/// When the database refuses.
pub async fn load(tx: &Tx) -> Result<Loaded, DatasetError> {
    load_categories(tx, &unpack(dataset::CATEGORIES)?).await
}
