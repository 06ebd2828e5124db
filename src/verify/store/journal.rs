//! Of the journal: postings and their entries, accounts and their sums.

use super::{Found, ask};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// One entry beside its posting; the entry's columns are empty for a posting without any.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct PostingLine {
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
pub(in crate::verify) struct AccountSums {
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

/// The next postings after one that are under no seal, each with its entries.
pub(in crate::verify) async fn unsealed_lines(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PostingLine>, DbErr> {
    let sql = "select p.id, p.cause, p.kind, p.business_date, p.object_id, p.digest, p.salt,
                 p.posted_at, p.rule_version, p.inputs_hash,
                 e.line_no, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from (select * from posting where id > $1
                       and not exists (select 1 from seal_leaf l where l.posting_id = posting.id)
                     order by id limit $2) p
               left join entry e on e.posting_id = p.id
               order by p.id, e.line_no";
    ask(db, sql, vec![after.into(), limit.into()]).await
}

/// A posting that has entries and no row.
pub(in crate::verify) async fn entry_without_posting(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let sql = "select e.posting_id as id from entry e left join posting p on p.id = e.posting_id
               where p.id is null limit 1";
    Ok(ask::<Found>(db, sql, Vec::new()).await?.first().map(|found| found.id))
}

/// A posting with an entry over an account that has no row.
pub(in crate::verify) async fn entry_without_account(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
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
pub(in crate::verify) async fn posting_without_act(db: &impl ConnectionTrait) -> Result<Option<(Uuid, String)>, DbErr> {
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
pub(in crate::verify) async fn accounts(db: &impl ConnectionTrait, after: Uuid) -> Result<Vec<AccountSums>, DbErr> {
    let sql = "select a.id, a.kind, a.owner_id, a.part_id, a.guard, a.debit_fen, a.credit_fen,
                 cast(coalesce(sum(case when e.side = 'debit' then e.amount_fen else 0 end), 0) as bigint) as debit_sum,
                 cast(coalesce(sum(case when e.side = 'credit' then e.amount_fen else 0 end), 0) as bigint) as credit_sum
               from (select * from account where id > $1 order by id limit 1000) a
               left join entry e on e.account_id = a.id
               group by a.id, a.kind, a.owner_id, a.part_id, a.guard, a.debit_fen, a.credit_fen
               order by a.id";
    ask(db, sql, vec![after.into()]).await
}
