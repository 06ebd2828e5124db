//! Goods given back after they were accepted, and goods kept at a lower price.
//!
//! The buyer asks, the supplier takes back or declines. What is taken back is credited: what was not paid need not be,
//! and what was paid is owed back. Until the households' part of it is taken back by the next computation of shares,
//! the supplier bears it out of what it keeps.
//!
//! Carriage was owed with the first goods that were kept. When everything has gone back on the supplier's account, and
//! nothing is to come any more, it is credited too; who keeps a pack, or gives goods back for another reason without the
//! supplier's agreeing to bear it, has had the goods carried all the same.

use super::read::show;
use super::receive::MOST_PHOTOS;
use super::{NO_PACKS, hold, moved, next_number, restated};
use crate::access::Grant;
use crate::access::policy::{ReceiveOrder, ServeOrder};
use crate::db::Tx;
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::procurement::error::OrderError;
use crate::procurement::event::OrderCredited;
use crate::procurement::papers::{CreditOrder, DeclineReturn, ReceiveReturn, RequestReturn, write_photos};
use crate::procurement::state::{Step, allow, freight_due, freight_to_credit, is_suppliers_reason, net_of, open_fen};
use crate::procurement::store::{self, Papers, Side};
use crate::procurement::view::SupplierOrderDetail;
use crate::{budget, catalogue, document, harvest};
use entity::value::{
    CreditKind, CreditNoteId, Disposition, Fen, Grams, LotId, OrderLineId, OrderReturnId, Packs, PersonId, ProductId,
    ReturnState, SupplierOrderId, business_date,
};
use entity::{credit_note, credit_note_line, order_line, order_return, order_return_line, supplier_order};
use std::collections::HashMap;

/// A list that names nothing, a line twice, or a line that is not there.
fn bad_line(index: usize) -> OrderError {
    OrderError::Field {
        pointer: format!("/lines/{index}/line_id"),
        zh: "没有这一行，或该行已在前面列出。",
        en: "There is no such line, or it was named before.",
    }
}

fn none_named() -> OrderError {
    OrderError::Field {
        pointer: "/lines".to_owned(),
        zh: "请列出全部有关的订单行。",
        en: "Name the lines it is about.",
    }
}

/// Asks the supplier to take accepted goods back, within `days` after the last acceptance.
///
/// # Errors
/// Not the buyer's, another version, nothing accepted, too late, or more than there is to give back.
pub async fn request_return(
    tx: &Tx,
    grant: &Grant<ReceiveOrder>,
    (id, seen): (SupplierOrderId, IfMatch),
    days: u32,
    wanted: &RequestReturn,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Buyer), id, seen).await?;
    allow(order.state, Step::Return)?;
    let papers = store::papers_of(tx, id).await?;
    let last = papers.acceptances.last().map_or(order.accepted_at, |(row, _)| Some(row.accepted_at));
    let since = last.map_or(0, |at| (business_date(tx.now()) - business_date(at)).num_days());
    if since > i64::from(days) {
        return Err(OrderError::ReturnTooLate { days: since, most: days });
    }
    check_returned(&store::lines_of(tx, &[id]).await?, &papers, wanted)?;
    document::require_own(tx, order.buyer_id, &wanted.photos).await?;
    let row = order_return::Model {
        id: OrderReturnId::generate(),
        supplier_order_id: id,
        number: next_number(papers.returns.len())?,
        state: ReturnState::Requested,
        kind: wanted.kind,
        reason: wanted.reason.as_str().to_owned(),
        photos: write_photos(&wanted.photos),
        requested_by: grant.person()?,
        requested_at: tx.now(),
        decided_by: None,
        decided_at: None,
        opinion: None,
        bears_freight: false,
    };
    let lines = wanted.lines.iter().map(|line| order_return_line::Model {
        return_id: row.id,
        line_id: line.line_id,
        packs: line.packs,
        disposition: None,
    });
    let lines = lines.collect();
    store::insert_return(tx, row, lines).await?;
    // Nothing of the order changes but its version: who read it before the request reads it again.
    let asked = store::save(tx, &order, order.clone()).await?;
    tx.audit(moved(Step::Return, id, order.state, asked.state).because(wanted.reason.as_str())).await?;
    show(tx, asked).await
}

/// Every line is named once, with no more packs than were accepted, kept, and are not asked for already.
fn check_returned(lines: &[order_line::Model], papers: &Papers, wanted: &RequestReturn) -> Result<(), OrderError> {
    if wanted.lines.is_empty() {
        return Err(none_named());
    }
    if wanted.photos.len() > MOST_PHOTOS {
        return Err(OrderError::Field {
            pointer: "/photos".to_owned(),
            zh: "至多 20 份附件。",
            en: "At most 20 files.",
        });
    }
    let asked = papers.returns.iter().filter(|(row, _)| row.state == ReturnState::Requested);
    let mut left: HashMap<OrderLineId, i64> =
        lines.iter().map(|line| (line.id, line.accepted_packs.get() - line.returned_packs.get())).collect();
    for line in asked.flat_map(|(_, lines)| lines) {
        *left.entry(line.line_id).or_default() -= line.packs.get();
    }
    for (index, line) in wanted.lines.iter().enumerate() {
        let most = left.remove(&line.line_id).ok_or_else(|| bad_line(index))?;
        let pointer = format!("/lines/{index}/packs");
        if line.packs.is_zero() {
            return Err(OrderError::Field {
                pointer,
                zh: "件数应大于零。",
                en: "The number of packs is more than zero.",
            });
        }
        if line.packs.get() > most {
            return Err(OrderError::QuantityExceeded { pointer, most });
        }
    }
    Ok(())
}

/// A return that waits for its decision.
async fn waiting(
    tx: &Tx,
    id: SupplierOrderId,
    number: i32,
) -> Result<(order_return::Model, Vec<order_return_line::Model>), OrderError> {
    let (row, lines) = store::find_return(tx, id, number).await?.ok_or(OrderError::NotFound)?;
    if row.state == ReturnState::Requested { Ok((row, lines)) } else { Err(OrderError::ReturnDecided(row.state)) }
}

/// Takes returned goods back: they go into the store again or are written off, and are credited.
///
/// # Errors
/// Not the supplier's, another version, decided before, or lines that are not those of the return.
pub async fn receive_return(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    (id, number): (SupplierOrderId, i32),
    seen: IfMatch,
    wanted: &ReceiveReturn,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    let (row, mut returned) = waiting(tx, id, number).await?;
    allow(order.state, Step::Return)?;
    dispose(&mut returned, wanted)?;
    let mut lines = store::lines_of(tx, &[id]).await?;
    let papers = store::papers_of(tx, id).await?;
    put_back(tx, &lines, &papers, &returned).await?;
    let mut parts = Vec::with_capacity(returned.len());
    for part in &returned {
        let line = lines.iter_mut().find(|line| line.id == part.line_id).ok_or(OrderError::NotFound)?;
        let amount = line.unit_price_fen.checked_mul(part.packs.get())?.min(net_of(line)?);
        line.returned_packs = line.returned_packs.checked_add(part.packs)?;
        line.credited_fen = line.credited_fen.checked_add(amount)?;
        parts.push((part.line_id, part.packs, amount));
    }
    let decided = order_return::Model {
        state: ReturnState::Received,
        decided_by: Some(grant.person()?),
        decided_at: Some(tx.now()),
        opinion: wanted.opinion.as_ref().map(|words| words.as_str().to_owned()),
        bears_freight: is_suppliers_reason(row.kind) || wanted.bears_freight,
        ..row
    };
    let note = Note {
        kind: CreditKind::Return,
        return_id: Some(decided.id),
        number: next_number(papers.credits.len())?,
        reason: decided.reason.clone(),
        freight_fen: Fen::ZERO,
    };
    store::save_return(tx, decided, returned).await?;
    let by = grant.person()?;
    let credited = credit(tx, by, &order, &lines, &parts, note).await?;
    let credited = credit_freight(tx, by, credited, &lines).await?;
    tx.audit(moved(Step::Return, id, order.state, credited.state)).await?;
    show(tx, credited).await
}

/// Declines to take goods back.
///
/// # Errors
/// Not the supplier's, another version, or decided before.
pub async fn decline_return(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    (id, number): (SupplierOrderId, i32),
    seen: IfMatch,
    wanted: &DeclineReturn,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    let (row, lines) = waiting(tx, id, number).await?;
    let opinion = wanted.opinion.as_str();
    let decided = order_return::Model {
        state: ReturnState::Declined,
        decided_by: Some(grant.person()?),
        decided_at: Some(tx.now()),
        opinion: Some(opinion.to_owned()),
        ..row
    };
    store::save_return(tx, decided, lines).await?;
    let declined = store::save(tx, &order, order.clone()).await?;
    tx.audit(moved(Step::Return, id, order.state, declined.state).because(opinion)).await?;
    show(tx, declined).await
}

/// Says of every line of the return what becomes of it.
fn dispose(returned: &mut [order_return_line::Model], wanted: &ReceiveReturn) -> Result<(), OrderError> {
    for (index, line) in wanted.lines.iter().enumerate() {
        let open = returned.iter_mut().find(|part| part.line_id == line.line_id && part.disposition.is_none());
        open.ok_or_else(|| bad_line(index))?.disposition = Some(line.disposition);
    }
    if returned.iter().all(|part| part.disposition.is_some()) { Ok(()) } else { Err(none_named()) }
}

/// What goes into the store again can be sold again, and its grams are in their lots again.
async fn put_back(
    tx: &Tx,
    lines: &[order_line::Model],
    papers: &Papers,
    returned: &[order_return_line::Model],
) -> Result<(), OrderError> {
    let mut products: Vec<(ProductId, Packs)> = Vec::new();
    let mut lots: Vec<(LotId, Grams)> = Vec::new();
    for part in returned.iter().filter(|part| part.disposition == Some(Disposition::Restocked)) {
        let line = lines.iter().find(|line| line.id == part.line_id).ok_or(OrderError::NotFound)?;
        products.push((line.product_id, part.packs));
        for (lot, packs) in lots_of_return(papers, line, part.packs)? {
            lots.push((lot, line.pack_grams.checked_times(packs)?));
        }
    }
    if !products.is_empty() {
        catalogue::put_back(tx, &products).await?;
        harvest::return_to_lots(tx, &lots).await?;
    }
    Ok(())
}

/// Out of which lots returned packs came: nobody can tell, so the last sent are taken to be the first to go back,
/// after those that went back before.
fn lots_of_return(papers: &Papers, line: &order_line::Model, packs: Packs) -> Result<Vec<(LotId, Packs)>, OrderError> {
    let sent = papers.shipments.iter().rev().flat_map(|(_, lots)| lots.iter().rev());
    let (mut skip, mut wanted) = (line.returned_packs, packs);
    let mut found = Vec::new();
    for lot in sent.filter(|lot| lot.line_id == line.id) {
        let before = skip.min(lot.packs);
        skip = skip.checked_sub(before)?;
        let part = lot.packs.checked_sub(before)?.min(wanted);
        wanted = wanted.checked_sub(part)?;
        if !part.is_zero() {
            found.push((lot.lot_id, part));
        }
    }
    Ok(found)
}

/// Takes part of the price off goods that are kept.
///
/// # Errors
/// Not the supplier's, another version, nothing accepted, or more than was accepted of a line.
pub async fn credit_order(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &CreditOrder,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = hold(tx, (grant.scope(), Side::Supplier), id, seen).await?;
    allow(order.state, Step::Credit)?;
    let mut lines = store::lines_of(tx, &[id]).await?;
    if wanted.lines.is_empty() {
        return Err(none_named());
    }
    let mut parts: Vec<(OrderLineId, Packs, Fen)> = Vec::with_capacity(wanted.lines.len());
    for (index, part) in wanted.lines.iter().enumerate() {
        let is_second = parts.iter().any(|(line, ..)| *line == part.line_id);
        let line = lines.iter_mut().find(|line| line.id == part.line_id && !is_second);
        let line = line.ok_or_else(|| bad_line(index))?;
        let (pointer, most) = (format!("/lines/{index}/amount_fen"), net_of(line)?);
        if part.amount_fen.is_zero() {
            return Err(OrderError::Field {
                pointer, zh: "金额应大于零。", en: "The amount is more than zero."
            });
        }
        if part.amount_fen > most {
            return Err(OrderError::CreditExceeded { pointer, most });
        }
        line.credited_fen = line.credited_fen.checked_add(part.amount_fen)?;
        parts.push((line.id, NO_PACKS, part.amount_fen));
    }
    let note = Note {
        kind: CreditKind::Allowance,
        return_id: None,
        number: next_number(store::papers_of(tx, id).await?.credits.len())?,
        reason: wanted.reason.as_str().to_owned(),
        freight_fen: Fen::ZERO,
    };
    let credited = credit(tx, grant.person()?, &order, &lines, &parts, note).await?;
    tx.audit(moved(Step::Credit, id, order.state, credited.state).because(wanted.reason.as_str())).await?;
    show(tx, credited).await
}

/// What a credit is about.
struct Note {
    kind: CreditKind,
    return_id: Option<OrderReturnId>,
    number: i32,
    reason: String,
    /// Carriage, beside what is credited of lines.
    freight_fen: Fen,
}

/// Credits the carriage of an order that has just come to nothing, where the supplier bears it (运费退还).
///
/// # Errors
/// When the database refuses.
pub(super) async fn credit_freight(
    tx: &Tx,
    by: PersonId,
    order: supplier_order::Model,
    lines: &[order_line::Model],
) -> Result<supplier_order::Model, OrderError> {
    // Most orders have none, and most of the others keep something.
    if freight_due(&order)?.is_zero() || lines.iter().any(|line| line.accepted_packs != line.returned_packs) {
        return Ok(order);
    }
    let papers = store::papers_of(tx, order.id).await?;
    let returns: Vec<_> = papers.returns.iter().map(|(row, _)| row.clone()).collect();
    let freight_fen = freight_to_credit(&order, lines, &returns)?;
    if freight_fen.is_zero() {
        return Ok(order);
    }
    let note = Note {
        kind: CreditKind::Freight,
        return_id: None,
        number: next_number(papers.credits.len())?,
        reason: "商品已全部退回，运费由供应商承担。".to_owned(),
        freight_fen,
    };
    credit(tx, by, &order, lines, &[], note).await
}

/// Writes a credit, whose parts are counted in `lines` already: the document, the order, the books.
async fn credit(
    tx: &Tx,
    by: PersonId,
    read: &supplier_order::Model,
    lines: &[order_line::Model],
    parts: &[(OrderLineId, Packs, Fen)],
    note: Note,
) -> Result<supplier_order::Model, OrderError> {
    let Note { kind, return_id, number, reason, freight_fen } = note;
    let amount_fen = Fen::checked_sum(parts.iter().map(|(_, _, amount)| *amount).chain([freight_fen]))?;
    let unpaid_fen = amount_fen.min(open_fen(read)?);
    let refunded_fen = amount_fen.checked_sub(unpaid_fen)?;
    let row = credit_note::Model {
        id: CreditNoteId::generate(),
        supplier_order_id: read.id,
        number,
        kind,
        return_id,
        amount_fen,
        refunded_fen,
        reason,
        made_by: by,
        made_at: tx.now(),
    };
    let part = |(line_id, packs, amount_fen): &(OrderLineId, Packs, Fen)| credit_note_line::Model {
        credit_note_id: row.id,
        line_id: *line_id,
        packs: *packs,
        amount_fen: *amount_fen,
    };
    store::insert_credit(tx, row.clone(), parts.iter().map(part).collect()).await?;
    store::save_lines(tx, lines).await?;
    let credited = supplier_order::Model {
        credited_fen: read.credited_fen.checked_add(amount_fen)?,
        freight_credited_fen: read.freight_credited_fen.checked_add(freight_fen)?,
        paid_fen: read.paid_fen.checked_sub(refunded_fen)?,
        refunded_fen: read.refunded_fen.checked_add(refunded_fen)?,
        ..read.clone()
    };
    let credited = store::save(tx, read, restated(credited, lines)).await?;
    if !amount_fen.is_zero() {
        post(tx, &credited, row.id, (unpaid_fen, refunded_fen)).await?;
        let (supplier_order, supplier, buyer) = (read.id, read.supplier_id, read.buyer_id);
        let credited_on = business_date(tx.now());
        tx.emit(&OrderCredited { supplier_order, supplier, buyer, amount_fen, refunded_fen, credited_on }).await?;
    }
    Ok(credited)
}

/// What was not paid is no longer owed, and no longer bound in the budget; what was paid is owed back.
async fn post(
    tx: &Tx,
    order: &supplier_order::Model,
    note: CreditNoteId,
    (unpaid, refunded): (Fen, Fen),
) -> Result<(), OrderError> {
    let (supplier, buyer, of) = (order.supplier_id, order.buyer_id, Some(order.id));
    let day = business_date(tx.now());
    let posting = Posting::new(format!("credit_note:{note}"), "credited", day, note.uuid())
        .debit(Account::supplier_revenue(supplier), unpaid, of)
        .credit(Account::buyer_receivable(supplier, buyer), unpaid, of)
        .debit(Account::supplier_retained(supplier), refunded, of)
        .credit(Account::buyer_refund(supplier, buyer), refunded, of);
    let mut postings = vec![posting];
    if !unpaid.is_zero()
        && let Some(budget) = store::budgets_of(tx, &[order.group_id]).await?.get(&order.group_id)
    {
        postings.push(budget::release_as(format!("credit_note:{note}:released"), *budget, order.id, unpaid, day));
    }
    ledger::post_all(tx, postings).await?;
    Ok(())
}
