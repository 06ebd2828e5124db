//! A credit for returned goods or by way of allowance (退款单).

use crate::value::{CreditNoteId, Fen, OrderReturnId, PersonId, SupplierOrderId, Timestamp, state::CreditKind};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a buyer need not pay, or gets back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditNoteId,
    /// The order it reduces.
    pub supplier_order_id: SupplierOrderId,
    /// 1, 2, 3 … within the order.
    pub number: i32,
    /// What it is for.
    pub kind: CreditKind,
    /// The return it belongs to.
    pub return_id: Option<OrderReturnId>,
    /// How much.
    pub amount_fen: Fen,
    /// How much of that had been paid, and is owed back.
    pub refunded_fen: Fen,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
