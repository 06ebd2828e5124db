//! A county's overview is counted from indices: who is monitored, who lives there, which clues wait, which measures are late.
//! Who belonged to a village on a day is found by the village.

use sea_orm_migration::prelude::*;

const INDICES: [&str; 5] = [
    // Few households are or were monitored.
    "create index \"ix_household_status_status_household_id\" on \"household_status\" (status, household_id)",
    "create index \"ix_household_change_village_id_household_id\" on \"household_change\" (village_id, household_id)",
    "create index \"ix_household_county_code_people\" on \"household\" (county_code, people)",
    "create index \"ix_monitoring_clue_county_code_state_kind_id\" on \"monitoring_clue\" (county_code, state, kind, id)",
    "create index \"ix_measure_county_code_state_due_on\" on \"measure\" (county_code, state, due_on)",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in INDICES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
