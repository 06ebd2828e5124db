//! What a household is today stands in its row, so that a county's households are counted by it from an index.

use crate::alter;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATUS: &str = "text not null default 'registered' constraint \"ck_household_status\" CHECK (\"status\" in \
                      ('registered', 'monitored_unstable', 'monitored_borderline', 'monitored_sudden', 'ordinary'))";

/// No entry lies in the future: the last one is what holds.
const LAST: &str = "
update household set status = (select s.status from household_status s where s.household_id = household.id
  order by s.from_date desc, s.id desc limit 1)
where exists (select 1 from household_status s where s.household_id = household.id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add(manager, "household", "status", STATUS).await?;
        let db = manager.get_connection();
        db.execute_unprepared(LAST).await?;
        // The index of statuses answered the same question before.
        db.execute_unprepared("drop index ix_household_status_status_household_id").await?;
        db.execute_unprepared("create index ix_household_county_code_status_id on household (county_code, status, id)")
            .await
            .map(drop)
    }
}
