//! Recalls in the database.

use crate::db::Tx;
use entity::lot_recall::{Column, Entity, Model};
use entity::value::LotId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn of_lots(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for part in lots.chunks(CHUNK) {
        let rows = Entity::find().filter(Column::LotId.is_in(part.iter().copied())).order_by_asc(Column::Id);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}
