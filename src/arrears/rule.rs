//! Due dates, ageing and late interest: pure functions, exact to the fen.

use chrono::{Duration, NaiveDate};
use entity::value::{Fen, Overflow};

/// Payment terms end after so many days whatever the contract says.
const MOST_TERM_DAYS: i64 = 60;
/// Parts per million in a whole.
const PPM: i128 = 1_000_000;

/// Money that became owed, or ceased to be, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The day.
    pub on: NaiveDate,
    /// How much.
    pub amount: Fen,
}

/// How long a part is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Not due yet (未到期).
    NotDue,
    /// 1 to 30 days late (逾期 30 天以内).
    UpTo30,
    /// 31 to 60 days late (逾期 31–60 天).
    UpTo60,
    /// More than 60 days late (逾期 60 天以上).
    Over60,
}

impl Bucket {
    /// The bucket of so many days late.
    #[must_use]
    pub fn of(days_late: i64) -> Self {
        match days_late {
            ..=0 => Self::NotDue,
            1..=30 => Self::UpTo30,
            31..=60 => Self::UpTo60,
            _ => Self::Over60,
        }
    }
}

/// What of one acceptance is still owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The day of the acceptance.
    pub accepted_on: NaiveDate,
    /// The last day on which it is paid in time.
    pub due_on: NaiveDate,
    /// How much.
    pub amount: Fen,
    /// How many days it is late; not above zero when it is not.
    pub days_late: i64,
}

/// What of an order is owed on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Acceptances that are not settled, oldest first.
    pub open: Vec<Open>,
    /// Interest on all that was or is late.
    pub interest: Fen,
}

/// The last day on which goods accepted on a day are paid in time.
#[must_use]
pub fn due_on(accepted_on: NaiveDate, term_days: i32) -> NaiveDate {
    let days = i64::from(term_days).clamp(0, MOST_TERM_DAYS);
    accepted_on.checked_add_signed(Duration::days(days)).unwrap_or(accepted_on)
}

/// What is owed on the day `on`: acceptances less what settled them, the oldest first, and the interest at
/// `daily_ppm` parts per million a day.
///
/// A part that was settled on a day bears interest until that day; one that is open, until `on`. What settles more than
/// there is waits for the next acceptance and bears nothing.
///
/// # Errors
/// [`Overflow`] when amounts are out of range.
pub fn owed(
    accepted: &[Moved],
    settled: &[Moved],
    (term_days, daily_ppm): (i32, u32),
    on: NaiveDate,
) -> Result<Owed, Overflow> {
    let mut accepted: Vec<Moved> = accepted.iter().copied().filter(|moved| moved.on <= on).collect();
    let mut settled: Vec<Moved> = settled.iter().copied().filter(|moved| moved.on <= on).collect();
    accepted.sort_by_key(|moved| moved.on);
    settled.sort_by_key(|moved| moved.on);
    let mut coming = settled.into_iter();
    let mut money = coming.next();
    let (mut open, mut numerator) = (Vec::new(), 0_i128);
    for tranche in accepted {
        let due = due_on(tranche.on, term_days);
        let mut left = tranche.amount;
        while let Some(Moved { on: paid_on, amount }) = money {
            let part = left.min(amount);
            numerator = numerator.checked_add(bears(part, paid_on, due, daily_ppm)).ok_or(Overflow)?;
            left = left.checked_sub(part)?;
            let rest = amount.checked_sub(part)?;
            money = if rest.is_zero() { coming.next() } else { Some(Moved { on: paid_on, amount: rest }) };
            if left.is_zero() {
                break;
            }
        }
        if !left.is_zero() {
            numerator = numerator.checked_add(bears(left, on, due, daily_ppm)).ok_or(Overflow)?;
            let days_late = (on - due).num_days();
            open.push(Open { accepted_on: tranche.on, due_on: due, amount: left, days_late });
        }
    }
    Ok(Owed { open, interest: rounded(numerator)? })
}

/// Fen times days times parts per million.
fn bears(amount: Fen, until: NaiveDate, due: NaiveDate, daily_ppm: u32) -> i128 {
    let days = (until - due).num_days().max(0);
    i128::from(amount.get()) * i128::from(days) * i128::from(daily_ppm)
}

/// To the nearest fen, halves up.
fn rounded(numerator: i128) -> Result<Fen, Overflow> {
    let fen = i64::try_from((numerator + PPM / 2) / PPM).map_err(|_| Overflow)?;
    Fen::new(fen)
}

/// Whether a daily rate is not below a yearly one: 365 days of it.
#[must_use]
pub fn is_not_below(daily_ppm: u32, yearly_bp: u32) -> bool {
    // A ten-thousandth is a hundred millionths.
    u64::from(daily_ppm) * 365 >= u64::from(yearly_bp) * 100
}
