//! What can be done: record an invoice, import a bank statement, give a row to the orders it is for.

use super::gateway::Gateway;
use super::matching::{self, Part, Said, Waits};
use super::statement::{self, Parsed};
use super::view::{
    AssignRow, BankRow, BankStatement, BankStatementWithRows, Invoice, RecordInvoice, RowFilter, account_place,
};
use super::{PaymentError, invoice as terms, payers, store};
use crate::access::policy::{ImportStatement, MatchPayment, ServeOrder, ViewStatement};
use crate::access::{Grant, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::ledger::{self, Account, Posting};
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement;
use crate::secrecy::{Secrets, sha256_hex};
use crate::{budget, document, organisation};
use entity::value::{
    BankRowId, BankRowState, BankStatementId, BudgetId, Fen, InvoiceId, InvoiceKind, InvoiceNumber, OrderState,
    OrderTerms, OrganisationId, OrganisationKind, Overflow, PaymentId, PersonId, SupplierOrderId, business_date,
};
use entity::{bank_row, bank_statement, invoice, payment, supplier_order};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Records an invoice of the supplier's: a blue one for what was accepted, a red one against it for what was credited.
///
/// # Errors
/// Not yours; nothing to invoice; another amount, seller or day; a number that was used before.
pub async fn record_invoice(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    version: IfMatch,
    wanted: &RecordInvoice,
) -> Result<Invoice, PaymentError> {
    let order = procurement::hold_for_invoice(tx, grant, id, version).await?;
    let net = order.accepted_fen.checked_sub(order.credited_fen)?;
    let (most, corrects_id) = match wanted.kind {
        InvoiceKind::Blue if wanted.corrects_number.is_some() => return Err(PaymentError::CorrectsNothing),
        InvoiceKind::Blue => (net.checked_sub(order.invoiced_fen.min(net))?, None),
        InvoiceKind::Red => {
            let (blue, left) = corrected(tx, id, wanted.corrects_number.as_ref()).await?;
            (left.min(order.invoiced_fen.checked_sub(net.min(order.invoiced_fen))?), Some(blue))
        }
    };
    let supplier = organisation::find(tx, order.supplier_id).await?;
    let seller = supplier.as_ref().and_then(|supplier| supplier.credit_code.as_ref());
    if most.is_zero() {
        // Says what the order's state is, as for every step that does not exist.
        procurement::mark_invoiced(tx, &order, order.invoiced_fen).await?;
    }
    terms::check(wanted, most, &order, seller, business_date(tx.now()))?;
    if let Some(file) = wanted.file_id {
        document::require_own(tx, order.supplier_id, &[file]).await?;
    }
    let invoiced_fen = match wanted.kind {
        InvoiceKind::Blue => order.invoiced_fen.checked_add(wanted.amount_fen)?,
        InvoiceKind::Red => order.invoiced_fen.checked_sub(wanted.amount_fen)?,
    };
    let row = invoice::Model {
        id: InvoiceId::generate(),
        supplier_order_id: id,
        kind: wanted.kind,
        corrects_id,
        number: wanted.number.clone(),
        amount_fen: wanted.amount_fen,
        issued_on: wanted.issued_on,
        seller_credit_code: wanted.seller_credit_code.clone(),
        file_id: wanted.file_id,
        recorded_by: grant.person()?,
        recorded_at: tx.now(),
    };
    store::insert_invoice(tx, row.clone()).await.map_err(|error| {
        if db::is_duplicate(&error, "invoice", &["number"]) { PaymentError::NumberUsed } else { error.into() }
    })?;
    let order = procurement::mark_invoiced(tx, &order, invoiced_fen).await?;
    let after = json!({
        "supplier_order_id": id, "kind": row.kind, "number": row.number, "amount_fen": row.amount_fen,
    });
    tx.audit(Change::made("invoice.record", "invoice", row.id.uuid(), after)).await?;
    Ok(Invoice::of(row, &order))
}

/// The blue invoice of the order that a red one takes back, and what of it no other red one has.
async fn corrected(
    tx: &Tx,
    order: SupplierOrderId,
    number: Option<&InvoiceNumber>,
) -> Result<(InvoiceId, Fen), PaymentError> {
    let number = number.ok_or(PaymentError::CorrectsNothing)?;
    let all = store::invoices_of(tx, order).await?;
    let blue = all.iter().find(|row| row.kind == InvoiceKind::Blue && row.number == *number);
    let blue = blue.ok_or(PaymentError::CorrectsNothing)?;
    let red = all.iter().filter(|row| row.corrects_id == Some(blue.id)).map(|row| row.amount_fen);
    Ok((blue.id, blue.amount_fen.checked_sub(Fen::checked_sum(red)?)?))
}

/// Imports a bank statement and pays what its rows match.
///
/// Whatever the number of rows: one question for known references, one that holds the orders, two for their payers,
/// one posting each in a common write, one update of the orders, which are locked before any account.
///
/// # Errors
/// No statement; faulty rows, all of them named; imported before; whoever imports placed one of the orders.
pub async fn import(
    tx: &Tx,
    (secrets, gateway): (&Secrets, &dyn Gateway),
    grant: &Grant<ImportStatement>,
    name: &str,
    bytes: &[u8],
) -> Result<BankStatement, PaymentError> {
    let name = checked_name(name)?;
    let sha256 = sha256_hex(bytes);
    let rows = gateway.read(bytes, business_date(tx.now()))?;
    // The rows first: whoever sees rows that another transaction has just committed sees their statement too, and says
    // that this file was imported, not that each of its rows was.
    let known = store::known_references(tx, rows.iter().map(|row| row.bank_reference.as_str())).await?;
    if store::find_by_hash(tx, &sha256).await?.is_some() {
        return Err(PaymentError::AlreadyImported);
    }
    refuse_known(known, &rows)?;
    let said: Vec<Said> = rows.iter().map(Parsed::said).collect();
    let held = procurement::hold_by_transfer_codes(tx, &codes_of(&said)).await?;
    let outcomes = outcomes(tx, secrets, &said, &held).await?;
    let statement = bank_statement::Model {
        id: BankStatementId::generate(),
        sha256,
        name,
        rows_total: i32::try_from(rows.len()).map_err(|_| Overflow)?,
        rows_matched: i32::try_from(outcomes.iter().flatten().count()).map_err(|_| Overflow)?,
        imported_by: grant.person()?,
        organisation_id: grant.organisation()?,
        imported_at: tx.now(),
    };
    let ids = write(tx, secrets, &statement, rows, &outcomes).await?;
    let parts = ids.into_iter().zip(&outcomes).filter_map(|(id, outcome)| Some((id, outcome.as_ref().ok()?)));
    let parts: Vec<(BankRowId, Part)> =
        parts.flat_map(|(id, parts)| parts.iter().map(move |part| (id, *part))).collect();
    let paid: HashSet<SupplierOrderId> = parts.iter().map(|(_, part)| part.order).collect();
    let groups: Vec<_> = held.iter().filter(|order| paid.contains(&order.id)).map(|order| order.group_id).collect();
    four_eyes::apart(procurement::placed_by(tx, &groups).await?, grant.person()?)?;
    book(tx, parts, &held, None).await?;
    let after = json!({
        "sha256": statement.sha256, "rows_total": statement.rows_total, "rows_matched": statement.rows_matched,
    });
    tx.audit(Change::made("payment.import", "bank_statement", statement.id.uuid(), after)).await?;
    Ok(statement.into())
}

/// The transfer codes of all rows, each once.
pub(super) fn codes_of(rows: &[Said]) -> Vec<String> {
    let codes: BTreeSet<String> = rows.iter().flat_map(|row| matching::codes(&row.memo)).collect();
    codes.into_iter().collect()
}

async fn outcomes(
    tx: &Tx,
    secrets: &Secrets,
    rows: &[Said],
    held: &[supplier_order::Model],
) -> Result<Vec<Result<Vec<Part>, Waits>>, PaymentError> {
    let by_code = held.iter().map(|order| (order.transfer_code.clone(), order.clone())).collect();
    let buyers: BTreeSet<OrganisationId> = held.iter().map(|order| order.buyer_id).collect();
    let payers = payers::of_buyers(tx, secrets, &buyers.into_iter().collect::<Vec<_>>()).await?;
    Ok(matching::decide(rows, &by_code, &payers)?)
}

/// Which buyers have these names, or declared them: for suggestions to whoever looks for what a payment was meant for.
pub(super) async fn buyers_named(
    db: &impl ConnectionTrait,
    names: Vec<String>,
) -> Result<HashMap<String, HashSet<OrganisationId>>, PaymentError> {
    let mut buyers: HashMap<String, HashSet<OrganisationId>> = HashMap::new();
    for found in organisation::find_named(db, &names).await? {
        let buys = matches!(
            found.kind,
            OrganisationKind::BudgetUnit
                | OrganisationKind::TradeUnion
                | OrganisationKind::CanteenContractor
                | OrganisationKind::Enterprise
        );
        if buys {
            buyers.entry(found.name).or_default().insert(found.id);
        }
    }
    for (name, buyer) in store::declared(db, &names).await? {
        buyers.entry(name).or_default().insert(buyer);
    }
    Ok(buyers)
}

/// Looks again at the rows that waited for an order to be invoiced, and pays what they match now.
///
/// # Errors
/// When the database refuses.
pub async fn rematch(
    tx: &Tx,
    secrets: &Secrets,
    _grant: &Grant<MatchPayment>,
    order: SupplierOrderId,
) -> Result<(), PaymentError> {
    let waiting = store::rows_awaiting(tx, order).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let said = said_of_all(&waiting, secrets)?;
    let held = procurement::hold_by_transfer_codes(tx, &codes_of(&said)).await?;
    // Read again behind the lock: somebody may have assigned one meanwhile.
    let waiting = store::rows_awaiting(tx, order).await?;
    let said = said_of_all(&waiting, secrets)?;
    let outcomes = outcomes(tx, secrets, &said, &held).await?;
    let mut parts = Vec::new();
    for (row, outcome) in waiting.iter().zip(outcomes) {
        let Ok(found) = outcome else { continue };
        store::mark_matched(tx, row, found.first().map(|part| part.order)).await?;
        parts.extend(found.into_iter().map(|part| (row.id, part)));
    }
    book(tx, parts, &held, None).await
}

/// What kept rows say.
pub(super) fn said_of_all(rows: &[bank_row::Model], secrets: &Secrets) -> Result<Vec<Said>, PaymentError> {
    let said = |row: &bank_row::Model| {
        let account = row.payer_account_cipher.as_deref();
        Ok(Said {
            payer_name: row.payer_name.clone(),
            payer_account: account.map(|sealed| secrets.open(account_place(row.id), sealed)).transpose()?,
            amount: row.amount_fen,
            memo: row.memo.clone(),
        })
    };
    rows.iter().map(said).collect()
}

/// Gives a row that matched nothing to the orders somebody found it to be for. What is more than an order has open is
/// owed back to its buyer.
///
/// # Errors
/// No such row, or matched before; parts that do not make up the row; an order of which nothing was accepted, or that
/// whoever assigns placed.
pub async fn assign(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<ImportStatement>,
    id: BankRowId,
    wanted: &AssignRow,
) -> Result<BankRow, PaymentError> {
    let ids: Vec<SupplierOrderId> = wanted.payments.iter().map(|part| part.supplier_order_id).collect();
    let held = procurement::hold_by_ids(tx, &ids).await?;
    let row = store::hold_row(tx, id).await?.ok_or(PaymentError::NoRow)?;
    if row.state == BankRowState::Matched {
        return Err(PaymentError::RowMatched);
    }
    let mut parts: Vec<(BankRowId, Part)> = Vec::with_capacity(ids.len());
    for (index, part) in wanted.payments.iter().enumerate() {
        let order = held.iter().find(|order| order.id == part.supplier_order_id);
        let is_second = parts.iter().any(|(_, other)| other.order == part.supplier_order_id);
        let order = order.filter(|_| !is_second).ok_or(PaymentError::AssignedOrder { index })?;
        // Money for an order that was to be paid first is taken in any case: it is owed back when no goods will come.
        if order.accepted_fen.is_zero() && order.terms == OrderTerms::GoodsFirst {
            let refused = procurement::NoSuchStep { from: order.state, step: procurement::Step::Pay };
            return Err(procurement::OrderError::from(refused).into());
        }
        let amount = part.amount_fen.min(procurement::payable_fen(order)?);
        let excess = part.amount_fen.checked_sub(amount)?;
        parts.push((id, Part { order: order.id, amount, excess }));
    }
    let sum = Fen::checked_sum(wanted.payments.iter().map(|part| part.amount_fen))?;
    if sum != row.amount_fen || wanted.payments.iter().any(|part| part.amount_fen.is_zero()) {
        return Err(PaymentError::AssignmentDiffers { row: row.amount_fen, parts: sum });
    }
    let groups: Vec<_> = held.iter().map(|order| order.group_id).collect();
    four_eyes::apart(procurement::placed_by(tx, &groups).await?, grant.person()?)?;
    let row = store::mark_matched(tx, &row, ids.first().copied()).await?;
    book(tx, parts, &held, Some(grant.person()?)).await?;
    let after = json!({ "bank_reference": row.bank_reference, "orders": ids });
    tx.audit(Change::made("payment.assign", "bank_row", id.uuid(), after)).await?;
    Ok(BankRow::of(row, secrets)?)
}

fn checked_name(name: &str) -> Result<String, PaymentError> {
    let name = name.trim();
    let is_plain = !name.chars().any(char::is_control);
    if (1..=200).contains(&name.chars().count()) && is_plain { Ok(name.to_owned()) } else { Err(PaymentError::Name) }
}

fn refuse_known(known: Vec<String>, rows: &[Parsed]) -> Result<(), PaymentError> {
    let known: HashSet<String> = known.into_iter().collect();
    let fault = |(index, _): (usize, &Parsed)| FieldProblem {
        pointer: statement::pointer(index, "bank_reference"),
        detail: Text::new("此流水号已在先前的流水中导入。", "This bank reference was imported before."),
    };
    let faults: Vec<_> =
        rows.iter().enumerate().filter(|(_, row)| known.contains(&row.bank_reference)).map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(PaymentError::Rows(faults)) }
}

async fn write(
    tx: &Tx,
    secrets: &Secrets,
    statement: &bank_statement::Model,
    rows: Vec<Parsed>,
    outcomes: &[Result<Vec<Part>, Waits>],
) -> Result<Vec<BankRowId>, PaymentError> {
    let mut written = Vec::with_capacity(rows.len());
    for ((line_no, row), outcome) in (1..).zip(rows).zip(outcomes) {
        let id = BankRowId::generate();
        let account = row.payer_account.map(|account| secrets.seal(account_place(id), &account)).transpose()?;
        let waits = outcome.as_ref().err();
        written.push(bank_row::Model {
            id,
            statement_id: statement.id,
            line_no,
            booked_on: row.booked_on,
            payer_name: row.payer_name,
            payer_account_cipher: account,
            amount_fen: row.amount,
            memo: row.memo,
            bank_reference: row.bank_reference,
            state: if waits.is_none() { BankRowState::Matched } else { BankRowState::Unmatched },
            reason: waits.map(|waits| waits.reason.as_str().to_owned()),
            awaits_order_id: waits.and_then(|waits| waits.awaits),
            supplier_order_id: outcome.as_ref().ok().and_then(|parts| parts.first()).map(|part| part.order),
        });
    }
    store::insert_statement(tx, statement.clone()).await.map_err(|error| {
        if db::is_duplicate(&error, "bank_statement", &["sha256"]) {
            PaymentError::AlreadyImported
        } else {
            error.into()
        }
    })?;
    let ids = written.iter().map(|row| row.id).collect();
    store::insert_rows(tx, written).await?;
    Ok(ids)
}

/// The money of these rows is there for these held orders: the books say so, the orders say so, and everybody hears of
/// it. A constant number of statements, whatever the number of parts.
async fn book(
    tx: &Tx,
    parts: Vec<(BankRowId, Part)>,
    held: &[supplier_order::Model],
    assigned_by: Option<PersonId>,
) -> Result<(), PaymentError> {
    if parts.is_empty() {
        return Ok(());
    }
    let today = business_date(tx.now());
    let ids: Vec<SupplierOrderId> = parts.iter().map(|(_, part)| part.order).collect();
    let by_id: HashMap<_, _> = held.iter().map(|order| (order.id, order)).collect();
    let groups: Vec<_> = held.iter().map(|order| order.group_id).collect();
    let budgets: HashMap<_, BudgetId> = procurement::budgets_of(tx, &groups).await?;
    let mut numbers = store::payment_counts(tx, &ids).await?;
    let (mut postings, mut rows) = (Vec::new(), Vec::new());
    let mut paid: BTreeMap<SupplierOrderId, (Fen, Fen)> = BTreeMap::new();
    for (bank_row_id, Part { order: id, amount, excess }) in parts {
        let order = by_id.get(&id).ok_or(PaymentError::NoRow)?;
        // An order that was paid before payments had rows of their own has its first posting already.
        let is_advance = order.state == OrderState::AwaitingPayment;
        let number = numbers.entry(id).or_insert(i32::from(order.paid_at.is_some()));
        *number += 1;
        let (kind, account) = if is_advance {
            ("prepaid", Account::buyer_advance(order.supplier_id, order.buyer_id))
        } else {
            ("paid", Account::buyer_receivable(order.supplier_id, order.buyer_id))
        };
        let suffix = if *number == 1 { String::new() } else { format!(":{number}") };
        let posting = Posting::new(format!("supplier_order:{id}:paid{suffix}"), kind, today, id.uuid())
            .debit(Account::supplier_cash(order.supplier_id), amount.checked_add(excess)?, Some(id))
            .credit(account, amount, Some(id))
            .credit(Account::buyer_refund(order.supplier_id, order.buyer_id), excess, Some(id));
        postings.push(match budgets.get(&order.group_id) {
            Some(budget) => budget::spend(posting, *budget, id, amount),
            None => posting,
        });
        let sums = paid.entry(id).or_default();
        *sums = (sums.0.checked_add(amount)?, sums.1.checked_add(excess)?);
        rows.push((bank_row_id, id, *number, amount, excess));
    }
    let posted = ledger::post_all(tx, postings).await?;
    let rows = rows.into_iter().zip(posted).map(|((bank_row_id, id, number, amount_fen, excess_fen), posting_id)| {
        payment::Model {
            id: PaymentId::generate(),
            bank_row_id,
            supplier_order_id: id,
            number,
            amount_fen,
            excess_fen,
            posting_id,
            assigned_by,
            recorded_at: tx.now(),
        }
    });
    store::insert_payments(tx, rows.collect()).await?;
    let paid = paid
        .into_iter()
        .filter_map(|(id, (amount, excess))| by_id.get(&id).map(|order| ((*order).clone(), amount, excess)));
    // Last, for whoever hears of it finds everything in its place.
    Ok(procurement::mark_paid(tx, &paid.collect::<Vec<_>>(), tx.now()).await?)
}

/// One page of statements, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    _grant: &Grant<ViewStatement>,
    page: &PageQuery,
) -> Result<Page<BankStatement>, Failure> {
    let limit = page.limit()?;
    let rows = store::list_statements(db, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), BankStatement::from))
}

/// One statement with its rows.
///
/// # Errors
/// Not found.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    _grant: &Grant<ViewStatement>,
    id: BankStatementId,
    filter: RowFilter,
) -> Result<BankStatementWithRows, PaymentError> {
    let statement = store::find_statement(db, id).await?.ok_or(PaymentError::NotFound)?;
    let rows = store::rows_of(db, id, filter.state).await?;
    let rows = rows.into_iter().map(|row| BankRow::of(row, secrets)).collect::<Result<_, _>>()?;
    Ok(BankStatementWithRows { statement: statement.into(), rows })
}
