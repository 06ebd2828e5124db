//! Lots in the database. Every read for a caller begins at [`visible`].

use super::view::LotQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::lot::{Column, Entity, Model};
use entity::lot_delivery;
use entity::value::{Grams, LotId, LotStepId};
use sea_orm::sea_query::{CaseStatement, Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

/// Values in one `in`.
const CHUNK: usize = 1000;

/// What a scope sees: the lots of the suppliers it reaches.
fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(Column::SupplierId.eq(*supplier)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(Column::SupplierId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &LotQuery,
    after: Option<LotId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(product) = query.product_id {
        rows = rows.filter(Column::ProductId.eq(product));
    }
    if query.available == Some(true) {
        let gone = Expr::col(Column::ShippedGrams).add(Expr::col(Column::WithdrawnGrams));
        rows = rows.filter(gone.lt(Expr::col(Column::TotalGrams))).filter(Column::RecalledAt.is_null());
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

/// A lot in reach.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_visible(db: &impl ConnectionTrait, scope: &Scope, id: LotId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// A lot in reach, held until the transaction ends.
pub(in crate::harvest) async fn hold_visible(tx: &Tx, scope: &Scope, id: LotId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

pub(super) async fn find_by_trace_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::TraceCode.eq(code)).one(db).await
}

/// The lots that came out of steps, oldest first.
pub(in crate::harvest) async fn made_by(db: &impl ConnectionTrait, steps: &[LotStepId]) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for part in steps.chunks(CHUNK) {
        let rows = Entity::find().filter(Column::StepId.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(Column::Id).all(db).await?);
    }
    Ok(found)
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[LotId]) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        found.extend(Entity::find().filter(Column::Id.is_in(part.iter().copied())).all(db).await?);
    }
    Ok(found)
}

/// Lots, held in the order of their identifiers until the transaction ends.
pub(in crate::harvest) async fn hold_many(tx: &Tx, ids: &[LotId]) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await
}

/// Counts so many more grams of each held lot as shipped, in one statement.
pub(super) async fn add_shipped(tx: &Tx, parts: &[(LotId, Grams)]) -> Result<(), DbErr> {
    let parts: Vec<_> = parts.iter().map(|(id, grams)| (*id, grams.get())).collect();
    move_grams(tx, Column::ShippedGrams, &parts).await
}

/// Counts so many grams of each held lot as shipped no longer, in one statement.
pub(super) async fn take_back(tx: &Tx, parts: &[(LotId, Grams)]) -> Result<(), DbErr> {
    let parts: Vec<_> = parts.iter().map(|(id, grams)| (*id, -grams.get())).collect();
    move_grams(tx, Column::ShippedGrams, &parts).await
}

/// Counts so many more grams of each held lot as gone into other lots, in one statement.
pub(in crate::harvest) async fn add_withdrawn(tx: &Tx, parts: &[(LotId, Grams)]) -> Result<(), DbErr> {
    let parts: Vec<_> = parts.iter().map(|(id, grams)| (*id, grams.get())).collect();
    move_grams(tx, Column::WithdrawnGrams, &parts).await
}

async fn move_grams(tx: &Tx, column: Column, parts: &[(LotId, i64)]) -> Result<(), DbErr> {
    if parts.is_empty() {
        return Ok(());
    }
    let added = parts
        .iter()
        .fold(CaseStatement::new(), |case, (id, grams)| case.case(Column::Id.eq(*id), Expr::value(*grams)))
        .finally(Expr::value(0_i64));
    Entity::update_many()
        .col_expr(column, Expr::col(column).add(added))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.is_in(parts.iter().map(|(id, _)| *id)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks lots that were not called back yet.
pub(in crate::harvest) async fn mark_recalled(tx: &Tx, ids: &[LotId]) -> Result<(), DbErr> {
    for part in ids.chunks(CHUNK) {
        Entity::update_many()
            .col_expr(Column::RecalledAt, Expr::value(tx.now()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.is_in(part.iter().copied()))
            .filter(Column::RecalledAt.is_null())
            .exec(tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn insert(tx: &Tx, lots: Vec<Model>, parts: Vec<lot_delivery::Model>) -> Result<(), DbErr> {
    Entity::insert_many(lots.into_iter().map(IntoActiveModel::into_active_model)).exec_without_returning(tx).await?;
    for part in parts.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        lot_delivery::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(in crate::harvest) async fn parts_of(
    db: &impl ConnectionTrait,
    lots: &[LotId],
) -> Result<Vec<lot_delivery::Model>, DbErr> {
    let mut found = Vec::new();
    for part in lots.chunks(CHUNK) {
        let rows = lot_delivery::Entity::find()
            .filter(lot_delivery::Column::LotId.is_in(part.iter().copied()))
            .order_by_asc(lot_delivery::Column::LotId)
            .order_by_asc(lot_delivery::Column::DeliveryId);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}
