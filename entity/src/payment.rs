//! Money of one bank row that went to one order (付款记录).

use crate::value::{BankRowId, Fen, PaymentId, PersonId, PostingId, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Money of one bank row for one order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    /// The row that brought it.
    pub bank_row_id: BankRowId,
    /// The order.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// What it paid.
    pub amount_fen: Fen,
    /// What was too much, and is owed back to the buyer (多付).
    pub excess_fen: Fen,
    /// The posting that books it.
    pub posting_id: PostingId,
    /// Who assigned it, where the memo did not say.
    pub assigned_by: Option<PersonId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
