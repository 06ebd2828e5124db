//! The register's SQL. Every read for a caller begins at [`visible`].

use super::{helper, history};
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use chrono::NaiveDate;
use entity::value::{AreaCode, HouseholdId, HouseholdStatusKind, MemberId, OrganisationId};
use entity::{household, household_member, household_status};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, LockType, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one insert, and values in one `in`: below the bounds of both databases, and always the same.
const CHUNK: usize = 1000;

/// What a scope sees: a county its own households, a village or township those of the villages below it, a helper
/// cadre those assigned to them.
pub(super) fn visible(scope: &Scope) -> Select<household::Entity> {
    let rows = household::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(household::Column::CountyCode.eq(code.clone())),
        Scope::AssignedHouseholds(person) => {
            rows.filter(household::Column::Id.in_subquery(helper::ids_assigned_to(*person)))
        }
        Scope::Organisation(_) | Scope::Tree(_) => {
            rows.filter(household::Column::VillageId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// Of rows that a supplier has with a household, those that a scope sees: a supplier its own, a county those with its
/// households, a helper cadre those with the households assigned to them, a tree of units none. For other rooms' stores.
pub fn seen_by<S: QueryFilter>(scope: &Scope, rows: S, supplier: impl ColumnTrait, household: impl ColumnTrait) -> S {
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => rows.filter(supplier.eq(*own)),
        Scope::County(code) => rows.filter(household.in_subquery(ids_in_county(code))),
        Scope::AssignedHouseholds(person) => rows.filter(household.in_subquery(helper::ids_assigned_to(*person))),
        Scope::Tree(_) => rows.filter(Expr::value(false)),
    }
}

/// The member registered last, for the house itself and for no caller.
pub(super) async fn newest_member(db: &impl ConnectionTrait) -> Result<Option<household_member::Model>, DbErr> {
    household_member::Entity::find().order_by_desc(household_member::Column::Id).one(db).await
}

/// The identifiers of the households that a scope sees, for use inside another domain's query.
#[must_use]
pub fn ids_seen(scope: &Scope) -> SelectStatement {
    visible(scope).select_only().column(household::Column::Id).into_query()
}

/// The villages of the households that a scope sees, for use inside another domain's query.
#[must_use]
pub fn villages_seen(scope: &Scope) -> SelectStatement {
    visible(scope).select_only().column(household::Column::VillageId).into_query()
}

/// Entries about the same household that hold instead of one on a day: of those for days not after it the latest, of two for
/// one day the one entered later. Their table goes by the name `later`.
pub(super) fn later_ones<E: EntityTrait>(
    table: E,
    (household, from_date, id): (E::Column, E::Column, E::Column),
    day: NaiveDate,
) -> SelectStatement {
    let later = |column: E::Column| Expr::col((Alias::new("later"), column));
    let own = |column: E::Column| Expr::col((table, column));
    let same_day = later(from_date).eq(own(from_date)).and(later(id).gt(own(id)));
    Query::select()
        .expr(Expr::val(1))
        .from_as(table, Alias::new("later"))
        .and_where(later(household).eq(own(household)))
        .and_where(later(from_date).lte(day))
        .and_where(later(from_date).gt(own(from_date)).or(same_day))
        .to_owned()
}

/// Some counties: one, or those whose codes begin with some digits, or all.
pub type Counties<'a> = (Option<&'a AreaCode>, Option<&'a str>);

/// Rows of some counties, by the column that names theirs. For other rooms' stores.
pub fn of_counties(column: impl ColumnTrait, (one, digits): Counties<'_>) -> Condition {
    Condition::all()
        .add_option(one.map(|code| column.eq(code.clone())))
        .add_option(digits.map(|digits| column.starts_with(digits)))
}

/// The statuses that were one of these on a day, with their households of some counties.
fn statuses_on(
    counties: Counties<'_>,
    (statuses, day): (&[HouseholdStatusKind], NaiveDate),
) -> Select<household_status::Entity> {
    use household_status::{Column, Entity};
    let to_household: RelationDef =
        Entity::belongs_to(household::Entity).from(Column::HouseholdId).to(household::Column::Id).into();
    Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_household)
        .filter(of_counties(household::Column::CountyCode, counties))
        .filter(Column::Status.is_in(statuses.iter().copied()))
        .filter(Column::FromDate.lte(day))
        .filter(Expr::exists(later_ones(Entity, (Column::HouseholdId, Column::FromDate, Column::Id), day)).not())
}

/// How many households were one of these on a day, by county and by what they were.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_by_status(
    db: &impl ConnectionTrait,
    counties: Counties<'_>,
    on: (&[HouseholdStatusKind], NaiveDate),
) -> Result<Vec<(AreaCode, HouseholdStatusKind, i64)>, DbErr> {
    use household_status::Column;
    statuses_on(counties, on)
        .column(household::Column::CountyCode)
        .column(Column::Status)
        .column_as(Column::Id.count(), "households")
        .group_by(household::Column::CountyCode)
        .group_by(Column::Status)
        .order_by_asc(household::Column::CountyCode)
        .order_by_asc(Column::Status)
        .into_tuple()
        .all(db)
        .await
}

/// A page of the households that [`count_by_status`] counts, as far as a reach sees them, by their identifiers.
///
/// # Errors
/// When the database cannot be asked.
pub async fn with_status(
    db: &impl ConnectionTrait,
    (counties, seen): (Counties<'_>, &Scope),
    on: (&[HouseholdStatusKind], NaiveDate),
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<HouseholdId>, DbErr> {
    let mut rows = statuses_on(counties, on)
        .column(household::Column::Id)
        .filter(household::Column::Id.in_subquery(ids_seen(seen)))
        .order_by_asc(household::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(household::Column::Id.gt(HouseholdId::from_uuid(after)));
    }
    rows.into_tuple().all(db).await
}

/// The identifiers of a county's households, for use inside another domain's query.
#[must_use]
pub fn ids_in_county(code: &AreaCode) -> SelectStatement {
    Query::select()
        .column(household::Column::Id)
        .from(household::Entity)
        .and_where(household::Column::CountyCode.eq(code.clone()))
        .to_owned()
}

/// The identifiers of a village's households, for use inside another domain's query.
#[must_use]
pub fn ids_in_village(village: OrganisationId) -> SelectStatement {
    Query::select()
        .column(household::Column::Id)
        .from(household::Entity)
        .and_where(household::Column::VillageId.eq(village))
        .to_owned()
}

pub(super) async fn members_of_many(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<household_member::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = household_member::Entity::find()
            .filter(household_member::Column::HouseholdId.is_in(part.to_vec()))
            .filter(household_member::Column::LeftOn.is_null())
            .order_by_asc(household_member::Column::Id);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (village, as_of): (Option<OrganisationId>, Option<NaiveDate>),
    number: Option<&str>,
    after: Option<HouseholdId>,
    limit: u64,
) -> Result<Vec<household::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(household::Column::Id).limit(limit + 1);
    if let Some(day) = as_of {
        rows = rows.filter(household::Column::RegisteredOn.lte(day));
    }
    if let Some(village) = village {
        rows = match as_of {
            Some(day) => rows.filter(household::Column::Id.in_subquery(history::ids_settled_in(village, day))),
            None => rows.filter(household::Column::VillageId.eq(village)),
        };
    }
    if let Some(number) = number {
        rows = rows.filter(household::Column::Number.eq(number));
    }
    if let Some(after) = after {
        rows = rows.filter(household::Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HouseholdId,
) -> Result<Option<household::Model>, DbErr> {
    visible(scope).filter(household::Column::Id.eq(id)).one(db).await
}

/// Held until the transaction ends; rows that merely refer to it may still be written.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: HouseholdId) -> Result<Option<household::Model>, DbErr> {
    visible(scope).filter(household::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Several, in the order of their identifiers.
pub(super) async fn hold_many(tx: &Tx, scope: &Scope, ids: &[HouseholdId]) -> Result<(), DbErr> {
    for part in ids.chunks(CHUNK) {
        let rows = visible(scope).filter(household::Column::Id.is_in(part.to_vec()));
        rows.order_by_asc(household::Column::Id).lock(LockType::NoKeyUpdate).all(tx).await?;
    }
    Ok(())
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<Vec<household::Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        found.extend(household::Entity::find().filter(household::Column::Id.is_in(part.to_vec())).all(db).await?);
    }
    Ok(found)
}

/// Several, by their numbers.
pub(super) async fn find_by_numbers(
    db: &impl ConnectionTrait,
    numbers: &[&str],
) -> Result<Vec<household::Model>, DbErr> {
    let mut found = Vec::new();
    for part in numbers.chunks(CHUNK) {
        let rows = household::Entity::find().filter(household::Column::Number.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn find_by_number(db: &impl ConnectionTrait, number: &str) -> Result<Option<household::Model>, DbErr> {
    household::Entity::find().filter(household::Column::Number.eq(number)).one(db).await
}

/// Which of these numbers are in use.
pub(super) async fn taken_numbers(db: &impl ConnectionTrait, numbers: &[&str]) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for part in numbers.chunks(CHUNK) {
        let rows = household::Entity::find()
            .select_only()
            .column(household::Column::Number)
            .filter(household::Column::Number.is_in(part.iter().copied()));
        taken.extend(rows.into_tuple::<String>().all(db).await?);
    }
    Ok(taken)
}

/// Which of these people are members of a household.
pub(super) async fn taken_hashes(db: &impl ConnectionTrait, hashes: &[&str]) -> Result<Vec<String>, DbErr> {
    let mut taken = Vec::new();
    for part in hashes.chunks(CHUNK) {
        let rows = household_member::Entity::find()
            .select_only()
            .column(household_member::Column::IdNumberHash)
            .filter(household_member::Column::IdNumberHash.is_in(part.iter().copied()));
        taken.extend(rows.into_tuple::<String>().all(db).await?);
    }
    Ok(taken)
}

pub(super) async fn insert_households(tx: &Tx, rows: Vec<household::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        household::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_members(tx: &Tx, rows: Vec<household_member::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        household_member::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The first statuses of households, whose rows say the same.
pub(super) async fn insert_statuses(tx: &Tx, rows: Vec<household_status::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        household_status::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Enters a status of a household that stands, and brings its row to what its last entry says.
pub(super) async fn enter_status(tx: &Tx, row: household_status::Model) -> Result<(), DbErr> {
    use household_status::Column;
    let id = row.household_id;
    insert_statuses(tx, vec![row]).await?;
    let last = Query::select()
        .column(Column::Status)
        .from(household_status::Entity)
        .and_where(Column::HouseholdId.eq(id))
        .order_by(Column::FromDate, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(1)
        .to_owned();
    household::Entity::update_many()
        .col_expr(household::Column::Status, Expr::from(last))
        .filter(household::Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// The household has changed: its version grows.
pub(super) async fn touch(tx: &Tx, id: HouseholdId) -> Result<(), DbErr> {
    household::Entity::update_many()
        .col_expr(household::Column::Version, Expr::col(household::Column::Version).add(1))
        .filter(household::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Several have changed: their versions grow.
pub(super) async fn touch_many(tx: &Tx, ids: &[HouseholdId]) -> Result<(), DbErr> {
    for part in ids.chunks(CHUNK) {
        household::Entity::update_many()
            .col_expr(household::Column::Version, Expr::col(household::Column::Version).add(1))
            .filter(household::Column::Id.is_in(part.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Writes the phones of people, sealed, a statement for each few hundred.
pub(super) async fn renew_phones(tx: &Tx, phones: &[(MemberId, String)]) -> Result<(), DbErr> {
    use household_member::Column;
    for part in phones.chunks(300) {
        let case = part.iter().fold(CaseStatement::new(), |case, (id, cipher)| {
            case.case(Column::Id.eq(*id), Expr::value(cipher.clone()))
        });
        household_member::Entity::update_many()
            .col_expr(Column::PhoneCipher, case.finally(Expr::col(Column::PhoneCipher)).into())
            .filter(Column::Id.is_in(part.iter().map(|(id, _)| *id)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Households with people, after one, in the order in which they were registered.
pub(super) async fn list_after(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<HouseholdId>,
    limit: u64,
) -> Result<Vec<household::Model>, DbErr> {
    let mut rows =
        visible(scope).filter(household::Column::People.gt(0)).order_by_asc(household::Column::Id).limit(limit);
    if let Some(after) = after {
        rows = rows.filter(household::Column::Id.gt(after));
    }
    rows.all(db).await
}

/// Every status of several households.
pub(super) async fn statuses_of_many(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<household_status::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows =
            household_status::Entity::find().filter(household_status::Column::HouseholdId.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn members_of(
    db: &impl ConnectionTrait,
    id: HouseholdId,
) -> Result<Vec<household_member::Model>, DbErr> {
    household_member::Entity::find()
        .filter(household_member::Column::HouseholdId.eq(id))
        .filter(household_member::Column::LeftOn.is_null())
        .order_by_asc(household_member::Column::Id)
        .all(db)
        .await
}

pub(super) async fn members_by_ids(
    db: &impl ConnectionTrait,
    ids: &[MemberId],
) -> Result<Vec<household_member::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = household_member::Entity::find().filter(household_member::Column::Id.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn has_member(
    db: &impl ConnectionTrait,
    household: HouseholdId,
    member: MemberId,
) -> Result<bool, DbErr> {
    let found = household_member::Entity::find_by_id(member)
        .filter(household_member::Column::HouseholdId.eq(household))
        .filter(household_member::Column::LeftOn.is_null())
        .one(db)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn statuses_of(
    db: &impl ConnectionTrait,
    id: HouseholdId,
) -> Result<Vec<household_status::Model>, DbErr> {
    household_status::Entity::find()
        .filter(household_status::Column::HouseholdId.eq(id))
        .order_by_asc(household_status::Column::FromDate)
        .order_by_asc(household_status::Column::Id)
        .all(db)
        .await
}

/// The status of each household on a day: the one that began last; of two that began on one day, the later entered.
pub(super) async fn status_on(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    date: NaiveDate,
) -> Result<HashMap<HouseholdId, HouseholdStatusKind>, DbErr> {
    let mut on_the_day = HashMap::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let rows = household_status::Entity::find()
            .filter(household_status::Column::HouseholdId.is_in(part.to_vec()))
            .filter(household_status::Column::FromDate.lte(date))
            .order_by_asc(household_status::Column::FromDate)
            .order_by_asc(household_status::Column::Id)
            .all(db)
            .await?;
        on_the_day.extend(rows.into_iter().map(|row| (row.household_id, row.status)));
    }
    Ok(on_the_day)
}

/// How many households these counties have.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_in_counties(db: &impl ConnectionTrait, counties: &[AreaCode]) -> Result<u64, DbErr> {
    household::Entity::find().filter(household::Column::CountyCode.is_in(counties.iter().cloned())).count(db).await
}

/// A county's households after one of them, in the order of their identifiers: to go through all of them in parts.
///
/// # Errors
/// When the database cannot be asked.
pub async fn after_in_county(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    after: Option<HouseholdId>,
    limit: u64,
) -> Result<Vec<household::Model>, DbErr> {
    let mut rows = household::Entity::find()
        .filter(household::Column::CountyCode.eq(county.clone()))
        .order_by_asc(household::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(household::Column::Id.gt(after));
    }
    rows.all(db).await
}
