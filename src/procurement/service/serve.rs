//! The supplier's acts: confirming an order and shipping it.

use super::read::show;
use super::{hold, moved};
use crate::access::Grant;
use crate::access::policy::ServeOrder;
use crate::catalogue;
use crate::db::Tx;
use crate::harvest::{self, HarvestError};
use crate::http::IfMatch;
use crate::procurement::error::{OrderError, ShortLine};
use crate::procurement::event::OrderShipped;
use crate::procurement::state::{Step, next};
use crate::procurement::store::{self, Side};
use crate::procurement::view::{ShipOrder, ShippedLot, SupplierOrderDetail};
use entity::value::{Grams, OrderLineId, Packs, ShipmentId, SupplierOrderId};
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
    id: SupplierOrderId,
    seen: IfMatch,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    let to = next(order.state, Step::Confirm)?;
    let confirmed = supplier_order::Model { state: to, confirmed_at: Some(tx.now()), ..order.clone() };
    let confirmed = store::save(tx, &order, confirmed).await?;
    tx.audit(moved(Step::Confirm, id, order.state, to)).await?;
    show(tx, confirmed).await
}

/// Sends the goods of every line on their way, out of lots that are named.
///
/// # Errors
/// The lots do not make up the order, are of other products, unknown, or have too little left.
pub async fn ship(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &ShipOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    let to = next(order.state, Step::Ship)?;
    let lines = store::lines_of(tx, &[id]).await?;
    let grams = check_lots(&wanted.lots, &lines)?;
    let taken: Vec<_> = lines.iter().map(|line| (line.product_id, line.reserved_packs, line.packs)).collect();
    catalogue::take_out(tx, &taken).await?;
    let held: Vec<_> = wanted.lots.iter().zip(&grams).map(|(lot, grams)| (lot.lot_id, *grams)).collect();
    let held = harvest::hold_lots(tx, &held).await?;
    check_products(&wanted.lots, &lines, &held, &order)?;
    let shipment = shipment::Model {
        id: ShipmentId::generate(),
        supplier_order_id: id,
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
    store::save_lines_shipped(tx, id).await?;
    let shipped = supplier_order::Model { state: to, shipped_at: Some(tx.now()), ..order.clone() };
    let shipped = store::save(tx, &order, shipped).await?;
    tx.audit(moved(Step::Ship, id, order.state, to)).await?;
    tx.emit(&OrderShipped { supplier_order: id, supplier: order.supplier_id, buyer: order.buyer_id }).await?;
    show(tx, shipped).await
}

/// Every line's lots make up its packs. Gives the weight of each lot's packs, in the order of the request.
fn check_lots(lots: &[ShippedLot], lines: &[order_line::Model]) -> Result<Vec<Grams>, OrderError> {
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
        (packed != line.packs).then_some(ShortLine { line_no: line.line_no, ordered: line.packs, packed })
    };
    let short: Vec<_> = lines.iter().filter_map(short).collect();
    if short.is_empty() { Ok(grams) } else { Err(OrderError::ShipmentIncomplete(short)) }
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
