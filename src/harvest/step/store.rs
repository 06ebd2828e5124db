//! Steps in the database.

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{DeclaredYieldId, DeliveryId, LotId, LotStepId, OrganisationId};
use entity::{declared_yield, lot_draw, lot_step, lot_step_input};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

/// Values in one `in`, and rows in one insert.
const CHUNK: usize = 1000;

pub(super) async fn insert(tx: &Tx, step: lot_step::Model, inputs: Vec<lot_step_input::Model>) -> Result<(), DbErr> {
    lot_step::Entity::insert(step.into_active_model()).exec_without_returning(tx).await?;
    let inputs = inputs.into_iter().map(IntoActiveModel::into_active_model);
    lot_step_input::Entity::insert_many(inputs).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn insert_draws(tx: &Tx, rows: Vec<lot_draw::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        lot_draw::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What steps have drawn from lots so far, delivery by delivery.
pub(super) async fn drawn(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<(LotId, DeliveryId, i64)>, DbErr> {
    use lot_draw::Column;
    let mut found = Vec::new();
    for part in lots.chunks(CHUNK) {
        let rows = lot_draw::Entity::find()
            .select_only()
            .column(Column::LotId)
            .column(Column::DeliveryId)
            .column_as(Expr::cust("cast(sum(grams) as bigint)"), "grams")
            .filter(Column::LotId.is_in(part.iter().copied()))
            .group_by(Column::LotId)
            .group_by(Column::DeliveryId);
        found.extend(rows.into_tuple::<(LotId, DeliveryId, i64)>().all(db).await?);
    }
    Ok(found)
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[LotStepId]) -> Result<Vec<lot_step::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rows = lot_step::Entity::find().filter(lot_step::Column::Id.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(lot_step::Column::Id).all(db).await?);
    }
    Ok(found)
}

pub(super) async fn inputs_of(
    db: &impl ConnectionTrait,
    steps: &[LotStepId],
) -> Result<Vec<lot_step_input::Model>, DbErr> {
    use lot_step_input::Column;
    let mut found = Vec::new();
    for part in steps.chunks(CHUNK) {
        let rows = lot_step_input::Entity::find().filter(Column::StepId.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(Column::StepId).order_by_asc(Column::LineNo).all(db).await?);
    }
    Ok(found)
}

/// The steps that took of any of these lots.
pub(super) async fn steps_taking(db: &impl ConnectionTrait, lots: &[LotId]) -> Result<Vec<LotStepId>, DbErr> {
    use lot_step_input::Column;
    let mut found = Vec::new();
    for part in lots.chunks(CHUNK) {
        let rows = lot_step_input::Entity::find()
            .select_only()
            .column(Column::StepId)
            .distinct()
            .filter(Column::LotId.is_in(part.iter().copied()));
        found.extend(rows.into_tuple::<LotStepId>().all(db).await?);
    }
    Ok(found)
}

pub(super) async fn insert_yield(tx: &Tx, row: declared_yield::Model) -> Result<(), DbErr> {
    declared_yield::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn find_yield(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    id: DeclaredYieldId,
) -> Result<Option<declared_yield::Model>, DbErr> {
    let own = declared_yield::Entity::find_by_id(id).filter(declared_yield::Column::SupplierId.eq(supplier));
    own.one(db).await
}

pub(super) async fn list_yields(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<DeclaredYieldId>,
    limit: u64,
) -> Result<Vec<declared_yield::Model>, DbErr> {
    use declared_yield::Column;
    let mut rows = declared_yield::Entity::find().order_by_desc(Column::Id).limit(limit + 1);
    if *scope != Scope::Everything {
        rows = rows.filter(Column::SupplierId.in_subquery(organisation::ids_within(scope)));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}
