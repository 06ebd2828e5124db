//! The gaps' SQL: households in reach, with a status that is helped, for which a row elsewhere is missing.

use super::super::{plan, visit};
use super::view::{GapKind, GapQuery};
use crate::access::Scope;
use crate::household;
use crate::household::history::MONITORED;
use chrono::NaiveDate;
use entity::household::{Column, Entity, Model};
use entity::value::{AreaCode, HouseholdId, HouseholdStatusKind};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Those that are to be helped: out of poverty, or monitored.
fn helped() -> Vec<HouseholdStatusKind> {
    MONITORED.into_iter().chain([HouseholdStatusKind::Registered]).collect()
}

/// Households of a county without a visit in a year, the earlier first.
pub(super) async fn unvisited(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    (year, registered_by): (i32, NaiveDate),
    (after, limit): (Option<HouseholdId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let conditions = Condition::all()
        .add(Column::CountyCode.eq(county.clone()))
        .add(Column::People.gt(0))
        .add(Column::RegisteredOn.lte(registered_by))
        .add(Column::Status.is_in(helped()))
        .add(Column::Id.not_in_subquery(visit::visited_in(year)))
        .add_option(after.map(|after| Column::Id.gt(after)));
    Entity::find().filter(conditions).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &GapQuery,
    year: i32,
    (before, limit): (Option<HouseholdId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let done = match wanted.kind.unwrap_or(GapKind::Helper) {
        GapKind::Helper => household::ids_helped(),
        GapKind::Plan => plan::planned_in(year),
        GapKind::Visit => visit::visited_in(year),
    };
    let statuses = match wanted.monitored {
        Some(true) => MONITORED.to_vec(),
        Some(false) => vec![HouseholdStatusKind::Registered],
        None => helped(),
    };
    let conditions = Condition::all()
        .add(Column::People.gt(0))
        .add(Column::Id.in_subquery(household::ids_seen(scope)))
        .add(Column::Status.is_in(statuses))
        .add(Column::Id.not_in_subquery(done))
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(before.map(|before| Column::Id.lt(before)));
    Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}
