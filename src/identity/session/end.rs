//! Ending the sessions of somebody else, or one's own others: by membership, person or organisation.
//!
//! Each tells which sessions ended, so that this server refuses their access tokens at once.

use super::store;
use crate::db::Tx;
use crate::identity::IdentityError;
use entity::value::{MembershipId, OrganisationId, PersonId, SessionEnd, SessionId};

/// Those of a membership.
pub async fn of_membership(tx: &Tx, id: MembershipId, why: SessionEnd) -> Result<Vec<SessionId>, IdentityError> {
    Ok(store::revoke_of_membership(tx, id, why).await?)
}

/// Those of a person, but for the one that asks.
pub async fn of_person(
    tx: &Tx,
    id: PersonId,
    but: Option<SessionId>,
    why: SessionEnd,
) -> Result<Vec<SessionId>, IdentityError> {
    Ok(store::revoke_of_person(tx, id, but, why).await?)
}

/// Those of everybody who acts for an organisation.
pub async fn of_organisation(tx: &Tx, id: OrganisationId, why: SessionEnd) -> Result<Vec<SessionId>, IdentityError> {
    Ok(store::revoke_of_organisation(tx, id, why).await?)
}
