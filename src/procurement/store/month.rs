//! What was ordered in a month, of products of which only so many go in one.

use crate::catalogue;
use crate::db::facts::{self, Fact, Question};
use entity::value::{OrganisationId, Overflow, Packs, ProductId, Timestamp};
use entity::{order_line, supplier_order};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait};
use std::collections::HashMap;

const SOLD: &str = "sold";

/// Asks how many of these products were ordered since an instant, by one buyer and by all; [`Sold::among`] reads the
/// answers. What was called off, taken off or refused for good was not; what was given back later was. Products that are
/// sold without such a limit are not counted.
pub(in crate::procurement) fn sold_asked(buyer: OrganisationId, products: &[ProductId], since: Timestamp) -> Question {
    use order_line::Column;
    let order = order_line::Entity::belongs_to(supplier_order::Entity)
        .from(Column::SupplierOrderId)
        .to(supplier_order::Column::Id)
        .into();
    let rows = order_line::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, order)
        .filter(Column::ProductId.in_subquery(catalogue::of_limited_sale(products)))
        .filter(supplier_order::Column::PlacedAt.gte(since))
        .group_by(Column::ProductId)
        .into_query();
    let column = |column: Column| Expr::col((order_line::Entity, column));
    let kept = || column(Column::Packs).sub(column(Column::WithdrawnPacks));
    let own = CaseStatement::new().case(supplier_order::Column::BuyerId.eq(buyer), kept()).finally(Expr::value(0_i64));
    // PostgreSQL makes NUMERIC of a sum.
    let sum = |of: SimpleExpr| Expr::from(Func::sum(of)).cast_as("bigint");
    Question::about(SOLD, rows, column(Column::ProductId)).number(sum(own.into())).number(sum(kept()))
}

/// What was ordered of products; those of which nothing was are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::procurement) struct Sold {
    /// By the buyer.
    pub by_buyer: HashMap<ProductId, Packs>,
    /// By all buyers.
    pub by_all: HashMap<ProductId, Packs>,
}

impl Sold {
    /// What was asked for.
    ///
    /// # Errors
    /// [`Overflow`] for a number out of range.
    pub fn among(found: &[Fact]) -> Result<Self, Overflow> {
        let mut sold = Self::default();
        for fact in facts::of(found, SOLD) {
            let product = ProductId::from_uuid(fact.subject);
            sold.by_buyer.insert(product, Packs::new(fact.n1.unwrap_or_default())?);
            sold.by_all.insert(product, Packs::new(fact.n2.unwrap_or_default())?);
        }
        Ok(sold)
    }
}
