//! Standing orders and their call-offs in the database.

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{CallOffId, CallOffState, StandingOrderId, StandingState};
use entity::{standing_call_off, standing_line, standing_order};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

/// Where every query for standing orders begins.
fn visible(scope: &Scope) -> Select<standing_order::Entity> {
    use standing_order::Column;
    match scope {
        Scope::Everything => standing_order::Entity::find(),
        Scope::Organisation(own) => standing_order::Entity::find().filter(Column::BuyerId.eq(*own)),
        _ => standing_order::Entity::find().filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
    }
}

/// Where every query for call-offs begins.
fn visible_call_offs(scope: &Scope) -> Select<standing_call_off::Entity> {
    use standing_call_off::Column;
    match scope {
        Scope::Everything => standing_call_off::Entity::find(),
        Scope::Organisation(own) => standing_call_off::Entity::find().filter(Column::BuyerId.eq(*own)),
        _ => standing_call_off::Entity::find().filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: StandingOrderId,
) -> Result<Option<standing_order::Model>, DbErr> {
    visible(scope).filter(standing_order::Column::Id.eq(id)).one(db).await
}

/// A standing order in reach, locked until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: StandingOrderId) -> Result<Option<standing_order::Model>, DbErr> {
    visible(scope).filter(standing_order::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<standing_order::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(standing_order::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(standing_order::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: standing_order::Model, lines: Vec<standing_line::Model>) -> Result<(), DbErr> {
    standing_order::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    standing_line::Entity::insert_many(lines).exec_without_returning(tx).await.map(drop)
}

/// Writes a held standing order as it now is.
pub(super) async fn save(tx: &Tx, row: standing_order::Model) -> Result<standing_order::Model, DbErr> {
    let row = standing_order::Model { version: row.version + 1, ..row };
    standing_order::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

pub(super) async fn lines_of(
    db: &impl ConnectionTrait,
    id: StandingOrderId,
) -> Result<Vec<standing_line::Model>, DbErr> {
    standing_line::Entity::find()
        .filter(standing_line::Column::StandingId.eq(id))
        .order_by_asc(standing_line::Column::LineNo)
        .all(db)
        .await
}

/// The call-offs of a standing order, by their days.
pub(super) async fn call_offs_of(
    db: &impl ConnectionTrait,
    id: StandingOrderId,
) -> Result<Vec<standing_call_off::Model>, DbErr> {
    standing_call_off::Entity::find()
        .filter(standing_call_off::Column::StandingId.eq(id))
        .order_by_asc(standing_call_off::Column::DueOn)
        .all(db)
        .await
}

/// Newest first.
pub(super) async fn list_call_offs(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<CallOffState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<standing_call_off::Model>, DbErr> {
    let mut rows = visible_call_offs(scope).order_by_desc(standing_call_off::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(standing_call_off::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(standing_call_off::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// A call-off in reach, locked until the transaction ends.
pub(super) async fn hold_call_off(
    tx: &Tx,
    scope: &Scope,
    id: CallOffId,
) -> Result<Option<standing_call_off::Model>, DbErr> {
    visible_call_offs(scope).filter(standing_call_off::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Makes a call-off, unless its delivery has one; whether it was made.
pub(super) async fn insert_call_off(tx: &Tx, row: standing_call_off::Model) -> Result<bool, DbErr> {
    use standing_call_off::Column;
    let once = OnConflict::columns([Column::StandingId, Column::DueOn]).do_nothing().to_owned();
    let insert = standing_call_off::Entity::insert(row.into_active_model()).on_conflict(once);
    match insert.exec_without_returning(tx).await {
        Ok(made) => Ok(made == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes a held call-off as it now is.
pub(super) async fn save_call_off(tx: &Tx, row: standing_call_off::Model) -> Result<standing_call_off::Model, DbErr> {
    let row = standing_call_off::Model { version: row.version + 1, ..row };
    standing_call_off::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

/// Standing orders that run and whose next delivery is on this day or before it.
pub(super) async fn due(
    db: &impl ConnectionTrait,
    until: NaiveDate,
    limit: u64,
) -> Result<Vec<StandingOrderId>, DbErr> {
    use standing_order::Column;
    standing_order::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(StandingState::Active))
        .filter(Column::NextOn.lte(until))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// Ends call-offs that nobody confirmed and whose day has come, in one statement; how many there were.
pub(super) async fn lapse(tx: &Tx, today: NaiveDate) -> Result<u64, DbErr> {
    use standing_call_off::Column;
    let done = standing_call_off::Entity::update_many()
        .col_expr(Column::State, Expr::value(CallOffState::Lapsed))
        .col_expr(Column::DecidedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::State.eq(CallOffState::Proposed))
        .filter(Column::DueOn.lte(today))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
