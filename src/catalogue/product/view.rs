//! What comes in and goes out about products.

use super::details::Details;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AreaCode, CategoryCode, CertificateId, CertificateScheme, Fen, FenPerKilogram, FileId, Grams, OffReason,
    OrganisationId, Packs, PersonId, PhotoId, PriceId, ProductId, ProductState,
};
use entity::{product_photo, product_price};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A certificate that a supplier shows.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCertificate {
    /// Under which scheme.
    pub scheme: CertificateScheme,
    /// Who issued it.
    #[schema(max_length = 200, example = "中国绿色食品发展中心")]
    pub issuer: String,
    /// Its number.
    #[schema(max_length = 100, example = "LB-44-21032402345A")]
    pub number: String,
    /// The first day it holds.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub valid_from: NaiveDate,
    /// The last day; absent when it does not end.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub valid_to: Option<NaiveDate>,
    /// A scan of it: an uploaded file of the same organisation.
    pub file_id: Option<FileId>,
}

/// A new product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddProduct {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "石阡苔茶 一级 250克")]
    pub name: String,
    /// Where it stands in the category tree.
    pub category_code: CategoryCode,
    /// The relief county it comes from (产地); its code of 2014 or of today.
    pub origin_county_code: AreaCode,
    /// What one pack weighs, net (净含量).
    pub pack_grams: Grams,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// The smallest order (起订量).
    pub min_packs: Packs,
    /// Packs in store (库存).
    pub on_hand_packs: Packs,
    /// How long it keeps, in days (保质期).
    #[schema(minimum = 1, maximum = 3650, example = 540)]
    pub shelf_life_days: i32,
    /// What the supplier says about it.
    #[schema(min_length = 1, max_length = 4000, example = "海拔 800 米以上茶园的春茶，手工采摘。")]
    pub description: String,
    /// Its certificates.
    #[serde(default)]
    pub certificates: Vec<NewCertificate>,
    /// Kind, packing, season, limits, carriage.
    #[serde(default)]
    pub details: Details,
}

/// What a supplier changes of a product's content; what is absent stays. A product on the shelf goes into review
/// again, one that was taken down becomes a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeProduct {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "石阡苔茶 一级 250克")]
    pub name: Option<String>,
    /// Where it stands in the category tree.
    pub category_code: Option<CategoryCode>,
    /// What the supplier says about it.
    #[schema(min_length = 1, max_length = 4000, example = "海拔 800 米以上茶园的春茶，手工采摘。")]
    pub description: Option<String>,
    /// The smallest order (起订量).
    pub min_packs: Option<Packs>,
    /// How long it keeps, in days (保质期).
    #[schema(minimum = 1, maximum = 3650, example = 540)]
    pub shelf_life_days: Option<i32>,
    /// All its certificates, instead of those before.
    pub certificates: Option<Vec<NewCertificate>>,
    /// All its details, instead of those before.
    pub details: Option<Details>,
}

/// A later paper in the place of a certificate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewCertificate {
    /// Its number, when that is another.
    #[schema(max_length = 100, example = "LB-44-21032402345A")]
    pub number: Option<String>,
    /// The first day it holds.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub valid_from: NaiveDate,
    /// The last day; absent when it does not end.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub valid_to: Option<NaiveDate>,
    /// A scan of it: an uploaded file of the same organisation.
    pub file_id: FileId,
}

/// Why and when a certificate ceased to be good.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeProductCertificate {
    /// The day from which its issuer no longer stands by it.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub revoked_on: NaiveDate,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "认证机构公告撤销。")]
    pub reason: String,
}

/// An uploaded picture for a product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPhoto {
    /// An uploaded PNG or JPEG of the same organisation.
    pub file_id: FileId,
}

/// A size of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSize {
    /// At most 1600 pixels on its longer side.
    Large,
    /// At most 320.
    Small,
}

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes a body")]
pub struct PhotoContent(Vec<u8>);

/// A picture of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Photo {
    /// Its identifier.
    pub id: PhotoId,
    /// Where the large one is.
    #[schema(
        example = "/api/v1/products/019372a0-6c00-7000-8000-000000000001/photos/019372a0-6c00-7000-8000-000000000002/large"
    )]
    pub large: String,
    /// Where the thumbnail is.
    #[schema(
        example = "/api/v1/products/019372a0-6c00-7000-8000-000000000001/photos/019372a0-6c00-7000-8000-000000000002/small"
    )]
    pub small: String,
    /// Width of the large one in pixels.
    pub width: i32,
    /// Height of the large one in pixels.
    pub height: i32,
}

impl From<&product_photo::Model> for Photo {
    fn from(row: &product_photo::Model) -> Self {
        let at = |size: &str| format!("/api/v1/products/{}/photos/{}/{size}", row.product_id, row.id);
        Self { id: row.id, large: at("large"), small: at("small"), width: row.width, height: row.height }
    }
}

/// For which day certifications are asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskCertifications {
    /// The day, as of an order; today when not given.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub on: Option<NaiveDate>,
}

/// A certificate, judged for a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Certification {
    /// The certificate.
    #[serde(flatten)]
    pub certificate: Certificate,
    /// Whether the paper held on that day.
    pub is_valid: bool,
    /// Whether it counted as a certification of the product on that day.
    pub counts: bool,
}

/// A product's certifications as of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Certifications {
    /// The day.
    pub on: NaiveDate,
    /// Every certificate it ever had.
    pub items: Vec<Certification>,
    /// The schemes under which it counted as certified.
    pub schemes: Vec<CertificateScheme>,
}

/// One price a product had (价格版本).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PriceVersion {
    /// Its identifier: orders keep it.
    pub id: PriceId,
    /// 1 for the first price, 2 for the next …
    pub number: i32,
    /// The price of a pack.
    pub unit_price_fen: Fen,
    /// The price of a kilogram.
    pub fen_per_kilogram: FenPerKilogram,
    /// From when it held.
    pub from: DateTime<Utc>,
    /// Who set it.
    pub set_by: PersonId,
}

impl PriceVersion {
    /// A price of packs of this weight.
    #[must_use]
    pub fn of(row: product_price::Model, pack: Grams) -> Self {
        let product_price::Model { id, product_id: _, number, unit_price_fen, created_by, created_at } = row;
        let fen_per_kilogram = super::price::per_kilogram(unit_price_fen, pack).unwrap_or(FenPerKilogram::MAX);
        Self { id, number, unit_price_fen, fen_per_kilogram, from: created_at, set_by: created_by }
    }
}

/// Every price of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Prices {
    /// Newest first.
    pub items: Vec<PriceVersion>,
}

/// What the platform decides about a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be sold (通过).
    Approve,
    /// It may not (驳回).
    Reject,
}

/// The platform's review of a product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewProduct {
    /// Let it on the shelf or not.
    pub decision: Verdict,
    /// Why (审核意见).
    #[schema(min_length = 1, max_length = 2000, example = "资质有效，价格合理。")]
    pub opinion: String,
}

/// Why the platform takes a product down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelistProduct {
    /// Why (下架原因).
    #[schema(min_length = 1, max_length = 2000, example = "绿色食品证书已过期。")]
    pub reason: String,
    /// The same as a code; `other` when not said.
    #[serde(default = "other")]
    pub code: OffReason,
}

const fn other() -> OffReason {
    OffReason::Other
}

/// A new price.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// The price of one pack from now on. Orders placed before keep theirs.
    pub unit_price_fen: Fen,
}

/// Stock that came in or went out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStock {
    /// Packs that came in, or, negative, went out.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 50)]
    pub change_packs: i64,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "春茶第二批入库")]
    pub reason: String,
}

/// Which of its products a supplier lists, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListProducts {
    /// Only those in this state.
    pub state: Option<ProductState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// Who offers a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Supplier {
    /// Its identifier.
    pub id: OrganisationId,
    /// Its name.
    #[schema(example = "石阡县苔茶专业合作社")]
    pub name: String,
}

/// A product's category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductCategory {
    /// Its code.
    pub code: CategoryCode,
    /// Its name in Chinese.
    #[schema(example = "绿茶")]
    pub name_zh: String,
    /// Its name in English.
    #[schema(example = "Green tea")]
    pub name_en: String,
}

/// Where a product comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Origin {
    /// The county's code of today.
    pub county_code: AreaCode,
    /// Its name today.
    #[schema(example = "石阡县")]
    pub county_name: String,
    /// Its name on the list of the 832 counties; several where counties were merged.
    #[schema(example = json!(["石阡县"]))]
    pub listed_names: Vec<String>,
    /// Its prefecture, as on the list.
    #[schema(example = "铜仁市")]
    pub prefecture: String,
    /// Its province.
    #[schema(example = "贵州省")]
    pub province: String,
}

/// A county.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Place {
    /// Its code of today.
    pub code: AreaCode,
    /// Its name today.
    #[schema(example = "石阡县")]
    pub name: String,
}

/// A certificate of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Certificate {
    /// Its identifier.
    pub id: CertificateId,
    /// Under which scheme.
    pub scheme: CertificateScheme,
    /// Who issued it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// The first day it holds.
    pub valid_from: NaiveDate,
    /// The last day; null when it does not end.
    pub valid_to: Option<NaiveDate>,
    /// A scan of it.
    pub file_id: Option<FileId>,
    /// The day from which its issuer no longer stands by it.
    pub revoked_on: Option<NaiveDate>,
}

/// What only its supplier, the platform and the auditor see of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Inside {
    /// Packs in store.
    pub on_hand_packs: Packs,
    /// Packs promised to orders.
    pub reserved_packs: Packs,
    /// What the review said last.
    pub review_opinion: Option<String>,
}

/// A product (商品).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Product {
    /// Its identifier.
    pub id: ProductId,
    /// Who offers it.
    pub supplier: Supplier,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: ProductCategory,
    /// Where it comes from (产地).
    pub origin: Origin,
    /// Where it is processed (加工地), when that is another county.
    pub processing: Option<Place>,
    /// Where its seller is registered (注册地).
    pub seller: Place,
    /// Kind, packing, season, limits, carriage.
    pub details: Details,
    /// What one pack weighs, net.
    pub pack_grams: Grams,
    /// What the supplier says about it.
    pub description: String,
    /// The smallest order.
    pub min_packs: Packs,
    /// How many packs can be ordered now.
    pub available_packs: Packs,
    /// How long it keeps, in days.
    pub shelf_life_days: i32,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// That price by its identifier: orders keep it.
    pub price_id: PriceId,
    /// The price of a kilogram, rounded half up.
    pub fen_per_kilogram: FenPerKilogram,
    /// Its certificates.
    pub certificates: Vec<Certificate>,
    /// Its pictures.
    pub photos: Vec<Photo>,
    /// Whether it can be bought.
    pub state: ProductState,
    /// Why the house or the platform took it down.
    pub off_reason: Option<OffReason>,
    /// For its supplier, the platform and the auditor only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed; stock is no change.
    pub updated_at: DateTime<Utc>,
    /// Grows with every change; stock is no change.
    pub version: i64,
}

/// A category (品类).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategoryNode {
    /// Two, four or six digits.
    pub code: CategoryCode,
    /// The category above it; null at the top.
    pub parent_code: Option<CategoryCode>,
    /// Its name in Chinese.
    #[schema(example = "绿茶")]
    pub name_zh: String,
    /// Its name in English.
    #[schema(example = "Green tea")]
    pub name_en: String,
    /// 1, 2 or 3.
    pub level: i16,
}

/// The category tree, as a flat list by code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Categories {
    /// Every category.
    pub items: Vec<CategoryNode>,
}

impl From<entity::category::Model> for CategoryNode {
    fn from(model: entity::category::Model) -> Self {
        let entity::category::Model { code, parent_code, name_zh, name_en, level } = model;
        Self { code, parent_code, name_zh, name_en, level }
    }
}
