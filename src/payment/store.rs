//! Invoices and bank statements in the database. Statements of banks are the platform's: who may see one sees all.

use crate::db::Tx;
use entity::value::{BankRowState, BankStatementId};
use entity::{bank_row, bank_statement, invoice};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Rows in one insert: twelve columns each stay below the bound values of both databases.
const CHUNK: usize = 2000;

pub(super) async fn insert_invoice(tx: &Tx, row: invoice::Model) -> Result<(), DbErr> {
    invoice::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn insert_statement(tx: &Tx, row: bank_statement::Model) -> Result<(), DbErr> {
    bank_statement::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn insert_rows(tx: &Tx, rows: Vec<bank_row::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        bank_row::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn find_by_hash(
    db: &impl ConnectionTrait,
    sha256: &str,
) -> Result<Option<bank_statement::Model>, DbErr> {
    bank_statement::Entity::find().filter(bank_statement::Column::Sha256.eq(sha256)).one(db).await
}

/// Which of these references are on record already.
pub(super) async fn known_references(
    db: &impl ConnectionTrait,
    references: impl IntoIterator<Item = &str>,
) -> Result<Vec<String>, DbErr> {
    bank_row::Entity::find()
        .select_only()
        .column(bank_row::Column::BankReference)
        .filter(bank_row::Column::BankReference.is_in(references))
        .into_tuple()
        .all(db)
        .await
}

pub(super) async fn list_statements(
    db: &impl ConnectionTrait,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<bank_statement::Model>, DbErr> {
    let mut rows = bank_statement::Entity::find().order_by_desc(bank_statement::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(bank_statement::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find_statement(
    db: &impl ConnectionTrait,
    id: BankStatementId,
) -> Result<Option<bank_statement::Model>, DbErr> {
    bank_statement::Entity::find_by_id(id).one(db).await
}

pub(super) async fn rows_of(
    db: &impl ConnectionTrait,
    id: BankStatementId,
    state: Option<BankRowState>,
) -> Result<Vec<bank_row::Model>, DbErr> {
    let mut rows =
        bank_row::Entity::find().filter(bank_row::Column::StatementId.eq(id)).order_by_asc(bank_row::Column::LineNo);
    if let Some(state) = state {
        rows = rows.filter(bank_row::Column::State.eq(state));
    }
    rows.all(db).await
}
