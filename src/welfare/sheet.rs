//! What a register's sheet says of a household's income in a year, beside what is known of it (底册收入).
//!
//! A sheet says what a household had in all. What it was paid here is taken off, for the journal says that; what is left is a
//! row of source `import`, shown by a department's record, for the days of that year of income. The same sheet again changes
//! nothing; another amount takes the row's place; and where somebody corrected a row by hand, no sheet says otherwise.

use super::fold::{Facts, Window, fold};
use super::{WelfareError, store};
use crate::access::Grant;
use crate::access::policy::RecordIncome;
use crate::db::{Change, Tx};
use chrono::NaiveDate;
use entity::income_entry;
use entity::value::{EvidenceGrade, Fen, HouseholdId, IncomeEntryId, IncomeItem, IncomeSource, Overflow};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// The items that a sheet may name.
pub const ITEMS: [IncomeItem; 5] =
    [IncomeItem::Wage, IncomeItem::Operating, IncomeItem::Property, IncomeItem::Transfer, IncomeItem::ProductionCost];

/// What is on record of an item in a year, as sheets brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSheet {
    /// Nothing.
    Nothing,
    /// This row, with its amount.
    Row(IncomeEntryId, Fen),
    /// A row of this amount, which somebody corrected to the other one, or to rows of other days.
    Corrected(Fen, Option<Fen>),
}

/// What comes of an amount that a sheet says, all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is so already.
    Same,
    /// A row of this amount is written, in the place of another where there is one.
    Write {
        /// What is left of it when what was paid here is taken off.
        amount: Fen,
        /// The row whose place it takes.
        replaces: Option<IncomeEntryId>,
    },
    /// Somebody corrected by hand what an earlier sheet said, and this one says something else again.
    Corrected,
}

/// What comes of an amount, beside what is on record and what was paid here. Pure.
#[must_use]
pub fn outcome(stated: Fen, paid_here: i64, on_record: OnSheet) -> Outcome {
    let left = Fen::new(stated.get().saturating_sub(paid_here.max(0)).max(0)).unwrap_or(Fen::ZERO);
    match on_record {
        OnSheet::Nothing if left.is_zero() => Outcome::Same,
        OnSheet::Nothing => Outcome::Write { amount: left, replaces: None },
        OnSheet::Row(_, held) if held == left => Outcome::Same,
        OnSheet::Row(id, _) => Outcome::Write { amount: left, replaces: Some(id) },
        OnSheet::Corrected(sheet, by_hand) if left == sheet || Some(left) == by_hand => Outcome::Same,
        OnSheet::Corrected(..) => Outcome::Corrected,
    }
}

/// What is known of some households in the years that a sheet names.
#[derive(Debug, Default)]
pub struct Known {
    on_sheet: HashMap<(HouseholdId, IncomeItem, NaiveDate, NaiveDate), OnSheet>,
    facts: HashMap<HouseholdId, Facts>,
    today: NaiveDate,
}

impl Known {
    /// What is on record of an item in a year.
    #[must_use]
    pub fn on_sheet(&self, household: HouseholdId, item: IncomeItem, year: Window) -> OnSheet {
        self.on_sheet.get(&(household, item, year.from_on, year.to_on)).copied().unwrap_or(OnSheet::Nothing)
    }

    /// What a household was paid here in a year, of an item.
    ///
    /// # Errors
    /// [`Overflow`] when amounts are out of range.
    pub fn paid_here(&self, household: HouseholdId, item: IncomeItem, year: Window) -> Result<i64, Overflow> {
        match self.facts.get(&household) {
            Some(facts) => Ok(fold(facts, year, self.today)?.of(item).platform_fen),
            None => Ok(0),
        }
    }

    /// The last year for which sheets brought something of a household, as a year of income.
    fn last_year(&self, household: HouseholdId) -> Option<Window> {
        let years = self.on_sheet.keys().filter(|(id, ..)| *id == household);
        years.map(|(_, _, from_on, to_on)| Window { from_on: *from_on, to_on: *to_on }).max_by_key(|year| year.to_on)
    }
}

/// What is known of these households, for years that lie in a span of days: a constant number of statements a thousand.
///
/// # Errors
/// When the database cannot be asked.
pub async fn known(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    span: Window,
    today: NaiveDate,
) -> Result<Known, DbErr> {
    let mut known = Known { today, ..Known::default() };
    for (household, rows) in store::sheet_rows(db, ids).await? {
        for ((item, from_on, to_on), on_sheet) in standing(&rows) {
            known.on_sheet.insert((household, item, from_on, to_on), on_sheet);
        }
    }
    known.facts = store::facts(db, ids, span).await?;
    Ok(known)
}

/// What stands of a household's rows that sheets brought, by item and days. Pure.
#[must_use]
pub fn standing(rows: &[income_entry::Model]) -> BTreeMap<(IncomeItem, NaiveDate, NaiveDate), OnSheet> {
    let replaced: HashMap<IncomeEntryId, &income_entry::Model> =
        rows.iter().filter_map(|row| Some((row.replaces_id?, row))).collect();
    let mut last: BTreeMap<(IncomeItem, NaiveDate, NaiveDate), &income_entry::Model> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.source == IncomeSource::Import) {
        let held = last.entry((row.item, row.from_on, row.to_on)).or_insert(row);
        if row.id > held.id {
            *held = row;
        }
    }
    let stands = |row: &income_entry::Model| {
        let mut by = None;
        let mut next = replaced.get(&row.id);
        while let Some(later) = next {
            by = Some(*later);
            next = replaced.get(&later.id);
        }
        match by {
            None => OnSheet::Row(row.id, row.amount_fen),
            Some(by) => {
                let is_alike = (by.item, by.from_on, by.to_on) == (row.item, row.from_on, row.to_on);
                OnSheet::Corrected(row.amount_fen, is_alike.then_some(by.amount_fen))
            }
        }
    };
    last.into_iter().map(|(key, row)| (key, stands(row))).collect()
}

/// A row that a sheet brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// What it is about.
    pub item: IncomeItem,
    /// The days of its year of income.
    pub year: Window,
    /// How much.
    pub amount: Fen,
    /// The row whose place it takes.
    pub replaces: Option<IncomeEntryId>,
}

/// Enters rows that a sheet brings about households, whoever judged them; `source` says which sheet.
///
/// # Errors
/// Somebody replaced one of the rows meanwhile; the database.
pub async fn record(
    tx: &Tx,
    grant: &Grant<RecordIncome>,
    rows: &[(HouseholdId, SheetRow)],
    source: &str,
) -> Result<(), WelfareError> {
    let (organisation_id, entered_by) = (grant.organisation()?, grant.person()?);
    let row = |(household_id, new): &(HouseholdId, SheetRow)| income_entry::Model {
        id: IncomeEntryId::generate(),
        household_id: *household_id,
        item: new.item,
        from_on: new.year.from_on,
        to_on: new.year.to_on,
        amount_fen: new.amount,
        source: IncomeSource::Import,
        grade: EvidenceGrade::DepartmentRecord,
        note: Some(source.to_owned()),
        evidence_file_id: None,
        replaces_id: new.replaces,
        organisation_id,
        entered_by,
        created_at: tx.now(),
    };
    let rows: Vec<income_entry::Model> = rows.iter().map(row).collect();
    let changes = rows.iter().map(|row| {
        let after = json!({
            "household_id": row.household_id, "item": row.item, "from_on": row.from_on, "to_on": row.to_on,
            "source": row.source, "grade": row.grade, "replaces_id": row.replaces_id,
        });
        Change::made("income_entry.recorded", "income_entry", row.id.uuid(), after).because(source)
    });
    let changes: Vec<_> = changes.collect();
    store::insert_many(tx, &rows).await.map_err(store::replaced_meanwhile)?;
    Ok(tx.audit_all(changes).await?)
}

/// What a household had in a year, all of it, as a sheet says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetYear {
    /// The year of income, by the calendar year in which it ends.
    pub year: i32,
    /// The amounts.
    pub amounts: Vec<(IncomeItem, Fen)>,
}

/// What sheets said of these households, of each for the last year of income; what was paid here is in it again.
///
/// # Errors
/// When the database cannot be asked; [`Overflow`] when amounts are out of range.
pub async fn last_years(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
    (today, starts_in): (NaiveDate, u32),
) -> Result<HashMap<HouseholdId, SheetYear>, WelfareError> {
    let mut known = Known { today, ..Known::default() };
    for (household, rows) in store::sheet_rows(db, ids).await? {
        // Only what is for a whole year of income as years begin now.
        let whole = standing(&rows).into_iter().filter(|((_, from_on, to_on), _)| {
            let year = Window { from_on: *from_on, to_on: *to_on };
            Window::of_year(year.ending_year(), starts_in).is_ok_and(|known| known == year)
        });
        let whole = whole.map(|((item, from_on, to_on), on)| ((household, item, from_on, to_on), on));
        known.on_sheet.extend(whole);
    }
    let years: HashMap<HouseholdId, Window> = ids.iter().filter_map(|id| Some((*id, known.last_year(*id)?))).collect();
    let Some(first) = years.values().map(|year| year.from_on).min() else { return Ok(HashMap::new()) };
    let asked: Vec<HouseholdId> = years.keys().copied().collect();
    known.facts = store::facts(db, &asked, Window { from_on: first, to_on: today }).await?;
    let mut found = HashMap::new();
    for (household, year) in years {
        let mut amounts = Vec::new();
        for item in ITEMS {
            let held = match known.on_sheet(household, item, year) {
                OnSheet::Nothing => continue,
                OnSheet::Row(_, amount) | OnSheet::Corrected(_, Some(amount)) => amount,
                OnSheet::Corrected(amount, None) => amount,
            };
            let paid = known.paid_here(household, item, year)?.max(0);
            let whole = held.get().checked_add(paid).ok_or(Overflow)?;
            amounts.push((item, Fen::new(whole).map_err(|_| Overflow)?));
        }
        found.insert(household, SheetYear { year: year.ending_year(), amounts });
    }
    Ok(found)
}
