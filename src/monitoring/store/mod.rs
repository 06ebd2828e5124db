//! Rules, trials, runs, clues and measures in the database. Every read for a caller begins at a `visible_…`.

mod counted;
mod facts;

pub(super) use counted::{count_clues, count_measures, counted_clues, counted_measures};
pub(super) use facts::{lost_of, moved_of, upheld_of};

use super::view::{ClueQuery, MeasureQuery};
use crate::access::Scope;
use crate::adjustment::DECISION_DAYS;
use crate::db::Tx;
use crate::household::history::MONITORED;
use crate::{household, organisation};
use chrono::{Days, NaiveDate};
use entity::value::{
    AdjustmentId, AreaCode, ClueId, ClueKind, ClueState, HouseholdId, MeasureId, MeasureState, MonitoringRuleId,
    MonitoringRuleState, OrganisationId, Timestamp,
};
use entity::{
    household as register, measure, measure_step, monitoring_clue, monitoring_rule, monitoring_run, monitoring_trial,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Values in one `in`, and rows in one insert.
const CHUNK: usize = 1000;

/// The states in which a clue waits for somebody.
const WAITING: [ClueState; 2] = [ClueState::Open, ClueState::DismissalAsked];

/// What a scope sees of rows about households: a county and a tree those of their villages, a village its own, a helper cadre
/// those about the households assigned to them.
fn seen<S: QueryFilter>(
    scope: &Scope,
    rows: S,
    (county, village, household): (impl ColumnTrait, impl ColumnTrait, impl ColumnTrait),
) -> S {
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(county.eq(code.clone())),
        Scope::Organisation(_) | Scope::Tree(_) => rows.filter(village.in_subquery(organisation::ids_within(scope))),
        Scope::AssignedHouseholds(person) => rows.filter(household.in_subquery(household::ids_assigned_to(*person))),
    }
}

fn visible_clues(scope: &Scope) -> Select<monitoring_clue::Entity> {
    use monitoring_clue::Column;
    seen(scope, monitoring_clue::Entity::find(), (Column::CountyCode, Column::VillageId, Column::HouseholdId))
}

fn visible_measures(scope: &Scope) -> Select<measure::Entity> {
    use measure::Column;
    seen(scope, measure::Entity::find(), (Column::CountyCode, Column::VillageId, Column::HouseholdId))
}

/// A county sees its own rules, nobody else any but who sees everything.
fn visible_rules(scope: &Scope) -> Select<monitoring_rule::Entity> {
    let rows = monitoring_rule::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(monitoring_rule::Column::CountyCode.eq(code.clone())),
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn find_rule(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: MonitoringRuleId,
) -> Result<Option<monitoring_rule::Model>, DbErr> {
    visible_rules(scope).filter(monitoring_rule::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold_rule(
    tx: &Tx,
    scope: &Scope,
    id: MonitoringRuleId,
) -> Result<Option<monitoring_rule::Model>, DbErr> {
    visible_rules(scope).filter(monitoring_rule::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

pub(super) async fn insert_rule(tx: &Tx, row: monitoring_rule::Model) -> Result<(), DbErr> {
    monitoring_rule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a rule back; its version grows.
pub(super) async fn save_rule(tx: &Tx, row: monitoring_rule::Model) -> Result<monitoring_rule::Model, DbErr> {
    let row = monitoring_rule::Model { version: row.version + 1, ..row };
    let active = row.clone().into_active_model().reset_all();
    monitoring_rule::Entity::update(active).exec(tx).await?;
    Ok(row)
}

/// Newest first.
pub(super) async fn list_rules(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<MonitoringRuleState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<monitoring_rule::Model>, DbErr> {
    use monitoring_rule::Column;
    let conditions = Condition::all()
        .add_option(state.map(|state| Column::State.eq(state)))
        .add_option(before.map(|before| Column::Id.lt(MonitoringRuleId::from_uuid(before))));
    visible_rules(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// Every rule that watches, by county.
pub(super) async fn rules_on(db: &impl ConnectionTrait) -> Result<Vec<monitoring_rule::Model>, DbErr> {
    use monitoring_rule::Column;
    monitoring_rule::Entity::find()
        .filter(Column::State.eq(MonitoringRuleState::On))
        .order_by_asc(Column::CountyCode)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

pub(super) async fn insert_trial(tx: &Tx, row: monitoring_trial::Model) -> Result<(), DbErr> {
    monitoring_trial::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// The trials of a rule, newest first.
pub(super) async fn trials_of(
    db: &impl ConnectionTrait,
    rule: MonitoringRuleId,
    limit: u64,
) -> Result<Vec<monitoring_trial::Model>, DbErr> {
    let rows = monitoring_trial::Entity::find().filter(monitoring_trial::Column::RuleId.eq(rule));
    rows.order_by_desc(monitoring_trial::Column::Id).limit(limit).all(db).await
}

pub(super) async fn insert_run(tx: &Tx, row: monitoring_run::Model) -> Result<(), DbErr> {
    monitoring_run::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn last_run(
    db: &impl ConnectionTrait,
    county: &AreaCode,
) -> Result<Option<monitoring_run::Model>, DbErr> {
    let rows = monitoring_run::Entity::find().filter(monitoring_run::Column::CountyCode.eq(county.clone()));
    rows.order_by_desc(monitoring_run::Column::Id).one(db).await
}

/// Opens clues, but for those where one waits already. Says how many were opened.
pub(super) async fn open_clues(tx: &Tx, rows: Vec<monitoring_clue::Model>) -> Result<u64, DbErr> {
    let mut opened = 0;
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        let insert = monitoring_clue::Entity::insert_many(part).on_conflict(OnConflict::new().do_nothing().to_owned());
        match insert.exec_without_returning(tx).await {
            Ok(rows) => opened += rows,
            Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(opened)
}

/// Which of these clues there are.
pub(super) async fn clues_among(tx: &Tx, ids: &[ClueId]) -> Result<HashSet<ClueId>, DbErr> {
    use monitoring_clue::Column;
    let mut found = HashSet::new();
    for part in ids.chunks(CHUNK) {
        let rows = monitoring_clue::Entity::find().select_only().column(Column::Id);
        let rows = rows.filter(Column::Id.is_in(part.iter().copied()));
        found.extend(rows.into_tuple::<ClueId>().all(tx).await?);
    }
    Ok(found)
}

/// The clue without a rule that waits for somebody, about a household.
pub(super) async fn waiting_without_rule(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    kind: ClueKind,
) -> Result<Option<monitoring_clue::Model>, DbErr> {
    use monitoring_clue::Column;
    let rows = monitoring_clue::Entity::find().filter(Column::HouseholdId.eq(household)).filter(Column::Kind.eq(kind));
    rows.filter(Column::RuleId.is_null()).filter(Column::State.is_in(WAITING)).one(db).await
}

pub(super) async fn find_clue(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ClueId,
) -> Result<Option<monitoring_clue::Model>, DbErr> {
    visible_clues(scope).filter(monitoring_clue::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold_clue(tx: &Tx, scope: &Scope, id: ClueId) -> Result<Option<monitoring_clue::Model>, DbErr> {
    visible_clues(scope).filter(monitoring_clue::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Writes a clue back; its version grows.
pub(super) async fn save_clue(tx: &Tx, row: monitoring_clue::Model) -> Result<monitoring_clue::Model, DbErr> {
    let row = monitoring_clue::Model { version: row.version + 1, ..row };
    let active = row.clone().into_active_model().reset_all();
    monitoring_clue::Entity::update(active).exec(tx).await?;
    Ok(row)
}

/// Newest first.
pub(super) async fn list_clues(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &ClueQuery,
    (today, before): (NaiveDate, Option<Uuid>),
    limit: u64,
) -> Result<Vec<monitoring_clue::Model>, DbErr> {
    use monitoring_clue::Column;
    let late = overdue_before(today);
    let overdue = |is: bool| if is { late.clone() } else { late.clone().not() };
    let conditions = Condition::all()
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(wanted.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(wanted.overdue.map(overdue))
        .add_option(before.map(|before| Column::Id.lt(ClueId::from_uuid(before))));
    visible_clues(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// Clues that wait though their day has passed.
fn overdue_before(today: NaiveDate) -> Condition {
    use monitoring_clue::Column;
    let last = today.checked_sub_days(Days::new(DECISION_DAYS)).unwrap_or(NaiveDate::MIN);
    Condition::all().add(Column::State.is_in(WAITING)).add(Column::OpenedOn.lt(last))
}

/// How many clues wait that are due by a day, by county, village and the day on which they were opened.
pub(super) async fn waiting_by_day(
    db: &impl ConnectionTrait,
    by: NaiveDate,
) -> Result<Vec<(AreaCode, OrganisationId, NaiveDate, i64)>, DbErr> {
    use monitoring_clue::Column;
    let last = by.checked_sub_days(Days::new(DECISION_DAYS)).unwrap_or(NaiveDate::MIN);
    monitoring_clue::Entity::find()
        .select_only()
        .columns([Column::CountyCode, Column::VillageId, Column::OpenedOn])
        .column_as(Column::Id.count(), "clues")
        .filter(Column::State.is_in(WAITING))
        .filter(Column::OpenedOn.lte(last))
        .group_by(Column::CountyCode)
        .group_by(Column::VillageId)
        .group_by(Column::OpenedOn)
        .into_tuple()
        .all(db)
        .await
}

/// Clues of a county that wait though their day lies before one; those after one, in their order.
pub(super) async fn overdue_clues(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    day: NaiveDate,
    (after, limit): (Option<ClueId>, u64),
) -> Result<Vec<monitoring_clue::Model>, DbErr> {
    use monitoring_clue::Column;
    let conditions = overdue_before(day)
        .add(Column::CountyCode.eq(county.clone()))
        .add_option(after.map(|after| Column::Id.gt(after)));
    monitoring_clue::Entity::find().filter(conditions).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// Households of a county with a measure that began by a day and was not given up, with their villages; those after one, in
/// their order.
pub(super) async fn helped_since(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    day: NaiveDate,
    (after, limit): (Option<HouseholdId>, u64),
) -> Result<Vec<(HouseholdId, OrganisationId)>, DbErr> {
    let helped = Query::select()
        .column(measure::Column::HouseholdId)
        .from(measure::Entity)
        .and_where(measure::Column::CountyCode.eq(county.clone()))
        .and_where(measure::Column::BegunOn.lte(day))
        .and_where(measure::Column::State.ne(MeasureState::Ended))
        .to_owned();
    let rows = register::Entity::find()
        .select_only()
        .columns([register::Column::Id, register::Column::VillageId])
        .filter(register::Column::Id.in_subquery(helped))
        .filter(register::Column::People.gt(0))
        .filter(Condition::all().add_option(after.map(|after| register::Column::Id.gt(after))));
    rows.order_by_asc(register::Column::Id).limit(limit).into_tuple().all(db).await
}

/// How many clues about a household wait for somebody.
pub(super) async fn count_waiting(db: &impl ConnectionTrait, household: HouseholdId) -> Result<u64, DbErr> {
    use monitoring_clue::Column;
    let rows = monitoring_clue::Entity::find().filter(Column::HouseholdId.eq(household));
    rows.filter(Column::State.is_in(WAITING)).count(db).await
}

/// The last clue of each rule about each household.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastClue {
    pub opened_on: NaiveDate,
    pub created_at: Timestamp,
    pub state: ClueState,
    pub adjustment: Option<AdjustmentId>,
    pub measure: Option<MeasureId>,
}

/// What these rules last said about these households.
pub(super) async fn last_clues(
    db: &impl ConnectionTrait,
    rules: &[MonitoringRuleId],
    ids: &[HouseholdId],
) -> Result<HashMap<(HouseholdId, MonitoringRuleId), LastClue>, DbErr> {
    use monitoring_clue::Column;
    let mut last = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let rows = monitoring_clue::Entity::find()
            .filter(Column::HouseholdId.is_in(part.iter().copied()))
            .filter(Column::RuleId.is_in(rules.iter().copied()))
            .order_by_asc(Column::Id);
        for row in rows.all(db).await? {
            let Some(rule) = row.rule_id else { continue };
            let clue = LastClue {
                opened_on: row.opened_on,
                created_at: row.created_at,
                state: row.state,
                adjustment: row.adjustment_id,
                measure: row.measure_id,
            };
            last.insert((row.household_id, rule), clue);
        }
    }
    Ok(last)
}

pub(super) async fn insert_measure(tx: &Tx, row: measure::Model) -> Result<(), DbErr> {
    measure::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_step(tx: &Tx, row: measure_step::Model) -> Result<(), DbErr> {
    measure_step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn steps_of(db: &impl ConnectionTrait, id: MeasureId) -> Result<Vec<measure_step::Model>, DbErr> {
    let rows = measure_step::Entity::find().filter(measure_step::Column::MeasureId.eq(id));
    rows.order_by_asc(measure_step::Column::Number).all(db).await
}

pub(super) async fn find_measure(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: MeasureId,
) -> Result<Option<measure::Model>, DbErr> {
    visible_measures(scope).filter(measure::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold_measure(tx: &Tx, scope: &Scope, id: MeasureId) -> Result<Option<measure::Model>, DbErr> {
    visible_measures(scope).filter(measure::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Writes a measure back; its version grows.
pub(super) async fn save_measure(tx: &Tx, row: measure::Model) -> Result<measure::Model, DbErr> {
    let row = measure::Model { version: row.version + 1, ..row };
    let active = row.clone().into_active_model().reset_all();
    measure::Entity::update(active).exec(tx).await?;
    Ok(row)
}

/// Newest first.
pub(super) async fn list_measures(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &MeasureQuery,
    (today, before): (NaiveDate, Option<Uuid>),
    limit: u64,
) -> Result<Vec<measure::Model>, DbErr> {
    use measure::Column;
    let late = Condition::all().add(Column::State.eq(MeasureState::Running)).add(Column::DueOn.lt(today));
    let overdue = |is: bool| if is { late.clone() } else { late.clone().not() };
    let conditions = Condition::all()
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(wanted.overdue.map(overdue))
        .add_option(before.map(|before| Column::Id.lt(MeasureId::from_uuid(before))));
    visible_measures(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// The measures of these households.
pub(super) async fn measures_of(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<Vec<measure::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = measure::Entity::find().filter(measure::Column::HouseholdId.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(measure::Column::Id).all(db).await?);
    }
    Ok(found)
}

/// How many clues of a county wait for somebody, by what they are about.
pub(super) async fn waiting_by_kind(
    db: &impl ConnectionTrait,
    county: &AreaCode,
) -> Result<Vec<(ClueKind, i64)>, DbErr> {
    use monitoring_clue::Column;
    monitoring_clue::Entity::find()
        .select_only()
        .column(Column::Kind)
        .column_as(Column::Id.count(), "clues")
        .filter(Column::CountyCode.eq(county.clone()))
        .filter(Column::State.is_in(WAITING))
        .group_by(Column::Kind)
        .order_by_asc(Column::Kind)
        .into_tuple()
        .all(db)
        .await
}

/// How many measures of a county are late.
pub(super) async fn count_late(db: &impl ConnectionTrait, county: &AreaCode, today: NaiveDate) -> Result<u64, DbErr> {
    use measure::Column;
    let rows = measure::Entity::find().filter(Column::CountyCode.eq(county.clone()));
    rows.filter(Column::State.eq(MeasureState::Running)).filter(Column::DueOn.lt(today)).count(db).await
}

/// How many households of a county are monitored, and for how many of them nothing is done nor was.
pub(super) async fn count_monitored(db: &impl ConnectionTrait, county: &AreaCode) -> Result<(u64, u64), DbErr> {
    let of_household = Expr::col((measure::Entity, measure::Column::HouseholdId));
    let helped = Query::select()
        .expr(Expr::val(1))
        .from(measure::Entity)
        .and_where(of_household.eq(Expr::col((register::Entity, register::Column::Id))))
        .and_where(measure::Column::State.ne(MeasureState::Ended))
        .to_owned();
    let without = CaseStatement::new().case(Expr::exists(helped).not(), Expr::val(1));
    let counted: Option<(i64, i64)> = register::Entity::find()
        .select_only()
        .expr_as(Expr::col((register::Entity, register::Column::Id)).count(), "monitored")
        .expr_as(Expr::expr(without).count(), "without")
        .filter(register::Column::CountyCode.eq(county.clone()))
        .filter(register::Column::Status.is_in(MONITORED))
        .into_tuple()
        .one(db)
        .await?;
    let of = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(counted.map_or((0, 0), |(monitored, without)| (of(monitored), of(without))))
}

/// How many households a county has with somebody in them.
pub(super) async fn count_households(db: &impl ConnectionTrait, county: &AreaCode) -> Result<u64, DbErr> {
    let rows = register::Entity::find().filter(register::Column::CountyCode.eq(county.clone()));
    rows.filter(register::Column::People.gt(0)).count(db).await
}
