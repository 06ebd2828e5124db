//! How an order's income was shared, as it is shown.

use crate::attribution::plan::view::Plan;
use crate::household::view::HouseholdBrief;
use chrono::{DateTime, Utc};
use entity::value::{
    AgreementId, BenefitMode, Fen, HouseholdStatusKind, PostingId, ShareBasis, ShareRunId, SupplierOrderId,
};
use entity::{share, share_run};
use serde::Serialize;
use utoipa::ToSchema;

/// How an order's income was shared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderShares {
    /// The supplier order.
    pub supplier_order_id: SupplierOrderId,
    /// What was promised on acceptance and what accrued on payment, as far as either has happened; one more of either
    /// after each further acceptance, payment or refund.
    pub runs: Vec<ShareRun>,
}

/// One computation of shares.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShareRun {
    /// Its identifier.
    pub id: ShareRunId,
    /// Whether it promises or accrues.
    pub basis: ShareBasis,
    /// 1, 2, 3 … for the basis: each counts all that came before it, the last one holds.
    #[schema(example = 1)]
    pub number: i32,
    /// The plan it follows; where products of the order have plans of their own, that of the first.
    pub plan: Option<Plan>,
    /// The plans it follows, one after the other, each with its part of the amount and of the shares.
    pub parts: Vec<SharePart>,
    /// What was shared out, all of the order so far: the shares and the retained amount add up to it.
    pub attributable_fen: Fen,
    /// What stays with the supplier.
    pub retained_fen: Fen,
    /// SHA-256 of the recorded inputs, by which the computation can be repeated.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub inputs_hash: String,
    /// The posting that books what it changed.
    pub posting_id: PostingId,
    /// When it was computed.
    pub created_at: DateTime<Utc>,
    /// What each agreement gets.
    pub shares: Vec<Share>,
}

/// What was computed under one plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SharePart {
    /// The plan.
    pub plan: Option<Plan>,
    /// What the lines under it bring.
    pub attributable_fen: Fen,
    /// What of that stays with the supplier.
    pub retained_fen: Fen,
    /// Its first share, by line number.
    #[schema(example = 1)]
    pub first_line: i32,
    /// How many shares from there on are its own.
    #[schema(example = 39)]
    pub lines: i32,
}

/// What one agreement gets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Share {
    /// Its place in the run.
    #[schema(example = 1)]
    pub line_no: i32,
    /// How the household shares.
    pub mode: BenefitMode,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The household, masked.
    pub household: Option<HouseholdBrief>,
    /// What it was on the day of the event.
    pub household_status: HouseholdStatusKind,
    /// Its weight among the others of the mode.
    #[schema(example = 120)]
    pub weight: i64,
    /// What it gets.
    pub amount_fen: Fen,
}

impl Share {
    pub(super) fn of(row: share::Model, household: Option<HouseholdBrief>) -> Self {
        let share::Model {
            run_id: _,
            line_no,
            mode,
            agreement_id,
            household_id: _,
            household_status,
            weight,
            amount_fen,
        } = row;
        Self { line_no, mode, agreement_id, household, household_status, weight, amount_fen }
    }
}

impl ShareRun {
    pub(super) fn of(row: share_run::Model, plan: Option<Plan>, parts: Vec<SharePart>, shares: Vec<Share>) -> Self {
        let share_run::Model {
            id,
            supplier_order_id: _,
            basis,
            number,
            gross_fen: _,
            plan_id: _,
            attributable_fen,
            retained_fen,
            inputs: _,
            inputs_hash,
            posting_id,
            created_at,
        } = row;
        Self {
            id,
            basis,
            number,
            plan,
            parts,
            attributable_fen,
            retained_fen,
            inputs_hash,
            posting_id,
            created_at,
            shares,
        }
    }
}
