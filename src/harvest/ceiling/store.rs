//! Ceilings and flags in the database.

use crate::db::Tx;
use chrono::NaiveDate;
use entity::value::{CategoryCode, DeliveryId, FlagState, HouseholdId, PersonId};
use entity::{delivery, delivery_flag, yield_ceiling};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

/// Values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<yield_ceiling::Model>, DbErr> {
    use yield_ceiling::Column;
    yield_ceiling::Entity::find().order_by_asc(Column::CategoryCode).order_by_asc(Column::Id).all(db).await
}

pub(super) async fn insert(tx: &Tx, row: yield_ceiling::Model) -> Result<(), DbErr> {
    yield_ceiling::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// What households brought between two days, summed by category; taken back or refused deliveries do not count.
pub(super) async fn delivered(
    db: &impl ConnectionTrait,
    households: &[HouseholdId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(HouseholdId, CategoryCode, i64)>, DbErr> {
    use delivery::Column;
    let refused = Query::select()
        .column(delivery_flag::Column::DeliveryId)
        .from(delivery_flag::Entity)
        .and_where(delivery_flag::Column::State.eq(FlagState::Rejected))
        .to_owned();
    let mut found = Vec::new();
    for part in households.chunks(CHUNK) {
        let rows = delivery::Entity::find()
            .select_only()
            .column(Column::HouseholdId)
            .column(Column::CategoryCode)
            .column_as(Expr::cust("cast(sum(grams) as bigint)"), "grams")
            .filter(Column::HouseholdId.is_in(part.iter().copied()))
            .filter(Column::CategoryCode.is_not_null())
            .filter(Column::ReversedAt.is_null())
            .filter(Column::DeliveredOn.gte(first))
            .filter(Column::DeliveredOn.lte(last))
            .filter(Column::Id.not_in_subquery(refused.clone()))
            .group_by(Column::HouseholdId)
            .group_by(Column::CategoryCode);
        found.extend(rows.into_tuple::<(HouseholdId, CategoryCode, i64)>().all(db).await?);
    }
    Ok(found)
}

pub(super) async fn insert_flags(tx: &Tx, rows: Vec<delivery_flag::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        delivery_flag::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn flags_of(
    db: &impl ConnectionTrait,
    ids: &[DeliveryId],
) -> Result<Vec<delivery_flag::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = delivery_flag::Entity::find();
        let rows = rows.filter(delivery_flag::Column::DeliveryId.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// Writes what was decided about an open flag.
pub(super) async fn decide(
    tx: &Tx,
    id: DeliveryId,
    state: FlagState,
    by: PersonId,
    opinion: &str,
) -> Result<(), DbErr> {
    use delivery_flag::Column;
    delivery_flag::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(tx.now()))
        .col_expr(Column::Opinion, Expr::value(opinion))
        .filter(Column::DeliveryId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
