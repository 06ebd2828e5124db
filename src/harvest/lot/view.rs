//! What comes in and goes out about lots.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::lot;
use entity::value::{AgreementId, DeliveryId, FenPerKilogram, Grams, LotId, OrganisationId, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A lot to be packed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLot {
    /// Your product that it becomes.
    pub product_id: ProductId,
    /// When it was packed: not in the future, and not before its deliveries were brought.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub packed_on: NaiveDate,
    /// What is taken of which delivery.
    #[schema(min_items = 1, max_items = 200)]
    pub deliveries: Vec<NewLotDelivery>,
}

/// What is taken of one delivery.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLotDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// How much of it, above zero.
    pub grams: Grams,
}

/// What a list of lots is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LotQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those of this product.
    pub product_id: Option<ProductId>,
    /// Only those of which something is left.
    pub available: Option<bool>,
}

/// A lot in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotSummary {
    /// Its identifier.
    pub id: LotId,
    /// Who packed it.
    pub supplier_id: OrganisationId,
    /// Which product it is.
    pub product_id: ProductId,
    /// What is printed on the pack.
    #[schema(example = "L20260302-7K3M9Q")]
    pub code: String,
    /// When it was packed.
    pub packed_on: NaiveDate,
    /// What it weighs.
    pub total_grams: Grams,
    /// How much of it has left.
    pub shipped_grams: Grams,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<lot::Model> for LotSummary {
    fn from(row: lot::Model) -> Self {
        let lot::Model {
            id,
            supplier_id,
            product_id,
            code,
            packed_on,
            total_grams,
            shipped_grams,
            created_at,
            version,
        } = row;
        Self { id, supplier_id, product_id, code, packed_on, total_grams, shipped_grams, created_at, version }
    }
}

/// A lot with what it is made of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Lot {
    /// What the list shows of it.
    #[serde(flatten)]
    pub summary: LotSummary,
    /// What it is made of; adds up to its weight.
    pub deliveries: Vec<LotDelivery>,
}

/// One part of a lot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// How much of it.
    pub grams: Grams,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// Under which agreement it was delivered.
    pub agreement_id: AgreementId,
    /// The price paid for it.
    pub price_fen_per_kg: FenPerKilogram,
    /// When it was delivered.
    pub delivered_on: NaiveDate,
}
