//! Keys in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::api_key::{Column, Entity, Model};
use entity::value::{ApiKeyId, MembershipId, PersonId, Timestamp};
use entity::{membership, person};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(id) => rows.filter(Column::OrganisationId.eq(*id)),
        Scope::Tree(_) | Scope::County(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(Column::OrganisationId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: ApiKeyId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// Newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<ApiKeyId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

pub async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Revokes a key; false when it was revoked before.
pub async fn revoke(tx: &Tx, id: ApiKeyId, by: PersonId) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .col_expr(Column::RevokedBy, Expr::value(by))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected == 1)
}

/// The key with this hash, while it is good and its software may act.
pub async fn find_good(db: &impl ConnectionTrait, hash: &str, now: Timestamp) -> Result<Option<Model>, DbErr> {
    let holds = sea_orm::sea_query::Query::select()
        .column(membership::Column::Id)
        .from(membership::Entity)
        .and_where(membership::Column::IsActive.eq(true))
        .to_owned();
    let acts = sea_orm::sea_query::Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::IsActive.eq(true))
        .to_owned();
    Entity::find()
        .filter(Column::Hash.eq(hash))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::MembershipId.in_subquery(holds))
        .filter(Column::PersonId.in_subquery(acts))
        .one(db)
        .await
}

/// Notes a use, unless one was noted since then.
pub async fn touch(tx: &Tx, id: ApiKeyId, unless_since: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lte(unless_since)))
        .exec(tx)
        .await
        .map(drop)
}

/// The software of a key holds its role no more.
pub async fn end_membership(tx: &Tx, id: MembershipId) -> Result<(), DbErr> {
    membership::Entity::update_many()
        .col_expr(membership::Column::IsActive, Expr::value(false))
        .col_expr(membership::Column::RemovedAt, Expr::value(tx.now()))
        .col_expr(membership::Column::Version, Expr::col(membership::Column::Version).add(1))
        .filter(membership::Column::Id.eq(id))
        .filter(membership::Column::RemovedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}
