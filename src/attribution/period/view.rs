//! What comes in and goes out about periods.

use crate::household::view::HouseholdBrief;
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AgreementId, BenefitMode, Fen, FileId, HouseholdStatusKind, OrganisationId, PeriodId, PeriodKind, PeriodRecordId,
    PeriodState, PostingId,
};
use entity::{period, period_record, period_run, period_share};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A period to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPeriod {
    /// How long it is.
    pub kind: PeriodKind,
    /// Its first day; of a month, the first of that month.
    #[schema(example = "2026-03-01")]
    #[serde(deserialize_with = "crate::http::text::day")]
    pub starts_on: NaiveDate,
    /// Its last day, for a season: at most 366 days long. A month ends by itself.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub ends_on: Option<NaiveDate>,
}

/// What is due in a period, by one piece of evidence: a wage sheet, a list of rents, a resolution.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordDue {
    /// The evidence.
    pub evidence_file_id: FileId,
    /// What is due, in 1–500 lines.
    #[schema(min_items = 1, max_items = 500)]
    pub records: Vec<WantedRecord>,
}

/// One line of what is due.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedRecord {
    /// What for; not produce.
    pub mode: BenefitMode,
    /// To whom; not for a dividend, which is due to all who hold shares.
    #[serde(default)]
    pub agreement_id: Option<AgreementId>,
    /// Half days worked, for wages; units returned, for custodial farming.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 43)]
    pub quantity: Option<i64>,
    /// The amount, for rent and dividends; for the others it follows from the agreement.
    #[serde(default)]
    pub due_fen: Option<Fen>,
    /// A remark, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200, example = "采茶")]
    pub note: Option<String>,
}

/// The close of a period.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// A remark for the audit, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200, example = "三月工资表已公示")]
    pub note: Option<String>,
}

/// Which periods to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
    /// Only those in this state.
    pub state: Option<PeriodState>,
    /// Only those of this supplier.
    pub supplier_id: Option<OrganisationId>,
}

/// A month or season of a supplier (核算期间).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Period {
    /// Its identifier.
    pub id: PeriodId,
    /// Whose it is.
    pub supplier_id: OrganisationId,
    /// How long it is.
    pub kind: PeriodKind,
    /// Its first day.
    #[schema(example = "2026-03-01")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[schema(example = "2026-03-31")]
    pub ends_on: NaiveDate,
    /// Whether it takes postings.
    pub state: PeriodState,
    /// What waits in it for households, mode by mode; nothing once it is closed.
    pub pools: Vec<PeriodPool>,
    /// What came of its close.
    pub result: Option<PeriodResult>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// What waits for the households of one mode.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodPool {
    /// The mode.
    pub mode: BenefitMode,
    /// What orders have brought.
    pub waiting_fen: Fen,
}

/// What came of a close.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodResult {
    /// What waited.
    pub pool_fen: Fen,
    /// What was due to households.
    pub due_fen: Fen,
    /// What they get of the orders of the period.
    pub shared_fen: Fen,
    /// What the supplier keeps.
    pub retained_fen: Fen,
    /// What was due and is not covered by the orders of the period: the supplier's own debt.
    pub uncovered_fen: Fen,
    /// SHA-256 of the recorded inputs, by which the computation can be repeated.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub inputs_hash: String,
    /// The posting that books it; none when nothing waited.
    pub posting_id: Option<PostingId>,
}

/// Work, rent or a dividend of a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodRecord {
    /// Its identifier.
    pub id: PeriodRecordId,
    /// What for.
    pub mode: BenefitMode,
    /// To whom.
    pub agreement_id: Option<AgreementId>,
    /// Half days worked, or units returned.
    #[schema(example = 43)]
    pub quantity: Option<i64>,
    /// What is due.
    pub due_fen: Fen,
    /// The evidence.
    pub evidence_file_id: FileId,
    /// A remark.
    #[schema(example = "采茶")]
    pub note: String,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// What was recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordedDue {
    /// All of it together.
    pub total_fen: Fen,
    /// Line by line, in the order of the request.
    pub items: Vec<PeriodRecord>,
}

/// What one agreement gets of a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodShare {
    /// Its place in the close.
    #[schema(example = 1)]
    pub line_no: i32,
    /// How the household shares.
    pub mode: BenefitMode,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// What it was on the last day of the period.
    pub household_status: HouseholdStatusKind,
    /// What was due to it.
    pub due_fen: Fen,
    /// What it gets.
    pub amount_fen: Fen,
}

/// The shares of a closed period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodShares {
    /// The period.
    pub period_id: PeriodId,
    /// By mode and agreement.
    pub items: Vec<PeriodShare>,
}

impl Period {
    pub(super) fn of(row: period::Model, pools: Vec<PeriodPool>, run: Option<period_run::Model>) -> Self {
        let period::Model {
            id,
            supplier_id,
            kind,
            starts_on,
            ends_on,
            state,
            opened_by: _,
            closed_by: _,
            closed_at,
            created_at,
            version,
        } = row;
        let result = run.map(PeriodResult::from);
        Self { id, supplier_id, kind, starts_on, ends_on, state, pools, result, closed_at, created_at, version }
    }
}

impl From<period_run::Model> for PeriodResult {
    fn from(row: period_run::Model) -> Self {
        let period_run::Model {
            period_id: _,
            pool_fen,
            due_fen,
            shared_fen,
            retained_fen,
            inputs: _,
            inputs_hash,
            posting_id,
            created_at: _,
        } = row;
        // Nobody gets more than is due.
        let uncovered_fen = due_fen.checked_sub(shared_fen).unwrap_or(Fen::ZERO);
        Self { pool_fen, due_fen, shared_fen, retained_fen, uncovered_fen, inputs_hash, posting_id }
    }
}

impl From<period_record::Model> for PeriodRecord {
    fn from(row: period_record::Model) -> Self {
        let period_record::Model {
            id,
            period_id: _,
            mode,
            agreement_id,
            quantity,
            due_fen,
            evidence_file_id,
            note,
            recorded_by: _,
            created_at,
        } = row;
        Self { id, mode, agreement_id, quantity, due_fen, evidence_file_id, note, created_at }
    }
}

impl PeriodShare {
    pub(super) fn of(row: period_share::Model, household: Option<HouseholdBrief>) -> Self {
        let period_share::Model {
            period_id: _,
            line_no,
            mode,
            agreement_id,
            household_id: _,
            household_status,
            due_fen,
            amount_fen,
        } = row;
        Self { line_no, mode, agreement_id, household, household_status, due_fen, amount_fen }
    }
}
