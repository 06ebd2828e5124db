//! What comes in and goes out.

use crate::http::{Words, text};
use crate::ledger::{Account, Balance};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{
    AccountId, BudgetChangeId, BudgetChangeKind, BudgetId, Fen, FileId, FundSource, OrganisationId, Overflow, PersonId,
    Side,
};
use entity::{budget, budget_change};
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
    /// What kind of money that is; out of the public purse when not given.
    #[serde(default = "fiscal")]
    pub fund_kind: FundSource,
    /// How much; more than zero.
    pub amount_fen: Fen,
}

fn fiscal() -> FundSource {
    FundSource::Fiscal
}

/// What is done with a budget after it was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetAct {
    /// More is granted (追加).
    Supplement,
    /// Some that is still available is taken back (调减).
    Reduction,
    /// Some that is still available goes to another budget of the same year (调剂).
    Transfer,
    /// After the year: so much goes into the unit's next year, the rest that is available is taken back, and nothing is
    /// bound from then on (年终结转).
    CarryOver,
}

/// A change of a budget, with its document (预算调整).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBudget {
    /// What is done.
    pub kind: BudgetAct,
    /// How much; more than zero, but for a year that ends with nothing to carry over.
    pub amount_fen: Fen,
    /// Where it goes, for a transfer only.
    pub to_budget_id: Option<BudgetId>,
    /// The document, a file of your organisation (调整文件).
    pub document_id: FileId,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "秋季学期增加供餐人数")]
    pub reason: Words<500>,
}

/// A change of a budget that was made (预算调整记录).
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetChange {
    /// Its identifier.
    pub id: BudgetChangeId,
    /// Its place among the changes of the budget, from 1.
    pub number: i32,
    /// What it is.
    pub kind: BudgetChangeKind,
    /// How much.
    pub amount_fen: Fen,
    /// The budget it went to or came from.
    pub other_budget_id: Option<BudgetId>,
    /// Its document.
    pub document_id: FileId,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub made_by: PersonId,
    /// When.
    pub made_at: DateTime<Utc>,
}

impl From<budget_change::Model> for BudgetChange {
    fn from(row: budget_change::Model) -> Self {
        let budget_change::Model {
            id,
            budget_id: _,
            number,
            kind,
            amount_fen,
            other_budget_id,
            document_id,
            reason,
            made_by,
            made_at,
        } = row;
        Self { id, number, kind, amount_fen, other_budget_id, document_id, reason, made_by, made_at }
    }
}

/// Which days a statement is about.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatementQuery {
    /// The first day; the first of the budget's year when not given.
    #[serde(default, deserialize_with = "text::day_if_any")]
    #[param(example = "2026-01-01")]
    pub from: Option<NaiveDate>,
    /// The last day, that one included; today when not given.
    #[serde(default, deserialize_with = "text::day_if_any")]
    #[param(example = "2026-12-31")]
    pub to: Option<NaiveDate>,
}

/// How a budget stood at an end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct BudgetFigures {
    /// Free to order with (可用).
    pub available_fen: Fen,
    /// Bound (占用).
    pub encumbered_fen: Fen,
    /// Spent (支出).
    pub spent_fen: Fen,
}

/// One movement of a budget. What goes out of a figure is negative.
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetMovement {
    /// The business day.
    pub on: NaiveDate,
    /// What was posted: `granted`, `changed`, `encumbered`, `released`, `paid`, `repaid`, `held`.
    #[schema(example = "encumbered")]
    pub kind: String,
    /// The document behind it.
    #[schema(example = "order:019372a0-6c00-7000-8000-000000000001:encumbered")]
    pub cause: String,
    /// What it did to what is available.
    pub available_fen: i64,
    /// What it did to what is bound.
    pub encumbered_fen: i64,
    /// What it did to what is spent.
    pub spent_fen: i64,
}

/// The movements of a budget between two days, with how it stood before and after (预算执行明细).
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetStatement {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, that one included.
    pub to: NaiveDate,
    /// How it stood before.
    pub opening: BudgetFigures,
    /// What happened, in the order it was posted.
    pub movements: Vec<BudgetMovement>,
    /// How it stood after.
    pub closing: BudgetFigures,
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
    /// What kind of money that is.
    pub fund_kind: FundSource,
    /// How much is granted, with every change since.
    pub amount_fen: Fen,
    /// Free to order with (可用).
    pub available_fen: Fen,
    /// Bound by orders not yet paid (占用).
    pub encumbered_fen: Fen,
    /// Spent (支出).
    pub spent_fen: Fen,
    /// When it was granted.
    pub created_at: DateTime<Utc>,
    /// When its year was closed; nothing is bound from then on.
    pub closed_at: Option<DateTime<Utc>>,
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
        let budget::Model {
            id,
            unit_id,
            year,
            fund_source,
            fund_kind,
            amount_fen,
            created_by: _,
            created_at,
            closed_at,
            version,
        } = row;
        let on_debit = |account: &Account| balances.get(&account.id()).copied().unwrap_or_default().on(Side::Debit);
        let [available, encumbered, spent] = accounts_of(id);
        Ok(Self {
            id,
            unit_id,
            year,
            fund_source,
            fund_kind,
            amount_fen,
            available_fen: on_debit(&available)?,
            encumbered_fen: on_debit(&encumbered)?,
            spent_fen: on_debit(&spent)?,
            created_at,
            closed_at,
            version,
        })
    }
}
