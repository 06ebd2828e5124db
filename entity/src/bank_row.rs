//! One row of a bank statement.

use crate::value::{BankRowId, BankStatementId, Fen, SupplierOrderId, state::BankRowState};
use chrono::NaiveDate;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One row of a bank statement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_row")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BankRowId,
    /// The statement.
    pub statement_id: BankStatementId,
    /// Its place in it.
    pub line_no: i32,
    /// When the bank booked it.
    pub booked_on: NaiveDate,
    /// Who paid (付款人).
    pub payer_name: String,
    /// From which account, encrypted.
    pub payer_account_cipher: Option<String>,
    /// How much.
    pub amount_fen: Fen,
    /// What the payer wrote (附言).
    pub memo: String,
    /// The bank's number for it (流水号).
    pub bank_reference: String,
    /// Whether it found its order.
    pub state: BankRowState,
    /// Why it did not, as a code.
    pub reason: Option<String>,
    /// The order it names that could not be paid yet; it is looked at again when that order is invoiced.
    pub awaits_order_id: Option<SupplierOrderId>,
    /// The supplier order it pays, the first of them where it pays several.
    pub supplier_order_id: Option<SupplierOrderId>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
