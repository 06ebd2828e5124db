//! One product of a framework agreement (框架协议明细).

use crate::value::{Fen, FrameworkId, FrameworkLineId, Packs, ProductId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One product of a framework agreement (框架协议明细).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "framework_line")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FrameworkLineId,
    /// The agreement.
    pub framework_id: FrameworkId,
    /// Its place, from 1.
    pub line_no: i32,
    /// The product.
    pub product_id: ProductId,
    /// The price of one pack.
    pub unit_price_fen: Fen,
    /// How many packs may be called off in all.
    pub ceiling_packs: Packs,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
