//! Plans in the database. Every read for a caller begins at [`visible`].

use super::view::PlanQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::db::facts::{self, Fact, Question};
use crate::organisation;
use entity::plan::{Column, Entity, Model};
use entity::value::{OrganisationId, PersonId, PlanId, PlanState};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use std::collections::HashMap;

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
        .all(db)
        .await
}

const IN_FORCE: &str = "plan";

/// Asks which plans suppliers have in force; [`in_force_among`] reads the answers.
#[must_use]
pub fn in_force(suppliers: &[OrganisationId]) -> Question {
    let rows = Entity::find()
        .select_only()
        .filter(Column::SupplierId.is_in(suppliers.iter().copied()))
        .filter(Column::State.eq(PlanState::Approved))
        .into_query();
    let column = |column: Column| Expr::col((Entity, column));
    Question::about(IN_FORCE, rows, column(Column::SupplierId)).other(column(Column::Id))
}

/// The plan in force of each supplier that was asked for and has one.
#[must_use]
pub fn in_force_among(found: &[Fact]) -> HashMap<OrganisationId, PlanId> {
    let plan = |fact: &Fact| (OrganisationId::from_uuid(fact.subject), PlanId::from_uuid(fact.other));
    facts::of(found, IN_FORCE).map(plan).collect()
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
