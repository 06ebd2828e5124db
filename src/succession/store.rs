//! Changes of organisations in the database. They are only ever added.

use crate::db::Tx;
use entity::organisation_change::{Column, Entity, Model};
use entity::value::OrganisationId;
use entity::{organisation_move, organisation_successor};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

pub async fn insert(tx: &Tx, row: Model, successors: &[OrganisationId]) -> Result<(), DbErr> {
    let change_id = row.id;
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if successors.is_empty() {
        return Ok(());
    }
    let rows =
        successors.iter().map(|id| organisation_successor::Model { change_id, successor_id: *id }.into_active_model());
    organisation_successor::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// Writes who stands under whom from a day on.
pub async fn insert_moves(tx: &Tx, rows: Vec<organisation_move::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    organisation_move::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// Under whom organisations came to stand, oldest first.
pub async fn moves_of(
    db: &impl ConnectionTrait,
    ids: &[OrganisationId],
) -> Result<Vec<organisation_move::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    organisation_move::Entity::find()
        .filter(organisation_move::Column::OrganisationId.is_in(ids.iter().copied()))
        .order_by_asc(organisation_move::Column::OnDate)
        .order_by_asc(organisation_move::Column::Id)
        .all(db)
        .await
}

/// What became of an organisation, oldest first.
pub async fn changes_of(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(id))
        .order_by_asc(Column::OnDate)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Who goes on after these changes.
pub async fn successors_of(
    db: &impl ConnectionTrait,
    changes: &[Model],
) -> Result<Vec<organisation_successor::Model>, DbErr> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    organisation_successor::Entity::find()
        .filter(organisation_successor::Column::ChangeId.is_in(changes.iter().map(|row| row.id)))
        .all(db)
        .await
}

/// The organisations for which this one goes on.
pub async fn predecessors_of(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Vec<OrganisationId>, DbErr> {
    let named = organisation_successor::Entity::find()
        .filter(organisation_successor::Column::SuccessorId.eq(id))
        .all(db)
        .await?;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let changes = Entity::find()
        .filter(Column::Id.is_in(named.iter().map(|row| row.change_id)))
        .order_by_asc(Column::OnDate)
        .all(db)
        .await?;
    Ok(changes.into_iter().map(|row| row.organisation_id).collect())
}
