//! What is looked for and what is found.

use super::engine::{PriceBand, Sort, SuggestionKind};
use crate::catalogue::Product;
use entity::value::{AreaCode, CategoryCode, CertificateScheme, Fen, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is looked for. All conditions hold together.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindProducts {
    /// Words, Chinese (simplified or traditional), pinyin or initials: produce, place, supplier, certificate.
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
    /// Certified under this scheme today (认证).
    pub certification: Option<CertificateScheme>,
    /// About what a kilogram costs, in yuan (每公斤价格带).
    #[param(inline)]
    pub price_band: Option<PriceBand>,
    /// In season in this month (应季月份).
    #[param(minimum = 1, maximum = 12, example = 5)]
    pub month: Option<u8>,
    /// The lowest price of a pack.
    pub price_from_fen: Option<Fen>,
    /// The highest price of a pack, itself included.
    pub price_to_fen: Option<Fen>,
    /// Only what can be ordered now.
    #[serde(default)]
    pub in_stock: bool,
    /// The order. By relevance: the better match of the text; of equal ones what is certified, what is in season this
    /// month, what can be ordered, whose supplier delivers well, what is newer. No place can be bought.
    #[serde(default)]
    #[param(inline)]
    pub sort: Sort,
    /// Whether everything found is also counted by category, place, certification, price, supplier and month.
    #[serde(default)]
    pub facets: bool,
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
    pub items: Vec<FoundProduct>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
    /// How many were found on all pages; null when the search index was out of order.
    pub total: Option<u64>,
    /// Whether nothing fits the words as they were written, and these come nearest to them.
    pub nearest: bool,
    /// When nothing was found: what is nearest to the words, whatever the other conditions.
    pub instead: Vec<Suggested>,
    /// The counts, when they were asked for; null too when the search index was out of order.
    pub facets: Option<FacetCounts>,
    /// Whether the search index was out of order: then only names were looked at, and the newest come first.
    pub degraded: bool,
}

/// A product that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundProduct {
    /// The product.
    #[serde(flatten)]
    pub product: Product,
    /// Where the words were found; null when nothing was looked for in words.
    pub highlights: Option<Highlights>,
}

/// Where the words were found, by what is shown; null where nothing of them stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Highlights {
    /// In the product's name.
    pub name: Option<Marked>,
    /// In the brand.
    pub brand: Option<Marked>,
    /// In the supplier's name.
    pub supplier: Option<Marked>,
    /// In the name of the county.
    pub county: Option<Marked>,
}

/// A text with marks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Marked {
    /// The text as HTML, with `<mark>` around what was found and everything else escaped.
    #[schema(example = "石阡<mark>苔茶</mark> 一级 250克")]
    pub html: String,
    /// The same as places in the text.
    pub marks: Vec<Mark>,
}

/// A place in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mark {
    /// The first character of it, counted in Unicode characters from 0.
    #[schema(example = 2)]
    pub start: usize,
    /// The character after it.
    #[schema(example = 4)]
    pub end: usize,
}

/// Everything found, counted. At most 100 values of each kind are told, the most frequent first. What one kind counts
/// leaves that kind's own condition out: it says what choosing another value would give.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetCounts {
    /// Categories of every level.
    pub categories: Vec<NamedCount>,
    /// Provinces of origin.
    pub provinces: Vec<NamedCount>,
    /// Counties of origin.
    pub counties: Vec<NamedCount>,
    /// Schemes of certification.
    pub certifications: Vec<CertificationCount>,
    /// Prices of a kilogram, the cheapest first.
    pub price_bands: Vec<PriceBandCount>,
    /// Suppliers.
    pub suppliers: Vec<NamedCount>,
    /// Months in season, January first.
    pub months: Vec<MonthCount>,
}

/// How many have a value that has a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedCount {
    /// The code or id by which it can be asked for.
    #[schema(example = "520000")]
    pub code: String,
    /// What it is called.
    #[schema(example = "贵州省")]
    pub name: String,
    /// How many products.
    pub count: u64,
}

/// How many are certified under a scheme.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificationCount {
    /// The scheme.
    pub scheme: CertificateScheme,
    /// How many products.
    pub count: u64,
}

/// How many cost about as much.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBandCount {
    /// The band.
    pub band: PriceBand,
    /// The lowest price of a kilogram in it, in fen.
    pub from_fen: i64,
    /// The price at which the next begins; null for the last.
    pub below_fen: Option<i64>,
    /// How many products.
    pub count: u64,
}

/// How many are in season in a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthCount {
    /// The month.
    #[schema(minimum = 1, maximum = 12)]
    pub month: u8,
    /// How many products.
    pub count: u64,
}

/// What somebody has typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Suggest {
    /// The beginning of a text: characters, pinyin or initials.
    #[param(min_length = 1, max_length = 200, example = "taic")]
    pub q: String,
    /// How many suggestions at most, 1–20; 10 when not given.
    #[param(minimum = 1, maximum = 20, example = 10)]
    pub limit: Option<u64>,
}

/// What it may become.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// The suggestions, the most likely first.
    pub items: Vec<Suggested>,
    /// Whether the search index was out of order: then only names of products are suggested.
    pub degraded: bool,
}

/// A suggestion.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggested {
    /// The text to look for.
    #[schema(example = "石阡苔茶")]
    pub text: String,
    /// What it names.
    pub kind: SuggestionKind,
    /// Code or id of what it names, to be asked for instead of the words; null for the name of products.
    pub code: Option<String>,
    /// How many products stand behind it; null when the search index was out of order.
    pub products: Option<u64>,
}

/// The search index is made anew.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchRebuild {
    /// The name of the work, by which its runs are found.
    #[schema(example = "search.rebuild")]
    pub job: &'static str,
    /// False when somebody asked for it before and it is not done yet.
    pub is_new: bool,
}
