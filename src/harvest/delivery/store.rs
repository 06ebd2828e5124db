//! Deliveries in the database. Every read for a caller begins at [`visible`].

use super::view::DeliveryQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use entity::delivery::{Column, Entity, Model};
use entity::value::{AgreementId, DeliveryId, Grams, OrganisationId};
use entity::{delivery_correction, delivery_flag};
use sea_orm::sea_query::{CaseStatement, Expr, LockType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

/// Rows in one insert, and values in one `in`.
const CHUNK: usize = 1000;

/// What a scope sees: a supplier its own deliveries, a county those of its households.
fn visible(scope: &Scope) -> Select<Entity> {
    household::seen_by(scope, Entity::find(), Column::SupplierId, Column::HouseholdId)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &DeliveryQuery,
    after: Option<DeliveryId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(agreement) = query.agreement_id {
        rows = rows.filter(Column::AgreementId.eq(agreement));
    }
    if let Some(household) = query.household_id {
        rows = rows.filter(Column::HouseholdId.eq(household));
    }
    if query.unpacked == Some(true) {
        rows = rows.filter(Expr::col(Column::PackedGrams).lt(Expr::col(Column::Grams)));
    }
    if let Some(flag) = query.flag {
        let flagged = Query::select()
            .column(delivery_flag::Column::DeliveryId)
            .from(delivery_flag::Entity)
            .and_where(delivery_flag::Column::State.eq(flag))
            .to_owned();
        rows = rows.filter(Column::Id.in_subquery(flagged));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DeliveryId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// A delivery in reach, held until the transaction ends.
pub(in crate::harvest) async fn hold_visible(tx: &Tx, scope: &Scope, id: DeliveryId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// A supplier's deliveries that stand, after one of them, oldest first: for a copy of all of them.
pub(super) async fn standing_after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<DeliveryId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(&Scope::Organisation(supplier)).filter(Column::ReversedAt.is_null());
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    rows.order_by_asc(Column::Id).limit(limit).all(db).await
}

/// A supplier's deliveries that stand, under these agreements.
pub(super) async fn of_agreements(
    db: &impl ConnectionTrait,
    agreements: &[AgreementId],
    notes: &[&str],
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for part in agreements.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::AgreementId.is_in(part.iter().copied()))
            .filter(Column::WeighNote.is_in(notes.iter().copied()))
            .filter(Column::ReversedAt.is_null())
            .order_by_asc(Column::Id);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// Takes a held delivery back.
pub(super) async fn mark_reversed(tx: &Tx, id: DeliveryId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ReversedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn insert_correction(tx: &Tx, row: delivery_correction::Model) -> Result<(), DbErr> {
    delivery_correction::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Something about it has changed: its version grows.
pub(in crate::harvest) async fn touch(tx: &Tx, id: DeliveryId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[DeliveryId]) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        found.extend(Entity::find().filter(Column::Id.is_in(part.iter().copied())).all(db).await?);
    }
    Ok(found)
}

pub(super) async fn insert(tx: &Tx, rows: &[Model]) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A supplier's deliveries, held in the order of their identifiers until the transaction ends.
pub(in crate::harvest) async fn hold_own(
    tx: &Tx,
    supplier: OrganisationId,
    ids: &[DeliveryId],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::SupplierId.eq(supplier))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await
}

/// Counts so many more grams of each held delivery as packed, in one statement.
pub(in crate::harvest) async fn add_packed(tx: &Tx, parts: &[(DeliveryId, Grams)]) -> Result<(), DbErr> {
    let added = parts
        .iter()
        .fold(CaseStatement::new(), |case, (id, grams)| case.case(Column::Id.eq(*id), Expr::value(grams.get())))
        .finally(Expr::value(0_i64));
    Entity::update_many()
        .col_expr(Column::PackedGrams, Expr::col(Column::PackedGrams).add(added))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.is_in(parts.iter().map(|(id, _)| *id)))
        .exec(tx)
        .await?;
    Ok(())
}
