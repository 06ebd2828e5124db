//! What can be done with sessions: begin, renew, switch, list, end.
//!
//! A refusal that must leave something behind (a counted failure, a family that ended) is given back inside `Ok`: the
//! transaction is committed and the caller still refused.

use super::proof::Proof;
use super::secret::{RefreshToken, hash_of};
use super::store;
use super::view::{OpenSession, Session, SignIn, Switch};
use crate::access::policy::EndSession;
use crate::access::token::Tokens;
use crate::access::{self, Actor, Grant, Scope};
use crate::db::{Change, Tx};
use crate::http::Origin;
use crate::identity::event::SignedInElsewhere;
use crate::identity::factor::{self, Demand, Seen};
use crate::identity::service::{Held, held_by, me};
use crate::identity::{IdentityError, store as people};
use crate::organisation;
use crate::secrecy::Secrets;
use entity::value::{MembershipId, OrganisationId, PersonId, Role, SessionEnd, SessionId, Timestamp};
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
    /// What is asked of whom beside the password.
    pub factor: Demand<'a>,
}

/// What the password and the memberships say about somebody who wants in.
enum Verdict {
    Right { acting: Box<Held>, held: Vec<Held> },
    WrongCredentials,
    NotAMember,
}

/// Somebody at the door, looked at before anything is written.
pub struct Asked {
    proof: Proof,
    verdict: Verdict,
    code: Option<String>,
}

impl Asked {
    /// Whoever it is: known only with the right password.
    pub fn actor(&self) -> Actor {
        match (&self.proof.person, &self.verdict) {
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
    let proof = Proof::look(db, secrets, now, origin, (&wanted.username, &wanted.password)).await?;
    let verdict = match proof.proven() {
        Some(person) => {
            let held = held_by(db, person.id).await?;
            match choose(&held, wanted.organisation_id, wanted.role).cloned() {
                Some(acting) => Verdict::Right { acting: Box::new(acting), held },
                None => Verdict::NotAMember,
            }
        }
        None => Verdict::WrongCredentials,
    };
    Ok(Asked { proof, verdict, code: wanted.code.clone() })
}

/// Lets them in, or counts the failure. The wait is looked at again: of many guesses at once, those that came after
/// the one too many are not answered, right or wrong.
pub async fn answer(
    tx: &Tx,
    terms: &Terms<'_>,
    asked: &Asked,
) -> Result<Result<Session, IdentityError>, IdentityError> {
    match (&asked.proof.person, &asked.verdict) {
        (Some(person), Verdict::Right { acting, held }) => {
            asked.proof.recheck(tx).await?;
            if let Some(refusal) = without_factor(tx, terms, asked, (person.id, acting.0.role)).await? {
                return Ok(Err(refusal));
            }
            asked.proof.forgive(tx).await?;
            let refresh = RefreshToken::generate()?;
            let row = begin(tx, terms, (person, acting), SessionId::generate(), None).await?;
            let after = described(&row);
            tx.audit(Change::made("session.began", "session", row.id.uuid(), after)).await?;
            if row.address.is_some() && !asked.proof.was_here && store::was_anywhere(tx, person.id, row.id).await? {
                tx.emit(&SignedInElsewhere { person: person.id, session: row.id }).await?;
            }
            Ok(Ok(give(tx, terms, person, acting, held, &row, refresh).await?))
        }
        (_, Verdict::NotAMember) => {
            asked.proof.recheck(tx).await?;
            refused(tx, terms, asked, "not_a_member").await?;
            Ok(Err(IdentityError::NotAMember))
        }
        _ => {
            asked.proof.count_failure(tx).await?;
            refused(tx, terms, asked, "wrong_credentials").await?;
            Ok(Err(IdentityError::WrongCredentials))
        }
    }
}

/// Why the second factor does not let this person in, if it does not.
async fn without_factor(
    tx: &Tx,
    terms: &Terms<'_>,
    asked: &Asked,
    (person, role): (PersonId, Role),
) -> Result<Option<IdentityError>, IdentityError> {
    match factor::see(tx, terms.factor.secrets, person, asked.code.as_deref()).await? {
        Seen::Right => Ok(None),
        Seen::NoneSet => Ok(factor::refuse_without(tx, &terms.factor, person, role).await.err()),
        Seen::Missing => Ok(Some(IdentityError::SecondFactorNeeded)),
        Seen::Wrong => {
            asked.proof.count_failure(tx).await?;
            refused(tx, terms, asked, "second_factor_wrong").await?;
            Ok(Some(IdentityError::SecondFactorWrong))
        }
    }
}

/// Says that somebody was refused: who, when that is known, and from where; never what was typed.
async fn refused(tx: &Tx, terms: &Terms<'_>, asked: &Asked, reason: &str) -> Result<(), IdentityError> {
    let person = asked.proof.person.as_ref().map_or_else(uuid::Uuid::nil, |person| person.id.uuid());
    let after = json!({ "address": terms.origin.address, "is_known": asked.proof.person.is_some() });
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
    factor::refuse_without(tx, &terms.factor, person.id, session.role).await?;
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
    factor::refuse_without(tx, &terms.factor, person.id, acting.0.role).await?;
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
    let rows = store::open_of(db, store::Whose::Person(member.person), now, before, limit).await?;
    shown(db, rows, member.session).await
}

/// What is open in one membership, the latest first. Who may see it is asked by whoever calls.
pub async fn open_of_membership(
    db: &impl ConnectionTrait,
    membership: MembershipId,
    now: Timestamp,
    before: Option<SessionId>,
    limit: u64,
) -> Result<Vec<OpenSession>, IdentityError> {
    let rows = store::open_of(db, store::Whose::Membership(membership), now, before, limit).await?;
    shown(db, rows, None).await
}

async fn shown(
    db: &impl ConnectionTrait,
    rows: Vec<session::Model>,
    current: Option<SessionId>,
) -> Result<Vec<OpenSession>, IdentityError> {
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations = organisation::find_many(db, &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let organisation = organisations.iter().find(|organisation| organisation.id == row.organisation_id)?;
            Some(OpenSession::of(row, organisation, current))
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
