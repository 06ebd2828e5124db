//! Runs and their shares in the database.

use crate::access::Scope;
use crate::attribution::plan;
use crate::db::Tx;
use entity::value::{ShareBasis, ShareRunId, SupplierOrderId};
use entity::{share, share_run};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashSet;

/// Rows in one insert.
const CHUNK: usize = 1000;

/// What a scope sees: the runs of the suppliers it reaches, who are known by their plans.
fn visible(scope: &Scope) -> Select<share_run::Entity> {
    let rows = share_run::Entity::find();
    if *scope == Scope::Everything {
        rows
    } else {
        rows.filter(share_run::Column::PlanId.in_subquery(plan::ids_within(scope)))
    }
}

pub(super) async fn runs_of_order(
    db: &impl ConnectionTrait,
    scope: &Scope,
    order: SupplierOrderId,
) -> Result<Vec<share_run::Model>, DbErr> {
    visible(scope)
        .filter(share_run::Column::SupplierOrderId.eq(order))
        .order_by_asc(share_run::Column::Id)
        .all(db)
        .await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
    basis: ShareBasis,
) -> Result<Option<share_run::Model>, DbErr> {
    share_run::Entity::find()
        .filter(share_run::Column::SupplierOrderId.eq(order))
        .filter(share_run::Column::Basis.eq(basis))
        .order_by_desc(share_run::Column::Number)
        .one(db)
        .await
}

pub(super) async fn computed_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
    basis: ShareBasis,
) -> Result<HashSet<SupplierOrderId>, DbErr> {
    let rows = share_run::Entity::find()
        .select_only()
        .column(share_run::Column::SupplierOrderId)
        .filter(share_run::Column::SupplierOrderId.is_in(orders.iter().copied()))
        .filter(share_run::Column::Basis.eq(basis))
        .filter(share_run::Column::Number.eq(1))
        .into_tuple::<SupplierOrderId>();
    Ok(rows.all(db).await?.into_iter().collect())
}

pub(super) async fn shares_of(db: &impl ConnectionTrait, runs: &[ShareRunId]) -> Result<Vec<share::Model>, DbErr> {
    share::Entity::find()
        .filter(share::Column::RunId.is_in(runs.iter().copied()))
        .order_by_asc(share::Column::RunId)
        .order_by_asc(share::Column::LineNo)
        .all(db)
        .await
}

pub(super) async fn insert(tx: &Tx, run: share_run::Model, shares: Vec<share::Model>) -> Result<(), DbErr> {
    share_run::Entity::insert(run.into_active_model()).exec_without_returning(tx).await?;
    for part in shares.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        share::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}
