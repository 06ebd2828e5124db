//! Cases for other rooms: a warning that opens one, and those that are known.

use super::super::view::OpenAdjustment;
use super::super::{AdjustmentError, store};
use super::open;
use crate::access::policy::OpenAdjustment as MayOpen;
use crate::access::{Actor, Grant};
use crate::db::Tx;
use crate::household;
use crate::http::Words;
use crate::secrecy::Secrets;
use chrono::NaiveDate;
use entity::adjustment;
use entity::value::{
    AdjustmentId, AdjustmentKind, AdjustmentOrigin, AreaCode, HouseholdId, HouseholdStatusKind, RiskCause,
    business_date,
};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::HashSet;

/// What figures showed about a household that is not monitored (部门筛查预警).
#[derive(Debug, Clone)]
pub struct Warning {
    /// The household.
    pub household: HouseholdId,
    /// What it is to be.
    pub status: HouseholdStatusKind,
    /// What brought it there.
    pub cause: RiskCause,
    /// What was seen.
    pub text: Words<2000>,
}

/// Opens the case that a warning asks for: of an ordinary household that it is to be monitored, of one out of poverty that it
/// is at risk again.
///
/// # Errors
/// The household is out of reach, is monitored already, or has a case open; a status to which such a case does not lead.
pub async fn open_warning(
    tx: &Tx,
    secrets: &Secrets,
    actor: &Actor,
    warning: Warning,
) -> Result<AdjustmentId, AdjustmentError> {
    let grant = Grant::<MayOpen>::claim(actor)?;
    let today = business_date(tx.now());
    let now = household::status_on(tx, &[warning.household], today).await?.remove(&warning.household);
    let kind = match now {
        Some(HouseholdStatusKind::Ordinary) => AdjustmentKind::Identification,
        Some(HouseholdStatusKind::Registered) => AdjustmentKind::ReturnToPoverty,
        status => return Err(AdjustmentError::Unfit { status }),
    };
    let new = OpenAdjustment {
        kind,
        origin: AdjustmentOrigin::DepartmentWarning,
        text: warning.text,
        household_id: Some(warning.household),
        other_household_id: None,
        village_id: None,
        number: None,
        status: Some(warning.status),
        cause: Some(warning.cause),
        happened_on: None,
        joining: Vec::new(),
        leaving: Vec::new(),
        placed: Vec::new(),
        relations: Vec::new(),
        land: Vec::new(),
    };
    Ok(open::enter(tx, secrets, None, &grant, &new).await?.id)
}

/// The case about a household that is not over, if there is one.
///
/// # Errors
/// When the database cannot be asked.
pub async fn open_case_of(db: &impl ConnectionTrait, household: HouseholdId) -> Result<Option<AdjustmentId>, DbErr> {
    store::open_case_of(db, household).await
}

/// Which of these cases are not over.
///
/// # Errors
/// When the database cannot be asked.
pub async fn open_cases_among(
    db: &impl ConnectionTrait,
    cases: &[AdjustmentId],
) -> Result<HashSet<AdjustmentId>, DbErr> {
    store::open_among(db, cases).await
}

/// The household that this one was split from by a case, and from which day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn split_of(
    db: &impl ConnectionTrait,
    household: HouseholdId,
) -> Result<Option<(HouseholdId, NaiveDate)>, DbErr> {
    let case = store::made_by_split(db, household).await?;
    Ok(case.and_then(|case| Some((case.household_id?, case.effective_on?))))
}

/// Cases of a county that took effect, entered in a span of days, by which a household came to be monitored.
///
/// # Errors
/// When the database cannot be asked.
pub async fn known_cases(
    db: &impl ConnectionTrait,
    county: &AreaCode,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<adjustment::Model>, DbErr> {
    store::monitored_by(db, county, days).await
}
