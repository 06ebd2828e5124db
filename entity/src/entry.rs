//! One line of a posting (分录).

use crate::value::{AccountId, Fen, PostingId, SupplierOrderId, state::Side};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One line of a posting (分录).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub struct Model {
    /// The posting that closes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub posting_id: PostingId,
    /// Its place in the posting.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// The account it moves.
    pub account_id: AccountId,
    /// Debit or credit (借/贷).
    pub side: Side,
    /// How much.
    pub amount_fen: Fen,
    /// The supplier order it belongs to, if any.
    pub supplier_order_id: Option<SupplierOrderId>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
