//! Products are also flagged for a production licence of another county than the one they are processed in.

use crate::alter;
use sea_orm_migration::prelude::*;

const KINDS: &[&str] = &["price_above_peers", "price_above_reference", "alike", "licence_elsewhere"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "product_flag", "kind", KINDS).await
    }
}
