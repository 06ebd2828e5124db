//! Recording runs and showing them.

use super::store;
use super::view::{OrderShares, Share, ShareRun};
use crate::access::Scope;
use crate::attribution::engine::Outcome;
use crate::attribution::inputs::{self, Inputs};
use crate::attribution::{cost, plan};
use crate::db::{Change, Tx};
use crate::household;
use crate::problem::{self, Failure, Problem};
use entity::value::{Fen, HouseholdId, PostingId, ShareBasis, ShareRunId, SupplierOrderId};
use entity::{share, share_run};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// A computation to be kept: what it saw, what it gave, and the posting that books it.
#[derive(Debug, Clone, Copy)]
pub struct RunToRecord<'a> {
    /// Everything the computation saw; names the order, the basis and the plan.
    pub inputs: &'a Inputs,
    /// What it gave.
    pub outcome: &'a Outcome,
    /// 1, 2, 3 … for the order and the basis.
    pub number: i32,
    /// Of an accrual, all that was ever paid, also what was credited since.
    pub gross_fen: Option<Fen>,
    /// The posting that books what it changed; it must be there already.
    pub posting_id: PostingId,
}

/// Keeps a computation with its shares. Ask [`find_run`] first: a second run with the number of another is refused by
/// the database.
///
/// # Errors
/// When the database refuses.
pub async fn record_run(tx: &Tx, run: RunToRecord<'_>) -> Result<ShareRunId, DbErr> {
    let RunToRecord { inputs, outcome, number, gross_fen, posting_id } = run;
    cost::keep_deductions(tx, inputs, outcome).await?;
    let id = ShareRunId::generate();
    let text = inputs.canonical();
    let row = share_run::Model {
        id,
        supplier_order_id: inputs.supplier_order_id,
        basis: inputs.basis,
        number,
        gross_fen,
        plan_id: inputs.plan.id,
        attributable_fen: inputs.attributable_fen,
        retained_fen: outcome.retained_fen,
        inputs_hash: inputs::hash(&text),
        inputs: text,
        posting_id,
        created_at: tx.now(),
    };
    let share = |(line_no, share): (i32, &crate::attribution::engine::Share)| share::Model {
        run_id: id,
        line_no,
        mode: share.mode,
        agreement_id: share.agreement_id,
        household_id: share.household_id,
        household_status: share.household_status,
        weight: share.weight,
        amount_fen: share.amount_fen,
    };
    let shares = (1..).zip(&outcome.shares).map(share).collect();
    let after = json!({
        "supplier_order_id": inputs.supplier_order_id, "basis": inputs.basis, "number": number,
        "plan_id": inputs.plan.id,
        "attributable_fen": inputs.attributable_fen, "retained_fen": outcome.retained_fen,
        "shares": outcome.shares.len(), "inputs_hash": row.inputs_hash,
    });
    store::insert(tx, row, shares).await?;
    tx.audit(Change::made("shares.recorded", "share_run", id.uuid(), after)).await?;
    Ok(id)
}

/// The last run of an order on a basis, once one was recorded.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_run(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
    basis: ShareBasis,
) -> Result<Option<share_run::Model>, DbErr> {
    store::find(db, order, basis).await
}

/// The shares of several runs, by run and line.
///
/// # Errors
/// When the database cannot be asked.
pub async fn shares_of(db: &impl ConnectionTrait, runs: &[ShareRunId]) -> Result<Vec<share::Model>, DbErr> {
    store::shares_of(db, runs).await
}

/// How an order's income was shared.
///
/// # Errors
/// Not found when nothing was shared yet, or out of reach.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    order: SupplierOrderId,
) -> Result<OrderShares, Failure> {
    let runs = store::runs_of_order(db, scope, order).await?;
    if runs.is_empty() {
        return Err(Problem::plain(&problem::NOT_FOUND).into());
    }
    let ids: Vec<ShareRunId> = runs.iter().map(|run| run.id).collect();
    let rows = store::shares_of(db, &ids).await?;
    let households: Vec<HouseholdId> = rows.iter().map(|row| row.household_id).collect();
    let households = household::briefs(db, &households).await?;
    let plans = plan::find_plans(db, &runs.iter().map(|run| run.plan_id).collect::<Vec<_>>()).await?;
    let mut shares: HashMap<ShareRunId, Vec<Share>> = HashMap::new();
    for row in rows {
        let household = households.get(&row.household_id).cloned();
        shares.entry(row.run_id).or_default().push(Share::of(row, household));
    }
    let runs = runs
        .into_iter()
        .map(|run| {
            let plan = plans.get(&run.plan_id).cloned().map(Into::into);
            let shares = shares.remove(&run.id).unwrap_or_default();
            ShareRun::of(run, plan, shares)
        })
        .collect();
    Ok(OrderShares { supplier_order_id: order, runs })
}
