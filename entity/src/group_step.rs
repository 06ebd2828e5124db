//! A price of a group purchase (团购价格阶梯).

use crate::value::{Fen, GroupPurchaseId, Packs};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A price of a group purchase (团购价格阶梯).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_step")]
pub struct Model {
    /// The group purchase.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: GroupPurchaseId,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_no: i32,
    /// From so many packs on.
    pub from_packs: Packs,
    /// A pack costs this.
    pub unit_price_fen: Fen,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
