//! The questions verification asks, in plain SQL over bare columns: no type of the tables stands between.
//!
//! Promises: each page is bounded and ordered by identifier; what must be compared at one instant is one statement.

use super::shares::Share;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value};
use uuid::Uuid;

/// One entry beside its posting; the entry's columns are empty for a posting without any.
#[derive(Debug, FromQueryResult)]
pub(super) struct PostingLine {
    pub id: Uuid,
    pub cause: String,
    pub kind: String,
    pub business_date: NaiveDate,
    pub object_id: Uuid,
    pub digest: String,
    pub salt: Option<String>,
    pub posted_at: DateTime<Utc>,
    pub rule_version: Option<String>,
    pub inputs_hash: Option<String>,
    pub line_no: Option<i32>,
    pub account_id: Option<Uuid>,
    pub side: Option<String>,
    pub amount_fen: Option<i64>,
    pub supplier_order_id: Option<Uuid>,
}

/// An account with its kept sums and the sums of its entries.
#[derive(Debug, FromQueryResult)]
pub(super) struct AccountSums {
    pub id: Uuid,
    pub kind: String,
    pub owner_id: Uuid,
    pub part_id: Option<Uuid>,
    pub guard: String,
    pub debit_fen: i64,
    pub credit_fen: i64,
    pub debit_sum: i64,
    pub credit_sum: i64,
}

/// A computation of shares beside its order and posting.
#[derive(Debug, FromQueryResult)]
pub(super) struct RunRow {
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
pub(super) struct OfOrder {
    pub order_id: Uuid,
    pub account_id: Uuid,
    pub amount_fen: i64,
}

/// A share.
#[derive(Debug, FromQueryResult)]
pub(super) struct ShareRow {
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
pub(super) struct EntryRow {
    pub posting_id: Uuid,
    pub line_no: i32,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
    pub supplier_order_id: Option<Uuid>,
}

/// One line beside its supplier order, and the sums of their documents.
#[derive(Debug, FromQueryResult)]
pub(super) struct OrderRow {
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
pub(super) struct OrderEntry {
    pub order_id: Uuid,
    pub kind: String,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
}

/// A row whose kept number is not the sum it should be.
#[derive(Debug, FromQueryResult)]
pub(super) struct Differing {
    pub id: Uuid,
    pub kept: i64,
    pub summed: i64,
}

/// One entry beside the payout whose posting it is in.
#[derive(Debug, FromQueryResult)]
pub(super) struct PayoutLine {
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
pub(super) struct ContributionRow {
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
pub(super) struct ReachedRow {
    pub supplier_order_id: Uuid,
    pub number: i32,
    pub village_id: Uuid,
    pub household_id: Uuid,
    pub amount_fen: i64,
}

/// Marks are written `?`; PostgreSQL wants them numbered.
pub(super) fn statement(backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
    if backend != DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, sql, values);
    }
    let mut numbered = String::with_capacity(sql.len() + 8);
    let mut number = 0;
    for character in sql.chars() {
        if character == '?' {
            number += 1;
            numbered.push_str(&format!("${number}"));
        } else {
            numbered.push(character);
        }
    }
    Statement::from_sql_and_values(backend, numbered, values)
}

pub(super) async fn ask<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<R>, DbErr> {
    R::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// The next postings after one that are under no seal, each with its entries.
pub(super) async fn unsealed_lines(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PostingLine>, DbErr> {
    let sql = "select p.id, p.cause, p.kind, p.business_date, p.object_id, p.digest, p.salt,
                 p.posted_at, p.rule_version, p.inputs_hash,
                 e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from (select * from posting where id > ?
                       and not exists (select 1 from seal_leaf l where l.posting_id = posting.id)
                     order by id limit ?) p
               left join entry e on e.posting_id = p.id
               order by p.id, e.line_no";
    ask(db, sql, vec![after.into(), limit.into()]).await
}

/// A link of the chain.
#[derive(Debug, FromQueryResult)]
pub(super) struct SealRow {
    pub number: i64,
    pub posting_count: i64,
    pub merkle_root: String,
    pub previous_hash: String,
    pub hash: String,
    pub signature: String,
    pub public_key: String,
    pub sealed_at: DateTime<Utc>,
    pub audit_count: Option<i64>,
    pub audit_root: Option<String>,
    pub vouched_by: Option<String>,
}

/// The next seals from a number on.
pub(super) async fn seals(db: &impl ConnectionTrait, from: i64) -> Result<Vec<SealRow>, DbErr> {
    let sql = "select number, posting_count, merkle_root, previous_hash, hash, signature, public_key, sealed_at,
                 audit_count, audit_root, vouched_by
               from seal where number >= ? order by number limit 1000";
    ask(db, sql, vec![from.into()]).await
}

/// One entry of a sealed posting; leaves whose posting is not there are left out.
pub(super) struct SealedLine {
    pub leaf_index: i32,
    pub leaf_digest: String,
    pub line: PostingLine,
}

/// The next leaves of a seal after one, as they come from the database: reading them is work for another core.
pub(super) async fn sealed_rows(
    db: &impl ConnectionTrait,
    seal: i64,
    after: i32,
    limit: i64,
) -> Result<Vec<QueryResult>, DbErr> {
    let sql = "select l.leaf_index, l.digest, p.id, p.cause, p.kind, p.business_date, p.object_id, p.digest, p.salt,
                 e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id,
                 p.posted_at, p.rule_version, p.inputs_hash
               from (select * from seal_leaf where seal_number = ? and leaf_index > ?
                     order by leaf_index limit ?) l
               join posting p on p.id = l.posting_id
               left join entry e on e.posting_id = p.id
               order by l.leaf_index, e.line_no";
    let values = vec![seal.into(), after.into(), limit.into()];
    db.query_all_raw(statement(db.get_database_backend(), sql, values)).await
}

/// Reads what [`sealed_rows`] gave, by position: names cost more than the hashing.
pub(super) fn sealed_line(row: &QueryResult) -> Result<SealedLine, DbErr> {
    Ok(SealedLine {
        leaf_index: row.try_get_by_index(0)?,
        leaf_digest: row.try_get_by_index(1)?,
        line: PostingLine {
            id: row.try_get_by_index(2)?,
            cause: row.try_get_by_index(3)?,
            kind: row.try_get_by_index(4)?,
            business_date: row.try_get_by_index(5)?,
            object_id: row.try_get_by_index(6)?,
            digest: row.try_get_by_index(7)?,
            salt: row.try_get_by_index(8)?,
            line_no: row.try_get_by_index(9)?,
            account_id: row.try_get_by_index(10)?,
            side: row.try_get_by_index(11)?,
            amount_fen: row.try_get_by_index(12)?,
            supplier_order_id: row.try_get_by_index(13)?,
            posted_at: row.try_get_by_index(14)?,
            rule_version: row.try_get_by_index(15)?,
            inputs_hash: row.try_get_by_index(16)?,
        },
    })
}

/// A leaf of the audit beside its row; the row's columns are empty where it is not there.
#[derive(Debug, FromQueryResult)]
pub(super) struct AuditLine {
    pub leaf_index: i32,
    pub digest: String,
    pub audit_event_id: Uuid,
    pub at: Option<DateTime<Utc>>,
    pub person_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: Option<String>,
    pub operation: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: Option<String>,
    pub request_id: Option<String>,
    pub address: Option<String>,
}

/// The next leaves of the audit of a seal after one.
pub(super) async fn audit_lines(db: &impl ConnectionTrait, seal: i64, after: i32) -> Result<Vec<AuditLine>, DbErr> {
    let sql = "select l.leaf_index, l.digest, l.audit_event_id, a.at, a.person_id, a.organisation_id, a.role,
                 a.operation, a.object_kind, a.object_id, a.before, a.after, a.reason, a.request_id, a.address
               from (select * from audit_leaf where seal_number = ? and leaf_index > ?
                     order by leaf_index limit 1000) l
               left join audit_event a on a.id = l.audit_event_id
               order by l.leaf_index";
    ask(db, sql, vec![seal.into(), after.into()]).await
}

/// A row of the audit under two seals, or twice under one.
pub(super) async fn audit_sealed_twice(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf group by audit_event_id having count(*) > 1 limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// A row of the audit under a seal that is not there.
pub(super) async fn audit_leaf_without_seal(db: &impl ConnectionTrait, last_seal: i64) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf where seal_number < 1 or seal_number > ? limit 1";
    Ok(ask::<Found>(db, sql, vec![last_seal.into()]).await?.pop().map(|found| found.id))
}

/// The newest sealed row of the audit, by its identifier.
pub(super) async fn newest_sealed_audit(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select audit_event_id as id from audit_leaf order by audit_event_id desc limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// The first row of the audit under no seal.
pub(super) async fn first_unsealed_audit(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select id from audit_event where not exists
                 (select 1 from audit_leaf l where l.audit_event_id = audit_event.id) order by id limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

#[derive(FromQueryResult)]
struct Counted {
    rows: i64,
}

/// How many rows of the audit are under no seal.
pub(super) async fn unsealed_audit(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let sql = "select count(*) as rows from audit_event where not exists
                 (select 1 from audit_leaf l where l.audit_event_id = audit_event.id)";
    let rows = ask::<Counted>(db, sql, Vec::new()).await?.pop().map_or(0, |counted| counted.rows);
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// The posting that a leaf names.
pub(super) async fn posting_of_leaf(db: &impl ConnectionTrait, seal: i64, index: i64) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf where seal_number = ? and leaf_index = ?";
    Ok(ask::<Found>(db, sql, vec![seal.into(), index.into()]).await?.pop().map(|found| found.id))
}

/// A posting under two seals, or twice under one.
pub(super) async fn posting_sealed_twice(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf group by posting_id having count(*) > 1 limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.pop().map(|found| found.id))
}

/// A posting under a seal that is not there.
pub(super) async fn leaf_without_seal(db: &impl ConnectionTrait, last_seal: i64) -> Result<Option<Uuid>, DbErr> {
    let sql = "select posting_id as id from seal_leaf where seal_number < 1 or seal_number > ? limit 1";
    Ok(ask::<Found>(db, sql, vec![last_seal.into()]).await?.pop().map(|found| found.id))
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// A posting that has entries and no row.
pub(super) async fn entry_without_posting(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select e.posting_id as id from entry e left join posting p on p.id = e.posting_id
               where p.id is null limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.first().map(|found| found.id))
}

/// A posting with an entry over an account that has no row.
pub(super) async fn entry_without_account(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select e.posting_id as id from entry e left join account a on a.id = e.account_id
               where a.id is null limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.first().map(|found| found.id))
}

#[derive(FromQueryResult)]
struct Unexplained {
    id: Uuid,
    kind: String,
}

/// A posting of shares or of a period's close without its computation, or of a payout without the payout.
pub(super) async fn posting_without_act(db: &impl ConnectionTrait) -> Result<Option<(Uuid, String)>, DbErr> {
    let sql = "select p.id, p.kind from posting p
               left join share_run r on r.posting_id = p.id
               left join payout o on o.posting_id = p.id
               left join refund_payment f on f.posting_id = p.id
               left join payout_batch b on b.posting_id = p.id
               left join period_run d on d.posting_id = p.id
               left join correction k on k.posting_id = p.id
               left join off_platform_decision x on x.posting_id = p.id
               where (p.kind in ('promised', 'settled') and r.id is null) or (p.kind = 'payout' and o.id is null)
                 or (p.kind in ('payout_correction', 'accrual_correction') and k.id is null)
                 or (p.kind in ('off_platform', 'off_platform_reversed') and x.sale_id is null)
                 or (p.kind = 'payout_sent' and b.id is null)
                 or (p.kind = 'payout_returned'
                     and not exists (select 1 from payout_batch c where c.id = p.object_id)
                     and not exists (select 1 from payout_result s where s.posting_id = p.id))
                 or (p.kind = 'repaid' and f.id is null)
                 or (p.kind = 'period_closed' and d.period_id is null)
               limit 1";
    Ok(ask::<Unexplained>(db, sql, Vec::new()).await?.pop().map(|found| (found.id, found.kind)))
}

/// The next accounts, each with the sums of its entries.
pub(super) async fn accounts(db: &impl ConnectionTrait, after: Uuid) -> Result<Vec<AccountSums>, DbErr> {
    let sql = "select a.id, a.kind, a.owner_id, a.part_id, a.guard, a.debit_fen, a.credit_fen,
                 cast(coalesce(sum(case when e.side = 'debit' then e.amount_fen else 0 end), 0) as bigint) as debit_sum,
                 cast(coalesce(sum(case when e.side = 'credit' then e.amount_fen else 0 end), 0) as bigint) as credit_sum
               from (select * from account where id > ? order by id limit 1000) a
               left join entry e on e.account_id = a.id
               group by a.id, a.kind, a.owner_id, a.part_id, a.guard, a.debit_fen, a.credit_fen
               order by a.id";
    ask(db, sql, vec![after.into()]).await
}

/// The computations of shares of the next orders that have any, by order, basis and number.
pub(super) async fn runs(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<Vec<RunRow>, DbErr> {
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
           (select distinct supplier_order_id from share_run where supplier_order_id > ? order by 1 limit {limit})
         order by r.supplier_order_id, r.basis, r.number"
    );
    ask(db, &sql, vec![after.into()]).await
}

/// The shares of all computations of a range of orders, in the order of their lines.
pub(super) async fn shares_of(db: &impl ConnectionTrait, after: Uuid, up_to: Uuid) -> Result<Vec<ShareRow>, DbErr> {
    let sql = "select s.run_id, s.mode, s.agreement_id, s.household_id, s.household_status, s.weight, s.amount_fen
               from share_run r join share s on s.run_id = r.id
               where r.supplier_order_id > ? and r.supplier_order_id <= ? order by s.run_id, s.line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The entries of the postings of all computations of a range of orders.
pub(super) async fn entries_of_runs(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<EntryRow>, DbErr> {
    let sql = "select e.posting_id, e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from share_run r join entry e on e.posting_id = r.posting_id
               where r.supplier_order_id > ? and r.supplier_order_id <= ? order by e.posting_id, e.line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What was at some time handed to households from a range of orders, by order and account, also what came back.
pub(super) async fn paid_out(db: &impl ConnectionTrait, after: Uuid, up_to: Uuid) -> Result<Vec<OfOrder>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, e.account_id, cast(sum(e.amount_fen) as bigint) as amount_fen
               from entry e join posting p on p.id = e.posting_id join account a on a.id = e.account_id
               where e.supplier_order_id > ? and e.supplier_order_id <= ?
                 and a.kind = 'household_payable' and p.kind not in ('settled', 'off_platform_reversed')
                 and e.side = 'debit'
               group by e.supplier_order_id, e.account_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What suppliers bore themselves of the money they gave back for a range of orders.
pub(super) async fn borne(db: &impl ConnectionTrait, after: Uuid, up_to: Uuid) -> Result<Vec<OfOrder>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, e.account_id, cast(sum(e.amount_fen) as bigint) as amount_fen
               from entry e join posting p on p.id = e.posting_id join account a on a.id = e.account_id
               where e.supplier_order_id > ? and e.supplier_order_id <= ?
                 and a.kind = 'supplier_clawback' and p.kind = 'repaid' and e.side = 'credit'
               group by e.supplier_order_id, e.account_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What is accepted and not credited of the lines of an order under one plan: the line's, or else the order's.
#[derive(Debug, FromQueryResult)]
pub(super) struct GoodsRow {
    pub order_id: Uuid,
    pub plan_id: Uuid,
    pub line_plan_id: Option<Uuid>,
    pub goods_fen: i64,
}

/// What the lines of a range of orders bring, plan by plan.
pub(super) async fn goods_by_plan(db: &impl ConnectionTrait, after: Uuid, up_to: Uuid) -> Result<Vec<GoodsRow>, DbErr> {
    let sql = "select o.id as order_id, o.plan_id, l.plan_id as line_plan_id,
                 cast(sum(l.accepted_packs * l.unit_price_fen - l.credited_fen) as bigint) as goods_fen
               from supplier_order o join order_line l on l.supplier_order_id = o.id
               where o.id > ? and o.id <= ? group by o.id, o.plan_id, l.plan_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// A line under a plan that is not its supplier's, was not approved when the order was placed, or is for other products.
pub(super) async fn misplanned_line(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
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
pub(super) async fn has_work(db: &impl ConnectionTrait, order: Uuid) -> Result<bool, DbErr> {
    let sql = "select id from outbox where delivered_at is null and payload like ?
               union all select id from job where done_at is null and failed_at is null and payload like ? limit 1";
    let named = format!("%{order}%");
    Ok(!ask::<Found>(db, sql, vec![named.clone().into(), named.into()]).await?.is_empty())
}

/// The next supplier orders, each with its lines and the sums of its documents.
pub(super) async fn order_lines(db: &impl ConnectionTrait, after: Uuid, limit: u32) -> Result<Vec<OrderRow>, DbErr> {
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
         from (select * from supplier_order where id > ? order by id limit {limit}) o
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
pub(super) async fn order_entries(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OrderEntry>, DbErr> {
    let sql = "select e.supplier_order_id as order_id, p.kind, e.account_id, e.side, e.amount_fen
               from entry e join posting p on p.id = e.posting_id
               where e.supplier_order_id > ? and e.supplier_order_id <= ?
                 and p.kind in ('accepted', 'paid', 'credited', 'repaid', 'prepaid', 'advance_used', 'advance_returned')";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// A product whose reserved packs are not those its order lines wait for.
pub(super) async fn wrong_stock(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
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
pub(super) async fn wrong_budget(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select b.id, b.amount_fen as kept, cast(coalesce(w.held, 0) as bigint) as summed
               from budget b left join
                 (select owner_id, sum(debit_fen - credit_fen) as held from account
                  where kind in ('budget_available', 'budget_encumbered', 'budget_spent') group by owner_id) w
                 on w.owner_id = b.id
               where b.amount_fen <> coalesce(w.held, 0)
               order by b.id limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}

/// A correction whose posting does not give its household just its amount back.
pub(super) async fn wrong_correction(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select c.id, c.amount_fen as kept, cast(coalesce(sum(e.amount_fen), 0) as bigint) as summed
               from correction c
               left join account a on a.kind = 'household_payable' and a.owner_id = c.household_id
                 and a.part_id = c.agreement_id
               left join entry e on e.posting_id = c.posting_id and e.account_id = a.id and e.side = 'credit'
               group by c.id, c.amount_fen having coalesce(sum(e.amount_fen), 0) <> c.amount_fen limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}

/// A batch of payouts whose lines on their way are not what stands on its account.
pub(super) async fn wrong_transit(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
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
pub(super) async fn payout_lines(db: &impl ConnectionTrait, after: Uuid) -> Result<Vec<PayoutLine>, DbErr> {
    let sql = "select o.id, o.supplier_id, o.household_id, o.agreement_id, o.amount_fen,
                 b.batch_id, cast(case when h.paid_on is null then 0 else 1 end as bigint) as is_recorded,
                 cast(case when h.id is null then null when h.approved_by <> h.drafted_by then 1 else 0 end as bigint)
                   as by_two,
                 p.cause, e.account_id, e.side, e.amount_fen as amount
               from (select * from payout where id > ? order by id limit 1000) o
               left join payout_batch_line b on b.payout_id = o.id
               left join payout_batch h on h.id = b.batch_id
               left join posting p on p.id = o.posting_id
               left join entry e on e.posting_id = p.id
               order by o.id, e.line_no";
    ask(db, sql, vec![after.into()]).await
}

/// The next contributions.
pub(super) async fn contributions(db: &impl ConnectionTrait, after: Uuid) -> Result<Vec<ContributionRow>, DbErr> {
    let sql = "select c.id, c.supplier_order_id, c.number, g.village_id, c.amount_fen, c.reached_fen, c.households,
                 r.attributable_fen as paid_fen
               from contribution c
               join pairing g on g.id = c.pairing_id
               left join share_run r on r.supplier_order_id = c.supplier_order_id and r.basis = 'accrued'
                 and r.number = c.number
               where c.id > ? order by c.id limit 200";
    ask(db, sql, vec![after.into()]).await
}

/// What accrued, household by household, from the orders of a range of contributions.
pub(super) async fn shares_of_contributions(
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
                 (select supplier_order_id from contribution where id > ? and id <= ?)
               group by r.supplier_order_id, r.number, h.village_id, s.household_id";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// A sale outside the platform.
#[derive(Debug, FromQueryResult)]
pub(super) struct OffPlatformRow {
    pub id: Uuid,
    pub supplier_id: Uuid,
    pub amount_fen: i64,
    pub retained_fen: i64,
    pub plan_id: Uuid,
    pub inputs: String,
    pub inputs_hash: String,
    pub state: String,
}

/// What was decided about such a sale, beside the posting that books it.
#[derive(Debug, FromQueryResult)]
pub(super) struct OffPlatformStep {
    pub sale_id: Uuid,
    pub step: String,
    pub posting_id: Option<Uuid>,
    pub cause: Option<String>,
    pub inputs_hash: Option<String>,
}

/// An entry of a posting of such a sale.
#[derive(Debug, FromQueryResult)]
pub(super) struct OffPlatformEntry {
    pub posting_id: Uuid,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
    pub supplier_order_id: Option<Uuid>,
}

/// The next sales outside the platform.
pub(super) async fn off_platform_sales(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u32,
) -> Result<Vec<OffPlatformRow>, DbErr> {
    let sql = format!(
        "select id, supplier_id, amount_fen, retained_fen, plan_id, inputs, inputs_hash, state
         from off_platform_sale where id > ? order by id limit {limit}"
    );
    ask(db, &sql, vec![after.into()]).await
}

/// What was decided about a range of them.
pub(super) async fn off_platform_steps(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OffPlatformStep>, DbErr> {
    let sql = "select d.sale_id, d.step, d.posting_id, p.cause, p.inputs_hash
               from off_platform_decision d left join posting p on p.id = d.posting_id
               where d.sale_id > ? and d.sale_id <= ? order by d.sale_id, d.step";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The shares of a range of them, in the order of their lines.
pub(super) async fn off_platform_shares(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<ShareRow>, DbErr> {
    let sql = "select sale_id as run_id, mode, agreement_id, household_id, household_status, weight, amount_fen
               from off_platform_share where sale_id > ? and sale_id <= ? order by sale_id, line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The entries of a range of them.
pub(super) async fn off_platform_entries(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OffPlatformEntry>, DbErr> {
    let sql = "select e.posting_id, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from off_platform_decision d join entry e on e.posting_id = d.posting_id
               where d.sale_id > ? and d.sale_id <= ?";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What reached lots' ledgers of weight from such sales: a lot that gave more to orders and sales than it holds.
pub(super) async fn overdrawn_lot(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select l.id, l.shipped_grams as kept, w.grams as summed
               from lot l join
                 (select f.lot_id, cast(sum(f.grams) as bigint) as grams
                  from off_platform_lot f join off_platform_sale s on s.id = f.sale_id
                  where s.state in ('recorded', 'confirmed') group by f.lot_id) w on w.lot_id = l.id
               where w.grams > l.shipped_grams order by l.id limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}
