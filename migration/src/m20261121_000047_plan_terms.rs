//! Plans with an order of pools, a floor, a cap and periods; a fifth mode; agreements with a member or a subject.

use crate::alter;
use sea_orm_migration::prelude::*;

const MODES: &[&str] = &["produce_purchase", "wages", "dividend", "land_rent", "custodial_farming"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "agreement", "mode", MODES).await?;
        alter::choices(manager, "share", "mode", MODES).await?;
        alter::add_uuid(manager, "agreement", "member_id", Some("household_member")).await?;
        alter::add(manager, "agreement", "subject", "text").await?;
        let points = |column: &str, default: &str| {
            format!(
                "bigint not null default {default} constraint \"ck_plan_{column}\" CHECK (\"{column}\" between 0 and 10000)"
            )
        };
        for (column, default) in [("custody_bp", "0"), ("floor_bp", "0"), ("cap_bp", "10000")] {
            alter::add(manager, "plan", column, &points(column, default)).await?;
        }
        let choice = |column: &str, values: &str, default: &str| {
            format!(
                "text not null default '{default}' constraint \"ck_plan_{column}\" CHECK (\"{column}\" in ({values}))"
            )
        };
        for column in ["wages_settle", "dividend_settle", "rent_settle", "custody_settle"] {
            let definition = choice(column, "'per_order', 'per_period'", "per_order");
            alter::add(manager, "plan", column, &definition).await?;
        }
        alter::add(manager, "plan", "eligible", &choice("eligible", "'all', 'relief_only'", "all")).await?;
        alter::add(manager, "plan", "confirmed_only", "boolean not null default false").await?;
        let order = MODES.join(",");
        alter::add(manager, "plan", "pool_order", &format!("text not null default '{order}'")).await?;
        let whole = "produce_bp + wages_bp + dividend_bp + rent_bp + custody_bp between 0 and 10000";
        alter::check(manager, "plan", "ck_plan_whole", whole).await
    }
}
