//! What the close of a period is computed from, and the text in which it is recorded.
//!
//! Promises: as the inputs of shares: equal inputs have one canonical text, and the text gives the inputs back.

use crate::attribution::inputs::{InputsError, rank};
use chrono::NaiveDate;
use entity::value::{
    AgreementId, BenefitMode, Fen, HouseholdId, HouseholdStatusKind, OrganisationId, PeriodId, PeriodPoolId,
    SupplierOrderId,
};
use serde::{Deserialize, Serialize};

/// The rule by which periods are closed, named in the recorded text.
pub const RULE: &str = "periods/1";

/// Everything that decides the close of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodInputs {
    rule: String,
    /// The period; also what decides between equal remainders.
    pub period_id: PeriodId,
    /// Whose it is.
    pub supplier_id: OrganisationId,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// What waits, by mode and order.
    pub waiting: Vec<Waiting>,
    /// What is due, by mode and agreement.
    pub due: Vec<Due>,
}

/// What an order brought to a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// The pool's mode.
    pub mode: BenefitMode,
    /// The pool, by which its account is known.
    pub pool_id: PeriodPoolId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// The amount.
    pub amount_fen: Fen,
}

/// What is due under an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The mode.
    pub mode: BenefitMode,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Its household.
    pub household_id: HouseholdId,
    /// The household's status on the last day of the period.
    pub household_status: HouseholdStatusKind,
    /// The amount.
    pub due_fen: Fen,
}

impl PeriodInputs {
    /// Inputs in canonical order, whatever the order of these lists.
    #[must_use]
    pub fn new(
        (period_id, supplier_id): (PeriodId, OrganisationId),
        (starts_on, ends_on): (NaiveDate, NaiveDate),
        mut waiting: Vec<Waiting>,
        mut due: Vec<Due>,
    ) -> Self {
        waiting.sort_unstable_by_key(|waiting| (rank(waiting.mode), waiting.supplier_order_id));
        due.sort_unstable_by_key(|due| (rank(due.mode), due.agreement_id));
        Self { rule: RULE.to_owned(), period_id, supplier_id, starts_on, ends_on, waiting, due }
    }

    /// The canonical text: JSON without spaces, the keys and the lists in the order of this type.
    ///
    /// # Errors
    /// When it cannot be written, which never happens: it holds numbers and plain words.
    pub fn canonical(&self) -> Result<String, InputsError> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads a canonical text.
    ///
    /// # Errors
    /// [`InputsError`] unless it is exactly what [`PeriodInputs::canonical`] writes.
    pub fn from_canonical(text: &str) -> Result<Self, InputsError> {
        let read: Self = serde_json::from_str(text)?;
        if read.rule != RULE {
            return Err(InputsError::UnknownRule(read.rule));
        }
        let ids = (read.period_id, read.supplier_id);
        let sorted = Self::new(ids, (read.starts_on, read.ends_on), read.waiting, read.due);
        if sorted.canonical()? == text { Ok(sorted) } else { Err(InputsError::NotCanonical) }
    }
}
