//! Demands and quotations in the database.

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{DemandAudience, DemandId, DemandState, OrganisationId, QuotationId};
use entity::{demand, demand_invite, demand_line, quotation, quotation_line};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Where every query on a buyer's behalf begins.
fn visible(scope: &Scope) -> Select<demand::Entity> {
    use demand::Column;
    match scope {
        Scope::Everything => demand::Entity::find(),
        Scope::Organisation(own) => demand::Entity::find().filter(Column::BuyerId.eq(*own)),
        Scope::AssignedHouseholds(_) => demand::Entity::find().filter(Expr::value(false)),
        Scope::Tree(_) | Scope::County(_) => {
            demand::Entity::find().filter(Column::BuyerId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// Where every query on a supplier's behalf begins: what is published to all, what it is invited to, what it answered.
fn open_to(supplier: OrganisationId) -> Select<demand::Entity> {
    use demand::Column;
    let invited = Query::select()
        .column(demand_invite::Column::DemandId)
        .from(demand_invite::Entity)
        .and_where(demand_invite::Column::SupplierId.eq(supplier))
        .to_owned();
    let answered = Query::select()
        .column(quotation::Column::DemandId)
        .from(quotation::Entity)
        .and_where(quotation::Column::SupplierId.eq(supplier))
        .to_owned();
    demand::Entity::find().filter(
        Condition::any()
            .add(Column::Audience.eq(DemandAudience::All))
            .add(Column::Id.in_subquery(invited))
            .add(Column::Id.in_subquery(answered)),
    )
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DemandId,
) -> Result<Option<demand::Model>, DbErr> {
    visible(scope).filter(demand::Column::Id.eq(id)).one(db).await
}

/// A demand in reach of its buyer, locked until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: DemandId) -> Result<Option<demand::Model>, DbErr> {
    visible(scope).filter(demand::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// A demand that a supplier may answer.
pub(super) async fn find_open_to(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    id: DemandId,
) -> Result<Option<demand::Model>, DbErr> {
    open_to(supplier).filter(demand::Column::Id.eq(id)).one(db).await
}

/// The same, locked until the transaction ends.
pub(super) async fn hold_open_to(
    tx: &Tx,
    supplier: OrganisationId,
    id: DemandId,
) -> Result<Option<demand::Model>, DbErr> {
    open_to(supplier).filter(demand::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<demand::Model>, DbErr> {
    page(visible(scope), None, before, limit).all(db).await
}

/// What a supplier may answer or did, newest first.
pub(super) async fn list_open_to(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    state: Option<DemandState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<demand::Model>, DbErr> {
    page(open_to(supplier), state, before, limit).all(db).await
}

fn page(
    rows: Select<demand::Entity>,
    state: Option<DemandState>,
    before: Option<Uuid>,
    limit: u64,
) -> Select<demand::Entity> {
    let mut rows = rows.order_by_desc(demand::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(demand::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(demand::Column::Id.lt(before));
    }
    rows
}

pub(super) async fn insert(
    tx: &Tx,
    row: demand::Model,
    lines: Vec<demand_line::Model>,
    invited: &[OrganisationId],
) -> Result<(), DbErr> {
    let demand_id = row.id;
    demand::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    demand_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    if !invited.is_empty() {
        let row = |supplier: &OrganisationId| demand_invite::Model { demand_id, supplier_id: *supplier };
        let rows = invited.iter().map(row).map(IntoActiveModel::into_active_model);
        demand_invite::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Writes a held demand as it now is.
pub(super) async fn save(tx: &Tx, row: demand::Model) -> Result<demand::Model, DbErr> {
    let row = demand::Model { version: row.version + 1, ..row };
    demand::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

pub(super) async fn lines_of(db: &impl ConnectionTrait, id: DemandId) -> Result<Vec<demand_line::Model>, DbErr> {
    demand_line::Entity::find()
        .filter(demand_line::Column::DemandId.eq(id))
        .order_by_asc(demand_line::Column::LineNo)
        .all(db)
        .await
}

pub(super) async fn invited_to(db: &impl ConnectionTrait, id: DemandId) -> Result<Vec<OrganisationId>, DbErr> {
    demand_invite::Entity::find()
        .select_only()
        .column(demand_invite::Column::SupplierId)
        .filter(demand_invite::Column::DemandId.eq(id))
        .order_by_asc(demand_invite::Column::SupplierId)
        .into_tuple()
        .all(db)
        .await
}

/// The quotations of a demand, in the order they were first handed in.
pub(super) async fn quotations_of(db: &impl ConnectionTrait, id: DemandId) -> Result<Vec<quotation::Model>, DbErr> {
    quotation::Entity::find()
        .filter(quotation::Column::DemandId.eq(id))
        .order_by_asc(quotation::Column::Id)
        .all(db)
        .await
}

/// A supplier's quotation of a demand.
pub(super) async fn quotation_of(
    db: &impl ConnectionTrait,
    demand: DemandId,
    supplier: OrganisationId,
) -> Result<Option<quotation::Model>, DbErr> {
    let own = quotation::Entity::find()
        .filter(quotation::Column::DemandId.eq(demand))
        .filter(quotation::Column::SupplierId.eq(supplier));
    own.one(db).await
}

/// A supplier's quotations of these demands.
pub(super) async fn quotations_by(
    db: &impl ConnectionTrait,
    demands: &[DemandId],
    supplier: OrganisationId,
) -> Result<HashMap<DemandId, quotation::Model>, DbErr> {
    let own = quotation::Entity::find()
        .filter(quotation::Column::DemandId.is_in(demands.iter().copied()))
        .filter(quotation::Column::SupplierId.eq(supplier));
    Ok(own.all(db).await?.into_iter().map(|row| (row.demand_id, row)).collect())
}

pub(super) async fn insert_quotation(tx: &Tx, row: quotation::Model) -> Result<(), DbErr> {
    quotation::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a quotation whose demand is held, as it now is.
pub(super) async fn save_quotation(tx: &Tx, row: quotation::Model) -> Result<quotation::Model, DbErr> {
    let row = quotation::Model { version: row.version + 1, ..row };
    quotation::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

pub(super) async fn insert_prices(tx: &Tx, rows: Vec<quotation_line::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    quotation_line::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// The prices of quotations that were opened, by line.
pub(super) async fn prices_of(
    db: &impl ConnectionTrait,
    quotations: &[QuotationId],
) -> Result<Vec<quotation_line::Model>, DbErr> {
    quotation_line::Entity::find()
        .filter(quotation_line::Column::QuotationId.is_in(quotations.iter().copied()))
        .order_by_asc(quotation_line::Column::QuotationId)
        .order_by_asc(quotation_line::Column::LineNo)
        .all(db)
        .await
}
