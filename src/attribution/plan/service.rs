//! What can be done with plans.

use super::state::{Step, next};
use super::view::{Plan, PlanProduct, PlanQuery, ProposePlan, PublishedPlan, PublishedQuery};
use super::{store, terms};
use crate::access::policy::{ApprovePlan, ProposePlan as MayPropose};
use crate::access::{Grant, Scope, four_eyes};
use crate::attribution::agreement;
use crate::attribution::error::{PlanError, fault};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::problem::Failure;
use crate::{catalogue, organisation};
use entity::value::{BenefitMode, OrganisationId, PlanId, PlanState, PoolSettlement, ProductId, business_date};
use entity::{plan, plan_product};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The most products one plan is for.
const MOST_PRODUCTS: usize = 200;

/// Proposes a plan; the county decides.
///
/// # Errors
/// The plan cannot hold.
pub async fn propose(tx: &Tx, grant: &Grant<MayPropose>, wanted: &ProposePlan) -> Result<plan::Model, PlanError> {
    let id = PlanId::generate();
    let terms = terms::proposed(id, wanted)?;
    let supplier = grant.organisation()?;
    let products = own_products(tx, supplier, wanted).await?;
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
        for_products: !products.is_empty(),
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
    store::insert_products(tx, id, &products).await?;
    let after = json!({
        "number": row.number, "pools": terms.pools, "floor_bp": row.floor_bp, "cap_bp": row.cap_bp,
        "eligible": row.eligible, "confirmed_only": row.confirmed_only, "products": products,
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
    let replaced = if wanted.for_products { replaced_by(tx, &plans, id).await? } else { general_of(&plans) };
    // The former one steps down first: the database allows one in force at any moment.
    for former in replaced {
        let superseded = next(former.state, Step::Supersede)?;
        store::set_superseded(tx, former.id, superseded).await?;
        let (from, to) = (former.state.as_str(), superseded.as_str());
        tx.audit(Change::moved("plan.superseded", "plan", former.id.uuid(), from, to)).await?;
    }
    store::set_approved(tx, id, approved, grant.person()?).await?;
    tx.audit(Change::moved("plan.approved", "plan", id.uuid(), wanted.state.as_str(), approved.as_str())).await?;
    store::find_visible(tx, grant.scope(), id).await?.ok_or(PlanError::NotFound)
}

/// The products a plan is to be for, which are the supplier's own; none where it is for all that have none.
async fn own_products(tx: &Tx, supplier: OrganisationId, wanted: &ProposePlan) -> Result<Vec<ProductId>, PlanError> {
    let Some(wanted) = &wanted.product_ids else { return Ok(Vec::new()) };
    let mut ids = wanted.clone();
    ids.sort_unstable();
    ids.dedup();
    if !(1..=MOST_PRODUCTS).contains(&wanted.len()) || ids.len() < wanted.len() {
        return Err(PlanError::Fields(vec![fault(
            "/product_ids",
            "请列出 1 至 200 种产品，每种一次；适用于全部产品时不写此项。",
            "Name 1 to 200 products, each once; leave it out for a plan that is for all.",
        )]));
    }
    let own: HashSet<ProductId> = catalogue::find_products(tx, &ids)
        .await?
        .into_iter()
        .filter(|product| product.supplier_id == supplier)
        .map(|product| product.id)
        .collect();
    let foreign = wanted.iter().enumerate().filter(|(_, id)| !own.contains(id));
    let faults: Vec<_> = foreign
        .map(|(index, _)| {
            let (zh, en) = ("本单位没有这种产品。", "Your organisation has no such product.");
            fault(&format!("/product_ids/{index}"), zh, en)
        })
        .collect();
    if faults.is_empty() { Ok(ids) } else { Err(PlanError::Fields(faults)) }
}

/// The plan in force for all products.
fn general_of(plans: &[plan::Model]) -> Vec<&plan::Model> {
    plans.iter().filter(|plan| plan.state == PlanState::Approved && !plan.for_products).collect()
}

/// Puts a plan in force for its products, and gives those that then are in force for none.
async fn replaced_by<'a>(tx: &Tx, plans: &'a [plan::Model], id: PlanId) -> Result<Vec<&'a plan::Model>, PlanError> {
    let ids: Vec<PlanId> = plans.iter().filter(|plan| plan.for_products).map(|plan| plan.id).collect();
    let named = store::products_of(tx, &ids).await?;
    let mine: HashSet<ProductId> = named.iter().filter(|row| row.plan_id == id).map(|row| row.product_id).collect();
    store::end_in_force(tx, &mine).await?;
    store::put_in_force(tx, id).await?;
    let goes_on: HashSet<PlanId> =
        named.iter().filter(|row| row.in_force && !mine.contains(&row.product_id)).map(|row| row.plan_id).collect();
    let ends = |plan: &&plan::Model| {
        plan.state == PlanState::Approved && plan.for_products && plan.id != id && !goes_on.contains(&plan.id)
    };
    Ok(plans.iter().filter(ends).collect())
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
    let rows = views(db, store::list(db, scope, query, after, limit).await?).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), |row| row))
}

/// One plan.
///
/// # Errors
/// Not found, or out of reach.
pub(super) async fn show(db: &impl ConnectionTrait, scope: &Scope, id: PlanId) -> Result<Plan, PlanError> {
    let row = store::find_visible(db, scope, id).await?.ok_or(PlanError::NotFound)?;
    shown(db, row).await
}

/// A plan as it is shown, with its products.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn shown(db: &impl ConnectionTrait, row: plan::Model) -> Result<Plan, PlanError> {
    views(db, vec![row]).await?.pop().ok_or(PlanError::NotFound)
}

/// Plans as they are shown, with their products.
pub(in crate::attribution) async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<plan::Model>,
) -> Result<Vec<Plan>, DbErr> {
    let mut products = products_by_plan(db, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| (products.remove(&row.id).unwrap_or_default(), row))
        .map(|(p, r)| Plan::of(r, p))
        .collect())
}

async fn products_by_plan(
    db: &impl ConnectionTrait,
    rows: &[plan::Model],
) -> Result<HashMap<PlanId, Vec<PlanProduct>>, DbErr> {
    let ids: Vec<PlanId> = rows.iter().filter(|row| row.for_products).map(|row| row.id).collect();
    let mut products: HashMap<PlanId, Vec<PlanProduct>> = HashMap::new();
    for plan_product::Model { plan_id, product_id, in_force } in store::products_of(db, &ids).await? {
        products.entry(plan_id).or_default().push(PlanProduct { product_id, in_force });
    }
    Ok(products)
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
    let mut products = products_by_plan(db, &rows).await?;
    let view = |row: plan::Model| {
        let name = names.get(&row.supplier_id).cloned().unwrap_or_default();
        let products = products.remove(&row.id).unwrap_or_default();
        PublishedPlan::of(row, name, products)
    };
    let views: Vec<PublishedPlan> = rows.into_iter().map(view).collect();
    Ok(Page::of(views, limit, |view| view.id.uuid(), |view| view))
}

/// One published plan.
///
/// # Errors
/// Not found: also one that the county never approved.
pub(super) async fn show_published(db: &impl ConnectionTrait, id: PlanId) -> Result<PublishedPlan, PlanError> {
    let row = store::find_published(db, id).await?.ok_or(PlanError::NotFound)?;
    let name = supplier_names(db, std::slice::from_ref(&row)).await?.remove(&row.supplier_id).unwrap_or_default();
    let products = products_by_plan(db, std::slice::from_ref(&row)).await?.remove(&row.id).unwrap_or_default();
    Ok(PublishedPlan::of(row, name, products))
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

/// The plan a supplier has in force for products that have none of their own.
///
/// # Errors
/// When the database cannot be asked.
pub async fn plan_in_force(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<Option<plan::Model>, DbErr> {
    Ok(store::approved_of(db, &[supplier]).await?.pop())
}

/// The plan that governs each of these products: its own, or else its supplier's. Products without either are left out.
/// One statement, however many they are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn governing_plans(
    db: &impl ConnectionTrait,
    products: &[(OrganisationId, ProductId)],
) -> Result<HashMap<ProductId, plan::Model>, DbErr> {
    let (mut general, mut own) = (HashMap::new(), HashMap::new());
    for (plan, product) in store::governing(db, products).await? {
        match product {
            None => general.insert(plan.supplier_id, plan).is_some(),
            Some(product) => own.insert(product, plan).is_some(),
        };
    }
    let of = |(supplier, product): &(OrganisationId, ProductId)| {
        let plan = own.get(product).filter(|plan: &&plan::Model| plan.supplier_id == *supplier);
        plan.or_else(|| general.get(supplier)).map(|plan| (*product, plan.clone()))
    };
    Ok(products.iter().filter_map(of).collect())
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
