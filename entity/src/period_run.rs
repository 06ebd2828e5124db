//! The computation that closed a period (期间分配测算).

use crate::value::{Fen, PeriodId, PostingId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The computation that closed a period (期间分配测算).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period_run")]
pub struct Model {
    /// The period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_id: PeriodId,
    /// What waited in its pools.
    pub pool_fen: Fen,
    /// What was due to households.
    pub due_fen: Fen,
    /// What they got.
    pub shared_fen: Fen,
    /// What stays with the supplier.
    pub retained_fen: Fen,
    /// Everything the computation saw, as canonical JSON.
    pub inputs: String,
    /// Hash of that, hex.
    pub inputs_hash: String,
    /// The posting that books it; none when there was nothing to book.
    pub posting_id: Option<PostingId>,
    /// When it was computed.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
