//! The reports that are made of registers: quotas of units, households that are monitored. Pure.

use crate::monitoring::figures::Figures;
use crate::quota::{Standing, UnitProgress};
use crate::report::table::Line;
use entity::value::{AreaCode, ClueKind, ClueState, HouseholdStatusKind, MeasureState};
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
    lines.insert(total.0.clone(), (total.1.clone(), [0; 6]));
    for unit in units {
        let of = &unit.amounts;
        let declared = unit.declared_fen.get();
        let values = [1, declared, of.ordered_fen, of.accepted_fen, of.paid_fen, of.counted_fen];
        let (standing, words) = verdict(unit.standing);
        let own =
            [(format!("standing.{standing}"), words.to_owned()), (format!("unit.{}", unit.unit_id), unit.name.clone())];
        for (key, label) in [total.clone()].into_iter().chain(own) {
            let (_, sums) = lines.entry(key).or_insert_with(|| (label, [0; 6]));
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    // All of one year and day.
    let time = units.first().map(|unit| unit.time_bp);
    let line = |(key, (label, sums)): (String, (String, [i64; 6]))| {
        let rates = [rate(sums[5], sums[1]), time];
        Line { key, label, values: sums.into_iter().map(Some).chain(rates).collect() }
    };
    let mut lines: Vec<Line> = lines.into_iter().map(line).collect();
    // Units as people look for them.
    lines.sort_by_cached_key(|line| match line.key.starts_with("unit.") {
        true => (1, line.label.clone(), line.key.clone()),
        false => (0, line.key.clone(), String::new()),
    });
    lines
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

/// Which columns a line of the overview has figures in; the others do not apply to it.
#[derive(Clone, Copy)]
struct Columns {
    from: usize,
    until: usize,
}

const ALL: Columns = Columns { from: 0, until: 9 };
const HOUSEHOLDS: Columns = Columns { from: 0, until: 1 };
const CLUES: Columns = Columns { from: 1, until: 6 };

#[derive(Default)]
struct Sheet(BTreeMap<String, (String, Columns, [i64; 9])>);

impl Sheet {
    fn add(&mut self, (key, label): (String, String), columns: Columns, values: [i64; 9]) {
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
    sheet.add(total(), ALL, [0; 9]);
    for one in &figures.monitored {
        let values = [one.households, 0, 0, 0, 0, 0, 0, 0, 0];
        sheet.add(total(), ALL, values);
        sheet.add(county(&one.county), ALL, values);
        sheet.add((format!("status.{}", one.status), status(one.status).to_owned()), HOUSEHOLDS, values);
    }
    for one in &figures.clues {
        let of = |states: &[ClueState]| if states.contains(&one.state) { one.clues } else { 0 };
        let waiting = of(&[ClueState::Open, ClueState::DismissalAsked]);
        let (taken_up, dismissed) = (of(&[ClueState::TakenUp]), of(&[ClueState::Dismissed]));
        let values = [0, one.clues, taken_up, dismissed, waiting, one.late, 0, 0, 0];
        sheet.add(total(), ALL, values);
        sheet.add(county(&one.county), ALL, values);
        sheet.add((format!("clue.{}", one.kind), clue(one.kind).to_owned()), CLUES, values);
    }
    for one in &figures.measures {
        let done = if one.state == MeasureState::Done { one.measures } else { 0 };
        let values = [0, 0, 0, 0, 0, 0, one.measures, done, one.late];
        sheet.add(total(), ALL, values);
        sheet.add(county(&one.county), ALL, values);
    }
    let line = |(key, (label, has, sums)): (String, (String, Columns, [i64; 9]))| {
        let applies = |place: usize| (has.from..has.until).contains(&place);
        let values = sums.into_iter().enumerate().map(|(place, sum)| applies(place).then_some(sum)).collect();
        Line { key, label, values }
    };
    sheet.0.into_iter().map(line).collect()
}
