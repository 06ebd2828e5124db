//! What comes in and goes out.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, BenefitMode, Fen, FileId, Grams, HouseholdStatusKind, LotId, OffPlatformSaleId, OffPlatformState,
    OffPlatformStep, OrganisationId, PlanId, PostingId, ProductId,
};
use entity::{off_platform_decision, off_platform_sale, off_platform_share};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    /// The lots the produce came from, all of one product, each once; none when no produce of households was sold.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub lots: Vec<SoldLot>,
}

/// What confirming a sale says beside itself: nothing.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct ConfirmSale {}

/// Why a sale is refused, withdrawn or reversed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OffPlatformReason)]
pub struct SaleReason {
    /// Why; households and the cooperative can read it.
    #[schema(min_length = 1, max_length = 200, example = "发票与银行回单的买方不一致")]
    pub reason: String,
}

/// Which sales to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OffPlatformQuery {
    /// Only those in this state.
    pub state: Option<OffPlatformState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
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
    /// Where it is. Only what is confirmed is income.
    pub state: OffPlatformState,
    /// Who sold.
    pub supplier_id: OrganisationId,
    /// What was sold, where it came out of lots.
    pub product_id: Option<ProductId>,
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
    /// Grows with every change.
    pub version: i64,
}

impl OffPlatformSale {
    pub(super) fn of(row: off_platform_sale::Model) -> Result<Self, entity::value::Overflow> {
        Ok(Self {
            id: row.id,
            number: row.number,
            off_platform: true,
            state: row.state,
            supplier_id: row.supplier_id,
            product_id: row.product_id,
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
            version: row.version,
        })
    }
}

/// A sale with its lots and shares; a county and a helper see the shares of their own households.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OffPlatformSaleWithShares {
    /// The sale.
    #[serde(flatten)]
    pub sale: OffPlatformSale,
    /// The lots.
    pub lots: Vec<SoldLot>,
    /// The shares; income once the sale is confirmed.
    pub shares: Vec<OffPlatformShare>,
    /// What was decided about it, in the order of time.
    pub decisions: Vec<OffPlatformDecision>,
}

/// What was decided about a sale outside the platform.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OffPlatformDecision {
    /// What was decided.
    pub step: OffPlatformStep,
    /// Why, where it took something away.
    pub reason: Option<String>,
    /// Whether a helper of a sharing household decided, and not an office.
    pub by_helper: bool,
    /// For which organisation somebody decided.
    pub organisation_id: OrganisationId,
    /// The posting that books it, where it moved money.
    pub posting_id: Option<PostingId>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

impl From<off_platform_decision::Model> for OffPlatformDecision {
    fn from(row: off_platform_decision::Model) -> Self {
        let off_platform_decision::Model {
            sale_id: _,
            step,
            reason,
            posting_id,
            by_helper,
            decided_by: _,
            organisation_id,
            decided_at,
        } = row;
        Self { step, reason, by_helper, organisation_id, posting_id, decided_at }
    }
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
    /// What it was on the day of the sale.
    pub household_status: HouseholdStatusKind,
    /// How much.
    pub amount_fen: Fen,
}

impl OffPlatformShare {
    pub(super) fn of(row: &off_platform_share::Model, household: Option<HouseholdBrief>) -> Self {
        let off_platform_share::Model { agreement_id, mode, weight, household_status, amount_fen, .. } = *row;
        Self { agreement_id, mode, household, weight, household_status, amount_fen }
    }
}
