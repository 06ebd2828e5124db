//! Budgets in the database.

use super::BudgetError;
use crate::access::Scope;
use crate::db::{self, Tx};
use crate::ledger::{self, Account};
use crate::organisation;
use entity::budget::{Column, Entity, Model};
use entity::value::{BudgetId, Fen, OrganisationId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
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

#[derive(FromQueryResult)]
struct SpendableRow {
    id: BudgetId,
    available_fen: Option<i64>,
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
    let row = visible(&Scope::Organisation(unit))
        .filter(Column::Id.eq(budget))
        .select_only()
        .column(Column::Id)
        .expr_as(ledger::net_debit(&Account::budget_available(budget)), "available_fen")
        .into_model::<SpendableRow>()
        .one(db)
        .await?;
    row.map(|row| Ok(Spendable { id: row.id, available: Fen::new(row.available_fen.unwrap_or(0))? })).transpose()
}
