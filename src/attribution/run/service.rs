//! Recording runs and showing them.

use super::store;
use super::view::{OrderShares, Share, SharePart, ShareRun};
use crate::access::Scope;
use crate::attribution::engine::{Outcome, attribute};
use crate::attribution::inputs::{self, OrderInputs};
use crate::attribution::plan::view::Plan;
use crate::attribution::{cost, plan};
use crate::db::{Change, Tx};
use crate::household;
use crate::problem::{self, Failure, Problem};
use entity::value::{Fen, HouseholdId, Overflow, PlanId, PostingId, ShareBasis, ShareRunId, SupplierOrderId};
use entity::{share, share_run};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// A computation to be kept: what it saw, what it gave, and the posting that books it.
#[derive(Debug, Clone, Copy)]
pub struct RunToRecord<'a> {
    /// Everything the computation saw; names the order, the basis and the plan.
    pub inputs: &'a OrderInputs,
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
        supplier_order_id: inputs.supplier_order_id(),
        basis: inputs.basis(),
        number,
        gross_fen,
        plan_id: inputs.first().plan.id,
        attributable_fen: inputs.attributable_fen().map_err(|error| DbErr::Custom(error.to_string()))?,
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
        "supplier_order_id": row.supplier_order_id, "basis": row.basis, "number": number,
        "plan_ids": inputs.parts().map(|part| part.plan.id).collect::<Vec<_>>(),
        "attributable_fen": row.attributable_fen, "retained_fen": outcome.retained_fen,
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

/// Those of some orders whose shares were ever computed on a basis.
///
/// # Errors
/// When the database cannot be asked.
pub async fn computed_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
    basis: ShareBasis,
) -> Result<HashSet<SupplierOrderId>, DbErr> {
    store::computed_of(db, orders, basis).await
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
    let parts = runs.iter().map(parts_of).collect::<Result<Vec<_>, _>>()?;
    let plans = plan::find_plans(db, &parts.iter().flatten().map(|part| part.plan_id).collect::<Vec<_>>()).await?;
    let plans = plan::views(db, plans.into_values().collect()).await?;
    let plans: HashMap<PlanId, Plan> = plans.into_iter().map(|plan| (plan.id, plan)).collect();
    let mut shares: HashMap<ShareRunId, Vec<Share>> = HashMap::new();
    for row in rows {
        let household = households.get(&row.household_id).cloned();
        shares.entry(row.run_id).or_default().push(Share::of(row, household));
    }
    let runs = runs
        .into_iter()
        .zip(parts)
        .map(|(run, parts)| {
            let plan = plans.get(&run.plan_id).cloned();
            let shares = shares.remove(&run.id).unwrap_or_default();
            ShareRun::of(run, plan, parts.into_iter().map(|part| part.with(&plans)).collect(), shares)
        })
        .collect();
    Ok(OrderShares { supplier_order_id: order, runs })
}

/// What was computed under one plan, and which lines of the shares that are.
struct PartOf {
    plan_id: PlanId,
    attributable_fen: Fen,
    retained_fen: Fen,
    first_line: i32,
    lines: i32,
}

impl PartOf {
    fn with(self, plans: &HashMap<PlanId, Plan>) -> SharePart {
        let Self { plan_id, attributable_fen, retained_fen, first_line, lines } = self;
        SharePart { plan: plans.get(&plan_id).cloned(), attributable_fen, retained_fen, first_line, lines }
    }
}

/// The parts of a run, as its recorded inputs say; they are computed again to know whose lines are whose.
fn parts_of(run: &share_run::Model) -> Result<Vec<PartOf>, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| DbErr::Custom(format!("the inputs of run {}: {error}", run.id));
    let inputs = OrderInputs::from_canonical(&run.inputs).map_err(|error| unreadable(&error))?;
    let (mut parts, mut first_line) = (Vec::new(), 1_i32);
    for part in inputs.parts() {
        let outcome = attribute(part).map_err(|error| unreadable(&error))?;
        let lines = i32::try_from(outcome.shares.len()).map_err(|_| Overflow)?;
        let (plan_id, attributable_fen) = (part.plan.id, part.attributable_fen);
        parts.push(PartOf { plan_id, attributable_fen, retained_fen: outcome.retained_fen, first_line, lines });
        first_line = first_line.checked_add(lines).ok_or(Overflow)?;
    }
    Ok(parts)
}
