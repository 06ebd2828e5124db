//! The only SQL about sheets of products.

use crate::db::facts::Question;
use crate::db::{self, Tx};
use entity::value::{CategoryCode, OffReason, OrganisationId, ProductId, ProductKind, ProductState};
use entity::{product, product_price, product_sheet};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use std::collections::HashMap;

/// The sheets of some products.
pub(in crate::catalogue) async fn sheets(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, product_sheet::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = product_sheet::Entity::find()
        .filter(product_sheet::Column::ProductId.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.product_id, row)).collect())
}

/// What answers to [`sale_terms`] are called.
pub(in crate::catalogue) const SALE_TERMS: &str = "sale_terms";

/// Asks by which template products travel, in place of the other object, how many packs one buyer gets in a month, and
/// how many all of them.
pub(in crate::catalogue) fn sale_terms(products: &[ProductId]) -> Question {
    use product_sheet::Column;
    let rows = product_sheet::Entity::find()
        .select_only()
        .filter(Column::ProductId.is_in(products.iter().copied()))
        .into_query();
    let column = |column: Column| Expr::col((product_sheet::Entity, column));
    let template = Func::coalesce([column(Column::FreightTemplateId), column(Column::ProductId)]);
    Question::about(SALE_TERMS, rows, column(Column::ProductId))
        .other(template)
        .number(column(Column::BuyerLimitPacks))
        .number(column(Column::MonthlyCapacityPacks))
}

/// Those of the products of which only so many go in a month, to one buyer or to all, for use inside another query.
#[must_use]
pub fn of_limited_sale(products: &[ProductId]) -> SelectStatement {
    use product_sheet::Column;
    product_sheet::Entity::find()
        .select_only()
        .column(Column::ProductId)
        .filter(Column::ProductId.is_in(products.iter().copied()))
        .filter(Column::BuyerLimitPacks.is_not_null().or(Column::MonthlyCapacityPacks.is_not_null()))
        .into_query()
}

/// The templates by which products travel, for use inside another query.
pub(in crate::catalogue) fn templates_of(products: &[ProductId]) -> SelectStatement {
    product_sheet::Entity::find()
        .select_only()
        .column(product_sheet::Column::FreightTemplateId)
        .filter(product_sheet::Column::ProductId.is_in(products.iter().copied()))
        .filter(product_sheet::Column::FreightTemplateId.is_not_null())
        .into_query()
}

/// Writes sheets. Not when a supplier has another product with the same key.
pub(in crate::catalogue::product) async fn put_sheets(tx: &Tx, rows: Vec<product_sheet::Model>) -> Result<bool, DbErr> {
    for part in rows.chunks(1000) {
        let replace = OnConflict::column(product_sheet::Column::ProductId)
            .update_columns(product_sheet::Column::iter())
            .to_owned();
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        match product_sheet::Entity::insert_many(part).on_conflict(replace).exec_without_returning(tx).await {
            Ok(_) => {}
            Err(error) if db::is_duplicate(&error, "product_sheet", &["supplier_id", "same_key"]) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Writes why products are off the shelf, or that nothing of the house keeps them off.
pub(in crate::catalogue::product) async fn set_off_reason(
    tx: &Tx,
    ids: &[ProductId],
    reason: Option<OffReason>,
) -> Result<(), DbErr> {
    for some in ids.chunks(1000) {
        product_sheet::Entity::update_many()
            .col_expr(product_sheet::Column::OffReason, Expr::value(reason))
            .filter(product_sheet::Column::ProductId.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Takes products from one state to another, and counts their versions up. The caller holds them.
pub(in crate::catalogue::product) async fn move_all(tx: &Tx, ids: &[ProductId], to: ProductState) -> Result<(), DbErr> {
    for some in ids.chunks(1000) {
        product::Entity::update_many()
            .col_expr(product::Column::State, Expr::value(to))
            .col_expr(product::Column::UpdatedAt, Expr::value(tx.now()))
            .col_expr(product::Column::Version, Expr::col(product::Column::Version).add(1))
            .filter(product::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// A supplier's products on the shelf, locked, by id.
pub(in crate::catalogue::product) async fn lock_on_shelf_of(
    tx: &Tx,
    supplier: OrganisationId,
) -> Result<Vec<product::Model>, DbErr> {
    product::Entity::find()
        .filter(product::Column::SupplierId.eq(supplier))
        .filter(product::Column::State.eq(ProductState::OnShelf))
        .order_by_asc(product::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}

/// Products that the house holds off the shelf for these reasons, by id; one supplier's, or all.
pub(in crate::catalogue::product) async fn held_for(
    db: &impl ConnectionTrait,
    reasons: &[OffReason],
    supplier: Option<OrganisationId>,
) -> Result<Vec<ProductId>, DbErr> {
    let mut rows = product_sheet::Entity::find()
        .filter(product_sheet::Column::OffReason.is_in(reasons.iter().copied()))
        .order_by_asc(product_sheet::Column::ProductId);
    if let Some(supplier) = supplier {
        rows = rows.filter(product_sheet::Column::SupplierId.eq(supplier));
    }
    Ok(rows.all(db).await?.into_iter().map(|row| row.product_id).collect())
}

/// A supplier's products in a category, the newest first.
pub(in crate::catalogue) async fn in_category(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    category: &CategoryCode,
    most: u64,
) -> Result<Vec<product::Model>, DbErr> {
    product::Entity::find()
        .filter(product::Column::SupplierId.eq(supplier))
        .filter(product::Column::CategoryCode.eq(category.clone()))
        .order_by_desc(product::Column::Id)
        .limit(most)
        .all(db)
        .await
}

/// Products of others on the shelf in a category, the newest first.
pub(in crate::catalogue) async fn peers(
    db: &impl ConnectionTrait,
    category: &CategoryCode,
    without: OrganisationId,
    most: u64,
) -> Result<Vec<product::Model>, DbErr> {
    product::Entity::find()
        .filter(product::Column::State.eq(ProductState::OnShelf))
        .filter(product::Column::CategoryCode.eq(category.clone()))
        .filter(product::Column::SupplierId.ne(without))
        .order_by_desc(product::Column::Id)
        .limit(most)
        .all(db)
        .await
}

/// Every price a product ever had, the newest first.
pub(in crate::catalogue::product) async fn prices(
    db: &impl ConnectionTrait,
    id: ProductId,
) -> Result<Vec<product_price::Model>, DbErr> {
    product_price::Entity::find()
        .filter(product_price::Column::ProductId.eq(id))
        .order_by_desc(product_price::Column::Number)
        .all(db)
        .await
}

/// Products of processed food of these suppliers.
pub(in crate::catalogue::product) async fn processed_of(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<Vec<ProductId>, DbErr> {
    if suppliers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = product_sheet::Entity::find()
        .filter(product_sheet::Column::SupplierId.is_in(suppliers.iter().copied()))
        .filter(product_sheet::Column::Kind.eq(ProductKind::Processed));
    Ok(rows.all(db).await?.into_iter().map(|row| row.product_id).collect())
}
