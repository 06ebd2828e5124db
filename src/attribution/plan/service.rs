//! What can be done with plans.

use super::state::{Step, next};
use super::store;
use super::view::{Plan, PlanQuery, ProposePlan, sum_bp};
use crate::access::policy::{ApprovePlan, ProposePlan as MayPropose};
use crate::access::{Grant, Scope, four_eyes};
use crate::attribution::error::PlanError;
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use entity::plan;
use entity::value::{OrganisationId, PlanId, PlanState};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// The whole of an amount in basis points.
const WHOLE_BP: i64 = 10_000;

/// Proposes a plan; the county decides.
///
/// # Errors
/// The parts are more than the whole.
pub async fn propose(tx: &Tx, grant: &Grant<MayPropose>, wanted: &ProposePlan) -> Result<plan::Model, PlanError> {
    let sum_bp = sum_bp([wanted.produce_bp, wanted.wages_bp, wanted.dividend_bp, wanted.rent_bp]);
    if sum_bp > WHOLE_BP {
        return Err(PlanError::MoreThanTheWhole { sum_bp });
    }
    let supplier = grant.organisation()?;
    let earlier = store::hold_all(tx, supplier).await?;
    let row = plan::Model {
        id: PlanId::generate(),
        supplier_id: supplier,
        number: earlier.iter().map(|plan| plan.number).max().unwrap_or(0) + 1,
        produce_bp: wanted.produce_bp,
        wages_bp: wanted.wages_bp,
        dividend_bp: wanted.dividend_bp,
        rent_bp: wanted.rent_bp,
        state: PlanState::Proposed,
        proposed_by: grant.person()?,
        approved_by: None,
        approved_at: None,
        created_at: tx.now(),
        version: 1,
    };
    // A supplier without any plan has nothing to hold: two first plans at once meet here.
    let row = store::insert(tx, row).await.map_err(|error| {
        if db::is_duplicate(&error, "plan", &["supplier_id", "number"]) {
            PlanError::ProposedMeanwhile
        } else {
            error.into()
        }
    })?;
    let after = json!({
        "number": row.number, "produce_bp": row.produce_bp, "wages_bp": row.wages_bp,
        "dividend_bp": row.dividend_bp, "rent_bp": row.rent_bp,
    });
    tx.audit(Change::made("plan.proposed", "plan", row.id.uuid(), after)).await?;
    Ok(row)
}

/// Approves a plan as the supplier's county; the one in force until now is superseded in the same transaction.
///
/// # Errors
/// Not found; stale; not waiting for approval.
pub async fn approve(
    tx: &Tx,
    grant: &Grant<ApprovePlan>,
    id: PlanId,
    version: IfMatch,
) -> Result<plan::Model, PlanError> {
    let supplier = store::find_visible(tx, grant.scope(), id).await?.ok_or(PlanError::NotFound)?.supplier_id;
    let plans = store::hold_all(tx, supplier).await?;
    let wanted = plans.iter().find(|plan| plan.id == id).ok_or(PlanError::NotFound)?;
    version.check(wanted.version).map_err(|_| PlanError::Stale)?;
    four_eyes::apart([wanted.proposed_by], grant.person()?)?;
    let approved = next(wanted.state, Step::Approve)?;
    // The former one steps down first: the database allows one in force at any moment.
    for former in plans.iter().filter(|plan| plan.state == PlanState::Approved) {
        let superseded = next(former.state, Step::Supersede)?;
        store::set_superseded(tx, former.id, superseded).await?;
        let (from, to) = (former.state.as_str(), superseded.as_str());
        tx.audit(Change::moved("plan.superseded", "plan", former.id.uuid(), from, to)).await?;
    }
    store::set_approved(tx, id, approved, grant.person()?).await?;
    tx.audit(Change::moved("plan.approved", "plan", id.uuid(), wanted.state.as_str(), approved.as_str())).await?;
    store::find_visible(tx, grant.scope(), id).await?.ok_or(PlanError::NotFound)
}

/// One page of plans, newest first.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list(db: &impl ConnectionTrait, scope: &Scope, query: &PlanQuery) -> Result<Page<Plan>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(PlanId::from_uuid));
    let rows = store::list(db, scope, query, after, limit).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), Plan::from))
}

/// One plan.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: PlanId) -> Result<Plan, PlanError> {
    store::find_visible(db, scope, id).await?.map(Plan::from).ok_or(PlanError::NotFound)
}

/// The plan a supplier has in force.
///
/// # Errors
/// When the database cannot be asked.
pub async fn plan_in_force(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<Option<plan::Model>, DbErr> {
    Ok(store::approved_of(db, &[supplier]).await?.pop())
}

/// The plans that several suppliers have in force; those without one are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn plans_in_force(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashMap<OrganisationId, plan::Model>, DbErr> {
    Ok(store::approved_of(db, suppliers).await?.into_iter().map(|plan| (plan.supplier_id, plan)).collect())
}

/// A plan, in force or not.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_plan(db: &impl ConnectionTrait, id: PlanId) -> Result<Option<plan::Model>, DbErr> {
    store::find_visible(db, &Scope::Everything, id).await
}

/// Plans, in force or not; those that do not exist are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_plans(db: &impl ConnectionTrait, ids: &[PlanId]) -> Result<HashMap<PlanId, plan::Model>, DbErr> {
    Ok(store::find_many(db, ids).await?.into_iter().map(|plan| (plan.id, plan)).collect())
}
