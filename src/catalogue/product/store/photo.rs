//! The only SQL about pictures of products.

use super::by_product;
use crate::db::Tx;
use entity::product_photo;
use entity::value::{PhotoId, ProductId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use std::collections::HashMap;

/// The pictures of some products, in their order.
pub(in crate::catalogue::product) async fn photos(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Vec<product_photo::Model>>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = product_photo::Entity::find()
        .filter(product_photo::Column::ProductId.is_in(ids.iter().copied()))
        .order_by_asc(product_photo::Column::Position)
        .all(db)
        .await?;
    Ok(by_product(rows, |row| row.product_id))
}

pub(in crate::catalogue::product) async fn insert_photo(tx: &Tx, row: product_photo::Model) -> Result<(), DbErr> {
    product_photo::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Whether there was one.
pub(in crate::catalogue::product) async fn delete_photo(
    tx: &Tx,
    product: ProductId,
    id: PhotoId,
) -> Result<bool, DbErr> {
    let gone = product_photo::Entity::delete_many()
        .filter(product_photo::Column::ProductId.eq(product))
        .filter(product_photo::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
