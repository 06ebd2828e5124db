//! Requests for new passwords in the database.

use crate::db::Tx;
use entity::password_reset::{Column, Entity, Model};
use entity::person;
use entity::value::{PasswordResetId, PersonId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect};

pub async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Whether this name was asked for since then.
pub async fn was_asked(tx: &Tx, asked_hash: &str, since: Timestamp) -> Result<bool, DbErr> {
    let recent = Entity::find().filter(Column::AskedHash.eq(asked_hash)).filter(Column::CreatedAt.gt(since));
    Ok(recent.one(tx).await?.is_some())
}

pub async fn find(db: &impl ConnectionTrait, id: PasswordResetId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// The one whose token has this hash, while it can be used; held until the transaction ends.
pub async fn hold_open(tx: &Tx, token_hash: &str) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()))
        .lock_exclusive()
        .one(tx)
        .await
}

/// A new password uses up every token of the person.
pub async fn use_up(tx: &Tx, person: PersonId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(tx.now()))
        .filter(Column::PersonId.eq(person))
        .filter(Column::UsedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}

pub async fn set_password(tx: &Tx, person: PersonId, hash: &str) -> Result<(), DbErr> {
    person::Entity::update_many()
        .col_expr(person::Column::PasswordHash, Expr::value(hash))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(person))
        .exec(tx)
        .await
        .map(drop)
}

/// Requests that can be used no more say nothing.
pub async fn forget_expired(tx: &Tx, before: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(tx).await.map(drop)
}
