//! What comes in and goes out about recalls.

use chrono::{DateTime, Utc};
use entity::lot_recall;
use entity::value::{LotId, RecallId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a lot is called back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallLot {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "抽检发现农药残留超标")]
    pub reason: String,
}

/// A recall (召回).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recall {
    /// Its identifier.
    pub id: RecallId,
    /// The lot.
    pub lot_id: LotId,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A recall with the lots it reached.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecallDone {
    /// The recall.
    #[serde(flatten)]
    pub recall: Recall,
    /// The lot and every lot that was made of it.
    pub lots: Vec<LotId>,
}

impl From<lot_recall::Model> for Recall {
    fn from(row: lot_recall::Model) -> Self {
        let lot_recall::Model { id, lot_id, reason, recalled_by: _, created_at } = row;
        Self { id, lot_id, reason, created_at }
    }
}
