//! The audit under the seals, searched by what auditors ask for, and with the address a change came from.

use crate::alter;
use crate::columns::table;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add(manager, "audit_event", "address", "text").await?;
        let db = manager.get_connection();
        // An identifier is of one object only, whatever its kind.
        db.execute_unprepared("drop index \"ix_audit_event_object_kind_object_id_id\"").await?;
        for (name, columns) in [("object_id_id", "object_id, id"), ("operation_id", "operation, id"), ("at", "at")] {
            let sql = format!("create index \"ix_audit_event_{name}\" on audit_event ({columns})");
            db.execute_unprepared(&sql).await?;
        }
        for (column, kind) in [("audit_count", "bigint"), ("audit_root", "text"), ("vouched_by", "text")] {
            alter::add(manager, "seal", column, kind).await?;
        }
        // A seal covers something: postings, rows of the audit, or both.
        let condition = "posting_count >= 0 and posting_count + coalesce(audit_count, 0) >= 1 and \
                         (audit_count is null) = (audit_root is null) and coalesce(audit_count, 0) >= 0";
        alter::check(manager, "seal", "ck_seal_posting_count", condition).await?;
        table("audit_leaf")
            .number_of("seal_number", "seal")
            .int("leaf_index")
            .reference("audit_event_id", "audit_event")
            .text("digest")
            .key(&["seal_number", "leaf_index"])
            .check("ck_audit_leaf_leaf_index", "leaf_index >= 0")
            .unique(&["audit_event_id"])
            .append_only()
            .create(manager)
            .await
    }
}
