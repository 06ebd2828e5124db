//! What can be done with lots.

use super::view::{Lot, LotDelivery, LotQuery, LotSummary, NewLot};
use super::{code, store};
use crate::access::policy::KeepHarvest;
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::harvest::delivery;
use crate::harvest::error::{DELIVERY_OVERPACKED, DELIVERY_UNKNOWN, Fault, HarvestError, fault, invalid};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{catalogue, household};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, DeliveryId, FenPerKilogram, Grams, HouseholdId, LotId, OrganisationId, ProductId, business_date,
};
use entity::{delivery as delivery_table, lot, lot_delivery};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many deliveries one lot may be packed from.
const MOST_PARTS: usize = 200;

/// Packs a lot out of deliveries.
///
/// # Errors
/// The product is not the supplier's; a delivery is unknown, or less of it is left than wanted; a day that makes no
/// sense. Every row at fault is named.
pub async fn pack(tx: &Tx, grant: &Grant<KeepHarvest>, new: &NewLot) -> Result<LotId, HarvestError> {
    let supplier = grant.organisation()?;
    let faults = faults_by_itself(new, business_date(tx.now()));
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let product = catalogue::find_product(tx, new.product_id).await?;
    if product.is_none_or(|product| product.supplier_id != supplier) {
        return Err(HarvestError::ProductUnknown);
    }
    let ids: Vec<DeliveryId> = new.deliveries.iter().map(|part| part.delivery_id).collect();
    let held: HashMap<_, _> =
        delivery::hold_own(tx, supplier, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let faults = faults_of_parts(new, &held);
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let taken: Vec<(DeliveryId, Grams)> = new.deliveries.iter().map(|part| (part.delivery_id, part.grams)).collect();
    delivery::add_packed(tx, &taken).await?;
    insert(tx, supplier, new, &taken).await
}

async fn insert(
    tx: &Tx,
    supplier_id: OrganisationId,
    new: &NewLot,
    taken: &[(DeliveryId, Grams)],
) -> Result<LotId, HarvestError> {
    let nothing = Grams::new(0)?;
    let id = LotId::generate();
    let row = lot::Model {
        id,
        supplier_id,
        product_id: new.product_id,
        code: code::of(id, new.packed_on),
        packed_on: new.packed_on,
        total_grams: taken.iter().try_fold(nothing, |sum, (_, grams)| sum.checked_add(*grams))?,
        shipped_grams: nothing,
        created_at: tx.now(),
        version: 1,
    };
    let after = json!({
        "code": row.code, "product_id": row.product_id, "total_grams": row.total_grams, "deliveries": taken.len(),
    });
    let parts = taken.iter().map(|(delivery_id, grams)| lot_delivery::Model {
        lot_id: id,
        delivery_id: *delivery_id,
        grams: *grams,
    });
    store::insert(tx, row, parts.collect()).await.map_err(|error| {
        if db::is_duplicate(&error, "lot", &["code"]) { HarvestError::CodeTaken } else { error.into() }
    })?;
    tx.audit(Change::made("lot.packed", "lot", id.uuid(), after)).await?;
    Ok(id)
}

fn faults_by_itself(new: &NewLot, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.packed_on > today {
        faults.push(invalid(
            "/packed_on".to_owned(),
            "装批日期不能晚于今天。",
            "The day of packing is not in the future.",
        ));
    }
    if !(1..=MOST_PARTS).contains(&new.deliveries.len()) {
        faults.push(invalid(
            "/deliveries".to_owned(),
            "一个批次由 1 至 200 笔交售组成。",
            "A lot is packed from 1 to 200 deliveries.",
        ));
    }
    let mut seen = HashSet::new();
    for (index, part) in new.deliveries.iter().enumerate() {
        if part.grams.is_zero() {
            faults.push(invalid(format!("/deliveries/{index}/grams"), "重量必须大于零。", "The weight is above zero."));
        }
        if !seen.insert(part.delivery_id) {
            faults.push(invalid(
                format!("/deliveries/{index}/delivery_id"),
                "同一笔交售在批次中只能出现一次。",
                "A delivery stands in a lot once.",
            ));
        }
    }
    faults
}

fn faults_of_parts(new: &NewLot, held: &HashMap<DeliveryId, delivery_table::Model>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, part) in new.deliveries.iter().enumerate() {
        let Some(row) = held.get(&part.delivery_id) else {
            faults.push(fault(
                &DELIVERY_UNKNOWN,
                format!("/deliveries/{index}/delivery_id"),
                "本单位没有这笔交售。",
                "You have no such delivery.",
            ));
            continue;
        };
        let left = row.grams.get() - row.packed_grams.get();
        if part.grams.get() > left {
            faults.push(fault(
                &DELIVERY_OVERPACKED,
                format!("/deliveries/{index}/grams"),
                format!("该笔交售尚余 {left} 克。"),
                format!("{left} g of the delivery are left."),
            ));
        }
        if new.packed_on < row.delivered_on {
            faults.push(invalid(
                "/packed_on".to_owned(),
                "装批日期不能早于交售日期。",
                "A lot is not packed before its deliveries were brought.",
            ));
        }
    }
    faults
}

/// One page of lots, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &LotQuery,
) -> Result<Page<LotSummary>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(LotId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), LotSummary::from))
}

/// One lot with what it is made of.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: LotId) -> Result<Lot, HarvestError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(HarvestError::NotFound)?;
    let parts = store::parts_of(db, &[id]).await?;
    let ids: Vec<DeliveryId> = parts.iter().map(|part| part.delivery_id).collect();
    let deliveries = delivery::find_deliveries(db, &ids).await?;
    let households: Vec<HouseholdId> = deliveries.values().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let deliveries = parts
        .into_iter()
        .filter_map(|part| {
            let row = deliveries.get(&part.delivery_id)?;
            Some(LotDelivery {
                delivery_id: part.delivery_id,
                grams: part.grams,
                household: households.get(&row.household_id).cloned(),
                agreement_id: row.agreement_id,
                price_fen_per_kg: row.price_fen_per_kg,
                delivered_on: row.delivered_on,
            })
        })
        .collect();
    Ok(Lot { summary: row.into(), deliveries })
}

/// Lots by their identifiers, whoever's they are; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_lots(db: &impl ConnectionTrait, ids: &[LotId]) -> Result<HashMap<LotId, lot::Model>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Takes grams out of lots, for goods on their way: locks, checks and counts, in three statements at most, and gives
/// the lots as they were before. Whether they are the right supplier's and product's is for the caller to see.
///
/// # Errors
/// A lot does not exist, or less is left of it than wanted.
pub async fn hold_lots(tx: &Tx, wanted: &[(LotId, Grams)]) -> Result<Vec<lot::Model>, HarvestError> {
    let nothing = Grams::new(0)?;
    let mut sums: BTreeMap<LotId, Grams> = BTreeMap::new();
    for (lot, grams) in wanted {
        let sum = sums.entry(*lot).or_insert(nothing);
        *sum = sum.checked_add(*grams)?;
    }
    if sums.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<LotId> = sums.keys().copied().collect();
    let held = store::hold_many(tx, &ids).await?;
    let known: HashSet<LotId> = held.iter().map(|row| row.id).collect();
    if let Some(lot) = ids.into_iter().find(|id| !known.contains(id)) {
        return Err(HarvestError::LotUnknown { lot });
    }
    for row in &held {
        let left = row.total_grams.checked_sub(row.shipped_grams)?;
        let wanted = sums.get(&row.id).copied().unwrap_or(nothing);
        if wanted > left {
            return Err(HarvestError::LotExhausted { lot: row.id, left, wanted });
        }
    }
    let parts: Vec<(LotId, Grams)> = sums.into_iter().collect();
    store::add_shipped(tx, &parts).await?;
    Ok(held)
}

/// Puts grams back into lots that they had left, in two statements; whether they came from there is for the caller to see.
///
/// # Errors
/// More than had left a lot; the database.
pub async fn put_back(tx: &Tx, parts: &[(LotId, Grams)]) -> Result<(), HarvestError> {
    let mut sums: BTreeMap<LotId, Grams> = BTreeMap::new();
    for (lot, grams) in parts {
        let sum = sums.entry(*lot).or_insert(Grams::new(0)?);
        *sum = sum.checked_add(*grams)?;
    }
    let ids: Vec<LotId> = sums.keys().copied().collect();
    for row in store::hold_many(tx, &ids).await? {
        row.shipped_grams.checked_sub(sums.get(&row.id).copied().unwrap_or(Grams::new(0)?))?;
    }
    Ok(store::take_shipped_back(tx, &sums.into_iter().collect::<Vec<_>>()).await?)
}

/// One delivery's part of a lot: whose it is, and what was paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotPart {
    /// The lot.
    pub lot: LotId,
    /// Its product.
    pub product: ProductId,
    /// What the whole lot weighs.
    pub lot_total_grams: Grams,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Under which agreement it was delivered.
    pub agreement: AgreementId,
    /// By which household.
    pub household: HouseholdId,
    /// How much of the delivery is in the lot.
    pub grams: Grams,
    /// The price paid for it.
    pub price_fen_per_kg: FenPerKilogram,
}

/// What lots are made of, by lot and delivery: three questions, however many there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn composition(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<LotPart>, DbErr> {
    let parts = store::parts_of(db, lots).await?;
    let lots = find_lots(db, lots).await?;
    let mut ids: Vec<DeliveryId> = parts.iter().map(|part| part.delivery_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let deliveries = delivery::find_deliveries(db, &ids).await?;
    let part = |part: lot_delivery::Model| {
        let (lot, delivery) = (lots.get(&part.lot_id)?, deliveries.get(&part.delivery_id)?);
        Some(LotPart {
            lot: lot.id,
            product: lot.product_id,
            lot_total_grams: lot.total_grams,
            delivery: delivery.id,
            agreement: delivery.agreement_id,
            household: delivery.household_id,
            grams: part.grams,
            price_fen_per_kg: delivery.price_fen_per_kg,
        })
    };
    Ok(parts.into_iter().filter_map(part).collect())
}
