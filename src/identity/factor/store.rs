//! Second factors and recovery codes in the database.

use crate::db::Tx;
use entity::recovery_code;
use entity::second_factor::{Column, Entity, Model};
use entity::value::PersonId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect};

pub async fn find(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(person).one(db).await
}

pub async fn hold(tx: &Tx, person: PersonId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(person).lock_exclusive().one(tx).await
}

/// Keeps a secret that is being set up, beside the one in use.
pub async fn set_pending(tx: &Tx, person: PersonId, cipher: String) -> Result<(), DbErr> {
    let row = Model {
        id: person,
        secret_cipher: None,
        pending_cipher: Some(cipher),
        last_step: 0,
        confirmed_at: None,
        created_at: tx.now(),
        version: 1,
    };
    let there = OnConflict::column(Column::Id).update_column(Column::PendingCipher).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(there).exec_without_returning(tx).await.map(drop)
}

/// The secret that was being set up is the one in use from now on.
pub async fn confirm(tx: &Tx, person: PersonId, cipher: &str, step: i64) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SecretCipher, Expr::value(cipher))
        .col_expr(Column::PendingCipher, Expr::value(None::<String>))
        .col_expr(Column::LastStep, Expr::value(step))
        .col_expr(Column::ConfirmedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(person))
        .exec(tx)
        .await
        .map(drop)
}

/// Notes that the code of a step was used; false when it, or a later one, was before.
pub async fn use_step(tx: &Tx, person: PersonId, step: i64) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .filter(Column::Id.eq(person))
        .filter(Column::LastStep.lt(step))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Uses a recovery code; false when there is none by this hash, or it was used.
pub async fn use_recovery(tx: &Tx, person: PersonId, hash: &str) -> Result<bool, DbErr> {
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(tx.now()))
        .filter(recovery_code::Column::Hash.eq(hash))
        .filter(recovery_code::Column::PersonId.eq(person))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// New recovery codes take the place of the old.
pub async fn replace_recovery(tx: &Tx, person: PersonId, hashes: Vec<String>) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person)).exec(tx).await?;
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.into_iter().map(|hash| {
        recovery_code::Model { hash, person_id: person, created_at: tx.now(), used_at: None }.into_active_model()
    });
    recovery_code::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

pub async fn delete(tx: &Tx, person: PersonId) -> Result<(), DbErr> {
    replace_recovery(tx, person, Vec::new()).await?;
    Entity::delete_by_id(person).exec(tx).await.map(drop)
}
