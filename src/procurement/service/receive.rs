//! The buyer's acts: accepting goods, or part of them, or none; and rating an order.

use super::read::show;
use super::{hold, moved};
use crate::access::Grant;
use crate::access::policy::ReceiveOrder;
use crate::budget;
use crate::db::Tx;
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::procurement::error::OrderError;
use crate::procurement::event::{OrderAccepted, OrderCompleted, OrderRefused};
use crate::procurement::state::{Step, next};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{AcceptOrder, AcceptedLine, RateOrder, SupplierOrderDetail};
use entity::value::{AcceptanceId, Fen, OrderState, SupplierOrderId, business_date};
use entity::{acceptance, order_line, rating, supplier_order};
use std::collections::HashMap;

/// Accepts what came, all or some of it; nothing at all is a refusal. What is not accepted is given back to the budget.
///
/// # Errors
/// Not the buyer's, another version, another state than shipped, or lines that do not fit the shipment.
pub async fn accept(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &AcceptOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    // Before the lines are looked at: whether it can be accepted at all.
    next(order.state, Step::Accept)?;
    let lines = accepted_lines(store::lines_of(tx, &[id]).await?, &wanted.lines)?;
    let amounts = lines.iter().map(|line| line.unit_price_fen.checked_mul(line.accepted_packs.get()));
    let accepted_fen = Fen::checked_sum(amounts.collect::<Result<Vec<_>, _>>()?)?;
    let is_refused = lines.iter().all(|line| line.accepted_packs.is_zero());
    let step = if is_refused { Step::Refuse } else { Step::Accept };
    let to = next(order.state, step)?;
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    store::save_lines_accepted(tx, &lines).await?;
    let row = acceptance::Model {
        id: AcceptanceId::generate(),
        supplier_order_id: id,
        accepted_by: grant.person()?,
        accepted_at: tx.now(),
        note: note.clone(),
    };
    store::insert_acceptance(tx, row).await?;
    let closed_reason =
        is_refused.then(|| note.or_else(|| lines.iter().find_map(|line| line.refusal_reason.clone()))).flatten();
    let accepted =
        supplier_order::Model { state: to, accepted_fen, accepted_at: Some(tx.now()), closed_reason, ..order.clone() };
    let accepted = store::save(tx, &order, accepted).await?;
    post(tx, &accepted).await?;
    tx.audit(moved(step, id, order.state, to)).await?;
    tell(tx, &accepted).await?;
    show(tx, accepted).await
}

/// What was accepted of each line; every line is named once.
fn accepted_lines(
    shipped: Vec<order_line::Model>,
    wanted: &[AcceptedLine],
) -> Result<Vec<order_line::Model>, OrderError> {
    let refuse = |pointer, zh, en| Err(OrderError::AcceptanceIncomplete { pointer, zh, en });
    let mut places: HashMap<_, _> = shipped.iter().enumerate().map(|(place, line)| (line.id, place)).collect();
    let mut lines = shipped;
    let mut without_reason = Vec::new();
    for (index, said) in wanted.iter().enumerate() {
        // Taken out, so that a second mention is not found.
        let Some(line) = places.remove(&said.line_id).and_then(|place| lines.get_mut(place)) else {
            return refuse(
                format!("/lines/{index}/line_id"),
                "订单没有这一行，或该行已在前面列出。",
                "The order has no such line, or it was named before.",
            );
        };
        if said.accepted_packs > line.shipped_packs {
            return refuse(
                format!("/lines/{index}/accepted_packs"),
                "不能多于发货件数。",
                "No more can be accepted than was shipped.",
            );
        }
        let is_short = said.accepted_packs < line.shipped_packs;
        if is_short && said.refusal_reason.is_none() {
            without_reason.push(index);
        }
        line.accepted_packs = said.accepted_packs;
        line.refusal_reason =
            said.refusal_reason.as_ref().filter(|_| is_short).map(|reason| reason.as_str().to_owned());
    }
    if !places.is_empty() {
        return refuse("/lines".to_owned(), "有订单行没有列出。", "Some lines of the order are not named.");
    }
    if without_reason.is_empty() { Ok(lines) } else { Err(OrderError::ReasonMissing { lines: without_reason }) }
}

/// What was accepted is owed, and what was not is given back to the budget: together, so that accounts are locked in
/// one order.
async fn post(tx: &Tx, order: &supplier_order::Model) -> Result<(), OrderError> {
    let day = business_date(tx.now());
    let mut postings = Vec::new();
    if !order.accepted_fen.is_zero() {
        let receivable = Account::buyer_receivable(order.supplier_id, order.buyer_id);
        postings.push(
            Posting::new(format!("supplier_order:{}:accepted", order.id), "accepted", day, order.id.uuid())
                .debit(receivable, order.accepted_fen, Some(order.id))
                .credit(Account::supplier_revenue(order.supplier_id), order.accepted_fen, Some(order.id)),
        );
    }
    let short = order.total_fen.checked_sub(order.accepted_fen)?;
    if !short.is_zero()
        && let Some(budget) = store::budgets_of(tx, &[order.group_id]).await?.get(&order.group_id)
    {
        postings.push(budget::release(*budget, order.id, short, day));
    }
    if !postings.is_empty() {
        ledger::post_all(tx, postings).await?;
    }
    Ok(())
}

async fn tell(tx: &Tx, order: &supplier_order::Model) -> Result<(), OrderError> {
    let (supplier_order, supplier, buyer) = (order.id, order.supplier_id, order.buyer_id);
    if order.state == OrderState::Refused {
        tx.emit(&OrderRefused { supplier_order, supplier, buyer }).await?;
    } else {
        let (accepted_fen, accepted_on) = (order.accepted_fen, business_date(tx.now()));
        tx.emit(&OrderAccepted { supplier_order, supplier, buyer, accepted_fen, accepted_on }).await?;
    }
    Ok(())
}

/// Rates a paid order, which completes it.
///
/// # Errors
/// Not the buyer's, another version, another state than paid, or a score outside 1 to 5.
pub async fn rate(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &RateOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let RateOrder { quality, delivery, service, ref comment } = *wanted;
    for (name, score) in [("quality", quality), ("delivery", delivery), ("service", service)] {
        if !(1..=5).contains(&score) {
            let pointer = format!("/{name}");
            return Err(OrderError::Field { pointer, zh: "评分为 1 至 5。", en: "A score lies between 1 and 5." });
        }
    }
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    let to = next(order.state, Step::Rate)?;
    let row = rating::Model {
        supplier_order_id: id,
        quality,
        delivery,
        service,
        comment: comment.as_ref().map(|comment| comment.as_str().to_owned()),
        rated_by: grant.person()?,
        rated_at: tx.now(),
    };
    store::insert_rating(tx, row).await?;
    let rated = supplier_order::Model { state: to, completed_at: Some(tx.now()), ..order.clone() };
    let rated = store::save(tx, &order, rated).await?;
    tx.audit(moved(Step::Rate, id, order.state, to)).await?;
    tx.emit(&OrderCompleted { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, rated).await
}
