//! What can be done with plans.

use super::state::{Step, next};
use super::view::{Plan, PlanQuery, ProposePlan, PublishedPlan, PublishedQuery};
use super::{store, terms};
use crate::access::policy::{ApprovePlan, ProposePlan as MayPropose};
use crate::access::{Grant, Scope, four_eyes};
use crate::attribution::agreement;
use crate::attribution::error::PlanError;
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::organisation;
use crate::problem::Failure;
use entity::plan;
use entity::value::{BenefitMode, OrganisationId, PlanId, PlanState, PoolSettlement, business_date};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::HashMap;

/// Proposes a plan; the county decides.
///
/// # Errors
/// The plan cannot hold.
pub async fn propose(tx: &Tx, grant: &Grant<MayPropose>, wanted: &ProposePlan) -> Result<plan::Model, PlanError> {
    let id = PlanId::generate();
    let terms = terms::proposed(id, wanted)?;
    let supplier = grant.organisation()?;
    let earlier = store::hold_all(tx, supplier).await?;
    let settle = |mode| {
        let pool = terms.pools.iter().find(|pool| pool.mode == mode);
        pool.map_or(PoolSettlement::PerOrder, |pool| pool.settle)
    };
    let row = plan::Model {
        id,
        supplier_id: supplier,
        number: earlier.iter().map(|plan| plan.number).max().unwrap_or(0) + 1,
        produce_bp: wanted.produce_bp,
        wages_bp: wanted.wages_bp,
        dividend_bp: wanted.dividend_bp,
        rent_bp: wanted.rent_bp,
        custody_bp: terms.basis_points(BenefitMode::CustodialFarming),
        floor_bp: terms.floor_bp,
        cap_bp: terms.cap_bp,
        wages_settle: settle(BenefitMode::Wages),
        dividend_settle: settle(BenefitMode::Dividend),
        rent_settle: settle(BenefitMode::LandRent),
        custody_settle: settle(BenefitMode::CustodialFarming),
        pool_order: terms.pools.iter().map(|pool| pool.mode.as_str()).collect::<Vec<_>>().join(","),
        eligible: terms.eligible,
        confirmed_only: terms.confirmed_only,
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
        "number": row.number, "pools": terms.pools, "floor_bp": row.floor_bp, "cap_bp": row.cap_bp,
        "eligible": row.eligible, "confirmed_only": row.confirmed_only,
    });
    tx.audit(Change::made("plan.proposed", "plan", row.id.uuid(), after)).await?;
    Ok(row)
}

/// Approves a plan as the supplier's county; the one in force until now is superseded in the same transaction.
///
/// # Errors
/// Not found; stale; not waiting for approval; too few households for its floor.
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
    check_floor(tx, wanted).await?;
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

/// Refuses a plan whose floor the supplier's present agreements could not carry.
async fn check_floor(tx: &Tx, plan: &plan::Model) -> Result<(), PlanError> {
    let terms = terms::terms_of(plan);
    let needed = terms::households_for_floor(&terms);
    if needed == 0 {
        return Ok(());
    }
    let roster = agreement::roster(tx, plan.supplier_id, business_date(tx.now())).await?;
    let found = terms::households_sharing(&terms, &roster);
    if found < needed { Err(PlanError::TooFewHouseholds { needed, found }) } else { Ok(()) }
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

/// One page of published plans, newest first: those that are in force or once were.
///
/// # Errors
/// 400 for a bad page; the database.
pub(super) async fn list_published(
    db: &impl ConnectionTrait,
    query: &PublishedQuery,
) -> Result<Page<PublishedPlan>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(PlanId::from_uuid));
    let rows = store::list_published(db, query.supplier_id, after, limit).await?;
    let names = supplier_names(db, &rows).await?;
    let name = |row: &plan::Model| names.get(&row.supplier_id).cloned().unwrap_or_default();
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| PublishedPlan::of(row.clone(), name(&row))))
}

/// One published plan.
///
/// # Errors
/// Not found: also one that the county never approved.
pub(super) async fn show_published(db: &impl ConnectionTrait, id: PlanId) -> Result<PublishedPlan, PlanError> {
    let row = store::find_published(db, id).await?.ok_or(PlanError::NotFound)?;
    let name = supplier_names(db, std::slice::from_ref(&row)).await?.remove(&row.supplier_id).unwrap_or_default();
    Ok(PublishedPlan::of(row, name))
}

async fn supplier_names(
    db: &impl ConnectionTrait,
    rows: &[plan::Model],
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let mut suppliers: Vec<OrganisationId> = rows.iter().map(|row| row.supplier_id).collect();
    suppliers.sort_unstable();
    suppliers.dedup();
    Ok(organisation::find_many(db, &suppliers).await?.into_iter().map(|o| (o.id, o.name)).collect())
}

/// The plan a supplier has in force.
///
/// # Errors
/// When the database cannot be asked.
pub async fn plan_in_force(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<Option<plan::Model>, DbErr> {
    Ok(store::approved_of(db, &[supplier]).await?.pop())
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
