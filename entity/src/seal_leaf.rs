//! One posting under a seal.

use crate::value::PostingId;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One posting under a seal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seal_leaf")]
pub struct Model {
    /// The seal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal_number: i64,
    /// Its place in the tree, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub leaf_index: i32,
    /// The posting; it is sealed once.
    pub posting_id: PostingId,
    /// Its digest when it was sealed, hex.
    pub digest: String,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
