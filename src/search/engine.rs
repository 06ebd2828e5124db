//! What any search engine of the catalogue can do, and the words in which it is asked.
//!
//! Promises: an engine answers in the order asked for, page after page; an applied change survives a crash; a rebuild
//! is seen whole or not at all. It does not know how an engine stores or matches anything.
//!
//! Ranking by relevance, the same in every engine: the better match of the text first; of equal matches what is
//! certified, then what is in season in the month asked about, then what can be ordered, then what comes from the
//! supplier with the better delivery record, then the newest. Nothing else counts, least of all money: there is no
//! field by which a place could be bought.

use std::{collections::BTreeMap, error::Error, path::PathBuf};

use entity::value::{
    code::{AreaCode, CategoryCode},
    id::{OrganisationId, ProductId},
    money::Fen,
    state::CertificateScheme,
};

/// The most products one page holds; a larger limit is lowered to it.
pub const MAX_LIMIT: usize = 100;

/// The most values of one facet that are told, the most frequent ones.
pub const MAX_FACET_VALUES: usize = 100;

/// The most suggestions that are made at once.
pub const MAX_SUGGESTIONS: usize = 20;

/// A place where products are found. Calls block.
pub trait SearchEngine: Send + Sync {
    /// What it is called in messages and figures.
    fn name(&self) -> &'static str;

    /// Takes the changes in, in order, and returns when they are durable and visible to [`SearchEngine::search`].
    ///
    /// Applying the same changes twice is the same as once. One call costs one flush to disk: gather changes.
    ///
    /// # Errors
    /// [`SearchError::Busy`] while another process writes, [`SearchError::Away`] when the engine does not answer,
    /// otherwise what the store reports. Nothing was applied then.
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError>;

    /// Makes a new index of all products beside the old one, swaps the two at once, and returns how many products
    /// there are. Until the swap searches see the old index and changes go on being applied to it; nobody searching
    /// notices more than newer content.
    ///
    /// # Errors
    /// [`SearchError::Busy`] while another rebuild runs, the first error of `source`, or what the store reports. The
    /// old content stays then.
    fn rebuild(&self, source: &mut dyn Source) -> Result<u64, SearchError>;

    /// Finds a page of products.
    ///
    /// # Errors
    /// [`SearchError::Cursor`] for a cursor that this query did not return, otherwise what the store reports.
    fn search(&self, query: &Query) -> Result<Hits, SearchError>;

    /// What a text that is still being typed may become, the most likely first.
    ///
    /// # Errors
    /// What the store reports.
    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError>;

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

    /// Changes whenever the index was swapped for another, by whichever process: what was remembered of the old
    /// one's content holds no more.
    fn generation(&self) -> u64;
}

/// Where a rebuild takes its products from.
pub trait Source {
    /// The next of all products, nothing after the last.
    fn next(&mut self) -> Option<Result<ProductDocument, SearchError>>;

    /// What happened to products since the rebuild began, as they are now. Asked when [`Source::next`] is exhausted,
    /// while no other change is applied, immediately before the swap.
    ///
    /// # Errors
    /// [`SearchError::Source`].
    fn late(&mut self) -> Result<Vec<Change>, SearchError>;
}

/// A source that never changes.
pub struct Fixed<I>(pub I);

impl<I: Iterator<Item = Result<ProductDocument, SearchError>>> Source for Fixed<I> {
    fn next(&mut self) -> Option<Result<ProductDocument, SearchError>> {
        self.0.next()
    }

    fn late(&mut self) -> Result<Vec<Change>, SearchError> {
        Ok(Vec::new())
    }
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
    /// What it is called beside: its brand (品牌), its taste, grade or variety.
    pub called: Vec<String>,
    /// The supplier's name.
    pub supplier_name: String,
    /// Its category's code and the codes above it.
    pub category_codes: Vec<String>,
    /// The names of these categories, Chinese and English.
    pub category_names: Vec<String>,
    /// The county it comes from.
    pub origin_county_code: AreaCode,
    /// The county's name on the list of 832 and its name today.
    pub county_names: Vec<String>,
    /// The names of its prefecture and its province.
    pub area_names: Vec<String>,
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
    /// The schemes under which it is certified now.
    pub schemes: Vec<CertificateScheme>,
    /// The months, 1 to 12, in which it is harvested or made; empty when nothing is known of it.
    pub season_months: Vec<u8>,
    /// How many packs of it buyers have accepted (销量).
    pub sold_packs: i64,
    /// How many households' produce is in it (带动农户).
    pub households: i64,
    /// How well its supplier delivers, in ten-thousandths.
    pub delivery_record: u16,
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
    /// Certified under this scheme.
    pub certification: Option<CertificateScheme>,
    /// A kilogram costs about as much.
    pub price_band: Option<PriceBand>,
    /// In season in this month, 1 to 12.
    pub month: Option<u8>,
    /// The lowest price of a pack.
    pub price_from_fen: Option<Fen>,
    /// The highest price of a pack, itself included.
    pub price_to_fen: Option<Fen>,
    /// Whether at least one pack can be ordered now.
    pub in_stock: bool,
    /// The order.
    pub sort: Sort,
    /// The month of today, by which it is ranked what is in season.
    pub this_month: Option<u8>,
    /// Whether the facets are to be counted.
    pub facets: bool,
    /// How many products at most, between 1 and [`MAX_LIMIT`]; what is outside is moved to the nearer end.
    pub limit: usize,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Query {
    /// The same text without any other condition, for one product; nothing when there is no other condition.
    ///
    /// What fits the text elsewhere is no reason to take the text less strictly here: then nothing is found.
    #[must_use]
    pub fn anywhere(&self) -> Option<Self> {
        let anywhere = Self { text: self.text.clone(), limit: 1, ..Self::default() };
        let narrowed = self.in_stock
            || self.price_from_fen.is_some()
            || self.price_to_fen.is_some()
            || Dimension::ALL.iter().any(|dimension| dimension.asked(self).is_some());
        narrowed.then_some(anywhere)
    }
}

/// The order of the products found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The best match first; of equal ones the certified, those in season, those in stock, those of suppliers who
    /// deliver well.
    #[default]
    Relevance,
    /// The cheapest kilogram first.
    PricePerKilogram,
    /// The newest product first.
    Newest,
    /// What sold best first (销量).
    Sales,
    /// What benefits most households first (带动农户数).
    Households,
}

/// About what a kilogram costs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PriceBand {
    /// Less than 10 yuan.
    Under10,
    /// From 10 to less than 20 yuan.
    From10,
    /// From 20 to less than 50 yuan.
    From20,
    /// From 50 to less than 100 yuan.
    From50,
    /// From 100 to less than 200 yuan.
    From100,
    /// 200 yuan and more.
    From200,
}

impl PriceBand {
    /// All, the cheapest first.
    pub const ALL: [Self; 6] = [Self::Under10, Self::From10, Self::From20, Self::From50, Self::From100, Self::From200];

    /// The lowest price of a kilogram in it, in fen.
    #[must_use]
    pub const fn from_fen(self) -> i64 {
        match self {
            Self::Under10 => 0,
            Self::From10 => 1_000,
            Self::From20 => 2_000,
            Self::From50 => 5_000,
            Self::From100 => 10_000,
            Self::From200 => 20_000,
        }
    }

    /// The band of a price of a kilogram.
    #[must_use]
    pub fn of(fen_per_kilogram: i64) -> Self {
        let reached = |band: &&Self| band.from_fen() <= fen_per_kilogram;
        Self::ALL.iter().rfind(reached).copied().unwrap_or(Self::Under10)
    }

    /// The price at which the next band begins.
    #[must_use]
    pub fn below_fen(self) -> Option<i64> {
        Self::ALL.iter().map(|band| band.from_fen()).find(|from| *from > self.from_fen())
    }

    /// As it stands in an index and in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Under10 => "under10",
            Self::From10 => "from10",
            Self::From20 => "from20",
            Self::From50 => "from50",
            Self::From100 => "from100",
            Self::From200 => "from200",
        }
    }
}

/// By what the products found are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Categories of every level, by code.
    Category,
    /// Provinces, by code.
    Province,
    /// Counties, by code.
    County,
    /// Certification schemes, by name.
    Certification,
    /// Price bands, by [`PriceBand::as_str`].
    PriceBand,
    /// Suppliers, by id.
    Supplier,
    /// Months of the season, `1` to `12`.
    Month,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Category,
        Self::Province,
        Self::County,
        Self::Certification,
        Self::PriceBand,
        Self::Supplier,
        Self::Month,
    ];

    /// The value of this dimension that a query asks for.
    #[must_use]
    pub fn asked(self, query: &Query) -> Option<String> {
        match self {
            Self::Category => query.category.as_ref().map(ToString::to_string),
            Self::Province => query.province.as_ref().map(ToString::to_string),
            Self::County => query.county.as_ref().map(ToString::to_string),
            Self::Certification => query.certification.map(|scheme| scheme.as_str().to_owned()),
            Self::PriceBand => query.price_band.map(|band| band.as_str().to_owned()),
            Self::Supplier => query.supplier.as_ref().map(ToString::to_string),
            Self::Month => query.month.map(|month| month.to_string()),
        }
    }

    /// The values that a product has.
    #[must_use]
    pub fn of(self, product: &ProductDocument) -> Vec<String> {
        match self {
            Self::Category => product.category_codes.clone(),
            Self::Province => vec![product.province_code.to_string()],
            Self::County => vec![product.origin_county_code.to_string()],
            Self::Certification => product.schemes.iter().map(|scheme| scheme.as_str().to_owned()).collect(),
            Self::PriceBand => vec![PriceBand::of(product.fen_per_kilogram).as_str().to_owned()],
            Self::Supplier => vec![product.supplier_id.to_string()],
            Self::Month => product.season_months.iter().map(ToString::to_string).collect(),
        }
    }
}

/// How many of the products found have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// How many.
    pub count: u64,
}

impl Counted {
    /// The most frequent first, equals by value, at most [`MAX_FACET_VALUES`].
    #[must_use]
    pub fn ordered(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<Self> {
        let mut counted: Vec<_> = counts.into_iter().map(|(value, count)| Self { value, count }).collect();
        counted.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        counted.truncate(MAX_FACET_VALUES);
        counted
    }
}

/// What was found, counted by every dimension. The counts of a dimension leave its own condition out, so that they
/// say what choosing another value would give.
pub type Facets = BTreeMap<Dimension, Vec<Counted>>;

/// One page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The products in the order asked for.
    pub ids: Vec<ProductId>,
    /// Where the next page begins, if there is one.
    ///
    /// By price, age, sales and households, pages neither repeat nor skip a product while others come and go. By
    /// relevance it is a position in the list, so a better match that appears between two pages moves the rest by one.
    pub next: Option<String>,
    /// How many products there are on all pages.
    pub total: u64,
    /// Whether nothing fits the text as it was written, and these come nearest.
    pub nearest: bool,
    /// The counts, when they were asked for.
    pub facets: Option<Facets>,
}

/// What a text may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The whole text.
    pub text: String,
    /// What it names.
    pub kind: SuggestionKind,
    /// The code or id of what it names; a product's name has none, several products may bear it.
    pub code: Option<String>,
    /// How many products on the shelf it stands for.
    pub products: u64,
}

/// What a suggestion names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A category.
    Category,
    /// A county.
    County,
    /// Products.
    Product,
    /// A supplier.
    Supplier,
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
    /// The search server does not answer, or not in time.
    #[error("the search server does not answer: {0}")]
    Away(#[source] Box<dyn Error + Send + Sync>),
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
            Self::Away(_) => "搜索服务器没有响应".to_owned(),
            Self::Cursor => "翻页游标不属于本次搜索".to_owned(),
            Self::Source(_) => "读取待索引的产品失败".to_owned(),
            Self::Store(_) => "搜索索引出错".to_owned(),
        }
    }
}
