//! Mail and wishes in the database.

use crate::db::Tx;
use entity::value::{MailId, MailState, OrganisationId, PersonId, Role, Timestamp};
use entity::{mail, mail_preference, membership, person};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// Whether a mail of this key is there, whatever became of it.
pub(super) async fn is_posted(db: &impl ConnectionTrait, key: &str) -> Result<bool, DbErr> {
    let one = mail::Entity::find().select_only().column(mail::Column::Id).filter(mail::Column::Key.eq(key));
    Ok(one.into_tuple::<MailId>().one(db).await?.is_some())
}

/// Writes a mail down, unless it is there.
pub(super) async fn insert(tx: &Tx, row: mail::Model) -> Result<(), DbErr> {
    let once = OnConflict::column(mail::Column::Key).do_nothing().to_owned();
    mail::Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(tx).await.map(drop)
}

/// The mails, newest first; of one state when it is named.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    state: Option<MailState>,
    before: Option<MailId>,
    limit: u64,
) -> Result<Vec<mail::Model>, DbErr> {
    let mut rows = mail::Entity::find().order_by_desc(mail::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(mail::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(mail::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// What waits to be gathered, person by person, the oldest first.
pub(super) async fn gathered(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<mail::Model>, DbErr> {
    mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Gathered))
        .order_by_asc(mail::Column::PersonId)
        .order_by_asc(mail::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Says that these were gathered into one mail.
pub(super) async fn merged(tx: &Tx, ids: Vec<MailId>, person: PersonId, error: Option<String>) -> Result<(), DbErr> {
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Merged.as_str()))
        .col_expr(mail::Column::Body, Expr::value(Option::<String>::None))
        .col_expr(mail::Column::Error, Expr::value(error))
        .col_expr(mail::Column::SentAt, Expr::value(tx.now()))
        .filter(mail::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    mail_preference::Entity::update_many()
        .col_expr(mail_preference::Column::DigestedAt, Expr::value(tx.now()))
        .filter(mail_preference::Column::PersonId.eq(person))
        .exec(tx)
        .await
        .map(drop)
}

/// What these people wish.
pub(super) async fn wishes(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashMap<PersonId, mail_preference::Model>, DbErr> {
    let rows = mail_preference::Entity::find().filter(mail_preference::Column::PersonId.is_in(people.iter().copied()));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.person_id, row)).collect())
}

/// What somebody wishes, when they ever said so.
pub(super) async fn wish(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<mail_preference::Model>, DbErr> {
    mail_preference::Entity::find_by_id(person).one(db).await
}

/// Writes down what somebody wishes; false when they said otherwise meanwhile.
pub(super) async fn keep_wish(tx: &Tx, row: mail_preference::Model, seen: i64) -> Result<bool, DbErr> {
    if seen == 0 {
        let once = OnConflict::column(mail_preference::Column::PersonId).do_nothing().to_owned();
        let new = mail_preference::Entity::insert(row.into_active_model()).on_conflict(once);
        return Ok(new.exec_without_returning(tx).await? == 1);
    }
    let update = mail_preference::Entity::update_many()
        .col_expr(mail_preference::Column::Language, Expr::value(row.language.as_str()))
        .col_expr(mail_preference::Column::Digest, Expr::value(row.digest))
        .col_expr(mail_preference::Column::QuietFrom, Expr::value(row.quiet_from))
        .col_expr(mail_preference::Column::QuietUntil, Expr::value(row.quiet_until))
        .col_expr(mail_preference::Column::Muted, Expr::value(row.muted))
        .col_expr(mail_preference::Column::Version, Expr::value(seen + 1))
        .filter(mail_preference::Column::PersonId.eq(row.person_id))
        .filter(mail_preference::Column::Version.eq(seen));
    Ok(update.exec(tx).await?.rows_affected == 1)
}

/// The people who act for an organisation in one of these roles and whom mail reaches: each once.
pub(super) async fn reached(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    roles: &[Role],
) -> Result<Vec<(PersonId, String)>, DbErr> {
    let held = sea_orm::sea_query::Query::select()
        .column(membership::Column::PersonId)
        .from(membership::Entity)
        .and_where(membership::Column::OrganisationId.eq(organisation))
        .and_where(membership::Column::Role.is_in(roles.iter().copied()))
        .and_where(membership::Column::IsActive.eq(true))
        .to_owned();
    let rows = person::Entity::find()
        .filter(person::Column::Id.in_subquery(held))
        .filter(person::Column::IsActive.eq(true))
        .filter(person::Column::Email.is_not_null())
        .order_by_asc(person::Column::Id);
    Ok(rows.all(db).await?.into_iter().filter_map(|row| Some((row.id, row.email?))).collect())
}

/// Where mail reaches these people.
pub(super) async fn addresses(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashMap<PersonId, String>, DbErr> {
    let rows = person::Entity::find().filter(person::Column::Id.is_in(people.iter().copied()));
    let rows = rows.filter(person::Column::IsActive.eq(true)).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.email?))).collect())
}

/// Removes a batch of mails written before an instant.
pub(super) async fn erase(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let old = sea_orm::sea_query::Query::select()
        .column(mail::Column::Id)
        .from(mail::Entity)
        .and_where(mail::Column::CreatedAt.lt(before))
        .limit(limit)
        .to_owned();
    Ok(mail::Entity::delete_many().filter(mail::Column::Id.in_subquery(old)).exec(tx).await?.rows_affected)
}
