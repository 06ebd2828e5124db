//! Lines of the audit as they go out.

use chrono::{DateTime, Utc};
use entity::audit_event;
use entity::value::{AuditEventId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which lines are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only what touched this object.
    pub object_id: Option<Uuid>,
}

/// One line of the audit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEvent {
    /// Its identifier.
    pub id: AuditEventId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Who did it; nobody for work of the system and for registrations.
    pub person_id: Option<PersonId>,
    /// For which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// In which role, or `public`, or `system`.
    #[schema(example = "platform_operator")]
    pub role: String,
    /// What was done.
    #[schema(example = "organisation.add")]
    pub operation: String,
    /// What kind of object was touched.
    #[schema(example = "organisation")]
    pub object_kind: String,
    /// Which.
    pub object_id: Uuid,
    /// The object before, as far as it was written down.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The object after.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// The request it happened in.
    pub request_id: Option<String>,
}

impl From<audit_event::Model> for AuditEvent {
    fn from(row: audit_event::Model) -> Self {
        // What is not JSON any more is shown as the text it is, never hidden.
        let json = |text: Option<String>| text.map(|t| serde_json::from_str(&t).unwrap_or(Value::String(t)));
        Self {
            id: row.id,
            at: row.at,
            person_id: row.person_id,
            organisation_id: row.organisation_id,
            role: row.role,
            operation: row.operation,
            object_kind: row.object_kind,
            object_id: row.object_id,
            before: json(row.before),
            after: json(row.after),
            reason: row.reason,
            request_id: row.request_id,
        }
    }
}
