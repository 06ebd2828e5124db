//! The register by the sheet (户籍底册导入): what rows about households and their people would do, and doing it.
//!
//! The words: the *rows* of a household are one a person, with what is said of the household beside; they pass *checks*
//! ([`check`]) or say by which they do not. A household that is new is registered as a whole; of one that is known, what
//! differs becomes an entry of its history, dated today, from an import.
//! Promises: what a case must decide – who belongs to a household, who is its head, what it is – and the account into
//! which money goes do not change by a sheet, which says so instead; a person is found by the keyed hash of their number;
//! however many households, the questions to the database are the same few.
//! Does not know sheets nor columns' headings: who reads them stands above. Nor does it keep incomes, which have a room of
//! their own; it only looks at them.

pub mod check;
mod export;
mod judge;
mod record;

pub use export::{Exported, ExportedPerson, export_after};
pub use judge::{Changed, Failed, Judged, Plan, guarantee_of, judge};
pub use record::record;

use super::view::MemberFacts;
use chrono::NaiveDate;
use entity::value::{
    BankAccount, Fen, HouseholdStatusKind, HouseholdType, IncomeItem, LandKind, PhoneNumber, Relation,
};

/// What a row says of a person; what it does not say is absent.
#[derive(Debug, Clone, Default)]
pub struct PersonRow {
    /// Their name.
    pub name: String,
    /// Their relation to the head.
    pub relation: Option<Relation>,
    /// The number of their identity card or disability card, as it was written.
    pub id_number: String,
    /// Their phone.
    pub phone: Option<PhoneNumber>,
    /// Their account.
    pub bank_account: Option<BankAccount>,
    /// What else is known of them.
    pub facts: MemberFacts,
    /// Whether they have health insurance; only looked at.
    pub is_insured: Option<bool>,
    /// Whether they should be in compulsory school and are not; only looked at.
    pub is_out_of_school: Option<bool>,
    /// Whether they have the subsistence allowance (低保).
    pub has_subsistence: Option<bool>,
    /// Whether they are supported as extremely poor (特困).
    pub has_extreme_support: Option<bool>,
}

/// What the rows of a household say.
#[derive(Debug, Clone, Default)]
pub struct HouseholdRows {
    /// Its national number.
    pub number: String,
    /// Its village: the name or the identifier of the committee.
    pub village: String,
    /// When it was registered.
    pub registered_on: Option<NaiveDate>,
    /// What it was.
    pub household_type: Option<HouseholdType>,
    /// Whether something is said of monitoring, and then as what it is monitored, or that it is not.
    pub monitored: Option<Option<HouseholdStatusKind>>,
    /// Land of each kind of which something is said, in hundredths of a mu.
    pub land: Vec<(LandKind, i64)>,
    /// Whether its house is safe; only looked at.
    pub is_housed_safely: Option<bool>,
    /// Whether its water is safe; only looked at.
    pub has_safe_water: Option<bool>,
    /// Whether it has help for an industry; only looked at.
    pub industry_help: Option<bool>,
    /// The year of income for which amounts are said.
    pub income_year: Option<i32>,
    /// What it had or spent in that year, all of it; recorded by the room of incomes.
    pub incomes: Vec<(IncomeItem, Fen)>,
    /// Rows that say something else of the household than those before.
    pub differing: Vec<usize>,
    /// Its people, in the order of the rows.
    pub people: Vec<PersonRow>,
}

impl HouseholdRows {
    /// What is said of an item of income.
    #[must_use]
    pub fn income(&self, item: IncomeItem) -> Option<Fen> {
        self.incomes.iter().find(|(known, _)| *known == item).map(|(_, amount)| *amount)
    }
}

/// Square metres of so many hundredths of a mu, to the nearest: a mu is 2000/3 square metres.
#[must_use]
pub fn square_metres(hundredths: i64) -> i64 {
    (hundredths.saturating_mul(20).saturating_add(1)).div_euclid(3)
}

/// Hundredths of a mu of so many square metres, to the nearest; of what [`square_metres`] gives, what it was given.
#[must_use]
pub fn hundredths_of_mu(square_metres: i64) -> i64 {
    (square_metres.saturating_mul(3).saturating_add(10)).div_euclid(20)
}
