//! What comes in and goes out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AreaCode, CategoryCode, CertificateScheme, CreditCode, Fen, Grams, OrganisationId, OrganisationKind, ProductId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Who publishes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the text")]
pub struct OpenPublisher {
    /// The name.
    name: String,
    /// Where open data stand.
    uri: String,
}

/// Where to go on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the text")]
pub struct OpenLinks {
    /// The next page.
    next: String,
}

/// A package of releases after OCDS 1.1.5.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the text")]
pub struct ReleasePackage {
    /// The address of the package.
    uri: String,
    /// The edition of the standard.
    #[schema(example = "1.1")]
    version: String,
    /// The extension that declares the relief facts.
    extensions: Vec<String>,
    /// When the last of its releases was made.
    #[schema(rename = "publishedDate")]
    published_date: DateTime<Utc>,
    /// Who publishes.
    publisher: OpenPublisher,
    /// Where to go on, when there is more.
    links: Option<OpenLinks>,
    /// Releases after <https://standard.open-contracting.org/1.1/en/schema/release/>; amounts are yuan with two decimals.
    #[schema(value_type = Vec<Object>)]
    releases: Vec<serde_json::Value>,
}

/// A package of records after OCDS 1.1.5.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the text")]
pub struct RecordPackage {
    /// The address of the package.
    uri: String,
    /// The edition of the standard.
    #[schema(example = "1.1")]
    version: String,
    /// The extension that declares the relief facts.
    extensions: Vec<String>,
    /// When the last release of any record in it was made.
    #[schema(rename = "publishedDate")]
    published_date: DateTime<Utc>,
    /// Who publishes.
    publisher: OpenPublisher,
    /// Where to go on, when there is more.
    links: Option<OpenLinks>,
    /// Records after <https://standard.open-contracting.org/1.1/en/schema/records_reference/>.
    #[schema(value_type = Vec<Object>)]
    records: Vec<serde_json::Value>,
}

/// Which releases are wanted as lines.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LinesQuery {
    /// Only those of a month in Shanghai.
    #[param(example = "2026-03", pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Option<String>,
}

/// A month of which everything can be had at once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenMonth {
    /// The month in Shanghai.
    #[schema(example = "2026-03")]
    pub month: String,
    /// How many releases.
    #[schema(example = 12)]
    pub releases: i64,
    /// Where they are, as one package.
    pub url: String,
    /// Where they are, one a line.
    pub lines_url: String,
    /// When the last one was made.
    pub modified: DateTime<Utc>,
}

/// The months, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenMonths {
    /// The months.
    pub items: Vec<OpenMonth>,
}

/// Something that was published.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenChange {
    /// The process.
    #[schema(example = "ocds-000000-D20260302-7K3M9Q2A")]
    pub ocid: String,
    /// The release.
    #[schema(example = "ocds-000000-D20260302-7K3M9Q2A-001")]
    pub release_id: String,
    /// When.
    pub date: DateTime<Utc>,
    /// What about the process it says.
    pub tags: Vec<String>,
    /// Where it is.
    pub url: String,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// What was published since a cursor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenChanges {
    /// Oldest first; empty when there is nothing new.
    pub items: Vec<OpenChange>,
    /// Where to go on now or later; null while nothing was ever published.
    pub next: Option<String>,
}

/// An admitted supplier (供应商名录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisteredSupplier {
    /// Its identifier.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "雷山县香米种植专业合作社")]
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// The county where it sits.
    pub county_code: AreaCode,
    /// How many of its products are on the shelf.
    #[schema(example = 3)]
    pub products: i64,
}

/// A certificate of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisteredCertificate {
    /// The scheme.
    pub scheme: CertificateScheme,
    /// Who issued it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub valid_to: Option<NaiveDate>,
}

/// A product on the shelf (产品名录).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisteredProduct {
    /// Its identifier.
    pub id: ProductId,
    /// Its name.
    #[schema(example = "雷山香米")]
    pub name: String,
    /// Its category.
    pub category_code: CategoryCode,
    /// Where it is grown.
    pub origin_county_code: AreaCode,
    /// What a pack weighs.
    pub pack_grams: Grams,
    /// What a pack costs.
    pub unit_price_fen: Fen,
    /// Who sells it.
    pub supplier_id: OrganisationId,
    /// Its certificates.
    pub certificates: Vec<RegisteredCertificate>,
}

/// Which span of days is wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// The first day; the first of this year when not said.
    #[param(value_type = Option<String>, format = Date, example = "2026-01-01")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// The last day; today when not said.
    #[param(value_type = Option<String>, format = Date, example = "2026-12-31")]
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub until: Option<NaiveDate>,
}

/// The public figures of a span of days (公开统计).
///
/// They are of the supplier orders placed in it that were neither cancelled nor refused, as they stand now; each counts
/// once, for the county where its supplier sits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Statistics {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// The whole.
    pub total: StatisticsRow,
    /// By county of the supplier, most accepted first.
    pub counties: Vec<StatisticsRow>,
}

/// Figures of a county, or of all.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct StatisticsRow {
    /// The county; null for the whole.
    pub county_code: Option<AreaCode>,
    /// Its name.
    #[schema(example = "雷山县")]
    pub county_name: Option<String>,
    /// Supplier orders.
    #[schema(example = 31)]
    pub orders: i64,
    /// Suppliers among them.
    #[schema(example = 4)]
    pub suppliers: i64,
    /// What was ordered.
    pub ordered_fen: i64,
    /// What was accepted, less what was credited.
    pub accepted_fen: i64,
    /// What was paid for it, less what was given back.
    pub paid_fen: i64,
    /// What was attributed to households of it (计提).
    pub attributed_fen: i64,
    /// What was handed to households of it with evidence (发放).
    pub paid_to_households_fen: i64,
    /// How many households, each once; null where they are too few to be told.
    #[schema(example = 57)]
    pub households: Option<i64>,
}
