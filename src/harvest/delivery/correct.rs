//! Corrections (更正单): a delivery recorded wrongly is taken back, and another stands in its place.

use super::view::{CorrectDelivery, Correction};
use super::{service, store};
use crate::access::Grant;
use crate::access::policy::KeepHarvest;
use crate::db::{Change, Tx};
use crate::harvest::error::{HarvestError, invalid};
use crate::http::IfMatch;
use entity::delivery_correction;
use entity::value::{DeliveryCorrectionId, DeliveryId};
use serde_json::json;

/// Takes a delivery back, and records what is right.
///
/// # Errors
/// Not found; changed meanwhile; taken back already; in a lot already; the replacement is not acceptable.
pub async fn correct(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    id: DeliveryId,
    seen: IfMatch,
    wanted: &CorrectDelivery,
) -> Result<Correction, HarvestError> {
    let held = store::hold_visible(tx, grant.scope(), id).await?.ok_or(HarvestError::NotFound)?;
    if seen.0 != held.version {
        return Err(HarvestError::Stale);
    }
    let reason = wanted.reason.trim();
    if !(1..=200).contains(&reason.chars().count()) {
        return Err(HarvestError::Faults(vec![invalid(
            "/reason".to_owned(),
            "更正原因应为 1 至 200 个字。",
            "The reason has 1 to 200 characters.",
        )]));
    }
    if held.reversed_at.is_some() {
        return Err(HarvestError::DeliveryReversed);
    }
    if !held.packed_grams.is_zero() {
        return Err(HarvestError::DeliveryPacked { packed: held.packed_grams });
    }
    // Taken back first: what it counted for is free again when the other is judged.
    let correction = DeliveryCorrectionId::generate();
    let mut row = delivery_correction::Model {
        id: correction,
        delivery_id: id,
        replacement_id: None,
        reason: reason.to_owned(),
        corrected_by: grant.person()?,
        created_at: tx.now(),
    };
    store::mark_reversed(tx, id).await?;
    let replacement = match &wanted.replacement {
        Some(new) => {
            let at = ["/replacement".to_owned()];
            service::record_at(tx, grant, std::slice::from_ref(new), &at).await?.pop()
        }
        None => None,
    };
    row.replacement_id = replacement.as_ref().map(|delivery| delivery.id);
    let after = json!({ "correction": correction, "replacement_id": row.replacement_id });
    store::insert_correction(tx, row).await?;
    tx.audit(Change::made("delivery.corrected", "delivery", id.uuid(), after).because(reason)).await?;
    let reversed = service::show(tx, grant.scope(), id).await?;
    Ok(Correction { id: correction, reason: reason.to_owned(), reversed, replacement })
}
