//! What can be done with lots.

use super::view::{Lot, LotDelivery, LotQuery, LotSummary, NewLot};
use super::{code, store, trace_code};
use crate::access::policy::KeepHarvest;
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::harvest::error::{
    DELIVERY_FLAGGED, DELIVERY_OVERPACKED, DELIVERY_REVERSED, DELIVERY_UNKNOWN, Fault, HarvestError, fault, invalid,
};
use crate::harvest::{ceiling, certificate, delivery};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{catalogue, household};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, DeliveryId, FenPerKilogram, Grams, HouseholdId, LotId, LotStepId, OrganisationId, ProductId,
    business_date,
};
use entity::{delivery as delivery_table, lot, lot_delivery};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    let flagged = ceiling::unpackable(tx, &ids).await?;
    let faults = faults_of_parts(new, &held, &flagged);
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let taken: Vec<(DeliveryId, Grams)> = new.deliveries.iter().map(|part| (part.delivery_id, part.grams)).collect();
    delivery::add_packed(tx, &taken).await?;
    let total_grams = taken.iter().try_fold(Grams::new(0)?, |sum, (_, grams)| sum.checked_add(*grams))?;
    let row = NewLotRow { product_id: new.product_id, packed_on: new.packed_on, total_grams, parts: taken };
    make(tx, supplier, None, vec![row]).await?.pop().ok_or(HarvestError::NotFound)
}

/// A lot about to be made.
pub(in crate::harvest) struct NewLotRow {
    /// Which product it is.
    pub(in crate::harvest) product_id: ProductId,
    /// When it was packed.
    pub(in crate::harvest) packed_on: NaiveDate,
    /// What it weighs.
    pub(in crate::harvest) total_grams: Grams,
    /// What it is made of; adds up to its weight.
    pub(in crate::harvest) parts: Vec<(DeliveryId, Grams)>,
}

/// Makes lots: out of deliveries, or out of a step.
pub(in crate::harvest) async fn make(
    tx: &Tx,
    supplier_id: OrganisationId,
    step_id: Option<LotStepId>,
    new: Vec<NewLotRow>,
) -> Result<Vec<LotId>, HarvestError> {
    let nothing = Grams::new(0)?;
    let (mut lots, mut parts, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for new in new {
        let id = LotId::generate();
        let row = lot::Model {
            id,
            supplier_id,
            product_id: new.product_id,
            code: code::of(id, new.packed_on),
            packed_on: new.packed_on,
            total_grams: new.total_grams,
            shipped_grams: nothing,
            withdrawn_grams: nothing,
            step_id,
            trace_code: Some(trace_code::generate()?),
            recalled_at: None,
            created_at: tx.now(),
            version: 1,
        };
        // The trace code stays out of the audit: whoever reads that need not learn what buyers hold.
        let after = json!({
            "code": row.code, "product_id": row.product_id, "total_grams": row.total_grams,
            "deliveries": new.parts.len(), "step_id": step_id,
        });
        changes.push(Change::made("lot.packed", "lot", id.uuid(), after));
        let of_lot = new.parts.into_iter();
        parts.extend(of_lot.map(|(delivery_id, grams)| lot_delivery::Model { lot_id: id, delivery_id, grams }));
        lots.push(row);
    }
    let ids = lots.iter().map(|row| row.id).collect();
    store::insert(tx, lots, parts).await.map_err(|error| {
        let is_taken = ["code", "trace_code"].iter().any(|column| db::is_duplicate(&error, "lot", &[column]));
        if is_taken { HarvestError::CodeTaken } else { error.into() }
    })?;
    tx.audit_all(changes).await?;
    Ok(ids)
}

/// What is left of a lot, in grams.
pub(in crate::harvest) fn left_of(row: &lot::Model) -> i64 {
    row.total_grams.get() - row.shipped_grams.get() - row.withdrawn_grams.get()
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

fn faults_of_parts(
    new: &NewLot,
    held: &HashMap<DeliveryId, delivery_table::Model>,
    flagged: &BTreeSet<DeliveryId>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, part) in new.deliveries.iter().enumerate() {
        let row = held.get(&part.delivery_id);
        faults.extend(faults_of_delivery(&format!("/deliveries/{index}"), part.grams, row, flagged));
        if row.is_some_and(|row| new.packed_on < row.delivered_on) {
            faults.push(invalid(
                "/packed_on".to_owned(),
                "装批日期不能早于交售日期。",
                "A lot is not packed before its deliveries were brought.",
            ));
        }
    }
    faults
}

/// Why so much of a delivery cannot be taken, if anything speaks against it.
pub(in crate::harvest) fn faults_of_delivery(
    at: &str,
    grams: Grams,
    row: Option<&delivery_table::Model>,
    flagged: &BTreeSet<DeliveryId>,
) -> Option<Fault> {
    let pointer = format!("{at}/delivery_id");
    let Some(row) = row else {
        return Some(fault(&DELIVERY_UNKNOWN, pointer, "本单位没有这笔交售。", "You have no such delivery."));
    };
    if row.reversed_at.is_some() {
        return Some(fault(&DELIVERY_REVERSED, pointer, "该笔交售已更正。", "The delivery was taken back."));
    }
    if flagged.contains(&row.id) {
        let (zh, en) =
            ("该笔交售超出农户土地的产能，尚未核实属实。", "It exceeds the household's land and was not accepted.");
        return Some(fault(&DELIVERY_FLAGGED, pointer, zh, en));
    }
    let left = row.grams.get() - row.packed_grams.get();
    (grams.get() > left).then(|| {
        let zh = format!("该笔交售尚余 {left} 克。");
        fault(&DELIVERY_OVERPACKED, format!("{at}/grams"), zh, format!("{left} g of the delivery are left."))
    })
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
pub(in crate::harvest) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: LotId) -> Result<Lot, HarvestError> {
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
    let standing = certificate::standing_of(db, &row).await?;
    Ok(Lot {
        summary: row.into(),
        certificate: standing.state,
        certificate_required: standing.is_required,
        certificates: standing.certificates,
        deliveries,
    })
}

/// Lots by their identifiers, whoever's they are; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_lots(db: &impl ConnectionTrait, ids: &[LotId]) -> Result<HashMap<LotId, lot::Model>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Takes grams out of lots, for goods on their way: locks, checks and counts, in three statements, five where
/// categories need certificates, and gives the lots as they were before. Whether they are the right supplier's and product's is for the caller to see.
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
        if row.recalled_at.is_some() {
            return Err(HarvestError::LotRecalled { lot: row.id });
        }
        let left = Grams::new(left_of(row))?;
        let wanted = sums.get(&row.id).copied().unwrap_or(nothing);
        if wanted > left {
            return Err(HarvestError::LotExhausted { lot: row.id, left, wanted });
        }
    }
    certificate::require(tx, &held).await?;
    let parts: Vec<(LotId, Grams)> = sums.into_iter().collect();
    store::add_shipped(tx, &parts).await?;
    Ok(held)
}

/// Puts grams that had been shipped back into their lots, for goods that came back fit to be sold: locks, checks and
/// counts, in two statements, and gives the lots as they were before. A lot that was called back takes them too; they
/// just do not leave it again.
///
/// # Errors
/// A lot does not exist, or less had left it than comes back.
pub async fn return_to_lots(tx: &Tx, returned: &[(LotId, Grams)]) -> Result<Vec<lot::Model>, HarvestError> {
    let mut sums: BTreeMap<LotId, Grams> = BTreeMap::new();
    for (lot, grams) in returned {
        let sum = sums.get(lot).copied().map_or(Ok(*grams), |sum| sum.checked_add(*grams))?;
        sums.insert(*lot, sum);
    }
    if sums.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<LotId> = sums.keys().copied().collect();
    let held = store::hold_many(tx, &ids).await?;
    let by_id: HashMap<LotId, &lot::Model> = held.iter().map(|row| (row.id, row)).collect();
    for (lot, returned) in &sums {
        let row = by_id.get(lot).ok_or(HarvestError::LotUnknown { lot: *lot })?;
        if *returned > row.shipped_grams {
            let (lot, shipped, returned) = (*lot, row.shipped_grams, *returned);
            return Err(HarvestError::ReturnTooMuch { lot, shipped, returned });
        }
    }
    let parts: Vec<(LotId, Grams)> = sums.into_iter().collect();
    store::take_back(tx, &parts).await?;
    Ok(held)
}

/// The lot of a trace code as it is kept, whoever's it is.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_lot_by_trace_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<lot::Model>, DbErr> {
    store::find_by_trace_code(db, code).await
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
