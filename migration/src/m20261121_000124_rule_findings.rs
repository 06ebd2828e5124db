//! Findings that a rule enters by itself: what each county has looked at, and the figures that made a finding.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule().create(manager).await?;
        alter::add_uuid(manager, "finding", "rule_id", Some("finding_rule")).await?;
        alter::add(manager, "finding", "cause", "text").await?;
        alter::add(manager, "finding", "figures", "text").await?;
        // What a rule said of one thing in one period is said once, however many servers look.
        let mut once = Index::create().name("ux_finding_cause").table("finding").unique().to_owned();
        let once = once.col("cause").and_where(Expr::cust("cause is not null")).to_owned();
        manager.create_index(once).await?;
        let mut made = Index::create().name("ix_adjustment_result_household_id").table("adjustment").to_owned();
        manager.create_index(made.col("result_household_id").to_owned()).await
    }
}

fn rule() -> TableDraft {
    table("finding_rule")
        .id()
        .code("county_code", "division")
        .choice("kind", &["measure_without_effect", "clue_overdue", "no_visit"])
        .int("edition")
        .flag("is_on")
        .int_null("months")
        .int_null("days")
        .text("reason")
        .reference("set_by", "person")
        .created_at()
        .check("ck_finding_rule_edition", "edition >= 1")
        .check("ck_finding_rule_months", "(kind = 'measure_without_effect') = (months is not null)")
        .check("ck_finding_rule_days", "(kind <> 'measure_without_effect') = (days is not null)")
        .unique(&["county_code", "kind", "edition"])
        .append_only()
}
