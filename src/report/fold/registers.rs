//! The reports that are made of registers: quotas of units, households that are monitored. Pure.

use crate::monitoring::figures::{Answered, Carried, Figures};
use crate::quota::{Amounts, Standing, UnitProgress};
use crate::report::table::Line;
use entity::value::{AreaCode, ClueKind, HouseholdStatusKind};
use std::collections::{BTreeMap, HashMap};

/// Ten-thousandths of a whole.
const WHOLE: i128 = 10_000;

const fn verdict(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::OnTime => ("on_time", "达到序时进度"),
        Standing::Behind => ("behind", "低于序时进度"),
        Standing::NotFiled => ("not_filed", "未填报"),
        Standing::NothingReserved => ("nothing_reserved", "无预留任务"),
    }
}

/// The bulletin: the total, a line each verdict, a line each unit.
#[must_use]
pub fn quotas(units: &[UnitProgress]) -> Vec<Line> {
    let total = ("0.total".to_owned(), "合计".to_owned());
    let mut lines: BTreeMap<String, (String, [i64; 6])> = BTreeMap::new();
    let mut own = Vec::with_capacity(units.len());
    lines.insert(total.0.clone(), (total.1.clone(), [0; 6]));
    for unit in units {
        let of = &unit.amounts;
        let declared = unit.declared_fen.get();
        let values = [1, declared, of.ordered_fen, of.accepted_fen, of.paid_fen, of.counted_fen];
        let (standing, words) = verdict(unit.standing);
        let standing = (format!("standing.{standing}"), words.to_owned());
        let sums = [total.clone(), standing];
        own.push((unit, values, sums.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>()));
        for (key, label) in sums {
            let (_, sums) = lines.entry(key).or_insert_with(|| (label, [0; 6]));
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    // All of one year and day.
    let time = units.first().map(|unit| unit.time_bp);
    let values = |sums: [i64; 6]| sums.into_iter().map(Some).chain([rate(sums[5], sums[1]), time]).collect();
    // Units as people look for them.
    own.sort_by(|(a, ..), (b, ..)| (&a.name, a.unit_id).cmp(&(&b.name, b.unit_id)));
    let sums = lines.into_iter().map(|(key, (label, sums))| Line::new(key, label, values(sums)));
    let own = own.into_iter().map(|(unit, sums, within)| {
        let line = Line::new(format!("unit.{}", unit.unit_id), unit.name.clone(), values(sums));
        Line { within, ..line }
    });
    sums.chain(own).collect()
}

/// What an order adds to the line of its unit: what is reserved is no order's.
#[must_use]
pub fn of_unit(of: &Amounts) -> Vec<Option<i64>> {
    let amounts = [of.ordered_fen, of.accepted_fen, of.paid_fen, of.counted_fen].map(Some);
    [None, None].into_iter().chain(amounts).chain([None, None]).collect()
}

/// A part of a whole in ten-thousandths, rounded down; below nothing is nothing.
fn rate(part: i64, whole: i64) -> Option<i64> {
    let parts = (i128::from(part.max(0)) * WHOLE).checked_div(i128::from(whole))?;
    i64::try_from(parts).ok()
}

/// What a monitored household is called.
const fn status(status: HouseholdStatusKind) -> &'static str {
    match status {
        HouseholdStatusKind::MonitoredUnstable => "脱贫不稳定户",
        HouseholdStatusKind::MonitoredBorderline => "边缘易致贫户",
        HouseholdStatusKind::MonitoredSudden => "突发严重困难户",
        HouseholdStatusKind::Registered => "脱贫户",
        HouseholdStatusKind::Ordinary => "一般农户",
    }
}

/// What a kind of clue is called.
const fn clue(kind: ClueKind) -> &'static str {
    match kind {
        ClueKind::IncomeUnderThreshold => "收入低于监测范围",
        ClueKind::IncomeFall => "收入骤减",
        ClueKind::SpendingShock => "刚性支出骤增",
        ClueKind::DisputeUpheld => "收益异议成立",
        ClueKind::Arrears => "收益拖欠",
        ClueKind::LostLots => "产销风险",
        ClueKind::NoMeasure => "识别后未帮扶",
        ClueKind::MeasureWithoutEffect => "帮扶未见成效",
        ClueKind::FlaggedComparison => "部门比对疑点",
    }
}

/// What a line of the overview has in its columns.
type Values = [i64; 9];

/// Which columns a line of the overview has figures in; the others do not apply to it.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    from: usize,
    until: usize,
}

impl Columns {
    /// Figures of a line, as far as they apply to it.
    #[must_use]
    pub fn of(self, values: Values) -> Vec<Option<i64>> {
        let applies = |place: usize| (self.from..self.until).contains(&place);
        values.into_iter().enumerate().map(|(place, value)| applies(place).then_some(value)).collect()
    }
}

const ALL_COLUMNS: Columns = Columns { from: 0, until: 9 };
/// The columns of households.
pub const HOUSEHOLD_COLUMNS: Columns = Columns { from: 0, until: 1 };
/// The columns of clues.
pub const CLUE_COLUMNS: Columns = Columns { from: 1, until: 6 };
/// The columns of measures.
pub const MEASURE_COLUMNS: Columns = Columns { from: 6, until: 9 };

/// What households add.
#[must_use]
pub const fn household_values(households: i64) -> Values {
    [households, 0, 0, 0, 0, 0, 0, 0, 0]
}

/// What clues add.
#[must_use]
pub const fn clue_values(of: Answered) -> Values {
    let waiting = of.clues - of.taken_up - of.dismissed;
    [0, of.clues, of.taken_up, of.dismissed, waiting, of.late, 0, 0, 0]
}

/// What measures add.
#[must_use]
pub const fn measure_values(of: Carried) -> Values {
    [0, 0, 0, 0, 0, 0, of.measures, of.done, of.late]
}

#[derive(Default)]
struct Sheet(BTreeMap<String, (String, Columns, Values)>);

impl Sheet {
    fn add(&mut self, (key, label): (String, String), columns: Columns, values: Values) {
        let (.., sums) = self.0.entry(key).or_insert((label, columns, [0; 9]));
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
}

/// The overview of monitoring: the total, and lines by county, by what households are, by what clues are about.
#[must_use]
pub fn monitoring(figures: &Figures, names: &HashMap<AreaCode, String>) -> Vec<Line> {
    let mut sheet = Sheet::default();
    let total = || ("0.total".to_owned(), "合计".to_owned());
    let county = |code: &AreaCode| {
        let name = names.get(code).cloned().unwrap_or_else(|| code.as_str().to_owned());
        (format!("county.{code}"), name)
    };
    sheet.add(total(), ALL_COLUMNS, [0; 9]);
    for one in &figures.monitored {
        let values = household_values(one.households);
        sheet.add(total(), ALL_COLUMNS, values);
        sheet.add(county(&one.county), ALL_COLUMNS, values);
        sheet.add((format!("status.{}", one.status), status(one.status).to_owned()), HOUSEHOLD_COLUMNS, values);
    }
    for one in &figures.clues {
        let values = clue_values(one.answered);
        sheet.add(total(), ALL_COLUMNS, values);
        sheet.add(county(&one.county), ALL_COLUMNS, values);
        sheet.add((format!("clue.{}", one.kind), clue(one.kind).to_owned()), CLUE_COLUMNS, values);
    }
    for one in &figures.measures {
        let values = measure_values(one.carried);
        sheet.add(total(), ALL_COLUMNS, values);
        sheet.add(county(&one.county), ALL_COLUMNS, values);
    }
    let line = |(key, (label, has, sums)): (String, (String, Columns, Values))| Line::new(key, label, has.of(sums));
    sheet.0.into_iter().map(line).collect()
}
