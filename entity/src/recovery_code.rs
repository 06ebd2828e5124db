//! A code that stands in for the second factor once (恢复码).

use crate::value::{PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// A code that stands in for the second factor once (恢复码).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// The hash of person and code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// Whose.
    pub person_id: PersonId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
