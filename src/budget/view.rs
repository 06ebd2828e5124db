//! What comes in and goes out.

use crate::http::Words;
use crate::ledger::{Account, Balance};
use chrono::{DateTime, Utc};
use entity::budget;
use entity::value::{AccountId, BudgetId, Fen, OrganisationId, Overflow, Side};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// A budget to be granted (预算批复).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantBudget {
    /// The unit it is for, below your organisation.
    pub unit_id: OrganisationId,
    /// The year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i32,
    /// Where the money comes from (资金来源).
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "公用经费")]
    pub fund_source: Words<100>,
    /// How much; more than zero.
    pub amount_fen: Fen,
}

/// What a list of budgets is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BudgetFilter {
    /// Only this unit's.
    pub unit: Option<OrganisationId>,
    /// Only this year's.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: Option<i32>,
    /// How many items at most, 1–100; 20 when not given.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A budget with what is left of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Budget {
    /// Its identifier.
    pub id: BudgetId,
    /// The unit.
    pub unit_id: OrganisationId,
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// Where the money comes from (资金来源).
    #[schema(example = "公用经费")]
    pub fund_source: String,
    /// How much was granted.
    pub amount_fen: Fen,
    /// Free to order with (可用).
    pub available_fen: Fen,
    /// Bound by orders not yet paid (占用).
    pub encumbered_fen: Fen,
    /// Spent (支出).
    pub spent_fen: Fen,
    /// When it was granted.
    pub created_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

/// The accounts whose balances a budget shows.
pub(super) fn accounts_of(id: BudgetId) -> [Account; 3] {
    [Account::budget_available(id), Account::budget_encumbered(id), Account::budget_spent(id)]
}

impl Budget {
    /// A budget with the balances of its accounts.
    pub(super) fn of(row: budget::Model, balances: &HashMap<AccountId, Balance>) -> Result<Self, Overflow> {
        let budget::Model { id, unit_id, year, fund_source, amount_fen, created_by: _, created_at, version } = row;
        let on_debit = |account: &Account| balances.get(&account.id()).copied().unwrap_or_default().on(Side::Debit);
        let [available, encumbered, spent] = accounts_of(id);
        Ok(Self {
            id,
            unit_id,
            year,
            fund_source,
            amount_fen,
            available_fen: on_debit(&available)?,
            encumbered_fen: on_debit(&encumbered)?,
            spent_fen: on_debit(&spent)?,
            created_at,
            version,
        })
    }
}
