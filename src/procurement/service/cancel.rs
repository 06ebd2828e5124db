//! Calling an order off before its goods leave, by either side.

use super::read::show;
use super::{NO_PACKS, cause, hold, moved, restated};
use crate::access::Grant;
use crate::access::policy::CancelOrder as MayCancel;
use crate::db::Tx;
use crate::http::IfMatch;
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderCancelled;
use crate::procurement::state::{self, Step, allow};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{CancelOrder, SupplierOrderDetail};
use crate::{budget, catalogue, ledger};
use entity::supplier_order;
use entity::value::{Fen, SupplierOrderId, business_date};

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
    let reason = wanted.reason.as_str();
    let mut lines = store::lines_of(tx, &[id]).await?;
    // What an amendment took off before is given back already.
    let bound = lines.iter().map(|line| line.unit_price_fen.checked_mul(state::due(line)));
    let bound_fen = Fen::checked_sum(bound.collect::<Result<Vec<_>, _>>()?)?;
    let reserved: Vec<_> = lines.iter().map(|line| (line.product_id, line.reserved_packs)).collect();
    catalogue::release(tx, &reserved).await?;
    for line in &mut lines {
        line.reserved_packs = NO_PACKS;
        line.withdrawn_packs = line.packs;
    }
    store::save_lines(tx, &lines).await?;
    let cancelled = supplier_order::Model { closed_reason: Some(reason.to_owned()), ..order.clone() };
    let cancelled = store::save(tx, &order, restated(cancelled, &lines)).await?;
    let budgets = store::budgets_of(tx, &[order.group_id]).await?;
    if let Some(budget) = budgets.get(&order.group_id).filter(|_| !bound_fen.is_zero()) {
        let released = budget::release_as(cause(id, "released", 1), *budget, id, bound_fen, business_date(tx.now()));
        ledger::post(tx, released).await?;
    }
    tx.audit(moved(Step::Cancel, id, order.state, cancelled.state).because(reason)).await?;
    tx.emit(&OrderCancelled { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, cancelled).await
}
