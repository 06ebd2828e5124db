//! Invitations, what can become of a membership, and more reasons for which sessions end.

use crate::alter;
use crate::columns::table;
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

const SESSION_ENDS: &[&str] = &[
    "signed_out",
    "ended_by_operator",
    "switched",
    "reuse_detected",
    "ended_by_administrator",
    "membership_changed",
    "password_changed",
    "second_factor_changed",
    "organisation_ended",
    "account_closed",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::choices(manager, "session", "revoke_reason", SESSION_ENDS).await?;
        alter::add(manager, "membership", "version", "bigint not null default 1").await?;
        alter::add_timestamp(manager, "membership", "removed_at").await?;
        alter::add_timestamp(manager, "person", "closed_at").await?;
        table("invitation")
            .id()
            .reference("organisation_id", "organisation")
            .choice("role", ROLES)
            .text("email")
            .text("display_name")
            .reference("invited_by", "person")
            .text("token_hash")
            .timestamp("expires_at")
            .created_at()
            .timestamp_null("accepted_at")
            .reference_null("accepted_by", "person")
            .timestamp_null("revoked_at")
            .version()
            .check("ck_invitation_accepted", "(accepted_at is null) = (accepted_by is null)")
            .check("ck_invitation_once", "accepted_at is null or revoked_at is null")
            .unique(&["token_hash"])
            .unique_where(&["organisation_id", "email", "role"], "accepted_at is null and revoked_at is null")
            .index(&["organisation_id", "id"])
            .create(manager)
            .await
    }
}
