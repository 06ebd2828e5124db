//! How a county stands (监测总览): what waits, what is late, who has nothing done for them.

use super::view::{CluesOfKind, MonitoringOverview};
use super::{MonitoringError, store};
use crate::access::policy::ViewMonitoringRule;
use crate::access::{Grant, Scope, SmallestGroup};
use crate::household::history::{is_monitored, status_on};
use chrono::NaiveDate;
use entity::value::{AreaCode, HouseholdId, MeasureState};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;

/// The overview of a county in reach; counts of households below the smallest group are left out for those who may not see
/// them.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMonitoringRule>,
    county: &AreaCode,
    (today, smallest): (NaiveDate, u32),
) -> Result<MonitoringOverview, MonitoringError> {
    let in_reach = match grant.scope() {
        Scope::Everything => crate::region::division(db, county).await?.is_some(),
        Scope::County(own) => own == county,
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => false,
    };
    if !in_reach {
        return Err(MonitoringError::NotFound);
    }
    let smallest = SmallestGroup::seen_by(grant.actor(), smallest);
    let count = |number: u64| smallest.shown(i64::try_from(number).unwrap_or(i64::MAX));
    let ever = store::ever_monitored(db, county).await?;
    let now: Vec<HouseholdId> = ever
        .into_iter()
        .filter(|(_, rows)| status_on(rows, today).is_some_and(is_monitored))
        .map(|(id, _)| id)
        .collect();
    let helped: HashSet<HouseholdId> = store::measures_of(db, &now)
        .await?
        .into_iter()
        .filter(|row| row.state != MeasureState::Ended)
        .map(|row| row.household_id)
        .collect();
    let of = |number: usize| smallest.shown(i64::try_from(number).unwrap_or(i64::MAX));
    let by_kind = store::waiting_by_kind(db, county).await?;
    Ok(MonitoringOverview {
        county_code: county.clone(),
        on: today,
        households: count(store::count_households(db, county).await?),
        monitored: of(now.len()),
        without_measure: of(now.iter().filter(|id| !helped.contains(id)).count()),
        measures_late: count(store::count_late(db, county, today).await?),
        clues: by_kind
            .into_iter()
            .map(|(kind, waiting)| CluesOfKind { kind, waiting: smallest.shown(waiting) })
            .collect(),
        last_run: store::last_run(db, county).await?.map(Into::into),
    })
}
