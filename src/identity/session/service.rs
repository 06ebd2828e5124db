//! What can be done with sessions: begin, renew, switch, list, end.
//!
//! A refusal that must leave something behind (a counted failure, a family that ended) is given back inside `Ok`: the
//! transaction is committed and the caller still refused.

use super::delay::{self, FROM_ANYWHERE, FROM_ONE_ADDRESS};
use super::secret::{RefreshToken, hash_of};
use super::store;
use super::view::{OpenSession, Session, SignIn, Switch};
use crate::access::policy::EndSession;
use crate::access::token::Tokens;
use crate::access::{self, Actor, Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::Origin;
use crate::identity::service::{Held, held_by, me};
use crate::identity::{IdentityError, password, store as people};
use crate::organisation;
use crate::secrecy::Secrets;
use entity::value::{OrganisationId, Role, SessionEnd, SessionId, Timestamp};
use entity::{person, refresh_token, session};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

/// On what terms tokens are given.
pub struct Terms<'a> {
    /// Makes access tokens.
    pub tokens: &'a Tokens,
    /// How long a refresh token can be used.
    pub refresh: chrono::Duration,
    /// Who asks.
    pub origin: &'a Origin,
}

/// Under which keys failures are counted.
struct Keys {
    from_here: String,
    from_anywhere: String,
}

impl Keys {
    /// The name is hashed with a key: what is typed there is not always a name.
    fn of(secrets: &Secrets, username: &str, origin: &Origin) -> Self {
        let network = origin.network().map_or_else(|| "inside".to_owned(), |network| network.to_string());
        Self {
            from_here: secrets.lookup("sign_in.here", &format!("{network} {username}")),
            from_anywhere: secrets.lookup("sign_in.anywhere", username),
        }
    }

    fn both(&self) -> [&str; 2] {
        [&self.from_here, &self.from_anywhere]
    }

    /// How long to wait before the next attempt; others' failures do not count where this person was before.
    fn wait(
        &self,
        held: &[entity::sign_in_attempt::Model],
        was_here: bool,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        held.iter()
            .filter(|row| row.key == self.from_here || !was_here)
            .filter_map(|row| delay::seconds_left(row.blocked_until, now))
            .max()
            .map_or(Ok(()), |seconds| Err(IdentityError::TooManyAttempts { seconds }))
    }
}

/// What the password and the memberships say about somebody who wants in.
enum Verdict {
    Right { acting: Box<Held>, held: Vec<Held> },
    WrongCredentials,
    NotAMember,
}

/// Somebody at the door, looked at before anything is written.
pub struct Asked {
    keys: Keys,
    person: Option<person::Model>,
    was_here: bool,
    verdict: Verdict,
}

impl Asked {
    /// Whoever it is: known only with the right password.
    pub fn actor(&self) -> Actor {
        match (&self.person, &self.verdict) {
            (Some(person), Verdict::Right { acting, .. }) => Actor::Member(member(person, acting, None)),
            _ => Actor::Public,
        }
    }
}

fn member(person: &person::Model, acting: &Held, session: Option<SessionId>) -> access::Member {
    access::Member {
        person: person.id,
        organisation: acting.1.id,
        role: acting.0.role,
        division: acting.1.division_code.clone(),
        session,
    }
}

fn choose(held: &[Held], organisation: Option<OrganisationId>, role: Option<Role>) -> Option<&Held> {
    held.iter().find(|(membership, _)| {
        organisation.is_none_or(|id| id == membership.organisation_id)
            && role.is_none_or(|role| role == membership.role)
    })
}

/// Looks at somebody who wants in: the password is checked before anything else is said, unless they have to wait.
pub async fn ask(
    db: &impl ConnectionTrait,
    secrets: &Secrets,
    now: Timestamp,
    origin: &Origin,
    wanted: &SignIn,
) -> Result<Asked, IdentityError> {
    let keys = Keys::of(secrets, &wanted.username, origin);
    let found = people::find_by_username(db, &wanted.username).await?.filter(|person| person.is_active);
    let was_here = match (&found, origin.address) {
        (Some(person), Some(address)) => store::was_here(db, person.id, &address.to_string()).await?,
        _ => false,
    };
    keys.wait(&store::attempts(db, keys.both()).await?, was_here, now)?;
    let hash = found.as_ref().map(|person| person.password_hash.as_str());
    let is_right = password::is_right(&wanted.password, hash).await?;
    let verdict = match &found {
        Some(person) if is_right => {
            let held = held_by(db, person.id).await?;
            match choose(&held, wanted.organisation_id, wanted.role).cloned() {
                Some(acting) => Verdict::Right { acting: Box::new(acting), held },
                None => Verdict::NotAMember,
            }
        }
        _ => Verdict::WrongCredentials,
    };
    Ok(Asked { keys, person: found, was_here, verdict })
}

/// Lets them in, or counts the failure. The wait is looked at again: of many guesses at once, those that came after
/// the one too many are not answered, right or wrong.
pub async fn answer(
    tx: &Tx,
    terms: &Terms<'_>,
    asked: &Asked,
) -> Result<Result<Session, IdentityError>, IdentityError> {
    match (&asked.person, &asked.verdict) {
        (Some(person), Verdict::Right { acting, held }) => {
            let counts = store::hold_attempts(tx, asked.keys.both()).await?;
            asked.keys.wait(&counts, asked.was_here, tx.now())?;
            if !counts.is_empty() {
                store::forget_failures(tx, &asked.keys.from_here).await?;
            }
            let refresh = RefreshToken::generate()?;
            let row = begin(tx, terms, (person, acting), SessionId::generate(), None).await?;
            let after = described(&row);
            tx.audit(Change::made("session.began", "session", row.id.uuid(), after)).await?;
            Ok(Ok(give(tx, terms, person, acting, held, &row, refresh).await?))
        }
        (_, Verdict::NotAMember) => {
            let counts = store::hold_attempts(tx, asked.keys.both()).await?;
            asked.keys.wait(&counts, asked.was_here, tx.now())?;
            refused(tx, terms, asked, "not_a_member").await?;
            Ok(Err(IdentityError::NotAMember))
        }
        _ => {
            count_failure(tx, asked).await?;
            refused(tx, terms, asked, "wrong_credentials").await?;
            Ok(Err(IdentityError::WrongCredentials))
        }
    }
}

async fn count_failure(tx: &Tx, asked: &Asked) -> Result<(), IdentityError> {
    let keys = asked.keys.both();
    store::forget_old_failures(tx, delay::forgotten_before(tx.now())).await?;
    store::begin_attempts(tx, keys).await?;
    let counts = store::hold_attempts(tx, keys).await?;
    asked.keys.wait(&counts, asked.was_here, tx.now())?;
    for row in &counts {
        let patience = if row.key == asked.keys.from_here { FROM_ONE_ADDRESS } else { FROM_ANYWHERE };
        let (failures, until) = patience.after_failure(row.failures, row.last_failed_at, tx.now());
        store::count_failure(tx, &row.key, failures, until).await?;
    }
    Ok(())
}

/// Says that somebody was refused: who, when that is known, and from where; never what was typed.
async fn refused(tx: &Tx, terms: &Terms<'_>, asked: &Asked, reason: &str) -> Result<(), IdentityError> {
    let person = asked.person.as_ref().map_or_else(uuid::Uuid::nil, |person| person.id.uuid());
    let after = json!({ "address": terms.origin.address, "is_known": asked.person.is_some() });
    Ok(tx.audit(Change::made("session.refused", "person", person, after).because(reason)).await?)
}

fn described(row: &session::Model) -> serde_json::Value {
    json!({
        "person_id": row.person_id, "organisation_id": row.organisation_id, "role": row.role, "family": row.family,
        "address": row.address,
    })
}

/// A new session; of the family of another when it takes its place.
async fn begin(
    tx: &Tx,
    terms: &Terms<'_>,
    (person, acting): (&person::Model, &Held),
    id: SessionId,
    family: Option<SessionId>,
) -> Result<session::Model, IdentityError> {
    let row = session::ActiveModel {
        id: Set(id),
        person_id: Set(person.id),
        membership_id: Set(acting.0.id),
        organisation_id: Set(acting.1.id),
        role: Set(acting.0.role),
        family: Set(family.unwrap_or(id)),
        created_at: Set(tx.now()),
        last_used_at: Set(tx.now()),
        expires_at: Set(tx.now() + terms.refresh),
        user_agent: Set(terms.origin.user_agent.clone()),
        address: Set(terms.origin.address.map(|address| address.to_string())),
        revoked_at: Set(None),
        revoke_reason: Set(None),
    };
    Ok(store::insert(tx, row).await?)
}

/// Both tokens of a session; of the refresh token the hash is kept.
async fn give(
    tx: &Tx,
    terms: &Terms<'_>,
    person: &person::Model,
    acting: &Held,
    held: &[Held],
    row: &session::Model,
    refresh: RefreshToken,
) -> Result<Session, IdentityError> {
    let refresh_expires_at = tx.now() + terms.refresh;
    let token = refresh_token::ActiveModel {
        hash: Set(refresh.hash()),
        session_id: Set(row.id),
        issued_at: Set(tx.now()),
        expires_at: Set(refresh_expires_at),
        used_at: Set(None),
        replaced_by: Set(None),
    };
    store::insert_token(tx, token).await?;
    let (token, expires_at) = terms.tokens.issue(&member(person, acting, Some(row.id)), tx.now())?;
    let me = me(person, acting, held);
    Ok(Session { session_id: row.id, token, expires_at, refresh_token: refresh.reveal(), refresh_expires_at, me })
}

/// What came of exchanging a refresh token.
pub struct Exchanged {
    /// New tokens, or that the session has ended.
    pub given: Result<Session, IdentityError>,
    /// Sessions that ended by it.
    pub ended: Vec<SessionId>,
}

/// Uses a refresh token up, for another that takes its place. Gives its session, or what a second use ended.
async fn use_up(
    tx: &Tx,
    presented: &str,
    next: &RefreshToken,
) -> Result<Result<session::Model, Exchanged>, IdentityError> {
    let hash = hash_of(presented);
    let was_fresh = store::use_token(tx, &hash, &next.hash()).await?;
    let token = store::find_token(tx, &hash).await?.ok_or(IdentityError::SessionEnded)?;
    let session = store::find(tx, token.session_id).await?.ok_or(IdentityError::SessionEnded)?;
    if was_fresh {
        return Ok(Ok(session));
    }
    if token.used_at.is_none() {
        return Err(IdentityError::SessionEnded);
    }
    let ended = store::revoke_family(tx, session.family, SessionEnd::ReuseDetected).await?;
    if !ended.is_empty() {
        let after = json!({ "person_id": session.person_id, "family": session.family, "ended": ended });
        tx.audit(Change::made("session.reuse_detected", "session", session.id.uuid(), after)).await?;
    }
    Ok(Err(Exchanged { given: Err(IdentityError::SessionEnded), ended }))
}

/// Whoever a session belongs to, while they may sign in, and what they hold.
async fn owner(tx: &Tx, session: &session::Model) -> Result<(person::Model, Vec<Held>), IdentityError> {
    let person = people::find_person(tx, session.person_id).await?.filter(|person| person.is_active);
    let person = person.ok_or(IdentityError::SessionEnded)?;
    let held = held_by(tx, person.id).await?;
    Ok((person, held))
}

/// Renews a session's tokens. A role that was taken away since ends it.
pub async fn refresh(tx: &Tx, terms: &Terms<'_>, presented: &str) -> Result<Exchanged, IdentityError> {
    let next = RefreshToken::generate()?;
    let session = match use_up(tx, presented, &next).await? {
        Ok(session) => session,
        Err(ended) => return Ok(ended),
    };
    let (person, held) = owner(tx, &session).await?;
    let acting = held.iter().find(|(membership, _)| membership.id == session.membership_id);
    let acting = acting.ok_or(IdentityError::SessionEnded)?;
    if !store::touch(tx, session.id, tx.now() + terms.refresh).await? {
        return Err(IdentityError::SessionEnded);
    }
    store::forget_expired(tx, session.id).await?;
    let given = give(tx, terms, &person, acting, &held, &session, next).await?;
    Ok(Exchanged { given: Ok(given), ended: Vec::new() })
}

/// Ends a session and begins another of its family, for another organisation or role.
pub async fn switch(tx: &Tx, terms: &Terms<'_>, wanted: &Switch) -> Result<Exchanged, IdentityError> {
    let next = RefreshToken::generate()?;
    let old = match use_up(tx, &wanted.refresh_token, &next).await? {
        Ok(session) => session,
        Err(ended) => return Ok(ended),
    };
    let (person, held) = owner(tx, &old).await?;
    let acting = choose(&held, Some(wanted.organisation_id), wanted.role).ok_or(IdentityError::NotAMember)?;
    if !store::revoke(tx, old.id, SessionEnd::Switched).await? {
        return Err(IdentityError::SessionEnded);
    }
    let row = begin(tx, terms, (&person, acting), SessionId::generate(), Some(old.family)).await?;
    let mut change = Change::made("session.switched", "session", row.id.uuid(), described(&row));
    change.before = Some(json!({ "session_id": old.id, "organisation_id": old.organisation_id, "role": old.role }));
    tx.audit(change).await?;
    let given = give(tx, terms, &person, acting, &held, &row, next).await?;
    Ok(Exchanged { given: Ok(given), ended: vec![old.id] })
}

/// What somebody has open, the latest first.
pub async fn open(
    db: &impl ConnectionTrait,
    member: &access::Member,
    now: Timestamp,
    before: Option<SessionId>,
    limit: u64,
) -> Result<Vec<OpenSession>, IdentityError> {
    let rows = store::open_of(db, member.person, now, before, limit).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations = organisation::find_many(db, &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let organisation = organisations.iter().find(|organisation| organisation.id == row.organisation_id)?;
            Some(OpenSession::of(row, organisation, member.session))
        })
        .collect())
}

/// Ends a session: one's own, or with a right that reaches everything anybody's. Ending it again changes nothing.
pub async fn end(tx: &Tx, grant: &Grant<EndSession>, id: SessionId) -> Result<(), IdentityError> {
    let person = grant.person()?;
    let reachable = |row: &session::Model| row.person_id == person || *grant.scope() == Scope::Everything;
    let session = store::find(tx, id).await?.filter(reachable).ok_or(IdentityError::NoSession)?;
    let is_own = session.person_id == person;
    let why = if is_own { SessionEnd::SignedOut } else { SessionEnd::EndedByOperator };
    if store::revoke(tx, id, why).await? {
        tx.audit(Change::moved("session.end", "session", id.uuid(), "open", why.as_str())).await?;
    }
    Ok(())
}
