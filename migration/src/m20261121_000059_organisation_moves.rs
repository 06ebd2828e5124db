//! Under whom organisations stood until when.

use crate::alter;
use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kinds = ["renamed", "moved", "merged", "split", "abolished"];
        alter::choices(manager, "organisation_change", "kind", &kinds).await?;
        table("organisation_move")
            .id()
            .reference("change_id", "organisation_change")
            .reference("organisation_id", "organisation")
            .date("on_date")
            .reference_null("parent_before", "organisation")
            .reference("parent_after", "organisation")
            .created_at()
            .unique(&["change_id", "organisation_id"])
            .index(&["organisation_id", "on_date"])
            .index(&["on_date"])
            .append_only()
            .create(manager)
            .await
    }
}
