//! Cases in the database. Every read for a caller begins at [`visible`].

use super::view::AdjustmentFilter;
use crate::access::Scope;
use crate::db::Tx;
use crate::household::LandShare;
use crate::{household, organisation};
use chrono::NaiveDate;
use entity::value::{
    AdjustmentId, AdjustmentKind, AdjustmentObjectionId, AdjustmentState, AreaCode, HouseholdId, ObjectionOutcome,
    OrganisationId, PersonId, Timestamp,
};
use entity::{
    adjustment, adjustment_check, adjustment_land, adjustment_objection, adjustment_person, adjustment_publicity,
    adjustment_review, adjustment_step,
};
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Values in one `in`.
const CHUNK: usize = 1000;

/// What a scope sees: a county and a tree the cases of their villages, a village its own, a helper cadre those about the
/// households assigned to them.
fn visible(scope: &Scope) -> Select<adjustment::Entity> {
    use adjustment::Column;
    let rows = adjustment::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(Column::CountyCode.eq(code.clone())),
        Scope::Organisation(_) | Scope::Tree(_) => {
            rows.filter(Column::VillageId.in_subquery(organisation::ids_within(scope)))
        }
        Scope::AssignedHouseholds(person) => {
            rows.filter(Column::HouseholdId.in_subquery(household::ids_assigned_to(*person)))
        }
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AdjustmentId,
) -> Result<Option<adjustment::Model>, DbErr> {
    visible(scope).filter(adjustment::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: AdjustmentId) -> Result<Option<adjustment::Model>, DbErr> {
    visible(scope).filter(adjustment::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Late on a day: while the clocks stand still, as late as when they stopped.
fn overdue(today: NaiveDate) -> Condition {
    use adjustment::Column;
    let running = Condition::all().add(Column::StoppedOn.is_null()).add(Column::DueOn.lt(today));
    let stopped = Expr::col(Column::DueOn).lt(Expr::col(Column::StoppedOn));
    Condition::all().add(Column::ClosedAt.is_null()).add(Condition::any().add(running).add(stopped))
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &AdjustmentFilter,
    today: NaiveDate,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<adjustment::Model>, DbErr> {
    use adjustment::Column;
    let about = |id: HouseholdId| {
        let any = Condition::any().add(Column::HouseholdId.eq(id)).add(Column::OtherHouseholdId.eq(id));
        any.add(Column::ResultHouseholdId.eq(id))
    };
    // Not late includes whatever is over, and what the negation would leave out for an absent day.
    let late = |late: bool| {
        let ids = Query::select().column(Column::Id).from(adjustment::Entity).cond_where(overdue(today)).to_owned();
        if late { Column::Id.in_subquery(ids) } else { Column::Id.not_in_subquery(ids) }
    };
    let conditions = Condition::all()
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(wanted.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(wanted.household_id.map(about))
        .add_option(wanted.overdue.map(late))
        .add_option(before.map(|before| Column::Id.lt(before)));
    visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// The case by which a household was split off another.
pub(super) async fn made_by_split(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Option<adjustment::Model>, DbErr> {
    use adjustment::Column;
    let rows = adjustment::Entity::find().filter(Column::ResultHouseholdId.eq(household));
    rows.filter(Column::Kind.eq(AdjustmentKind::Split)).one(db).await
}

/// What land goes with the household that a case splits off.
pub(super) async fn land_of(db: &impl ConnectionTrait, id: AdjustmentId) -> Result<Vec<LandShare>, DbErr> {
    use adjustment_land::Column;
    let rows = adjustment_land::Entity::find().filter(Column::AdjustmentId.eq(id)).order_by_asc(Column::Kind);
    let share = |row: adjustment_land::Model| LandShare { kind: row.kind, square_metres: row.square_metres };
    Ok(rows.all(db).await?.into_iter().map(share).collect())
}

/// Whether a case about one of these households is open, from either side.
pub(super) async fn is_open(tx: &Tx, households: &[HouseholdId]) -> Result<bool, DbErr> {
    use adjustment::Column;
    let ids = || households.iter().copied();
    let about = Condition::any().add(Column::HouseholdId.is_in(ids())).add(Column::OtherHouseholdId.is_in(ids()));
    let open = adjustment::Entity::find().filter(Column::ClosedAt.is_null()).filter(about).limit(1);
    Ok(open.one(tx).await?.is_some())
}

pub(super) async fn insert(
    tx: &Tx,
    row: adjustment::Model,
    people: Vec<adjustment_person::Model>,
    land: &[LandShare],
) -> Result<(), DbErr> {
    let adjustment_id = row.id;
    adjustment::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if !land.is_empty() {
        let share = |share: &LandShare| {
            let LandShare { kind, square_metres } = *share;
            adjustment_land::Model { adjustment_id, kind, square_metres }.into_active_model()
        };
        adjustment_land::Entity::insert_many(land.iter().map(share)).exec_without_returning(tx).await?;
    }
    if people.is_empty() {
        return Ok(());
    }
    let people = people.into_iter().map(IntoActiveModel::into_active_model);
    adjustment_person::Entity::insert_many(people).exec_without_returning(tx).await.map(drop)
}

/// Writes where a held case is now; its version grows by one.
pub(super) async fn save(tx: &Tx, now: adjustment::Model) -> Result<adjustment::Model, DbErr> {
    use adjustment::Column;
    let now = adjustment::Model { version: now.version + 1, ..now };
    adjustment::Entity::update_many()
        .col_expr(Column::State, Expr::value(now.state))
        .col_expr(Column::DueOn, Expr::value(now.due_on))
        .col_expr(Column::StoppedOn, Expr::value(now.stopped_on))
        .col_expr(Column::RanDays, Expr::value(now.ran_days))
        .col_expr(Column::RunningSince, Expr::value(now.running_since))
        .col_expr(Column::ResultHouseholdId, Expr::value(now.result_household_id))
        .col_expr(Column::EffectiveOn, Expr::value(now.effective_on))
        .col_expr(Column::ClosedAt, Expr::value(now.closed_at))
        .col_expr(Column::Version, Expr::value(now.version))
        .filter(Column::Id.eq(now.id))
        .exec(tx)
        .await?;
    Ok(now)
}

macro_rules! inserts {
    ($($name:ident: $table:ident,)+) => {$(
        pub(super) async fn $name(tx: &Tx, row: $table::Model) -> Result<(), DbErr> {
            $table::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
        }
    )+};
}

inserts! {
    insert_step: adjustment_step,
    insert_check: adjustment_check,
    insert_review: adjustment_review,
    insert_publicity: adjustment_publicity,
    insert_objection: adjustment_objection,
}

macro_rules! parts {
    ($($name:ident: $table:ident by $order:ident,)+) => {$(
        pub(super) async fn $name(db: &impl ConnectionTrait, id: AdjustmentId) -> Result<Vec<$table::Model>, DbErr> {
            let rows = $table::Entity::find().filter($table::Column::AdjustmentId.eq(id));
            rows.order_by_asc($table::Column::$order).all(db).await
        }
    )+};
}

parts! {
    people_of: adjustment_person by Number,
    steps_of: adjustment_step by Number,
    checks_of: adjustment_check by Number,
    reviews_of: adjustment_review by Number,
    publicity_of: adjustment_publicity by PostedOn,
    objections_of: adjustment_objection by Id,
}

/// Writes what became of an objection.
pub(super) async fn answer(
    tx: &Tx,
    id: AdjustmentObjectionId,
    (outcome, text): (ObjectionOutcome, &str),
    (by, at): (PersonId, Timestamp),
) -> Result<(), DbErr> {
    use adjustment_objection::Column;
    adjustment_objection::Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::Answer, Expr::value(text))
        .col_expr(Column::AnsweredBy, Expr::value(by))
        .col_expr(Column::AnsweredAt, Expr::value(at))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// What hangs on a village's notice board now, newest first, with the case of each.
pub(super) async fn hanging(
    db: &impl ConnectionTrait,
    village: OrganisationId,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<(adjustment_publicity::Model, adjustment::Model)>, DbErr> {
    use adjustment::Column;
    let states = [AdjustmentState::Publicised, AdjustmentState::Objected];
    let mut cases = adjustment::Entity::find()
        .filter(Column::VillageId.eq(village))
        .filter(Column::State.is_in(states))
        .order_by_desc(Column::Id)
        .limit(limit);
    if let Some(before) = before {
        cases = cases.filter(Column::Id.lt(before));
    }
    let cases = cases.all(db).await?;
    let ids = cases.iter().map(|case| case.id);
    let notices = adjustment_publicity::Entity::find().filter(adjustment_publicity::Column::AdjustmentId.is_in(ids));
    let mut notices: std::collections::HashMap<AdjustmentId, adjustment_publicity::Model> =
        notices.all(db).await?.into_iter().map(|notice| (notice.adjustment_id, notice)).collect();
    Ok(cases.into_iter().filter_map(|case| Some((notices.remove(&case.id)?, case))).collect())
}

/// What decided cases say of how well the households of a county were identified.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Identified {
    /// The county.
    pub county_code: AreaCode,
    /// Households that somebody went to see because they might have been left out, and whose case was decided.
    pub checked: i64,
    /// Of these, those that had been left out.
    pub omitted: i64,
    /// Households that had left help before, were seen again because they might need it, and whose case was decided.
    pub exits_checked: i64,
    /// Of these, those that need it again.
    pub wrong_exits: i64,
}

/// For each county in reach, what the cases say that were decided between two instants.
///
/// # Errors
/// When the database cannot be asked.
pub async fn identified(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Identified>, DbErr> {
    use adjustment::Column;
    // The household a case was about, or made; a case about one that is in no register yet stands for it.
    const WHOSE: &str = "coalesce(adjustment.household_id, adjustment.result_household_id, adjustment.id)";
    const LEFT: &str = "exists (select 1 from adjustment earlier where earlier.household_id = adjustment.household_id \
                        and earlier.kind in ('exit', 'risk_removal') and earlier.state = 'effective' \
                        and earlier.closed_at < adjustment.closed_at)";
    let count = |condition: &str| Expr::cust(format!("count(distinct case when {condition} then {WHOSE} end)"));
    let is_new = "adjustment.kind = 'identification'";
    let effective = "adjustment.state = 'effective'";
    let visited =
        Query::select().column(adjustment_check::Column::AdjustmentId).from(adjustment_check::Entity).to_owned();
    visible(scope)
        .select_only()
        .column(Column::CountyCode)
        .expr_as(count(is_new), "checked")
        .expr_as(count(&format!("{is_new} and {effective}")), "omitted")
        .expr_as(count(LEFT), "exits_checked")
        .expr_as(count(&format!("{effective} and {LEFT}")), "wrong_exits")
        .filter(Column::Kind.is_in([AdjustmentKind::Identification, AdjustmentKind::ReturnToPoverty]))
        .filter(Column::State.ne(AdjustmentState::Withdrawn))
        .filter(Column::ClosedAt.gte(from))
        .filter(Column::ClosedAt.lt(until))
        .filter(Column::Id.in_subquery(visited))
        .group_by(Column::CountyCode)
        .order_by_asc(Column::CountyCode)
        .into_model::<Identified>()
        .all(db)
        .await
}

/// The case about a household that is not over.
pub(super) async fn open_case_of(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Option<AdjustmentId>, DbErr> {
    use adjustment::Column;
    let about = Condition::any().add(Column::HouseholdId.eq(household)).add(Column::OtherHouseholdId.eq(household));
    let rows = adjustment::Entity::find().select_only().column(Column::Id).filter(Column::ClosedAt.is_null());
    rows.filter(about).into_tuple().one(db).await
}

/// Which of these cases are not over.
pub(super) async fn open_among(
    db: &impl ConnectionTrait,
    cases: &[AdjustmentId],
) -> Result<HashSet<AdjustmentId>, DbErr> {
    use adjustment::Column;
    let mut found = HashSet::new();
    for part in cases.chunks(CHUNK) {
        let rows = adjustment::Entity::find().select_only().column(Column::Id).filter(Column::ClosedAt.is_null());
        found.extend(rows.filter(Column::Id.is_in(part.iter().copied())).into_tuple::<AdjustmentId>().all(db).await?);
    }
    Ok(found)
}

/// Cases that took effect, entered in a span of days, by which a household came to be monitored; the oldest first.
pub(super) async fn monitored_by(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<adjustment::Model>, DbErr> {
    use adjustment::Column;
    adjustment::Entity::find()
        .filter(Column::CountyCode.eq(county.clone()))
        .filter(Column::Kind.is_in([AdjustmentKind::Identification, AdjustmentKind::ReturnToPoverty]))
        .filter(Column::State.eq(AdjustmentState::Effective))
        .filter(Column::OpenedOn.between(from, to))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}
