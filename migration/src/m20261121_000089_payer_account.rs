//! The account of a declared payer, and the bank that keeps it.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add(manager, "declared_payer", "account_cipher", "text").await?;
        alter::add(manager, "declared_payer", "bank_name", "text").await
    }
}
