//! Which rounds are due on a day.

use chrono::{Datelike, Days, NaiveDate};
use entity::value::last_of_month;

/// On so many of its last days, a month reminds of what is not rated.
pub const DAYS_TO_RATE: u32 = 5;

/// What a round reminds of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Paid orders that nobody has rated (待评价订单).
    Ratings,
    /// What buyers owe (应付货款).
    Payments,
    /// What suppliers owe households (拖欠农户款项).
    Payouts,
    /// A quota behind its plan (预留份额进度).
    Quota,
    /// Clues about households that nobody looked into (待处置预警线索).
    Clues,
}

impl Subject {
    /// Its name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ratings => "ratings",
            Self::Payments => "payments",
            Self::Payouts => "payouts",
            Self::Quota => "quota",
            Self::Clues => "clues",
        }
    }
}

/// One round of reminders: told once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round {
    /// What it reminds of.
    pub subject: Subject,
    /// The month (`2026-03`) or the week (`2026-W09`) it belongs to.
    pub period: String,
    /// The day its figures are of.
    pub as_of: NaiveDate,
}

/// The rounds that should have been told by the end of a day.
#[must_use]
pub fn rounds(today: NaiveDate) -> Vec<Round> {
    let (week, month) = (today.iso_week(), format!("{}-{:02}", today.year(), today.month()));
    let this_week = format!("{}-W{:02}", week.year(), week.week());
    let round = |subject, period: &str, as_of| Round { subject, period: period.to_owned(), as_of };
    let mut due = vec![round(Subject::Payments, &this_week, today), round(Subject::Payouts, &this_week, today)];
    due.push(round(Subject::Clues, &this_week, today));
    if days_left(today) < DAYS_TO_RATE {
        due.push(round(Subject::Ratings, &month, today));
    }
    // The month before, at its end; that of December belongs to a year that is over.
    if let Some(ended) = today.with_day(1).and_then(|first| first.checked_sub_days(Days::new(1)))
        && ended.year() == today.year()
    {
        due.push(round(Subject::Quota, &format!("{}-{:02}", ended.year(), ended.month()), ended));
    }
    due
}

fn days_left(today: NaiveDate) -> u32 {
    last_of_month(today).day() - today.day()
}
