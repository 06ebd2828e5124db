//! An event as one organisation may read it in the change feed (变更流).

use crate::value::{OrganisationId, OutboxId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// An event as one organisation may read it in the change feed (变更流).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed_entry")]
pub struct Model {
    /// Its place in the feed, in the order of commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// Who may read it.
    pub organisation_id: OrganisationId,
    /// The event.
    pub event_id: OutboxId,
    /// Its kind.
    pub topic: String,
    /// The version of its form.
    pub version: i32,
    /// The object it is about.
    pub aggregate_id: Uuid,
    /// The event as this organisation may see it, as JSON.
    pub payload: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was published here.
    pub created_at: Timestamp,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
