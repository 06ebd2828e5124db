//! One row of the audit under a seal.

use crate::value::AuditEventId;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One row of the audit under a seal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_leaf")]
pub struct Model {
    /// The seal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal_number: i64,
    /// Its place in the tree, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub leaf_index: i32,
    /// The row; it is sealed once.
    pub audit_event_id: AuditEventId,
    /// Its digest when it was sealed, hex.
    pub digest: String,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
