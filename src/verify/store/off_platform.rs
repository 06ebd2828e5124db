//! Of sales outside the platform and what was decided about them.

use super::{ask, orders::Differing, runs::ShareRow};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A sale outside the platform.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct OffPlatformRow {
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
pub(in crate::verify) struct OffPlatformStep {
    pub sale_id: Uuid,
    pub step: String,
    pub posting_id: Option<Uuid>,
    pub cause: Option<String>,
    pub inputs_hash: Option<String>,
}

/// An entry of a posting of such a sale.
#[derive(Debug, FromQueryResult)]
pub(in crate::verify) struct OffPlatformEntry {
    pub posting_id: Uuid,
    pub account_id: Uuid,
    pub side: String,
    pub amount_fen: i64,
    pub supplier_order_id: Option<Uuid>,
}

/// The next sales outside the platform.
pub(in crate::verify) async fn off_platform_sales(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u32,
) -> Result<Vec<OffPlatformRow>, DbErr> {
    let sql = format!(
        "select id, supplier_id, amount_fen, retained_fen, plan_id, inputs, inputs_hash, state
         from off_platform_sale where id > $1 order by id limit {limit}"
    );
    ask(db, &sql, vec![after.into()]).await
}

/// What was decided about a range of them.
pub(in crate::verify) async fn off_platform_steps(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OffPlatformStep>, DbErr> {
    let sql = "select d.sale_id, d.step, d.posting_id, p.cause, p.inputs_hash
               from off_platform_decision d left join posting p on p.id = d.posting_id
               where d.sale_id > $1 and d.sale_id <= $2 order by d.sale_id, d.step";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The shares of a range of them, in the order of their lines.
pub(in crate::verify) async fn off_platform_shares(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<ShareRow>, DbErr> {
    let sql = "select sale_id as run_id, mode, agreement_id, household_id, household_status, weight, amount_fen
               from off_platform_share where sale_id > $1 and sale_id <= $2 order by sale_id, line_no";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// The entries of a range of them.
pub(in crate::verify) async fn off_platform_entries(
    db: &impl ConnectionTrait,
    after: Uuid,
    up_to: Uuid,
) -> Result<Vec<OffPlatformEntry>, DbErr> {
    let sql = "select e.posting_id, e.account_id, e.side, e.amount_fen, e.supplier_order_id
               from off_platform_decision d join entry e on e.posting_id = d.posting_id
               where d.sale_id > $1 and d.sale_id <= $2";
    ask(db, sql, vec![after.into(), up_to.into()]).await
}

/// What reached lots' ledgers of weight from such sales: a lot that gave more to orders and sales than it holds.
pub(in crate::verify) async fn overdrawn_lot(db: &impl ConnectionTrait) -> Result<Option<Differing>, DbErr> {
    let sql = "select l.id, l.shipped_grams as kept, w.grams as summed
               from lot l join
                 (select f.lot_id, cast(sum(f.grams) as bigint) as grams
                  from off_platform_lot f join off_platform_sale s on s.id = f.sale_id
                  where s.state in ('recorded', 'confirmed') group by f.lot_id) w on w.lot_id = l.id
               where w.grams > l.shipped_grams order by l.id limit 1";
    Ok(ask(db, sql, Vec::new()).await?.pop())
}
