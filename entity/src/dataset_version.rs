//! Which edition of a reference data set is loaded.

use crate::value::Timestamp;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Which edition of a reference data set is loaded.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dataset_version")]
pub struct Model {
    /// The data set.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Its edition.
    pub version: String,
    /// How many rows it has.
    pub rows: i64,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
