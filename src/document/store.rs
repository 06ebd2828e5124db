//! What is known about files, in the database.

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::stored_file::{ActiveModel, Column, Entity, Model};
use entity::value::{FileId, OrganisationId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Select};

/// Where every query begins.
fn visible(scope: &Scope) -> Select<Entity> {
    match scope {
        Scope::Everything => Entity::find(),
        Scope::Organisation(id) => Entity::find().filter(Column::OrganisationId.eq(*id)),
        Scope::Tree(_) | Scope::County(_) | Scope::AssignedHouseholds(_) => {
            Entity::find().filter(Column::OrganisationId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

/// A file in reach.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: FileId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn find_own(
    db: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[FileId],
) -> Result<Vec<Model>, DbErr> {
    let own = Scope::Organisation(organisation);
    visible(&own).filter(Column::Id.is_in(ids.iter().copied())).all(db).await
}

pub(super) async fn insert(tx: &Tx, row: ActiveModel) -> Result<Model, DbErr> {
    Entity::insert(row).exec_with_returning(tx).await
}

/// Those of these contents that a row names.
pub(super) async fn named(db: &impl ConnectionTrait, hashes: &[String]) -> Result<Vec<String>, DbErr> {
    let mut named = Vec::new();
    for part in hashes.chunks(1000) {
        let rows =
            Entity::find().select_only().column(Column::Sha256).filter(Column::Sha256.is_in(part.iter().cloned()));
        named.extend(rows.into_tuple::<String>().all(db).await?);
    }
    Ok(named)
}
