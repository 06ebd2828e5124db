//! What orders owe, in the database: which have something open, what was accepted of them when, and what was credited.

use super::visible;
use crate::access::Scope;
use crate::procurement::store::Side;
use chrono::NaiveDate;
use entity::value::{Fen, OrderTerms, OrganisationId, Packs, PersonId, SupplierOrderId, Timestamp, business_date};
use entity::{acceptance, acceptance_line, credit_note, order_line, supplier_order};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Values in one `in`.
const CHUNK: usize = 1000;

/// Orders in reach of which something accepted is not paid, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn owing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (buyer, supplier): (Option<OrganisationId>, Option<OrganisationId>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    use supplier_order::Column;
    let mut rows = visible(scope, Side::Either)
        .filter(Expr::cust(r#""accepted_fen" - "credited_fen" - "paid_fen""#).gt(0_i64))
        .filter(Column::Terms.eq(OrderTerms::GoodsFirst))
        .order_by_desc(Column::Id)
        .limit(limit);
    if let Some(buyer) = buyer {
        rows = rows.filter(Column::BuyerId.eq(buyer));
    }
    if let Some(supplier) = supplier {
        rows = rows.filter(Column::SupplierId.eq(supplier));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

/// Orders between two organisations, one of them the buyer, that were not called off, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn between(
    db: &impl ConnectionTrait,
    one: OrganisationId,
    other: OrganisationId,
    limit: u64,
) -> Result<Vec<supplier_order::Model>, DbErr> {
    use supplier_order::Column;
    let sides = |buyer, supplier| Condition::all().add(Column::BuyerId.eq(buyer)).add(Column::SupplierId.eq(supplier));
    supplier_order::Entity::find()
        .filter(Condition::any().add(sides(one, other)).add(sides(other, one)))
        .filter(Column::AcceptedAt.is_not_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// What was accepted of these orders, line by line of each acceptance, with its business day. Acceptances of when an
/// order had one of them and said nothing line by line are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn accepted_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<Vec<(SupplierOrderId, NaiveDate, Fen)>, DbErr> {
    let mut all = Vec::new();
    for some in orders.chunks(CHUNK) {
        let of_acceptance = acceptance_line::Entity::belongs_to(acceptance::Entity)
            .from(acceptance_line::Column::AcceptanceId)
            .to(acceptance::Column::Id)
            .into();
        let of_line = acceptance_line::Entity::belongs_to(order_line::Entity)
            .from(acceptance_line::Column::LineId)
            .to(order_line::Column::Id)
            .into();
        let rows = acceptance_line::Entity::find()
            .select_only()
            .column(acceptance::Column::SupplierOrderId)
            .column(acceptance::Column::AcceptedAt)
            .column(acceptance_line::Column::AcceptedPacks)
            .column(order_line::Column::UnitPriceFen)
            .join(JoinType::InnerJoin, of_acceptance)
            .join(JoinType::InnerJoin, of_line)
            .filter(acceptance::Column::SupplierOrderId.is_in(some.iter().copied()));
        for (order, at, packs, price) in rows.into_tuple::<(SupplierOrderId, Timestamp, Packs, Fen)>().all(db).await? {
            let amount = price.checked_mul(packs.get()).map_err(|error| DbErr::Custom(error.to_string()))?;
            all.push((order, business_date(at), amount));
        }
    }
    Ok(all)
}

/// What of these orders was credited and need not be paid, with the business day.
///
/// # Errors
/// When the database cannot be asked.
pub async fn credited_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<Vec<(SupplierOrderId, NaiveDate, Fen)>, DbErr> {
    let mut all = Vec::new();
    for some in orders.chunks(CHUNK) {
        let rows = credit_note::Entity::find().filter(credit_note::Column::SupplierOrderId.is_in(some.iter().copied()));
        for row in rows.all(db).await? {
            let unpaid = row.amount_fen.checked_sub(row.refunded_fen);
            let unpaid = unpaid.map_err(|error| DbErr::Custom(error.to_string()))?;
            all.push((row.supplier_order_id, business_date(row.made_at), unpaid));
        }
    }
    Ok(all)
}

/// Who credited something of an order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn credited_by(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<Vec<PersonId>, DbErr> {
    let rows = credit_note::Entity::find()
        .select_only()
        .column(credit_note::Column::MadeBy)
        .filter(credit_note::Column::SupplierOrderId.eq(order));
    rows.distinct().into_tuple().all(db).await
}
