//! Mail: what went to whom and what became of it, and what people wish.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [mail(), preference()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn mail() -> TableDraft {
    table("mail")
        .id()
        .text("key")
        .reference_null("person_id", "person")
        .reference_null("organisation_id", "organisation")
        .choice("category", &["account", "orders", "supply", "money", "operation"])
        .choice("state", &["sent", "bounced", "gathered", "merged", "unwanted"])
        .text("subject")
        .text_null("body")
        .text_null("error")
        .created_at()
        .timestamp_null("sent_at")
        .check("ck_mail_gathered", "state <> 'gathered' or (person_id is not null and body is not null)")
        .unique(&["key"])
        .index(&["state", "id"])
        .index(&["person_id", "state"])
        .index(&["created_at"])
}

fn preference() -> TableDraft {
    table("mail_preference")
        .reference("person_id", "person")
        .choice("language", &["zh", "en", "both"])
        .flag("digest")
        .int("quiet_from")
        .int("quiet_until")
        .text("muted")
        .timestamp_null("digested_at")
        .version()
        .key(&["person_id"])
        .check("ck_mail_preference_quiet_from", "\"quiet_from\" between 0 and 23")
        .check("ck_mail_preference_quiet_until", "\"quiet_until\" between 0 and 23")
}
