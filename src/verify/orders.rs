//! Orders, stock and budgets: what their rows say is what their lines and the journal say.

use super::journal::account_id;
use super::store::{self, OrderRow};
use super::{Fault, Halt};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How often an order that looks wrong is read again: it may have moved on between two questions.
const LOOKS: u32 = 3;

/// Orders in one page.
const PAGE: u32 = 500;

/// What the postings of orders move, by cause, account and side.
type Moved = BTreeMap<(String, Uuid, String), i128>;

/// Every order is the sum of its lines; every accepted and every paid one has its posting of just that amount, and no
/// other has.
pub(super) async fn orders(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let (lines, moved) = read(db, after, PAGE).await?;
        let Some(last) = lines.last() else { return Ok(()) };
        after = last.id;
        for order in lines.chunk_by(|one, next| one.id == next.id) {
            if check(order, &moved).is_err() {
                look_again(db, order[0].id).await?;
            }
        }
    }
}

async fn read(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<(Vec<OrderRow>, Moved), Halt> {
    let lines = store::order_lines(db, after, limit).await?;
    let mut moved = Moved::new();
    if let Some(last) = lines.last() {
        for entry in store::order_entries(db, after, last.id).await? {
            *moved.entry((entry.cause, entry.account_id, entry.side)).or_default() += i128::from(entry.amount_fen);
        }
    }
    Ok((lines, moved))
}

fn check(lines: &[OrderRow], moved: &Moved) -> Result<(), Fault> {
    check_sums(lines)?;
    lines.first().map_or(Ok(()), |order| check_postings(order, moved))
}

/// Orders and entries are two questions. What is wrong stays wrong; what moved on in between does not.
async fn look_again(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Halt> {
    let before = Uuid::from_u128(id.as_u128().saturating_sub(1));
    let mut outcome = Ok(());
    for _ in 0..LOOKS {
        let (lines, moved) = read(db, before, 1).await?;
        outcome = check(&lines, &moved);
        if outcome.is_ok() {
            break;
        }
    }
    Ok(outcome?)
}

fn check_sums(lines: &[OrderRow]) -> Result<(), Fault> {
    let Some(order) = lines.first() else { return Ok(()) };
    let sum = |packs: fn(&OrderRow) -> Option<i64>| {
        let amount = |line| i128::from(packs(line).unwrap_or(0)) * i128::from(line.unit_price_fen.unwrap_or(0));
        lines.iter().map(amount).sum::<i128>()
    };
    for (column, kept, summed) in [
        ("total_fen", order.total_fen, sum(|line| line.packs)),
        ("accepted_fen", order.accepted_fen, sum(|line| line.accepted_packs)),
    ] {
        if i128::from(kept) != summed {
            return Err(Fault::new(
                "supplier_order",
                order.id,
                format!("{column} 记为 {kept} 分，明细合计 {summed} 分。"),
                format!("{column} is {kept} fen, its lines add up to {summed}."),
            ));
        }
    }
    Ok(())
}

fn check_postings(order: &OrderRow, moved: &Moved) -> Result<(), Fault> {
    let is_paid = matches!(order.state.as_str(), "paid" | "completed");
    let is_accepted = is_paid || matches!(order.state.as_str(), "accepted" | "invoiced");
    let due = |is_due: bool, amount: i64| if is_due { i128::from(amount) } else { 0 };
    let receivable = account_id("buyer_receivable", order.supplier_id, Some(order.buyer_id));
    let revenue = account_id("supplier_revenue", order.supplier_id, None);
    let cash = account_id("supplier_cash", order.supplier_id, None);
    if is_paid && order.paid_fen != order.accepted_fen {
        return Err(Fault::new(
            "supplier_order",
            order.id,
            format!("已付 {} 分，验收 {} 分，两者不等。", order.paid_fen, order.accepted_fen),
            format!("{} fen are paid, {} accepted.", order.paid_fen, order.accepted_fen),
        ));
    }
    for (what, zh, account, side, wanted) in [
        ("accepted", "验收", receivable, "debit", due(is_accepted, order.accepted_fen)),
        ("accepted", "验收", revenue, "credit", due(is_accepted, order.accepted_fen)),
        ("paid", "付款", cash, "debit", due(is_paid, order.paid_fen)),
        ("paid", "付款", receivable, "credit", due(is_paid, order.paid_fen)),
    ] {
        let cause = format!("supplier_order:{}:{what}", order.id);
        let is = moved.get(&(cause, account, side.to_owned())).copied().unwrap_or(0);
        if is != wanted {
            return Err(Fault::new(
                "supplier_order",
                order.id,
                format!("其{zh}凭证在账户 {account} 记入 {is} 分，应为 {wanted} 分。"),
                format!("its posting as {what} moves account {account} by {is} fen instead of {wanted}."),
            ));
        }
    }
    Ok(())
}

/// What products hold back is what open orders wait for.
pub(super) async fn stock(db: &impl ConnectionTrait) -> Result<(), Halt> {
    match store::wrong_stock(db).await? {
        None => Ok(()),
        Some(product) => Err(Fault::new(
            "product",
            product.id,
            format!("预留库存记为 {} 件，订单明细合计 {} 件。", product.kept, product.summed),
            format!("{} packs are reserved, its order lines wait for {}.", product.kept, product.summed),
        )
        .into()),
    }
}

/// What is available, encumbered and spent of a budget is what was granted.
pub(super) async fn budgets(db: &impl ConnectionTrait) -> Result<(), Halt> {
    match store::wrong_budget(db).await? {
        None => Ok(()),
        Some(budget) => Err(Fault::new(
            "budget",
            budget.id,
            format!("批复 {} 分，可用、占用与支出合计 {} 分。", budget.kept, budget.summed),
            format!("{} fen were granted; available, encumbered and spent add up to {}.", budget.kept, budget.summed),
        )
        .into()),
    }
}
