//! What rows of the register say of a household's income in a year: judged beside what is known of it, and entered.
//!
//! Knows columns; what an amount means, and what comes of it, is said by the room of incomes.

use super::{Around, CellChange, SheetFault};
use crate::access::Grant;
use crate::access::policy::RecordIncome;
use crate::bulk::cells;
use crate::db::Tx;
use crate::household::intake::check::{self, Check};
use crate::household::intake::{HouseholdRows, Judged};
use crate::problem::Failure;
use crate::welfare::sheet::{self, Known, OnSheet, Outcome, SheetRow, SheetYear};
use crate::welfare::{WelfareError, Window};
use entity::value::{Fen, HouseholdId, IncomeItem};
use sea_orm::ConnectionTrait;

/// The column of each item.
pub(super) const COLUMNS: [(IncomeItem, &str); 5] = [
    (IncomeItem::Wage, "wage_income"),
    (IncomeItem::Operating, "operating_income"),
    (IncomeItem::Property, "property_income"),
    (IncomeItem::Transfer, "transfer_income"),
    (IncomeItem::ProductionCost, "production_cost"),
];

/// What comes of the amounts of one household.
#[derive(Debug, Default)]
pub(super) struct Incomes {
    pub faults: Vec<SheetFault>,
    pub changes: Vec<CellChange>,
    pub rows: Vec<SheetRow>,
}

fn named(check: &'static Check, column: &str) -> SheetFault {
    SheetFault {
        code: Some(check.code.to_owned()),
        column: column.to_owned(),
        zh: check.zh.to_owned(),
        en: check.en.to_owned(),
    }
}

fn shown(fen: i64) -> String {
    cells::decimal(fen, 2, 2)
}

/// Judges the amounts of households, each beside what the register said of it: a constant number of questions.
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    rows: &[HouseholdRows],
    judged: &[Judged],
) -> Result<Vec<Incomes>, Failure> {
    let years: Vec<Option<Result<Window, SheetFault>>> = rows.iter().map(|rows| year_of(around, rows)).collect();
    let named: Vec<(HouseholdId, Window)> = judged
        .iter()
        .zip(&years)
        .filter_map(|(judged, year)| Some((judged.household?, year.as_ref()?.as_ref().ok().copied()?)))
        .collect();
    let known = known(db, around, &named).await?;
    let mut found = Vec::with_capacity(rows.len());
    for ((rows, judged), year) in rows.iter().zip(judged).zip(years) {
        found.push(match year {
            None => Incomes::default(),
            Some(Err(fault)) => Incomes { faults: vec![fault], ..Incomes::default() },
            Some(Ok(year)) => one(&known, rows, (judged.household, year)).map_err(WelfareError::from)?,
        });
    }
    Ok(found)
}

/// The year for which a household's amounts are; nothing where there are none to speak of.
fn year_of(around: &Around<'_>, rows: &HouseholdRows) -> Option<Result<Window, SheetFault>> {
    let says_something = rows.incomes.iter().any(|(_, amount)| !amount.is_zero());
    let Some(year) = rows.income_year else {
        return says_something.then(|| Err(named(&check::INCOME_YEAR_MISSING, check::INCOME_YEAR_MISSING.column)));
    };
    if rows.incomes.is_empty() {
        return None;
    }
    let window = (2000..=2199)
        .contains(&year)
        .then(|| Window::of_year(year, around.config.income_windows.income_year_starts).ok());
    let over = window.flatten().filter(|window| window.to_on <= around.today);
    Some(over.ok_or_else(|| named(&check::INCOME_YEAR_OPEN, check::INCOME_YEAR_OPEN.column)))
}

async fn known(
    db: &impl ConnectionTrait,
    around: &Around<'_>,
    named: &[(HouseholdId, Window)],
) -> Result<Known, Failure> {
    let first = named.iter().map(|(_, year)| year.from_on).min();
    let last = named.iter().map(|(_, year)| year.to_on).max();
    let (Some(from_on), Some(to_on)) = (first, last) else { return Ok(Known::default()) };
    let ids: Vec<HouseholdId> = named.iter().map(|(id, _)| *id).collect();
    Ok(sheet::known(db, &ids, Window { from_on, to_on }, around.today).await?)
}

fn one(
    known: &Known,
    rows: &HouseholdRows,
    (household, year): (Option<HouseholdId>, Window),
) -> Result<Incomes, entity::value::Overflow> {
    let mut incomes = Incomes::default();
    for (item, column) in COLUMNS {
        let Some(stated) = rows.income(item) else { continue };
        let (on_record, paid) = match household {
            Some(id) => (known.on_sheet(id, item, year), known.paid_here(id, item, year)?),
            None => (OnSheet::Nothing, 0),
        };
        match sheet::outcome(stated, paid, on_record) {
            Outcome::Same => {}
            Outcome::Corrected => incomes.faults.push(named(&check::INCOME_CORRECTED, column)),
            Outcome::Write { amount, replaces } => {
                let before = match on_record {
                    OnSheet::Row(_, held) => shown(held.get().saturating_add(paid.max(0))),
                    OnSheet::Nothing | OnSheet::Corrected(..) => String::new(),
                };
                incomes.changes.push(CellChange { column: column.to_owned(), before, after: shown(stated.get()) });
                incomes.rows.push(SheetRow { item, year, amount, replaces });
            }
        }
    }
    Ok(incomes)
}

/// Enters what was judged, of the households that are there by now.
pub(super) async fn carry_out(
    tx: &Tx,
    around: &Around<'_>,
    rows: &[(HouseholdId, SheetRow)],
    source: &str,
) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let grant = Grant::<RecordIncome>::claim(around.actor)?;
    Ok(sheet::record(tx, &grant, rows, source).await?)
}

/// The cells of a year's amounts, in the order of [`COLUMNS`]; empty where nothing is known.
pub(super) fn cells_of(year: Option<&SheetYear>) -> [String; 5] {
    let amount = |item: IncomeItem| -> Option<Fen> {
        year?.amounts.iter().find(|(known, _)| *known == item).map(|(_, amount)| *amount)
    };
    COLUMNS.map(|(item, _)| amount(item).map(|amount| shown(amount.get())).unwrap_or_default())
}
