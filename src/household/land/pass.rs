//! Land that goes from one household to another with a case: what of it when one is split, all of it when one is merged.
//!
//! What a household has of a kind is one number from a day on. What passes is taken off for that day, and once more for today
//! where something else was entered in between, so that it is gone from both.

use super::service::holdings;
use super::store;
use super::view::LandShare;
use crate::db::Tx;
use crate::household::error::{HouseholdError, fault};
use crate::household::history::Origin;
use crate::problem::FieldProblem;
use chrono::NaiveDate;
use entity::household_land;
use entity::value::{HouseholdId, HouseholdLandId, LandKind, business_date};
use sea_orm::ConnectionTrait;
use std::collections::{HashMap, HashSet};

/// More than any household has.
const MOST_SQUARE_METRES: i64 = 100_000_000;

/// Everything wrong with shares of land by themselves; `at` is the pointer to them.
#[must_use]
pub fn faults_of_shares(shares: &[LandShare], at: &str) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, share) in shares.iter().enumerate() {
        if !(1..=MOST_SQUARE_METRES).contains(&share.square_metres) {
            let (zh, en) = ("面积应在 1 至 1 亿平方米之间。", "The area lies between 1 and 100 million square metres.");
            faults.push(fault(format!("{at}/{index}/square_metres"), zh, en));
        }
        if !seen.insert(share.kind) {
            faults.push(fault(format!("{at}/{index}/kind"), "同一地类只列一次。", "A kind of land is named once."));
        }
    }
    faults
}

/// What a household has of each kind on a day.
async fn held(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    day: NaiveDate,
) -> Result<HashMap<LandKind, i64>, HouseholdError> {
    Ok(holdings(db, &[id], day).await?.remove(&id).map(|held| held.square_metres).unwrap_or_default())
}

/// Refuses shares of more than a household has, on a day and today.
///
/// # Errors
/// [`HouseholdError::LandShort`] with the first kind of which there is too little; the database.
pub async fn require_shares(
    db: &impl ConnectionTrait,
    id: HouseholdId,
    shares: &[LandShare],
    days: [NaiveDate; 2],
) -> Result<(), HouseholdError> {
    if shares.is_empty() {
        return Ok(());
    }
    for day in days {
        let held = held(db, id, day).await?;
        let of = |kind: LandKind| held.get(&kind).copied().unwrap_or(0);
        if let Some(short) = shares.iter().find(|share| of(share.kind) < share.square_metres) {
            return Err(HouseholdError::LandShort { kind: short.kind, has: of(short.kind) });
        }
    }
    Ok(())
}

/// Enters that shares of land pass from one household to another.
///
/// # Errors
/// [`HouseholdError::LandShort`]; the database.
pub async fn pass_shares(
    tx: &Tx,
    (from, to): (HouseholdId, HouseholdId),
    shares: &[LandShare],
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    let today = business_date(tx.now());
    require_shares(tx, from, shares, [origin.from_date, today]).await?;
    pass(tx, (from, to), &shares.iter().map(|share| (share.kind, share.square_metres)).collect::<Vec<_>>(), origin)
        .await
}

/// Enters that all the land of one household passes to another.
///
/// # Errors
/// When the database refuses.
pub async fn pass_all(
    tx: &Tx,
    (from, to): (HouseholdId, HouseholdId),
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    let today = business_date(tx.now());
    let mut rows = Vec::new();
    for day in days(origin.from_date, today) {
        let (theirs, own) = (held(tx, from, day).await?, held(tx, to, day).await?);
        for kind in LandKind::ALL {
            let area = theirs.get(kind).copied().unwrap_or(0);
            if area > 0 {
                let sum = own.get(kind).copied().unwrap_or(0).saturating_add(area);
                rows.push(row(tx, (from, *kind, 0), day, origin));
                rows.push(row(tx, (to, *kind, sum), day, origin));
            }
        }
    }
    Ok(store::insert_many(tx, rows).await?)
}

/// The days for which something is entered: that of the case, and today where it is another.
fn days(day: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    if day == today { vec![day] } else { vec![day, today] }
}

async fn pass(
    tx: &Tx,
    (from, to): (HouseholdId, HouseholdId),
    shares: &[(LandKind, i64)],
    origin: &Origin<'_>,
) -> Result<(), HouseholdError> {
    let mut rows = Vec::new();
    for day in days(origin.from_date, business_date(tx.now())) {
        let (own, theirs) = (held(tx, from, day).await?, held(tx, to, day).await?);
        for (kind, area) in shares {
            let left = own.get(kind).copied().unwrap_or(0).saturating_sub(*area).max(0);
            let sum = theirs.get(kind).copied().unwrap_or(0).saturating_add(*area);
            rows.push(row(tx, (from, *kind, left), day, origin));
            rows.push(row(tx, (to, *kind, sum), day, origin));
        }
    }
    Ok(store::insert_many(tx, rows).await?)
}

fn row(
    tx: &Tx,
    (household_id, kind, square_metres): (HouseholdId, LandKind, i64),
    from_date: NaiveDate,
    origin: &Origin<'_>,
) -> household_land::Model {
    household_land::Model {
        id: HouseholdLandId::generate(),
        household_id,
        kind,
        square_metres,
        from_date,
        source: origin.source.to_owned(),
        source_kind: origin.kind,
        entered_by: origin.entered_by,
        created_at: tx.now(),
    }
}
