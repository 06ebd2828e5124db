//! The only SQL about applications; every read begins at [`visible`].

use crate::access::Scope;
use crate::db::{self, Tx};
use entity::value::{AdmissionId, AdmissionState, DocumentKind, FileId, OrganisationId};
use entity::{admission, admission_decision, admission_document};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

fn visible(scope: &Scope) -> Select<admission::Entity> {
    let all = admission::Entity::find();
    match scope {
        Scope::Everything => all,
        Scope::County(county) => all.filter(admission::Column::CountyCode.eq(county.clone())),
        Scope::AssignedHouseholds(_) => all.filter(Expr::value(false)),
        // Suppliers have none below them, so a tree is its root.
        Scope::Organisation(own) | Scope::Tree(own) => all.filter(admission::Column::OrganisationId.eq(*own)),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AdmissionId,
) -> Result<Option<admission::Model>, DbErr> {
    visible(scope).filter(admission::Column::Id.eq(id)).one(db).await
}

pub(super) async fn find_for_change(
    tx: &Tx,
    scope: &Scope,
    id: AdmissionId,
) -> Result<Option<admission::Model>, DbErr> {
    visible(scope).filter(admission::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first, one more than asked for.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<AdmissionState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<admission::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(admission::Column::Id).limit(limit + 1);
    if let Some(state) = state {
        rows = rows.filter(admission::Column::State.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(admission::Column::Id.lt(after));
    }
    rows.all(db).await
}

/// Whether the row went in; not when the organisation has one already.
pub(super) async fn insert(tx: &Tx, row: admission::Model) -> Result<bool, DbErr> {
    let row = row.into_active_model();
    match admission::Entity::insert(row).exec_without_returning(tx).await {
        Ok(_) => Ok(true),
        Err(error) if db::is_duplicate(&error, "admission", &["organisation_id"]) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes what changes in an application that is held for change, and counts its version up.
pub(super) async fn update(tx: &Tx, changed: &admission::Model) -> Result<(), DbErr> {
    let admission::Model {
        id,
        organisation_id: _,
        state,
        county_code: _,
        mechanism,
        return_reason,
        created_at: _,
        updated_at,
        version,
    } = changed;
    admission::Entity::update_many()
        .col_expr(admission::Column::State, Expr::value(*state))
        .col_expr(admission::Column::Mechanism, Expr::value(mechanism.clone()))
        .col_expr(admission::Column::ReturnReason, Expr::value(return_reason.clone()))
        .col_expr(admission::Column::UpdatedAt, Expr::value(*updated_at))
        .col_expr(admission::Column::Version, Expr::value(*version))
        .filter(admission::Column::Id.eq(*id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn put_document(tx: &Tx, id: AdmissionId, kind: DocumentKind, file: FileId) -> Result<(), DbErr> {
    let row = admission_document::ActiveModel { admission_id: Set(id), kind: Set(kind), file_id: Set(file) };
    let replace = OnConflict::columns([admission_document::Column::AdmissionId, admission_document::Column::Kind])
        .update_column(admission_document::Column::FileId)
        .to_owned();
    admission_document::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn documents(
    db: &impl ConnectionTrait,
    id: AdmissionId,
) -> Result<Vec<admission_document::Model>, DbErr> {
    admission_document::Entity::find()
        .filter(admission_document::Column::AdmissionId.eq(id))
        .order_by_asc(admission_document::Column::Kind)
        .all(db)
        .await
}

pub(super) async fn insert_decision(tx: &Tx, row: admission_decision::ActiveModel) -> Result<(), DbErr> {
    admission_decision::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn decisions(
    db: &impl ConnectionTrait,
    id: AdmissionId,
) -> Result<Vec<admission_decision::Model>, DbErr> {
    admission_decision::Entity::find()
        .filter(admission_decision::Column::AdmissionId.eq(id))
        .order_by_asc(admission_decision::Column::Id)
        .all(db)
        .await
}

pub(super) async fn is_admitted(db: &impl ConnectionTrait, supplier: OrganisationId) -> Result<bool, DbErr> {
    let active = admission::Entity::find()
        .filter(admission::Column::OrganisationId.eq(supplier))
        .filter(admission::Column::State.eq(AdmissionState::Active));
    Ok(active.count(db).await? > 0)
}
