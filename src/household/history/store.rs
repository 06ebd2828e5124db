//! The history's SQL.

use super::merge::FURTHEST;
use super::people::Stay;
use crate::db::Tx;
use crate::household::store::later_ones;
use chrono::NaiveDate;
use entity::value::{HouseholdId, MemberChangeId, MemberId, OrganisationId, Relation};
use entity::{household, household_change, household_land, household_member, member_change};
use sea_orm::sea_query::{Alias, CommonTableExpression, Expr, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

/// Rows in one insert, and values in one `in`.
const CHUNK: usize = 1000;

/// The first entries of households and their members.
pub(in crate::household) async fn insert_first(
    tx: &Tx,
    households: Vec<household_change::Model>,
    members: Vec<member_change::Model>,
) -> Result<(), DbErr> {
    insert_households(tx, households).await?;
    insert_members(tx, members).await
}

pub(super) async fn insert_households(tx: &Tx, rows: Vec<household_change::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        household_change::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_members(tx: &Tx, rows: Vec<member_change::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        member_change::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Whoever belonged to a household at some time.
fn people_of(household: HouseholdId) -> SelectStatement {
    Query::select()
        .column(member_change::Column::MemberId)
        .from(member_change::Entity)
        .and_where(member_change::Column::HouseholdId.eq(household))
        .to_owned()
}

/// Everything entered about whoever belonged to a household at some time.
pub(super) async fn of_people(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Vec<member_change::Model>, DbErr> {
    member_change::Entity::find()
        .filter(member_change::Column::MemberId.in_subquery(people_of(household)))
        .order_by_asc(member_change::Column::FromDate)
        .order_by_asc(member_change::Column::Id)
        .all(db)
        .await
}

/// Everything entered about these people.
pub(in crate::household) async fn of_members(
    db: &impl ConnectionTrait,
    ids: &[MemberId],
) -> Result<Vec<member_change::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = member_change::Entity::find().filter(member_change::Column::MemberId.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// By which entries whoever ever belonged to these households came and left.
pub(super) async fn stays(db: &impl ConnectionTrait, ids: &[HouseholdId]) -> Result<Vec<(MemberId, Stay)>, DbErr> {
    use member_change::Column;
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let ever = Query::select()
            .column(Column::MemberId)
            .from(member_change::Entity)
            .and_where(Column::HouseholdId.is_in(part.iter().copied()))
            .to_owned();
        let rows = member_change::Entity::find()
            .select_only()
            .columns([Column::MemberId, Column::FromDate, Column::Id, Column::HouseholdId])
            .filter(Column::MemberId.in_subquery(ever))
            .filter(Condition::any().add(Column::HouseholdId.is_not_null()).add(Column::HasLeft.eq(true)));
        let rows = rows.into_tuple::<(MemberId, NaiveDate, MemberChangeId, Option<HouseholdId>)>().all(db).await?;
        found.extend(rows.into_iter().map(|(member, from, id, household)| (member, (from, id, household))));
    }
    Ok(found)
}

/// Whoever belonged to a household at some time, as they are kept.
pub(super) async fn members_ever(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Vec<household_member::Model>, DbErr> {
    household_member::Entity::find()
        .filter(household_member::Column::Id.in_subquery(people_of(household)))
        .order_by_asc(household_member::Column::Id)
        .all(db)
        .await
}

/// People by the keyed hashes of their numbers.
pub(in crate::household) async fn by_hashes(
    db: &impl ConnectionTrait,
    hashes: &[String],
) -> Result<Vec<household_member::Model>, DbErr> {
    let mut found = Vec::new();
    for part in hashes.chunks(CHUNK) {
        let rows = household_member::Entity::find()
            .filter(household_member::Column::IdNumberHash.is_in(part.iter().map(String::as_str)));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// Everything entered about a household itself.
pub(super) async fn of_household(
    db: &impl ConnectionTrait,
    id: HouseholdId,
) -> Result<Vec<household_change::Model>, DbErr> {
    household_change::Entity::find()
        .filter(household_change::Column::HouseholdId.eq(id))
        .order_by_asc(household_change::Column::FromDate)
        .order_by_asc(household_change::Column::Id)
        .all(db)
        .await
}

/// Everything entered about these households themselves.
pub(super) async fn of_households(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<household_change::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows =
            household_change::Entity::find().filter(household_change::Column::HouseholdId.is_in(part.iter().copied()));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// Everything entered about whoever belonged to one of these households at some time.
pub(super) async fn of_people_of(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<member_change::Model>, DbErr> {
    use member_change::Column;
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let ever = Query::select()
            .column(Column::MemberId)
            .from(member_change::Entity)
            .and_where(Column::HouseholdId.is_in(part.iter().copied()))
            .to_owned();
        found.extend(member_change::Entity::find().filter(Column::MemberId.in_subquery(ever)).all(db).await?);
    }
    Ok(found)
}

/// The households that belonged to a village on a day, by the last entry about their village until then.
pub(in crate::household) fn ids_settled_in(village: OrganisationId, on: NaiveDate) -> SelectStatement {
    use household_change::Column;
    let columns = (Column::HouseholdId, Column::FromDate, Column::Id);
    let moved = later_ones(household_change::Entity, columns, on)
        .and_where(Expr::col((Alias::new("later"), Column::VillageId)).is_not_null())
        .to_owned();
    household_change::Entity::find()
        .select_only()
        .column(Column::HouseholdId)
        .filter(Column::VillageId.eq(village))
        .filter(Column::FromDate.lte(on))
        .filter(Expr::exists(moved).not())
        .into_query()
}

/// Into which households these were merged.
pub(super) async fn merged(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<household_change::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = household_change::Entity::find()
            .filter(household_change::Column::HouseholdId.is_in(part.iter().copied()))
            .filter(household_change::Column::MergedInto.is_not_null());
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// Every merge that leads to one of these households or away from it: one statement a thousand of them.
pub(super) async fn merges_about(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<Vec<household_change::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = household_change::Entity::find().filter(household_change::Column::Id.in_subquery(merge_lines(part)));
        found.extend(rows.order_by_asc(household_change::Column::Id).all(db).await?);
    }
    Ok(found)
}

/// The entries about merges that these households are part of, followed back to those that were merged before.
fn merge_lines(ids: &[HouseholdId]) -> SelectStatement {
    use household_change::{Column, Entity};
    let (line, depth) = (Alias::new("line"), Alias::new("depth"));
    let either = Condition::any()
        .add(Column::MergedInto.is_in(ids.iter().copied()))
        .add(Column::HouseholdId.is_in(ids.iter().copied()));
    let mut step = Query::select();
    step.columns([(Entity, Column::Id), (Entity, Column::HouseholdId)])
        .expr(Expr::col((line.clone(), depth.clone())).add(1))
        .from(Entity)
        .inner_join(line.clone(), Expr::col((Entity, Column::MergedInto)).equals((line.clone(), Column::HouseholdId)))
        .and_where(Expr::col((line.clone(), depth.clone())).lt(FURTHEST));
    let mut walk = Query::select();
    walk.columns([Column::Id, Column::HouseholdId])
        .expr(Expr::value(1))
        .from(Entity)
        .and_where(Column::MergedInto.is_not_null())
        .cond_where(either)
        .union(UnionType::Distinct, step);
    let columns = [Alias::new("id"), Alias::new("household_id"), depth];
    let table = CommonTableExpression::new().table_name(line.clone()).columns(columns).query(walk).to_owned();
    let clause = Query::with().recursive(true).cte(table).to_owned();
    Query::select().column(Column::Id).from(line).with_cte(clause).to_owned()
}

/// The land of a household as it was entered, in the order in which it holds.
pub(super) async fn land_of(db: &impl ConnectionTrait, id: HouseholdId) -> Result<Vec<household_land::Model>, DbErr> {
    household_land::Entity::find()
        .filter(household_land::Column::HouseholdId.eq(id))
        .order_by_asc(household_land::Column::FromDate)
        .order_by_asc(household_land::Column::Id)
        .all(db)
        .await
}

/// Where a person is today; one who left keeps the household they left.
pub(super) async fn place(
    tx: &Tx,
    id: MemberId,
    household: Option<HouseholdId>,
    relation: Relation,
    left_on: Option<NaiveDate>,
) -> Result<(), DbErr> {
    let mut row = household_member::Entity::update_many()
        .col_expr(household_member::Column::Relation, Expr::value(relation))
        .col_expr(household_member::Column::LeftOn, Expr::value(left_on));
    if let Some(household) = household {
        row = row.col_expr(household_member::Column::HouseholdId, Expr::value(household));
    }
    row.filter(household_member::Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// What a household is today; its version grows.
pub(super) async fn renew(
    tx: &Tx,
    id: HouseholdId,
    village: Option<OrganisationId>,
    head_name: Option<String>,
    people: i32,
) -> Result<(), DbErr> {
    use household::Column;
    let mut row = household::Entity::update_many()
        .col_expr(Column::People, Expr::value(people))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1));
    if let Some(village) = village {
        row = row.col_expr(Column::VillageId, Expr::value(village));
    }
    if let Some(head_name) = head_name {
        row = row.col_expr(Column::HeadName, Expr::value(head_name));
    }
    row.filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}
