//! What the rooms above ask of orders: reading one for settling, and marking it invoiced, paid and given back.

use super::{hold, moved, restated};
use crate::access::policy::ServeOrder;
use crate::access::{Grant, Scope};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::procurement::clock::after;
use crate::procurement::error::OrderError;
use crate::procurement::event::{OrderInvoiced, OrderPaid, OrderPrepaid};
use crate::procurement::state::{NoSuchStep, Step, allow};
use crate::procurement::store::{self, Papers, Side};
use entity::value::Grams;
use entity::value::{Fen, LotId, OrderLineId, OrderState, Overflow, Packs, SupplierOrderId, Timestamp, business_date};
use entity::{order_line, supplier_order};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::HashMap;

/// An order with all that its income is shared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// The supplier order.
    pub order: supplier_order::Model,
    /// Its lines, by number.
    pub lines: Vec<order_line::Model>,
    /// Which lots were shipped in which line, by shipment, line and lot; none before goods left.
    pub lots: Vec<Received>,
}

/// Packs of a lot in a line of one shipment, and how many packs of that line of that shipment the buyer kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The line.
    pub line_id: OrderLineId,
    /// The lot.
    pub lot_id: LotId,
    /// What of the lot was sent.
    pub grams: Grams,
    /// Packs of the line in the shipment, out of all its lots.
    pub shipped_packs: Packs,
    /// How many of them were accepted and not given back.
    pub kept_packs: Packs,
}

/// An order with all that its income is shared by, whoever asks.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_for_settling(db: &impl ConnectionTrait, id: SupplierOrderId) -> Result<Option<Settling>, OrderError> {
    let Some(order) = store::find(db, &Scope::Everything, id).await? else { return Ok(None) };
    settling(db, order).await.map(Some)
}

/// The same for an order that was read, and locked by whoever books its shares, so that it does not move on meanwhile.
///
/// # Errors
/// When the database cannot be asked.
pub async fn settling(db: &impl ConnectionTrait, order: supplier_order::Model) -> Result<Settling, OrderError> {
    let lines = store::lines_of(db, &[order.id]).await?;
    let lots = received(&lines, &store::papers_of(db, order.id).await?)?;
    Ok(Settling { order, lines, lots })
}

/// Of every shipment what was kept. Packs given back are taken to be the last that came.
fn received(lines: &[order_line::Model], papers: &Papers) -> Result<Vec<Received>, Overflow> {
    let by_id: HashMap<OrderLineId, &order_line::Model> = lines.iter().map(|line| (line.id, line)).collect();
    let mut returned: HashMap<OrderLineId, Packs> = lines.iter().map(|line| (line.id, line.returned_packs)).collect();
    let mut kept: HashMap<_, Packs> = HashMap::new();
    let nothing = Packs::new(0)?;
    for (shipment, lots) in papers.shipments.iter().rev() {
        let judged = papers.acceptances.iter().find(|(row, _)| row.shipment_id.is_none_or(|id| id == shipment.id));
        for lot in lots {
            if kept.contains_key(&(shipment.id, lot.line_id)) {
                continue;
            }
            let accepted = match judged {
                None => nothing,
                // Acceptances of when an order had one of them say nothing line by line.
                Some((_, said)) if said.is_empty() => {
                    by_id.get(&lot.line_id).map_or(nothing, |line| line.accepted_packs)
                }
                Some((_, said)) => {
                    said.iter().find(|line| line.line_id == lot.line_id).map_or(nothing, |line| line.accepted_packs)
                }
            };
            let back = returned.entry(lot.line_id).or_insert(nothing);
            let part = accepted.min(*back);
            *back = back.checked_sub(part)?;
            kept.insert((shipment.id, lot.line_id), accepted.checked_sub(part)?);
        }
    }
    let mut all = Vec::new();
    for (shipment, lots) in &papers.shipments {
        for lot in lots {
            let mut of_line = lots.iter().filter(|other| other.line_id == lot.line_id);
            let shipped = of_line.try_fold(nothing, |sum, other| sum.checked_add(other.packs))?;
            all.push(Received {
                line_id: lot.line_id,
                lot_id: lot.lot_id,
                grams: lot.grams,
                shipped_packs: shipped,
                kept_packs: kept.get(&(shipment.id, lot.line_id)).copied().unwrap_or(nothing),
            });
        }
    }
    Ok(all)
}

/// An order of the supplier's that can be invoiced, locked.
///
/// # Errors
/// Not the supplier's, another version, or a state without invoices.
pub async fn hold_for_invoice(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
) -> Result<supplier_order::Model, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    allow(order.state, Step::Invoice)?;
    Ok(order)
}

/// Says what of a held order is invoiced in all now. Whether the invoice fits is for the caller to see.
///
/// # Errors
/// There is nothing to invoice; the database.
pub async fn mark_invoiced(
    tx: &Tx,
    order: &supplier_order::Model,
    invoiced_fen: Fen,
) -> Result<supplier_order::Model, OrderError> {
    if invoiced_fen == order.invoiced_fen {
        return Err(NoSuchStep { from: order.state, step: Step::Invoice }.into());
    }
    let lines = store::lines_of(tx, &[order.id]).await?;
    let invoiced = supplier_order::Model { invoiced_fen, invoiced_at: Some(tx.now()), ..order.clone() };
    let invoiced = store::save(tx, order, restated(invoiced, &lines)).await?;
    tx.audit(moved(Step::Invoice, order.id, order.state, invoiced.state)).await?;
    let (supplier_order, supplier, buyer) = (order.id, order.supplier_id, order.buyer_id);
    tx.emit(&OrderInvoiced { supplier_order, supplier, buyer, invoiced_fen }).await?;
    Ok(invoiced)
}

/// Marks what held orders were paid, and paid too much. The postings are the caller's.
///
/// # Errors
/// One of them cannot be paid; then none is. More is paid than is open.
pub async fn mark_paid(tx: &Tx, paid: &[(supplier_order::Model, Fen, Fen)], at: Timestamp) -> Result<(), OrderError> {
    let ids: Vec<_> = paid.iter().map(|(order, ..)| order.id).collect();
    let mut lines: HashMap<SupplierOrderId, Vec<order_line::Model>> = HashMap::new();
    for line in store::lines_of(tx, &ids).await? {
        lines.entry(line.supplier_order_id).or_default().push(line);
    }
    let (mut rows, mut changes, mut events, mut advances) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (order, amount, excess) in paid {
        let is_advance = order.state == OrderState::AwaitingPayment;
        let (paid, prepaid) = if is_advance { (Fen::ZERO, *amount) } else { (*amount, Fen::ZERO) };
        let row = supplier_order::Model {
            paid_fen: order.paid_fen.checked_add(paid)?,
            prepaid_fen: order.prepaid_fen.checked_add(prepaid)?,
            overpaid_fen: order.overpaid_fen.checked_add(*excess)?,
            paid_at: if is_advance { order.paid_at } else { Some(at) },
            version: order.version + 1,
            ..order.clone()
        };
        let mut row = restated(row, lines.get(&order.id).map_or(&[], Vec::as_slice));
        if is_advance && row.state == OrderState::Confirmed {
            row.ship_by = Some(after(at, u32::try_from(row.ship_days).map_err(|_| Overflow)?));
        }
        changes.push(moved(Step::Pay, order.id, order.state, row.state));
        rows.push(row);
        let (supplier_order, supplier, buyer) = (order.id, order.supplier_id, order.buyer_id);
        if is_advance {
            advances.push(OrderPrepaid { supplier_order, supplier, buyer, amount_fen: *amount });
        } else {
            let paid_on = business_date(at);
            events.push(OrderPaid { supplier_order, supplier, buyer, amount_fen: *amount, paid_on });
        }
    }
    store::save_money(tx, &rows).await?;
    tx.audit_all(changes).await?;
    if !advances.is_empty() {
        tx.emit_all(&advances).await?;
    }
    if events.is_empty() { Ok(()) } else { Ok(tx.emit_all(&events).await?) }
}

/// An order of the supplier's of which something is to be given back, locked.
///
/// # Errors
/// Not the supplier's, or another version.
pub async fn hold_for_refund(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
) -> Result<supplier_order::Model, OrderError> {
    hold(tx, (grant.scope(), Side::Supplier), id, seen).await
}

/// Marks what a supplier gave back of a held order.
///
/// # Errors
/// When the database refuses.
pub async fn mark_repaid(tx: &Tx, order: &supplier_order::Model, amount: Fen) -> Result<(), DbErr> {
    let repaid_fen = order.repaid_fen.checked_add(amount).map_err(|error| DbErr::Custom(error.to_string()))?;
    store::save_money(tx, &[supplier_order::Model { repaid_fen, version: order.version + 1, ..order.clone() }]).await
}
