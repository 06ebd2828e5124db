//! What comes in and goes out about lots.

use crate::harvest::certificate::view::{CertificateState, LotCertificate};
use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::lot;
use entity::value::{AgreementId, DeliveryId, FenPerKilogram, Grams, LotId, LotStepId, OrganisationId, ProductId};
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
    /// How much of it went into other lots.
    pub withdrawn_grams: Grams,
    /// What is left of it.
    pub left_grams: Grams,
    /// The step it came out of; null when it was packed from deliveries.
    pub step_id: Option<LotStepId>,
    /// What a buyer looks it up by: GET /api/v1/trace/{code}.
    #[schema(example = "7K3M9Q2A7K3M9Q2AX")]
    pub trace_code: Option<String>,
    /// When it was called back; null when it was not.
    pub recalled_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<lot::Model> for LotSummary {
    fn from(row: lot::Model) -> Self {
        let left = super::left_of(&row);
        let lot::Model {
            id,
            supplier_id,
            product_id,
            code,
            packed_on,
            total_grams,
            shipped_grams,
            withdrawn_grams,
            step_id,
            trace_code,
            recalled_at,
            created_at,
            version,
        } = row;
        let left_grams = Grams::new(left).unwrap_or(total_grams);
        Self {
            id,
            supplier_id,
            product_id,
            code,
            packed_on,
            total_grams,
            shipped_grams,
            withdrawn_grams,
            left_grams,
            step_id,
            trace_code,
            recalled_at,
            created_at,
            version,
        }
    }
}

/// A lot with what it is made of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Lot {
    /// What the list shows of it.
    #[serde(flatten)]
    pub summary: LotSummary,
    /// Whether its conformity certificate (承诺达标合格证) holds.
    pub certificate: CertificateState,
    /// Whether its category needs one, so that it cannot be shipped without.
    pub certificate_required: bool,
    /// Every certificate that was issued for it, oldest first.
    pub certificates: Vec<LotCertificate>,
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
