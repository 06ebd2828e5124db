//! What can be done with land.

use super::store;
use super::view::{Land, LandRecord, NewLand};
use crate::access::policy::{RegisterHousehold, ViewHousehold};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::household::error::HouseholdError;
use crate::household::store as register;
use crate::problem::{FieldProblem, Text};
use chrono::NaiveDate;
use entity::household_land;
use entity::value::{AreaCode, EntrySource, HouseholdId, HouseholdLandId, LandKind, business_date};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// More than any household has: ten thousand hectares.
const MOST_SQUARE_METRES: i64 = 100_000_000;

/// Registers land of a household.
///
/// # Errors
/// Not found; a field is not acceptable.
pub(super) async fn register(
    tx: &Tx,
    grant: &Grant<RegisterHousehold>,
    id: HouseholdId,
    new: &NewLand,
) -> Result<Land, HouseholdError> {
    register::hold(tx, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, zh: &'static str, en: &'static str| {
        faults.push(FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) });
    };
    if !(0..=MOST_SQUARE_METRES).contains(&new.square_metres) {
        fault(
            "/square_metres",
            "面积应在 0 至 1 亿平方米之间。",
            "The area lies between 0 and 100 million square metres.",
        );
    }
    if new.from_date > business_date(tx.now()) {
        fault("/from_date", "日期不能晚于今天。", "The day is not in the future.");
    }
    if !(1..=200).contains(&new.source.trim().chars().count()) {
        fault("/source", "来源应为 1 至 200 个字。", "The source has 1 to 200 characters.");
    }
    if !faults.is_empty() {
        return Err(HouseholdError::Fields(faults));
    }
    let row = household_land::Model {
        id: HouseholdLandId::generate(),
        household_id: id,
        kind: new.kind,
        square_metres: new.square_metres,
        from_date: new.from_date,
        source: new.source.trim().to_owned(),
        source_kind: EntrySource::Survey,
        entered_by: grant.person()?,
        created_at: tx.now(),
    };
    store::insert(tx, row.clone()).await?;
    let after = json!({ "kind": row.kind, "square_metres": row.square_metres, "from_date": row.from_date });
    tx.audit(Change::made("household.land_registered", "household", id.uuid(), after)).await?;
    Ok(row.into())
}

/// Everything that was entered about a household's land.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewHousehold>,
    id: HouseholdId,
) -> Result<LandRecord, HouseholdError> {
    register::find_visible(db, grant.scope(), id).await?.ok_or(HouseholdError::NotFound)?;
    Ok(LandRecord { items: store::of(db, id).await?.into_iter().map(Land::from).collect() })
}

/// Where a household lives and what land it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its county.
    pub county_code: AreaCode,
    /// Square metres of each kind; a kind that was never entered is absent.
    pub square_metres: HashMap<LandKind, i64>,
}

/// What each household has on a day: two questions, however many there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn holdings(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    date: NaiveDate,
) -> Result<HashMap<HouseholdId, Holding>, DbErr> {
    let households = register::find_many(db, ids).await?;
    let empty = |county_code| Holding { county_code, square_metres: HashMap::new() };
    let mut held: HashMap<HouseholdId, Holding> =
        households.into_iter().map(|row| (row.id, empty(row.county_code))).collect();
    for row in store::until(db, ids, date).await? {
        if let Some(holding) = held.get_mut(&row.household_id) {
            holding.square_metres.insert(row.kind, row.square_metres);
        }
    }
    Ok(held)
}

/// Households by their national numbers; those that do not exist are left out. For rooms that answer for who may know.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ids_by_number(db: &impl ConnectionTrait, numbers: &[&str]) -> Result<HashMap<String, HouseholdId>, DbErr> {
    Ok(register::find_by_numbers(db, numbers).await?.into_iter().map(|row| (row.number, row.id)).collect())
}

/// Holds households in the order of their identifiers, so that what is counted about them is counted one at a time.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_many(tx: &Tx, ids: &[HouseholdId]) -> Result<(), DbErr> {
    register::hold_many(tx, &Scope::Everything, ids).await
}
