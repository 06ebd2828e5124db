//! What can be done with gaps: read them.

use super::store;
use super::view::GapQuery;
use crate::access::Grant;
use crate::access::policy::ViewHelpGaps;
use crate::household::view::HouseholdBrief;
use crate::http::{Page, PageQuery};
use crate::problem::{Failure, Problem};
use chrono::{Datelike, NaiveDate};
use entity::household;
use entity::value::{AreaCode, HouseholdId};
use sea_orm::{ConnectionTrait, DbErr};

/// Households of a county that are to be helped, were registered by a day, and at whose home nobody was in a year; those after
/// one, in their order. For rooms that look by themselves.
///
/// # Errors
/// When the database cannot be asked.
pub async fn unvisited(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    (year, registered_by): (i32, NaiveDate),
    (after, limit): (Option<HouseholdId>, u64),
) -> Result<Vec<household::Model>, DbErr> {
    store::unvisited(db, county, (year, registered_by), (after, limit)).await
}

/// One page of households for which something is not done.
///
/// # Errors
/// 400 for a bad page or year; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewHelpGaps>,
    wanted: &GapQuery,
    today: NaiveDate,
) -> Result<Page<HouseholdBrief>, Failure> {
    let page = PageQuery { limit: wanted.limit, cursor: wanted.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(HouseholdId::from_uuid));
    let year = wanted.year.unwrap_or_else(|| today.year());
    if !(2000..=2199).contains(&year) {
        return Err(Problem::invalid("?year", "年份应在 2000 至 2199 之间。", "A year between 2000 and 2199.").into());
    }
    let rows = store::list(db, grant.scope(), wanted, year, (before, limit + 1)).await?;
    let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
    let briefs = crate::household::briefs(db, &ids).await?;
    let shown: Vec<HouseholdBrief> = ids.iter().filter_map(|id| briefs.get(id).cloned()).collect();
    Ok(Page::of(shown, limit, |row| row.id.uuid(), |row| row))
}
