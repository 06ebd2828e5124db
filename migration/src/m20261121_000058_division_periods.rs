//! From when to when divisions had their codes and names, and what they became.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("division_period")
            .text("code")
            .text("name")
            // No foreign key: what it lay in may be gone as well.
            .text("parent_code")
            .small("level")
            .date_null("valid_from")
            .date_null("valid_until")
            .text("successors")
            .text("basis")
            .key(&["code", "name"])
            .check("ck_division_period_level", "level between 2 and 3")
            .check("ck_division_period_order", "valid_from is null or valid_until is null or valid_from <= valid_until")
            .check("ck_division_period_successors", "(valid_until is null) = (successors = '')")
            .index(&["parent_code"])
            .create(manager)
            .await
    }
}
