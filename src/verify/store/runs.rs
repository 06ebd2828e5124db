//! Of the computations of shares: what went in, what was shared, what was posted.

use super::{Found, ask};
use crate::verify::shares::Share;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A computation of shares beside its order and posting.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct RunRow {
    pub id: Uuid,
    pub supplier_order_id: Uuid,
    pub basis: String,
    pub number: i32,
    pub plan_id: Uuid,
    pub attributable_fen: i64,
    pub gross_fen: Option<i64>,
    pub retained_fen: i64,
    pub inputs: String,
    pub inputs_hash: String,
    pub posting_id: Uuid,
    pub supplier_id: Uuid,
    pub accepted_fen: i64,
    pub credited_fen: i64,
    pub freight_fen: i64,
    pub freight_credited_fen: i64,
    pub paid_fen: i64,
    pub refunded_fen: i64,
    pub cause: Option<String>,
    pub posting_inputs_hash: Option<String>,
}

impl RunRow {
    /// All that was ever paid; the shared amount where nothing is said.
    pub fn gross(&self) -> i64 {
        self.gross_fen.unwrap_or(self.attributable_fen)
    }
}

/// What one order moved, by account where that is asked for.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct OfOrder {
    pub order_id: Uuid,
    pub account_id: Uuid,
    pub amount_fen: i64,
}

/// A share.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct ShareRow {
    pub run_id: Uuid,
    pub mode: String,
    pub agreement_id: Uuid,
    pub household_id: Uuid,
    pub household_status: String,
    pub weight: i64,
    pub amount_fen: i64,
}

impl ShareRow {
    /// As text and bare integers.
    pub fn share(&self) -> Share {
        Share {
            mode: self.mode.clone(),
            agreement_id: self.agreement_id.to_string(),
            household_id: self.household_id.to_string(),
            household_status: self.household_status.clone(),
            weight: self.weight,
            amount_fen: self.amount_fen,
        }
    }
}

/// An entry.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct EntryRow {
    pub posting_id: Uuid,
    pub line_no: i32,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
    pub supplier_order_id: Option<Uuid>,
}

/// The computations of shares of the next orders that have any, by order, basis and number.
pub(in crate::verify) async fn runs(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<Vec<RunRow>, DbErr> {
    let sql = format!(
        "select r.id, r.supplier_order_id, r.basis, r.number, r.plan_id, r.attributable_fen, r.gross_fen,
           r.retained_fen, r.inputs, r.inputs_hash, r.posting_id, o.supplier_id, o.accepted_fen, o.credited_fen, o.freight_fen,
           o.freight_credited_fen,
           o.paid_fen, o.refunded_fen, p.cause,
           p.inputs_hash as posting_inputs_hash
         from share_run r
         join supplier_order o on o.id = r.supplier_order_id
         left join posting p on p.id = r.posting_id
         where r.supplier_order_id in
           (select distinct supplier_order_id from share_run where supplier_order_id > $1 order by 1 limit {limit})
         order by r.supplier_order_id, r.basis, r.number"
    );
    ask(db, &sql, vec![after.into()]).await
}

/// The shares of all computations of a range of orders, in the order of their lines.
pub(in crate::verify) async fn shares_of(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<ShareRow>, DbErr> {
    let sql = "select s.run_id, s.mode, s.agreement_id, s.household_id, s.household_status, s.weight, s.amount_fen
               from share_run r join share s on s.run_id = r.id
               where r.supplier_order_id > $1 and r.supplier_order_id <= $2 order by s.run_id, s.line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The entries of the postings of all computations of a range of orders.
pub(in crate::verify) async fn entries_of_runs(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<EntryRow>, DbErr> {
    let sql = "select e.posting_id, e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from share_run r join entry e on e.posting_id = r.posting_id
               where r.supplier_order_id > $1 and r.supplier_order_id <= $2 order by e.posting_id, e.line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What was at some time handed to households from a range of orders, by order and account, also what came back.
pub(in crate::verify) async fn paid_out(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OfOrder>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, e.account_id, cast(sum(e.amount_fen) as bigint) as amount_fen
               from entry e join posting p on p.id = e.posting_id join account a on a.id = e.account_id
               where e.supplier_order_id > $1 and e.supplier_order_id <= $2
                 and a.kind = 'household_payable' and p.kind not in ('settled', 'off_platform_reversed')
                 and e.side = 'debit'
               group by e.supplier_order_id, e.account_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What suppliers bore themselves of the money they gave back for a range of orders.
pub(in crate::verify) async fn borne(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OfOrder>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, e.account_id, cast(sum(e.amount_fen) as bigint) as amount_fen
               from entry e join posting p on p.id = e.posting_id join account a on a.id = e.account_id
               where e.supplier_order_id > $1 and e.supplier_order_id <= $2
                 and a.kind = 'supplier_clawback' and p.kind = 'repaid' and e.side = 'credit'
               group by e.supplier_order_id, e.account_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What is accepted and not credited of the lines of an order under one plan: the line's, or else the order's.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct GoodsRow {
    pub order_id: Uuid,
    pub plan_id: Uuid,
    pub line_plan_id: Option<Uuid>,
    pub goods_fen: i64,
}

/// What the lines of a range of orders bring, plan by plan.
pub(in crate::verify) async fn goods_by_plan(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<GoodsRow>, DbErr> {
    let sql = "select o.id as order_id, o.plan_id, l.plan_id as line_plan_id,
                 cast(sum(l.accepted_packs * l.unit_price_fen - l.credited_fen) as bigint) as goods_fen
               from supplier_order o join order_line l on l.supplier_order_id = o.id
               where o.id > $1 and o.id <= $2 group by o.id, o.plan_id, l.plan_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// A line under a plan that is not its supplier's, was not approved when the order was placed, or is for other products.
pub(in crate::verify) async fn misplanned_line(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select l.id from order_line l
               join supplier_order o on o.id = l.supplier_order_id
               join plan p on p.id = coalesce(l.plan_id, o.plan_id)
               where p.supplier_id <> o.supplier_id or p.approved_at is null or p.approved_at > o.placed_at
                 or (p.for_products and not exists
                   (select 1 from plan_product x where x.plan_id = p.id and x.product_id = l.product_id))
               limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// Whether something that happened to an order still waits to be worked on.
pub(in crate::verify) async fn has_work(db: &impl ConnectionTrait, order: Uuid) -> Result<bool, DbErr> {
    let sql = "select id from outbox where delivered_at is null and payload like $1
               union all select id from job where done_at is null and failed_at is null and payload like $1 limit 1";
    Ok(!ask::<Found>(db, sql, vec![format!("%{order}%").into()]).await?.is_empty())
}
