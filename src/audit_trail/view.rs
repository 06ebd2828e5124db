//! Lines of the audit as they go out.

use crate::db::AuditSearch;
use crate::http::Words;
use crate::problem::{Failure, Problem};
use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_event;
use entity::value::{AuditEventId, OrganisationId, PersonId, business_day_begins};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which lines are wanted: those for which everything that is given holds.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only what touched this object.
    pub object_id: Option<Uuid>,
    /// Only what touched objects of this kind.
    #[param(max_length = 100, example = "organisation")]
    pub object_kind: Option<String>,
    /// Only what this person did.
    pub person_id: Option<PersonId>,
    /// Only what was done for this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Only this operation.
    #[param(max_length = 100, example = "household.revealed")]
    pub operation: Option<String>,
    /// From this business day on.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// Up to this business day, which is included.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub to: Option<NaiveDate>,
}

impl AuditFilter {
    /// As a question to the database.
    ///
    /// # Errors
    /// 400 when the period ends before it begins.
    pub(super) fn search(&self) -> Result<AuditSearch, Failure> {
        search(self.clone(), "?from")
    }
}

/// An export of the audit: what for, and which lines; those for which everything that is given holds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditExport {
    /// What it is needed for; it is recorded with your name and stands at the head of the file.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "2026年第一季度审计抽查")]
    pub purpose: Words<200>,
    /// Only what touched this object.
    #[serde(default)]
    pub object_id: Option<Uuid>,
    /// Only what touched objects of this kind.
    #[serde(default)]
    #[schema(max_length = 100, example = "household")]
    pub object_kind: Option<String>,
    /// Only what this person did.
    #[serde(default)]
    pub person_id: Option<PersonId>,
    /// Only what was done for this organisation.
    #[serde(default)]
    pub organisation_id: Option<OrganisationId>,
    /// Only this operation.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub operation: Option<String>,
    /// From this business day on.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub from: Option<NaiveDate>,
    /// Up to this business day, which is included.
    #[serde(default, deserialize_with = "crate::http::text::day_if_any")]
    pub to: Option<NaiveDate>,
}

impl AuditExport {
    /// As a question to the database.
    ///
    /// # Errors
    /// 400 when the period ends before it begins.
    pub(super) fn search(&self) -> Result<AuditSearch, Failure> {
        let Self { purpose: _, object_id, object_kind, person_id, organisation_id, operation, from, to } = self.clone();
        search(AuditFilter { object_id, object_kind, person_id, organisation_id, operation, from, to }, "/from")
    }
}

fn search(wanted: AuditFilter, pointer: &'static str) -> Result<AuditSearch, Failure> {
    let AuditFilter { object_id, object_kind, person_id, organisation_id, operation, from, to } = wanted;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let (zh, en) = ("起始日不能晚于截止日。", "The period does not end before it begins.");
        return Err(Problem::invalid(pointer, zh, en).into());
    }
    Ok(AuditSearch {
        object: object_id,
        object_kind,
        person: person_id,
        organisation: organisation_id,
        operation,
        from: from.map(business_day_begins),
        until: to.and_then(|day| day.succ_opt()).map(business_day_begins),
    })
}

/// The cells of one line of the file.
pub(super) fn cells(row: audit_event::Model) -> [String; 13] {
    let audit_event::Model {
        id,
        at,
        person_id,
        organisation_id,
        role,
        operation,
        object_kind,
        object_id,
        before,
        after,
        reason,
        request_id,
        address,
    } = row;
    let text = |text: Option<String>| text.unwrap_or_default();
    [
        id.to_string(),
        at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        text(person_id.map(|id| id.to_string())),
        text(organisation_id.map(|id| id.to_string())),
        role,
        operation,
        object_kind,
        object_id.to_string(),
        text(before),
        text(after),
        text(reason),
        text(request_id),
        text(address),
    ]
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
    /// The address it came from; none for work of the house itself.
    #[schema(example = "203.0.113.7")]
    pub address: Option<String>,
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
            address: row.address,
        }
    }
}
