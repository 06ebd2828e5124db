//! The buyer's act of accepting goods, or part of them, or none.

use super::read::show;
use super::returns::credit_freight;
use super::{NO_PACKS, advance_postings, cause, freight_in_vain, hold, moved, next_number, restated};
use crate::access::Grant;
use crate::access::policy::ReceiveOrder;
use crate::db::Tx;
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::procurement::error::OrderError;
use crate::procurement::event::{OrderAccepted, OrderPaid, OrderRefused};
use crate::procurement::papers;
use crate::procurement::state::{Advance, Step, allow, use_advance};
use crate::procurement::store::{self, Papers, Side};
use crate::procurement::view::{AcceptOrder, AcceptedLine, SupplierOrderDetail};
use crate::{budget, document};
use entity::value::{
    AcceptanceId, Fen, FileId, OrderLineId, OrderState, Packs, PersonId, RefusalKind, SupplierOrderId, business_date,
};
use entity::{acceptance, acceptance_line, order_line, shipment, shipment_lot, supplier_order};
use std::collections::HashMap;

/// How many files may show what is wrong with a line.
pub(super) const MOST_PHOTOS: usize = 20;

/// Accepts what came by one shipment, all, some or none of it. What is refused is sent again where that is asked for,
/// and otherwise given back to the budget.
///
/// # Errors
/// Not the buyer's, another version, nothing under way, or lines that do not fit the shipment.
pub async fn accept(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &AcceptOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    // Before the lines are looked at: whether it can be accepted at all.
    allow(order.state, Step::Accept)?;
    let by = Acceptor { person: grant.person()?, is_silent: false };
    let accepted = accept_shipment(tx, &order, by, wanted).await?;
    show(tx, accepted).await
}

/// Who accepts: the buyer, or the days that passed.
pub(super) struct Acceptor {
    /// Who stands for it.
    pub person: PersonId,
    /// Whether nobody said so.
    pub is_silent: bool,
}

/// Accepts what came by one shipment of a held order.
pub(super) async fn accept_shipment(
    tx: &Tx,
    order: &supplier_order::Model,
    by: Acceptor,
    wanted: &AcceptOrder,
) -> Result<supplier_order::Model, OrderError> {
    let id = order.id;
    let papers = store::papers_of(tx, id).await?;
    let (shipment, lots) = judged_shipment(&papers, wanted.shipment)?;
    let mut lines = store::lines_of(tx, &[id]).await?;
    let judged = judge(&mut lines, lots, &wanted.lines)?;
    let photos: Vec<FileId> = wanted.lines.iter().flat_map(|line| line.photos.iter().copied()).collect();
    document::require_own(tx, order.buyer_id, &photos).await?;
    let note = wanted.note.as_ref().map(|note| note.as_str().to_owned());
    let acceptance = acceptance::Model {
        id: AcceptanceId::generate(),
        supplier_order_id: id,
        number: next_number(papers.acceptances.len())?,
        shipment_id: Some(shipment.id),
        is_silent: by.is_silent,
        accepted_by: by.person,
        accepted_at: tx.now(),
        note: note.clone(),
    };
    let rows = wanted.lines.iter().zip(&judged).map(|(said, judged)| judged.row(acceptance.id, said));
    store::insert_acceptance(tx, acceptance.clone(), rows.collect()).await?;
    store::save_lines(tx, &lines).await?;
    let goods_fen = Fen::checked_sum(judged.iter().map(|line| line.accepted_fen))?;
    // Carriage is owed with the first goods that are kept, and not at all when none is.
    let is_first = order.accepted_fen.is_zero() && !goods_fen.is_zero();
    let accepted_fen = if is_first { goods_fen.checked_add(order.freight_fen)? } else { goods_fen };
    let dropped_fen = Fen::checked_sum(judged.iter().map(|line| line.dropped_fen))?;
    let dropped_fen = dropped_fen.checked_add(freight_in_vain(order, &lines))?;
    let (mut accepted, advance) = use_advance(supplier_order::Model {
        accepted_fen: order.accepted_fen.checked_add(accepted_fen)?,
        dropped_fen: order.dropped_fen.checked_add(dropped_fen)?,
        accepted_at: order.accepted_at.or(Some(tx.now())),
        ..order.clone()
    })?;
    if !advance.used.is_zero() {
        accepted.paid_at = Some(tx.now());
    }
    let mut accepted = restated(accepted, &lines);
    if accepted.state == OrderState::Refused {
        accepted.closed_reason = note.or_else(|| lines.iter().find_map(|line| line.refusal_reason.clone()));
    }
    let accepted = store::save(tx, order, accepted).await?;
    post(tx, &accepted, acceptance.number, (accepted_fen, dropped_fen, advance)).await?;
    tx.audit(moved(Step::Accept, id, order.state, accepted.state)).await?;
    tell(tx, &accepted, accepted_fen, advance.used).await?;
    // What was accepted before may all have gone back already.
    credit_freight(tx, acceptance.accepted_by, accepted, &lines).await
}

/// The shipment that is meant: the one named, or the only one under way.
fn judged_shipment(
    papers: &Papers,
    wanted: Option<i32>,
) -> Result<(&shipment::Model, &[shipment_lot::Model]), OrderError> {
    let mut open = papers.shipments.iter().filter(|(row, _)| !papers.is_judged(row.id));
    let found = match wanted {
        Some(number) => open.find(|(row, _)| row.number == number),
        None => open.next().filter(|_| open.next().is_none()),
    };
    found.map(|(row, lots)| (row, lots.as_slice())).ok_or(OrderError::ShipmentUnclear)
}

/// What an acceptance says of one line, and what that costs.
struct Judged {
    refused_packs: Packs,
    accepted_fen: Fen,
    /// What is refused and not sent again.
    dropped_fen: Fen,
}

impl Judged {
    fn row(&self, acceptance_id: AcceptanceId, said: &AcceptedLine) -> acceptance_line::Model {
        let is_short = !self.refused_packs.is_zero();
        acceptance_line::Model {
            acceptance_id,
            line_id: said.line_id,
            accepted_packs: said.accepted_packs,
            refused_packs: self.refused_packs,
            over_packs: said.over_packs.unwrap_or(NO_PACKS),
            is_replaced: is_short && said.replace,
            kind: is_short.then(|| said.refusal_kind.unwrap_or(RefusalKind::Other)),
            reason: said.refusal_reason.as_ref().filter(|_| is_short).map(|reason| reason.as_str().to_owned()),
            photos: papers::write_photos(&said.photos),
        }
    }
}

/// Counts in `lines` what is said of each line of the shipment; every one of these is named once.
fn judge(
    lines: &mut [order_line::Model],
    lots: &[shipment_lot::Model],
    wanted: &[AcceptedLine],
) -> Result<Vec<Judged>, OrderError> {
    let refuse = |pointer, zh, en| Err(OrderError::AcceptanceIncomplete { pointer, zh, en });
    let mut sent: HashMap<OrderLineId, Packs> = HashMap::new();
    for lot in lots {
        let sum = sent.entry(lot.line_id).or_insert(NO_PACKS);
        *sum = sum.checked_add(lot.packs)?;
    }
    let (mut judged, mut without_reason) = (Vec::with_capacity(wanted.len()), Vec::new());
    for (index, said) in wanted.iter().enumerate() {
        // Taken out, so that a second mention is not found.
        let line = lines.iter_mut().find(|line| line.id == said.line_id);
        let Some((line, sent)) = line.zip(sent.remove(&said.line_id)) else {
            return refuse(
                format!("/lines/{index}/line_id"),
                "这批发货没有这一行，或该行已在前面列出。",
                "The shipment has no such line, or it was named before.",
            );
        };
        if said.accepted_packs > sent {
            return refuse(
                format!("/lines/{index}/accepted_packs"),
                "不能多于发货件数。",
                "No more can be accepted than was shipped.",
            );
        }
        if said.photos.len() > MOST_PHOTOS {
            return Err(OrderError::Field {
                pointer: format!("/lines/{index}/photos"),
                zh: "至多 20 份附件。",
                en: "At most 20 files.",
            });
        }
        let refused_packs = sent.checked_sub(said.accepted_packs)?;
        let is_short = !refused_packs.is_zero();
        if is_short && said.refusal_reason.is_none() {
            without_reason.push(index);
        }
        let dropped = if said.replace { NO_PACKS } else { refused_packs };
        line.accepted_packs = line.accepted_packs.checked_add(said.accepted_packs)?;
        line.refused_packs = line.refused_packs.checked_add(refused_packs)?;
        line.withdrawn_packs = line.withdrawn_packs.checked_add(dropped)?;
        line.refusal_reason =
            said.refusal_reason.as_ref().filter(|_| is_short).map(|reason| reason.as_str().to_owned());
        judged.push(Judged {
            refused_packs,
            accepted_fen: line.unit_price_fen.checked_mul(said.accepted_packs.get())?,
            dropped_fen: line.unit_price_fen.checked_mul(dropped.get())?,
        });
    }
    if !sent.is_empty() {
        return refuse("/lines".to_owned(), "有发货的订单行没有列出。", "Some lines of the shipment are not named.");
    }
    if without_reason.is_empty() { Ok(judged) } else { Err(OrderError::ReasonMissing { lines: without_reason }) }
}

/// What was accepted is owed, and what was refused for good is given back to the budget: together, so that accounts
/// are locked in one order.
async fn post(
    tx: &Tx,
    order: &supplier_order::Model,
    number: i32,
    (accepted_fen, dropped_fen, advance): (Fen, Fen, Advance),
) -> Result<(), OrderError> {
    let day = business_date(tx.now());
    let mut postings = Vec::new();
    if !accepted_fen.is_zero() {
        let receivable = Account::buyer_receivable(order.supplier_id, order.buyer_id);
        postings.push(
            Posting::new(cause(order.id, "accepted", number), "accepted", day, order.id.uuid())
                .debit(receivable, accepted_fen, Some(order.id))
                .credit(Account::supplier_revenue(order.supplier_id), accepted_fen, Some(order.id)),
        );
    }
    postings.extend(advance_postings(order, advance, &format!("acceptance:{number}"), day));
    let released_fen = dropped_fen.checked_sub(advance.returned)?;
    if !released_fen.is_zero()
        && let Some(budget) = store::budgets_of(tx, &[order.group_id]).await?.get(&order.group_id)
    {
        postings.push(budget::release_as(cause(order.id, "released", number), *budget, order.id, released_fen, day));
    }
    if !postings.is_empty() {
        ledger::post_all(tx, postings).await?;
    }
    Ok(())
}

async fn tell(tx: &Tx, order: &supplier_order::Model, accepted_fen: Fen, paid_fen: Fen) -> Result<(), OrderError> {
    let (supplier_order, supplier, buyer) = (order.id, order.supplier_id, order.buyer_id);
    if order.state == OrderState::Refused {
        tx.emit(&OrderRefused { supplier_order, supplier, buyer }).await?;
    }
    if !accepted_fen.is_zero() {
        let accepted_on = business_date(tx.now());
        tx.emit(&OrderAccepted { supplier_order, supplier, buyer, accepted_fen, accepted_on }).await?;
    }
    if !paid_fen.is_zero() {
        let paid_on = business_date(tx.now());
        tx.emit(&OrderPaid { supplier_order, supplier, buyer, amount_fen: paid_fen, paid_on }).await?;
    }
    Ok(())
}
