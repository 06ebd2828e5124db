//! Advanced costs in the database.

use crate::db::Tx;
use crate::db::dialect::sum_as_integer;
use entity::value::{AgreementId, Fen, OrganisationId, Overflow, SupplierOrderId};
use entity::{agreement, cost_deduction, declared_cost, share_run};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// Rows in one insert, values in one `in`.
const CHUNK: usize = 1000;

pub(super) async fn insert(tx: &Tx, row: declared_cost::Model) -> Result<(), DbErr> {
    declared_cost::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn insert_deductions(tx: &Tx, rows: Vec<cost_deduction::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        cost_deduction::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn declared_under(
    db: &impl ConnectionTrait,
    id: AgreementId,
) -> Result<Vec<declared_cost::Model>, DbErr> {
    declared_cost::Entity::find()
        .filter(declared_cost::Column::AgreementId.eq(id))
        .order_by_asc(declared_cost::Column::Id)
        .all(db)
        .await
}

pub(super) async fn deductions_under(
    db: &impl ConnectionTrait,
    id: AgreementId,
) -> Result<Vec<cost_deduction::Model>, DbErr> {
    cost_deduction::Entity::find()
        .filter(cost_deduction::Column::AgreementId.eq(id))
        .order_by_asc(cost_deduction::Column::CreatedAt)
        .order_by_asc(cost_deduction::Column::SupplierOrderId)
        .all(db)
        .await
}

/// Those of some suppliers under whose agreements costs were ever declared.
pub(super) async fn advancing(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<Vec<OrganisationId>, DbErr> {
    let to_agreement = declared_cost::Entity::belongs_to(agreement::Entity)
        .from(declared_cost::Column::AgreementId)
        .to(agreement::Column::Id);
    declared_cost::Entity::find()
        .select_only()
        .column(agreement::Column::SupplierId)
        .distinct()
        .join(JoinType::InnerJoin, to_agreement.into())
        .filter(agreement::Column::SupplierId.is_in(suppliers.iter().copied()))
        .into_tuple()
        .all(db)
        .await
}

/// Whether an order was computed before, so that what it repays is decided.
pub(super) async fn is_decided(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<bool, DbErr> {
    let run: Option<SupplierOrderId> = share_run::Entity::find()
        .select_only()
        .column(share_run::Column::SupplierOrderId)
        .filter(share_run::Column::SupplierOrderId.eq(order))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(run.is_some())
}

/// What an order repays, as decided.
pub(super) async fn decided(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<HashMap<AgreementId, Fen>, DbErr> {
    let rows = cost_deduction::Entity::find().filter(cost_deduction::Column::SupplierOrderId.eq(order)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.agreement_id, row.deducted_fen)).collect())
}

#[derive(Debug, FromQueryResult)]
struct Sum {
    agreement_id: AgreementId,
    sum_fen: Fen,
}

/// What is neither repaid nor borne by the supplier; agreements without open costs are left out.
pub(super) async fn open_of(
    db: &impl ConnectionTrait,
    ids: &[AgreementId],
) -> Result<HashMap<AgreementId, Fen>, DbErr> {
    let backend = db.get_database_backend();
    let mut open: HashMap<AgreementId, Fen> = HashMap::new();
    for part in ids.chunks(CHUNK) {
        let declared: Vec<Sum> = declared_cost::Entity::find()
            .select_only()
            .column(declared_cost::Column::AgreementId)
            .expr_as(Expr::cust(sum_as_integer(backend, r#""amount_fen""#)), "sum_fen")
            .filter(declared_cost::Column::AgreementId.is_in(part.iter().copied()))
            .group_by(declared_cost::Column::AgreementId)
            .into_model()
            .all(db)
            .await?;
        open.extend(declared.into_iter().map(|sum| (sum.agreement_id, sum.sum_fen)));
    }
    let with_costs: Vec<AgreementId> = open.keys().copied().collect();
    for part in with_costs.chunks(CHUNK) {
        let gone: Vec<Sum> = cost_deduction::Entity::find()
            .select_only()
            .column(cost_deduction::Column::AgreementId)
            .expr_as(Expr::cust(sum_as_integer(backend, r#""deducted_fen" + "waived_fen""#)), "sum_fen")
            .filter(cost_deduction::Column::AgreementId.is_in(part.iter().copied()))
            .group_by(cost_deduction::Column::AgreementId)
            .into_model()
            .all(db)
            .await?;
        for Sum { agreement_id, sum_fen } in gone {
            if let Some(left) = open.get_mut(&agreement_id) {
                *left = left.checked_sub(sum_fen).map_err(|error: Overflow| DbErr::Custom(error.to_string()))?;
            }
        }
    }
    open.retain(|_, left| !left.is_zero());
    Ok(open)
}
