//! What is owed to households and for how long (拖欠), cooperative by cooperative.
//!
//! Two statements and one for names, whatever the number of households: one for the page, one for the totals.

use super::store;
use super::view::{Ages, Arrears, SupplierArrears};
use crate::access::policy::ViewPayout;
use crate::access::{Grant, Scope};
use crate::http::{Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use chrono::{Days, NaiveDate};
use entity::value::{Fen, OrganisationId, Overflow};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// What a supplier has owed its households for more than 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// Who owes.
    pub supplier_id: OrganisationId,
    /// To how many households it owes something.
    pub households: i64,
    /// How much for more than 30 days.
    pub late_fen: Fen,
    /// Since when the oldest is owed.
    pub oldest_on: NaiveDate,
}

/// Suppliers that have owed households something for more than 30 days, in the order of their identifiers.
///
/// # Errors
/// When the database cannot be asked; amounts out of range.
pub async fn late_by_supplier(db: &impl ConnectionTrait, as_of: NaiveDate) -> Result<Vec<Late>, Failure> {
    let rows = store::arrears(db, &Scope::Everything, edges(as_of)?, None, None).await?;
    let mut late = Vec::new();
    for row in rows {
        let late_fen = Fen::checked_sum([row.to_90_fen, row.to_180_fen, row.older_fen])?;
        if !late_fen.is_zero() {
            late.push(Late {
                supplier_id: row.supplier_id,
                households: row.households,
                late_fen,
                oldest_on: row.oldest_on,
            });
        }
    }
    Ok(late)
}

/// Since when what is older than 30, 90 and 180 days is owed at the latest: owed since the day before the edge is owed
/// for longer than the bucket says.
fn edges(as_of: NaiveDate) -> Result<[NaiveDate; 3], Overflow> {
    let back = |days: u64| as_of.checked_sub_days(Days::new(days)).ok_or(Overflow);
    Ok([back(31)?, back(91)?, back(181)?])
}

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
    let edges = edges(as_of)?;
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
