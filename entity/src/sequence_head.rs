//! The last position that was handed out of a sequence without gaps.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// The last position that was handed out of a sequence without gaps. Whoever takes positions holds this row until the
/// commit, so positions become visible in their order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sequence_head")]
pub struct Model {
    /// Which sequence.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The last position.
    pub position: i64,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
