//! What a mail to somebody must know, asked for when it is written: addresses and tokens stand in no event.

use super::invitation::store as invitations;
use super::reset::store as resets;
use super::token::{self, Opens};
use super::{event, session, store};
use crate::access::Scope;
use crate::organisation;
use crate::secrecy::Secrets;
use entity::value::{PersonId, Role, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

/// Somebody is invited.
pub struct InvitationLetter {
    /// Where it goes.
    pub to: String,
    /// The name of whoever is invited.
    pub display_name: String,
    /// For which organisation.
    pub organisation: String,
    /// As what.
    pub role: Role,
    /// What accepts it.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What the mail about an invitation says; nothing when it is good no more.
///
/// # Errors
/// When the database cannot be asked.
pub async fn invitation(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    event: &event::Invited,
    now: Timestamp,
) -> Result<Option<InvitationLetter>, DbErr> {
    let Some(row) = invitations::find(db, &Scope::Everything, event.invitation).await? else { return Ok(None) };
    let token = token::made_for(secrets, Opens::Invitation, row.id.uuid());
    let is_open = row.accepted_at.is_none() && row.revoked_at.is_none() && row.expires_at > now;
    // After the secret was changed the token is another, which opens nothing.
    if !is_open || token::hash_of(&token) != row.token_hash {
        return Ok(None);
    }
    let organisation = organisation::find(db, row.organisation_id).await?.map(|row| row.name).unwrap_or_default();
    let (to, display_name, role, expires_at) = (row.email, row.display_name, row.role, row.expires_at);
    Ok(Some(InvitationLetter { to, display_name, organisation, role, token, expires_at }))
}

/// Somebody asked for a new password.
pub struct ResetLetter {
    /// Whose account it is.
    pub person: PersonId,
    /// Where it goes.
    pub to: String,
    /// Who.
    pub display_name: String,
    /// What sets the new password.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What the mail about a new password says; nothing when the name was nobody's, mail does not reach them, or it is
/// good no more.
///
/// # Errors
/// When the database cannot be asked.
pub async fn password_reset(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    event: &event::PasswordResetAsked,
    now: Timestamp,
) -> Result<Option<ResetLetter>, DbErr> {
    let Some(row) = resets::find(db, event.reset).await? else { return Ok(None) };
    let token = token::made_for(secrets, Opens::PasswordReset, row.id.uuid());
    let Some(person) = row.person_id else { return Ok(None) };
    if row.used_at.is_some() || row.expires_at <= now || token::hash_of(&token) != row.token_hash {
        return Ok(None);
    }
    let person = store::find_person(db, person).await?.filter(|person| person.is_active);
    let Some((person, to)) = person.and_then(|person| person.email.clone().map(|to| (person, to))) else {
        return Ok(None);
    };
    Ok(Some(ResetLetter {
        person: person.id,
        to,
        display_name: person.display_name,
        token,
        expires_at: row.expires_at,
    }))
}

/// Somebody signed in from a new place.
pub struct ElsewhereLetter {
    /// Where it goes.
    pub to: String,
    /// Who.
    pub display_name: String,
    /// From which address.
    pub address: String,
    /// With what.
    pub user_agent: String,
    /// When.
    pub at: Timestamp,
}

/// What the mail about a sign-in from a new place says; nothing when mail does not reach the person.
///
/// # Errors
/// When the database cannot be asked.
pub async fn signed_in_elsewhere(
    db: &impl ConnectionTrait,
    event: &event::SignedInElsewhere,
) -> Result<Option<ElsewhereLetter>, DbErr> {
    let Some(session) = session::find(db, event.session).await? else { return Ok(None) };
    let Some(person) = store::find_person(db, event.person).await?.filter(|person| person.is_active) else {
        return Ok(None);
    };
    let Some(to) = person.email else { return Ok(None) };
    Ok(Some(ElsewhereLetter {
        to,
        display_name: person.display_name,
        address: session.address.unwrap_or_default(),
        user_agent: session.user_agent.unwrap_or_default(),
        at: session.created_at,
    }))
}
