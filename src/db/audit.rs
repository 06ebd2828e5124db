//! The audit: who did what, for whom, when, to which object, and why. Append-only, enforced by the database.

use super::Tx;
use crate::access::Caller;
use entity::audit_event;
use entity::value::{AuditEventId, OrganisationId, PersonId, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// One change of state, as the audit keeps it. Personal data never goes in: name the field, or put
/// [`Secrets::fingerprint`](crate::secrecy::Secrets::fingerprint) of its value.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// What was done, `object.verb`.
    pub operation: &'a str,
    /// Kind of object: the table's name.
    pub object: &'a str,
    /// Which.
    pub id: Uuid,
    /// State or content before, when there was one.
    pub before: Option<serde_json::Value>,
    /// State or content after.
    pub after: Option<serde_json::Value>,
    /// Why, when somebody had to say.
    pub reason: Option<&'a str>,
}

impl<'a> Change<'a> {
    /// Something was made.
    #[must_use]
    pub fn made(operation: &'a str, object: &'a str, id: Uuid, after: serde_json::Value) -> Self {
        Self { operation, object, id, before: None, after: Some(after), reason: None }
    }

    /// Something went from one state to another.
    #[must_use]
    pub fn moved(operation: &'a str, object: &'a str, id: Uuid, from: &str, to: &str) -> Self {
        Self {
            operation,
            object,
            id,
            before: Some(serde_json::json!({ "state": from })),
            after: Some(serde_json::json!({ "state": to })),
            reason: None,
        }
    }

    /// With what it was before.
    #[must_use]
    pub fn from(mut self, before: serde_json::Value) -> Self {
        self.before = Some(before);
        self
    }

    /// With the reason somebody gave.
    #[must_use]
    pub fn because(mut self, reason: &'a str) -> Self {
        self.reason = Some(reason);
        self
    }
}

impl Tx {
    /// Writes an audit row in this transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn audit(&self, change: Change<'_>) -> Result<(), DbErr> {
        audit_event::Entity::insert(self.audit_row(change)).exec_without_returning(self).await?;
        Ok(())
    }

    /// Writes many audit rows, in one statement for each thousand.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn audit_all(&self, changes: Vec<Change<'_>>) -> Result<(), DbErr> {
        let rows: Vec<_> = changes.into_iter().map(|change| self.audit_row(change)).collect();
        for part in rows.chunks(1000) {
            audit_event::Entity::insert_many(part.to_vec()).exec_without_returning(self).await?;
        }
        Ok(())
    }

    fn audit_row(&self, change: Change<'_>) -> audit_event::ActiveModel {
        let role = match self.actor().caller() {
            Caller::Public => "public",
            Caller::System => "system",
            Caller::Role(role) => role.as_str(),
        };
        audit_event::ActiveModel {
            id: Set(AuditEventId::generate()),
            at: Set(self.now()),
            person_id: Set(self.actor().person()),
            organisation_id: Set(self.actor().organisation()),
            role: Set(role.to_owned()),
            operation: Set(change.operation.to_owned()),
            object_kind: Set(change.object.to_owned()),
            object_id: Set(change.id),
            before: Set(change.before.map(|v| v.to_string())),
            after: Set(change.after.map(|v| v.to_string())),
            reason: Set(change.reason.map(str::to_owned)),
            request_id: Set(Some(self.request().to_owned())),
            address: Set(self.address().map(str::to_owned)),
        }
    }
}

/// What an auditor looks for: every condition that is given holds.
#[derive(Debug, Clone, Default)]
pub struct AuditSearch {
    /// Which object was touched.
    pub object: Option<Uuid>,
    /// Which kind of object.
    pub object_kind: Option<String>,
    /// Who did it.
    pub person: Option<PersonId>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// What was done.
    pub operation: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// The audit rows that fit, newest first, older than `before`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn search_audit(
    db: &impl ConnectionTrait,
    wanted: &AuditSearch,
    before: Option<AuditEventId>,
    limit: u64,
) -> Result<Vec<audit_event::Model>, DbErr> {
    let AuditSearch { object, object_kind, person, organisation, operation, from, until } = wanted;
    let conditions = Condition::all()
        .add_option(object.map(|id| audit_event::Column::ObjectId.eq(id)))
        .add_option(object_kind.as_ref().map(|kind| audit_event::Column::ObjectKind.eq(kind)))
        .add_option(person.map(|id| audit_event::Column::PersonId.eq(id)))
        .add_option(organisation.map(|id| audit_event::Column::OrganisationId.eq(id)))
        .add_option(operation.as_ref().map(|operation| audit_event::Column::Operation.eq(operation)))
        .add_option(from.map(|from| audit_event::Column::At.gte(from)))
        .add_option(until.map(|until| audit_event::Column::At.lt(until)))
        .add_option(before.map(|before| audit_event::Column::Id.lt(before)));
    let rows = audit_event::Entity::find().filter(conditions);
    rows.order_by_desc(audit_event::Column::Id).limit(limit).all(db).await
}

/// The audit rows of an object, or all, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list_audit(
    db: &impl ConnectionTrait,
    object: Option<Uuid>,
    before: Option<AuditEventId>,
    limit: u64,
) -> Result<Vec<audit_event::Model>, DbErr> {
    search_audit(db, &AuditSearch { object, ..AuditSearch::default() }, before, limit).await
}
