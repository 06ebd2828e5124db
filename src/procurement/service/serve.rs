//! The supplier's acts: confirming an order and shipping it.

use super::read::show;
use super::{hold, moved, next_number, restated};
use crate::access::Grant;
use crate::access::policy::ServeOrder;
use crate::catalogue;
use crate::config::{LateInterest, OrderClocks};
use crate::db::Tx;
use crate::harvest::{self, HarvestError};
use crate::http::IfMatch;
use crate::procurement::clock::after;
use crate::procurement::error::{OrderError, ShortLine};
use crate::procurement::event::{OrderConfirmed, OrderShipped};
use crate::procurement::state::{self, Step, allow};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{ShipOrder, ShippedLot, SupplierOrderDetail};
use entity::value::{Grams, OrderLineId, OrderState, Overflow, Packs, ShipmentId, SupplierOrderId};
use entity::{lot, order_line, shipment, shipment_lot, supplier_order};
use std::collections::{HashMap, HashSet};

/// How many lots a shipment may name.
const MOST_LOTS: usize = 1000;

/// Takes an order on.
///
/// # Errors
/// Not the supplier's, another version, or another state than placed.
pub async fn confirm(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    (id, seen): (SupplierOrderId, IfMatch),
    (clocks, rates): (&OrderClocks, &LateInterest),
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    allow(order.state, Step::Confirm)?;
    let lines = store::lines_of(tx, &[id]).await?;
    // The contract is made now: what late payment costs is what is agreed on now, whatever is agreed on later.
    let rate = i32::try_from(rates.late_interest_ppm).map_err(|_| Overflow)?;
    let confirmed =
        supplier_order::Model { confirmed_at: Some(tx.now()), late_interest_ppm: Some(rate), ..order.clone() };
    let mut confirmed = restated(confirmed, &lines);
    if confirmed.state == OrderState::AwaitingPayment {
        confirmed.pay_by = Some(after(tx.now(), clocks.payment_days));
    } else {
        confirmed.ship_by = Some(after(tx.now(), u32::try_from(order.ship_days).map_err(|_| Overflow)?));
    }
    let confirmed = store::save(tx, &order, confirmed).await?;
    tx.audit(moved(Step::Confirm, id, order.state, confirmed.state)).await?;
    tx.emit(&OrderConfirmed { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, confirmed).await
}

/// Sends goods on their way, out of lots that are named: all that are still due, or a part that says so.
///
/// # Errors
/// The lots do not make up what is due, are of other products, unknown, or have too little left.
pub async fn ship(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &ShipOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    allow(order.state, Step::Ship)?;
    let mut lines = store::lines_of(tx, &[id]).await?;
    let (packed, grams) = check_lots(wanted, &lines)?;
    take_out(tx, &mut lines, &packed).await?;
    let held: Vec<_> = wanted.lots.iter().zip(&grams).map(|(lot, grams)| (lot.lot_id, *grams)).collect();
    let held = harvest::hold_lots(tx, &held).await?;
    check_products(&wanted.lots, &lines, &held, &order)?;
    let shipment = shipment::Model {
        id: ShipmentId::generate(),
        supplier_order_id: id,
        number: next_number(store::shipments_of(tx, id).await?.len())?,
        carrier: wanted.carrier.as_str().to_owned(),
        tracking_number: wanted.tracking_number.as_str().to_owned(),
        shipped_by: grant.person()?,
        shipped_at: tx.now(),
    };
    let lot = |(lot, grams): (&ShippedLot, Grams)| shipment_lot::Model {
        shipment_id: shipment.id,
        line_id: lot.line_id,
        lot_id: lot.lot_id,
        packs: lot.packs,
        grams,
    };
    let lots = wanted.lots.iter().zip(grams).map(lot).collect();
    store::insert_shipment(tx, shipment.clone(), lots).await?;
    store::save_lines(tx, &lines).await?;
    let shipped = supplier_order::Model { shipped_at: order.shipped_at.or(Some(tx.now())), ..order.clone() };
    let shipped = store::save(tx, &order, restated(shipped, &lines)).await?;
    tx.audit(moved(Step::Ship, id, order.state, shipped.state)).await?;
    tx.emit(&OrderShipped { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, shipped).await
}

/// Takes packed goods out of the store and counts them as sent. What is sent again was not reserved for it.
async fn take_out(
    tx: &Tx,
    lines: &mut [order_line::Model],
    packed: &HashMap<OrderLineId, Packs>,
) -> Result<(), OrderError> {
    let (mut more, mut taken) = (Vec::new(), Vec::new());
    for line in lines.iter_mut() {
        let Some(packs) = packed.get(&line.id).copied() else { continue };
        let reserved = line.reserved_packs.min(packs);
        let extra = packs.checked_sub(reserved)?;
        if !extra.is_zero() {
            more.push((line.product_id, extra));
        }
        taken.push((line.product_id, packs, packs));
        line.reserved_packs = line.reserved_packs.checked_sub(reserved)?;
        line.shipped_packs = line.shipped_packs.checked_add(packs)?;
    }
    if !more.is_empty() {
        catalogue::reserve_more(tx, &more).await?;
    }
    Ok(catalogue::take_out(tx, &taken).await?)
}

/// Every line's lots make up the packs that are due, or fewer in a partial shipment. Gives the packs of each line, and
/// the weight of each lot's packs in the order of the request.
fn check_lots(
    wanted: &ShipOrder,
    lines: &[order_line::Model],
) -> Result<(HashMap<OrderLineId, Packs>, Vec<Grams>), OrderError> {
    let lots = &wanted.lots;
    let refuse = |pointer: String, zh, en| Err(OrderError::Field { pointer, zh, en });
    if !(1..=MOST_LOTS).contains(&lots.len()) {
        return refuse("/lots".to_owned(), "发货应列出 1 至 1000 个批次。", "A shipment names 1 to 1000 lots.");
    }
    let by_id: HashMap<OrderLineId, &order_line::Model> = lines.iter().map(|line| (line.id, line)).collect();
    let mut packed: HashMap<OrderLineId, Packs> = HashMap::new();
    let mut seen = HashSet::new();
    let mut grams = Vec::with_capacity(lots.len());
    for (index, lot) in lots.iter().enumerate() {
        let Some(line) = by_id.get(&lot.line_id) else {
            return refuse(format!("/lots/{index}/line_id"), "订单没有这一行。", "The order has no such line.");
        };
        if lot.packs.is_zero() {
            return refuse(format!("/lots/{index}/packs"), "件数应大于零。", "The number of packs is more than zero.");
        }
        if !seen.insert((lot.line_id, lot.lot_id)) {
            return refuse(
                format!("/lots/{index}/lot_id"),
                "同一行的同一批次只列一次。",
                "A lot stands in a line once.",
            );
        }
        let sum = packed.get(&lot.line_id).copied().map_or(Ok(lot.packs), |sum| sum.checked_add(lot.packs))?;
        packed.insert(lot.line_id, sum);
        grams.push(line.pack_grams.checked_times(lot.packs)?);
    }
    let nothing = store::no_packs()?;
    let short = |line: &order_line::Model| {
        let packed = packed.get(&line.id).copied().unwrap_or(nothing);
        let due = state::due(line);
        let fits = packed.get() == due || (wanted.partial && packed.get() < due);
        (!fits).then_some(ShortLine { line_no: line.line_no, due, packed })
    };
    let short: Vec<_> = lines.iter().filter_map(short).collect();
    if short.is_empty() { Ok((packed, grams)) } else { Err(OrderError::ShipmentIncomplete(short)) }
}

/// Every lot is the supplier's, and of the product of its line. Another supplier's lot is as unknown as none at all.
fn check_products(
    lots: &[ShippedLot],
    lines: &[order_line::Model],
    held: &[lot::Model],
    order: &supplier_order::Model,
) -> Result<(), OrderError> {
    let held: HashMap<_, _> = held.iter().map(|lot| (lot.id, lot)).collect();
    let products: HashMap<_, _> = lines.iter().map(|line| (line.id, line.product_id)).collect();
    let mut wrong = Vec::new();
    for (index, lot) in lots.iter().enumerate() {
        let own = held.get(&lot.lot_id).filter(|held| held.supplier_id == order.supplier_id);
        let own = own.ok_or(HarvestError::LotUnknown { lot: lot.lot_id })?;
        if products.get(&lot.line_id) != Some(&own.product_id) {
            wrong.push(index);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(OrderError::LotWrongProduct { lots: wrong }) }
}
