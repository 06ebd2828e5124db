//! The history of the schema. It imports nothing of ours: history must still run when today's tables have moved on.
//!
//! Promises: the same tables, constraints and names on SQLite and on PostgreSQL; a migration that fails leaves
//! nothing behind; two processes that start at once migrate one after the other.

pub mod alter;
mod columns;
mod dialect;
mod m20261121_000001_foundations;
mod m20261121_000002_region;
mod m20261121_000003_identity_organisation;
mod m20261121_000004_ledger;
mod m20261121_000005_household;
mod m20261121_000006_catalogue;
mod m20261121_000007_attribution;
mod m20261121_000008_harvest;
mod m20261121_000009_budget;
mod m20261121_000010_procurement;
mod m20261121_000011_payment;
mod m20261121_000012_settlement;
mod m20261121_000013_pairing;
mod m20261121_000014_session;
mod m20261121_000015_seal;
mod m20261121_000016_wider_lists;
mod m20261121_000020_helper_assignment;
mod m20261121_000021_members;
mod m20261121_000022_second_factor;
mod m20261121_000023_api_key;
mod m20261121_000024_succession;
mod m20261121_000025_audit;
mod m20261121_000026_privacy;
mod m20261121_000030_product_sheet;
mod m20261121_000031_credential;
mod m20261121_000032_photo;
mod m20261121_000033_price_evidence;
mod m20261121_000034_mandate;
mod m20261121_000037_deliveries;
mod m20261121_000038_lots;
mod m20261121_000039_sheets;
mod m20261121_000042_instalments;
mod m20261121_000043_payments;
mod m20261121_000044_share_instalments;
mod m20261121_000047_plan_terms;
mod m20261121_000048_agreement_terms;
mod m20261121_000049_period;
mod m20261121_000052_payout_batch;
mod m20261121_000053_voice;
mod m20261121_000054_off_platform;
mod m20261121_000055_posting_source;
mod m20261121_000057_quota;
mod m20261121_000058_division_periods;
mod m20261121_000059_organisation_moves;
mod m20261121_000060_card_numbers;
mod m20261121_000061_freight;
mod m20261121_000063_product_plans;
mod m20261121_000065_budget_changes;
mod m20261121_000066_approval;
mod m20261121_000067_framework;
mod m20261121_000068_demand;
mod m20261121_000069_standing_group;
mod m20261121_000070_order_clocks;
mod m20261121_000071_complaint;
mod m20261121_000072_paper;
mod m20261121_000073_declared_payer;
mod m20261121_000076_events;
mod m20261121_000077_webhooks;
mod m20261121_000078_mail;
mod m20261121_000081_open_data;
mod m20261121_000082_aid;
mod m20261121_000083_report;
mod m20261121_000084_recorded_payouts;
mod m20261121_000088_freight_back;
mod m20261121_000089_payer_account;
mod m20261121_000090_late_interest;
mod m20261121_000092_licence_flags;
mod m20261121_000096_adjustment;
mod m20261121_000097_register_history;
mod m20261121_000098_income;
mod m20261121_000099_monitoring;
mod m20261121_000105_register_sheets;
mod m20261121_000106_assistance;
mod m20261121_000107_comparison;
mod m20261121_000108_finding;
mod m20261121_000112_report_failure;
mod m20261121_000113_aid_certificate;
mod m20261121_000114_pairing_targets;
mod m20261121_000115_village_need;
mod m20261121_000116_referral;
mod m20261121_000119_open_postings;
mod m20261121_000120_reminders;
mod m20261121_000121_report_sums;
mod m20261121_000122_monitored;
mod m20261121_000123_posting_children;
mod m20261121_000124_rule_findings;
mod m20261121_000125_sheet_incomes;
mod m20261121_000126_lost_orders;
mod m20261121_000127_threshold_corrections;
mod m20261121_000128_adjustment_land;
mod m20261121_000129_progress;
mod m20261121_000130_household_status;
mod m20261122_000131_reports_of_registers;
mod m20261122_000132_clue_answers;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

/// All migrations, in order. To apply them, see [`migrate`].
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_foundations::Migration),
            Box::new(m20261121_000002_region::Migration),
            Box::new(m20261121_000003_identity_organisation::Migration),
            Box::new(m20261121_000004_ledger::Migration),
            Box::new(m20261121_000005_household::Migration),
            Box::new(m20261121_000006_catalogue::Migration),
            Box::new(m20261121_000007_attribution::Migration),
            Box::new(m20261121_000008_harvest::Migration),
            Box::new(m20261121_000009_budget::Migration),
            Box::new(m20261121_000010_procurement::Migration),
            Box::new(m20261121_000011_payment::Migration),
            Box::new(m20261121_000012_settlement::Migration),
            Box::new(m20261121_000013_pairing::Migration),
            Box::new(m20261121_000014_session::Migration),
            Box::new(m20261121_000015_seal::Migration),
            Box::new(m20261121_000016_wider_lists::Migration),
            Box::new(m20261121_000020_helper_assignment::Migration),
            Box::new(m20261121_000021_members::Migration),
            Box::new(m20261121_000022_second_factor::Migration),
            Box::new(m20261121_000023_api_key::Migration),
            Box::new(m20261121_000024_succession::Migration),
            Box::new(m20261121_000025_audit::Migration),
            Box::new(m20261121_000026_privacy::Migration),
            Box::new(m20261121_000030_product_sheet::Migration),
            Box::new(m20261121_000031_credential::Migration),
            Box::new(m20261121_000032_photo::Migration),
            Box::new(m20261121_000033_price_evidence::Migration),
            Box::new(m20261121_000034_mandate::Migration),
            Box::new(m20261121_000037_deliveries::Migration),
            Box::new(m20261121_000038_lots::Migration),
            Box::new(m20261121_000039_sheets::Migration),
            Box::new(m20261121_000042_instalments::Migration),
            Box::new(m20261121_000043_payments::Migration),
            Box::new(m20261121_000044_share_instalments::Migration),
            Box::new(m20261121_000047_plan_terms::Migration),
            Box::new(m20261121_000048_agreement_terms::Migration),
            Box::new(m20261121_000049_period::Migration),
            Box::new(m20261121_000052_payout_batch::Migration),
            Box::new(m20261121_000053_voice::Migration),
            Box::new(m20261121_000054_off_platform::Migration),
            Box::new(m20261121_000055_posting_source::Migration),
            Box::new(m20261121_000057_quota::Migration),
            Box::new(m20261121_000058_division_periods::Migration),
            Box::new(m20261121_000059_organisation_moves::Migration),
            Box::new(m20261121_000060_card_numbers::Migration),
            Box::new(m20261121_000061_freight::Migration),
            Box::new(m20261121_000063_product_plans::Migration),
            Box::new(m20261121_000065_budget_changes::Migration),
            Box::new(m20261121_000066_approval::Migration),
            Box::new(m20261121_000067_framework::Migration),
            Box::new(m20261121_000068_demand::Migration),
            Box::new(m20261121_000069_standing_group::Migration),
            Box::new(m20261121_000070_order_clocks::Migration),
            Box::new(m20261121_000071_complaint::Migration),
            Box::new(m20261121_000072_paper::Migration),
            Box::new(m20261121_000073_declared_payer::Migration),
            Box::new(m20261121_000076_events::Migration),
            Box::new(m20261121_000077_webhooks::Migration),
            Box::new(m20261121_000078_mail::Migration),
            Box::new(m20261121_000081_open_data::Migration),
            Box::new(m20261121_000082_aid::Migration),
            Box::new(m20261121_000083_report::Migration),
            Box::new(m20261121_000088_freight_back::Migration),
            Box::new(m20261121_000089_payer_account::Migration),
            Box::new(m20261121_000090_late_interest::Migration),
            Box::new(m20261121_000092_licence_flags::Migration),
            Box::new(m20261121_000084_recorded_payouts::Migration),
            Box::new(m20261121_000096_adjustment::Migration),
            Box::new(m20261121_000097_register_history::Migration),
            Box::new(m20261121_000098_income::Migration),
            Box::new(m20261121_000099_monitoring::Migration),
            Box::new(m20261121_000119_open_postings::Migration),
            Box::new(m20261121_000120_reminders::Migration),
            Box::new(m20261121_000121_report_sums::Migration),
            Box::new(m20261121_000122_monitored::Migration),
            Box::new(m20261121_000123_posting_children::Migration),
            Box::new(m20261121_000129_progress::Migration),
            Box::new(m20261121_000130_household_status::Migration),
            Box::new(m20261122_000131_reports_of_registers::Migration),
            Box::new(m20261122_000132_clue_answers::Migration),
            Box::new(m20261121_000105_register_sheets::Migration),
            Box::new(m20261121_000106_assistance::Migration),
            Box::new(m20261121_000107_comparison::Migration),
            Box::new(m20261121_000108_finding::Migration),
            Box::new(m20261121_000112_report_failure::Migration),
            Box::new(m20261121_000113_aid_certificate::Migration),
            Box::new(m20261121_000114_pairing_targets::Migration),
            Box::new(m20261121_000115_village_need::Migration),
            Box::new(m20261121_000116_referral::Migration),
            Box::new(m20261121_000124_rule_findings::Migration),
            Box::new(m20261121_000125_sheet_incomes::Migration),
            Box::new(m20261121_000126_lost_orders::Migration),
            Box::new(m20261121_000127_threshold_corrections::Migration),
            Box::new(m20261121_000128_adjustment_land::Migration),
        ]
    }
}

/// Brings the schema up to date, in one transaction: all of it or nothing.
///
/// Starts at the same time are safe. sea-orm takes no lock of its own, and two bare `Migrator::up` would fail on
/// each other's tables. Here the second waits until the first is done and finds nothing left to do: on SQLite because
/// the transaction is a writer from its first statement, on PostgreSQL because both write the one row of
/// `migration_lock`, which works on engines without advisory locks too.
///
/// Never call `Migrator::fresh` or `reset` through a pool of several SQLite connections: they switch foreign keys
/// off and on again by a pragma, and a connection of the pool may keep them off. This function sends no such pragma;
/// a handle of its own with one connection, closed afterwards, is still the safest way to call it.
///
/// # Errors
/// What the database says. On SQLite also when another process writes for longer than the busy timeout.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    if is_current(db).await {
        return Ok(());
    }
    if db.get_database_backend() == DbBackend::Postgres {
        make_lock(db).await?;
    }
    let transaction = db
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction
            .execute_unprepared("insert into migration_lock (id) values (1) on conflict (id) do update set id = 1")
            .await?;
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// Whether every migration of this edition has been applied; asks only, so that an account without the right to make
/// tables may start the house.
pub async fn is_current(db: &DatabaseConnection) -> bool {
    let applied = Statement::from_string(db.get_database_backend(), "select version from seaql_migrations");
    let Ok(rows) = db.query_all_raw(applied).await else { return false };
    let applied: Vec<String> = rows.iter().filter_map(|row| row.try_get("", "version").ok()).collect();
    Migrator::migrations().iter().all(|migration| applied.iter().any(|name| name == migration.name()))
}

/// Makes the table whose row is the lock.
///
/// `if not exists` does not cover two that make it at once: the loser fails on the catalogue, and may go on
/// because the winner has it by then. Hence the second try, whose failure counts.
async fn make_lock(db: &DatabaseConnection) -> Result<(), DbErr> {
    const SQL: &str = "create table if not exists migration_lock (id integer primary key)";
    if db.execute_unprepared(SQL).await.is_err() {
        db.execute_unprepared(SQL).await?;
    }
    Ok(())
}
