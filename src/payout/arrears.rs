//! What is owed to households and for how long (拖欠), cooperative by cooperative.
//!
//! Two statements and one for names, whatever the number of households: one for the page, one for the totals.

use super::store;
use super::view::{Ages, Arrears, SupplierArrears};
use crate::access::Grant;
use crate::access::policy::ViewPayout;
use crate::http::{Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use chrono::{Days, NaiveDate};
use entity::value::{OrganisationId, Overflow};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// One page of what is owed on a day.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewPayout>,
    page: &PageQuery,
    as_of: NaiveDate,
) -> Result<Arrears, Failure> {
    let limit = page.limit()?;
    let back = |days: u64| as_of.checked_sub_days(Days::new(days)).ok_or(Overflow);
    // Owed since the day before the edge is owed for longer than the bucket says.
    let edges = [back(31)?, back(91)?, back(181)?];
    let rows = store::arrears(db, grant.scope(), edges, page.after()?, Some(limit + 1)).await?;
    let totals = Ages::sum(&store::arrears(db, grant.scope(), edges, None, None).await?)?;
    let ids: Vec<OrganisationId> = rows.iter().map(|row| row.supplier_id).collect();
    let names: HashMap<_, _> = organisation::find_many(db, &ids).await?.into_iter().map(|o| (o.id, o.name)).collect();
    let views =
        rows.iter().map(|row| SupplierArrears::of(row, names.get(&row.supplier_id).cloned().unwrap_or_default()));
    let views = views.collect::<Result<Vec<_>, _>>()?;
    let Page { items, next } = Page::of(views, limit, |view| view.supplier_id.uuid(), |view| view);
    Ok(Arrears { as_of, totals, items, next })
}
