//! What happens when a clock of an order runs out (到期处理): once, whoever looks and however often.
//!
//! Who did not answer or pay in time loses the order: stock, budget and money that came are free again. Who did not ship
//! or accept in time is reminded. Where it is agreed, what came and was paid before counts as accepted.

use super::cancel::call_off;
use super::read::show;
use super::receive::{Acceptor, accept_shipment};
use super::{hold, moved};
use crate::access::policy::{ReceiveOrder, RunClocks, ViewOrder};
use crate::access::{Grant, Scope};
use crate::config::OrderClocks;
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Words};
use crate::procurement::clock::{Running, after, running};
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderReminded;
use crate::procurement::state::{Step, allow};
use crate::procurement::store::{self, Papers, Side};
use crate::procurement::view::{AcceptOrder, AcceptedLine, ClockOfOrder, ClocksOfOrder, SupplierOrderDetail};
use entity::value::{ClockKind, OrderClockId, OrderLineId, Packs, SupplierOrderId, Timestamp};
use entity::{order_clock, shipment_lot, supplier_order};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::BTreeMap;

/// A clock that may have run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The order.
    pub order: SupplierOrderId,
    /// Which clock.
    pub kind: ClockKind,
    /// The shipment it is about; 0 for the order itself.
    pub number: i32,
}

/// Clocks that have run out by now and were not acted on: some of each kind.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due_clocks(
    db: &impl ConnectionTrait,
    _grant: &Grant<RunClocks>,
    now: Timestamp,
    clocks: &OrderClocks,
) -> Result<Vec<Ticket>, OrderError> {
    let before = |days: u32| now.checked_sub_signed(chrono::Duration::days(i64::from(days))).unwrap_or(now);
    let mut tickets = Vec::new();
    for (kind, orders) in [
        (ClockKind::Answer, store::due_answers(db, before(clocks.answer_days)).await?),
        (ClockKind::Payment, store::due_payments(db, now).await?),
        (ClockKind::Shipping, store::due_shippings(db, now).await?),
    ] {
        tickets.extend(orders.into_iter().map(|order| Ticket { order, kind, number: 0 }));
    }
    let mut of_shipments = vec![(ClockKind::Acceptance, clocks.acceptance_reminder_days)];
    if clocks.silent_acceptance_days > 0 {
        of_shipments.push((ClockKind::SilentAcceptance, clocks.silent_acceptance_days));
    }
    for (kind, days) in of_shipments {
        let shipments = store::due_shipments(db, kind, before(days)).await?;
        tickets.extend(shipments.into_iter().map(|(order, number)| Ticket { order, kind, number }));
    }
    Ok(tickets)
}

/// Acts on a clock, when it has run out and nobody did: the order is locked and looked at again. Says whether it acted.
///
/// # Errors
/// When the database refuses.
pub async fn act_on_clock(
    tx: &Tx,
    _grant: &Grant<RunClocks>,
    ticket: Ticket,
    clocks: &OrderClocks,
) -> Result<bool, OrderError> {
    let Ticket { order: id, kind, number } = ticket;
    let Some(order) = store::hold(tx, &Scope::Everything, Side::Either, id).await? else { return Ok(false) };
    let papers = store::papers_of(tx, id).await?;
    let is_it = |clock: &&Running| clock.kind == kind && clock.number == number && clock.runs_out_at <= tx.now();
    let all = running(&order, &open_shipments(&papers), clocks);
    let Some(clock) = all.iter().find(is_it) else { return Ok(false) };
    if store::clocks_of(tx, id).await?.iter().any(|row| row.kind == kind && row.number == number) {
        return Ok(false);
    }
    let shipment = papers.shipments.iter().find(|(row, _)| row.number == number);
    let row = order_clock::Model {
        id: OrderClockId::generate(),
        supplier_order_id: id,
        kind,
        number,
        shipment_id: shipment.map(|(row, _)| row.id),
        ran_out_at: clock.runs_out_at,
        acted_at: tx.now(),
    };
    store::insert_clock(tx, row).await?;
    match kind {
        ClockKind::Answer => drop(call_off(tx, &order, "供应商逾期未确认，订单自动取消", Some(kind)).await?),
        ClockKind::Payment => drop(call_off(tx, &order, "逾期未付款，订单自动取消", Some(kind)).await?),
        ClockKind::SilentAcceptance => {
            if let Some((row, lots)) = shipment {
                accept_silently(tx, &order, row.number, lots).await?;
            }
        }
        ClockKind::Shipping | ClockKind::Acceptance => {
            let after = json!({ "clock": kind, "number": number, "ran_out_at": clock.runs_out_at });
            tx.audit(Change::made("supplier_order.remind", "supplier_order", id.uuid(), after)).await?;
        }
    }
    let (number, supplier, buyer) = (order.number.clone(), order.supplier_id, order.buyer_id);
    tx.emit(&OrderReminded { supplier_order: id, number, supplier, buyer, clock: kind }).await?;
    Ok(true)
}

/// Everything of a shipment counts as accepted; who placed the order stands for the buyer.
async fn accept_silently(
    tx: &Tx,
    order: &supplier_order::Model,
    shipment: i32,
    lots: &[shipment_lot::Model],
) -> Result<(), OrderError> {
    let mut sent: BTreeMap<OrderLineId, Packs> = BTreeMap::new();
    for lot in lots {
        let sum = sent.get(&lot.line_id).copied().map_or(Ok(lot.packs), |sum| sum.checked_add(lot.packs))?;
        sent.insert(lot.line_id, sum);
    }
    let line = |(line_id, accepted_packs)| AcceptedLine {
        line_id,
        accepted_packs,
        refusal_reason: None,
        refusal_kind: None,
        replace: false,
        over_packs: None,
        photos: Vec::new(),
    };
    let note = Words::try_from("逾期未验收，按约定视为验收".to_owned()).ok();
    let wanted = AcceptOrder { shipment: Some(shipment), lines: sent.into_iter().map(line).collect(), note };
    let placed_by = store::placed_by(tx, &[order.group_id]).await?.pop().ok_or(OrderError::NotFound)?;
    accept_shipment(tx, order, Acceptor { person: placed_by, is_silent: true }, &wanted).await?;
    Ok(())
}

/// Shipments nobody has judged: their numbers and when they left.
fn open_shipments(papers: &Papers) -> Vec<(i32, Timestamp)> {
    let open = papers.shipments.iter().filter(|(row, _)| !papers.is_judged(row.id));
    open.map(|(row, _)| (row.number, row.shipped_at)).collect()
}

/// Puts the payment of an order that is paid first off, once.
///
/// # Errors
/// Not the buyer's, another version, nothing to be paid, or put off before.
pub async fn extend_payment(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    (id, seen): (SupplierOrderId, IfMatch),
    clocks: &OrderClocks,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    allow(order.state, Step::Extend)?;
    if order.pay_extended {
        return Err(OrderError::AlreadyExtended);
    }
    let pay_by = order.pay_by.map(|at| after(at, clocks.payment_extension_days));
    let extended = supplier_order::Model { pay_by, pay_extended: true, ..order.clone() };
    let extended = store::save(tx, &order, extended).await?;
    tx.audit(moved(Step::Extend, id, order.state, extended.state)).await?;
    show(tx, extended).await
}

/// The clocks of an order in reach: those that run, and those that ran out.
///
/// # Errors
/// Not found, or out of reach.
pub async fn clocks(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: SupplierOrderId,
    clocks: &OrderClocks,
) -> Result<ClocksOfOrder, OrderError> {
    let order = store::find(db, grant.scope(), id).await?.ok_or(OrderError::NotFound)?;
    let papers = store::papers_of(db, id).await?;
    let past = store::clocks_of(db, id).await?;
    let is_past = |clock: &Running| past.iter().any(|row| row.kind == clock.kind && row.number == clock.number);
    let shown = |kind, number: i32, runs_out_at, acted_at| ClockOfOrder {
        kind,
        shipment: (number > 0).then_some(number),
        runs_out_at,
        acted_at,
    };
    let all = running(&order, &open_shipments(&papers), clocks);
    let run = all.iter().filter(|clock| !is_past(clock));
    Ok(ClocksOfOrder {
        running: run.map(|clock| shown(clock.kind, clock.number, clock.runs_out_at, None)).collect(),
        past: past.iter().map(|row| shown(row.kind, row.number, row.ran_out_at, Some(row.acted_at))).collect(),
    })
}
