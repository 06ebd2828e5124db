//! When a code of a division was in force, and what it became: pure.
//!
//! The tables of divisions are published once a year, so a code that came in a year counts from its first day and one
//! that went counts to its last: in the year of a change both hold, and nobody is refused for using either.
//! A code is asked for with a day. What a division is called, and whether the code may be used anew, are told by the
//! periods; a division without periods has had its code and name for as long as the house looks back.

use chrono::NaiveDate;
use entity::division_period::Model as Period;
use entity::value::AreaCode;

/// Whether a period has a day in it.
#[must_use]
pub fn covers(period: &Period, day: NaiveDate) -> bool {
    period.valid_from.is_none_or(|from| from <= day) && period.valid_until.is_none_or(|until| day <= until)
}

/// The period of a code that has a day in it; where two have, the later.
#[must_use]
pub fn on(periods: &[Period], day: NaiveDate) -> Option<&Period> {
    periods.iter().filter(|period| covers(period, day)).max_by_key(|period| period.valid_from)
}

/// The last period of a code, when none of its periods is open: it is used no more.
#[must_use]
pub fn end_of(periods: &[Period]) -> Option<&Period> {
    if periods.iter().any(|period| period.valid_until.is_none()) {
        return None;
    }
    periods.iter().max_by_key(|period| period.valid_until)
}

/// What a period names as what came of it, the main one first.
#[must_use]
pub fn successors(period: &Period) -> Vec<AreaCode> {
    period.successors.split_whitespace().filter_map(|code| AreaCode::parse(code).ok()).collect()
}

/// The division that a code lies in by its digits: its prefecture, or its province.
#[must_use]
pub fn parent_of(code: &AreaCode) -> AreaCode {
    let prefecture = code.as_str().get(..4).map(|digits| format!("{digits}00"));
    let prefecture = prefecture.and_then(|text| AreaCode::parse(&text).ok()).filter(|prefecture| prefecture != code);
    prefecture.unwrap_or_else(|| super::province_of(code))
}
