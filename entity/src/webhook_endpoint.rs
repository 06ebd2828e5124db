//! Where events are pushed to (推送地址).

use crate::value::{DisabledBecause, EndpointState, OrganisationId, PersonId, Timestamp, WebhookEndpointId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

/// Where events are pushed to (推送地址).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoint")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookEndpointId,
    /// Whose events.
    pub organisation_id: OrganisationId,
    /// What it is for.
    pub name: String,
    /// The address.
    pub url: String,
    /// The kinds of events it wants, with blanks between; all when empty.
    pub topics: String,
    /// The secret that signs, encrypted.
    pub secret_cipher: String,
    /// The secret before, encrypted, while it signs too.
    pub previous_secret_cipher: Option<String>,
    /// Until when it does.
    pub previous_until: Option<Timestamp>,
    /// Whether it is called.
    pub state: EndpointState,
    /// Why not.
    pub disabled_because: Option<DisabledBecause>,
    /// Since when nothing has arrived there.
    pub failing_since: Option<Timestamp>,
    /// Who entered it.
    pub created_by: PersonId,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
