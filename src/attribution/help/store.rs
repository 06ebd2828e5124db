//! Records of help in the database. Every read for a caller begins at [`visible`].

use super::view::HelpQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use entity::help_record::{Column, Entity, Model};
use entity::value::HelpRecordId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};

/// What a scope sees: a supplier its own records, a county those of its households.
fn visible(scope: &Scope) -> Select<Entity> {
    household::seen_by(scope, Entity::find(), Column::SupplierId, Column::HouseholdId)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &HelpQuery,
    after: Option<HelpRecordId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(kind) = query.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(household) = query.household_id {
        rows = rows.filter(Column::HouseholdId.eq(household));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn find_visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: HelpRecordId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}
