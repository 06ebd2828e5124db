//! Findings in the database. Every read for a caller begins at [`visible`].

use super::view::FindingQuery;
use crate::access::Scope;
use crate::db::Tx;
use chrono::NaiveDate;
use entity::finding::{Column, Entity, Model};
use entity::value::{AreaCode, FindingId, PersonId, TaskState, Timestamp};
use entity::{finding_rule, finding_step as step, finding_task as task};
use sea_orm::sea_query::{CaseStatement, Expr, Func, LockType, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashSet;

/// Values in one `in`, and rows in one insert.
const CHUNK: usize = 1000;

/// The findings with a task for which something holds.
fn with_task(condition: Condition) -> SelectStatement {
    Query::select().column(task::Column::FindingId).from(task::Entity).cond_where(condition).to_owned()
}

/// A county sees its own, an organisation those that it has a task of.
fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(Column::CountyCode.eq(code.clone())),
        Scope::Organisation(own) => {
            rows.filter(Column::Id.in_subquery(with_task(Condition::all().add(task::Column::OwnerId.eq(*own)))))
        }
        Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Enters findings of a rule; of what another server entered meanwhile there is none more. Says which were entered.
pub(super) async fn insert_new(tx: &Tx, rows: &[Model]) -> Result<HashSet<FindingId>, DbErr> {
    let mut entered = HashSet::new();
    for part in rows.chunks(CHUNK) {
        let active = part.iter().cloned().map(IntoActiveModel::into_active_model);
        let insert = Entity::insert_many(active).on_conflict(OnConflict::new().do_nothing().to_owned());
        match insert.exec_without_returning(tx).await {
            Ok(written) if usize::try_from(written) == Ok(part.len()) => entered.extend(part.iter().map(|row| row.id)),
            Ok(_) | Err(DbErr::RecordNotInserted) => {
                let there = Entity::find().select_only().column(Column::Id);
                let there = there.filter(Column::Id.is_in(part.iter().map(|row| row.id)));
                entered.extend(there.into_tuple::<FindingId>().all(tx).await?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(entered)
}

/// Which of these things rules said before.
pub(super) async fn known_causes(db: &impl ConnectionTrait, causes: &[&str]) -> Result<HashSet<String>, DbErr> {
    let mut known = HashSet::new();
    for part in causes.chunks(CHUNK) {
        let rows = Entity::find().select_only().column(Column::Cause).filter(Column::Cause.is_in(part.iter().copied()));
        known.extend(rows.into_tuple::<Option<String>>().all(db).await?.into_iter().flatten());
    }
    Ok(known)
}

/// The versions of what a county has looked at, or of every county, the earlier first.
pub(super) async fn rules_of(
    db: &impl ConnectionTrait,
    county: Option<&AreaCode>,
) -> Result<Vec<finding_rule::Model>, DbErr> {
    use finding_rule::Column;
    let conditions = Condition::all().add_option(county.map(|code| Column::CountyCode.eq(code.clone())));
    let rows = finding_rule::Entity::find().filter(conditions);
    rows.order_by_asc(Column::CountyCode).order_by_asc(Column::Edition).all(db).await
}

pub(super) async fn insert_rule(tx: &Tx, row: finding_rule::Model) -> Result<(), DbErr> {
    finding_rule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_task(tx: &Tx, row: task::Model) -> Result<(), DbErr> {
    task::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_step(tx: &Tx, row: step::Model) -> Result<(), DbErr> {
    step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: FindingId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: FindingId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Writes whether a held finding is closed; its version grows by one.
pub(super) async fn save(tx: &Tx, row: Model) -> Result<Model, DbErr> {
    let row = Model { version: row.version + 1, ..row };
    Entity::update_many()
        .col_expr(Column::ClosedAt, Expr::value(row.closed_at))
        .col_expr(Column::Version, Expr::value(row.version))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(row)
}

/// Writes where a task of a held finding is.
pub(super) async fn move_task(
    tx: &Tx,
    (finding, number): (FindingId, i32),
    state: TaskState,
    (submitted_by, closed_at): (Option<PersonId>, Option<Timestamp>),
) -> Result<(), DbErr> {
    task::Entity::update_many()
        .col_expr(task::Column::State, Expr::value(state))
        .col_expr(task::Column::SubmittedBy, Expr::value(submitted_by))
        .col_expr(task::Column::ClosedAt, Expr::value(closed_at))
        .filter(task::Column::FindingId.eq(finding))
        .filter(task::Column::Number.eq(number))
        .exec(tx)
        .await
        .map(drop)
}

pub(super) async fn tasks_of(db: &impl ConnectionTrait, ids: &[FindingId]) -> Result<Vec<task::Model>, DbErr> {
    let rows = task::Entity::find().filter(task::Column::FindingId.is_in(ids.iter().copied()));
    rows.order_by_asc(task::Column::Number).all(db).await
}

pub(super) async fn steps_of(db: &impl ConnectionTrait, id: FindingId) -> Result<Vec<step::Model>, DbErr> {
    let rows = step::Entity::find().filter(step::Column::FindingId.eq(id));
    rows.order_by_asc(step::Column::TaskNumber).order_by_asc(step::Column::Number).all(db).await
}

/// Late on a day.
fn late(today: NaiveDate) -> Condition {
    Condition::all().add(task::Column::State.ne(TaskState::Closed)).add(task::Column::DueOn.lt(today))
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &FindingQuery,
    today: NaiveDate,
    (before, limit): (Option<FindingId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let is_late = |is: bool| {
        let ids = with_task(late(today));
        if is { Column::Id.in_subquery(ids) } else { Column::Id.not_in_subquery(ids) }
    };
    let owned = |owner| Column::Id.in_subquery(with_task(Condition::all().add(task::Column::OwnerId.eq(owner))));
    let is_open = |is: bool| if is { Column::ClosedAt.is_null() } else { Column::ClosedAt.is_not_null() };
    let conditions = Condition::all()
        .add_option(wanted.source.map(|source| Column::Source.eq(source)))
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.organisation_id.map(|id| Column::OrganisationId.eq(id)))
        .add_option(wanted.owner_id.map(owned))
        .add_option(wanted.open.map(is_open))
        .add_option(wanted.overdue.map(is_late))
        .add_option(before.map(|before| Column::Id.lt(before)));
    visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// What is counted of a county's findings or of their tasks.
#[derive(Debug, FromQueryResult)]
pub(super) struct Counted {
    pub county_code: AreaCode,
    pub one: i64,
    pub two: i64,
    pub three: i64,
}

/// How many cases of a condition there are.
fn count(condition: &str) -> Expr {
    Expr::cust(format!("count(case when {condition} then 1 end)"))
}

/// For each county in reach: findings that are not closed, and those without a task.
pub(super) async fn findings_by_county(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Counted>, DbErr> {
    const BARE: &str = "not exists (select 1 from finding_task where finding_task.finding_id = finding.id)";
    visible(scope)
        .select_only()
        .column(Column::CountyCode)
        .expr_as(count("finding.closed_at is null"), "one")
        .expr_as(count(BARE), "two")
        .expr_as(count("finding.closed_at is not null"), "three")
        .group_by(Column::CountyCode)
        .into_model::<Counted>()
        .all(db)
        .await
}

/// For each county in reach: tasks that are not closed, those of them that are late on a day, and those that are closed.
pub(super) async fn tasks_by_county(
    db: &impl ConnectionTrait,
    scope: &Scope,
    today: NaiveDate,
) -> Result<Vec<Counted>, DbErr> {
    let county = Expr::col((Entity, Column::CountyCode));
    let late: Expr = CaseStatement::new().case(late(today), Expr::value(1)).into();
    let on = Expr::col((task::Entity, task::Column::FindingId)).eq(Expr::col((Entity, Column::Id)));
    let mut rows = Query::select();
    rows.expr_as(county.clone(), "county_code")
        .expr_as(count("finding_task.state <> 'closed'"), "one")
        .expr_as(Func::count(late), "two")
        .expr_as(count("finding_task.state = 'closed'"), "three")
        .from(task::Entity)
        .inner_join(Entity, on)
        .add_group_by([county]);
    match scope {
        Scope::Everything => {}
        Scope::County(code) => {
            rows.and_where(Column::CountyCode.eq(code.clone()));
        }
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => return Ok(Vec::new()),
    }
    let rows = db.query_all(&rows).await?;
    rows.iter().map(|row| Counted::from_query_result(row, "")).collect()
}
