//! How far the listeners of open data have come.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// How far the listeners of open data have come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_mark")]
pub struct Model {
    /// Of what: `release` counts releases, `seal` the seals that were followed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// How far.
    pub number: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
