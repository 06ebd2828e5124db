//! Calling an order off before its goods leave, by either side.

use super::read::show;
use super::{NO_PACKS, advance_postings, cause, hold, moved, restated};
use crate::access::Grant;
use crate::access::policy::CancelOrder as MayCancel;
use crate::db::Tx;
use crate::http::IfMatch;
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderCancelled;
use crate::procurement::state::{self, Step, allow, use_advance};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{CancelOrder, SupplierOrderDetail};
use crate::{budget, catalogue, ledger};
use entity::supplier_order;
use entity::value::{ClockKind, Fen, SupplierOrderId, business_date};

/// Calls a supplier order off: its stock can be sold again, its part of the budget spent again.
///
/// # Errors
/// Neither side's, another version, or its goods have left.
pub async fn cancel(
    tx: &Tx,
    grant: &Grant<MayCancel>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &CancelOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Either), id, seen).await?;
    allow(order.state, Step::Cancel)?;
    let cancelled = call_off(tx, &order, wanted.reason.as_str(), None).await?;
    show(tx, cancelled).await
}

/// Calls a held order off, of which nothing has left: stock, budget and money that came are free again.
pub(super) async fn call_off(
    tx: &Tx,
    order: &supplier_order::Model,
    reason: &str,
    expired_by: Option<ClockKind>,
) -> Result<supplier_order::Model, OrderError> {
    let id = order.id;
    let mut lines = store::lines_of(tx, &[id]).await?;
    // What an amendment took off before is given back already.
    let bound = lines.iter().map(|line| line.unit_price_fen.checked_mul(state::due(line)));
    let goods_fen = Fen::checked_sum(bound.collect::<Result<Vec<_>, _>>()?)?;
    let bound_fen = goods_fen.checked_add(order.freight_fen)?;
    let reserved: Vec<_> = lines.iter().map(|line| (line.product_id, line.reserved_packs)).collect();
    catalogue::release(tx, &reserved).await?;
    for line in &mut lines {
        line.reserved_packs = NO_PACKS;
        line.withdrawn_packs = line.packs;
    }
    store::save_lines(tx, &lines).await?;
    let (cancelled, advance) = use_advance(supplier_order::Model {
        closed_reason: Some(reason.to_owned()),
        expired_by,
        dropped_fen: order.dropped_fen.checked_add(bound_fen)?,
        ..order.clone()
    })?;
    let cancelled = store::save(tx, order, restated(cancelled, &lines)).await?;
    let day = business_date(tx.now());
    let mut postings = advance_postings(order, advance, "cancelled", day);
    // What was paid before is spent, not bound.
    let released = bound_fen.checked_sub(advance.returned)?;
    let budgets = store::budgets_of(tx, &[order.group_id]).await?;
    if let Some(budget) = budgets.get(&order.group_id).filter(|_| !released.is_zero()) {
        postings.push(budget::release_as(cause(id, "released", 1), *budget, id, released, day));
    }
    if !postings.is_empty() {
        ledger::post_all(tx, postings).await?;
    }
    tx.audit(moved(Step::Cancel, id, order.state, cancelled.state).because(reason)).await?;
    tx.emit(&OrderCancelled { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    Ok(cancelled)
}
