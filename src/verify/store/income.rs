//! Of what households and enterprises were credited with: payouts, corrections, contributions.

use super::{ask, orders::Differing};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// One entry beside the payout whose posting it is in.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct PayoutLine {
    pub id: Uuid,
    pub supplier_id: Uuid,
    pub household_id: Uuid,
    pub agreement_id: Uuid,
    pub amount_fen: i64,
    pub batch_id: Option<Uuid>,
    /// Whether its batch was recorded after the household had it, and never on its way.
    pub is_recorded: i64,
    /// Whether two people made it; unknown of what was recorded before there were batches.
    pub by_two: Option<i64>,
    pub cause: Option<String>,
    pub account_id: Option<Uuid>,
    pub side: Option<String>,
    pub amount: Option<i64>,
}

/// A contribution beside its pairing and the accrual it comes from.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct ContributionRow {
    pub id: Uuid,
    pub supplier_order_id: Uuid,
    pub number: i32,
    pub village_id: Uuid,
    pub amount_fen: i64,
    pub reached_fen: i64,
    pub households: i32,
    pub paid_fen: Option<i64>,
}

/// What accrued to a household of a village from an order.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct ReachedRow {
    pub supplier_order_id: Uuid,
    pub number: i32,
    pub village_id: Uuid,
    pub household_id: Uuid,
    pub amount_fen: i64,
}

/// A correction whose posting does not give its household just its amount back.
pub(in crate::verify) async fn wrong_correction(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select c.id, c.amount_fen as kept, cast(coalesce(sum(e.amount_fen), 0) as bigint) as summed
               from correction c
               left join account a on a.kind = 'household_payable' and a.owner_id = c.household_id
                 and a.part_id = c.agreement_id
               left join entry e on e.posting_id = c.posting_id and e.account_id = a.id and e.side = 'credit'
               group by c.id, c.amount_fen having coalesce(sum(e.amount_fen), 0) <> c.amount_fen limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}

/// A batch of payouts whose lines on their way are not what stands on its account.
pub(in crate::verify) async fn wrong_transit(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select b.id, cast(coalesce(sum(l.amount_fen), 0) as bigint) as kept,
                 coalesce(a.debit_fen - a.credit_fen, 0) as summed
               from payout_batch b
               left join payout_batch_line l on l.batch_id = b.id and l.state in ('in_transit', 'handed_over')
               left join account a on a.kind = 'payout_in_transit' and a.part_id = b.id
               group by b.id, a.debit_fen, a.credit_fen
               having coalesce(sum(l.amount_fen), 0) <> coalesce(a.debit_fen - a.credit_fen, 0) limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}

/// The next payouts, each with the entries of its posting.
pub(in crate::verify) async fn payout_lines(db: &impl ConnectionTrait, after: Uuid) -> Result<Vec<PayoutLine>, DbErr> {
    let sql = "select o.id, o.supplier_id, o.household_id, o.agreement_id, o.amount_fen,
                 b.batch_id, cast(case when h.paid_on is null then 0 else 1 end as bigint) as is_recorded,
                 cast(case when h.id is null then null when h.approved_by <> h.drafted_by then 1 else 0 end as bigint)
                   as by_two,
                 p.cause, e.account_id, e.side, e.amount_fen as amount
               from (select * from payout where id > $1 order by id limit 1000) o
               left join payout_batch_line b on b.payout_id = o.id
               left join payout_batch h on h.id = b.batch_id
               left join posting p on p.id = o.posting_id
               left join entry e on e.posting_id = p.id
               order by o.id, e.line_no";
    ask(db, sql, vec![after.into()]).await
}

/// The next contributions.
pub(in crate::verify) async fn contributions(
    db: &impl ConnectionTrait,
    after: Uuid,
) -> Result<Vec<ContributionRow>, DbErr> {
    let sql = "select c.id, c.supplier_order_id, c.number, g.village_id, c.amount_fen, c.reached_fen, c.households,
                 r.attributable_fen as paid_fen
               from contribution c
               join pairing g on g.id = c.pairing_id
               left join share_run r on r.supplier_order_id = c.supplier_order_id and r.basis = 'accrued'
                 and r.number = c.number
               where c.id > $1 order by c.id limit 200";
    ask(db, sql, vec![after.into()]).await
}

/// What accrued, household by household, from the orders of a range of contributions.
pub(in crate::verify) async fn shares_of_contributions(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<ReachedRow>, DbErr> {
    let sql = "select r.supplier_order_id, r.number, h.village_id, s.household_id,
                 cast(sum(s.amount_fen) as bigint) as amount_fen
               from share_run r
               join share s on s.run_id = r.id
               join household h on h.id = s.household_id
               where r.basis = 'accrued' and r.supplier_order_id in
                 (select supplier_order_id from contribution where id > $1 and id <= $2)
               group by r.supplier_order_id, r.number, h.village_id, s.household_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}
