//! Plans in the database. Every read for a caller begins at [`visible`].

use super::view::PlanQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::db::facts::{self, Fact, Question};
use crate::organisation;
use entity::plan::{Column, Entity, Model};
use entity::plan_product;
use entity::value::{OrganisationId, PersonId, PlanId, PlanState, ProductId};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::{HashMap, HashSet};

/// What a scope sees: the plans of the suppliers it reaches.
fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(Column::SupplierId.eq(*supplier)),
        Scope::County(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(Column::SupplierId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// The plans of the suppliers a scope reaches, for use inside another query.
pub(in crate::attribution) fn ids_within(scope: &Scope) -> SelectStatement {
    let mut ids = Query::select();
    ids.column(Column::Id).from(Entity);
    if *scope != Scope::Everything {
        ids.and_where(Column::SupplierId.in_subquery(organisation::ids_within(scope)));
    }
    ids
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &PlanQuery,
    after: Option<PlanId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(state) = query.state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(supplier) = query.supplier_id {
        rows = rows.filter(Column::SupplierId.eq(supplier));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_visible(db: &impl ConnectionTrait, scope: &Scope, id: PlanId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// What everybody may see: what the county once approved.
fn published() -> Select<Entity> {
    Entity::find().filter(Column::State.is_in([PlanState::Approved, PlanState::Superseded]))
}

pub(super) async fn list_published(
    db: &impl ConnectionTrait,
    supplier: Option<OrganisationId>,
    after: Option<PlanId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = published().order_by_desc(Column::Id).limit(limit + 1);
    if let Some(supplier) = supplier {
        rows = rows.filter(Column::SupplierId.eq(supplier));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_published(db: &impl ConnectionTrait, id: PlanId) -> Result<Option<Model>, DbErr> {
    published().filter(Column::Id.eq(id)).one(db).await
}

/// All plans of a supplier, held until the transaction ends, so that they are numbered and approved one at a time.
pub(super) async fn hold_all(tx: &Tx, supplier: OrganisationId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SupplierId.eq(supplier))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[PlanId]) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await
}

pub(super) async fn approved_of(db: &impl ConnectionTrait, suppliers: &[OrganisationId]) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SupplierId.is_in(suppliers.iter().copied()))
        .filter(Column::State.eq(PlanState::Approved))
        .filter(Column::ForProducts.eq(false))
        .all(db)
        .await
}

const IN_FORCE: &str = "plan";
const IN_FORCE_FOR: &str = "plan for a product";

/// Asks which plans are in force for products, and which for all of their suppliers' that have none of their own;
/// [`in_force_among`] reads the answers.
#[must_use]
pub fn in_force(products: &[(OrganisationId, ProductId)]) -> [Question; 2] {
    let column = |column: Column| Expr::col((Entity, column));
    let general = Entity::find()
        .select_only()
        .filter(Column::SupplierId.is_in(products.iter().map(|(supplier, _)| *supplier)))
        .filter(Column::State.eq(PlanState::Approved))
        .filter(Column::ForProducts.eq(false))
        .into_query();
    let own = plan_product::Entity::find()
        .select_only()
        .filter(plan_product::Column::ProductId.is_in(products.iter().map(|(_, product)| *product)))
        .filter(plan_product::Column::InForce.eq(true))
        .into_query();
    let of = |column: plan_product::Column| Expr::col((plan_product::Entity, column));
    [
        Question::about(IN_FORCE, general, column(Column::SupplierId)).other(column(Column::Id)),
        Question::about(IN_FORCE_FOR, own, of(plan_product::Column::ProductId)).other(of(plan_product::Column::PlanId)),
    ]
}

/// The plan that governs each product that was asked for: its own, or else its supplier's.
#[must_use]
pub fn in_force_among(found: &[Fact], products: &[(OrganisationId, ProductId)]) -> HashMap<ProductId, PlanId> {
    let plans = |what: &'static str| -> HashMap<uuid::Uuid, PlanId> {
        facts::of(found, what).map(|fact| (fact.subject, PlanId::from_uuid(fact.other))).collect()
    };
    let (general, own) = (plans(IN_FORCE), plans(IN_FORCE_FOR));
    let of = |(supplier, product): &(OrganisationId, ProductId)| {
        own.get(&product.uuid()).or_else(|| general.get(&supplier.uuid())).map(|plan| (*product, *plan))
    };
    products.iter().filter_map(of).collect()
}

/// The plans in force for all products of these suppliers, and those in force for these products, each with the product.
pub(super) async fn governing(
    db: &impl ConnectionTrait,
    products: &[(OrganisationId, ProductId)],
) -> Result<Vec<(Model, Option<ProductId>)>, DbErr> {
    let to_product = Entity::belongs_to(plan_product::Entity).from(Column::Id).to(plan_product::Column::PlanId);
    let is_wanted = Condition::any().add(Column::ForProducts.eq(false)).add(
        Condition::all()
            .add(plan_product::Column::InForce.eq(true))
            .add(plan_product::Column::ProductId.is_in(products.iter().map(|(_, product)| *product))),
    );
    let rows = Entity::find()
        .select_also(plan_product::Entity)
        .join(JoinType::LeftJoin, to_product.into())
        .filter(Column::State.eq(PlanState::Approved))
        .filter(Column::SupplierId.is_in(products.iter().map(|(supplier, _)| *supplier)))
        .filter(is_wanted)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(plan, product)| (plan, product.map(|row| row.product_id))).collect())
}

/// The products these plans are for.
pub(super) async fn products_of(db: &impl ConnectionTrait, ids: &[PlanId]) -> Result<Vec<plan_product::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    plan_product::Entity::find()
        .filter(plan_product::Column::PlanId.is_in(ids.iter().copied()))
        .order_by_asc(plan_product::Column::PlanId)
        .order_by_asc(plan_product::Column::ProductId)
        .all(db)
        .await
}

pub(super) async fn insert_products(tx: &Tx, plan_id: PlanId, products: &[ProductId]) -> Result<(), DbErr> {
    if products.is_empty() {
        return Ok(());
    }
    let rows =
        products.iter().map(|product_id| plan_product::Model { plan_id, product_id: *product_id, in_force: false });
    let rows = rows.map(IntoActiveModel::into_active_model);
    plan_product::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// No plan is in force for these products any more.
pub(super) async fn end_in_force(tx: &Tx, products: &HashSet<ProductId>) -> Result<(), DbErr> {
    plan_product::Entity::update_many()
        .col_expr(plan_product::Column::InForce, Expr::value(false))
        .filter(plan_product::Column::ProductId.is_in(products.iter().copied()))
        .filter(plan_product::Column::InForce.eq(true))
        .exec(tx)
        .await
        .map(drop)
}

/// A plan is in force for all its products.
pub(super) async fn put_in_force(tx: &Tx, id: PlanId) -> Result<(), DbErr> {
    plan_product::Entity::update_many()
        .col_expr(plan_product::Column::InForce, Expr::value(true))
        .filter(plan_product::Column::PlanId.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<Model, DbErr> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(row)
}

pub(super) async fn set_superseded(tx: &Tx, id: PlanId, to: PlanState) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(to.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn set_approved(tx: &Tx, id: PlanId, to: PlanState, by: PersonId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(to.as_str()))
        .col_expr(Column::ApprovedBy, Expr::value(by))
        .col_expr(Column::ApprovedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
