//! Land in the database.

use crate::db::Tx;
use chrono::NaiveDate;
use entity::household_land::{Column, Entity, Model};
use entity::value::HouseholdId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Entries of several households.
pub(in crate::household) async fn insert_many(tx: &Tx, rows: Vec<Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A household's entries, oldest first.
pub(super) async fn of(db: &impl ConnectionTrait, id: HouseholdId) -> Result<Vec<Model>, DbErr> {
    let rows = Entity::find().filter(Column::HouseholdId.eq(id));
    rows.order_by_asc(Column::FromDate).order_by_asc(Column::Id).all(db).await
}

/// What was entered for days up to this one, oldest first.
pub(super) async fn until(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    date: NaiveDate,
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::HouseholdId.is_in(part.iter().copied()))
            .filter(Column::FromDate.lte(date))
            .order_by_asc(Column::FromDate)
            .order_by_asc(Column::Id);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}
