//! The visits' SQL. Every read for a caller begins at [`visible`].

use super::view::VisitQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use entity::help_visit::{Column, Entity, Model};
use entity::help_visit_photo as photo;
use entity::value::{HouseholdId, Timestamp, VisitId};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use std::collections::HashMap;

/// Whoever sees a household sees its visits.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        scope => Entity::find().filter(Column::HouseholdId.in_subquery(household::ids_seen(scope))),
    }
}

/// The households that were visited in a year, for use inside another query.
pub fn visited_in(year: i32) -> SelectStatement {
    Entity::find().select_only().column(Column::HouseholdId).filter(Column::Year.eq(year)).into_query()
}

/// When somebody was last at the home of each of these households; of one where nobody ever was, nothing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_visits(
    db: &impl ConnectionTrait,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Timestamp>, DbErr> {
    let mut last: HashMap<HouseholdId, Timestamp> = HashMap::new();
    for part in ids.chunks(1000) {
        let rows = Entity::find()
            .select_only()
            .columns([Column::HouseholdId, Column::VisitedAt])
            .filter(Column::HouseholdId.is_in(part.iter().copied()));
        for (household, at) in rows.into_tuple::<(HouseholdId, Timestamp)>().all(db).await? {
            let known = last.entry(household).or_insert(at);
            *known = at.max(*known);
        }
    }
    Ok(last)
}

pub(super) async fn insert(tx: &Tx, row: Model, photos: Vec<photo::Model>) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let photos = photos.into_iter().map(IntoActiveModel::into_active_model);
    photo::Entity::insert_many(photos).exec_without_returning(tx).await.map(drop)
}

/// The first photos that show these contents.
pub(super) async fn shown_before(tx: &Tx, contents: &[String]) -> Result<Vec<photo::Model>, DbErr> {
    let rows = photo::Entity::find().filter(photo::Column::Sha256.is_in(contents.iter().map(String::as_str)));
    rows.order_by_asc(photo::Column::VisitId).all(tx).await
}

pub(super) async fn find(db: &impl ConnectionTrait, scope: &Scope, id: VisitId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn photos_of(db: &impl ConnectionTrait, visits: &[VisitId]) -> Result<Vec<photo::Model>, DbErr> {
    let rows = photo::Entity::find().filter(photo::Column::VisitId.is_in(visits.iter().copied()));
    rows.order_by_asc(photo::Column::Number).all(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &VisitQuery,
    (before, limit): (Option<VisitId>, u64),
) -> Result<Vec<Model>, DbErr> {
    let reused = Query::select()
        .column(photo::Column::VisitId)
        .from(photo::Entity)
        .and_where(photo::Column::SameAs.is_not_null())
        .to_owned();
    let reused =
        |is: bool| if is { Column::Id.in_subquery(reused.clone()) } else { Column::Id.not_in_subquery(reused.clone()) };
    let conditions = Condition::all()
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.person_id.map(|id| Column::PersonId.eq(id)))
        .add_option(wanted.year.map(|year| Column::Year.eq(year)))
        .add_option(wanted.reused_photo.map(reused))
        .add_option(before.map(|before| Column::Id.lt(before)));
    visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}
