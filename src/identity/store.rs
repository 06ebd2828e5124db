//! People and their memberships in the database.
//!
//! There are no scopes here: a person is found by what they sign in with, a membership through its person.

use crate::db::Tx;
use entity::value::PersonId;
use entity::{membership, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

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
