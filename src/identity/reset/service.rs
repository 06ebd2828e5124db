//! What can be done about passwords: ask for a new one, set it with the token of the mail, change it.

use super::store;
use crate::db::{Change, Tx};
use crate::http::Origin;
use crate::identity::event::PasswordResetAsked;
use crate::identity::session::{Proof, end as sessions, forgive};
use crate::identity::token::{self, Opens};
use crate::identity::{IdentityError, store as people};
use crate::secrecy::Secrets;
use chrono::Duration;
use entity::password_reset::Model;
use entity::value::{PasswordResetId, PersonId, SessionEnd, SessionId};
use serde_json::json;

/// How long the token of the mail is good.
const LIFETIME: Duration = Duration::minutes(30);
/// How long the same name waits for the next mail.
const PAUSE: Duration = Duration::minutes(5);

/// Notes that somebody wants a new password. The same is written whether the name is anybody's or not; the mail is
/// written later, by a job.
pub async fn ask(tx: &Tx, secrets: &Secrets, username: &str) -> Result<(), IdentityError> {
    let asked_hash = secrets.lookup("password_reset.asked", username);
    store::forget_expired(tx, tx.now() - Duration::days(1)).await?;
    let person = people::find_by_username(tx, username).await?.filter(|person| person.is_active);
    if store::was_asked(tx, &asked_hash, tx.now() - PAUSE).await? {
        return Ok(());
    }
    let id = PasswordResetId::generate();
    let row = Model {
        id,
        asked_hash,
        person_id: person.map(|person| person.id),
        token_hash: token::hash_of(&token::made_for(secrets, Opens::PasswordReset, id.uuid())),
        created_at: tx.now(),
        expires_at: tx.now() + LIFETIME,
        used_at: None,
    };
    store::insert(tx, row).await?;
    tx.audit(Change::made("password_reset.ask", "password_reset", id.uuid(), json!({}))).await?;
    Ok(tx.emit(&PasswordResetAsked { reset: id }).await?)
}

/// Sets the new password of whoever the token was sent to, and ends all their sessions.
pub async fn reset(
    tx: &Tx,
    secrets: &Secrets,
    origin: &Origin,
    typed_token: &str,
    password_hash: &str,
) -> Result<Vec<SessionId>, IdentityError> {
    let held = store::hold_open(tx, &token::hash_of(typed_token)).await?.ok_or(IdentityError::ResetInvalid)?;
    let person = held.person_id.ok_or(IdentityError::ResetInvalid)?;
    let person = people::find_person(tx, person).await?.filter(|person| person.is_active);
    let person = person.ok_or(IdentityError::ResetInvalid)?;
    // Whoever proved to be the owner does not wait for earlier guesses at this address.
    forgive(tx, secrets, &person.username, origin).await?;
    set(tx, person.id, password_hash, None, "password.reset").await
}

/// Changes one's own password; the wrong present one is counted and given back inside `Ok`.
pub async fn change(
    tx: &Tx,
    proof: &Proof,
    session: Option<SessionId>,
    password_hash: &str,
) -> Result<Result<Vec<SessionId>, IdentityError>, IdentityError> {
    match proof.demand(tx).await? {
        Ok(person) => Ok(Ok(set(tx, person.id, password_hash, session, "password.change").await?)),
        Err(refusal) => Ok(Err(refusal)),
    }
}

async fn set(
    tx: &Tx,
    person: PersonId,
    password_hash: &str,
    but: Option<SessionId>,
    operation: &str,
) -> Result<Vec<SessionId>, IdentityError> {
    store::set_password(tx, person, password_hash).await?;
    store::use_up(tx, person).await?;
    let ended = sessions::of_person(tx, person, but, SessionEnd::PasswordChanged).await?;
    let after = json!({ "sessions_ended": ended.len() });
    tx.audit(Change::made(operation, "person", person.uuid(), after)).await?;
    Ok(ended)
}
