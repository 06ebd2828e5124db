//! The household's voice: its card, its codes and sessions, what it confirms and disputes, and what is corrected.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;

const SUBJECTS: &[&str] = &["promised", "accrued", "paid"];
const CHANNELS: &[&str] = &["phone", "helper"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [household_card(), voice_code(), voice_session(), confirmation(), dispute(), correction()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn household_card() -> TableDraft {
    table("household_card")
        .id()
        .reference("household_id", "household")
        .text("number_hash")
        .text("number_end")
        .reference("issued_by", "person")
        .timestamp_null("revoked_at")
        .created_at()
        .unique(&["number_hash"])
        .index(&["household_id"])
}

fn voice_code() -> TableDraft {
    table("voice_code")
        .id()
        .reference("household_id", "household")
        .text("code_hash")
        .int("tries")
        .timestamp("expires_at")
        .timestamp_null("used_at")
        .created_at()
        .index(&["household_id", "created_at"])
}

fn voice_session() -> TableDraft {
    table("voice_session")
        .id()
        .reference("household_id", "household")
        .text("token_hash")
        .choice("channel", CHANNELS)
        .reference_null("helper_id", "person")
        .timestamp("expires_at")
        .timestamp_null("ended_at")
        .created_at()
        .check("ck_voice_session_helper", "(channel = 'helper') = (helper_id is not null)")
        .unique(&["token_hash"])
        .index(&["household_id"])
}

fn confirmation() -> TableDraft {
    table("confirmation")
        .id()
        .reference("household_id", "household")
        .reference("agreement_id", "agreement")
        // No foreign key: what was sold outside the platform is confirmed too.
        .uuid("supplier_order_id")
        .choice("subject", SUBJECTS)
        .int("year")
        .big("amount_fen")
        .choice("channel", CHANNELS)
        .reference_null("helper_id", "person")
        .created_at()
        .index(&["household_id", "id"])
        .append_only()
}

fn dispute() -> TableDraft {
    table("dispute")
        .id()
        .text("number")
        .reference("household_id", "household")
        .code("county_code", "division")
        .reference("supplier_id", "organisation")
        .reference("agreement_id", "agreement")
        .uuid("supplier_order_id")
        .choice("subject", SUBJECTS)
        .int("year")
        .big("shown_fen")
        .big("claimed_fen")
        .text("words")
        .choice("channel", CHANNELS)
        .reference_null("helper_id", "person")
        .choice("state", &["open", "answered", "upheld", "rejected", "withdrawn"])
        .date("due_on")
        .text_null("answer")
        .reference_null("answer_file_id", "stored_file")
        .reference_null("answered_by", "person")
        .timestamp_null("answered_at")
        .text_null("outcome")
        .reference_null("decided_by", "person")
        .timestamp_null("decided_at")
        .created_at()
        .version()
        .unique(&["number"])
        .index(&["supplier_id", "id"])
        .index(&["county_code", "id"])
        .index(&["household_id", "id"])
        .index_where(&["due_on"], "state in ('open', 'answered')")
}

fn correction() -> TableDraft {
    table("correction")
        .id()
        .reference("dispute_id", "dispute")
        .choice("kind", &["payout", "accrual"])
        .reference("household_id", "household")
        .reference("agreement_id", "agreement")
        .reference("supplier_id", "organisation")
        .uuid("supplier_order_id")
        .reference_null("payout_id", "payout")
        .fen("amount_fen")
        .text("reason")
        .reference("evidence_file_id", "stored_file")
        .reference_at_commit("posting_id", "posting")
        .reference("decided_by", "person")
        .created_at()
        .check("ck_correction_payout", "(kind = 'payout') = (payout_id is not null)")
        .check("ck_correction_amount_fen_positive", "amount_fen > 0")
        .unique(&["dispute_id"])
        .unique(&["payout_id"])
        .index(&["household_id"])
        .append_only()
}
