//! Which numbers a rule has, by what it looks at. Pure.

use super::error::fault;
use crate::adjustment::DECISION_DAYS;
use crate::problem::FieldProblem;
use chrono::{Days, NaiveDate};
use entity::value::{ClueKind, Fen, Overflow};

/// Until when a clue of a day is to be decided: so many days as a case has.
///
/// # Errors
/// [`Overflow`] beyond the calendar.
pub fn due_on(opened_on: NaiveDate) -> Result<NaiveDate, Overflow> {
    opened_on.checked_add_days(Days::new(DECISION_DAYS)).ok_or(Overflow)
}

/// The numbers of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// A share in hundredths.
    pub percent: Option<i32>,
    /// An amount.
    pub amount_fen: Option<Fen>,
    /// Days.
    pub days: Option<i32>,
    /// Months.
    pub months: Option<i32>,
    /// For how many days it is quiet after a clue.
    pub quiet_days: i32,
}

/// Which numbers a kind has: percent, amount, days, months; of those in `any` one is enough.
struct Shape {
    percent: bool,
    amount: bool,
    days: bool,
    months: bool,
    any: bool,
}

const NONE: Shape = Shape { percent: false, amount: false, days: false, months: false, any: false };

fn shape(kind: ClueKind) -> Option<Shape> {
    match kind {
        ClueKind::IncomeUnderThreshold | ClueKind::IncomeFall => Some(Shape { percent: true, ..NONE }),
        ClueKind::SpendingShock => Some(Shape { percent: true, amount: true, any: true, ..NONE }),
        ClueKind::DisputeUpheld | ClueKind::Arrears | ClueKind::LostLots | ClueKind::NoMeasure => {
            Some(Shape { days: true, ..NONE })
        }
        ClueKind::MeasureWithoutEffect => Some(Shape { months: true, ..NONE }),
        ClueKind::FlaggedComparison => None,
    }
}

/// Everything wrong with the numbers of a rule of this kind.
#[must_use]
pub fn faults(kind: ClueKind, numbers: Numbers) -> Vec<FieldProblem> {
    let Some(shape) = shape(kind) else {
        let (zh, en) = ("部门比对由比对结果直接产生线索，不设规则。", "Comparisons give their clues without a rule.");
        return vec![fault("/kind", zh, en)];
    };
    let mut faults = Vec::new();
    let mut part = |pointer: &str, wanted: bool, there: bool| {
        if wanted && !there && !shape.any {
            faults.push(fault(pointer, "此类规则须填写此项。", "A rule of this kind needs it."));
        }
        if !wanted && there {
            faults.push(fault(pointer, "此类规则没有此项。", "A rule of this kind does not have it."));
        }
    };
    part("/percent", shape.percent, numbers.percent.is_some());
    part("/amount_fen", shape.amount, numbers.amount_fen.is_some());
    part("/days", shape.days, numbers.days.is_some());
    part("/months", shape.months, numbers.months.is_some());
    if shape.any && numbers.percent.is_none() && numbers.amount_fen.is_none() {
        faults.push(fault("/percent", "占比与金额至少填写一项。", "One of the share and the amount is needed."));
    }
    let mut within = |pointer: &str, value: Option<i32>, least: i32, most: i32| {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            faults.push(fault(pointer, "数值超出允许的范围。", "The number is out of its range."));
        }
    };
    // An income may stand a little above the line, and cannot fall by more than all of it.
    let (least, most) = match kind {
        ClueKind::IncomeFall => (1, 99),
        ClueKind::SpendingShock => (1, 1000),
        _ => (0, 100),
    };
    within("/percent", numbers.percent, least, most);
    within("/days", numbers.days, 1, 366);
    within("/months", numbers.months, 1, 36);
    within("/quiet_days", Some(numbers.quiet_days), 1, 366);
    faults
}
