//! Which rounds were told.

use super::rule::Round;
use crate::db::Tx;
use entity::reminder_round::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

pub(super) async fn was_told(db: &impl ConnectionTrait, round: &Round) -> Result<bool, DbErr> {
    let found = Entity::find().filter(Column::Subject.eq(round.subject.as_str()));
    Ok(found.filter(Column::Period.eq(&round.period)).one(db).await?.is_some())
}

/// Notes that a round is told; not when somebody else has.
pub(super) async fn begin(tx: &Tx, round: &Round, told: usize) -> Result<bool, DbErr> {
    let row = Model {
        subject: round.subject.as_str().to_owned(),
        period: round.period.clone(),
        told_at: tx.now(),
        told: i64::try_from(told).unwrap_or(i64::MAX),
    };
    let once = OnConflict::columns([Column::Subject, Column::Period]).do_nothing().to_owned();
    let written = Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(tx).await?;
    Ok(written > 0)
}
