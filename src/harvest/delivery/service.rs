//! What can be done with deliveries.

use super::view::{Delivery, DeliveryQuery, NewDelivery};
use super::{receipt, store, terms};
use crate::access::policy::KeepHarvest;
use crate::access::{Grant, Scope};
use crate::db::{self, Change, Tx};
use crate::harvest::ceiling::{self, Ceilings};
use crate::harvest::error::{Fault, HarvestError, invalid};
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::{attribution, catalogue, household};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, CategoryCode, DeliveryId, Fen, Grams, HouseholdId, OrganisationId, PersonId, Timestamp, business_date,
};
use entity::{agreement, delivery};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

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

pub(super) async fn record_at(
    tx: &Tx,
    grant: &Grant<KeepHarvest>,
    new: &[NewDelivery],
    at: &[String],
) -> Result<Vec<Delivery>, HarvestError> {
    let (supplier, person) = (grant.organisation()?, grant.person()?);
    let judged = judge_many(tx, supplier, new, at, business_date(tx.now())).await?;
    let faults: Vec<Fault> = judged.iter().filter_map(|judged| judged.as_ref().err()).flatten().cloned().collect();
    if !faults.is_empty() {
        return Err(HarvestError::Faults(faults));
    }
    let sound: Vec<Judged> = judged.into_iter().filter_map(Result::ok).collect();
    let rows = record_judged(tx, supplier, person, sound).await?;
    Ok(views(tx, rows).await?)
}

/// A delivery against which nothing speaks, with the household it is from.
#[derive(Debug, Clone)]
pub struct Judged {
    new: NewDelivery,
    household: HouseholdId,
    value_fen: Fen,
}

/// Looks at deliveries one by one without recording any: each is sound, or has its faults. The number of questions
/// to the database does not grow with theirs.
///
/// # Errors
/// When the database cannot be asked.
pub async fn judge_many(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    new: &[NewDelivery],
    at: &[String],
    today: NaiveDate,
) -> Result<Vec<Result<Judged, Vec<Fault>>>, DbErr> {
    let agreements: BTreeSet<AgreementId> = new.iter().map(|new| new.agreement_id).collect();
    let agreements = attribution::find_agreements(db, &agreements.into_iter().collect::<Vec<_>>()).await?;
    let codes: BTreeSet<CategoryCode> = new.iter().filter_map(|new| new.category_code.clone()).collect();
    let codes: Vec<CategoryCode> = codes.into_iter().collect();
    let known = catalogue::find_categories(db, &codes).await?;
    let known: BTreeSet<CategoryCode> = known.into_iter().map(|category| category.code).collect();
    let of = |new: &NewDelivery| agreements.get(&new.agreement_id).map(|row| (row.household_id, new.delivered_on));
    let ceilings = Ceilings::around(db, &new.iter().filter_map(of).collect::<Vec<_>>(), today).await?;
    let mut judged = Vec::with_capacity(new.len());
    for (new, at) in new.iter().zip(at) {
        let agreement = agreements.get(&new.agreement_id);
        let mut faults = terms::faults_of(new, supplier, agreement, today, at);
        faults.extend(category_fault(new, agreement, &known, &ceilings, at));
        let value = new.grams.value_at(new.price_fen_per_kg);
        judged.push(match (agreement, value) {
            (Some(agreement), Ok(value_fen)) if faults.is_empty() => {
                Ok(Judged { new: new.clone(), household: agreement.household_id, value_fen })
            }
            _ => Err(faults),
        });
    }
    Ok(judged)
}

fn category_fault(
    new: &NewDelivery,
    agreement: Option<&agreement::Model>,
    known: &BTreeSet<CategoryCode>,
    ceilings: &Ceilings,
    at: &str,
) -> Option<Fault> {
    let pointer = format!("{at}/category_code");
    match &new.category_code {
        Some(code) if !known.contains(code) => Some(invalid(pointer, "没有这个品类。", "There is no such category.")),
        Some(_) => None,
        None => {
            let asked = agreement.is_some_and(|row| ceilings.asks_for_category(row.household_id, new.delivered_on));
            asked.then(|| {
                invalid(
                    pointer,
                    "农户所在县设有亩产上限，请填写品类。",
                    "A ceiling of yield holds in the household's county: name the category.",
                )
            })
        }
    }
}

/// Records what was judged sound in this transaction, and flags what exceeds the land.
///
/// # Errors
/// When the database refuses.
pub async fn record_judged(
    tx: &Tx,
    supplier: OrganisationId,
    person: PersonId,
    sound: Vec<Judged>,
) -> Result<Vec<delivery::Model>, HarvestError> {
    let rows = sound.into_iter().map(|judged| row(supplier, person, judged, tx.now()));
    let rows: Vec<delivery::Model> = rows.collect::<Result<_, _>>()?;
    let new: Vec<(HouseholdId, NaiveDate)> = rows.iter().map(|row| (row.household_id, row.delivered_on)).collect();
    let mut ceilings = Ceilings::around(tx, &new, business_date(tx.now())).await?;
    if !ceilings.is_empty() {
        // Two suppliers who take from one household at once are counted one after the other.
        let households: BTreeSet<HouseholdId> = new.iter().map(|(household, _)| *household).collect();
        household::hold_many(tx, &households.into_iter().collect::<Vec<_>>()).await?;
        ceilings = Ceilings::around(tx, &new, business_date(tx.now())).await?;
    }
    store::insert(tx, &rows).await.map_err(|error| {
        if db::is_duplicate(&error, "delivery", &["receipt_number"]) { HarvestError::CodeTaken } else { error.into() }
    })?;
    let flags: Vec<_> = rows.iter().filter_map(|row| ceilings.count(row)).collect();
    if !flags.is_empty() {
        let changes = flags.iter().map(|flag| {
            let after = json!({
                "ceiling_grams": flag.ceiling_grams, "delivered_grams": flag.delivered_grams,
                "square_metres": flag.square_metres,
            });
            Change::made("delivery.flagged", "delivery", flag.delivery_id.uuid(), after)
        });
        let changes = changes.collect();
        Ceilings::flag(tx, flags).await?;
        tx.audit_all(changes).await?;
    }
    tx.audit_all(rows.iter().map(recorded).collect()).await?;
    Ok(rows)
}

fn row(
    supplier_id: OrganisationId,
    recorded_by: PersonId,
    judged: Judged,
    now: Timestamp,
) -> Result<delivery::Model, HarvestError> {
    let Judged { new, household, value_fen } = judged;
    let id = DeliveryId::generate();
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    Ok(delivery::Model {
        id,
        supplier_id,
        household_id: household,
        agreement_id: new.agreement_id,
        variety: new.variety.trim().to_owned(),
        grams: new.grams,
        price_fen_per_kg: new.price_fen_per_kg,
        value_fen,
        delivered_on: new.delivered_on,
        weigh_note: trimmed(new.weigh_note),
        packed_grams: Grams::new(0)?,
        category_code: new.category_code,
        grade: trimmed(new.grade),
        receipt_number: Some(receipt::number(id, new.delivered_on)),
        reversed_at: None,
        recorded_by,
        created_at: now,
        version: 1,
    })
}

fn recorded(row: &delivery::Model) -> Change<'static> {
    let after = json!({
        "agreement_id": row.agreement_id, "grams": row.grams, "price_fen_per_kg": row.price_fen_per_kg,
        "value_fen": row.value_fen, "delivered_on": row.delivered_on, "receipt_number": row.receipt_number,
    });
    Change::made("delivery.recorded", "delivery", row.id.uuid(), after)
}

pub(super) async fn views(db: &impl ConnectionTrait, rows: Vec<delivery::Model>) -> Result<Vec<Delivery>, DbErr> {
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let ids: Vec<DeliveryId> = rows.iter().map(|row| row.id).collect();
    let mut flags = ceiling::flags_of(db, &ids).await?;
    let mut view = |row: delivery::Model| {
        let household = households.get(&row.household_id).cloned();
        let flag = flags.remove(&row.id);
        Delivery::of(row, household, flag)
    };
    Ok(rows.into_iter().map(&mut view).collect())
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

/// One delivery.
///
/// # Errors
/// Not found, or out of reach.
pub(in crate::harvest) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DeliveryId,
) -> Result<Delivery, HarvestError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(HarvestError::NotFound)?;
    views(db, vec![row]).await?.pop().ok_or(HarvestError::NotFound)
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

/// Deliveries that stand, by agreement and number of the weigh note: what a sheet knows them by.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_delivery_by_note(
    db: &impl ConnectionTrait,
    keys: &[(AgreementId, String)],
) -> Result<HashMap<(AgreementId, String), Vec<delivery::Model>>, DbErr> {
    let agreements: BTreeSet<AgreementId> = keys.iter().map(|(agreement, _)| *agreement).collect();
    let notes: BTreeSet<&str> = keys.iter().map(|(_, note)| note.as_str()).collect();
    let agreements: Vec<AgreementId> = agreements.into_iter().collect();
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in store::of_agreements(db, &agreements, &notes.into_iter().collect::<Vec<_>>()).await? {
        let Some(note) = row.weigh_note.clone() else { continue };
        found.entry((row.agreement_id, note)).or_default().push(row);
    }
    Ok(found)
}

/// A supplier's deliveries that stand, oldest first, after one of them: for a copy of all of them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn export_after(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    after: Option<DeliveryId>,
    limit: u64,
) -> Result<Vec<delivery::Model>, DbErr> {
    store::standing_after(db, supplier, after, limit).await
}
