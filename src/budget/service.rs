//! What can be done with a budget: grant it, show it; bind, give back and spend parts of it.

use super::view::{Budget, BudgetFilter, GrantBudget, accounts_of};
use super::{BudgetError, Spendable, store};
use crate::access::Grant;
use crate::access::policy::{GrantBudget as MayGrant, ViewBudget};
use crate::db::{Change, Tx};
use crate::http::{Page, PageQuery};
use crate::ledger::{self, Account, LedgerError, Posting};
use crate::organisation;
use crate::problem::Failure;
use chrono::{Datelike, NaiveDate};
use entity::budget;
use entity::value::{BudgetId, Fen, OrderGroupId, SupplierOrderId, business_date};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Grants a unit below the grantor a budget.
///
/// # Errors
/// [`BudgetError::NoSuchUnit`] for any other unit, also the grantor itself; [`BudgetError::Exists`] the second time.
pub(super) async fn grant(tx: &Tx, may: &Grant<MayGrant>, wanted: &GrantBudget) -> Result<Budget, BudgetError> {
    let GrantBudget { unit_id, year, ref fund_source, fund_kind, amount_fen } = *wanted;
    if !(2000..=2100).contains(&year) {
        return Err(BudgetError::YearOutOfRange(year));
    }
    if amount_fen.is_zero() {
        return Err(BudgetError::NoAmount);
    }
    let grantor = may.organisation()?;
    if grantor == unit_id || !organisation::is_below(tx, grantor, unit_id).await? {
        return Err(BudgetError::NoSuchUnit);
    }
    let row = budget::Model {
        id: BudgetId::generate(),
        unit_id,
        year,
        fund_source: fund_source.as_str().to_owned(),
        fund_kind,
        amount_fen,
        created_by: may.person()?,
        created_at: tx.now(),
        closed_at: None,
        version: 1,
    };
    store::insert(tx, &row).await?;
    let granted = Posting::new(format!("budget:{}:granted", row.id), "granted", business_date(tx.now()), row.id.uuid())
        .debit(Account::budget_available(row.id), amount_fen, None)
        .credit(Account::budget_granted(row.id), amount_fen, None);
    ledger::post_first(tx, granted).await?;
    let after = json!({ "unit_id": unit_id, "year": year, "fund_source": row.fund_source, "amount_fen": amount_fen });
    tx.audit(Change::made("budget.grant", "budget", row.id.uuid(), after)).await?;
    let available = ledger::Balance { debit: amount_fen, credit: Fen::ZERO };
    let balances = HashMap::from([(Account::budget_available(row.id).id(), available)]);
    Ok(Budget::of(row, &balances)?)
}

pub(super) async fn get(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewBudget>,
    id: BudgetId,
) -> Result<Budget, BudgetError> {
    let row = store::find(db, grant.scope(), id).await?.ok_or(BudgetError::NotFound)?;
    let balances = ledger::balances(db, &accounts_of(id)).await?;
    Ok(Budget::of(row, &balances)?)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewBudget>,
    wanted: BudgetFilter,
) -> Result<Page<Budget>, Failure> {
    let BudgetFilter { unit, year, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), (unit, year), page.after()?, limit + 1).await?;
    let accounts: Vec<_> = rows.iter().flat_map(|row| accounts_of(row.id)).collect();
    let balances = ledger::balances(db, &accounts).await?;
    let views = rows.into_iter().map(|row| Budget::of(row, &balances)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// Binds a budget for an order that came into being in this transaction: one part for each supplier order (占用).
///
/// # Errors
/// [`BudgetError::Insufficient`] when less is available than is wanted, [`BudgetError::Taken`] when it was taken
/// between reading and posting.
pub async fn encumber(
    tx: &Tx,
    budget: &Spendable,
    group: OrderGroupId,
    parts: &[(SupplierOrderId, Fen)],
) -> Result<(), BudgetError> {
    let wanted = Fen::checked_sum(parts.iter().map(|(_, amount)| *amount))?;
    require_open(budget, tx)?;
    if wanted > budget.available {
        return Err(BudgetError::Insufficient { available: budget.available, wanted });
    }
    if wanted.is_zero() {
        return Ok(());
    }
    let posting =
        Posting::new(format!("order:{group}:encumbered"), "encumbered", business_date(tx.now()), group.uuid()).credit(
            Account::budget_available(budget.id),
            wanted,
            None,
        );
    let posting = parts.iter().fold(posting, |posting, (order, amount)| {
        posting.debit(Account::budget_encumbered(budget.id), *amount, Some(*order))
    });
    match ledger::post_first(tx, posting).await {
        Ok(_) => Ok(()),
        Err(LedgerError::Overdrawn) => Err(BudgetError::Taken { wanted }),
        Err(error) => Err(error.into()),
    }
}

/// The posting that gives back what an order bound and will not spend: cancelled or refused.
///
/// For [`ledger::post_all`], together with whatever else the act posts.
#[must_use]
pub fn release(budget: BudgetId, order: SupplierOrderId, amount: Fen, business_date: NaiveDate) -> Posting {
    release_as(format!("supplier_order:{order}:released"), budget, order, amount, business_date)
}

/// The same for a cause of its own: an order may be amended, refused and credited several times.
#[must_use]
pub fn release_as(
    cause: String,
    budget: BudgetId,
    order: SupplierOrderId,
    amount: Fen,
    business_date: NaiveDate,
) -> Posting {
    Posting::new(cause, "released", business_date, order.uuid())
        .debit(Account::budget_available(budget), amount, Some(order))
        .credit(Account::budget_encumbered(budget), amount, Some(order))
}

/// Adds to the posting of a payment that the bound part of the budget is now spent.
#[must_use]
pub fn spend(paid: Posting, budget: BudgetId, order: SupplierOrderId, amount: Fen) -> Posting {
    paid.debit(Account::budget_spent(budget), amount, Some(order)).credit(
        Account::budget_encumbered(budget),
        amount,
        Some(order),
    )
}

/// Adds to the posting of money given back that it can be spent again.
#[must_use]
pub fn unspend(repaid: Posting, budget: BudgetId, order: SupplierOrderId, amount: Fen) -> Posting {
    repaid.debit(Account::budget_available(budget), amount, Some(order)).credit(
        Account::budget_spent(budget),
        amount,
        Some(order),
    )
}

/// Refuses a budget whose year has not begun or was closed. Last year's may be used until it is.
///
/// # Errors
/// [`BudgetError::Closed`].
pub fn require_open(budget: &Spendable, tx: &Tx) -> Result<(), BudgetError> {
    let is_early = budget.year > business_date(tx.now()).year();
    if is_early || budget.is_closed { Err(BudgetError::Closed { year: budget.year }) } else { Ok(()) }
}

/// Keeps part of a budget for something that is no order yet, under a cause of its own (预占).
///
/// # Errors
/// As [`encumber`].
pub async fn hold(
    tx: &Tx,
    budget: &Spendable,
    (cause, object): (String, Uuid),
    amount: Fen,
) -> Result<(), BudgetError> {
    require_open(budget, tx)?;
    if amount > budget.available {
        return Err(BudgetError::Insufficient { available: budget.available, wanted: amount });
    }
    let posting = Posting::new(cause, "held", business_date(tx.now()), object)
        .debit(Account::budget_encumbered(budget.id), amount, None)
        .credit(Account::budget_available(budget.id), amount, None);
    match ledger::post_first(tx, posting).await {
        Ok(_) => Ok(()),
        Err(LedgerError::Overdrawn) => Err(BudgetError::Taken { wanted: amount }),
        Err(error) => Err(error.into()),
    }
}

/// Gives back what was kept, under a cause of its own.
///
/// # Errors
/// When the ledger refuses.
pub async fn let_go(
    tx: &Tx,
    budget: BudgetId,
    (cause, object): (String, Uuid),
    amount: Fen,
) -> Result<(), BudgetError> {
    let posting = Posting::new(cause, "released", business_date(tx.now()), object)
        .debit(Account::budget_available(budget), amount, None)
        .credit(Account::budget_encumbered(budget), amount, None);
    ledger::post_first(tx, posting).await?;
    Ok(())
}
