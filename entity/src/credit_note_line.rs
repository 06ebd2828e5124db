//! What a credit takes off one line.

use crate::value::{CreditNoteId, Fen, OrderLineId, Packs};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// What a credit takes off one line.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_line")]
pub struct Model {
    /// The credit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_note_id: CreditNoteId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: OrderLineId,
    /// Packs given back; none for an allowance.
    pub packs: Packs,
    /// How much.
    pub amount_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
