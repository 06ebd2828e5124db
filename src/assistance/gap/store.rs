//! The gaps' SQL: households in reach, with a status that is helped, for which a row elsewhere is missing.

use super::super::{plan, visit};
use super::view::{GapKind, GapQuery};
use crate::access::Scope;
use crate::household;
use chrono::NaiveDate;
use entity::household::{Column, Entity, Model};
use entity::value::{HouseholdId, HouseholdStatusKind};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

const MONITORED: [HouseholdStatusKind; 3] = [
    HouseholdStatusKind::MonitoredUnstable,
    HouseholdStatusKind::MonitoredBorderline,
    HouseholdStatusKind::MonitoredSudden,
];

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &GapQuery,
    (year, today): (i32, NaiveDate),
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
        None => MONITORED.into_iter().chain([HouseholdStatusKind::Registered]).collect(),
    };
    let conditions = Condition::all()
        .add(Column::People.gt(0))
        .add(Column::Id.in_subquery(household::ids_seen(scope)))
        .add(Column::Id.in_subquery(household::ids_of_status(&statuses, today)))
        .add(Column::Id.not_in_subquery(done))
        .add_option(wanted.village_id.map(|id| Column::VillageId.eq(id)))
        .add_option(before.map(|before| Column::Id.lt(before)));
    Entity::find().filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}
