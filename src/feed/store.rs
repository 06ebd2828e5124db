//! The feed in the database. Every read is of one organisation.

use crate::access::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule};
use crate::problem::Failure;
use entity::feed_entry::{Column, Entity, Model};
use entity::value::{OrganisationId, OutboxId, Timestamp};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

/// How long entries are kept: whoever stays away for longer begins anew.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "feed_entry",
    what: ("变更流的条目", "Entries of the change feed"),
    kept: Kept::Days {
        days: 90,
        zh: "发布后九十天",
        erase: |app, before| Box::pin(async move { erase(app, before).await }),
    },
    why: (
        "供对接系统追赶之用，所述业务另有记录；《个人信息保护法》第十九条：保存期限为最短时间",
        "What events tell stands in the records themselves; kept for systems to catch up and no longer",
    ),
}];

/// Whether an event is in the feed of one of these; it is entered for all at once.
pub(super) async fn is_published(
    tx: &Tx,
    owners: impl Iterator<Item = OrganisationId>,
    event: OutboxId,
) -> Result<bool, DbErr> {
    let one = Entity::find().select_only().column(Column::Position).filter(Column::EventId.eq(event));
    let one = one.filter(Column::OrganisationId.is_in(owners));
    Ok(one.into_tuple::<i64>().one(tx).await?.is_some())
}

pub(super) async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<(), DbErr> {
    let rows: Vec<_> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    for some in rows.chunks(1000) {
        Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The entries of an organisation after a position, in their order; of some kinds when they are named.
pub(super) async fn after(
    db: &impl ConnectionTrait,
    owner: OrganisationId,
    position: i64,
    topics: &[String],
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::OrganisationId.eq(owner))
        .filter(Column::Position.gt(position))
        .order_by_asc(Column::Position)
        .limit(limit);
    if !topics.is_empty() {
        rows = rows.filter(Column::Topic.is_in(topics));
    }
    rows.all(db).await
}

/// The entries from one position to another.
pub(super) async fn between(db: &impl ConnectionTrait, first: i64, last: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Position.between(first, last)).order_by_asc(Column::Position).all(db).await
}

async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    let old = Query::select()
        .column(Column::Position)
        .from(Entity)
        .and_where(Column::CreatedAt.lt(before))
        .limit(ERASED_AT_ONCE)
        .to_owned();
    app.transact(&Actor::System, async |tx| -> Result<u64, DbErr> {
        let gone = Entity::delete_many().filter(Column::Position.in_subquery(old.clone())).exec(tx).await?;
        Ok(gone.rows_affected)
    })
    .await
}
