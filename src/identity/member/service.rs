//! What an administrator does with members: read, change the role, suspend, reinstate, remove, end sessions.

use super::store;
use super::view::{ChangeMember, MemberQuery, OrganisationMember, state_of};
use crate::access::policy::{ClosePerson, KeepMember, ViewMember};
use crate::access::{Grant, Scope, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{IfMatch, Page, PageQuery};
use crate::identity::session::end as sessions;
use crate::identity::view::Person;
use crate::identity::{IdentityError, roles, store as people};
use crate::organisation;
use crate::problem::Failure;
use entity::membership::Model;
use entity::value::{MembershipId, MembershipState, OrganisationId, Role, SessionEnd, SessionId};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// What was decided, and the sessions that ended by it.
pub struct Decided<T> {
    /// The outcome.
    pub outcome: T,
    /// Their access tokens are worth nothing any more.
    pub ended: Vec<SessionId>,
}

/// One page of members, oldest first.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMember>,
    query: &MemberQuery,
) -> Result<Page<OrganisationMember>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, after) = (page.limit()?, page.after()?.map(MembershipId::from_uuid));
    let rows = store::list(db, grant.scope(), query, after, limit + 1).await?;
    Ok(Page::of(shown(db, rows).await?, limit, |row| row.id.uuid(), |row| row))
}

/// One member in reach.
pub async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: MembershipId,
) -> Result<OrganisationMember, IdentityError> {
    one(db, store::find(db, scope, id).await?.ok_or(IdentityError::NotFound)?).await
}

async fn one(db: &impl ConnectionTrait, row: Model) -> Result<OrganisationMember, IdentityError> {
    shown(db, vec![row]).await?.pop().ok_or(IdentityError::NotFound)
}

async fn shown(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<OrganisationMember>, IdentityError> {
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations: HashMap<_, _> =
        organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people: HashMap<_, _> = store::people(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let show = |row: Model| {
        Some(OrganisationMember {
            id: row.id,
            person: Person::from(people.get(&row.person_id)?),
            organisation: organisations.get(&row.organisation_id)?.into(),
            role: row.role,
            state: state_of(&row),
            created_at: row.created_at,
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(show).collect())
}

/// A membership that this caller may decide about, in the version they saw.
async fn hold(tx: &Tx, grant: &Grant<KeepMember>, id: MembershipId, seen: IfMatch) -> Result<Model, IdentityError> {
    let organisation = store::find(tx, grant.scope(), id).await?.ok_or(IdentityError::NotFound)?.organisation_id;
    // The members of an organisation are decided about one at a time, so that the last of two stays.
    organisation::hold(tx, organisation).await?;
    let row = store::hold(tx, grant.scope(), id).await?.ok_or(IdentityError::NotFound)?;
    seen.check(row.version).map_err(|_| IdentityError::Stale)?;
    four_eyes::apart([row.person_id], grant.person()?)?;
    Ok(row)
}

/// Whether an organisation cannot be without somebody in this role.
fn is_indispensable(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::PlatformOperator)
}

/// Refuses when nobody else could do what this member does.
async fn refuse_last(tx: &Tx, row: &Model) -> Result<(), IdentityError> {
    if !row.is_active || !is_indispensable(row.role) {
        return Ok(());
    }
    let others = store::hold_active(tx, row.organisation_id, row.role).await?;
    if others.iter().any(|other| other.person_id != row.person_id) { Ok(()) } else { Err(IdentityError::LastOfItsKind) }
}

async fn decided(tx: &Tx, row: Model, change: Change<'_>) -> Result<Decided<OrganisationMember>, IdentityError> {
    tx.audit(change).await?;
    let ended = sessions::of_membership(tx, row.id, SessionEnd::MembershipChanged).await?;
    Ok(Decided { outcome: one(tx, row).await?, ended })
}

/// Gives a member another role; their sessions in the old one end.
pub async fn change(
    tx: &Tx,
    grant: &Grant<KeepMember>,
    id: MembershipId,
    seen: IfMatch,
    wanted: &ChangeMember,
) -> Result<Decided<OrganisationMember>, IdentityError> {
    let row = hold(tx, grant, id, seen).await?;
    let organisation = organisation::find(tx, row.organisation_id).await?.ok_or(IdentityError::NoOrganisation)?;
    // The person of an API key is software, and nobody else is.
    if row.role == Role::Integrator || wanted.role == Role::Integrator || !roles::fits(wanted.role, organisation.kind) {
        return Err(IdentityError::RoleNotOfKind(wanted.role, organisation.kind));
    }
    if !row.is_active {
        return Err(IdentityError::MembershipIn(state_of(&row)));
    }
    if wanted.role != row.role {
        refuse_last(tx, &row).await?;
    }
    let from = row.role;
    let row = store::write(tx, Model { role: wanted.role, ..row }).await.map_err(|error| {
        let key = ["person_id", "organisation_id", "role"];
        if db::is_duplicate(&error, "membership", &key) { IdentityError::MembershipThere } else { error.into() }
    })?;
    decided(tx, row, Change::moved("member.change_role", "membership", id.uuid(), from.as_str(), wanted.role.as_str()))
        .await
}

/// Suspends, removes or gives back a membership.
pub async fn move_to(
    tx: &Tx,
    grant: &Grant<KeepMember>,
    id: MembershipId,
    seen: IfMatch,
    to: MembershipState,
    reason: Option<&str>,
) -> Result<Decided<OrganisationMember>, IdentityError> {
    let row = hold(tx, grant, id, seen).await?;
    let from = state_of(&row);
    let may = match to {
        MembershipState::Active => from != MembershipState::Active,
        MembershipState::Suspended => from == MembershipState::Active,
        MembershipState::Removed => from != MembershipState::Removed,
    };
    // A key is made anew, not given back.
    if !may || (row.role == Role::Integrator && to == MembershipState::Active) {
        return Err(IdentityError::MembershipIn(from));
    }
    refuse_last(tx, &row).await?;
    let is_active = to == MembershipState::Active;
    let removed_at = (to == MembershipState::Removed).then(|| tx.now());
    let row = store::write(tx, Model { is_active, removed_at, ..row }).await?;
    let operation = match to {
        MembershipState::Active => "member.reinstate",
        MembershipState::Suspended => "member.suspend",
        MembershipState::Removed => "member.remove",
    };
    let mut change = Change::moved(operation, "membership", id.uuid(), from.as_str(), to.as_str());
    change.reason = reason;
    decided(tx, row, change).await
}

/// Ends every session of a member in this organisation and role.
pub async fn end_sessions(
    tx: &Tx,
    grant: &Grant<KeepMember>,
    id: MembershipId,
) -> Result<Vec<SessionId>, IdentityError> {
    let row = store::find(tx, grant.scope(), id).await?.ok_or(IdentityError::NotFound)?;
    let why = match grant.scope() {
        Scope::Everything => SessionEnd::EndedByOperator,
        _ => SessionEnd::EndedByAdministrator,
    };
    let ended = sessions::of_membership(tx, row.id, why).await?;
    if !ended.is_empty() {
        let after = serde_json::json!({ "ended": ended });
        tx.audit(Change::made("member.end_sessions", "membership", id.uuid(), after)).await?;
    }
    Ok(ended)
}

/// Closes an account for good: it signs in no more, holds nothing, and what it did stays.
pub async fn close(
    tx: &Tx,
    grant: &Grant<ClosePerson>,
    membership: MembershipId,
    reason: &str,
) -> Result<Decided<Person>, IdentityError> {
    let person = store::find(tx, grant.scope(), membership).await?.ok_or(IdentityError::NotFound)?.person_id;
    four_eyes::apart([person], grant.person()?)?;
    let held = store::hold_of(tx, person).await?;
    for row in &held {
        refuse_last(tx, row).await?;
    }
    let known = people::find_person(tx, person).await?.ok_or(IdentityError::NotFound)?;
    if !store::close(tx, person).await? {
        return Err(IdentityError::Closed);
    }
    for row in held.into_iter().filter(|row| row.removed_at.is_none()) {
        store::write(tx, Model { is_active: false, removed_at: Some(tx.now()), ..row }).await?;
    }
    tx.audit(Change::moved("person.close", "person", person.uuid(), "open", "closed").because(reason)).await?;
    let ended = sessions::of_person(tx, person, None, SessionEnd::AccountClosed).await?;
    Ok(Decided { outcome: Person::from(&known), ended })
}

/// Everybody who acts for an organisation that ended is stopped, or goes on in the same role for the one that takes
/// its place. Who may decide that is asked by whoever calls.
///
/// # Errors
/// When the database refuses.
pub async fn leave(
    tx: &Tx,
    organisation: OrganisationId,
    into: Option<&entity::organisation::Model>,
) -> Result<Vec<SessionId>, IdentityError> {
    let held = store::hold_in(tx, organisation).await?;
    if let Some(into) = into {
        let there = store::hold_in(tx, into.id).await?;
        let goes_on = |row: &&Model| {
            let is_there = there.iter().any(|other| other.person_id == row.person_id && other.role == row.role);
            row.is_active && row.role != Role::Integrator && roles::fits(row.role, into.kind) && !is_there
        };
        let moved = held.iter().filter(goes_on).map(|row| Model {
            id: MembershipId::generate(),
            organisation_id: into.id,
            created_at: tx.now(),
            version: 1,
            ..row.clone()
        });
        store::insert_many(tx, moved.collect()).await?;
    }
    store::remove_all(tx, organisation).await?;
    let after = serde_json::json!({ "members": held.len(), "into": into.map(|into| into.id) });
    tx.audit(Change::made("member.leave", "organisation", organisation.uuid(), after)).await?;
    sessions::of_organisation(tx, organisation, SessionEnd::OrganisationEnded).await
}
