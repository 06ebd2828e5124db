//! What comes in and goes out.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, BenefitMode, Fen, FileId, Grams, LotId, OffPlatformSaleId, OrganisationId, PlanId,
};
use entity::{off_platform_sale, off_platform_share};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sale outside the platform, with its evidence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordSale {
    /// To whom.
    #[schema(min_length = 1, max_length = 100, example = "某市农产品批发市场")]
    pub buyer_name: String,
    /// The day of the sale: by its agreements and statuses the income is shared.
    #[schema(example = "2026-03-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub sold_on: NaiveDate,
    /// The day the money came, not before the sale and not in the future.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub received_on: NaiveDate,
    /// How much came.
    pub amount_fen: Fen,
    /// What was sold: the contract or the invoice, a file of your organisation.
    pub evidence_file_id: FileId,
    /// That it was paid: the bank's paper, another file.
    pub payment_file_id: FileId,
    /// The lots the produce came from, each once; none when no produce of households was sold.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub lots: Vec<SoldLot>,
}

/// How much of a lot was sold.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoldLot {
    /// The lot, of your organisation.
    pub lot_id: LotId,
    /// How much of it.
    pub grams: Grams,
}

/// A sale outside the platform (平台外销售).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OffPlatformSale {
    /// Its identifier.
    pub id: OffPlatformSaleId,
    /// The number people quote.
    #[schema(example = "PW20260302-0F3A91C2")]
    pub number: String,
    /// Always true: the platform did not handle this sale.
    pub off_platform: bool,
    /// Who sold.
    pub supplier_id: OrganisationId,
    /// To whom.
    pub buyer_name: String,
    /// When.
    pub sold_on: NaiveDate,
    /// When the money came.
    pub received_on: NaiveDate,
    /// How much.
    pub amount_fen: Fen,
    /// What of it households share.
    pub shared_fen: Fen,
    /// What of it the supplier keeps.
    pub retained_fen: Fen,
    /// By which plan.
    pub plan_id: PlanId,
    /// What was sold.
    pub evidence_file_id: FileId,
    /// That it was paid.
    pub payment_file_id: FileId,
    /// Hash of everything the shares were computed from.
    pub inputs_hash: String,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

impl OffPlatformSale {
    pub(super) fn of(row: off_platform_sale::Model) -> Result<Self, entity::value::Overflow> {
        Ok(Self {
            id: row.id,
            number: row.number,
            off_platform: true,
            supplier_id: row.supplier_id,
            buyer_name: row.buyer_name,
            sold_on: row.sold_on,
            received_on: row.received_on,
            amount_fen: row.amount_fen,
            shared_fen: row.amount_fen.checked_sub(row.retained_fen)?,
            retained_fen: row.retained_fen,
            plan_id: row.plan_id,
            evidence_file_id: row.evidence_file_id,
            payment_file_id: row.payment_file_id,
            inputs_hash: row.inputs_hash,
            created_at: row.created_at,
        })
    }
}

/// A sale with its lots and shares; a county sees the shares of its own households.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OffPlatformSaleWithShares {
    /// The sale.
    #[serde(flatten)]
    pub sale: OffPlatformSale,
    /// The lots.
    pub lots: Vec<SoldLot>,
    /// The shares.
    pub shares: Vec<OffPlatformShare>,
}

/// What a household gets of a sale outside the platform.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OffPlatformShare {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// How the household shares.
    pub mode: BenefitMode,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// By which weight.
    pub weight: i64,
    /// How much.
    pub amount_fen: Fen,
}

impl OffPlatformShare {
    pub(super) fn of(row: &off_platform_share::Model, household: Option<HouseholdBrief>) -> Self {
        let off_platform_share::Model { agreement_id, mode, weight, amount_fen, .. } = *row;
        Self { agreement_id, mode, household, weight, amount_fen }
    }
}
