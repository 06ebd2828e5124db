//! The register's sheets bring incomes and guarantees too.

use crate::{alter, dialect};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Everything of an entry but health, which is sealed anew when the keys change.
const KEPT: &[&str] = &[
    "id",
    "member_id",
    "from_date",
    "household_id",
    "has_left",
    "cause",
    "relation",
    "education",
    "skill",
    "work_place",
    "work_months",
    "guarantee",
    "source_kind",
    "source",
    "adjustment_id",
    "entered_by",
    "created_at",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "income_entry", "source", &["visit", "department", "own_report", "import"]).await?;
        let guarantee = "text constraint \"ck_member_change_guarantee\" CHECK (\"guarantee\" in ('none', \
                         'subsistence_allowance', 'extreme_poverty'))";
        alter::add(manager, "member_change", "guarantee", guarantee).await?;
        let triggers: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &[
                "drop trigger member_change_entered_once on member_change",
                "drop trigger member_change_entered_once_truncate on member_change",
            ],
            _ => &["drop trigger member_change_entered_once_update", "drop trigger member_change_entered_once_delete"],
        };
        for sql in triggers {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        dialect::make_entered_once(manager, "member_change", KEPT).await
    }
}
