//! More roles and more kinds of accounts.

use crate::alter;
use sea_orm_migration::prelude::*;

const ROLES: &[&str] = &[
    "platform_operator",
    "agriculture_officer",
    "revitalisation_officer",
    "cooperative_clerk",
    "procurement_officer",
    "finance_officer",
    "enterprise_officer",
    "auditor",
    "administrator",
    "approver",
    "household_registrar",
    "helper_cadre",
    "village_officer",
    "township_officer",
    "integrator",
];

const ACCOUNT_KINDS: &[&str] = &[
    "budget_granted",
    "budget_available",
    "budget_encumbered",
    "budget_spent",
    "buyer_receivable",
    "supplier_revenue",
    "supplier_cash",
    "supplier_retained",
    "promise_given",
    "household_promised",
    "household_payable",
    "buyer_refund",
    "supplier_clawback",
    "period_pool",
    "payout_in_transit",
    "off_platform_sales",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "membership", "role", ROLES).await?;
        alter::choices(manager, "session", "role", ROLES).await?;
        alter::choices(manager, "account", "kind", ACCOUNT_KINDS).await
    }
}
