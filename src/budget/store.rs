//! Budgets in the database.

use super::BudgetError;
use crate::access::Scope;
use crate::db::facts::{self, Fact, Question};
use crate::db::{self, Tx};
use crate::ledger::{self, Account};
use crate::organisation;
use entity::budget::{Column, Entity, Model};
use entity::value::{BudgetId, Fen, OrganisationId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

/// Where every query begins.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        Scope::Organisation(unit) => Entity::find().filter(Column::UnitId.eq(*unit)),
        Scope::Tree(_) | Scope::County(_) | Scope::AssignedHouseholds(_) => {
            Entity::find().filter(Column::UnitId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: BudgetId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// Newest first, of a unit or a year when one is named.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (unit, year): (Option<OrganisationId>, Option<i32>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit);
    if let Some(unit) = unit {
        rows = rows.filter(Column::UnitId.eq(unit));
    }
    if let Some(year) = year {
        rows = rows.filter(Column::Year.eq(year));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: &Model) -> Result<(), BudgetError> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if db::is_duplicate(&error, "budget", &["unit_id", "year", "fund_source"]) => {
            Err(BudgetError::Exists)
        }
        Err(error) => Err(error.into()),
    }
}

/// A budget that an order may bind, and what was available when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spendable {
    /// The budget.
    pub id: BudgetId,
    /// What was available when it was read; the ledger has the last word.
    pub available: Fen,
}

const SPENDABLE: &str = "budget";

/// Asks for a unit's budget with what is available of it; [`Spendable::among`] reads the answer.
#[must_use]
pub fn spendable(budget: BudgetId, unit: OrganisationId) -> Question {
    let rows = visible(&Scope::Organisation(unit)).filter(Column::Id.eq(budget)).select_only().into_query();
    Question::about(SPENDABLE, rows, Expr::col((Entity, Column::Id)))
        .number(ledger::net_debit(&Account::budget_available(budget)))
}

/// A unit's budget with what is available of it, in one statement.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_for_unit(
    db: &impl ConnectionTrait,
    budget: BudgetId,
    unit: OrganisationId,
) -> Result<Option<Spendable>, BudgetError> {
    Spendable::among(&facts::ask(db, vec![spendable(budget, unit)]).await?)
}

impl Spendable {
    /// The budget that was asked for; none when the unit has no such budget.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn among(facts: &[Fact]) -> Result<Option<Self>, BudgetError> {
        let Some(fact) = facts::of(facts, SPENDABLE).next() else { return Ok(None) };
        Ok(Some(Self { id: BudgetId::from_uuid(fact.subject), available: Fen::new(fact.n1.unwrap_or(0))? }))
    }
}
