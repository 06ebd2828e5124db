//! People and their memberships in the database.
//!
//! There are no scopes here: a person is found by what they sign in with, a membership through its person.

use crate::db::Tx;
use crate::organisation;
use entity::value::{OrganisationId, PersonId, Role};
use entity::{membership, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

pub(super) async fn find_by_username(
    db: &impl ConnectionTrait,
    username: &str,
) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find().filter(person::Column::Username.eq(username)).one(db).await
}

pub(super) async fn find_person(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id).one(db).await
}

/// What a person holds now, the oldest first.
pub(super) async fn memberships_of(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<membership::Model>, DbErr> {
    membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::IsActive.eq(true))
        .order_by_asc(membership::Column::Id)
        .all(db)
        .await
}

pub(super) async fn insert_person(tx: &Tx, row: person::ActiveModel) -> Result<person::Model, DbErr> {
    person::Entity::insert(row).exec_with_returning(tx).await
}

pub(super) async fn insert_membership(tx: &Tx, row: membership::ActiveModel) -> Result<membership::Model, DbErr> {
    membership::Entity::insert(row).exec_with_returning(tx).await
}

/// Whether people of the demonstration world are known here; a production server refuses to start among them.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has_demonstration_accounts(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let demonstration = person::Entity::find().filter(person::Column::IsDemonstration.eq(true));
    Ok(demonstration.one(db).await?.is_some())
}

/// Somebody's role in an organisation that may act, held until the transaction ends; none when they do not have it,
/// may not sign in, or have it in several and none was named.
///
/// # Errors
/// When the database cannot be asked.
pub async fn hold_role(
    tx: &Tx,
    username: &str,
    role: Role,
    organisation: Option<OrganisationId>,
) -> Result<Option<membership::Model>, DbErr> {
    let Some(person) = find_by_username(tx, username).await?.filter(|person| person.is_active) else { return Ok(None) };
    let mut held = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person.id))
        .filter(membership::Column::Role.eq(role))
        .filter(membership::Column::IsActive.eq(true))
        .lock_exclusive();
    if let Some(organisation) = organisation {
        held = held.filter(membership::Column::OrganisationId.eq(organisation));
    }
    let mut held = held.all(tx).await?;
    let ids: Vec<_> = held.iter().map(|row| row.organisation_id).collect();
    let acting = organisation::find_many(tx, &ids).await?;
    held.retain(|row| {
        acting.iter().any(|organisation| organisation.id == row.organisation_id && organisation.is_active)
    });
    Ok(if held.len() == 1 { held.pop() } else { None })
}

/// Whether somebody still has a role in an organisation and may sign in: for work that is done for them later.
///
/// # Errors
/// When the database cannot be asked.
pub async fn may_act(
    db: &impl ConnectionTrait,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
) -> Result<bool, DbErr> {
    let held = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::Role.eq(role))
        .filter(membership::Column::IsActive.eq(true));
    let known = person::Entity::find_by_id(person).one(db).await?;
    Ok(held.one(db).await?.is_some() && known.is_some_and(|person| person.is_active))
}

/// The names others see of these people.
///
/// # Errors
/// When the database cannot be asked.
pub async fn names_of(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    Ok(people.into_iter().map(|person| (person.id, person.display_name)).collect())
}
