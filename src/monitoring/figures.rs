//! What a report tells of monitoring over a span of days: counted by the database, county by county; and the rows that were
//! counted. Both as of the last day, so that the same question has the same answer later, but for what is entered
//! afterwards of days before.

use super::store;
use crate::access::Scope;
use crate::adjustment::DECISION_DAYS;
use crate::household::{self, history::MONITORED};
use chrono::{Days, NaiveDate};
use entity::value::{AreaCode, ClueId, ClueKind, HouseholdId, HouseholdStatusKind, MeasureId};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

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

/// How many clues there are, and what had become of them by the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// How many.
    pub clues: i64,
    /// Of these, those that were taken up.
    pub taken_up: i64,
    /// Those that two people held to be nothing.
    pub dismissed: i64,
    /// Those that waited longer than a decision may take.
    pub late: i64,
}

/// Clues of one kind that were opened in the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clues {
    /// Their county.
    pub county: AreaCode,
    /// What they are about.
    pub kind: ClueKind,
    /// How many, and what became of them.
    pub answered: Answered,
}

/// How many measures there are, and how they stood on the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// How many.
    pub measures: i64,
    /// Of these, those that were done.
    pub done: i64,
    /// Those that ran though they had been due.
    pub late: i64,
}

/// Measures that were begun in the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// Their county.
    pub county: AreaCode,
    /// How many, and how they stood.
    pub carried: Carried,
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

impl Counted<'_> {
    /// The counties; nothing for a reach that has none.
    fn counties(&self) -> Option<household::Counties<'_>> {
        match self.scope {
            Scope::Everything => Some((None, self.region)),
            Scope::County(code) => Some((Some(code), self.region)),
            Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => None,
        }
    }
}

/// A span of days, with the day before which a clue that waits on its last day was opened too long ago.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub decided_by: NaiveDate,
}

impl Span {
    fn new((from, until): (NaiveDate, NaiveDate)) -> Self {
        let decided_by = until.checked_sub_days(Days::new(DECISION_DAYS)).unwrap_or(NaiveDate::MIN);
        Self { from, until, decided_by }
    }
}

/// What happened in the counties of a reach from a day to another.
///
/// # Errors
/// When the database cannot be asked.
pub async fn figures(
    db: &impl ConnectionTrait,
    counted: Counted<'_>,
    span: (NaiveDate, NaiveDate),
) -> Result<Figures, DbErr> {
    let Some(within) = counted.counties() else { return Ok(Figures::default()) };
    let monitored = household::count_by_status(db, within, (&MONITORED, span.1)).await?;
    let monitored = monitored.into_iter().map(|(county, status, households)| Monitored { county, status, households });
    Ok(Figures {
        monitored: monitored.collect(),
        clues: store::count_clues(db, within, Span::new(span)).await?,
        measures: store::count_measures(db, within, Span::new(span)).await?,
    })
}

/// Which of the rows are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// All.
    All,
    /// Those of a county.
    County(&'a AreaCode),
    /// Households that were this.
    Status(HouseholdStatusKind),
    /// Clues about this.
    Clue(ClueKind),
}

/// A row that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A household that was monitored.
    Household(HouseholdId),
    /// A clue.
    Clue(ClueId, Answered),
    /// A measure.
    Measure(MeasureId, Carried),
}

impl Row {
    /// Its identifier, by which rows of all kinds stand in one order.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Household(id) => id.uuid(),
            Self::Clue(id, _) => id.uuid(),
            Self::Measure(id, _) => id.uuid(),
        }
    }
}

/// A page of the rows that [`figures`] counted, as far as they are wanted and within a second reach, by their identifiers.
///
/// # Errors
/// When the database cannot be asked.
pub async fn rows(
    db: &impl ConnectionTrait,
    (counted, seen): (Counted<'_>, &Scope),
    span: (NaiveDate, NaiveDate),
    of: Of<'_>,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Row>, DbErr> {
    let Some(within) = counted.counties() else { return Ok(Vec::new()) };
    let within = match (of, within) {
        (Of::County(county), (Some(own), _)) if own != county => return Ok(Vec::new()),
        (Of::County(county), (_, digits)) => (Some(county), digits),
        _ => within,
    };
    let (reach, page, days) = ((within, seen), (after, limit), Span::new(span));
    let mut rows = Vec::new();
    if let Of::All | Of::County(_) | Of::Status(_) = of {
        let one = if let Of::Status(status) = of { vec![status] } else { MONITORED.to_vec() };
        let ids = household::with_status(db, reach, (&one, span.1), page).await?;
        rows.extend(ids.into_iter().map(Row::Household));
    }
    if let Of::All | Of::County(_) | Of::Clue(_) = of {
        let kind = if let Of::Clue(kind) = of { Some(kind) } else { None };
        let clues = store::counted_clues(db, reach, days, kind, page).await?;
        rows.extend(clues.into_iter().map(|one| Row::Clue(one.id, one.answered)));
    }
    if let Of::All | Of::County(_) = of {
        let measures = store::counted_measures(db, reach, days, page).await?;
        rows.extend(measures.into_iter().map(|one| Row::Measure(one.id, one.carried)));
    }
    rows.sort_by_key(Row::id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}
