//! One line of the audit (审计留痕): who did what to which object, and why.

use crate::value::{AuditEventId, OrganisationId, PersonId, Timestamp};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use uuid::Uuid;

/// One line of the audit (审计留痕): who did what to which object, and why.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// Its identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEventId,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; nobody for work of the system.
    pub person_id: Option<PersonId>,
    /// For which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// The role it was done in.
    pub role: String,
    /// The operation, as the policy names it.
    pub operation: String,
    /// What kind of object was touched, as a table name.
    pub object_kind: String,
    /// Which object.
    pub object_id: Uuid,
    /// The object before, as canonical JSON.
    pub before: Option<String>,
    /// The object after, as canonical JSON.
    pub after: Option<String>,
    /// The reason given by the actor.
    pub reason: Option<String>,
    /// The request it happened in.
    pub request_id: Option<String>,
    /// The address it came from; absent for work of the system.
    pub address: Option<String>,
}

/// No relations: rows are found by their ids.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
