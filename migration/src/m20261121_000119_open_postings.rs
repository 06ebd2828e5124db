//! Whether the posting of an entry is closed, asked for each posting by itself.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        // A function's plan is made when a connection first needs it. Made while the journal was short, a join over all
        // postings of a statement reads the whole journal for ever after; one posting is looked up by its key.
        let asked_singly = "create or replace function refuse_entries_of_closed_postings() returns trigger
             language plpgsql as $$
             declare
               named uuid;
             begin
               for named in select distinct posting_id from fresh loop
                 if exists (select 1 from posting where id = named) then
                   raise exception 'ck_posting_open: the posting of this entry is closed'
                     using errcode = 'check_violation', constraint = 'ck_posting_open', table = 'entry';
                 end if;
               end loop;
               return null;
             end $$";
        manager.get_connection().execute_unprepared(asked_singly).await.map(drop)
    }
}
