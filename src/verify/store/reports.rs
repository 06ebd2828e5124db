//! Of what reports add up: the sums under each seal beside the journal.

use super::ask;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// Sums of an order under a seal that are not those of the journal.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct WrongSum {
    pub seal_number: i64,
    pub supplier_order_id: Uuid,
}

#[derive(FromQueryResult)]
struct Number {
    number: Option<i64>,
}

/// The entries of orders that stand under a range of seals, on accounts of these kinds.
fn entries(kinds: &str) -> String {
    format!(
        "from seal_leaf l join posting p on p.id = l.posting_id join entry e on e.posting_id = p.id
           join account a on a.id = e.account_id join supplier_order o on o.id = e.supplier_order_id
         where l.seal_number > $1 and l.seal_number <= $2 and a.kind in ({kinds})"
    )
}

/// The sum of amounts for which the first holds, less that of those for which the second does.
fn net(plus: &str, minus: &str) -> String {
    format!("sum(case when {plus} then e.amount_fen when {minus} then -e.amount_fen else 0 end)")
}

/// What households were promised, and what of it they were paid.
fn promised_and_paid() -> [String; 2] {
    const OWED: &str = "a.kind = 'household_payable' and";
    const EARNED: &str = "p.kind not in ('payout', 'payout_correction') and";
    [
        net(&format!("{OWED} {EARNED} e.side = 'credit'"), &format!("{OWED} {EARNED} e.side = 'debit'")),
        net(
            &format!("{OWED} p.kind = 'payout' and e.side = 'debit'"),
            &format!("{OWED} p.kind = 'payout_correction' and e.side = 'credit'"),
        ),
    ]
}

/// The last seal that was summed up; none when none was.
pub(in crate::verify) async fn last_gathered(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let found: Vec<Number> = ask(db, "select max(seal_number) as number from report_gathered", Vec::new()).await?;
    Ok(found.first().and_then(|row| row.number))
}

/// A seal with postings that was passed over, or sums under one that was never summed up.
pub(in crate::verify) async fn passed_over(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let sql = "select min(n) as number from (
                 select number as n from seal where posting_count > 0
                   and number <= (select max(seal_number) from report_gathered)
                 union all select seal_number from report_sale union all select seal_number from report_share) s
               where not exists (select 1 from report_gathered g where g.seal_number = s.n)";
    let found: Vec<Number> = ask(db, sql, Vec::new()).await?;
    Ok(found.first().and_then(|row| row.number))
}

/// Sums of an order by day, under one of the seals after the first and up to the second, that are not those of the journal.
pub(in crate::verify) async fn wrong_sale(
    db: &impl ConnectionTrait,
    (after, up_to): (i64, i64),
) -> Result<Option<WrongSum>, DbErr> {
    let sold = net(
        "a.kind = 'buyer_receivable' and p.kind = 'accepted' and e.side = 'debit'",
        "a.kind in ('buyer_receivable', 'buyer_refund') and p.kind = 'credited' and e.side = 'credit'",
    );
    let paid = net(
        "a.kind in ('buyer_receivable', 'buyer_refund', 'buyer_advance') and p.kind in ('paid', 'prepaid') and e.side = 'credit'",
        "a.kind = 'buyer_refund' and p.kind = 'repaid' and e.side = 'debit'",
    );
    let receivable =
        net("a.kind = 'buyer_receivable' and e.side = 'debit'", "a.kind = 'buyer_receivable' and e.side = 'credit'");
    let [promised, paid_out] = promised_and_paid();
    let entries = entries("'buyer_receivable', 'buyer_refund', 'buyer_advance', 'household_payable'");
    let sql = format!(
        "select seal_number, id as supplier_order_id from (
           select seal_number, supplier_order_id as id, business_date as day, sold_fen as sold, paid_fen as paid,
             attributed_fen as promised, paid_out_fen as paid_out, coalesce(receivable_fen, 0) as receivable
           from report_sale where seal_number > $1 and seal_number <= $2
           union all
           select l.seal_number, o.id, p.business_date, -{sold}, -{paid}, -{promised}, -{paid_out}, -{receivable}
           {entries} group by l.seal_number, o.id, p.business_date) both_sides
         group by seal_number, id, day
         having sum(sold) <> 0 or sum(paid) <> 0 or sum(promised) <> 0 or sum(paid_out) <> 0 or sum(receivable) <> 0
         order by seal_number, id limit 1"
    );
    Ok(ask(db, &sql, vec![after.into(), up_to.into()]).await?.pop())
}

/// The same by household.
pub(in crate::verify) async fn wrong_share(
    db: &impl ConnectionTrait,
    (after, up_to): (i64, i64),
) -> Result<Option<WrongSum>, DbErr> {
    let [promised, paid_out] = promised_and_paid();
    let entries = entries("'household_payable'");
    let sql = format!(
        "select seal_number, id as supplier_order_id from (
           select seal_number, supplier_order_id as id, business_date as day, account_id, household_id, agreement_id,
             attributed_fen as promised, paid_out_fen as paid_out
           from report_share where seal_number > $1 and seal_number <= $2
           union all
           select l.seal_number, o.id, p.business_date, a.id, a.owner_id, a.part_id, -{promised}, -{paid_out}
           {entries} group by l.seal_number, o.id, p.business_date, a.id, a.owner_id, a.part_id) both_sides
         group by seal_number, id, day, account_id, household_id, agreement_id
         having sum(promised) <> 0 or sum(paid_out) <> 0
         order by seal_number, id limit 1"
    );
    Ok(ask(db, &sql, vec![after.into(), up_to.into()]).await?.pop())
}
