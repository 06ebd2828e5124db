//! One computation of household shares (收益测算).

use crate::value::{Fen, PlanId, PostingId, ShareRunId, SupplierOrderId, Timestamp, state::ShareBasis};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One computation of household shares (收益测算).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share_run")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShareRunId,
    /// The supplier order it divides.
    pub supplier_order_id: SupplierOrderId,
    /// Whether it promises or accrues.
    pub basis: ShareBasis,
    /// 1, 2, 3 … for an order and a basis: each counts all that came before it.
    pub number: i32,
    /// Of an accrual, all that was ever paid, also what was credited since; the shared amount where nothing is said.
    pub gross_fen: Option<Fen>,
    /// The plan it follows.
    pub plan_id: PlanId,
    /// What goes to households.
    pub attributable_fen: Fen,
    /// What stays with the supplier.
    pub retained_fen: Fen,
    /// Everything the computation saw, as canonical JSON.
    pub inputs: String,
    /// Hash of that, hex.
    pub inputs_hash: String,
    /// The posting that books it.
    pub posting_id: PostingId,
    /// When it was computed.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
