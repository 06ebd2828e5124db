//! Lots that come from lots: split, merged and processed, with what was drawn from where; certificates and recalls.

use crate::alter;
use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// Letters and digits of a trace code.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [declared_yield(), lot_step(), lot_step_input(), lot_draw()] {
            table.create(manager).await?;
        }
        alter::add(manager, "lot", "withdrawn_grams", "bigint not null default 0").await?;
        alter::add_uuid(manager, "lot", "step_id", Some("lot_step")).await?;
        alter::add(manager, "lot", "trace_code", "text").await?;
        alter::add_timestamp(manager, "lot", "recalled_at").await?;
        alter::check(
            manager,
            "lot",
            "ck_lot_grams",
            "withdrawn_grams >= 0 and shipped_grams + withdrawn_grams <= total_grams",
        )
        .await?;
        give_trace_codes(manager).await?;
        for sql in [
            "create unique index \"ux_lot_trace_code\" on \"lot\" (\"trace_code\")",
            "create index \"ix_lot_step_id\" on \"lot\" (\"step_id\")",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        for table in [lot_certificate(), certificate_rule(), lot_recall()] {
            table.create(manager).await?;
        }
        Ok(())
    }
}

fn declared_yield() -> TableDraft {
    table("declared_yield")
        .id()
        .reference("supplier_id", "organisation")
        .text("process")
        .basis_points("yield_bp")
        .text("basis")
        .reference("declared_by", "person")
        .created_at()
        .index(&["supplier_id", "id"])
        .append_only()
}

fn lot_step() -> TableDraft {
    table("lot_step")
        .id()
        .reference("supplier_id", "organisation")
        .choice("kind", &["split", "merge", "processing"])
        .reference_null("yield_id", "declared_yield")
        .quantity("input_grams")
        .quantity("output_grams")
        .quantity("byproduct_grams")
        .quantity("loss_grams")
        .text_null("byproduct")
        .text_null("note")
        .date("done_on")
        .reference("recorded_by", "person")
        .created_at()
        .check("ck_lot_step_mass", "input_grams = output_grams + byproduct_grams + loss_grams")
        .index(&["supplier_id", "id"])
        .append_only()
}

fn lot_step_input() -> TableDraft {
    table("lot_step_input")
        .reference("step_id", "lot_step")
        .int("line_no")
        .reference_null("lot_id", "lot")
        .reference_null("delivery_id", "delivery")
        .quantity("grams")
        .key(&["step_id", "line_no"])
        .check("ck_lot_step_input_source", "(lot_id is null) <> (delivery_id is null)")
        .index(&["lot_id"])
        .index(&["delivery_id"])
        .append_only()
}

fn lot_draw() -> TableDraft {
    table("lot_draw")
        .reference("step_id", "lot_step")
        .reference("lot_id", "lot")
        .reference("delivery_id", "delivery")
        .quantity("grams")
        .key(&["step_id", "lot_id", "delivery_id"])
        .index(&["lot_id"])
        .append_only()
}

fn lot_certificate() -> TableDraft {
    table("lot_certificate")
        .id()
        .reference("lot_id", "lot")
        .text("number")
        .date("issued_on")
        .choice("basis", &["own_test", "commissioned_test", "internal_control", "own_promise"])
        .quantity("covers_grams")
        .reference_null("report_file_id", "stored_file")
        .reference("issued_by", "person")
        .created_at()
        .timestamp_null("revoked_at")
        .text_null("revoke_reason")
        .unique(&["lot_id", "number"])
}

fn certificate_rule() -> TableDraft {
    table("certificate_rule")
        .id()
        .code("category_code", "category")
        .date("from_date")
        .flag("is_required")
        .reference("set_by", "person")
        .created_at()
        .index(&["category_code"])
        .append_only()
}

fn lot_recall() -> TableDraft {
    table("lot_recall")
        .id()
        .reference("lot_id", "lot")
        .text("reason")
        .reference("recalled_by", "person")
        .created_at()
        .index(&["lot_id"])
        .append_only()
}

/// Lots from before get a code too: sixteen random digits of the database and the check character.
async fn give_trace_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let backend = manager.get_database_backend();
    let random = match backend {
        DbBackend::Postgres => {
            "substr(upper(encode(sha256((gen_random_uuid()::text || id::text)::bytea), 'hex')), 1, 16)"
        }
        _ => "hex(randomblob(8))",
    };
    let ask = format!("select code, {random} as random from lot where trace_code is null");
    for row in db.query_all_raw(Statement::from_string(backend, ask)).await? {
        let (code, random): (String, String) = (row.try_get("", "code")?, row.try_get("", "random")?);
        let whole = format!("{random}{}", check_character(&random));
        let marks = if backend == DbBackend::Postgres { ["$1", "$2"] } else { ["?", "?"] };
        let write = format!("update lot set trace_code = {} where code = {}", marks[0], marks[1]);
        db.execute_raw(Statement::from_sql_and_values(backend, write, [whole.into(), code.into()])).await?;
    }
    Ok(())
}

/// ISO 7064, hybrid system 33,32.
fn check_character(body: &str) -> char {
    let sum = body.bytes().fold(32, |product, byte| {
        let value = ALPHABET.iter().position(|known| *known == byte).unwrap_or_default();
        let sum = (product + value) % 32;
        (if sum == 0 { 32 } else { sum }) * 2 % 33
    });
    char::from(ALPHABET[(33 - sum) % 32])
}
