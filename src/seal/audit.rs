//! The digest of a row of the audit: see the format in the module's head. Pure.

use crate::ledger::merkle::{Hash, sha256};
use entity::audit_event;

/// The digest of a row.
#[must_use]
pub fn digest(row: &audit_event::Model) -> Hash {
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
    let mut bytes = Vec::with_capacity(1024);
    let mut field = |content: &[u8]| {
        bytes.extend_from_slice(&u64::try_from(content.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(content);
    };
    field(b"liannong.audit.v1");
    field(id.uuid().as_bytes());
    field(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().as_bytes());
    field(person_id.map(|id| id.uuid()).as_ref().map_or(&[][..], |id| id.as_bytes()));
    field(organisation_id.map(|id| id.uuid()).as_ref().map_or(&[][..], |id| id.as_bytes()));
    for text in [role, operation, object_kind] {
        field(text.as_bytes());
    }
    field(object_id.as_bytes());
    for text in [before, after, reason, request_id, address] {
        match text {
            // Nothing and an empty text are two things.
            Some(text) => field(&[&[1], text.as_bytes()].concat()),
            None => field(&[]),
        }
    }
    sha256(&[&bytes])
}
