//! What any search engine of the catalogue can do, and the words in which it is asked.
//!
//! Promises: an engine answers in the order asked for, page after page, and an applied change survives a crash.
//! It does not know how an engine stores or matches anything.

use std::{error::Error, path::PathBuf};

use entity::value::{
    code::{AreaCode, CategoryCode},
    id::{OrganisationId, ProductId},
    money::Fen,
};

/// The most products one page holds; a larger limit is lowered to it.
pub const MAX_LIMIT: usize = 100;

/// A place where products are found. Calls block.
pub trait SearchEngine: Send + Sync {
    /// Takes the changes in, in order, and returns when they are durable and visible to [`SearchEngine::search`].
    ///
    /// Applying the same changes twice is the same as once. One call costs one flush to disk: gather changes.
    ///
    /// # Errors
    /// [`SearchError::Busy`] while another process writes, otherwise what the store reports. Nothing was applied then.
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError>;

    /// Replaces everything by `products` and returns how many they were. Searches see the old content until the end,
    /// and changes applied meanwhile wait for it.
    ///
    /// # Errors
    /// The first error of `products`, or what the store reports. The old content stays then.
    fn rebuild(
        &self,
        products: &mut dyn Iterator<Item = Result<ProductDocument, SearchError>>,
    ) -> Result<u64, SearchError>;

    /// Finds a page of products.
    ///
    /// # Errors
    /// [`SearchError::Cursor`] for a cursor that this query did not return, otherwise what the store reports.
    fn search(&self, query: &Query) -> Result<Hits, SearchError>;

    /// How many products can be found.
    ///
    /// # Errors
    /// What the store reports.
    fn count(&self) -> Result<u64, SearchError>;

    /// Whether no rebuild was ever completed in this index, so that products may be missing from it.
    ///
    /// # Errors
    /// What the store reports.
    fn needs_rebuild(&self) -> Result<bool, SearchError>;
}

/// What happened to one product.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The product is on the shelf and looks like this now.
    Upsert(Box<ProductDocument>),
    /// The product is not to be found any more.
    Remove(ProductId),
}

/// The copy of a product that is searched.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProductDocument {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// Its category's code and the codes above it.
    pub category_codes: Vec<String>,
    /// The names of these categories, Chinese and English.
    pub category_names: Vec<String>,
    /// The county it comes from.
    pub origin_county_code: AreaCode,
    /// The county's name on the list of 832, its name today, its prefecture and its province.
    pub county_names: Vec<String>,
    /// The province it comes from.
    pub province_code: AreaCode,
    /// The supplier.
    pub supplier_id: OrganisationId,
    /// The price of one pack.
    pub unit_price_fen: i64,
    /// The price of a kilogram, by which packs of different size are compared.
    pub fen_per_kilogram: i64,
    /// The weight of one pack.
    pub pack_grams: i64,
    /// How many packs can be ordered now.
    pub available_packs: i64,
    /// The names of its certificates, as people would search for them.
    pub certificates: Vec<String>,
}

/// What is looked for. All conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, pinyin, initials; nothing means every product.
    pub text: Option<String>,
    /// A category or one above it.
    pub category: Option<CategoryCode>,
    /// The county of origin.
    pub county: Option<AreaCode>,
    /// The province of origin.
    pub province: Option<AreaCode>,
    /// One supplier's products only.
    pub supplier: Option<OrganisationId>,
    /// The lowest price of a pack.
    pub price_from_fen: Option<Fen>,
    /// The highest price of a pack, itself included.
    pub price_to_fen: Option<Fen>,
    /// Whether at least one pack can be ordered now.
    pub in_stock: bool,
    /// The order.
    pub sort: Sort,
    /// How many products at most, between 1 and [`MAX_LIMIT`]; what is outside is moved to the nearer end.
    pub limit: usize,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// The order of the products found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The best match first; without a text, the newest first.
    #[default]
    Relevance,
    /// The cheapest kilogram first.
    PricePerKilogram,
    /// The newest product first.
    Newest,
}

/// One page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The products in the order asked for.
    pub ids: Vec<ProductId>,
    /// Where the next page begins, if there is one.
    ///
    /// By price and by age, pages neither repeat nor skip a product while others come and go. By relevance it is a
    /// position in the list, so a better match that appears between two pages moves the rest by one.
    pub next: Option<String>,
}

/// What can go wrong in an index.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The files are not a readable index.
    #[error("the search index in {} cannot be read, run `liannong search rebuild`", folder.display())]
    Damaged {
        /// Where the index is.
        folder: PathBuf,
        /// What the store reported.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another process holds the index for writing.
    #[error("another process writes to the search index in {}", folder.display())]
    Busy {
        /// Where the index is.
        folder: PathBuf,
    },
    /// The cursor was not made by this engine for this order.
    #[error("the cursor does not belong to this search")]
    Cursor,
    /// The products to be indexed could not be read.
    #[error("the products to be indexed could not be read")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// The store failed.
    #[error("the search index failed: {0}")]
    Store(#[source] Box<dyn Error + Send + Sync>),
}

impl SearchError {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Damaged { folder, .. } => {
                format!("搜索索引 {} 无法读取，请运行 `liannong search rebuild`", folder.display())
            }
            Self::Busy { folder } => format!("另一个进程正在写入搜索索引 {}", folder.display()),
            Self::Cursor => "翻页游标不属于本次搜索".to_owned(),
            Self::Source(_) => "读取待索引的产品失败".to_owned(),
            Self::Store(_) => "搜索索引出错".to_owned(),
        }
    }
}
