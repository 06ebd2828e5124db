//! The assignments' SQL. Every read for a caller begins at [`visible`].

use super::view::AssignmentQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household::store as households;
use chrono::NaiveDate;
use entity::helper_assignment::{Column, Entity, Model};
use entity::value::{HelperAssignmentId, PersonId};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

/// A county sees those of its households, a cadre their own.
fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(Column::HouseholdId.in_subquery(households::ids_in_county(code))),
        Scope::AssignedHouseholds(person) => rows.filter(Column::PersonId.eq(*person)),
        Scope::Organisation(_) | Scope::Tree(_) => rows.filter(Expr::value(false)),
    }
}

/// The households assigned to this person now.
pub fn ids_assigned_to(person: PersonId) -> SelectStatement {
    Query::select()
        .column(Column::HouseholdId)
        .from(Entity)
        .and_where(Column::PersonId.eq(person))
        .and_where(Column::UntilDate.is_null())
        .to_owned()
}

/// The households that are assigned to anybody now, for use inside another query.
#[must_use]
pub fn ids_helped() -> SelectStatement {
    Query::select().column(Column::HouseholdId).from(Entity).and_where(Column::UntilDate.is_null()).to_owned()
}

/// How many households a person has now.
pub(super) async fn count_open(tx: &Tx, person: PersonId) -> Result<u64, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person)).filter(Column::UntilDate.is_null()).count(tx).await
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HelperAssignmentId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: HelperAssignmentId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

pub(super) async fn end(
    tx: &Tx,
    id: HelperAssignmentId,
    until: NaiveDate,
    by: PersonId,
    reason: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UntilDate, Expr::value(until))
        .col_expr(Column::EndedBy, Expr::value(by))
        .col_expr(Column::EndReason, Expr::value(reason))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &AssignmentQuery,
    before: Option<HelperAssignmentId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit);
    if let Some(household) = query.household_id {
        rows = rows.filter(Column::HouseholdId.eq(household));
    }
    match query.open {
        Some(true) => rows = rows.filter(Column::UntilDate.is_null()),
        Some(false) => rows = rows.filter(Column::UntilDate.is_not_null()),
        None => {}
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}
