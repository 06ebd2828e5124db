//! Instants and business days.

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, SubsecRound, Utc};

/// An instant in UTC, whole microseconds: what PostgreSQL keeps, so both databases answer alike.
pub type Timestamp = DateTime<Utc>;

/// Where the time comes from. Tests and the demonstration set it; nothing else may ask the machine.
pub trait Clock: Send + Sync {
    /// The instant now, in whole microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}

/// How far Shanghai is east of Greenwich.
const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;

/// The instant at which a business day begins.
#[must_use]
pub fn business_day_begins(day: NaiveDate) -> Timestamp {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(chrono::Duration::seconds(SHANGHAI_SECONDS_EAST.into())).unwrap_or(midnight)
}

/// The business day of an instant: the calendar day in Asia/Shanghai, which has kept +08:00 since 1991.
#[must_use]
pub fn business_date(at: Timestamp) -> NaiveDate {
    match FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) {
        Some(shanghai) => at.with_timezone(&shanghai).date_naive(),
        None => at.date_naive(),
    }
}

/// The last day of the month of a day (月末日).
#[must_use]
pub fn last_of_month(day: NaiveDate) -> NaiveDate {
    let next = day.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    // The last month that a date can be in ends with the last date.
    next.and_then(|first| first.pred_opt()).unwrap_or(NaiveDate::MAX)
}

/// A clock that stands still until it is set: for tests, and for building past worlds.
#[derive(Debug)]
pub struct HeldClock(std::sync::RwLock<Timestamp>);

impl HeldClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(std::sync::RwLock::new(now.trunc_subsecs(6)))
    }

    /// Sets it.
    pub fn set(&self, now: Timestamp) {
        // A poisoned lock still holds a whole instant.
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = now.trunc_subsecs(6);
    }

    /// Puts it forward.
    pub fn advance(&self, by: chrono::Duration) {
        let now = self.now();
        self.set(now + by);
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        *self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
