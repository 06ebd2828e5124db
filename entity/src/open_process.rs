//! One procurement as the public sees it (采购过程).

use crate::value::{OrderGroupId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One procurement as the public sees it (采购过程).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_process")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: OrderGroupId,
    /// Its open contracting identifier; it never changes.
    pub ocid: String,
    /// How many releases there are of it.
    pub releases: i32,
    /// All of them merged: a cache, which can be made anew from them at any time.
    pub compiled: String,
    /// When the last one was made.
    pub released_at: Option<Timestamp>,
    /// The number of the last one among all releases; zero before there is one.
    pub last_number: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
