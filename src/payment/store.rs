//! Invoices and bank statements in the database. Statements of banks are the platform's: who may see one sees all.

use crate::access::Scope;
use crate::db::Tx;
use chrono::NaiveDate;
use entity::value::{BankRowId, BankRowState, BankStatementId, DeclaredPayerId, Fen, OrganisationId, SupplierOrderId};
use entity::{bank_row, bank_statement, declared_payer, invoice, payment, refund_payment};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one insert: thirteen columns each stay below the bound values of both databases.
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

/// The rows that wait for an order to be invoiced, oldest first.
pub(super) async fn rows_awaiting(tx: &Tx, order: SupplierOrderId) -> Result<Vec<bank_row::Model>, DbErr> {
    bank_row::Entity::find()
        .filter(bank_row::Column::AwaitsOrderId.eq(order))
        .filter(bank_row::Column::State.eq(BankRowState::Unmatched))
        .order_by_asc(bank_row::Column::Id)
        .all(tx)
        .await
}

/// A row, locked until the transaction ends.
pub(super) async fn hold_row(tx: &Tx, id: BankRowId) -> Result<Option<bank_row::Model>, DbErr> {
    bank_row::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// A row has found its orders, and its statement has one more that did.
pub(super) async fn mark_matched(
    tx: &Tx,
    row: &bank_row::Model,
    first: Option<SupplierOrderId>,
) -> Result<bank_row::Model, DbErr> {
    bank_row::Entity::update_many()
        .col_expr(bank_row::Column::State, Expr::value(BankRowState::Matched))
        .col_expr(bank_row::Column::Reason, Expr::value(None::<String>))
        .col_expr(bank_row::Column::SupplierOrderId, Expr::value(first))
        .filter(bank_row::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    bank_statement::Entity::update_many()
        .col_expr(bank_statement::Column::RowsMatched, Expr::cust("rows_matched + 1"))
        .filter(bank_statement::Column::Id.eq(row.statement_id))
        .exec(tx)
        .await?;
    Ok(bank_row::Model { state: BankRowState::Matched, reason: None, supplier_order_id: first, ..row.clone() })
}

/// Rows of all statements, newest first.
pub(super) async fn list_rows(
    db: &impl ConnectionTrait,
    state: Option<BankRowState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<bank_row::Model>, DbErr> {
    let mut rows = bank_row::Entity::find().order_by_desc(bank_row::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(bank_row::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(bank_row::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// How many payments each of these orders has had; those without any are left out.
pub(super) async fn payment_counts(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<HashMap<SupplierOrderId, i32>, DbErr> {
    let counts = payment::Entity::find()
        .select_only()
        .column(payment::Column::SupplierOrderId)
        .column_as(payment::Column::Number.max(), "number")
        .filter(payment::Column::SupplierOrderId.is_in(orders.iter().copied()))
        .group_by(payment::Column::SupplierOrderId);
    let numbers: HashMap<SupplierOrderId, i32> =
        counts.into_tuple::<(SupplierOrderId, i32)>().all(db).await?.into_iter().collect();
    Ok(numbers)
}

/// What was paid of these orders, with the day its bank booked it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn booked_of(
    db: &impl ConnectionTrait,
    orders: &[SupplierOrderId],
) -> Result<Vec<(SupplierOrderId, NaiveDate, Fen)>, DbErr> {
    let mut all = Vec::new();
    for some in orders.chunks(CHUNK) {
        let of_row = payment::Entity::belongs_to(bank_row::Entity)
            .from(payment::Column::BankRowId)
            .to(bank_row::Column::Id)
            .into();
        let rows = payment::Entity::find()
            .select_only()
            .column(payment::Column::SupplierOrderId)
            .column(bank_row::Column::BookedOn)
            .column(payment::Column::AmountFen)
            .join(JoinType::InnerJoin, of_row)
            .filter(payment::Column::SupplierOrderId.is_in(some.iter().copied()));
        all.extend(rows.into_tuple::<(SupplierOrderId, NaiveDate, Fen)>().all(db).await?);
    }
    Ok(all)
}

pub(super) async fn insert_payments(tx: &Tx, rows: Vec<payment::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(CHUNK) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        payment::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_refund(tx: &Tx, row: refund_payment::Model) -> Result<(), DbErr> {
    refund_payment::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The invoices of an order, in the order they were recorded in.
pub(super) async fn invoices_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<invoice::Model>, DbErr> {
    let rows = invoice::Entity::find().filter(invoice::Column::SupplierOrderId.eq(order));
    rows.order_by_asc(invoice::Column::Id).all(db).await
}

/// The payments of an order.
pub(super) async fn payments_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<payment::Model>, DbErr> {
    let rows = payment::Entity::find().filter(payment::Column::SupplierOrderId.eq(order));
    rows.order_by_asc(payment::Column::Number).all(db).await
}

/// What was given back of an order.
pub(super) async fn refunds_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<refund_payment::Model>, DbErr> {
    let rows = refund_payment::Entity::find().filter(refund_payment::Column::SupplierOrderId.eq(order));
    rows.order_by_asc(refund_payment::Column::Id).all(db).await
}

/// What a scope sees of declared payers: those of buyers in reach.
fn payers(scope: &Scope) -> Select<declared_payer::Entity> {
    let rows = declared_payer::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => rows.filter(declared_payer::Column::BuyerId.eq(*own)),
        _ => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert_payer(tx: &Tx, row: declared_payer::Model) -> Result<(), DbErr> {
    declared_payer::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn hold_payer(
    tx: &Tx,
    scope: &Scope,
    id: DeclaredPayerId,
) -> Result<Option<declared_payer::Model>, DbErr> {
    payers(scope).filter(declared_payer::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn end_payer(tx: &Tx, row: &declared_payer::Model) -> Result<(), DbErr> {
    declared_payer::Entity::update_many()
        .col_expr(declared_payer::Column::EndedAt, Expr::value(row.ended_at))
        .filter(declared_payer::Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
}

/// Newest first.
pub(super) async fn list_payers(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<declared_payer::Model>, DbErr> {
    let mut rows = payers(scope).order_by_desc(declared_payer::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(declared_payer::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// Whom these buyers declared, and did not take back.
pub(super) async fn payers_of(
    db: &impl ConnectionTrait,
    buyers: &[OrganisationId],
) -> Result<Vec<declared_payer::Model>, DbErr> {
    declared_payer::Entity::find()
        .filter(declared_payer::Column::BuyerId.is_in(buyers.iter().copied()))
        .filter(declared_payer::Column::EndedAt.is_null())
        .all(db)
        .await
}

/// Which buyers declared that their money may come in these names.
pub(super) async fn declared(
    db: &impl ConnectionTrait,
    names: &[String],
) -> Result<Vec<(String, OrganisationId)>, DbErr> {
    declared_payer::Entity::find()
        .select_only()
        .column(declared_payer::Column::PayerName)
        .column(declared_payer::Column::BuyerId)
        .filter(declared_payer::Column::PayerName.is_in(names.iter().cloned()))
        .filter(declared_payer::Column::EndedAt.is_null())
        .into_tuple()
        .all(db)
        .await
}
