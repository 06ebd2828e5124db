//! What keeps a product off the shelf though its supplier wants it there, and what becomes of it when that changes.
//!
//! Promises: what is on the shelf rests on an admitted supplier, on certificates that hold, for processed
//! food on a production licence, and, for an agent, on a
//! mandate that holds; asked for many products it costs the same number of statements as for one. What the house took
//! down for such a reason comes back by itself once nothing stands against it; what its supplier took down does not.

use super::event::ProductChanged;
use super::store;
use crate::catalogue::{admission, mandate, scheme};
use crate::db::{Change, Tx};
use chrono::NaiveDate;
use entity::product;
use entity::value::{
    CertificateScheme, OffReason, OrganisationId, ProductId, ProductKind, ProductState, business_date,
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Reasons for which the house takes down and puts back by itself.
const OWN: &[OffReason] = &[OffReason::SupplierSuspended, OffReason::MandateEnded, OffReason::CertificateExpired];

/// What stands against each of the products on a day; those against which nothing stands are left out.
pub(super) async fn obstacles(
    db: &impl ConnectionTrait,
    products: &[product::Model],
    day: NaiveDate,
) -> Result<HashMap<ProductId, OffReason>, DbErr> {
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let suppliers: BTreeSet<_> = products.iter().map(|product| product.supplier_id).collect();
    let suppliers: Vec<_> = suppliers.into_iter().collect();
    let admitted = admission::admitted_among(db, &suppliers).await?;
    let unmandated = mandate::lacking(db, products, day).await?;
    let certificates = store::certificates(db, &ids).await?;
    let sheets = store::sheets(db, &ids).await?;
    let is_processed = |id: &ProductId| sheets.get(id).is_some_and(|sheet| sheet.kind == ProductKind::Processed);
    let licensed = if ids.iter().any(is_processed) {
        admission::licensed_among(db, &suppliers, day).await?
    } else {
        HashSet::new()
    };
    let against = |product: &product::Model| {
        if !admitted.contains(&product.supplier_id) {
            return Some(OffReason::SupplierSuspended);
        }
        if unmandated.contains(&product.id) {
            return Some(OffReason::MandateEnded);
        }
        if is_processed(&product.id) && !licensed.contains(&product.supplier_id) {
            return Some(OffReason::CertificateExpired);
        }
        let held = certificates.get(&product.id).map(Vec::as_slice).unwrap_or_default();
        held.iter().any(|held| scheme::keeps_off_shelf(held, day)).then_some(OffReason::CertificateExpired)
    };
    Ok(products.iter().filter_map(|product| Some((product.id, against(product)?))).collect())
}

/// Takes every product of a supplier off the shelf.
pub(in crate::catalogue) async fn hold_supplier(tx: &Tx, supplier: OrganisationId) -> Result<(), DbErr> {
    let products = store::lock_on_shelf_of(tx, supplier).await?;
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    take_down(tx, &ids, OffReason::SupplierSuspended).await
}

/// Puts back what the house holds off the shelf and nothing stands against any more: of one supplier, or of all.
pub(in crate::catalogue) async fn resume(tx: &Tx, supplier: Option<OrganisationId>) -> Result<(), DbErr> {
    let held = store::held_for(tx, OWN, supplier).await?;
    for some in held.chunks(500) {
        let locked: Vec<_> = store::lock(tx, some).await?.into_values().collect();
        let down: Vec<_> = locked.into_iter().filter(|product| product.state == ProductState::OffShelf).collect();
        let against = obstacles(tx, &down, business_date(tx.now())).await?;
        let back: Vec<_> = down.iter().map(|product| product.id).filter(|id| !against.contains_key(id)).collect();
        store::move_all(tx, &back, ProductState::OnShelf).await?;
        store::set_off_reason(tx, &back, None).await?;
        tell(tx, &back, "product.resume", ProductState::OffShelf, ProductState::OnShelf, None).await?;
    }
    Ok(())
}

/// Takes down what may not be on the shelf today: of these products, or wherever a certificate or mandate ended.
pub(in crate::catalogue) async fn hold(tx: &Tx, among: Option<&[ProductId]>) -> Result<(), DbErr> {
    let today = business_date(tx.now());
    let suspects: BTreeSet<ProductId> = match among {
        Some(among) => among.iter().copied().collect(),
        None => {
            let schemes: Vec<CertificateScheme> =
                scheme::SCHEMES.iter().filter(|terms| terms.holds_shelf).map(|terms| terms.scheme).collect();
            let mut found: BTreeSet<_> = mandate::ended_before(tx, today).await?.into_iter().collect();
            found.extend(store::over_certificates(tx, &schemes, today).await?);
            let unlicensed = admission::unlicensed(tx, today).await?;
            found.extend(store::processed_of(tx, &unlicensed).await?);
            found
        }
    };
    let suspects: Vec<_> = suspects.into_iter().collect();
    for some in suspects.chunks(500) {
        let locked: Vec<_> = store::lock(tx, some).await?.into_values().collect();
        let up: Vec<_> = locked.into_iter().filter(|product| product.state == ProductState::OnShelf).collect();
        let mut by_reason: BTreeMap<OffReason, Vec<ProductId>> = BTreeMap::new();
        for (product, reason) in obstacles(tx, &up, today).await? {
            by_reason.entry(reason).or_default().push(product);
        }
        for (reason, ids) in by_reason {
            take_down(tx, &ids, reason).await?;
        }
    }
    Ok(())
}

async fn take_down(tx: &Tx, ids: &[ProductId], reason: OffReason) -> Result<(), DbErr> {
    store::move_all(tx, ids, ProductState::OffShelf).await?;
    store::set_off_reason(tx, ids, Some(reason)).await?;
    tell(tx, ids, "product.hold", ProductState::OnShelf, ProductState::OffShelf, Some(reason)).await
}

async fn tell(
    tx: &Tx,
    ids: &[ProductId],
    operation: &str,
    from: ProductState,
    to: ProductState,
    reason: Option<OffReason>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let changes = ids.iter().map(|id| {
        let moved = Change::moved(operation, "product", id.uuid(), from.as_str(), to.as_str());
        Change { after: Some(json!({ "state": to, "off_reason": reason })), ..moved }
    });
    tx.audit_all(changes.collect()).await?;
    tx.emit_all(&ids.iter().map(|id| ProductChanged { product: *id }).collect::<Vec<_>>()).await
}
