//! A business event waiting to be told to its listeners.

use crate::value::{OutboxId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// A business event waiting to be told to its listeners.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    /// The kind of event, with its version.
    pub topic: String,
    /// The object it is about.
    pub aggregate_id: Uuid,
    /// The event, as canonical JSON.
    pub payload: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// When its jobs were made; empty while it waits.
    pub delivered_at: Option<Timestamp>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
