//! What can be done with deliveries.

use super::view::{Delivery, DeliveryQuery, NewDelivery};
use super::{store, terms};
use crate::access::policy::KeepHarvest;
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::harvest::error::{HarvestError, invalid};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{attribution, household};
use entity::delivery;
use entity::value::{AgreementId, DeliveryId, Fen, Grams, HouseholdId, OrganisationId, PersonId, business_date};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// How many deliveries may come at once.
const MOST_AT_ONCE: usize = 500;

/// Records one delivery; what is wrong is named from the root of the request.
///
/// # Errors
/// The row at fault.
pub async fn record_one(tx: &Tx, grant: &Grant<KeepHarvest>, new: &NewDelivery) -> Result<Delivery, HarvestError> {
    record_at(tx, grant, std::slice::from_ref(new), &[String::new()]).await?.pop().ok_or(HarvestError::NotFound)
}

/// Records deliveries, all or none, in the order given.
///
/// # Errors
/// Every row at fault, below `/deliveries`.
pub async fn record(tx: &Tx, grant: &Grant<KeepHarvest>, new: &[NewDelivery]) -> Result<Vec<Delivery>, HarvestError> {
    if !(1..=MOST_AT_ONCE).contains(&new.len()) {
        return Err(HarvestError::Faults(vec![invalid(
            "/deliveries".to_owned(),
            "一次可提交 1 至 500 笔交售。",
            "1 to 500 deliveries may come at once.",
        )]));
    }
    let at: Vec<String> = (0..new.len()).map(|index| format!("/deliveries/{index}")).collect();
    record_at(tx, grant, new, &at).await
}

async fn record_at(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    new: &[NewDelivery],
    at: &[String],
) -> Result<Vec<Delivery>, HarvestError> {
    let (supplier, person) = (grant.organisation()?, grant.person()?);
    let mut agreements: Vec<AgreementId> = new.iter().map(|new| new.agreement_id).collect();
    agreements.sort_unstable();
    agreements.dedup();
    let agreements = attribution::find_agreements(tx, &agreements).await?;
    let today = business_date(tx.now());
    let mut faults = Vec::new();
    let mut rows = Vec::with_capacity(new.len());
    for (new, at) in new.iter().zip(at) {
        let agreement = agreements.get(&new.agreement_id);
        let found = terms::faults_of(new, supplier, agreement, today, at);
        match agreement {
            Some(agreement) if found.is_empty() => {
                rows.push(row(tx, supplier, agreement.household_id, person, new)?);
            }
            _ => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    store::insert(tx, &rows).await?;
    tx.audit_all(rows.iter().map(recorded).collect()).await?;
    Ok(views(tx, rows).await?)
}

fn row(
    tx: &Tx,
    supplier_id: OrganisationId,
    household_id: HouseholdId,
    recorded_by: PersonId,
    new: &NewDelivery,
) -> Result<delivery::Model, HarvestError> {
    let value_fen: Fen = new.grams.value_at(new.price_fen_per_kg)?;
    Ok(delivery::Model {
        id: DeliveryId::generate(),
        supplier_id,
        household_id,
        agreement_id: new.agreement_id,
        variety: new.variety.trim().to_owned(),
        grams: new.grams,
        price_fen_per_kg: new.price_fen_per_kg,
        value_fen,
        delivered_on: new.delivered_on,
        weigh_note: new.weigh_note.as_ref().map(|note| note.trim().to_owned()),
        packed_grams: Grams::new(0)?,
        recorded_by,
        created_at: tx.now(),
        version: 1,
    })
}

fn recorded(row: &delivery::Model) -> Change<'static> {
    let after = json!({
        "agreement_id": row.agreement_id, "grams": row.grams, "price_fen_per_kg": row.price_fen_per_kg,
        "value_fen": row.value_fen, "delivered_on": row.delivered_on,
    });
    Change::made("delivery.recorded", "delivery", row.id.uuid(), after)
}

async fn views(db: &impl ConnectionTrait, rows: Vec<delivery::Model>) -> Result<Vec<Delivery>, DbErr> {
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let view = |row: delivery::Model| {
        let household = households.get(&row.household_id).cloned();
        Delivery::of(row, household)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One page of deliveries, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &DeliveryQuery,
) -> Result<Page<Delivery>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(DeliveryId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    let page = Page::of(rows, limit, |row| row.id.uuid(), |row| row);
    Ok(Page { items: views(db, page.items).await?, next: page.next })
}

/// Deliveries by their identifiers, whoever's they are; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_deliveries(
    db: &impl ConnectionTrait,
    ids: &[DeliveryId],
) -> Result<HashMap<DeliveryId, delivery::Model>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row)).collect())
}
