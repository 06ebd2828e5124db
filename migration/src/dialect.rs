//! What the schema must say differently to SQLite and to PostgreSQL: triggers.
//!
//! Promises: both arms refuse the same things, and the message of each refusal begins with the same name.
//! On PostgreSQL that name is the constraint of the error, on SQLite it is in the text only.
//!
//! SQLite runs no delete trigger for rows that `insert or replace` throws out: never write that.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Makes what [`make_append_only`] needs on PostgreSQL. Before the first table.
///
/// `create or replace`, for functions outlive tables when a schema is dropped table by table.
///
/// # Errors
/// What the database says.
pub async fn prepare_append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        run(
            manager,
            "create or replace function refuse_change() returns trigger language plpgsql as $$
             begin
               raise exception 'append_only: rows of % are neither changed nor deleted', tg_table_name
                 using errcode = 'restrict_violation', constraint = 'append_only', table = tg_table_name;
             end $$",
        )
        .await?;
    }
    Ok(())
}

/// Refuses every change and deletion of rows of `table`.
///
/// # Errors
/// What the database says.
pub async fn make_append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        run(
            manager,
            &format!(
                "create trigger \"{table}_append_only\" before update or delete on \"{table}\"
                   for each row execute function refuse_change();
                 create trigger \"{table}_append_only_truncate\" before truncate on \"{table}\"
                   for each statement execute function refuse_change()"
            ),
        )
        .await
    } else {
        for action in ["update", "delete"] {
            run(
                manager,
                &format!(
                    "create trigger \"{table}_append_only_{action}\" before {action} on \"{table}\"
                     begin
                       select raise(abort, 'append_only: rows of {table} are neither changed nor deleted');
                     end"
                ),
            )
            .await?;
        }
        Ok(())
    }
}

/// Refuses every deletion of rows of `table`, and every change of these columns: the others are sealed, and sealed anew.
///
/// # Errors
/// What the database says.
pub async fn make_entered_once(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    let list = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    if manager.get_database_backend() == DbBackend::Postgres {
        return run(
            manager,
            &format!(
                "create trigger \"{table}_entered_once\" before update of {list} or delete on \"{table}\"
                   for each row execute function refuse_change();
                 create trigger \"{table}_entered_once_truncate\" before truncate on \"{table}\"
                   for each statement execute function refuse_change()"
            ),
        )
        .await;
    }
    for (name, action) in [("update", format!("update of {list}")), ("delete", "delete".to_owned())] {
        run(
            manager,
            &format!(
                "create trigger \"{table}_entered_once_{name}\" before {action} on \"{table}\"
                 begin
                   select raise(abort, 'append_only: rows of {table} are neither changed nor deleted');
                 end"
            ),
        )
        .await?;
    }
    Ok(())
}

/// Refuses an account whose guarded side falls below the other.
///
/// A trigger and not a check, for a check is asked about the row that an `insert … on conflict do update` proposes,
/// before the conflict is seen: there the amounts are those of one posting only, and every decrease would be refused.
/// After the fact the sums are whole.
///
/// # Errors
/// What the database says.
pub async fn guard_accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const OVERDRAWN: &str = "(new.guard = 'debit' and new.debit_fen < new.credit_fen)
                             or (new.guard = 'credit' and new.credit_fen < new.debit_fen)";
    const REFUSAL: &str = "ck_account_guard: the account would be overdrawn";
    if manager.get_database_backend() == DbBackend::Postgres {
        run(
            manager,
            &format!(
                "create or replace function refuse_overdraft() returns trigger language plpgsql as $$
                 begin
                   raise exception '{REFUSAL}'
                     using errcode = 'check_violation', constraint = 'ck_account_guard', table = 'account';
                 end $$;
                 create trigger account_guard after insert or update on account
                   for each row when ({OVERDRAWN}) execute function refuse_overdraft()"
            ),
        )
        .await
    } else {
        for action in ["insert", "update"] {
            run(
                manager,
                &format!(
                    "create trigger account_guard_{action} after {action} on account when {OVERDRAWN}
                     begin
                       select raise(abort, '{REFUSAL}');
                     end"
                ),
            )
            .await?;
        }
        Ok(())
    }
}

/// Refuses a posting whose entries do not balance, and an entry of a posting that is closed.
///
/// Entries are written first and the posting closes them, so that one trigger on one row sees the whole.
///
/// # Errors
/// What the database says.
pub async fn guard_postings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        run(manager, POSTGRES_POSTING_GUARDS).await
    } else {
        run(manager, SQLITE_POSTING_BALANCED).await?;
        run(manager, SQLITE_POSTING_OPEN).await
    }
}

/// On PostgreSQL, asks once a statement and not once a row whether entries are put into a closed posting. The refusal is
/// the same. SQLite, which has no statement triggers, goes on asking for each row.
///
/// # Errors
/// What the database says.
pub async fn guard_entries_by_statement(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    run(
        manager,
        "create or replace function refuse_entries_of_closed_postings() returns trigger language plpgsql as $$
         begin
           if exists (select 1 from (select distinct posting_id from fresh) f join posting p on p.id = f.posting_id)
           then
             raise exception 'ck_posting_open: the posting of this entry is closed'
               using errcode = 'check_violation', constraint = 'ck_posting_open', table = 'entry';
           end if;
           return null;
         end $$;
         drop trigger entry_of_open_posting on entry;
         create trigger entry_of_open_posting after insert on entry referencing new table as fresh
           for each statement execute function refuse_entries_of_closed_postings();
         drop function refuse_entry_of_closed_posting()",
    )
    .await
}

// A posting without entries has no sum at all: it counts as out of balance by one.
const POSTGRES_POSTING_GUARDS: &str = "
create or replace function refuse_unbalanced_posting() returns trigger language plpgsql as $$
begin
  if coalesce((select sum(case side when 'debit' then amount_fen else -amount_fen end)
               from entry where posting_id = new.id), 1) <> 0 then
    raise exception 'ck_posting_balanced: a posting has entries, and its debits equal its credits'
      using errcode = 'check_violation', constraint = 'ck_posting_balanced', table = 'posting';
  end if;
  return new;
end $$;
create trigger posting_balanced before insert on posting
  for each row execute function refuse_unbalanced_posting();

create or replace function refuse_entry_of_closed_posting() returns trigger language plpgsql as $$
begin
  if exists (select 1 from posting where id = new.posting_id) then
    raise exception 'ck_posting_open: the posting of this entry is closed'
      using errcode = 'check_violation', constraint = 'ck_posting_open', table = 'entry';
  end if;
  return new;
end $$;
create trigger entry_of_open_posting before insert on entry
  for each row execute function refuse_entry_of_closed_posting()";

const SQLITE_POSTING_BALANCED: &str = "
create trigger posting_balanced before insert on posting
when coalesce((select sum(case side when 'debit' then amount_fen else -amount_fen end)
               from entry where posting_id = new.id), 1) <> 0
begin
  select raise(abort, 'ck_posting_balanced: a posting has entries, and its debits equal its credits');
end";

const SQLITE_POSTING_OPEN: &str = "
create trigger entry_of_open_posting before insert on entry
when exists (select 1 from posting where id = new.posting_id)
begin
  select raise(abort, 'ck_posting_open: the posting of this entry is closed');
end";

async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}
