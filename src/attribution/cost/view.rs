//! What comes in and goes out about advanced costs.

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{AgreementId, CostKind, DeclaredCostId, Fen, FileId, SupplierOrderId};
use entity::{cost_deduction, declared_cost};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something advanced to a household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareCost {
    /// What it was.
    pub kind: CostKind,
    /// What it cost, above zero.
    pub amount_fen: Fen,
    /// When it was handed over; not in the future.
    #[serde(deserialize_with = "crate::http::text::day")]
    pub advanced_on: NaiveDate,
    /// What exactly, in 2–200 characters.
    #[schema(min_length = 2, max_length = 200, example = "稻种 20 斤")]
    pub description: String,
    /// The household's receipt for it.
    pub evidence_file_id: FileId,
}

/// The costs under an agreement, and what became of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Costs {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// What was advanced.
    pub declared_fen: Fen,
    /// What orders repay of it.
    pub deducted_fen: Fen,
    /// What the supplier bears.
    pub waived_fen: Fen,
    /// What waits for further orders.
    pub open_fen: Fen,
    /// Each advance, oldest first.
    pub costs: Vec<Cost>,
    /// Each order that repays some of them, oldest first.
    pub deductions: Vec<CostDeduction>,
}

/// Something advanced to a household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cost {
    /// Its identifier.
    pub id: DeclaredCostId,
    /// What it was.
    pub kind: CostKind,
    /// What it cost.
    pub amount_fen: Fen,
    /// When it was handed over.
    pub advanced_on: NaiveDate,
    /// What exactly.
    pub description: String,
    /// The household's receipt for it.
    pub evidence_file_id: FileId,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// What an order repays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CostDeduction {
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// The most it takes off; less when less of the order is paid.
    pub deducted_fen: Fen,
    /// What the supplier then bears.
    pub waived_fen: Fen,
}

impl From<declared_cost::Model> for Cost {
    fn from(row: declared_cost::Model) -> Self {
        let declared_cost::Model {
            id,
            agreement_id: _,
            kind,
            amount_fen,
            advanced_on,
            description,
            evidence_file_id,
            recorded_by: _,
            created_at,
        } = row;
        Self { id, kind, amount_fen, advanced_on, description, evidence_file_id, created_at }
    }
}

impl From<cost_deduction::Model> for CostDeduction {
    fn from(row: cost_deduction::Model) -> Self {
        let cost_deduction::Model { supplier_order_id, agreement_id: _, deducted_fen, waived_fen, created_at: _ } = row;
        Self { supplier_order_id, deducted_fen, waived_fen }
    }
}
