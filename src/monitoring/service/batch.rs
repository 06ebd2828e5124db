//! A thousand households with everything that rules look at: loaded once, looked at as often as wanted.

use super::super::look::{At, Events, counts_income, gives};
use super::super::{MonitoringError, store};
use crate::config::IncomeWindows;
use crate::household;
use crate::household::history::{self, People, is_monitored};
use crate::welfare::{self, Facts, Threshold, Window};
use chrono::{Datelike, Days, NaiveDate};
use entity::value::{
    AreaCode, ClueKind, HouseholdId, HouseholdStatusKind, OrganisationId, Overflow, Timestamp, business_day_begins,
};
use entity::{household_status, monitoring_rule};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::collections::HashMap;

/// How many households are looked at together.
pub(super) const AT_ONCE: u64 = 1000;

/// Some households, with what these rules look at in a span of days.
pub(super) struct Batch {
    /// The households, with their villages.
    pub households: Vec<(HouseholdId, OrganisationId)>,
    county: AreaCode,
    months: u32,
    facts: HashMap<HouseholdId, Facts>,
    people: People,
    statuses: HashMap<HouseholdId, Vec<household_status::Model>>,
    events: HashMap<HouseholdId, Events>,
    nothing: (Facts, Events),
}

/// Which days are looked at, and by which rules.
pub(super) struct Span<'a> {
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day.
    pub to_on: NaiveDate,
    /// The rules.
    pub rules: &'a [monitoring_rule::Model],
    /// How long the windows of income are.
    pub windows: IncomeWindows,
    /// Whether the last day is today: what is paid by now was not owed for long.
    pub is_now: bool,
}

impl Span<'_> {
    fn has(&self, kinds: &[ClueKind]) -> bool {
        self.rules.iter().any(|rule| kinds.contains(&rule.kind))
    }

    /// The furthest that a rule of these kinds looks back from the first day.
    fn since(&self, kind: ClueKind) -> Result<Timestamp, Overflow> {
        let days = self.rules.iter().filter(|rule| rule.kind == kind).filter_map(|rule| rule.days).max().unwrap_or(0);
        let days = u64::try_from(days).map_err(|_| Overflow)?;
        let first = self.from_on.checked_sub_days(Days::new(days)).ok_or(Overflow)?;
        Ok(business_day_begins(first))
    }
}

impl Batch {
    /// Loads what these rules look at: a constant number of statements.
    pub(super) async fn load(
        db: &impl ConnectionTrait,
        county: &AreaCode,
        households: Vec<(HouseholdId, OrganisationId)>,
        span: &Span<'_>,
    ) -> Result<Self, MonitoringError> {
        let ids: Vec<HouseholdId> = households.iter().map(|(id, _)| *id).collect();
        let months = span.windows.income_window_months;
        let mut facts = HashMap::new();
        if span.rules.iter().any(|rule| counts_income(rule.kind)) {
            let first = Window::rolling(span.from_on, months)?.before(months)?;
            let days = Window { from_on: first.from_on, to_on: span.to_on };
            facts = welfare::facts_of(db, &ids, days).await?;
        }
        Ok(Self {
            facts,
            county: county.clone(),
            months,
            people: history::people_of(db, &ids).await?,
            statuses: household::statuses_of_many(db, &ids).await?,
            events: events(db, &ids, span).await?,
            nothing: Default::default(),
            households,
        })
    }

    /// What a household was on a day, and since when it was monitored then.
    fn status(&self, id: HouseholdId, day: NaiveDate) -> (Option<HouseholdStatusKind>, Option<NaiveDate>) {
        let rows = self.statuses.get(&id).map_or(&[][..], Vec::as_slice);
        (history::status_on(rows, day), monitored_since(rows, day))
    }

    /// The figures that make a clue of a rule about a household on a day.
    pub(super) fn look(
        &self,
        rule: &monitoring_rule::Model,
        id: HouseholdId,
        (day, last): (NaiveDate, Option<Timestamp>),
        thresholds: &Threshold,
    ) -> Result<Option<Value>, MonitoringError> {
        let (status, monitored_since) = self.status(id, day);
        let before = Window::rolling(day, self.months)?.before(self.months)?;
        let at = At {
            day,
            months: self.months,
            facts: self.facts.get(&id).unwrap_or(&self.nothing.0),
            people: self.people.count_on(id, day),
            people_before: self.people.count_on(id, before.to_on),
            threshold: thresholds.of(&self.county, day.year()),
            status,
            monitored_since,
            events: self.events.get(&id).unwrap_or(&self.nothing.1),
            last,
        };
        Ok(gives(rule, &at)?)
    }
}

/// Since when a household is monitored without a break on a day.
pub(in crate::monitoring) fn monitored_since(rows: &[household_status::Model], day: NaiveDate) -> Option<NaiveDate> {
    let mut rows: Vec<&household_status::Model> = rows.iter().filter(|row| row.from_date <= day).collect();
    rows.sort_by_key(|row| (row.from_date, row.id));
    let run = rows.into_iter().rev().take_while(|row| is_monitored(row.status));
    run.last().map(|row| row.from_date)
}

/// Of whom it is asked what befell them, and whose it is: what befalls a household that was merged into another, whose
/// agreements go on, befalls that one. A look over the past keeps to each household by itself, as it was then.
struct Heirs {
    asked: Vec<HouseholdId>,
    heir: HashMap<HouseholdId, HouseholdId>,
}

impl Heirs {
    async fn of(db: &impl ConnectionTrait, ids: &[HouseholdId], span: &Span<'_>) -> Result<Self, MonitoringError> {
        let (mut asked, mut heir) = (ids.to_vec(), HashMap::new());
        let befalls = [ClueKind::DisputeUpheld, ClueKind::LostLots, ClueKind::Arrears];
        if span.is_now && span.has(&befalls) {
            let merges = history::merges_of(db, ids).await?;
            for id in ids {
                let before = merges.taken_in(*id).into_iter().filter(|(_, since)| *since <= span.to_on);
                heir.extend(before.map(|(before, _)| (before, *id)));
            }
            asked.extend(heir.keys().copied());
        }
        Ok(Self { asked, heir })
    }

    fn now(&self, id: HouseholdId) -> HouseholdId {
        self.heir.get(&id).copied().unwrap_or(id)
    }
}

async fn events(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    span: &Span<'_>,
) -> Result<HashMap<HouseholdId, Events>, MonitoringError> {
    let mut events: HashMap<HouseholdId, Events> = HashMap::new();
    let heirs = Heirs::of(db, ids, span).await?;
    if span.has(&[ClueKind::DisputeUpheld]) {
        for (id, upheld) in store::upheld_of(db, &heirs.asked, span.since(ClueKind::DisputeUpheld)?).await? {
            events.entry(heirs.now(id)).or_default().upheld.push(upheld);
        }
    }
    if span.has(&[ClueKind::LostLots]) {
        for (id, lost) in store::lost_of(db, &heirs.asked, span.since(ClueKind::LostLots)?).await? {
            events.entry(heirs.now(id)).or_default().lost.push(lost);
        }
    }
    if span.has(&[ClueKind::Arrears]) {
        for (id, moved) in store::moved_of(db, &heirs.asked, span.to_on, span.is_now).await? {
            events.entry(heirs.now(id)).or_default().moved.push(moved);
        }
    }
    if span.has(&[ClueKind::NoMeasure, ClueKind::MeasureWithoutEffect]) {
        for row in store::measures_of(db, ids).await? {
            events.entry(row.household_id).or_default().measures.push(row);
        }
    }
    Ok(events)
}
