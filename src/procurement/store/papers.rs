//! The documents of orders in the database: written once, read together.

use crate::db::Tx;
use entity::value::{OrderReturnId, ShipmentId, SupplierOrderId};
use entity::{
    acceptance, acceptance_line, credit_note, credit_note_line, order_amendment, order_amendment_line, order_return,
    order_return_line, shipment, shipment_lot,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use std::collections::HashMap;
use std::hash::Hash;

/// Every document of an order, each with its lines, by number.
#[derive(Debug, Default)]
pub struct Papers {
    pub shipments: Vec<(shipment::Model, Vec<shipment_lot::Model>)>,
    pub acceptances: Vec<(acceptance::Model, Vec<acceptance_line::Model>)>,
    pub amendments: Vec<(order_amendment::Model, Vec<order_amendment_line::Model>)>,
    pub returns: Vec<(order_return::Model, Vec<order_return_line::Model>)>,
    pub credits: Vec<(credit_note::Model, Vec<credit_note_line::Model>)>,
}

impl Papers {
    /// Whether a shipment was judged. An acceptance without a shipment is of the only one there was.
    pub fn is_judged(&self, shipment: ShipmentId) -> bool {
        self.acceptances.iter().any(|(row, _)| row.shipment_id.is_none_or(|judged| judged == shipment))
    }
}

/// Rows with their lines, in the order of the rows.
fn with_lines<R, L, K: Hash + Eq>(
    rows: Vec<R>,
    lines: Vec<L>,
    key: impl Fn(&R) -> K,
    of: impl Fn(&L) -> K,
) -> Vec<(R, Vec<L>)> {
    let mut by_row: HashMap<K, Vec<L>> = HashMap::new();
    for line in lines {
        by_row.entry(of(&line)).or_default().push(line);
    }
    rows.into_iter().map(|row| (by_row.remove(&key(&row)).unwrap_or_default(), row)).map(|(l, r)| (r, l)).collect()
}

/// The shipments of an order with their lots.
pub async fn shipments_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<(shipment::Model, Vec<shipment_lot::Model>)>, DbErr> {
    let rows = shipment::Entity::find().filter(shipment::Column::SupplierOrderId.eq(order));
    let rows = rows.order_by_asc(shipment::Column::Number).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lots = shipment_lot::Entity::find()
        .filter(shipment_lot::Column::ShipmentId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(shipment_lot::Column::LineId)
        .order_by_asc(shipment_lot::Column::LotId);
    Ok(with_lines(rows, lots.all(db).await?, |row| row.id, |lot| lot.shipment_id))
}

async fn acceptances_of(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
) -> Result<Vec<(acceptance::Model, Vec<acceptance_line::Model>)>, DbErr> {
    let rows = acceptance::Entity::find().filter(acceptance::Column::SupplierOrderId.eq(order));
    let rows = rows.order_by_asc(acceptance::Column::Number).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lines = acceptance_line::Entity::find()
        .filter(acceptance_line::Column::AcceptanceId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(acceptance_line::Column::LineId);
    Ok(with_lines(rows, lines.all(db).await?, |row| row.id, |line| line.acceptance_id))
}

/// Every document of an order. What cannot be there yet is not asked for.
pub async fn papers_of(db: &impl ConnectionTrait, order: SupplierOrderId) -> Result<Papers, DbErr> {
    let mut papers = Papers::default();
    let rows = order_amendment::Entity::find().filter(order_amendment::Column::SupplierOrderId.eq(order));
    let rows = rows.order_by_asc(order_amendment::Column::Number).all(db).await?;
    if !rows.is_empty() {
        let lines = order_amendment_line::Entity::find()
            .filter(order_amendment_line::Column::AmendmentId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(order_amendment_line::Column::LineId);
        papers.amendments = with_lines(rows, lines.all(db).await?, |row| row.id, |line| line.amendment_id);
    }
    papers.shipments = shipments_of(db, order).await?;
    if papers.shipments.is_empty() {
        return Ok(papers);
    }
    papers.acceptances = acceptances_of(db, order).await?;
    if papers.acceptances.is_empty() {
        return Ok(papers);
    }
    let rows = order_return::Entity::find().filter(order_return::Column::SupplierOrderId.eq(order));
    let rows = rows.order_by_asc(order_return::Column::Number).all(db).await?;
    if !rows.is_empty() {
        let lines = order_return_line::Entity::find()
            .filter(order_return_line::Column::ReturnId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(order_return_line::Column::LineId);
        papers.returns = with_lines(rows, lines.all(db).await?, |row| row.id, |line| line.return_id);
    }
    let rows = credit_note::Entity::find().filter(credit_note::Column::SupplierOrderId.eq(order));
    let rows = rows.order_by_asc(credit_note::Column::Number).all(db).await?;
    if !rows.is_empty() {
        let lines = credit_note_line::Entity::find()
            .filter(credit_note_line::Column::CreditNoteId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(credit_note_line::Column::LineId);
        papers.credits = with_lines(rows, lines.all(db).await?, |row| row.id, |line| line.credit_note_id);
    }
    Ok(papers)
}

pub async fn insert_shipment(tx: &Tx, row: shipment::Model, lots: Vec<shipment_lot::Model>) -> Result<(), DbErr> {
    shipment::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lots = lots.into_iter().map(IntoActiveModel::into_active_model);
    shipment_lot::Entity::insert_many(lots).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn insert_acceptance(
    tx: &Tx,
    row: acceptance::Model,
    lines: Vec<acceptance_line::Model>,
) -> Result<(), DbErr> {
    acceptance::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    acceptance_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn insert_amendment(
    tx: &Tx,
    row: order_amendment::Model,
    lines: Vec<order_amendment_line::Model>,
) -> Result<(), DbErr> {
    order_amendment::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    order_amendment_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn insert_return(
    tx: &Tx,
    row: order_return::Model,
    lines: Vec<order_return_line::Model>,
) -> Result<(), DbErr> {
    order_return::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    order_return_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn insert_credit(tx: &Tx, row: credit_note::Model, lines: Vec<credit_note_line::Model>) -> Result<(), DbErr> {
    credit_note::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if lines.is_empty() {
        return Ok(());
    }
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    credit_note_line::Entity::insert_many(lines).exec_without_returning(tx).await?;
    Ok(())
}

/// A return of an order, with its lines.
pub async fn find_return(
    db: &impl ConnectionTrait,
    order: SupplierOrderId,
    number: i32,
) -> Result<Option<(order_return::Model, Vec<order_return_line::Model>)>, DbErr> {
    let found = order_return::Entity::find()
        .filter(order_return::Column::SupplierOrderId.eq(order))
        .filter(order_return::Column::Number.eq(number));
    let Some(row) = found.one(db).await? else { return Ok(None) };
    let lines = lines_of_return(db, row.id).await?;
    Ok(Some((row, lines)))
}

async fn lines_of_return(db: &impl ConnectionTrait, id: OrderReturnId) -> Result<Vec<order_return_line::Model>, DbErr> {
    order_return_line::Entity::find()
        .filter(order_return_line::Column::ReturnId.eq(id))
        .order_by_asc(order_return_line::Column::LineId)
        .all(db)
        .await
}

/// Writes what was decided over a return: upserts of rows that are there.
pub async fn save_return(tx: &Tx, row: order_return::Model, lines: Vec<order_return_line::Model>) -> Result<(), DbErr> {
    use order_return::Column;
    let decided = OnConflict::column(Column::Id)
        .update_columns([Column::State, Column::DecidedBy, Column::DecidedAt, Column::Opinion, Column::BearsFreight])
        .to_owned();
    let insert = order_return::Entity::insert(row.into_active_model()).on_conflict(decided);
    insert.exec_without_returning(tx).await?;
    let disposed = OnConflict::columns([order_return_line::Column::ReturnId, order_return_line::Column::LineId])
        .update_column(order_return_line::Column::Disposition)
        .to_owned();
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    let insert = order_return_line::Entity::insert_many(lines).on_conflict(disposed);
    insert.exec_without_returning(tx).await?;
    Ok(())
}
