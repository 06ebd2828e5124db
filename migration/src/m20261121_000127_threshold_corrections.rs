//! A threshold that was wrong is corrected by another one, with the reason.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_uuid(manager, "income_threshold", "replaces_id", Some("income_threshold")).await?;
        alter::add(manager, "income_threshold", "reason", "text").await?;
        let mut once =
            Index::create().name("ux_income_threshold_replaces_id").table("income_threshold").unique().to_owned();
        let once = once.col("replaces_id").and_where(Expr::cust("replaces_id is not null")).to_owned();
        manager.create_index(once).await
    }
}
