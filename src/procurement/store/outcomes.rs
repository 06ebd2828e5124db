//! What came of orders: how much of what was ordered buyers kept.

use super::LINES_AT_ONCE;
use crate::db::dialect::sum_as_integer;
use entity::value::{OrderState, OrganisationId, ProductId, SupplierOrderId};
use entity::{order_line, supplier_order};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, Select};
use std::collections::{HashMap, HashSet};

/// What came of a supplier's orders, or of the orders of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Packs ordered.
    pub ordered_packs: i64,
    /// Packs that buyers accepted of them and did not give back.
    pub accepted_packs: i64,
}

/// The orders that came to an end with the buyer: accepted, all or in part, given back or refused.
const ENDED: [OrderState; 6] = [
    OrderState::Accepted,
    OrderState::Invoiced,
    OrderState::Paid,
    OrderState::Completed,
    OrderState::Refused,
    OrderState::Returned,
];

/// What came of the orders of these products; those never ordered are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn outcomes_of_products(
    db: &impl ConnectionTrait,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Outcome>, DbErr> {
    let mut outcomes = HashMap::with_capacity(products.len());
    for some in products.chunks(LINES_AT_ONCE) {
        let rows = ended_lines(db)
            .column(order_line::Column::ProductId)
            .filter(order_line::Column::ProductId.is_in(some.iter().copied()))
            .group_by(order_line::Column::ProductId);
        let rows = rows.into_tuple::<(i64, i64, ProductId)>().all(db).await?;
        outcomes.extend(
            rows.into_iter()
                .map(|(ordered_packs, accepted_packs, product)| (product, Outcome { ordered_packs, accepted_packs })),
        );
    }
    Ok(outcomes)
}

/// What came of the orders of these suppliers; those who never had one are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn outcomes_of_suppliers(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashMap<OrganisationId, Outcome>, DbErr> {
    let mut outcomes = HashMap::with_capacity(suppliers.len());
    for some in suppliers.chunks(LINES_AT_ONCE) {
        let rows = ended_lines(db)
            .column(supplier_order::Column::SupplierId)
            .filter(supplier_order::Column::SupplierId.is_in(some.iter().copied()))
            .group_by(supplier_order::Column::SupplierId);
        let rows = rows.into_tuple::<(i64, i64, OrganisationId)>().all(db).await?;
        outcomes
            .extend(rows.into_iter().map(|(ordered_packs, accepted_packs, supplier)| {
                (supplier, Outcome { ordered_packs, accepted_packs })
            }));
    }
    Ok(outcomes)
}

/// The sums of packs ordered and accepted over lines of orders that ended.
fn ended_lines(db: &impl ConnectionTrait) -> Select<order_line::Entity> {
    let sum = |column: &str| Expr::cust(sum_as_integer(db.get_database_backend(), column));
    let order = order_line::Entity::belongs_to(supplier_order::Entity)
        .from(order_line::Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    order_line::Entity::find()
        .select_only()
        .expr(sum("order_line.packs"))
        .expr(sum("order_line.accepted_packs - order_line.returned_packs"))
        .join(JoinType::InnerJoin, order)
        .filter(supplier_order::Column::State.is_in(ENDED))
}

/// The products of these supplier orders, each once.
///
/// # Errors
/// When the database cannot be asked.
pub async fn products_of(db: &impl ConnectionTrait, orders: &[SupplierOrderId]) -> Result<Vec<ProductId>, DbErr> {
    let mut products = HashSet::new();
    for some in orders.chunks(LINES_AT_ONCE) {
        let rows = order_line::Entity::find()
            .select_only()
            .column(order_line::Column::ProductId)
            .filter(order_line::Column::SupplierOrderId.is_in(some.iter().copied()))
            .distinct();
        products.extend(rows.into_tuple::<ProductId>().all(db).await?);
    }
    Ok(products.into_iter().collect())
}
