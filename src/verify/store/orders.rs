//! Of the orders: their lines and documents, the stock and the budgets they hold.

use super::ask;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// One line beside its supplier order, and the sums of their documents.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct OrderRow {
    pub id: Uuid,
    pub supplier_id: Uuid,
    pub buyer_id: Uuid,
    pub state: String,
    pub is_confirmed: bool,
    pub is_rated: bool,
    pub total_fen: i64,
    pub accepted_fen: i64,
    pub paid_fen: i64,
    pub invoiced_fen: i64,
    pub credited_fen: i64,
    pub refunded_fen: i64,
    pub overpaid_fen: i64,
    pub is_pay_first: bool,
    pub dropped_fen: i64,
    pub prepaid_fen: i64,
    pub unused_fen: i64,
    pub freight_fen: i64,
    pub freight_credited_fen: i64,
    pub repaid_fen: i64,
    pub credit_notes: i64,
    pub credit_refunds: i64,
    pub credit_freight: i64,
    pub invoices: i64,
    pub payments: i64,
    pub payment_excess: i64,
    pub payment_count: i64,
    pub refund_payments: i64,
    pub judged_count: i64,
    pub unit_price_fen: Option<i64>,
    pub packs: Option<i64>,
    pub shipped_packs: Option<i64>,
    pub accepted_packs: Option<i64>,
    pub refused_packs: Option<i64>,
    pub withdrawn_packs: Option<i64>,
    pub returned_packs: Option<i64>,
    pub line_credited: Option<i64>,
    pub credit_lines: i64,
    pub credit_packs: i64,
    pub judged_accepted: i64,
    pub judged_refused: i64,
}

/// One entry of an order beside the kind of its posting.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct OrderEntry {
    pub order_id: Uuid,
    pub kind: String,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
}

/// A row whose kept number is not the sum it should be.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct Differing {
    pub id: Uuid,
    pub kept: i64,
    pub summed: i64,
}

/// The next supplier orders, each with its lines and the sums of its documents.
pub(in crate::verify) async fn order_lines(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u32,
) -> Result<Vec<OrderRow>, DbErr> {
    let of_order = |table: &str, sum: &str| {
        format!("(select cast(coalesce({sum}, 0) as bigint) from {table} d where d.supplier_order_id = o.id)")
    };
    let of_line = |table: &str, sum: &str| {
        format!("(select cast(coalesce({sum}, 0) as bigint) from {table} d where d.line_id = l.id)")
    };
    let sql = format!(
        "select o.id, o.supplier_id, o.buyer_id, o.state, o.confirmed_at is not null as is_confirmed,
           o.completed_at is not null as is_rated, o.total_fen, o.accepted_fen, o.paid_fen, o.invoiced_fen,
           o.credited_fen, o.refunded_fen, o.overpaid_fen, o.repaid_fen,
           o.terms = 'pay_first' as is_pay_first, o.dropped_fen, o.prepaid_fen, o.unused_fen, o.freight_fen, o.freight_credited_fen,
           {} as credit_notes, {} as credit_refunds, {} as credit_freight, {} as invoices, {} as payments, {} as payment_excess,
           {} as payment_count, {} as refund_payments,
           (select count(*) from acceptance a join acceptance_line j on j.acceptance_id = a.id
            where a.supplier_order_id = o.id) as judged_count,
           l.unit_price_fen, l.packs, l.shipped_packs, l.accepted_packs, l.refused_packs, l.withdrawn_packs,
           l.returned_packs, l.credited_fen as line_credited,
           {} as credit_lines, {} as credit_packs, {} as judged_accepted, {} as judged_refused
         from (select * from supplier_order where id > $1 order by id limit {limit}) o
         left join order_line l on l.supplier_order_id = o.id
         order by o.id, l.line_no",
        of_order("credit_note", "sum(d.amount_fen)"),
        of_order("credit_note", "sum(d.refunded_fen)"),
        of_order("credit_note", "sum(case d.kind when 'freight' then d.amount_fen else 0 end)"),
        of_order("invoice", "sum(case d.kind when 'blue' then d.amount_fen else - d.amount_fen end)"),
        of_order("payment", "sum(d.amount_fen)"),
        of_order("payment", "sum(d.excess_fen)"),
        // Orders that were paid before payments had rows of their own begin at two.
        of_order("payment", "case when min(d.number) = 1 then count(*) else 0 end"),
        of_order("refund_payment", "sum(d.amount_fen)"),
        of_line("credit_note_line", "sum(d.amount_fen)"),
        of_line("credit_note_line", "sum(d.packs)"),
        of_line("acceptance_line", "sum(d.accepted_packs)"),
        of_line("acceptance_line", "sum(d.refused_packs)"),
    );
    ask(db, &sql, vec![after.into()]).await
}

/// The entries of acceptance, payment, credit and repayment of a range of supplier orders.
pub(in crate::verify) async fn order_entries(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OrderEntry>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, p.kind, e.account_id, e.side, e.amount_fen
               from entry e join posting p on p.id = e.posting_id
               where e.supplier_order_id > $1 and e.supplier_order_id <= $2
                 and p.kind in ('accepted', 'paid', 'credited', 'repaid', 'prepaid', 'advance_used', 'advance_returned')";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// A product whose reserved packs are not those its order lines wait for.
pub(in crate::verify) async fn wrong_stock(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select p.id, p.reserved_packs as kept, cast(coalesce(w.packs, 0) as bigint) as summed
               from product p left join
                 (select h.product_id, sum(h.packs) as packs from
                    (select product_id, reserved_packs as packs from order_line
                     union all
                     select product_id, packs from group_join where state = 'joined') h
                  group by h.product_id) w
                 on w.product_id = p.id
               where p.reserved_packs <> coalesce(w.packs, 0)
               order by p.id limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}

/// A budget of which available, encumbered and spent are not what was granted.
pub(in crate::verify) async fn wrong_budget(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select b.id, b.amount_fen as kept, cast(coalesce(w.held, 0) as bigint) as summed
               from budget b left join
                 (select owner_id, sum(debit_fen - credit_fen) as held from account
                  where kind in ('budget_available', 'budget_encumbered', 'budget_spent') group by owner_id) w
                 on w.owner_id = b.id
               where b.amount_fen <> coalesce(w.held, 0)
               order by b.id limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}
