//! Open data in the database: processes, releases and marks.

mod facts;
mod register;

pub(super) use facts::*;
pub(super) use register::*;

use crate::db::Tx;
use entity::value::{OrderGroupId, SupplierOrderId, Timestamp};
use entity::{entry, open_mark, open_process, open_release, seal, seal_leaf, supplier_order};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

/// Marks: how many releases there are, and how many seals were followed.
pub(super) const RELEASES: &str = "release";

pub(super) const SEALS: &str = "seal";

/// The groups to which these supplier orders belong.
pub(super) async fn groups_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<Vec<OrderGroupId>, DbErr> {
    let rows = supplier_order::Entity::find()
        .select_only()
        .column(supplier_order::Column::GroupId)
        .distinct()
        .filter(supplier_order::Column::Id.is_in(orders.iter().copied()))
        .order_by_asc(supplier_order::Column::GroupId);
    rows.into_tuple().all(db).await
}

/// The process of an order, held; made when there is none.
pub(super) async fn hold_process(tx: &Tx, group: OrderGroupId, ocid: &str) -> Result<open_process::Model, DbErr> {
    let fresh = open_process::ActiveModel {
        group_id: Set(group),
        ocid: Set(ocid.to_owned()),
        releases: Set(0),
        compiled: Set("{}".to_owned()),
        released_at: Set(None),
        last_number: Set(0),
    };
    let once = OnConflict::column(open_process::Column::GroupId).do_nothing().to_owned();
    match open_process::Entity::insert(fresh).on_conflict(once).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error),
    }
    let held = open_process::Entity::find_by_id(group).lock_exclusive().one(tx).await?;
    held.ok_or_else(|| DbErr::RecordNotFound(format!("the process of {group}")))
}

/// The next number of a mark. Whoever takes it holds it until the transaction ends, so numbers become visible in order.
pub(super) async fn next(tx: &Tx, name: &str) -> Result<i64, DbErr> {
    let first = open_mark::ActiveModel { name: Set(name.to_owned()), number: Set(0) };
    let once = OnConflict::column(open_mark::Column::Name).do_nothing().to_owned();
    match open_mark::Entity::insert(first).on_conflict(once).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error),
    }
    open_mark::Entity::update_many()
        .col_expr(open_mark::Column::Number, Expr::col(open_mark::Column::Number).add(1))
        .filter(open_mark::Column::Name.eq(name))
        .exec(tx)
        .await?;
    mark(tx, name).await
}

/// How far a mark has come.
pub(super) async fn mark(db: &impl ConnectionTrait, name: &str) -> Result<i64, DbErr> {
    Ok(open_mark::Entity::find_by_id(name).one(db).await?.map_or(0, |row| row.number))
}

/// Keeps a release, and what the process is with it.
pub(super) async fn keep(tx: &Tx, release: open_release::Model, process: open_process::Model) -> Result<(), DbErr> {
    open_release::Entity::insert(release.into_active_model()).exec_without_returning(tx).await?;
    let all = process.into_active_model().reset_all();
    open_process::Entity::update(all).exec(tx).await.map(drop)
}

/// Releases after a number, in their order.
pub(super) async fn releases_after(
    db: &impl ConnectionTrait,
    after: i64,
    month: Option<&str>,
    limit: u64,
) -> Result<Vec<open_release::Model>, DbErr> {
    let mut rows = open_release::Entity::find()
        .filter(open_release::Column::Number.gt(after))
        .order_by_asc(open_release::Column::Number)
        .limit(limit);
    if let Some(month) = month {
        rows = rows.filter(open_release::Column::Month.eq(month));
    }
    rows.all(db).await
}

/// The releases of these processes, each process's in their order.
pub(super) async fn releases_of(
    db: &impl ConnectionTrait,
    groups: &[OrderGroupId],
) -> Result<Vec<open_release::Model>, DbErr> {
    open_release::Entity::find()
        .filter(open_release::Column::GroupId.is_in(groups.iter().copied()))
        .order_by_asc(open_release::Column::Number)
        .all(db)
        .await
}

pub(super) async fn release(db: &impl ConnectionTrait, id: &str) -> Result<Option<open_release::Model>, DbErr> {
    open_release::Entity::find().filter(open_release::Column::ReleaseId.eq(id)).one(db).await
}

pub(super) async fn process(db: &impl ConnectionTrait, ocid: &str) -> Result<Option<open_process::Model>, DbErr> {
    open_process::Entity::find().filter(open_process::Column::Ocid.eq(ocid)).one(db).await
}

/// Processes after a number of their last release, those that changed longest ago first.
pub(super) async fn processes_after(
    db: &impl ConnectionTrait,
    after: i64,
    limit: u64,
) -> Result<Vec<open_process::Model>, DbErr> {
    open_process::Entity::find()
        .filter(open_process::Column::LastNumber.gt(after))
        .order_by_asc(open_process::Column::LastNumber)
        .limit(limit)
        .all(db)
        .await
}

/// A month with what was released in it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(super) struct Month {
    pub month: String,
    pub releases: i64,
    pub last_number: i64,
    pub released_at: Timestamp,
}

/// Every month with releases, newest first; or one.
pub(super) async fn months(db: &impl ConnectionTrait, only: Option<&str>) -> Result<Vec<Month>, DbErr> {
    let mut rows = open_release::Entity::find()
        .select_only()
        .column(open_release::Column::Month)
        .column_as(open_release::Column::Number.count(), "releases")
        .column_as(open_release::Column::Number.max(), "last_number")
        .column_as(open_release::Column::ReleasedAt.max(), "released_at")
        .group_by(open_release::Column::Month)
        .order_by_desc(open_release::Column::Month);
    if let Some(month) = only {
        rows = rows.filter(open_release::Column::Month.eq(month));
    }
    rows.into_model().all(db).await
}

/// How many seals there are.
pub(super) async fn newest_seal(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let newest = seal::Entity::find().order_by_desc(seal::Column::Number).one(db).await?;
    Ok(newest.map_or(0, |seal| seal.number))
}

fn leaf_to_entry() -> RelationDef {
    seal_leaf::Entity::belongs_to(entry::Entity).from(seal_leaf::Column::PostingId).to(entry::Column::PostingId).into()
}

/// The groups of which anything stands under a seal.
pub(super) async fn groups_under(db: &impl ConnectionTrait, seal: i64) -> Result<Vec<OrderGroupId>, DbErr> {
    let to_order = entry::Entity::belongs_to(supplier_order::Entity)
        .from(entry::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    let rows = seal_leaf::Entity::find()
        .select_only()
        .column_as(supplier_order::Column::GroupId, "group_id")
        .distinct()
        .join(JoinType::InnerJoin, leaf_to_entry())
        .join(JoinType::InnerJoin, to_order)
        .filter(seal_leaf::Column::SealNumber.eq(seal))
        .order_by_asc(supplier_order::Column::GroupId);
    rows.into_tuple().all(db).await
}

/// Moves a mark forward, never back.
pub(super) async fn advance(tx: &Tx, name: &str, to: i64) -> Result<(), DbErr> {
    let first = open_mark::ActiveModel { name: Set(name.to_owned()), number: Set(0) };
    let once = OnConflict::column(open_mark::Column::Name).do_nothing().to_owned();
    match open_mark::Entity::insert(first).on_conflict(once).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error),
    }
    open_mark::Entity::update_many()
        .col_expr(open_mark::Column::Number, Expr::value(to))
        .filter(open_mark::Column::Name.eq(name))
        .filter(open_mark::Column::Number.lt(to))
        .exec(tx)
        .await
        .map(drop)
}
