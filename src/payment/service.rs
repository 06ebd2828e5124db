//! What can be done: record an invoice, import a bank statement.

use super::matching::{self, Reason};
use super::statement::{self, Parsed};
use super::view::{BankRow, BankStatement, BankStatementWithRows, Invoice, RecordInvoice, RowFilter, account_place};
use super::{PaymentError, invoice as terms, store};
use crate::access::policy::{ImportStatement, ServeOrder, ViewStatement};
use crate::access::{Grant, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::ledger::{self, Account, Posting};
use crate::problem::{Failure, FieldProblem, Text};
use crate::procurement;
use crate::secrecy::{Secrets, sha256_hex};
use crate::{budget, document, organisation};
use entity::value::{
    BankRowId, BankRowState, BankStatementId, BudgetId, InvoiceId, Overflow, SupplierOrderId, business_date,
};
use entity::{bank_row, bank_statement, invoice, supplier_order};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Records the supplier's invoice for what was accepted.
///
/// # Errors
/// Not yours; not accepted yet; another amount, seller or day; a number that was used before.
pub async fn record_invoice(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    version: IfMatch,
    wanted: &RecordInvoice,
) -> Result<Invoice, PaymentError> {
    let order = procurement::mark_invoiced(tx, grant, id, version).await?;
    let supplier = organisation::find(tx, order.supplier_id).await?;
    let seller = supplier.as_ref().and_then(|supplier| supplier.credit_code.as_ref());
    terms::check(wanted, &order, seller, business_date(tx.now()))?;
    if let Some(file) = wanted.file_id {
        document::require_own(tx, order.supplier_id, &[file]).await?;
    }
    let row = invoice::Model {
        id: InvoiceId::generate(),
        supplier_order_id: id,
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
    let after = json!({ "supplier_order_id": id, "number": row.number, "amount_fen": row.amount_fen });
    tx.audit(Change::made("invoice.record", "invoice", row.id.uuid(), after)).await?;
    Ok(Invoice::of(row, &order))
}

/// Imports a bank statement and pays what its rows match.
///
/// Whatever the number of rows: one question for known references, one that holds the orders, one posting each in a
/// common write, one update of the orders, which are locked before any account.
///
/// # Errors
/// No statement; faulty rows, all of them named; imported before; whoever imports placed one of the orders.
pub async fn import(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<ImportStatement>,
    name: &str,
    bytes: &[u8],
) -> Result<BankStatement, PaymentError> {
    let name = checked_name(name)?;
    let sha256 = sha256_hex(bytes);
    if store::find_by_hash(tx, &sha256).await?.is_some() {
        return Err(PaymentError::AlreadyImported);
    }
    let rows = statement::parse(bytes, business_date(tx.now()))?;
    refuse_known(tx, &rows).await?;
    let codes: HashSet<String> = rows.iter().flat_map(|row| matching::codes(&row.memo)).collect();
    let mut codes: Vec<String> = codes.into_iter().collect();
    codes.sort_unstable();
    let held = procurement::hold_by_transfer_codes(tx, &codes).await?;
    let by_code: HashMap<_, _> = held.iter().map(|order| (order.transfer_code.clone(), order.clone())).collect();
    let outcomes = matching::decide(&rows, &by_code);
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
    write(tx, secrets, &statement, rows, &outcomes).await?;
    let paid: HashSet<SupplierOrderId> = outcomes.iter().flatten().copied().collect();
    let paid: Vec<supplier_order::Model> = held.into_iter().filter(|order| paid.contains(&order.id)).collect();
    let groups: Vec<_> = paid.iter().map(|order| order.group_id).collect();
    four_eyes::apart(procurement::placed_by(tx, &groups).await?, grant.person()?)?;
    pay(tx, &paid).await?;
    let after = json!({
        "sha256": statement.sha256, "rows_total": statement.rows_total, "rows_matched": statement.rows_matched,
    });
    tx.audit(Change::made("payment.import", "bank_statement", statement.id.uuid(), after)).await?;
    Ok(statement.into())
}

fn checked_name(name: &str) -> Result<String, PaymentError> {
    let name = name.trim();
    let is_plain = !name.chars().any(char::is_control);
    if (1..=200).contains(&name.chars().count()) && is_plain { Ok(name.to_owned()) } else { Err(PaymentError::Name) }
}

async fn refuse_known(tx: &Tx, rows: &[Parsed]) -> Result<(), PaymentError> {
    let known = store::known_references(tx, rows.iter().map(|row| row.bank_reference.as_str())).await?;
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
    outcomes: &[Result<SupplierOrderId, Reason>],
) -> Result<(), PaymentError> {
    let mut written = Vec::with_capacity(rows.len());
    for ((line_no, row), outcome) in (1..).zip(rows).zip(outcomes) {
        let id = BankRowId::generate();
        let account = row.payer_account.map(|account| secrets.seal(account_place(id), &account)).transpose()?;
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
            state: if outcome.is_ok() { BankRowState::Matched } else { BankRowState::Unmatched },
            reason: outcome.err().map(|reason| reason.as_str().to_owned()),
            supplier_order_id: outcome.ok(),
        });
    }
    store::insert_statement(tx, statement.clone()).await.map_err(|error| {
        if db::is_duplicate(&error, "bank_statement", &["sha256"]) {
            PaymentError::AlreadyImported
        } else {
            error.into()
        }
    })?;
    Ok(store::insert_rows(tx, written).await?)
}

/// The money for these held orders is there: the books say so, the orders say so, and everybody hears of it.
async fn pay(tx: &Tx, orders: &[supplier_order::Model]) -> Result<(), PaymentError> {
    if orders.is_empty() {
        return Ok(());
    }
    let today = business_date(tx.now());
    let groups: Vec<_> = orders.iter().map(|order| order.group_id).collect();
    let budgets: HashMap<_, BudgetId> = procurement::budgets_of(tx, &groups).await?;
    let postings = orders.iter().map(|order| {
        let (id, amount) = (order.id, order.accepted_fen);
        let paid = Posting::new(format!("supplier_order:{id}:paid"), "paid", today, id.uuid())
            .debit(Account::supplier_cash(order.supplier_id), amount, Some(id))
            .credit(Account::buyer_receivable(order.supplier_id, order.buyer_id), amount, Some(id));
        match budgets.get(&order.group_id) {
            Some(budget) => budget::spend(paid, *budget, id, amount),
            None => paid,
        }
    });
    ledger::post_all(tx, postings.collect()).await?;
    // Last, for whoever hears of it finds everything in its place.
    Ok(procurement::mark_paid(tx, orders, tx.now()).await?)
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
