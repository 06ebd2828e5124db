//! Looking: at rows with what they may be for, and at the money of an order.

use super::gateway::Gateway;
use super::matching;
use super::service::{buyers_named, codes_of, said_of_all};
use super::view::{
    BankRow, Because, Invoice, MoneyOfOrder, Payment, PaymentInstruction, RefundPayment, RowOfAll, RowQuery, Suggestion,
};
use super::{PaymentError, store};
use crate::access::Grant;
use crate::access::policy::{ViewOrder, ViewStatement};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::secrecy::Secrets;
use crate::{organisation, procurement};
use entity::value::{BankRowState, Fen, OrganisationId, SupplierOrderId};
use entity::{bank_row, supplier_order};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many orders are suggested for a row.
const MOST_SUGGESTIONS: usize = 5;
/// How many orders are looked at for a page of rows.
const MOST_CANDIDATES: u64 = 500;

/// One page of rows of all statements, newest first; those that matched nothing with what they may be for.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    _grant: &Grant<ViewStatement>,
    query: RowQuery,
) -> Result<Page<RowOfAll>, Failure> {
    let RowQuery { state, limit, cursor } = query;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list_rows(db, state, page.after()?, limit + 1).await.map_err(PaymentError::from)?;
    let mut suggestions = suggest(db, secrets, &rows).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let suggestions = suggestions.remove(&row.id.uuid()).unwrap_or_default();
        shown.push(RowOfAll { row: BankRow::of(row, secrets).map_err(PaymentError::from)?, suggestions });
    }
    Ok(Page::of(shown, limit, |shown| shown.row.id.uuid(), |shown| shown))
}

/// For each row that matched nothing: orders whose code it carries, of which just so much is open, or whose buyer has
/// the payer's name; those with most of these first.
async fn suggest(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    rows: &[bank_row::Model],
) -> Result<HashMap<uuid::Uuid, Vec<Suggestion>>, PaymentError> {
    let rows: Vec<bank_row::Model> = rows.iter().filter(|row| row.state == BankRowState::Unmatched).cloned().collect();
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let said = said_of_all(&rows, secrets)?;
    let named: BTreeSet<String> = said.iter().map(|said| said.payer_name.clone()).collect();
    let names: Vec<String> = named.into_iter().collect();
    let named = buyers_named(db, names).await?;
    let buyers: Vec<OrganisationId> = named.values().flatten().copied().collect();
    let amounts: Vec<Fen> = said.iter().map(|said| said.amount).collect();
    let mut orders: BTreeMap<SupplierOrderId, supplier_order::Model> = BTreeMap::new();
    for order in procurement::find_by_transfer_codes(db, &codes_of(&said)).await? {
        orders.insert(order.id, order);
    }
    for order in procurement::find_payable(db, &amounts, &buyers, MOST_CANDIDATES).await? {
        orders.insert(order.id, order);
    }
    let nobody = HashSet::new();
    let mut suggestions = HashMap::new();
    for (row, said) in rows.iter().zip(&said) {
        let codes = matching::codes(&said.memo);
        let payers = named.get(&said.payer_name).unwrap_or(&nobody);
        let mut found = Vec::new();
        for order in orders.values() {
            let open_fen = procurement::payable_fen(order)?;
            let mut because = Vec::new();
            if codes.contains(&order.transfer_code) {
                because.push(Because::Code);
            }
            if open_fen == said.amount {
                because.push(Because::Amount);
            }
            if payers.contains(&order.buyer_id) && !open_fen.is_zero() {
                because.push(Because::Payer);
            }
            if !because.is_empty() {
                let (supplier_order_id, number) = (order.id, order.number.clone());
                found.push(Suggestion { supplier_order_id, number, buyer_id: order.buyer_id, open_fen, because });
            }
        }
        found.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.because.len()));
        found.truncate(MOST_SUGGESTIONS);
        suggestions.insert(row.id.uuid(), found);
    }
    Ok(suggestions)
}

/// The invoices of an order, what was paid and what was given back.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn money_of(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: SupplierOrderId,
) -> Result<MoneyOfOrder, PaymentError> {
    let order = procurement::find_order(db, grant.scope(), id).await?.ok_or(PaymentError::NotFound)?;
    let invoices = store::invoices_of(db, id).await?;
    let numbers: HashMap<_, _> = invoices.iter().map(|row| (row.id, row.number.clone())).collect();
    let invoice = |row: entity::invoice::Model| {
        let corrects = row.corrects_id.and_then(|id| numbers.get(&id).cloned());
        Invoice { corrects_number: corrects, ..Invoice::of(row, &order) }
    };
    Ok(MoneyOfOrder {
        invoices: invoices.into_iter().map(invoice).collect(),
        payments: store::payments_of(db, id).await?.into_iter().map(Payment::from).collect(),
        refund_payments: store::refunds_of(db, id).await?.into_iter().map(RefundPayment::from).collect(),
        net_fen: order.accepted_fen.checked_sub(order.credited_fen)?,
        open_fen: procurement::open_fen(&order)?,
        refund_owed_fen: procurement::owed_fen(&order)?,
    })
}

/// How what is payable of an order now is paid: how much, and what to write on it.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn instruction(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    gateway: &dyn Gateway,
    id: SupplierOrderId,
) -> Result<PaymentInstruction, PaymentError> {
    let order = procurement::find_order(db, grant.scope(), id).await?.ok_or(PaymentError::NotFound)?;
    let payable = procurement::payable_fen(&order)?;
    let supplier = organisation::find(db, order.supplier_id).await?.ok_or(PaymentError::NotFound)?;
    let said = gateway.instruct(&[(order.transfer_code, payable)])?;
    Ok(PaymentInstruction {
        gateway: said.gateway.to_owned(),
        payee_name: supplier.name,
        amount_fen: said.amount,
        memo: said.memo,
        pay_by: order.pay_by,
    })
}
