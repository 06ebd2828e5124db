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

/// What the postings of orders move, by order, kind, account and side.
type Moved = BTreeMap<(Uuid, String, Uuid, String), i128>;

/// Every order is the sum of its lines and of its documents, and in the state that follows from them; its postings move
/// just what was accepted, paid, credited and given back.
pub(super) async fn orders(db: &impl ConnectionTrait) -> Result<(), Halt> {
    let mut after = Uuid::nil();
    loop {
        let (lines, moved) = read(db, after, PAGE).await?;
        let Some(last) = lines.last() else { return plans(db).await };
        after = last.id;
        for order in lines.chunk_by(|one, next| one.id == next.id) {
            if check(order, &moved).is_err() {
                look_again(db, order[0].id).await?;
            }
        }
    }
}

/// Every line is under a plan of its supplier's that the county had approved, and that is for its product.
async fn plans(db: &impl ConnectionTrait) -> Result<(), Halt> {
    match store::misplanned_line(db).await? {
        None => Ok(()),
        Some(line) => Err(Fault::new(
            "order_line",
            line,
            "下单时所依的分配方案不是其供应商已获批准、适用于该产品的方案。",
            "the plan it is under is not one of its supplier's that was approved then and is for its product.",
        )
        .into()),
    }
}

async fn read(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<(Vec<OrderRow>, Moved), Halt> {
    let lines = store::order_lines(db, after, limit).await?;
    let mut moved = Moved::new();
    if let Some(last) = lines.last() {
        for entry in store::order_entries(db, after, last.id).await? {
            let key = (entry.order_id, entry.kind, entry.account_id, entry.side);
            *moved.entry(key).or_default() += i128::from(entry.amount_fen);
        }
    }
    Ok((lines, moved))
}

fn check(lines: &[OrderRow], moved: &Moved) -> Result<(), Fault> {
    check_sums(lines)?;
    check_documents(lines)?;
    check_state(lines)?;
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
    let accepted = sum(|line| line.accepted_packs);
    let carried = i128::from(order.freight_fen);
    let in_vain = if matches!(order.state.as_str(), "cancelled" | "refused") { carried } else { 0 };
    for (column, kept, summed) in [
        ("dropped_fen", order.dropped_fen, sum(|line| line.withdrawn_packs) + in_vain),
        ("total_fen", order.total_fen, sum(|line| line.packs) + carried),
        // Carriage is owed with the first goods that are accepted.
        ("accepted_fen", order.accepted_fen, if accepted == 0 { 0 } else { accepted + carried }),
        (
            "credited_fen",
            order.credited_fen,
            lines.iter().map(|line| i128::from(line.line_credited.unwrap_or(0))).sum::<i128>()
                + i128::from(order.freight_credited_fen),
        ),
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

/// The order and its lines are what their documents say. What was accepted or paid before each had documents of its own
/// has none.
fn check_documents(lines: &[OrderRow]) -> Result<(), Fault> {
    let Some(order) = lines.first() else { return Ok(()) };
    let fault = |column: &str, kept: i64, said: i64| {
        Err(Fault::new(
            "supplier_order",
            order.id,
            format!("{column} 记为 {kept}，单据合计 {said}。"),
            format!("{column} is {kept}, its documents add up to {said}."),
        ))
    };
    let mut compared = vec![
        ("credited_fen", order.credited_fen, order.credit_notes),
        ("refunded_fen", order.refunded_fen, order.credit_refunds),
        ("freight_credited_fen", order.freight_credited_fen, order.credit_freight),
        ("invoiced_fen", order.invoiced_fen, order.invoices),
        ("repaid_fen", order.repaid_fen, order.refund_payments),
    ];
    if order.payment_count > 0 {
        compared.push((
            "paid_fen",
            order.paid_fen + order.refunded_fen + order.prepaid_fen + order.unused_fen,
            order.payments,
        ));
        compared.push(("overpaid_fen", order.overpaid_fen, order.payment_excess));
    }
    for line in lines {
        compared.push(("credited_fen of a line", line.line_credited.unwrap_or(0), line.credit_lines));
        compared.push(("returned_packs", line.returned_packs.unwrap_or(0), line.credit_packs));
        if order.judged_count > 0 {
            compared.push(("accepted_packs", line.accepted_packs.unwrap_or(0), line.judged_accepted));
            compared.push(("refused_packs", line.refused_packs.unwrap_or(0), line.judged_refused));
        }
    }
    match compared.into_iter().find(|(_, kept, said)| kept != said) {
        None => Ok(()),
        Some((column, kept, said)) => fault(column, kept, said),
    }
}

/// The state is what the quantities and the money say.
fn check_state(lines: &[OrderRow]) -> Result<(), Fault> {
    let Some(order) = lines.first() else { return Ok(()) };
    let sum = |of: fn(&OrderRow) -> Option<i64>| lines.iter().map(|line| of(line).unwrap_or(0)).sum::<i64>();
    let shipped = sum(|line| line.shipped_packs);
    let accepted = sum(|line| line.accepted_packs);
    let refused = sum(|line| line.refused_packs);
    let due = sum(|line| line.packs) - sum(|line| line.withdrawn_packs) - shipped + refused;
    let net = order.accepted_fen - order.credited_fen;
    let state = if shipped == 0 && due == 0 {
        "cancelled"
    } else if shipped == 0 {
        let missing = order.total_fen - order.dropped_fen - order.accepted_fen - order.prepaid_fen;
        match (order.is_confirmed, order.is_pay_first && missing > 0) {
            (false, _) => "placed",
            (true, true) => "awaiting_payment",
            (true, false) => "confirmed",
        }
    } else if due > 0 {
        "partly_shipped"
    } else if shipped > accepted + refused {
        "shipped"
    } else if accepted == 0 {
        "refused"
    } else if net == 0 {
        "returned"
    } else if order.is_rated {
        "completed"
    } else if order.invoiced_fen < net {
        "accepted"
    } else if order.paid_fen < net {
        "invoiced"
    } else {
        "paid"
    };
    if order.state == state {
        return Ok(());
    }
    Err(Fault::new(
        "supplier_order",
        order.id,
        format!("状态记为 {}，按数量与金额应为 {state}。", order.state),
        format!("its state is {}, by its quantities and its money it is {state}.", order.state),
    ))
}

fn check_postings(order: &OrderRow, moved: &Moved) -> Result<(), Fault> {
    let receivable = account_id("buyer_receivable", order.supplier_id, Some(order.buyer_id));
    let refund = account_id("buyer_refund", order.supplier_id, Some(order.buyer_id));
    let revenue = account_id("supplier_revenue", order.supplier_id, None);
    let retained = account_id("supplier_retained", order.supplier_id, None);
    let cash = account_id("supplier_cash", order.supplier_id, None);
    let advance = account_id("buyer_advance", order.supplier_id, Some(order.buyer_id));
    let settled = order.paid_fen + order.refunded_fen;
    // What is paid first is received as an advance, and used when the goods are accepted.
    let (paid, used) = if order.is_pay_first { (0, settled) } else { (settled, 0) };
    let received = used + order.prepaid_fen + order.unused_fen;
    let unpaid = order.credited_fen - order.refunded_fen;
    for (what, zh, account, side, wanted) in [
        ("accepted", "验收", receivable, "debit", order.accepted_fen),
        ("accepted", "验收", revenue, "credit", order.accepted_fen),
        ("paid", "付款", receivable, "credit", paid),
        ("prepaid", "预收", advance, "credit", received),
        ("advance_used", "预收转付", advance, "debit", used),
        ("advance_used", "预收转付", receivable, "credit", used),
        ("advance_returned", "预收应退", advance, "debit", order.unused_fen),
        ("advance_returned", "预收应退", refund, "credit", order.unused_fen),
        ("credited", "退款", revenue, "debit", unpaid),
        ("credited", "退款", receivable, "credit", unpaid),
        ("credited", "退款", retained, "debit", order.refunded_fen),
        ("credited", "退款", refund, "credit", order.refunded_fen),
        ("repaid", "退还", refund, "debit", order.repaid_fen),
    ] {
        let key = (order.id, what.to_owned(), account, side.to_owned());
        let is = moved.get(&key).copied().unwrap_or(0);
        if is != i128::from(wanted) {
            return Err(Fault::new(
                "supplier_order",
                order.id,
                format!("其{zh}凭证在账户 {account} 记入 {is} 分，应为 {wanted} 分。"),
                format!("its postings as {what} move account {account} by {is} fen instead of {wanted}."),
            ));
        }
    }
    // Too much may come with either kind of payment.
    for (account, side, wanted) in
        [(cash, "debit", paid + received + order.overpaid_fen), (refund, "credit", order.overpaid_fen)]
    {
        let of = |kind: &str| moved.get(&(order.id, kind.to_owned(), account, side.to_owned())).copied().unwrap_or(0);
        let is = of("paid") + of("prepaid");
        if is != i128::from(wanted) {
            return Err(Fault::new(
                "supplier_order",
                order.id,
                format!("其付款凭证在账户 {account} 记入 {is} 分，应为 {wanted} 分。"),
                format!("its payments move account {account} by {is} fen instead of {wanted}."),
            ));
        }
    }
    Ok(())
}

/// What products hold back is what open orders wait for, and what is joined in open group purchases.
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
