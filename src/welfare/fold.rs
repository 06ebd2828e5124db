//! From rows and payments to figures: pure, exact to the fen.
//!
//! A row for a span of days counts evenly for each of them. What falls on the days up to one is rounded down, and what falls
//! into a window is what falls up to its last day less what falls before its first: however days are cut into windows, their
//! parts add up to the row.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::value::{BenefitMode, EvidenceGrade, Fen, HouseholdId, IncomeItem, Overflow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A span of days, both of them in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day.
    pub to_on: NaiveDate,
}

impl Window {
    /// So many months up to a day: twelve up to 2 March begin on 3 March of the year before.
    ///
    /// # Errors
    /// [`Overflow`] beyond the calendar.
    pub fn rolling(to_on: NaiveDate, months: u32) -> Result<Self, Overflow> {
        let before = to_on.checked_sub_months(Months::new(months)).ok_or(Overflow)?;
        Ok(Self { from_on: before.succ_opt().ok_or(Overflow)?, to_on })
    }

    /// So many months up to the day before this window.
    ///
    /// # Errors
    /// [`Overflow`] beyond the calendar.
    pub fn before(self, months: u32) -> Result<Self, Overflow> {
        Self::rolling(self.from_on.pred_opt().ok_or(Overflow)?, months)
    }

    /// From the beginning of the year of income in which a day lies up to that day.
    ///
    /// # Errors
    /// [`Overflow`] for a month that is none.
    pub fn year(to_on: NaiveDate, starts_in: u32) -> Result<Self, Overflow> {
        let year = if to_on.month() >= starts_in { to_on.year() } else { to_on.year() - 1 };
        Ok(Self { from_on: NaiveDate::from_ymd_opt(year, starts_in, 1).ok_or(Overflow)?, to_on })
    }

    /// A whole year of income: twelve months that begin in a month, named by the calendar year in which they end.
    ///
    /// # Errors
    /// [`Overflow`] for a month that is none, or beyond the calendar.
    pub fn of_year(year: i32, starts_in: u32) -> Result<Self, Overflow> {
        let first = if starts_in == 1 { year } else { year.checked_sub(1).ok_or(Overflow)? };
        let from_on = NaiveDate::from_ymd_opt(first, starts_in, 1).ok_or(Overflow)?;
        let next = from_on.checked_add_months(Months::new(12)).ok_or(Overflow)?;
        Ok(Self { from_on, to_on: next.pred_opt().ok_or(Overflow)? })
    }

    /// The calendar year in which it ends.
    #[must_use]
    pub fn ending_year(self) -> i32 {
        self.to_on.year()
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn has(self, day: NaiveDate) -> bool {
        self.from_on <= day && day <= self.to_on
    }
}

/// A row somebody entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surveyed {
    /// What it is about.
    pub item: IncomeItem,
    /// The days it is for.
    pub days: Window,
    /// How much.
    pub amount: Fen,
    /// How well it is shown.
    pub grade: EvidenceGrade,
    /// When it was entered.
    pub known_on: NaiveDate,
    /// When another row took its place.
    pub replaced_on: Option<NaiveDate>,
}

/// What a household was paid here, by one posting under one agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The class of the agreement's mode.
    pub class: IncomeItem,
    /// The day it had the money.
    pub on: NaiveDate,
    /// How much, in fen; below zero where a payment was taken back as not received.
    pub fen: i64,
    /// When it was booked.
    pub known_on: NaiveDate,
}

/// Everything that is known of one household's income and spending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Rows that somebody entered.
    pub rows: Vec<Surveyed>,
    /// What it was paid here.
    pub payments: Vec<Paid>,
    /// The households that were merged into it, with theirs.
    pub taken_in: Vec<TakenIn>,
    /// The household it was merged into, and from which day: from then on what it had counts there and not here.
    pub gone: Option<(HouseholdId, NaiveDate)>,
}

/// A household that was merged into another, which it succeeds whole (并户承继).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Which.
    pub household: HouseholdId,
    /// Its national number.
    pub number: String,
    /// From which day it counts there.
    pub since: NaiveDate,
    /// Rows that somebody entered about it.
    pub rows: Vec<Surveyed>,
    /// What it was paid here.
    pub payments: Vec<Paid>,
}

impl TakenIn {
    /// What it brings to a window; nothing to one that ended before the merge.
    ///
    /// # Errors
    /// [`Overflow`] when amounts are out of range.
    pub fn figures(&self, window: Window, known_on: NaiveDate) -> Result<Figures, Overflow> {
        let mut figures = Figures::default();
        if self.since <= window.to_on {
            add(&mut figures, (&self.rows, &self.payments), window, known_on)?;
        }
        Ok(figures)
    }
}

/// One figure with what it is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncomeFigure)]
pub struct Figure {
    /// The amount in fen.
    pub fen: i64,
    /// Of that, paid here, by the journal.
    pub platform_fen: i64,
    /// By how many postings.
    pub payments: u32,
    /// Rows that are shown by a document.
    pub document_rows: u32,
    /// Rows that stand in a department's record.
    pub department_rows: u32,
    /// Rows that are only said.
    pub statement_rows: u32,
}

impl Figure {
    /// How many rows it is made of.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.document_rows.saturating_add(self.department_rows).saturating_add(self.statement_rows)
    }

    fn add_row(&mut self, fen: i64, grade: EvidenceGrade) -> Result<(), Overflow> {
        self.fen = self.fen.checked_add(fen).ok_or(Overflow)?;
        let count = match grade {
            EvidenceGrade::Document => &mut self.document_rows,
            EvidenceGrade::DepartmentRecord => &mut self.department_rows,
            EvidenceGrade::Statement => &mut self.statement_rows,
        };
        *count = count.saturating_add(1);
        Ok(())
    }

    fn add_payment(&mut self, fen: i64) -> Result<(), Overflow> {
        self.fen = self.fen.checked_add(fen).ok_or(Overflow)?;
        self.platform_fen = self.platform_fen.checked_add(fen).ok_or(Overflow)?;
        self.payments = self.payments.saturating_add(1);
        Ok(())
    }
}

/// The figures of a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncomeFigures)]
pub struct Figures {
    /// Wages (工资性收入).
    pub wage: Figure,
    /// From a business of its own (生产经营性收入).
    pub operating: Figure,
    /// From shares, land and other property (财产性收入).
    pub property: Figure,
    /// Pensions, allowances, gifts (转移性收入).
    pub transfer: Figure,
    /// What the business cost (生产经营性支出).
    pub production_cost: Figure,
    /// Out of pocket for treatment (合规自付医疗支出).
    pub illness: Figure,
    /// Out of pocket for schooling (合规自付教育支出).
    pub schooling: Figure,
    /// Out of pocket after a disaster (合规自付灾害支出).
    pub disaster: Figure,
    /// From insurances (理赔收入).
    pub claims: Figure,
}

/// A sum of fen, or nothing that can be told.
fn sum(parts: &[i64]) -> Result<i64, Overflow> {
    parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)).ok_or(Overflow)
}

impl Figures {
    /// The figure of an item.
    #[must_use]
    pub fn of(&self, item: IncomeItem) -> &Figure {
        match item {
            IncomeItem::Wage => &self.wage,
            IncomeItem::Operating => &self.operating,
            IncomeItem::Property => &self.property,
            IncomeItem::Transfer => &self.transfer,
            IncomeItem::ProductionCost => &self.production_cost,
            IncomeItem::Illness => &self.illness,
            IncomeItem::Schooling => &self.schooling,
            IncomeItem::Disaster => &self.disaster,
            IncomeItem::Claims => &self.claims,
        }
    }

    fn of_mut(&mut self, item: IncomeItem) -> &mut Figure {
        match item {
            IncomeItem::Wage => &mut self.wage,
            IncomeItem::Operating => &mut self.operating,
            IncomeItem::Property => &mut self.property,
            IncomeItem::Transfer => &mut self.transfer,
            IncomeItem::ProductionCost => &mut self.production_cost,
            IncomeItem::Illness => &mut self.illness,
            IncomeItem::Schooling => &mut self.schooling,
            IncomeItem::Disaster => &mut self.disaster,
            IncomeItem::Claims => &mut self.claims,
        }
    }

    /// The four classes together (家庭总收入), in fen.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn gross(&self) -> Result<i64, Overflow> {
        sum(&[self.wage.fen, self.operating.fen, self.property.fen, self.transfer.fen])
    }

    /// Less what producing it cost (家庭纯收入), in fen; may be below zero.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn net(&self) -> Result<i64, Overflow> {
        self.gross()?.checked_sub(self.production_cost.fen).ok_or(Overflow)
    }

    /// Paid out of pocket within the rules (合规自付支出), in fen.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn compliance(&self) -> Result<i64, Overflow> {
        sum(&[self.illness.fen, self.schooling.fen, self.disaster.fen])
    }

    /// What the threshold is held against (纳入监测对象的收入参考范围): net income and claims less what was paid out of
    /// pocket, in fen.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn reference(&self) -> Result<i64, Overflow> {
        sum(&[self.net()?, self.claims.fen])?.checked_sub(self.compliance()?).ok_or(Overflow)
    }

    /// Of the four classes, what was paid here, in fen.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn platform(&self) -> Result<i64, Overflow> {
        sum(&[
            self.wage.platform_fen,
            self.operating.platform_fen,
            self.property.platform_fen,
            self.transfer.platform_fen,
        ])
    }

    /// How many rows all of it is made of.
    #[must_use]
    pub fn rows(&self) -> u32 {
        IncomeItem::ALL.iter().fold(0, |rows: u32, item| rows.saturating_add(self.of(*item).rows()))
    }
}

/// An amount per head, rounded down to the fen; none where nobody belongs to the household.
#[must_use]
pub fn per_head(fen: i64, people: u32) -> Option<i64> {
    (people > 0).then(|| fen.div_euclid(i64::from(people)))
}

/// The class of income that an agreement of this mode brings.
#[must_use]
pub fn class_of(mode: BenefitMode) -> IncomeItem {
    match mode {
        BenefitMode::ProducePurchase | BenefitMode::CustodialFarming => IncomeItem::Operating,
        BenefitMode::Wages => IncomeItem::Wage,
        BenefitMode::Dividend | BenefitMode::LandRent => IncomeItem::Property,
    }
}

/// What of a row falls into a window, in fen.
fn part_of(row: &Surveyed, window: Window) -> Result<i64, Overflow> {
    let days = i128::from((row.days.to_on - row.days.from_on).num_days()) + 1;
    let up_to = |last: NaiveDate| {
        let passed = (i128::from((last - row.days.from_on).num_days()) + 1).clamp(0, days);
        i128::from(row.amount.get()) * passed / days
    };
    let before = window.from_on.checked_sub_days(Days::new(1)).ok_or(Overflow)?;
    i64::try_from(up_to(window.to_on) - up_to(before)).map_err(|_| Overflow)
}

/// The figures of a window, by what was known on a day: rows and payments entered later do not count, and a row counts until
/// another took its place.
///
/// A window is of the household as it is on the window's last day: what a household that was merged into it by then had
/// counts whole, also what it had before; and of one that is gone by then nothing counts.
///
/// # Errors
/// [`Overflow`] when amounts are out of range.
pub fn fold(facts: &Facts, window: Window, known_on: NaiveDate) -> Result<Figures, Overflow> {
    let mut figures = Figures::default();
    if facts.gone.is_some_and(|(_, since)| since <= window.to_on) {
        return Ok(figures);
    }
    add(&mut figures, (&facts.rows, &facts.payments), window, known_on)?;
    for other in facts.taken_in.iter().filter(|other| other.since <= window.to_on) {
        add(&mut figures, (&other.rows, &other.payments), window, known_on)?;
    }
    Ok(figures)
}

/// Adds what of some rows and payments falls into a window.
fn add(
    figures: &mut Figures,
    (rows, payments): (&[Surveyed], &[Paid]),
    window: Window,
    known_on: NaiveDate,
) -> Result<(), Overflow> {
    let holds = |row: &&Surveyed| row.known_on <= known_on && row.replaced_on.is_none_or(|day| day > known_on);
    for row in rows.iter().filter(holds) {
        if row.days.to_on < window.from_on || row.days.from_on > window.to_on || row.amount.is_zero() {
            continue;
        }
        figures.of_mut(row.item).add_row(part_of(row, window)?, row.grade)?;
    }
    for paid in payments.iter().filter(|paid| window.has(paid.on) && paid.known_on <= known_on) {
        figures.of_mut(paid.class).add_payment(paid.fen)?;
    }
    Ok(())
}

/// How a household's income stands to the threshold of its place and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncomeVerdict)]
pub enum Verdict {
    /// Not above the threshold: it may be monitored (在收入参考范围内).
    WithinRange,
    /// Above it (高于收入参考范围).
    AboveRange,
    /// Nobody has entered a threshold for the year, so nothing is said (无标准).
    NoThreshold,
    /// Nobody belongs to the household (无人口).
    NoPeople,
}

/// The verdict over a reference income per head.
#[must_use]
pub fn verdict(reference_per_head: Option<i64>, threshold: Option<Fen>) -> Verdict {
    match (reference_per_head, threshold) {
        (None, _) => Verdict::NoPeople,
        (_, None) => Verdict::NoThreshold,
        (Some(income), Some(threshold)) if income > threshold.get() => Verdict::AboveRange,
        (Some(_), Some(_)) => Verdict::WithinRange,
    }
}
