//! The unit assignments' SQL. Every read for a caller begins at [`visible`].

use super::view::UnitAssignmentQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::{household, organisation};
use entity::unit_assignment::{Column, Entity, Model};
use entity::value::UnitAssignmentId;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

/// A county and a tree see those of their villages, a village its own, a cadre those of the villages in which the
/// households assigned to them live.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        Scope::AssignedHouseholds(_) => {
            Entity::find().filter(Column::VillageId.in_subquery(household::villages_seen(scope)))
        }
        scope => Entity::find().filter(Column::VillageId.in_subquery(organisation::ids_within(scope))),
    }
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: UnitAssignmentId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: UnitAssignmentId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Writes the end of a held assignment.
pub(super) async fn end(tx: &Tx, row: &Model) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UntilDate, Expr::value(row.until_date))
        .col_expr(Column::EndedBy, Expr::value(row.ended_by))
        .col_expr(Column::EndReason, Expr::value(row.end_reason.clone()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &UnitAssignmentQuery,
    (before, limit): (Option<UnitAssignmentId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let lasts = |is: bool| if is { Column::UntilDate.is_null() } else { Column::UntilDate.is_not_null() };
    let conditions = Condition::all()
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(wanted.unit_id.map(|id| Column::UnitId.eq(id)))
        .add_option(wanted.open.map(lasts))
        .add_option(before.map(|before| Column::Id.lt(before)));
    visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}
