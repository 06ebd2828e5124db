//! How a county stands (监测总览): what waits, what is late, who has nothing done for them.

use super::view::{CluesOfKind, MonitoringOverview};
use super::{MonitoringError, store};
use crate::access::policy::ViewMonitoringRule;
use crate::access::{Grant, Scope, SmallestGroup};
use chrono::NaiveDate;
use entity::value::AreaCode;
use sea_orm::ConnectionTrait;

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
    let (monitored, without_measure) = store::count_monitored(db, county).await?;
    let by_kind = store::waiting_by_kind(db, county).await?;
    Ok(MonitoringOverview {
        county_code: county.clone(),
        on: today,
        households: count(store::count_households(db, county).await?),
        monitored: count(monitored),
        without_measure: count(without_measure),
        measures_late: count(store::count_late(db, county, today).await?),
        clues: by_kind
            .into_iter()
            .map(|(kind, waiting)| CluesOfKind { kind, waiting: smallest.shown(waiting) })
            .collect(),
        last_run: store::last_run(db, county).await?.map(Into::into),
    })
}
