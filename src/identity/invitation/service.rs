//! What can be done with invitations: invite, take back, accept, invite a whole sheet.

use super::view::{AcceptInvitation, ImportedMembers, Invitation, InvitationQuery, Invite, SheetRow, state_of};
use super::{sheet, store};
use crate::access::policy::{KeepMember, ViewMember};
use crate::access::{Grant, Scope, four_eyes};
use crate::db::{self, Change, Tx};
use crate::http::{Page, PageQuery};
use crate::identity::event::Invited;
use crate::identity::session::Proof;
use crate::identity::token::{self, Opens};
use crate::identity::view::{Member, Membership, Person};
use crate::identity::{IdentityError, NewPerson, roles, service as identity};
use crate::organisation;
use crate::problem::{Failure, FieldProblem, Text};
use crate::secrecy::Secrets;
use chrono::Duration;
use entity::invitation::Model;
use entity::value::{InvitationId, InvitationState, OrganisationId, Role, Timestamp};
use entity::{organisation as organisation_row, person};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// How long an invitation can be accepted.
const LIFETIME: Duration = Duration::days(7);

/// The organisation meant: the caller's own, or for who reaches everything the one named.
async fn organisation_meant(
    db: &impl ConnectionTrait,
    grant: &Grant<KeepMember>,
    named: Option<OrganisationId>,
) -> Result<organisation_row::Model, IdentityError> {
    let meant = match (grant.scope(), named) {
        (Scope::Everything, None) => return Err(IdentityError::OrganisationMissing),
        (Scope::Everything, Some(named)) => named,
        (_, named) => {
            let own = grant.organisation()?;
            if named.is_some_and(|named| named != own) {
                return Err(IdentityError::NoOrganisation);
            }
            own
        }
    };
    let found = organisation::find(db, meant).await?.filter(|organisation| organisation.is_active);
    found.ok_or(IdentityError::NoOrganisation)
}

fn drafted(
    secrets: &Secrets,
    grant: &Grant<KeepMember>,
    organisation: OrganisationId,
    (email, display_name, role): (&str, &str, Role),
    now: Timestamp,
) -> Result<Model, IdentityError> {
    let id = InvitationId::generate();
    Ok(Model {
        id,
        organisation_id: organisation,
        role,
        email: email.to_owned(),
        display_name: display_name.to_owned(),
        invited_by: grant.person()?,
        token_hash: token::hash_of(&token::made_for(secrets, Opens::Invitation, id.uuid())),
        expires_at: now + LIFETIME,
        created_at: now,
        accepted_at: None,
        accepted_by: None,
        revoked_at: None,
        version: 1,
    })
}

/// Writes invitations and lets the mail go out. No address stands in the audit.
async fn send(tx: &Tx, rows: &[Model]) -> Result<(), IdentityError> {
    store::insert_many(tx, rows).await.map_err(|error| {
        let key = ["organisation_id", "email", "role"];
        if db::is_duplicate(&error, "invitation", &key) { IdentityError::InvitedAlready } else { error.into() }
    })?;
    let changes = rows.iter().map(|row| {
        let after = json!({ "organisation_id": row.organisation_id, "role": row.role, "expires_at": row.expires_at });
        Change::made("member.invite", "invitation", row.id.uuid(), after)
    });
    tx.audit_all(changes.collect()).await?;
    let events: Vec<_> = rows.iter().map(|row| Invited { invitation: row.id }).collect();
    Ok(tx.emit_all(&events).await?)
}

/// Invites one person.
pub async fn invite(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<KeepMember>,
    wanted: &Invite,
) -> Result<Invitation, IdentityError> {
    let organisation = organisation_meant(tx, grant, wanted.organisation_id).await?;
    if wanted.role == Role::Integrator || !roles::fits(wanted.role, organisation.kind) {
        return Err(IdentityError::RoleNotOfKind(wanted.role, organisation.kind));
    }
    store::revoke_expired(tx, organisation.id).await?;
    let email = wanted.email.as_str();
    let facts = (email, wanted.display_name.as_str(), wanted.role);
    if store::spoken_for(tx, organisation.id).await?.contains(&(email.to_lowercase(), wanted.role)) {
        return Err(IdentityError::InvitedAlready);
    }
    let row = drafted(secrets, grant, organisation.id, facts, tx.now())?;
    send(tx, std::slice::from_ref(&row)).await?;
    Ok(shown(row, &organisation, tx.now()))
}

fn shown(row: Model, organisation: &organisation_row::Model, now: Timestamp) -> Invitation {
    let state = state_of(&row, now);
    let Model { id, role, email, display_name, expires_at, created_at, version, .. } = row;
    Invitation {
        id,
        organisation: organisation.into(),
        role,
        email,
        display_name,
        state,
        expires_at,
        created_at,
        version,
    }
}

/// One page of invitations, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewMember>,
    query: &InvitationQuery,
    now: Timestamp,
) -> Result<Page<Invitation>, Failure> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (limit, before) = (page.limit()?, page.after()?.map(InvitationId::from_uuid));
    let rows = store::list(db, grant.scope(), query, before, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations: HashMap<_, _> =
        organisation::find_many(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let known: Vec<_> = rows
        .into_iter()
        .filter_map(|row| organisations.get(&row.organisation_id).map(|organisation| shown(row, organisation, now)))
        .collect();
    Ok(Page::of(known, limit, |row| row.id.uuid(), |row| row))
}

/// One invitation in reach.
pub async fn show(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: InvitationId,
    now: Timestamp,
) -> Result<Invitation, IdentityError> {
    let row = store::find(db, scope, id).await?.ok_or(IdentityError::NotFound)?;
    let organisation = organisation::find(db, row.organisation_id).await?.ok_or(IdentityError::NotFound)?;
    Ok(shown(row, &organisation, now))
}

/// Takes an invitation back.
pub async fn revoke(tx: &Tx, grant: &Grant<KeepMember>, id: InvitationId) -> Result<Invitation, IdentityError> {
    let before = show(tx, grant.scope(), id, tx.now()).await?;
    if !store::revoke(tx, id).await? {
        return Err(IdentityError::InvitationIn(before.state));
    }
    let to = InvitationState::Revoked.as_str();
    tx.audit(Change::moved("member.uninvite", "invitation", id.uuid(), before.state.as_str(), to)).await?;
    show(tx, grant.scope(), id, tx.now()).await
}

/// Whoever accepts.
pub enum Acceptor {
    /// A new person, with the hash of their password.
    New(String),
    /// Somebody who has an account, with what they typed.
    Known(Box<Proof>),
}

/// Makes somebody a member. A wrong password is counted and given back inside `Ok`.
pub async fn accept(
    tx: &Tx,
    wanted: &AcceptInvitation,
    acceptor: &Acceptor,
) -> Result<Result<Member, IdentityError>, IdentityError> {
    let held = store::hold_open(tx, &token::hash_of(&wanted.token)).await?.ok_or(IdentityError::InvitationInvalid)?;
    let organisation = organisation::find(tx, held.organisation_id).await?.filter(|row| row.is_active);
    let organisation = organisation.ok_or(IdentityError::InvitationInvalid)?;
    let person: person::Model = match acceptor {
        Acceptor::New(password_hash) => {
            let new = NewPerson {
                username: wanted.username.as_str().to_owned(),
                display_name: held.display_name.clone(),
                email: Some(held.email.clone()),
                password_hash: password_hash.clone(),
                is_demonstration: false,
            };
            identity::insert_person(tx, &new).await?
        }
        Acceptor::Known(proof) => match proof.demand(tx).await? {
            Ok(person) => person,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    four_eyes::apart([held.invited_by], person.id)?;
    let membership = identity::insert_membership(tx, person.id, &organisation, held.role).await?;
    store::accept(tx, held.id, person.id).await?;
    let mut change = Change::moved("member.accept", "invitation", held.id.uuid(), "open", "accepted");
    change.after = Some(json!({ "state": "accepted", "person_id": person.id, "membership_id": membership.id }));
    tx.audit(change).await?;
    Ok(Ok(Member { person: Person::from(&person), membership: Membership::of(&membership, &organisation) }))
}

/// Looks at a sheet of accounts, and invites everybody in it when that is asked for and every row is good.
pub async fn import(
    tx: &Tx,
    secrets: &Secrets,
    grant: &Grant<KeepMember>,
    named: Option<OrganisationId>,
    lines: &[Vec<String>],
    commit: bool,
) -> Result<ImportedMembers, IdentityError> {
    let organisation = organisation_meant(tx, grant, named).await?;
    let mut rows = sheet::rows(lines, organisation.kind)?;
    if commit {
        store::revoke_expired(tx, organisation.id).await?;
    }
    let taken: HashSet<_> = store::spoken_for(tx, organisation.id).await?.into_iter().collect();
    for row in &mut rows {
        if row.role.is_some_and(|role| taken.contains(&(row.email.to_lowercase(), role))) {
            sheet::fault(row, "email", "已是成员或已被邀请担任此岗位", "they hold the role or are invited to it");
        }
    }
    let faulty = rows.iter().filter(|row| !row.faults.is_empty()).count();
    if commit && faulty > 0 {
        return Err(IdentityError::SheetRows(rows.iter().flat_map(field_problems).take(100).collect()));
    }
    if commit {
        let mut made = Vec::with_capacity(rows.len());
        for SheetRow { email, display_name, role, .. } in &rows {
            let Some(role) = role else { continue };
            made.push(drafted(secrets, grant, organisation.id, (email, display_name, *role), tx.now())?);
        }
        send(tx, &made).await?;
    }
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    Ok(ImportedMembers { committed: commit, rows_good: count(rows.len() - faulty), rows_faulty: count(faulty), rows })
}

fn field_problems(row: &SheetRow) -> impl Iterator<Item = FieldProblem> + '_ {
    row.faults.iter().map(|fault| FieldProblem {
        pointer: format!("/rows/{}/{}", row.line, fault.column),
        detail: Text::new(format!("第 {} 行：{}。", row.line, fault.zh), format!("Line {}: {}.", row.line, fault.en)),
    })
}
