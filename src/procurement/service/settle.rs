//! What the rooms above ask of orders: reading one for settling, and marking it invoiced and paid.

use super::{hold, moved};
use crate::access::policy::ServeOrder;
use crate::access::{Grant, Scope};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderPaid;
use crate::procurement::state::{Step, next};
use crate::procurement::store::{self, Side};
use entity::value::{OrderState, SupplierOrderId, Timestamp, business_date};
use entity::{order_line, shipment_lot, supplier_order};
use sea_orm::{ConnectionTrait, DbErr};

/// An order with all that its income is shared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// The supplier order.
    pub order: supplier_order::Model,
    /// Its lines, by number.
    pub lines: Vec<order_line::Model>,
    /// Which lots were shipped in which line, by line and lot; none before the goods left.
    pub lots: Vec<shipment_lot::Model>,
}

/// An order with all that its income is shared by, whoever asks.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_for_settling(db: &impl ConnectionTrait, id: SupplierOrderId) -> Result<Option<Settling>, DbErr> {
    let Some(order) = store::find(db, &Scope::Everything, id).await? else { return Ok(None) };
    let lines = store::lines_of(db, &[id]).await?;
    let lots = store::shipment_of(db, id).await?.map(|(_, lots)| lots).unwrap_or_default();
    Ok(Some(Settling { order, lines, lots }))
}

/// Marks an accepted order of the supplier's as invoiced. Whether the invoice fits `accepted_fen` is for the caller
/// to see.
///
/// # Errors
/// Not the supplier's, another version, or another state than accepted.
pub async fn mark_invoiced(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
) -> Result<supplier_order::Model, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    let to = next(order.state, Step::Invoice)?;
    let invoiced = supplier_order::Model { state: to, invoiced_at: Some(tx.now()), ..order.clone() };
    let invoiced = store::save(tx, &order, invoiced).await?;
    tx.audit(moved(Step::Invoice, id, order.state, to)).await?;
    Ok(invoiced)
}

/// Marks orders that are held (see `hold_by_transfer_codes`) as paid, each all of what was accepted. The postings are
/// the caller's.
///
/// # Errors
/// One of them is in another state than invoiced; then none is paid.
pub async fn mark_paid(tx: &Tx, orders: &[supplier_order::Model], at: Timestamp) -> Result<(), OrderError> {
    for order in orders {
        next(order.state, Step::Pay)?;
    }
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let paid = store::save_paid(tx, &ids, at).await?;
    if usize::try_from(paid) != Ok(orders.len()) {
        return Err(OrderError::Stale);
    }
    let changes = orders.iter().map(|order| moved(Step::Pay, order.id, order.state, OrderState::Paid));
    tx.audit_all(changes.collect()).await?;
    let event = |order: &supplier_order::Model| OrderPaid {
        supplier_order: order.id,
        supplier: order.supplier_id,
        buyer: order.buyer_id,
        amount_fen: order.accepted_fen,
        paid_on: business_date(at),
    };
    tx.emit_all(&orders.iter().map(event).collect::<Vec<_>>()).await?;
    Ok(())
}
