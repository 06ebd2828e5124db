//! The movements of a budget between two days, out of the journal: its opening and its movements make its closing.

use super::view::{BudgetFigures, BudgetMovement, BudgetStatement, StatementQuery, accounts_of};
use super::{BudgetError, change};
use crate::access::Grant;
use crate::access::policy::ViewBudget;
use crate::ledger::{self, Balance};
use chrono::NaiveDate;
use entity::value::{AccountId, BudgetId, Fen, Overflow, Side};
use entity::{entry, posting};
use sea_orm::ConnectionTrait;

/// How many movements a statement shows at most.
const MOST_MOVEMENTS: usize = 1000;

/// The movements of a budget in reach.
///
/// # Errors
/// Out of reach; days in the wrong order; too many movements.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewBudget>,
    id: BudgetId,
    days: &StatementQuery,
    today: NaiveDate,
) -> Result<BudgetStatement, BudgetError> {
    let row = change::find(db, grant.scope(), id).await?;
    let from = days.from.or_else(|| NaiveDate::from_ymd_opt(row.year, 1, 1)).unwrap_or(today);
    let to = days.to.unwrap_or_else(|| today.max(from));
    if to < from {
        return Err(BudgetError::DaysWrong);
    }
    let accounts = accounts_of(id);
    let ids = accounts.map(|account| account.id());
    let before = ledger::balances_before(db, &accounts, from).await?;
    let found = ledger::postings_on(db, &ids, (from, to)).await?;
    if found.len() > MOST_MOVEMENTS {
        return Err(BudgetError::TooMany(MOST_MOVEMENTS));
    }
    let figure = |account: AccountId| before.get(&account).copied().unwrap_or_default();
    let opening = figures(ids.map(figure))?;
    let whole = ledger::whole_postings(db, &found).await?;
    let movements: Vec<_> = whole.iter().map(|(posting, lines)| movement(posting, lines, ids)).collect();
    let closing = closing(opening, &movements)?;
    Ok(BudgetStatement { from, to, opening, movements, closing })
}

fn figures([available, encumbered, spent]: [Balance; 3]) -> Result<BudgetFigures, Overflow> {
    Ok(BudgetFigures {
        available_fen: available.on(Side::Debit)?,
        encumbered_fen: encumbered.on(Side::Debit)?,
        spent_fen: spent.on(Side::Debit)?,
    })
}

/// What a posting did to the three accounts.
fn movement(posting: &posting::Model, lines: &[entry::Model], ids: [AccountId; 3]) -> BudgetMovement {
    let [available_fen, encumbered_fen, spent_fen] = ids.map(|account| {
        let of_account = lines.iter().filter(|line| line.account_id == account);
        of_account
            .map(|line| if line.side == Side::Debit { line.amount_fen.get() } else { -line.amount_fen.get() })
            .sum()
    });
    BudgetMovement {
        on: posting.business_date,
        kind: posting.kind.clone(),
        cause: posting.cause.clone(),
        available_fen,
        encumbered_fen,
        spent_fen,
    }
}

/// What the opening and the movements make.
fn closing(opening: BudgetFigures, movements: &[BudgetMovement]) -> Result<BudgetFigures, Overflow> {
    let sum = |opening: Fen, of: fn(&BudgetMovement) -> i64| {
        Fen::new(movements.iter().map(of).fold(opening.get(), i64::saturating_add))
    };
    Ok(BudgetFigures {
        available_fen: sum(opening.available_fen, |one| one.available_fen)?,
        encumbered_fen: sum(opening.encumbered_fen, |one| one.encumbered_fen)?,
        spent_fen: sum(opening.spent_fen, |one| one.spent_fen)?,
    })
}
