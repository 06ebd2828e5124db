//! The bulletin of quotas and the overview of monitoring are reports too, frozen and comparable like the others.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: [&str; 6] = [
    "county_consumption",
    "cooperative_benefit",
    "enterprise_statement",
    "arrears",
    "quota_bulletin",
    "monitoring_overview",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "report_run", "kind", &KINDS).await
    }
}
