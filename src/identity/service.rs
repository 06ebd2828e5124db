//! What happens to people: they are entered, register, are given a role. Signing in is in `session`.

use super::error::IdentityError;
use super::view::{AddMember, Me, Member, Membership, Person, Registered, Registration};
use super::{roles, store};
use crate::access::policy::{AddMember as MayAddMember, Register};
use crate::access::{self, AccessError, Grant};
use crate::db::{self, Change, Tx};
use crate::organisation::{self, NewOrganisation, Organisation};
use crate::secrecy::Secrets;
use entity::value::{MembershipId, OrganisationId, PersonId, Role};
use entity::{membership, organisation as organisation_row, person};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

/// What is entered about a person.
#[derive(Clone)]
pub struct NewPerson {
    /// What they sign in with.
    pub username: String,
    /// The name others see.
    pub display_name: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// The hash of their password, from [`super::hash_password`].
    pub password_hash: String,
    /// Whether they belong to the demonstration world.
    pub is_demonstration: bool,
}

/// A membership with its organisation.
pub(super) type Held = (membership::Model, organisation_row::Model);

/// Enters a person. Who may is asked by whoever calls.
///
/// # Errors
/// [`IdentityError::UsernameTaken`].
pub async fn add_person(tx: &Tx, new: &NewPerson) -> Result<PersonId, IdentityError> {
    Ok(insert_person(tx, new).await?.id)
}

pub(super) async fn insert_person(tx: &Tx, new: &NewPerson) -> Result<person::Model, IdentityError> {
    let row = person::ActiveModel {
        id: Set(PersonId::generate()),
        username: Set(new.username.clone()),
        display_name: Set(new.display_name.clone()),
        email: Set(new.email.clone()),
        password_hash: Set(new.password_hash.clone()),
        is_demonstration: Set(new.is_demonstration),
        is_active: Set(true),
        created_at: Set(tx.now()),
        closed_at: Set(None),
        version: Set(1),
    };
    let row = store::insert_person(tx, row).await.map_err(|error| {
        if db::is_duplicate(&error, "person", &["username"]) { IdentityError::UsernameTaken } else { error.into() }
    })?;
    let after = json!({ "username": row.username, "is_demonstration": row.is_demonstration });
    tx.audit(Change::made("person.add", "person", row.id.uuid(), after)).await?;
    Ok(row)
}

/// Gives a person a role in an organisation. Who may is asked by whoever calls.
///
/// # Errors
/// When there is no such organisation, it has no such role, or the person holds it already.
pub async fn add_membership(
    tx: &Tx,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
) -> Result<MembershipId, IdentityError> {
    let organisation = organisation::find(tx, organisation).await?.ok_or(IdentityError::NoOrganisation)?;
    Ok(insert_membership(tx, person, &organisation, role).await?.id)
}

pub(super) async fn insert_membership(
    tx: &Tx,
    person: PersonId,
    organisation: &organisation_row::Model,
    role: Role,
) -> Result<membership::Model, IdentityError> {
    if !roles::fits(role, organisation.kind) {
        return Err(IdentityError::RoleNotOfKind(role, organisation.kind));
    }
    let row = membership::ActiveModel {
        id: Set(MembershipId::generate()),
        person_id: Set(person),
        organisation_id: Set(organisation.id),
        role: Set(role),
        is_active: Set(true),
        created_at: Set(tx.now()),
        removed_at: Set(None),
        version: Set(1),
    };
    let row = store::insert_membership(tx, row).await.map_err(|error| {
        let key = ["person_id", "organisation_id", "role"];
        if db::is_duplicate(&error, "membership", &key) { IdentityError::MembershipThere } else { error.into() }
    })?;
    let after = json!({ "person_id": person, "organisation_id": organisation.id, "role": role });
    tx.audit(Change::made("member.add", "membership", row.id.uuid(), after)).await?;
    Ok(row)
}

/// What a person holds, each with its organisation, where that may act.
pub(super) async fn held_by(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Held>, IdentityError> {
    let rows = store::memberships_of(db, person).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations = organisation::find_many(db, &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let organisation = organisations.iter().find(|o| o.id == row.organisation_id && o.is_active)?;
            Some((row, organisation.clone()))
        })
        .collect())
}

/// Who somebody is, for whom they act, and for whom they could.
pub(super) fn me(person: &person::Model, acting: &Held, held: &[Held]) -> Me {
    let show = |(row, organisation): &Held| Membership::of(row, organisation);
    Me { person: person.into(), acting_for: show(acting), memberships: held.iter().map(show).collect() }
}

/// Who is signed in. A role that was taken away since is no longer one.
pub(super) async fn whoami(db: &impl ConnectionTrait, member: &access::Member) -> Result<Me, IdentityError> {
    let person = store::find_person(db, member.person).await?.filter(|person| person.is_active);
    let person = person.ok_or(AccessError::TokenInvalid)?;
    let held = held_by(db, person.id).await?;
    let acting = held.iter().find(|(row, _)| row.organisation_id == member.organisation && row.role == member.role);
    Ok(me(&person, acting.ok_or(AccessError::TokenInvalid)?, &held))
}

/// Registers a supplier or enterprise with its first clerk, whose password was hashed beforehand.
pub(super) async fn register(
    tx: &Tx,
    secrets: &Secrets,
    _grant: &Grant<Register>,
    wanted: &Registration,
    password_hash: &str,
) -> Result<Registered, IdentityError> {
    let (kind, role) = wanted.kind.becomes();
    let new = NewOrganisation {
        kind,
        name: wanted.name.as_str().to_owned(),
        credit_code: Some(wanted.credit_code.clone()),
        division_code: wanted.division_code.clone(),
        parent_id: None,
        contact: Some(wanted.contact.clone()),
    };
    let organisation = organisation::add(tx, secrets, &new).await?;
    let clerk = NewPerson {
        username: wanted.clerk.username.as_str().to_owned(),
        display_name: wanted.clerk.display_name.as_str().to_owned(),
        email: wanted.contact.email.as_ref().map(|email| email.as_str().to_owned()),
        password_hash: password_hash.to_owned(),
        is_demonstration: false,
    };
    let clerk = insert_person(tx, &clerk).await.map_err(at_clerk)?;
    // The first of somebody's memberships is the one they sign in with: trade before administration.
    insert_membership(tx, clerk.id, &organisation, role).await?;
    insert_membership(tx, clerk.id, &organisation, Role::Administrator).await?;
    let organisation = Organisation::of(organisation, secrets).map_err(organisation::OrganisationError::from)?;
    Ok(Registered { organisation, clerk: Person::from(&clerk) })
}

/// In a registration the user name stands one level deeper.
fn at_clerk(error: IdentityError) -> IdentityError {
    match error {
        IdentityError::UsernameTaken => IdentityError::ClerkNameTaken,
        other => other,
    }
}

/// Gives somebody a role; enters them when nobody has the user name.
pub(super) async fn add_member(
    tx: &Tx,
    _grant: &Grant<MayAddMember>,
    wanted: &AddMember,
    password_hash: Option<&str>,
) -> Result<Member, IdentityError> {
    let organisation = organisation::find(tx, wanted.organisation_id).await?.ok_or(IdentityError::NoOrganisation)?;
    // Only an API key is software.
    if wanted.role == Role::Integrator {
        return Err(IdentityError::RoleNotOfKind(wanted.role, organisation.kind));
    }
    let person = match store::find_by_username(tx, wanted.username.as_str()).await? {
        // Whoever gives a password or a name means a new person, and would otherwise believe it was set.
        Some(_) if password_hash.is_some() || wanted.display_name.is_some() || wanted.email.is_some() => {
            return Err(IdentityError::UsernameTaken);
        }
        Some(known) => known,
        None => {
            let display_name = wanted.display_name.as_ref().ok_or(IdentityError::NewPersonNeeds("display_name"))?;
            let new = NewPerson {
                username: wanted.username.as_str().to_owned(),
                display_name: display_name.as_str().to_owned(),
                email: wanted.email.as_ref().map(|email| email.as_str().to_owned()),
                password_hash: password_hash.ok_or(IdentityError::NewPersonNeeds("password"))?.to_owned(),
                is_demonstration: false,
            };
            insert_person(tx, &new).await?
        }
    };
    let membership = insert_membership(tx, person.id, &organisation, wanted.role).await?;
    Ok(Member { person: Person::from(&person), membership: Membership::of(&membership, &organisation) })
}
