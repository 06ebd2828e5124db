//! Packs taken off one line by an amendment.

use crate::value::{AmendmentId, OrderLineId, Packs};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Packs taken off one line.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_amendment_line")]
pub struct Model {
    /// The amendment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub amendment_id: AmendmentId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: OrderLineId,
    /// How many packs.
    pub withdrawn_packs: Packs,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
