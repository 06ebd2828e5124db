//! What an order repays of advanced costs under an agreement (垫付扣回).

use crate::value::{AgreementId, Fen, SupplierOrderId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What an order repays of advanced costs under an agreement (垫付扣回).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cost_deduction")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_order_id: SupplierOrderId,
    /// The agreement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agreement_id: AgreementId,
    /// The most this order takes off.
    pub deducted_fen: Fen,
    /// What the supplier then bears, by the agreement's rule.
    pub waived_fen: Fen,
    /// When it was decided.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
