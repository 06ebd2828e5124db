//! Packs of one line that go back (退货明细).

use crate::value::{OrderLineId, OrderReturnId, Packs, state::Disposition};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Packs of one line that go back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_return_line")]
pub struct Model {
    /// The return.
    #[sea_orm(primary_key, auto_increment = false)]
    pub return_id: OrderReturnId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: OrderLineId,
    /// How many packs.
    pub packs: Packs,
    /// What became of them, once they were taken back.
    pub disposition: Option<Disposition>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
