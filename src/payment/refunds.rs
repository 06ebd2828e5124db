//! Money that goes back to a buyer (退款): recorded by the supplier with its evidence, at most what is owed.
//!
//! What was spent of a budget can be spent again once it is back. What households keep of it the supplier bears first.

use super::view::{RecordRefund, RefundPayment};
use super::{PaymentError, store};
use crate::access::policy::ServeOrder;
use crate::access::{Grant, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::IfMatch;
use crate::ledger::{self, Account, Posting};
use crate::problem::Text;
use crate::{budget, document, procurement};
use entity::value::{Fen, RefundPaymentId, Side, SupplierOrderId, business_date};
use entity::{refund_payment, supplier_order};
use serde_json::json;

/// Records money given back to the buyer of an order.
///
/// # Errors
/// Not the supplier's, another version, more than is owed, a day or reference that is not acceptable, no evidence; by
/// the person who credited the order.
pub async fn record_refund(
    tx: &Tx,
    grant: &Grant<ServeOrder>,
    id: SupplierOrderId,
    seen: IfMatch,
    wanted: &RecordRefund,
) -> Result<RefundPayment, PaymentError> {
    let order = procurement::hold_for_refund(tx, grant, id, seen).await?;
    let owed = procurement::owed_fen(&order)?;
    if wanted.paid_on > business_date(tx.now()) {
        let detail = Text::new("退款日期在将来。", "The date lies in the future.");
        return Err(PaymentError::Field { pointer: "/paid_on", detail });
    }
    if wanted.amount_fen.is_zero() || wanted.amount_fen > owed {
        return Err(PaymentError::RefundExceeds { wanted: wanted.amount_fen, owed });
    }
    // Whoever granted the credit does not say as well that it was paid.
    four_eyes::apart(procurement::credited_by(tx, id).await?, grant.person()?)?;
    document::require_own(tx, order.supplier_id, &[wanted.evidence_file_id]).await?;
    let budget = procurement::budgets_of(tx, &[order.group_id]).await?.get(&order.group_id).copied();
    let clawback = Account::supplier_clawback(order.supplier_id);
    let cash = Account::supplier_cash(order.supplier_id);
    let refund = Account::buyer_refund(order.supplier_id, order.buyer_id);
    let mut accounts = vec![clawback, cash, refund];
    if let Some(budget) = budget {
        accounts.extend([Account::budget_available(budget), Account::budget_spent(budget)]);
    }
    ledger::hold(tx, &accounts).await?;
    let borne = ledger::balance_of_order(tx, &clawback, id).await?.on(Side::Debit)?.min(wanted.amount_fen);
    let budget_fen = if budget.is_some() { to_budget(tx, &order, wanted.amount_fen).await? } else { Fen::ZERO };
    let row_id = RefundPaymentId::generate();
    let posting = Posting::new(format!("refund_payment:{row_id}"), "repaid", wanted.paid_on, row_id.uuid())
        .debit(refund, wanted.amount_fen, Some(id))
        .credit(clawback, borne, Some(id))
        .credit(cash, wanted.amount_fen.checked_sub(borne)?, Some(id));
    let posting = match budget {
        Some(budget) => budget::unspend(posting, budget, id, budget_fen),
        None => posting,
    };
    let posting_id = ledger::post_first(tx, posting).await?;
    let row = refund_payment::Model {
        id: row_id,
        supplier_order_id: id,
        supplier_id: order.supplier_id,
        amount_fen: wanted.amount_fen,
        budget_fen,
        clawback_fen: borne,
        paid_on: wanted.paid_on,
        reference: wanted.reference.as_str().to_owned(),
        evidence_file_id: wanted.evidence_file_id,
        posting_id,
        recorded_by: grant.person()?,
        recorded_at: tx.now(),
    };
    store::insert_refund(tx, row.clone()).await.map_err(|error| {
        let is_used = db::is_duplicate(&error, "refund_payment", &["supplier_id", "reference"]);
        if is_used { PaymentError::RefundReferenceUsed } else { error.into() }
    })?;
    procurement::mark_repaid(tx, &order, wanted.amount_fen).await?;
    let after = json!({ "supplier_order_id": id, "amount_fen": row.amount_fen, "paid_on": row.paid_on });
    tx.audit(Change::made("refund.record", "refund_payment", row_id.uuid(), after)).await?;
    Ok(row.into())
}

/// What of an amount that goes back had been spent from the budget: what was paid too much never was.
async fn to_budget(tx: &Tx, order: &supplier_order::Model, amount: Fen) -> Result<Fen, PaymentError> {
    let before = store::refunds_of(tx, order.id).await?;
    let restored = Fen::checked_sum(before.iter().map(|row| row.budget_fen))?;
    let in_all = order.repaid_fen.checked_add(amount)?.min(order.refunded_fen.checked_add(order.unused_fen)?);
    Ok(in_all.checked_sub(restored.min(in_all))?)
}
