//! One product of a standing order (定期采购明细).

use crate::value::{Packs, ProductId, StandingOrderId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One product of a standing order (定期采购明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing_line")]
pub struct Model {
    /// The standing order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub standing_id: StandingOrderId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_no: i32,
    /// The product.
    pub product_id: ProductId,
    /// How many packs each time.
    pub packs: Packs,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
