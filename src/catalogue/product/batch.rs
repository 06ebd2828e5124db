//! Products by the hundred: what other rooms ask about many at once.

use super::store;
use entity::product_certificate;
use entity::value::ProductId;
use sea_orm::{ConnectionTrait, DbErr};

/// The certificates of products, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn product_certificates(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<Vec<product_certificate::Model>, DbErr> {
    let mut found: Vec<_> = store::certificates(db, ids).await?.into_values().flatten().collect();
    found.sort_by_key(|row| row.id);
    Ok(found)
}
