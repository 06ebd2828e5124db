//! Memberships as an administrator sees them. Every read for a caller begins at [`visible`].

use super::view::MemberQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::membership::{Column, Entity, Model};
use entity::value::{MembershipId, MembershipState, OrganisationId, PersonId, Role};
use entity::{membership, person};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
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

pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: MembershipId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// Held until the transaction ends.
pub async fn hold(tx: &Tx, scope: &Scope, id: MembershipId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Oldest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &MemberQuery,
    after: Option<MembershipId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_asc(Column::Id).limit(limit);
    if let Some(organisation) = query.organisation_id {
        rows = rows.filter(Column::OrganisationId.eq(organisation));
    }
    if let Some(role) = query.role {
        rows = rows.filter(Column::Role.eq(role));
    }
    rows = match query.state {
        None => rows,
        Some(MembershipState::Active) => rows.filter(Column::IsActive.eq(true)),
        Some(MembershipState::Suspended) => rows.filter(Column::IsActive.eq(false)).filter(Column::RemovedAt.is_null()),
        Some(MembershipState::Removed) => rows.filter(Column::RemovedAt.is_not_null()),
    };
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    rows.all(db).await
}

/// Those who hold this role in an organisation and may sign in, held until the transaction ends, in one order.
pub async fn hold_active(tx: &Tx, organisation: OrganisationId, role: Role) -> Result<Vec<Model>, DbErr> {
    let may_sign_in = Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::IsActive.eq(true))
        .to_owned();
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Role.eq(role))
        .filter(Column::IsActive.eq(true))
        .filter(Column::PersonId.in_subquery(may_sign_in))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}

/// Writes what was decided; the version grows.
pub async fn write(tx: &Tx, row: Model) -> Result<Model, DbErr> {
    let mut change: membership::ActiveModel = row.clone().into_active_model();
    change.role = Set(row.role);
    change.is_active = Set(row.is_active);
    change.removed_at = Set(row.removed_at);
    change.version = Set(row.version + 1);
    change.update(tx).await
}

/// What a person holds anywhere, held until the transaction ends.
pub async fn hold_of(tx: &Tx, person: PersonId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person)).order_by_asc(Column::Id).lock_exclusive().all(tx).await
}

/// People by their identifiers.
pub async fn people(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<Vec<person::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    person::Entity::find().filter(person::Column::Id.is_in(ids.iter().copied())).all(db).await
}

/// Closes an account; false when it was closed before.
pub async fn close(tx: &Tx, person: PersonId) -> Result<bool, DbErr> {
    let closed = person::Entity::update_many()
        .col_expr(person::Column::IsActive, Expr::value(false))
        .col_expr(person::Column::ClosedAt, Expr::value(tx.now()))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(person))
        .filter(person::Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(closed.rows_affected == 1)
}

/// Who holds what in an organisation and was not removed, held until the transaction ends.
pub async fn hold_in(tx: &Tx, organisation: OrganisationId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}

/// New memberships; one that was removed before is given back.
pub async fn insert_many(tx: &Tx, rows: Vec<Model>) -> Result<(), DbErr> {
    let key = [Column::PersonId, Column::OrganisationId, Column::Role];
    for part in rows.chunks(500) {
        let again = OnConflict::columns(key).update_columns([Column::IsActive, Column::RemovedAt]).to_owned();
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(part).on_conflict(again).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Nobody holds anything in an organisation any more.
pub async fn remove_all(tx: &Tx, organisation: OrganisationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::IsActive, Expr::value(false))
        .col_expr(Column::RemovedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RemovedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}
