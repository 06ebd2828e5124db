//! What comes in and goes out.

use super::store::PayableRow;
use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::payout;
use entity::value::{
    AgreementId, BenefitMode, Fen, FileId, HouseholdId, OrganisationId, Overflow, PayoutId, PayoutMethod,
    SupplierOrderId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Payouts of one day with their common evidence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPayouts {
    /// The day the households had the money, not in the future.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub paid_on: NaiveDate,
    /// How they had it.
    pub method: PayoutMethod,
    /// A file of your organisation that shows it: a bank's receipt, a signed list.
    pub evidence_file_id: FileId,
    /// For cash: a second file, which a witness from the village signed. Cash is income by two signatures only.
    #[serde(default)]
    pub witness_file_id: Option<FileId>,
    /// The payouts.
    #[schema(min_items = 1, max_items = 500)]
    pub payouts: Vec<WantedPayout>,
}

/// One payout.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedPayout {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// How much, more than zero and at most what is open.
    pub amount_fen: Fen,
    /// Your number of it; never used twice.
    #[schema(min_length = 1, max_length = 100, example = "FF-2026-0301-07")]
    pub reference: String,
}

/// Money handed to a household (发放).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payout {
    /// Its identifier.
    pub id: PayoutId,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// How much.
    pub amount_fen: Fen,
    /// When the household had it.
    #[schema(example = "2026-03-02")]
    pub paid_on: NaiveDate,
    /// How.
    pub method: PayoutMethod,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// For cash: what the witness from the village signed.
    pub witness_file_id: Option<FileId>,
    /// The supplier's number of it.
    #[schema(example = "FF-2026-0301-07")]
    pub reference: String,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

impl Payout {
    pub(super) fn of(row: payout::Model, household: Option<HouseholdBrief>) -> Self {
        let payout::Model {
            id,
            supplier_id: _,
            household_id: _,
            agreement_id,
            amount_fen,
            paid_on,
            method,
            evidence_file_id,
            witness_file_id,
            reference,
            posting_id: _,
            recorded_by: _,
            created_at,
        } = row;
        Self {
            id,
            agreement_id,
            household,
            amount_fen,
            paid_on,
            method,
            evidence_file_id,
            witness_file_id,
            reference,
            created_at,
        }
    }
}

/// Which payouts to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PayoutQuery {
    /// Only under this agreement.
    pub agreement_id: Option<AgreementId>,
    /// Only to this household.
    pub household_id: Option<HouseholdId>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// Which payables to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PayableQuery {
    /// Only what is not paid out in full.
    pub open: Option<bool>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// What an agreement has brought a household so far (应付农户款).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payable {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// How the household shares.
    pub mode: BenefitMode,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// What accrued.
    pub accrued_fen: Fen,
    /// What of it was paid out.
    pub paid_fen: Fen,
    /// What of it is still owed.
    pub open_fen: Fen,
    /// What of that is in a batch of payouts and has no outcome yet (在途).
    pub pending_fen: Fen,
}

impl Payable {
    pub(super) fn of(
        row: PayableRow,
        household: Option<HouseholdBrief>,
        paid_fen: Fen,
        pending_fen: Fen,
    ) -> Result<Self, Overflow> {
        let PayableRow { agreement_id, household_id: _, mode, credit_fen, debit_fen } = row;
        // A correction credits and a reversal debits the same account: what is owed is the balance, what was paid is
        // told by its postings, and what accrued is both.
        let open_fen = credit_fen.checked_sub(debit_fen)?;
        let accrued_fen = open_fen.checked_add(paid_fen)?;
        Ok(Self { agreement_id, mode, household, accrued_fen, paid_fen, open_fen, pending_fen })
    }
}

/// Of which year.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// The calendar year of the business days, 2000–2100; the present one when not given.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
}

/// The three amounts, which are never mixed. One falls below zero when more was taken back in a year than was given in
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Amounts {
    /// Share of what buyers accepted (应得：已验收).
    #[schema(example = 128_000)]
    pub promised_fen: i64,
    /// Share of what buyers accepted and paid (计提：已验收已付款).
    #[schema(example = 120_000)]
    pub accrued_fen: i64,
    /// What the household was handed (发放：有凭证): its income.
    #[schema(example = 100_000)]
    pub paid_fen: i64,
}

impl Amounts {
    /// Each of them added up.
    ///
    /// # Errors
    /// When a sum is beyond what is countable.
    pub fn sum(amounts: impl Iterator<Item = Self>) -> Result<Self, Overflow> {
        let none = Self { promised_fen: 0, accrued_fen: 0, paid_fen: 0 };
        let add = |one: i64, other: i64| one.checked_add(other).ok_or(Overflow);
        amounts.into_iter().try_fold(none, |sum, one| {
            Ok(Self {
                promised_fen: add(sum.promised_fen, one.promised_fen)?,
                accrued_fen: add(sum.accrued_fen, one.accrued_fen)?,
                paid_fen: add(sum.paid_fen, one.paid_fen)?,
            })
        })
    }
}

/// A household's income in a year (户收益单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncomeStatement {
    /// The household, masked.
    pub household: HouseholdBrief,
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// Over all agreements.
    pub totals: Amounts,
    /// Agreement by agreement; they add up to the totals.
    pub agreements: Vec<AgreementIncome>,
}

/// What one agreement brought in a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgreementIncome {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// How the household shares.
    pub mode: BenefitMode,
    /// With whom.
    pub supplier_id: OrganisationId,
    /// Their name.
    #[schema(example = "某县某某种植专业合作社")]
    pub supplier_name: String,
    /// Over all orders.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// Order by order; they add up to the agreement's amounts.
    pub orders: Vec<OrderIncome>,
}

/// What one order brought under an agreement in a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderIncome {
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// The number people quote.
    #[schema(example = "S20260302-7K3Q9XAB")]
    pub number: String,
    /// Whether it is a sale outside the platform (平台外销售), which the platform did not handle.
    pub off_platform: bool,
    /// Its amounts.
    #[serde(flatten)]
    pub amounts: Amounts,
}
