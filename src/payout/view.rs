//! What comes in and goes out.

use super::format::BankFormat;
use super::store::ArrearsRow;
use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, Fen, FileId, OrganisationId, Overflow, PayoutBatchId, PayoutBatchLineId, PayoutBatchState, PayoutId,
    PayoutLineState, PayoutMethod, PayoutResultId, PersonId,
};
use entity::{payout_batch, payout_batch_line, payout_result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A batch to be put together.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBatch {
    /// By bank, or in cash.
    pub method: PayoutMethod,
    /// Which payables; all that are open when not given.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub lines: Option<Vec<WantedLine>>,
}

/// One payable to be paid.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WantedPayoutLine)]
pub struct WantedLine {
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// How much; all that is open when not given.
    #[serde(default)]
    pub amount_fen: Option<Fen>,
}

/// How a batch goes out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBatch {
    /// The bank's format, for a transfer: see `GET /payout-formats`.
    #[serde(default)]
    #[schema(example = "generic")]
    pub format: Option<String>,
}

/// Why a batch is called off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBatch {
    /// Why.
    #[schema(min_length = 1, max_length = 200, example = "名单有误，重新制单")]
    pub reason: String,
}

/// What became of cash, line by line, as the cashier says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The day, not in the future.
    #[schema(example = "2026-03-02")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub paid_on: NaiveDate,
    /// The lines.
    #[schema(min_items = 1, max_items = 2000)]
    pub lines: Vec<HandedOver>,
}

/// What became of the cash of one line: a receipt, or a reason why it came back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandedOver {
    /// The line.
    pub line_id: PayoutBatchLineId,
    /// The receipt that the household signed: a file of your organisation.
    #[serde(default)]
    pub receipt_file_id: Option<FileId>,
    /// Why the household did not have it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub failure: Option<String>,
}

/// What a witness saw.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WitnessLines {
    /// The lines, each of a household of your village.
    #[schema(min_items = 1, max_items = 2000)]
    pub lines: Vec<PayoutBatchLineId>,
}

/// How a bank's result is read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// The format; that of the batch when not given.
    #[param(example = "generic")]
    pub format: Option<String>,
    /// The bank's own paper (回单), a file of your organisation. Needed.
    pub evidence_file_id: Option<FileId>,
    /// The day the households had the money; today when not given.
    #[param(example = "2026-03-02")]
    pub paid_on: Option<NaiveDate>,
}

/// Which batches to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Only those in this state.
    pub state: Option<PayoutBatchState>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A batch of payouts (发放批次).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutBatch {
    /// Its identifier.
    pub id: PayoutBatchId,
    /// The number people quote.
    #[schema(example = "FF20260302-7K3Q9XAB")]
    pub number: String,
    /// Who pays.
    pub supplier_id: OrganisationId,
    /// By bank, or in cash.
    pub method: PayoutMethod,
    /// Where it is.
    pub state: PayoutBatchState,
    /// In which format the bank was told.
    pub format: Option<String>,
    /// All of its lines, also those that are not shown to you.
    pub total_fen: Fen,
    /// How many lines it has, also those that are not shown to you.
    pub line_count: i32,
    /// Who put it together.
    pub drafted_by: PersonId,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
    /// When the bank or the cashier had the money.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the last line had its outcome, or it was called off.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was called off.
    pub closed_reason: Option<String>,
    /// When households had the money, for what was recorded afterwards (补录): its approval books it.
    pub paid_on: Option<NaiveDate>,
    /// What shows it.
    pub evidence_file_id: Option<FileId>,
    /// For cash: what the witness from the village signed.
    pub witness_file_id: Option<FileId>,
    /// When it was put together.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<payout_batch::Model> for PayoutBatch {
    fn from(row: payout_batch::Model) -> Self {
        let payout_batch::Model {
            id,
            supplier_id,
            number,
            method,
            state,
            format,
            total_fen,
            line_count,
            drafted_by,
            approved_by,
            approved_at,
            sent_by: _,
            sent_at,
            posting_id: _,
            closed_at,
            closed_reason,
            created_at,
            version,
            evidence_file_id,
            witness_file_id,
            paid_on,
        } = row;
        Self {
            id,
            number,
            supplier_id,
            method,
            state,
            format,
            total_fen,
            line_count,
            drafted_by,
            approved_by,
            approved_at,
            sent_at,
            closed_at,
            closed_reason,
            paid_on,
            evidence_file_id,
            witness_file_id,
            created_at,
            version,
        }
    }
}

/// A batch with its lines: all of them for who pays, those of their own households for a village and a county.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutBatchWithLines {
    /// The batch.
    #[serde(flatten)]
    pub batch: PayoutBatch,
    /// Its lines.
    pub lines: Vec<PayoutBatchLine>,
}

/// One payout of a batch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutBatchLine {
    /// Its identifier.
    pub id: PayoutBatchLineId,
    /// Its number, by which a bank's result finds it.
    #[schema(example = "FF20260302-7K3Q9XAB-0001")]
    pub reference: String,
    /// Under which agreement.
    pub agreement_id: AgreementId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// How much.
    pub amount_fen: Fen,
    /// Where it is.
    pub state: PayoutLineState,
    /// When the household had it.
    pub paid_on: Option<NaiveDate>,
    /// The bank's number of it.
    pub bank_reference: Option<String>,
    /// Why it came back.
    pub failure: Option<String>,
    /// The receipt that the household signed, for cash.
    pub receipt_file_id: Option<FileId>,
    /// Who handed the cash over: the first signature.
    pub cashier_id: Option<PersonId>,
    /// Who of the village saw it: the second.
    pub witness_id: Option<PersonId>,
    /// The payout it became.
    pub payout_id: Option<PayoutId>,
}

impl PayoutBatchLine {
    pub(super) fn of(row: payout_batch_line::Model, household: Option<HouseholdBrief>) -> Self {
        let payout_batch_line::Model {
            id,
            batch_id: _,
            line_no: _,
            reference,
            agreement_id,
            household_id: _,
            amount_fen,
            state,
            paid_on,
            bank_reference,
            failure,
            receipt_file_id,
            cashier_id,
            cashier_at: _,
            witness_id,
            witness_at: _,
            payout_id,
        } = row;
        Self {
            id,
            reference,
            agreement_id,
            household,
            amount_fen,
            state,
            paid_on,
            bank_reference,
            failure,
            receipt_file_id,
            cashier_id,
            witness_id,
            payout_id,
        }
    }
}

/// What a bank reported.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutResult {
    /// Its identifier.
    pub id: PayoutResultId,
    /// The batch.
    pub batch_id: PayoutBatchId,
    /// Where the batch is now.
    pub batch_state: PayoutBatchState,
    /// Rows in the file.
    pub rows_total: i32,
    /// Rows that became payouts, in this import or before.
    pub rows_paid: i32,
    /// Rows whose amount is owed again.
    pub rows_failed: i32,
    /// Whether this very file was imported before: nothing was changed then.
    pub known_before: bool,
    /// When it was imported first.
    pub created_at: DateTime<Utc>,
}

impl PayoutResult {
    pub(super) fn of(row: &payout_result::Model, batch_state: PayoutBatchState, known_before: bool) -> Self {
        Self {
            id: row.id,
            batch_id: row.batch_id,
            batch_state,
            rows_total: row.rows_total,
            rows_paid: row.rows_paid,
            rows_failed: row.rows_failed,
            known_before,
            created_at: row.created_at,
        }
    }
}

/// The formats there are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankFormats {
    /// Each of them.
    pub items: Vec<BankFormat>,
}

/// What is owed, by how long it has been owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Ages {
    /// For at most 30 days.
    pub to_30_days_fen: Fen,
    /// For 31 to 90 days.
    pub to_90_days_fen: Fen,
    /// For 91 to 180 days.
    pub to_180_days_fen: Fen,
    /// For longer.
    pub older_fen: Fen,
    /// All of it.
    pub total_fen: Fen,
}

impl Ages {
    fn of(row: &ArrearsRow) -> Result<Self, Overflow> {
        let ArrearsRow { to_30_fen, to_90_fen, to_180_fen, older_fen, .. } = *row;
        Ok(Self {
            to_30_days_fen: to_30_fen,
            to_90_days_fen: to_90_fen,
            to_180_days_fen: to_180_fen,
            older_fen,
            total_fen: Fen::checked_sum([to_30_fen, to_90_fen, to_180_fen, older_fen])?,
        })
    }

    pub(super) fn sum(rows: &[ArrearsRow]) -> Result<Self, Overflow> {
        rows.iter().map(Self::of).try_fold(Self::default(), |sum, row| {
            let row = row?;
            Ok(Self {
                to_30_days_fen: sum.to_30_days_fen.checked_add(row.to_30_days_fen)?,
                to_90_days_fen: sum.to_90_days_fen.checked_add(row.to_90_days_fen)?,
                to_180_days_fen: sum.to_180_days_fen.checked_add(row.to_180_days_fen)?,
                older_fen: sum.older_fen.checked_add(row.older_fen)?,
                total_fen: sum.total_fen.checked_add(row.total_fen)?,
            })
        })
    }
}

/// What one cooperative owes its households.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupplierArrears {
    /// The cooperative.
    pub supplier_id: OrganisationId,
    /// Its name.
    pub supplier_name: String,
    /// How many households wait.
    pub households: i64,
    /// Since when the oldest has waited: the day its order was settled.
    pub oldest_on: NaiveDate,
    /// How much, by age.
    #[serde(flatten)]
    pub ages: Ages,
}

impl SupplierArrears {
    pub(super) fn of(row: &ArrearsRow, supplier_name: String) -> Result<Self, Overflow> {
        Ok(Self {
            supplier_id: row.supplier_id,
            supplier_name,
            households: row.households,
            oldest_on: row.oldest_on,
            ages: Ages::of(row)?,
        })
    }
}

/// A page of what is owed, with the sums over all pages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Arrears {
    /// The day that ages are counted to.
    pub as_of: NaiveDate,
    /// Over every cooperative in reach.
    pub totals: Ages,
    /// The cooperatives of this page.
    pub items: Vec<SupplierArrears>,
    /// Cursor of the next page, or null on the last.
    pub next: Option<String>,
}
