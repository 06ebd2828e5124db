//! What a report tells of monitoring over a span of days: counted by the database, county by county.

use super::store;
use crate::access::Scope;
use crate::adjustment::DECISION_DAYS;
use crate::household::{self, history::MONITORED};
use chrono::{Days, NaiveDate};
use entity::value::{AreaCode, ClueKind, ClueState, HouseholdStatusKind, MeasureState};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Households that were monitored at the end of the last day, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitored {
    /// Their county.
    pub county: AreaCode,
    /// What they were.
    pub status: HouseholdStatusKind,
    /// How many.
    pub households: i64,
}

/// Clues of one kind that were opened in the span and stand alike.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Clues {
    /// Their county.
    pub county: AreaCode,
    /// What they are about.
    pub kind: ClueKind,
    /// What became of them.
    pub state: ClueState,
    /// How many.
    pub clues: i64,
    /// How many of them were opened longer before the end of the span than a decision may take.
    pub late: i64,
}

/// Measures that were begun in the span and stand alike.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Measures {
    /// Their county.
    pub county: AreaCode,
    /// How they stand.
    pub state: MeasureState,
    /// How many.
    pub measures: i64,
    /// How many of them were due before the end of the span.
    pub late: i64,
}

/// What happened in a span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Who was monitored at its end.
    pub monitored: Vec<Monitored>,
    /// What was noticed in it.
    pub clues: Vec<Clues>,
    /// What was begun in it.
    pub measures: Vec<Measures>,
}

/// Which counties are counted: of a reach, those whose codes begin so.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The reach.
    pub scope: &'a Scope,
    /// The digits that a region and what lies in it share.
    pub region: Option<&'a str>,
}

/// What happened in the counties of a reach from a day to another.
///
/// # Errors
/// When the database cannot be asked.
pub async fn figures(
    db: &impl ConnectionTrait,
    counted: Counted<'_>,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Figures, DbErr> {
    let county = match counted.scope {
        Scope::Everything => None,
        Scope::County(code) => Some(code),
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => return Ok(Figures::default()),
    };
    let within = (county, counted.region);
    let decided_by = until.checked_sub_days(Days::new(DECISION_DAYS)).unwrap_or(NaiveDate::MIN);
    let monitored = household::count_by_status(db, within, (&MONITORED, until)).await?;
    let monitored = monitored.into_iter().map(|(county, status, households)| Monitored { county, status, households });
    Ok(Figures {
        monitored: monitored.collect(),
        clues: store::count_clues(db, within, (from, until), decided_by).await?,
        measures: store::count_measures(db, within, (from, until)).await?,
    })
}
