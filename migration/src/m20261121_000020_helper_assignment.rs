//! Which households are assigned to which helper cadres.

use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("helper_assignment")
            .id()
            .reference("household_id", "household")
            .reference("person_id", "person")
            .reference("organisation_id", "organisation")
            .date("from_date")
            .date_null("until_date")
            .text_null("exception_reason")
            .reference("assigned_by", "person")
            .reference_null("ended_by", "person")
            .text_null("end_reason")
            .created_at()
            .version()
            .check("ck_helper_assignment_days", "until_date is null or until_date >= from_date")
            .check(
                "ck_helper_assignment_ended",
                "(until_date is null) = (ended_by is null) and (until_date is null) = (end_reason is null)",
            )
            .check("ck_helper_assignment_apart", "assigned_by <> person_id")
            .unique_where(&["household_id", "person_id"], "until_date is null")
            .index(&["person_id", "id"])
            .index(&["household_id", "id"])
            .create(manager)
            .await
    }
}
