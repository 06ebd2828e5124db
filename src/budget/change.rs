//! Changing a budget after it was granted, each time with a document: the row, its posting and its history in one act.
//!
//! Promises: only what is available can be taken away; both budgets of a transfer change or neither; a year is closed
//! after it has ended, and what is not carried over lapses; closing again takes what cancelled orders gave back since.

use super::view::{Budget, BudgetAct, BudgetChange, ChangeBudget, accounts_of};
use super::{BudgetError, store};
use crate::access::policy::{GrantBudget as MayGrant, ViewBudget};
use crate::access::{Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::ledger::{self, Account, LedgerError, Posting};
use crate::problem::Failure;
use crate::{document, organisation};
use chrono::Datelike;
use entity::value::{BudgetChangeId, BudgetChangeKind as Kind, BudgetId, Fen, PersonId, Side, business_date};
use entity::{budget, budget_change};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Changes a budget of a unit below the grantor.
///
/// # Errors
/// Out of reach, also the grantor's own; another version; less available than is taken away; a year that runs.
pub(super) async fn change(
    tx: &Tx,
    may: &Grant<MayGrant>,
    id: BudgetId,
    seen: IfMatch,
    wanted: &ChangeBudget,
) -> Result<Budget, BudgetError> {
    let row = hold_below(tx, may, id).await?;
    seen.check(row.version).map_err(|_| BudgetError::Stale)?;
    document::require_own(tx, may.organisation()?, &[wanted.document_id]).await?;
    if wanted.kind != BudgetAct::Transfer && wanted.to_budget_id.is_some() {
        return Err(BudgetError::OtherUnfit);
    }
    if wanted.amount_fen.is_zero() && wanted.kind != BudgetAct::CarryOver {
        return Err(BudgetError::NoAmount);
    }
    let mut act = Act { tx, by: may.person()?, wanted, rows: Vec::new(), moves: Vec::new() };
    let changed = match wanted.kind {
        BudgetAct::Supplement => act.more(require_open(row)?).await?,
        BudgetAct::Reduction => act.less(require_open(row)?).await?,
        BudgetAct::Transfer => {
            let to = wanted.to_budget_id.filter(|to| *to != id).ok_or(BudgetError::OtherUnfit)?;
            let to = hold_below(tx, may, to).await.map_err(|error| match error {
                BudgetError::NotFound => BudgetError::OtherUnfit,
                other => other,
            })?;
            act.over(require_open(row)?, to).await?
        }
        BudgetAct::CarryOver => act.carry_over(row).await?,
    };
    act.finish(id).await?;
    let balances = ledger::balances(tx, &accounts_of(id)).await?;
    Ok(Budget::of(changed, &balances)?)
}

/// A budget of a unit below the grantor, locked.
async fn hold_below(tx: &Tx, may: &Grant<MayGrant>, id: BudgetId) -> Result<budget::Model, BudgetError> {
    let row = store::hold(tx, may.scope(), id).await?.ok_or(BudgetError::NotFound)?;
    let grantor = may.organisation()?;
    if row.unit_id == grantor || !organisation::is_below(tx, grantor, row.unit_id).await? {
        return Err(BudgetError::NotFound);
    }
    Ok(row)
}

fn require_open(row: budget::Model) -> Result<budget::Model, BudgetError> {
    if row.closed_at.is_some() { Err(BudgetError::Closed { year: row.year }) } else { Ok(row) }
}

/// A change on its way: the history it writes and the amounts it moves.
struct Act<'a> {
    tx: &'a Tx,
    by: PersonId,
    wanted: &'a ChangeBudget,
    rows: Vec<budget_change::Model>,
    /// What is added to a budget (debit) or taken from it (credit).
    moves: Vec<(BudgetId, Side, Fen)>,
}

impl Act<'_> {
    async fn note(
        &mut self,
        budget: BudgetId,
        kind: Kind,
        amount: Fen,
        other: Option<BudgetId>,
    ) -> Result<(), BudgetError> {
        let before = store::changes_made(self.tx, budget).await?;
        let here = self.rows.iter().filter(|row| row.budget_id == budget).count();
        let number = before + 1 + i32::try_from(here).unwrap_or(i32::MAX);
        self.rows.push(budget_change::Model {
            id: BudgetChangeId::generate(),
            budget_id: budget,
            number,
            kind,
            amount_fen: amount,
            other_budget_id: other,
            document_id: self.wanted.document_id,
            reason: self.wanted.reason.as_str().to_owned(),
            made_by: self.by,
            made_at: self.tx.now(),
        });
        let is_more = matches!(kind, Kind::Supplement | Kind::TransferIn | Kind::CarryIn);
        self.moves.push((budget, if is_more { Side::Debit } else { Side::Credit }, amount));
        Ok(())
    }

    async fn more(&mut self, row: budget::Model) -> Result<budget::Model, BudgetError> {
        let amount_fen = row.amount_fen.checked_add(self.wanted.amount_fen)?;
        self.note(row.id, Kind::Supplement, self.wanted.amount_fen, None).await?;
        Ok(store::save(self.tx, budget::Model { amount_fen, ..row }).await?)
    }

    async fn less(&mut self, row: budget::Model) -> Result<budget::Model, BudgetError> {
        self.require(row.id, self.wanted.amount_fen).await?;
        let amount_fen = row.amount_fen.checked_sub(self.wanted.amount_fen)?;
        self.note(row.id, Kind::Reduction, self.wanted.amount_fen, None).await?;
        Ok(store::save(self.tx, budget::Model { amount_fen, ..row }).await?)
    }

    async fn over(&mut self, row: budget::Model, to: budget::Model) -> Result<budget::Model, BudgetError> {
        if to.year != row.year || to.closed_at.is_some() {
            return Err(BudgetError::OtherUnfit);
        }
        let amount = self.wanted.amount_fen;
        self.require(row.id, amount).await?;
        self.note(row.id, Kind::TransferOut, amount, Some(to.id)).await?;
        self.note(to.id, Kind::TransferIn, amount, Some(row.id)).await?;
        let more = to.amount_fen.checked_add(amount)?;
        store::save(self.tx, budget::Model { amount_fen: more, ..to }).await?;
        let amount_fen = row.amount_fen.checked_sub(amount)?;
        Ok(store::save(self.tx, budget::Model { amount_fen, ..row }).await?)
    }

    /// What is bound stays with the year it was bound in, and is spent from there.
    async fn carry_over(&mut self, row: budget::Model) -> Result<budget::Model, BudgetError> {
        if business_date(self.tx.now()).year() <= row.year {
            return Err(BudgetError::YearRuns(row.year));
        }
        let carried = self.wanted.amount_fen;
        let available = self.require(row.id, carried).await?;
        if !carried.is_zero() {
            let next = self.next_year_of(&row).await?;
            self.note(row.id, Kind::CarryOut, carried, Some(next.id)).await?;
            self.note(next.id, Kind::CarryIn, carried, Some(row.id)).await?;
            let amount_fen = next.amount_fen.checked_add(carried)?;
            store::save(self.tx, budget::Model { amount_fen, ..next }).await?;
        }
        let lapsed = available.checked_sub(carried)?;
        if !lapsed.is_zero() {
            self.note(row.id, Kind::Lapse, lapsed, None).await?;
        }
        let amount_fen = row.amount_fen.checked_sub(available)?;
        let closed_at = row.closed_at.or(Some(self.tx.now()));
        Ok(store::save(self.tx, budget::Model { amount_fen, closed_at, ..row }).await?)
    }

    /// The unit's budget of the next year out of the same source; made, and empty, when there is none.
    async fn next_year_of(&self, row: &budget::Model) -> Result<budget::Model, BudgetError> {
        if let Some(next) = store::hold_like(self.tx, row.unit_id, row.year + 1, &row.fund_source).await? {
            return require_open(next);
        }
        let next = budget::Model {
            id: BudgetId::generate(),
            year: row.year + 1,
            amount_fen: Fen::ZERO,
            created_by: self.by,
            created_at: self.tx.now(),
            closed_at: None,
            version: 1,
            ..row.clone()
        };
        store::insert(self.tx, &next).await?;
        Ok(next)
    }

    /// What is available, if it is enough.
    async fn require(&self, id: BudgetId, wanted: Fen) -> Result<Fen, BudgetError> {
        let account = Account::budget_available(id);
        // An order may bind it while we decide: its account is ours until the end.
        ledger::hold(self.tx, &[account]).await?;
        let available = ledger::balance(self.tx, &account).await?.on(Side::Debit)?;
        if wanted > available { Err(BudgetError::Insufficient { available, wanted }) } else { Ok(available) }
    }

    /// Writes the history, the posting and the audit.
    async fn finish(self, id: BudgetId) -> Result<(), BudgetError> {
        if let Some(first) = self.rows.first() {
            self.post(first).await?;
        }
        let told = self.rows.iter().map(|row| {
            json!({ "budget_id": row.budget_id, "kind": row.kind, "amount_fen": row.amount_fen,
                "document_id": row.document_id })
        });
        let after = json!({ "changes": told.collect::<Vec<_>>() });
        let reason = self.wanted.reason.as_str();
        self.tx.audit(Change::made("budget.change", "budget", id.uuid(), after).because(reason)).await?;
        if !self.rows.is_empty() {
            store::insert_changes(self.tx, self.rows).await?;
        }
        Ok(())
    }

    async fn post(&self, first: &budget_change::Model) -> Result<(), BudgetError> {
        let cause = format!("budget_change:{}", first.id);
        let empty = Posting::new(cause, "changed", business_date(self.tx.now()), first.id.uuid());
        let posting = self.moves.iter().fold(empty, |posting, (budget, side, amount)| {
            let (available, granted) = (Account::budget_available(*budget), Account::budget_granted(*budget));
            match side {
                Side::Debit => posting.debit(available, *amount, None).credit(granted, *amount, None),
                Side::Credit => posting.debit(granted, *amount, None).credit(available, *amount, None),
            }
        });
        match ledger::post_first(self.tx, posting).await {
            Ok(_) => Ok(()),
            Err(LedgerError::Overdrawn) => Err(BudgetError::Taken { wanted: self.wanted.amount_fen }),
            Err(error) => Err(error.into()),
        }
    }
}

/// The changes of a budget in reach, newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewBudget>,
    id: BudgetId,
    page: &PageQuery,
) -> Result<Page<BudgetChange>, Failure> {
    find(db, grant.scope(), id).await?;
    let limit = page.limit()?;
    let rows = store::changes_of(db, id, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), BudgetChange::from))
}

/// A budget in reach.
pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: BudgetId) -> Result<budget::Model, BudgetError> {
    store::find(db, scope, id).await?.ok_or(BudgetError::NotFound)
}
