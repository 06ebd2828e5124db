//! What can be done: call back, and tell.

use super::store;
use super::view::{Recall, RecallDone, RecallLot};
use crate::access::Grant;
use crate::access::policy::RecallLot as MayRecallLot;
use crate::db::{Change, Event, Tx};
use crate::harvest::error::{HarvestError, invalid};
use crate::harvest::{lot, step};
use entity::lot_recall;
use entity::value::{LotId, OrganisationId, RecallId};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

/// Lots were called back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct LotRecalled {
    /// The recall.
    pub recall: RecallId,
    /// Whose lots.
    pub supplier: OrganisationId,
    /// The lot and every lot that was made of it.
    pub lots: Vec<LotId>,
}

impl Event for LotRecalled {
    const TOPIC: &'static str = "lot.recalled";

    fn aggregate(&self) -> Uuid {
        self.recall.uuid()
    }
}

/// Calls a lot back, with everything made of it.
///
/// # Errors
/// Not found; no reason.
pub(super) async fn recall(
    tx: &Tx,
    grant: &Grant<MayRecallLot>,
    id: LotId,
    wanted: &RecallLot,
) -> Result<RecallDone, HarvestError> {
    let held = lot::hold_visible(tx, grant.scope(), id).await?.ok_or(HarvestError::NotFound)?;
    let reason = wanted.reason.trim();
    if !(1..=500).contains(&reason.chars().count()) {
        let (zh, en) = ("原因应为 1 至 500 个字。", "The reason has 1 to 500 characters.");
        return Err(HarvestError::Faults(vec![invalid("/reason".to_owned(), zh, en)]));
    }
    // Steps hold the lots they take of, so while this lot is held nothing more is made of it.
    let mut lots = vec![id];
    loop {
        let found = step::descendants(tx, &[id]).await?;
        let all: Vec<LotId> = [id].into_iter().chain(found.iter().map(|row| row.id)).collect();
        lot::hold_many(tx, &all).await?;
        // Something was made of a descendant before it was held: look again.
        if all.len() == lots.len() {
            break;
        }
        lots = all;
    }
    let row = lot_recall::Model {
        id: RecallId::generate(),
        lot_id: id,
        reason: reason.to_owned(),
        recalled_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert(tx, row.clone()).await?;
    lot::mark_recalled(tx, &lots).await?;
    let after = json!({ "recall": row.id, "lots": lots.len() });
    tx.audit(Change::made("lot.recalled", "lot", id.uuid(), after).because(reason)).await?;
    tx.emit(&LotRecalled { recall: row.id, supplier: held.supplier_id, lots: lots.clone() }).await?;
    Ok(RecallDone { recall: row.into(), lots })
}

/// The recalls of these very lots, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn recalls_of(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<Recall>, DbErr> {
    Ok(store::of_lots(db, lots).await?.into_iter().map(Recall::from).collect())
}
