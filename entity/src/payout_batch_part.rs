//! Which order a payout of a batch pays (发放分摊).

use crate::value::{Fen, PayoutBatchLineId, SupplierOrderId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Which order a payout of a batch pays (发放分摊).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_batch_part")]
pub struct Model {
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: PayoutBatchLineId,
    /// The order, or the sale outside the platform.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// How much of the line pays it.
    pub amount_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
