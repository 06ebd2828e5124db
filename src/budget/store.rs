//! Budgets in the database.

use super::BudgetError;
use crate::access::Scope;
use crate::approval;
use crate::db::facts::{self, Fact, Question};
use crate::db::{self, Tx};
use crate::ledger::{self, Account};
use crate::organisation;
use entity::budget::{Column, Entity, Model};
use entity::budget_change;
use entity::value::{BudgetId, Fen, FundSource, OrganisationId, Overflow};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
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
    /// Its year.
    pub year: i32,
    /// What kind of money it is.
    pub fund_kind: FundSource,
    /// Whether its year was closed.
    pub is_closed: bool,
    /// Whether anybody above its unit ever made a rule of who approves.
    pub has_rules: bool,
}

const SPENDABLE: &str = "budget";

/// Asks for a unit's budget with what is available of it; [`Spendable::among`] reads the answer.
#[must_use]
pub fn spendable(budget: BudgetId, unit: OrganisationId) -> Question {
    let rows = visible(&Scope::Organisation(unit)).filter(Column::Id.eq(budget)).select_only().into_query();
    Question::about(SPENDABLE, rows, Expr::col((Entity, Column::Id)))
        .number(ledger::net_debit(&Account::budget_available(budget)))
        .number(Expr::cust(r#"cast("budget"."year" as bigint)"#))
        .number(approval::rules_over(unit))
        .number(Expr::cust(r#"cast(case when "budget"."closed_at" is null then 0 else 1 end as bigint)"#))
        .text(Expr::col((Entity, Column::FundKind)))
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
        let fund_kind = fact.t1.as_deref().and_then(|kind| kind.parse().ok());
        Ok(Some(Self {
            id: BudgetId::from_uuid(fact.subject),
            available: Fen::new(fact.n1.unwrap_or(0))?,
            year: i32::try_from(fact.n2.unwrap_or(0)).map_err(|_| Overflow)?,
            fund_kind: fund_kind.unwrap_or(FundSource::Other),
            is_closed: fact.n4.unwrap_or(0) > 0,
            has_rules: fact.n3.unwrap_or(0) > 0,
        }))
    }
}

/// A budget in reach, locked until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: BudgetId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// A unit's budget of a year and fund source, locked until the transaction ends.
pub(super) async fn hold_like(
    tx: &Tx,
    unit: OrganisationId,
    year: i32,
    fund_source: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::UnitId.eq(unit))
        .filter(Column::Year.eq(year))
        .filter(Column::FundSource.eq(fund_source))
        .lock_exclusive()
        .one(tx)
        .await
}

/// Writes a held budget as it now is.
pub(super) async fn save(tx: &Tx, row: Model) -> Result<Model, DbErr> {
    let row = Model { version: row.version + 1, ..row };
    Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

/// How often a budget was changed.
pub(super) async fn changes_made(db: &impl ConnectionTrait, budget: BudgetId) -> Result<i32, DbErr> {
    let last = budget_change::Entity::find()
        .filter(budget_change::Column::BudgetId.eq(budget))
        .order_by_desc(budget_change::Column::Number);
    Ok(last.one(db).await?.map_or(0, |row| row.number))
}

pub(super) async fn insert_changes(tx: &Tx, rows: Vec<budget_change::Model>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    budget_change::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// The changes of a budget, newest first.
pub(super) async fn changes_of(
    db: &impl ConnectionTrait,
    budget: BudgetId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<budget_change::Model>, DbErr> {
    let mut rows = budget_change::Entity::find()
        .filter(budget_change::Column::BudgetId.eq(budget))
        .order_by_desc(budget_change::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        rows = rows.filter(budget_change::Column::Id.lt(before));
    }
    rows.all(db).await
}
