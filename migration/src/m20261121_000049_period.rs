//! Periods: months and seasons of a supplier, at whose end wages, rent and dividends are shared out.

use crate::columns::{TableDraft, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

const MODES: &[&str] = &["wages", "dividend", "land_rent", "custodial_farming"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [period(), period_pool(), period_record(), period_run(), period_share()] {
            table.create(manager).await?;
        }
        keep_closed(manager).await
    }
}

fn period() -> TableDraft {
    table("period")
        .id()
        .reference("supplier_id", "organisation")
        .choice("kind", &["month", "season"])
        .date("starts_on")
        .date("ends_on")
        .choice("state", &["open", "closed"])
        .reference_null("opened_by", "person")
        .reference_null("closed_by", "person")
        .timestamp_null("closed_at")
        .created_at()
        .version()
        .check("ck_period_term", "ends_on >= starts_on")
        .unique(&["supplier_id", "starts_on"])
        .index(&["supplier_id", "id"])
        .index(&["supplier_id", "ends_on"])
}

fn period_pool() -> TableDraft {
    table("period_pool")
        .id()
        .reference("period_id", "period")
        .choice("mode", MODES)
        .unique(&["period_id", "mode"])
        .append_only()
}

fn period_record() -> TableDraft {
    table("period_record")
        .id()
        .reference("period_id", "period")
        .choice("mode", MODES)
        .reference_null("agreement_id", "agreement")
        .quantity_null("quantity")
        .fen("due_fen")
        .reference("evidence_file_id", "stored_file")
        .text("note")
        .reference("recorded_by", "person")
        .created_at()
        .check("ck_period_record_some", "due_fen > 0")
        .check("ck_period_record_whose", "(agreement_id is null) = (mode = 'dividend')")
        .index(&["period_id", "id"])
        .index(&["agreement_id"])
        .append_only()
}

fn period_run() -> TableDraft {
    table("period_run")
        .reference("period_id", "period")
        .fen("pool_fen")
        .fen("due_fen")
        .fen("shared_fen")
        .fen("retained_fen")
        .text("inputs")
        .text("inputs_hash")
        .uuid_null("posting_id")
        .created_at()
        .key(&["period_id"])
        .append_only()
}

fn period_share() -> TableDraft {
    table("period_share")
        .reference("period_id", "period")
        .int("line_no")
        .choice("mode", MODES)
        .reference("agreement_id", "agreement")
        .reference("household_id", "household")
        .choice(
            "household_status",
            &["registered", "monitored_unstable", "monitored_borderline", "monitored_sudden", "ordinary"],
        )
        .fen("due_fen")
        .fen("amount_fen")
        .key(&["period_id", "line_no"])
        .index(&["household_id"])
        .index(&["agreement_id"])
        .append_only()
}

/// A closed period takes no record, and nothing more flows into its pools: refused by the database itself, whoever asks.
/// A close itself only takes money out of the pools.
async fn keep_closed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        return db.execute_unprepared(POSTGRES).await.map(drop);
    }
    for (name, event, condition, period) in [
        ("period_record_open", "insert on period_record", "1", "new.period_id"),
        ("period_pool_open_insert", "insert on account", "new.kind = 'period_pool' and new.credit_fen > 0", POOL),
        (
            "period_pool_open_update",
            "update on account",
            "new.kind = 'period_pool' and new.credit_fen > old.credit_fen",
            POOL,
        ),
    ] {
        let sql = format!(
            "create trigger {name} after {event} when {condition}
               and exists (select 1 from period where id = {period} and state = 'closed')
             begin
               select raise(abort, 'ck_period_open: the period is closed');
             end"
        );
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

const POOL: &str = "(select period_id from period_pool where id = new.part_id)";

const POSTGRES: &str = "
create or replace function refuse_closed_period() returns trigger language plpgsql as $$
begin
  if exists (select 1 from period_pool p join period on period.id = p.period_id
             where p.id = new.part_id and period.state = 'closed') then
    raise exception 'ck_period_open: the period is closed'
      using errcode = 'check_violation', constraint = 'ck_period_open', table = 'account';
  end if;
  return new;
end $$;
create trigger period_pool_open_insert after insert on account
  for each row when (new.kind = 'period_pool' and new.credit_fen > 0) execute function refuse_closed_period();
create trigger period_pool_open_update after update on account
  for each row when (new.kind = 'period_pool' and new.credit_fen > old.credit_fen) execute function refuse_closed_period();
create or replace function refuse_record_of_closed_period() returns trigger language plpgsql as $$
begin
  if exists (select 1 from period where id = new.period_id and state = 'closed') then
    raise exception 'ck_period_open: the period is closed'
      using errcode = 'check_violation', constraint = 'ck_period_open', table = 'period_record';
  end if;
  return new;
end $$;
create trigger period_record_open after insert on period_record
  for each row execute function refuse_record_of_closed_period()";
