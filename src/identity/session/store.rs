//! Sessions, the hashes of their refresh tokens, and failed attempts in the database.
//!
//! Own sessions are found through their person; only the operator's right reaches others'.

use crate::db::Tx;
use crate::jobs::ERASED_AT_ONCE;
use entity::value::{MembershipId, OrganisationId, PersonId, SessionEnd, SessionId, Timestamp};
use entity::{refresh_token, session, sign_in_attempt};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub(super) async fn insert(tx: &Tx, row: session::ActiveModel) -> Result<session::Model, DbErr> {
    session::Entity::insert(row).exec_with_returning(tx).await
}

pub(in crate::identity) async fn find(
    db: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(id).one(db).await
}

/// Whose sessions are meant.
pub(super) enum Whose {
    /// All of a person.
    Person(PersonId),
    /// Those in one role for one organisation.
    Membership(MembershipId),
}

/// What is open, the latest first.
pub(super) async fn open_of(
    db: &impl ConnectionTrait,
    whose: Whose,
    now: Timestamp,
    before: Option<SessionId>,
    limit: u64,
) -> Result<Vec<session::Model>, DbErr> {
    let own = match whose {
        Whose::Person(person) => session::Column::PersonId.eq(person),
        Whose::Membership(membership) => session::Column::MembershipId.eq(membership),
    };
    let mut open = session::Entity::find()
        .filter(own)
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        open = open.filter(session::Column::Id.lt(before));
    }
    open.all(db).await
}

/// Whether this person was signed in from this address before.
pub(super) async fn was_here(db: &impl ConnectionTrait, person: PersonId, address: &str) -> Result<bool, DbErr> {
    let here = session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::Address.eq(address));
    Ok(here.one(db).await?.is_some())
}

/// Whether this person had a session from a known address before this one.
pub(super) async fn was_anywhere(tx: &Tx, person: PersonId, but: SessionId) -> Result<bool, DbErr> {
    let others = session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::Id.ne(but))
        .filter(session::Column::Address.is_not_null());
    Ok(others.one(tx).await?.is_some())
}

/// Notes that a session was used; false when it has ended.
pub(super) async fn touch(tx: &Tx, id: SessionId, expires_at: Timestamp) -> Result<bool, DbErr> {
    let touched = session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, Expr::value(tx.now()))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(touched.rows_affected == 1)
}

fn revoking(tx: &Tx, why: SessionEnd) -> sea_orm::UpdateMany<session::Entity> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(tx.now()))
        .col_expr(session::Column::RevokeReason, Expr::value(why.as_str()))
        .filter(session::Column::RevokedAt.is_null())
}

/// Ends one session; false when it has ended before.
pub(super) async fn revoke(tx: &Tx, id: SessionId, why: SessionEnd) -> Result<bool, DbErr> {
    Ok(revoking(tx, why).filter(session::Column::Id.eq(id)).exec(tx).await?.rows_affected == 1)
}

/// Ends every session of a family that has not ended yet, and tells which.
pub(super) async fn revoke_family(tx: &Tx, family: SessionId, why: SessionEnd) -> Result<Vec<SessionId>, DbErr> {
    let ended = revoking(tx, why).filter(session::Column::Family.eq(family)).exec_with_returning(tx).await?;
    Ok(ended.into_iter().map(|row| row.id).collect())
}

async fn ended(revoking: sea_orm::UpdateMany<session::Entity>, tx: &Tx) -> Result<Vec<SessionId>, DbErr> {
    Ok(revoking.exec_with_returning(tx).await?.into_iter().map(|row| row.id).collect())
}

pub(super) async fn revoke_of_membership(
    tx: &Tx,
    membership: MembershipId,
    why: SessionEnd,
) -> Result<Vec<SessionId>, DbErr> {
    ended(revoking(tx, why).filter(session::Column::MembershipId.eq(membership)), tx).await
}

pub(super) async fn revoke_of_person(
    tx: &Tx,
    person: PersonId,
    but: Option<SessionId>,
    why: SessionEnd,
) -> Result<Vec<SessionId>, DbErr> {
    let mut revoking = revoking(tx, why).filter(session::Column::PersonId.eq(person));
    if let Some(but) = but {
        revoking = revoking.filter(session::Column::Id.ne(but));
    }
    ended(revoking, tx).await
}

pub(super) async fn revoke_of_organisation(
    tx: &Tx,
    organisation: OrganisationId,
    why: SessionEnd,
) -> Result<Vec<SessionId>, DbErr> {
    ended(revoking(tx, why).filter(session::Column::OrganisationId.eq(organisation)), tx).await
}

pub(super) async fn insert_token(tx: &Tx, row: refresh_token::ActiveModel) -> Result<(), DbErr> {
    refresh_token::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Uses a token; false when it is unknown, used already, or too old. Of two at once, one succeeds.
pub(super) async fn use_token(tx: &Tx, hash: &str, replaced_by: &str) -> Result<bool, DbErr> {
    let used = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(tx.now()))
        .col_expr(refresh_token::Column::ReplacedBy, Expr::value(replaced_by))
        .filter(refresh_token::Column::Hash.eq(hash))
        .filter(refresh_token::Column::UsedAt.is_null())
        .filter(refresh_token::Column::ExpiresAt.gt(tx.now()))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

pub(super) async fn find_token(tx: &Tx, hash: &str) -> Result<Option<refresh_token::Model>, DbErr> {
    refresh_token::Entity::find_by_id(hash.to_owned()).one(tx).await
}

/// Tokens that have expired say nothing any more, used or not.
pub(super) async fn forget_expired(tx: &Tx, session: SessionId) -> Result<(), DbErr> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.eq(session))
        .filter(refresh_token::Column::ExpiresAt.lte(tx.now()))
        .exec(tx)
        .await?;
    Ok(())
}

/// The counts under these keys.
pub(super) async fn attempts(db: &impl ConnectionTrait, keys: [&str; 2]) -> Result<Vec<sign_in_attempt::Model>, DbErr> {
    sign_in_attempt::Entity::find().filter(sign_in_attempt::Column::Key.is_in(keys)).all(db).await
}

/// The same, held until the transaction ends, in one order.
pub(super) async fn hold_attempts(tx: &Tx, keys: [&str; 2]) -> Result<Vec<sign_in_attempt::Model>, DbErr> {
    sign_in_attempt::Entity::find()
        .filter(sign_in_attempt::Column::Key.is_in(keys))
        .order_by_asc(sign_in_attempt::Column::Key)
        .lock_exclusive()
        .all(tx)
        .await
}

/// Makes sure that both counts are there to be held, so that of many failures at once none is lost.
pub(super) async fn begin_attempts(tx: &Tx, keys: [&str; 2]) -> Result<(), DbErr> {
    let mut rows = keys.map(|key| sign_in_attempt::ActiveModel {
        key: Set(key.to_owned()),
        failures: Set(0),
        last_failed_at: Set(tx.now()),
        blocked_until: Set(None),
    });
    rows.sort_by(|one, other| one.key.as_ref().cmp(other.key.as_ref()));
    let there = OnConflict::column(sign_in_attempt::Column::Key).do_nothing().to_owned();
    match sign_in_attempt::Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn count_failure(
    tx: &Tx,
    key: &str,
    failures: i32,
    blocked_until: Option<Timestamp>,
) -> Result<(), DbErr> {
    sign_in_attempt::Entity::update_many()
        .col_expr(sign_in_attempt::Column::Failures, Expr::value(failures))
        .col_expr(sign_in_attempt::Column::LastFailedAt, Expr::value(tx.now()))
        .col_expr(sign_in_attempt::Column::BlockedUntil, Expr::value(blocked_until))
        .filter(sign_in_attempt::Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn forget_failures(tx: &Tx, key: &str) -> Result<(), DbErr> {
    sign_in_attempt::Entity::delete_by_id(key.to_owned()).exec(tx).await?;
    Ok(())
}

/// Counts whose last failure is so old that they say nothing any more.
pub(super) async fn forget_old_failures(tx: &Tx, before: Timestamp) -> Result<(), DbErr> {
    sign_in_attempt::Entity::delete_many().filter(sign_in_attempt::Column::LastFailedAt.lt(before)).exec(tx).await?;
    Ok(())
}

/// Erases a batch of sessions that ended before an instant, with their tokens.
pub(super) async fn erase_sessions(tx: &Tx, before: Timestamp) -> Result<u64, DbErr> {
    let old = session::Entity::find().filter(session::Column::ExpiresAt.lt(before)).order_by_asc(session::Column::Id);
    let old: Vec<SessionId> = old.limit(ERASED_AT_ONCE).all(tx).await?.into_iter().map(|row| row.id).collect();
    if old.is_empty() {
        return Ok(0);
    }
    let tokens = refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.is_in(old.clone()));
    tokens.exec(tx).await?;
    let gone = session::Entity::delete_many().filter(session::Column::Id.is_in(old)).exec(tx).await?;
    Ok(gone.rows_affected)
}

/// Erases a batch of tokens that expired before an instant.
pub(super) async fn erase_tokens(tx: &Tx, before: Timestamp) -> Result<u64, DbErr> {
    let old = Query::select()
        .column(refresh_token::Column::Hash)
        .from(refresh_token::Entity)
        .and_where(refresh_token::Column::ExpiresAt.lt(before))
        .limit(ERASED_AT_ONCE)
        .to_owned();
    let gone = refresh_token::Entity::delete_many().filter(refresh_token::Column::Hash.in_subquery(old)).exec(tx);
    Ok(gone.await?.rows_affected)
}

/// Erases a batch of counts whose last failure was before an instant.
pub(super) async fn erase_attempts(tx: &Tx, before: Timestamp) -> Result<u64, DbErr> {
    let old = Query::select()
        .column(sign_in_attempt::Column::Key)
        .from(sign_in_attempt::Entity)
        .and_where(sign_in_attempt::Column::LastFailedAt.lt(before))
        .limit(ERASED_AT_ONCE)
        .to_owned();
    let gone = sign_in_attempt::Entity::delete_many().filter(sign_in_attempt::Column::Key.in_subquery(old)).exec(tx);
    Ok(gone.await?.rows_affected)
}
