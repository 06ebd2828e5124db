//! The plans' SQL. Every read for a caller begins at [`visible`].

use super::view::HelpPlanQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use chrono::NaiveDate;
use entity::help_plan::{Column, Entity, Model};
use entity::value::{HelpPlanId, PlannedState};
use entity::{help_plan_item as item, help_plan_progress as progress};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

/// Whoever sees a household sees its plans.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        scope => Entity::find().filter(Column::HouseholdId.in_subquery(household::ids_seen(scope))),
    }
}

/// The households that have a plan for a year with a measure that was not given up, for use inside another query.
pub fn planned_in(year: i32) -> SelectStatement {
    let with_measure = Query::select()
        .column(item::Column::PlanId)
        .from(item::Entity)
        .and_where(item::Column::State.ne(PlannedState::Dropped))
        .to_owned();
    Entity::find()
        .select_only()
        .column(Column::HouseholdId)
        .filter(Column::Year.eq(year))
        .filter(Column::Id.in_subquery(with_measure))
        .into_query()
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_items(tx: &Tx, rows: Vec<item::Model>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    item::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_progress(tx: &Tx, row: progress::Model) -> Result<(), DbErr> {
    progress::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: HelpPlanId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: HelpPlanId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// The version of a held plan grows.
pub(super) async fn touch(tx: &Tx, id: HelpPlanId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes that a measure ended.
pub(super) async fn end_item(
    tx: &Tx,
    (plan, number): (HelpPlanId, i32),
    state: PlannedState,
    on: NaiveDate,
) -> Result<(), DbErr> {
    item::Entity::update_many()
        .col_expr(item::Column::State, Expr::value(state))
        .col_expr(item::Column::EndedOn, Expr::value(on))
        .filter(item::Column::PlanId.eq(plan))
        .filter(item::Column::Number.eq(number))
        .exec(tx)
        .await
        .map(drop)
}

pub(super) async fn items_of(db: &impl ConnectionTrait, plans: &[HelpPlanId]) -> Result<Vec<item::Model>, DbErr> {
    let rows = item::Entity::find().filter(item::Column::PlanId.is_in(plans.iter().copied()));
    rows.order_by_asc(item::Column::Number).all(db).await
}

pub(super) async fn progress_of(db: &impl ConnectionTrait, plan: HelpPlanId) -> Result<Vec<progress::Model>, DbErr> {
    let rows = progress::Entity::find().filter(progress::Column::PlanId.eq(plan));
    rows.order_by_asc(progress::Column::Number).all(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &HelpPlanQuery,
    today: NaiveDate,
    (before, limit): (Option<HelpPlanId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let late = Query::select()
        .column(item::Column::PlanId)
        .from(item::Entity)
        .and_where(item::Column::State.eq(PlannedState::Open))
        .and_where(item::Column::DueOn.lt(today))
        .to_owned();
    let late =
        |is: bool| if is { Column::Id.in_subquery(late.clone()) } else { Column::Id.not_in_subquery(late.clone()) };
    let conditions = Condition::all()
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.year.map(|year| Column::Year.eq(year)))
        .add_option(wanted.overdue.map(late))
        .add_option(before.map(|before| Column::Id.lt(before)));
    visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}
