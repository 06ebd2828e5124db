//! What comes in and goes out about prices that are looked at.

use super::import::{FaultCount, RefusedRow};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AreaCode, EvidenceId, EvidenceKind, Fen, FenPerKilogram, FileId, FlagId, FlagKind, Grams, PersonId, PriceId,
    PriceImportId, ProductFlagState, ProductId,
};
use entity::{price_evidence, product_flag, reference_price};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A proof of a product's present price (价格凭证): a link, or a paper.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEvidence {
    /// The address of an offer of the same or a product of the same grade elsewhere.
    #[schema(max_length = 1000, example = "https://shop.example/tea/1")]
    pub link: Option<String>,
    /// A contract, an invoice: an uploaded file of the same organisation.
    pub file_id: Option<FileId>,
    /// What a pack costs there.
    pub seen_price_fen: Fen,
    /// What that pack weighs.
    pub seen_pack_grams: Grams,
}

/// A proof of a price. Not shown to the public.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// Its identifier.
    pub id: EvidenceId,
    /// The price it proves.
    pub price_id: PriceId,
    /// Link or paper.
    pub kind: EvidenceKind,
    /// The address.
    pub link: Option<String>,
    /// The paper.
    pub file_id: Option<FileId>,
    /// What a pack costs there.
    pub seen_price_fen: Fen,
    /// What that pack weighs.
    pub seen_pack_grams: Grams,
    /// What a kilogram costs there.
    pub seen_fen_per_kilogram: FenPerKilogram,
    /// Who showed it.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<price_evidence::Model> for Evidence {
    fn from(row: price_evidence::Model) -> Self {
        let price_evidence::Model {
            id,
            product_id: _,
            price_id,
            kind,
            link,
            file_id,
            seen_price_fen,
            seen_pack_grams,
            created_by,
            created_at,
        } = row;
        let per_kilogram = crate::catalogue::product::price::per_kilogram(seen_price_fen, seen_pack_grams);
        Self {
            id,
            price_id,
            kind,
            link,
            file_id,
            seen_price_fen,
            seen_pack_grams,
            // It was checked when it was shown.
            seen_fen_per_kilogram: per_kilogram.unwrap_or(FenPerKilogram::MAX),
            created_by,
            created_at,
        }
    }
}

/// The proofs of a product's prices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proofs {
    /// Newest first, a hundred at most.
    pub items: Vec<Evidence>,
}

/// Whose file of prices it is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportPrices {
    /// The market (批发市场).
    #[param(min_length = 1, max_length = 100, example = "北京新发地")]
    pub market: String,
    /// The province, city or county it stands in.
    #[param(example = "110000")]
    pub region: AreaCode,
}

/// A market's file of prices, as text.
#[derive(ToSchema)]
#[schema(value_type = String)]
#[expect(dead_code, reason = "only describes a body")]
pub struct PriceFile(String);

/// What became of a file of prices.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceReport {
    /// The import.
    pub id: PriceImportId,
    /// The market.
    pub market: String,
    /// Where it stands.
    pub region_code: AreaCode,
    /// Hash of the file, hex.
    pub sha256: String,
    /// Rows in the file.
    pub rows_total: u64,
    /// Rows left out.
    pub rows_refused: u64,
    /// Daily prices written.
    pub prices: u64,
    /// Rows left out, by reason.
    pub faults: Vec<FaultCount>,
    /// The first 200 of them, one by one.
    pub refused: Vec<RefusedRow>,
}

/// Which wholesale prices are looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskPrices {
    /// The variety (品种).
    #[param(min_length = 1, max_length = 100, example = "丝瓜")]
    pub variety: String,
    /// One market only.
    pub market: Option<String>,
    /// Markets of one region only.
    pub region: Option<AreaCode>,
    /// From this day on; a year before `to` when not given.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// Until this day; today when not given.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub to: Option<NaiveDate>,
}

/// What a kilogram cost on a day at a market.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyPrice {
    /// The day.
    pub day: NaiveDate,
    /// The market.
    pub market: String,
    /// Where it stands.
    pub region_code: AreaCode,
    /// The variety.
    pub variety: String,
    /// The specification.
    pub spec: String,
    /// The lowest.
    pub low_fen_per_kilogram: FenPerKilogram,
    /// The average.
    pub average_fen_per_kilogram: FenPerKilogram,
    /// The highest.
    pub high_fen_per_kilogram: FenPerKilogram,
}

impl From<reference_price::Model> for DailyPrice {
    fn from(row: reference_price::Model) -> Self {
        Self {
            day: row.day,
            market: row.market,
            region_code: row.region_code,
            variety: row.variety,
            spec: row.spec,
            low_fen_per_kilogram: row.low_fen_per_kg,
            average_fen_per_kilogram: row.average_fen_per_kg,
            high_fen_per_kilogram: row.high_fen_per_kg,
        }
    }
}

/// A table of wholesale prices.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyPrices {
    /// Newest first, a thousand at most.
    pub items: Vec<DailyPrice>,
}

/// Which flags a list shows, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFlags {
    /// Only those in this state.
    pub state: Option<ProductFlagState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// How a comparison was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Comparison {
    /// With how many others on the shelf.
    pub peers: Option<u32>,
    /// With which market.
    pub market: Option<String>,
    /// With which variety.
    pub variety: Option<String>,
    /// On which day.
    pub day: Option<NaiveDate>,
    /// More than so many per cent above is flagged.
    pub above_percent: Option<u32>,
    /// The name that is alike.
    pub like_name: Option<String>,
    /// The county it is processed in, as its supplier says.
    pub processing_county_code: Option<AreaCode>,
    /// What that is called.
    pub processing_county_name: Option<String>,
    /// The number of the food production licence.
    pub licence_number: Option<String>,
    /// The county in that number, by its code of then.
    pub licence_county_code: Option<String>,
    /// What that is called today; several where it was divided, nothing where no county has or had that code.
    pub licence_county_name: Option<String>,
}

/// Something about a product that somebody must look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Flag {
    /// Its identifier.
    pub id: FlagId,
    /// The product.
    pub product_id: ProductId,
    /// What for.
    pub kind: FlagKind,
    /// Where it is.
    pub state: ProductFlagState,
    /// What a kilogram of it cost then.
    pub fen_per_kilogram: FenPerKilogram,
    /// What it was compared with.
    pub compared_fen_per_kilogram: Option<FenPerKilogram>,
    /// How that was found.
    pub comparison: Comparison,
    /// The product it is like.
    pub like_product_id: Option<ProductId>,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What they wrote.
    pub opinion: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl From<product_flag::Model> for Flag {
    fn from(row: product_flag::Model) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            kind: row.kind,
            state: row.state,
            fen_per_kilogram: row.fen_per_kg,
            compared_fen_per_kilogram: row.compared_fen_per_kg,
            // It was written by ourselves.
            comparison: serde_json::from_str(&row.comparison).unwrap_or_default(),
            like_product_id: row.like_product_id,
            raised_at: row.raised_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            opinion: row.opinion,
            version: row.version,
        }
    }
}

/// The flags of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Flags {
    /// Newest first, a hundred at most.
    pub items: Vec<Flag>,
}

/// What the platform decides about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagVerdict {
    /// It is in order (排除).
    Clear,
    /// It is right: the product is taken down (认定).
    Uphold,
}

/// The platform's decision about a flag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideProductFlag {
    /// In order or not.
    pub decision: FlagVerdict,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, example = "礼盒装，含手工成本，凭证属实。")]
    pub opinion: String,
}
