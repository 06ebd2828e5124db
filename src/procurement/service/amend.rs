//! Taking packs off an order before they leave, by either side: a document, its stock and its budget.

use super::read::show;
use super::returns::credit_freight;
use super::{advance_postings, freight_in_vain, hold, moved, next_number, restated};
use crate::access::Grant;
use crate::access::policy::CancelOrder as MayCancel;
use crate::db::Tx;
use crate::http::IfMatch;
use crate::procurement::clock::after;
use crate::procurement::error::OrderError;
use crate::procurement::event::{OrderAmended, OrderCancelled, OrderRefused};
use crate::procurement::papers::{AmendOrder, WithdrawnLine};
use crate::procurement::state::{self, Step, allow, use_advance};
use crate::procurement::store::{self, Side};
use crate::procurement::view::SupplierOrderDetail;
use crate::{budget, catalogue, ledger};
use entity::value::{AmendmentId, Fen, OrderState, Overflow, Packs, ProductId, SupplierOrderId, business_date};
use entity::{order_amendment, order_amendment_line, order_line, supplier_order};

/// Takes packs off that are still due: their stock can be sold again, their part of the budget spent again.
///
/// # Errors
/// Neither side's, another version, nothing due any more, or more packs than are due.
pub async fn amend(
    tx: &Tx,
    grant: &Grant<MayCancel>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &AmendOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Either), id, seen).await?;
    allow(order.state, Step::Amend)?;
    let reason = wanted.reason.as_str();
    let mut lines = store::lines_of(tx, &[id]).await?;
    let (amount_fen, released) = withdraw(&mut lines, &wanted.lines)?;
    if !released.is_empty() {
        catalogue::release(tx, &released).await?;
    }
    store::save_lines(tx, &lines).await?;
    let row = order_amendment::Model {
        id: AmendmentId::generate(),
        supplier_order_id: id,
        number: next_number(store::papers_of(tx, id).await?.amendments.len())?,
        amount_fen,
        reason: reason.to_owned(),
        made_by: grant.person()?,
        organisation_id: grant.organisation()?,
        made_at: tx.now(),
    };
    let line = |line: &WithdrawnLine| order_amendment_line::Model {
        amendment_id: row.id,
        line_id: line.line_id,
        withdrawn_packs: line.withdrawn_packs,
    };
    store::insert_amendment(tx, row.clone(), wanted.lines.iter().map(line).collect()).await?;
    // Without its last goods an order owes no carriage either.
    let dropped = amount_fen.checked_add(freight_in_vain(&order, &lines))?;
    let dropped_fen = order.dropped_fen.checked_add(dropped)?;
    let (amended, advance) = use_advance(supplier_order::Model { dropped_fen, ..order.clone() })?;
    let mut amended = restated(amended, &lines);
    if order.state == OrderState::AwaitingPayment && amended.state == OrderState::Confirmed {
        // What came pays for what is left: now the goods are to leave.
        amended.ship_by = Some(after(tx.now(), u32::try_from(order.ship_days).map_err(|_| Overflow)?));
    }
    if matches!(amended.state, OrderState::Cancelled | OrderState::Refused) {
        amended.closed_reason = Some(reason.to_owned());
    }
    let amended = store::save(tx, &order, amended).await?;
    let budgets = store::budgets_of(tx, &[order.group_id]).await?;
    let day = business_date(tx.now());
    let mut postings = advance_postings(&order, advance, &format!("amendment:{}", row.number), day);
    let released = dropped.checked_sub(advance.returned)?;
    if let Some(budget) = budgets.get(&order.group_id).filter(|_| !released.is_zero()) {
        postings.push(budget::release_as(format!("amendment:{}", row.id), *budget, id, released, day));
    }
    if !postings.is_empty() {
        ledger::post_all(tx, postings).await?;
    }
    tx.audit(moved(Step::Amend, id, order.state, amended.state).because(reason)).await?;
    tell(tx, &amended, amount_fen).await?;
    // What is left may be goods that all went back already.
    let amended = credit_freight(tx, row.made_by, amended, &lines).await?;
    show(tx, amended).await
}

/// Counts in `lines` what is taken off; what they would have cost, and what was held in store for them.
fn withdraw(
    lines: &mut [order_line::Model],
    wanted: &[WithdrawnLine],
) -> Result<(Fen, Vec<(ProductId, Packs)>), OrderError> {
    let refuse = |pointer, zh, en| Err(OrderError::Field { pointer, zh, en });
    if wanted.is_empty() {
        return refuse("/lines".to_owned(), "请列出要减少的订单行。", "Name the lines that are reduced.");
    }
    let (mut amounts, mut released, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for (index, taken) in wanted.iter().enumerate() {
        let line = lines.iter_mut().find(|line| line.id == taken.line_id && !seen.contains(&line.id));
        let Some(line) = line else {
            let pointer = format!("/lines/{index}/line_id");
            return refuse(
                pointer,
                "订单没有这一行，或该行已在前面列出。",
                "The order has no such line, or it was named before.",
            );
        };
        seen.push(line.id);
        let (due, packs) = (state::due(line), taken.withdrawn_packs);
        let pointer = format!("/lines/{index}/withdrawn_packs");
        if packs.is_zero() {
            return refuse(pointer, "件数应大于零。", "The number of packs is more than zero.");
        }
        if packs.get() > due {
            return Err(OrderError::QuantityExceeded { pointer, most: due });
        }
        line.withdrawn_packs = line.withdrawn_packs.checked_add(packs)?;
        let kept = line.reserved_packs.min(Packs::new(due - packs.get())?);
        let free = line.reserved_packs.checked_sub(kept)?;
        if !free.is_zero() {
            released.push((line.product_id, free));
        }
        line.reserved_packs = kept;
        amounts.push(line.unit_price_fen.checked_mul(packs.get())?);
    }
    Ok((Fen::checked_sum(amounts)?, released))
}

async fn tell(tx: &Tx, order: &supplier_order::Model, withdrawn_fen: Fen) -> Result<(), OrderError> {
    let (supplier_order, supplier, buyer) = (order.id, order.supplier_id, order.buyer_id);
    tx.emit(&OrderAmended { supplier_order, supplier, buyer, withdrawn_fen }).await?;
    match order.state {
        OrderState::Cancelled => tx.emit(&OrderCancelled { supplier_order, supplier, buyer }).await?,
        OrderState::Refused => tx.emit(&OrderRefused { supplier_order, supplier, buyer }).await?,
        _ => {}
    }
    Ok(())
}
