//! Invitations in the database. Every read for a caller begins at [`visible`].

use super::view::InvitationQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::invitation::{Column, Entity, Model};
use entity::value::{InvitationId, OrganisationId, PersonId, Role};
use entity::{membership, person};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
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

pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: InvitationId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

/// Newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &InvitationQuery,
    before: Option<InvitationId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit);
    if let Some(organisation) = query.organisation_id {
        rows = rows.filter(Column::OrganisationId.eq(organisation));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

pub async fn insert_many(tx: &Tx, rows: &[Model]) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Those of an organisation that nobody accepted in time make room for others.
pub async fn revoke_expired(tx: &Tx, organisation: OrganisationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.lte(tx.now()))
        .exec(tx)
        .await
        .map(drop)
}

/// Takes an open one back; false when it is open no more.
pub async fn revoke(tx: &Tx, id: InvitationId) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected == 1)
}

/// The one whose token has this hash, while it can be accepted; held until the transaction ends.
pub async fn hold_open(tx: &Tx, hash: &str) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(hash))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()))
        .lock_exclusive()
        .one(tx)
        .await
}

pub async fn accept(tx: &Tx, id: InvitationId, by: PersonId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::AcceptedAt, Expr::value(tx.now()))
        .col_expr(Column::AcceptedBy, Expr::value(by))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Which addresses are invited to, or hold, which roles in an organisation; addresses in small letters.
pub async fn spoken_for(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<(String, Role)>, DbErr> {
    let invited = Entity::find()
        .select_only()
        .column(Column::Email)
        .column(Column::Role)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null());
    let mut all: Vec<(String, Role)> = invited.into_tuple().all(db).await?;
    let held = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::RemovedAt.is_null())
        .all(db)
        .await?;
    let ids: Vec<PersonId> = held.iter().map(|row| row.person_id).collect();
    let mut people = Vec::new();
    for some in ids.chunks(500) {
        people.extend(person::Entity::find().filter(person::Column::Id.is_in(some.to_vec())).all(db).await?);
    }
    for row in held {
        let email = people.iter().find(|person| person.id == row.person_id).and_then(|person| person.email.clone());
        all.extend(email.map(|email| (email, row.role)));
    }
    Ok(all.into_iter().map(|(email, role)| (email.to_lowercase(), role)).collect())
}
