//! One attempt to deliver an event.

use crate::value::{Timestamp, WebhookDeliveryId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// One attempt to deliver an event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempt")]
pub struct Model {
    /// Which delivery.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: WebhookDeliveryId,
    /// The how-manieth, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// When.
    pub at: Timestamp,
    /// What came of it: `status 204`, `timeout`, `private address` …
    pub outcome: String,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// No relations: rows are found by their keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
