//! What is looked for and what is found.

use super::engine::Sort;
use crate::catalogue::Product;
use entity::value::{AreaCode, CategoryCode, Fen, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is looked for. All conditions hold together.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindProducts {
    /// Words, Chinese or pinyin: produce, place, supplier, certificate.
    #[param(max_length = 200, example = "石阡苔茶")]
    pub q: Option<String>,
    /// A category or one above it.
    pub category: Option<CategoryCode>,
    /// The county of origin, by its code of 2014 or of today.
    pub county: Option<AreaCode>,
    /// The province of origin.
    #[param(example = "520000")]
    pub province: Option<AreaCode>,
    /// One supplier's products only.
    pub supplier: Option<OrganisationId>,
    /// The lowest price of a pack.
    pub price_from_fen: Option<Fen>,
    /// The highest price of a pack, itself included.
    pub price_to_fen: Option<Fen>,
    /// Only what can be ordered now.
    #[serde(default)]
    pub in_stock: bool,
    /// The order; by relevance, or the newest first when nothing is looked for in words.
    #[serde(default)]
    #[param(inline)]
    pub sort: Sort,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// The products, as they are now. What was sold out or taken down meanwhile is left out, so a page can be
    /// shorter than asked for.
    pub items: Vec<Product>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
    /// Whether the search index was out of order: then only names were looked at, and the newest come first.
    pub degraded: bool,
}
