//! An invoice (发票).

use crate::value::{
    CreditCode, Fen, FileId, InvoiceId, InvoiceNumber, PersonId, SupplierOrderId, Timestamp, state::InvoiceKind,
};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// An invoice (发票).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    /// What it bills.
    pub supplier_order_id: SupplierOrderId,
    /// Which way it counts.
    pub kind: InvoiceKind,
    /// The blue invoice that a red one takes back.
    pub corrects_id: Option<InvoiceId>,
    /// Its number (数电票号码).
    pub number: InvoiceNumber,
    /// Its amount, tax included (价税合计).
    pub amount_fen: Fen,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// The seller's credit code as printed on it.
    pub seller_credit_code: CreditCode,
    /// The file.
    pub file_id: Option<FileId>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
