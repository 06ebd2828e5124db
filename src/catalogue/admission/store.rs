//! The only SQL about applications; every read begins at [`visible`].

use crate::access::Scope;
use crate::db::{self, Tx};
use chrono::NaiveDate;
use entity::value::{AdmissionId, AdmissionState, DocumentKind, OrganisationId};
use entity::{admission, admission_decision, admission_document};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::{HashMap, HashSet};
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
        stopped_at,
        created_at: _,
        updated_at,
        version,
    } = changed;
    let is_stopped = matches!(state, AdmissionState::Suspended | AdmissionState::Removed);
    admission::Entity::update_many()
        .col_expr(admission::Column::State, Expr::value(*state))
        .col_expr(admission::Column::Mechanism, Expr::value(mechanism.clone()))
        .col_expr(admission::Column::ReturnReason, Expr::value(return_reason.clone()))
        .col_expr(admission::Column::StoppedAt, Expr::value(stopped_at.filter(|_| is_stopped)))
        .col_expr(admission::Column::UpdatedAt, Expr::value(*updated_at))
        .col_expr(admission::Column::Version, Expr::value(*version))
        .filter(admission::Column::Id.eq(*id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn put_document(tx: &Tx, row: admission_document::Model) -> Result<(), DbErr> {
    let replace = OnConflict::columns([admission_document::Column::AdmissionId, admission_document::Column::Kind])
        .update_columns(admission_document::Column::iter())
        .to_owned();
    admission_document::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(tx).await?;
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

/// Those of the suppliers that are admitted.
pub(super) async fn admitted_among(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
) -> Result<HashSet<OrganisationId>, DbErr> {
    let active = admission::Entity::find()
        .filter(admission::Column::OrganisationId.is_in(suppliers.iter().copied()))
        .filter(admission::Column::State.eq(AdmissionState::Active));
    Ok(active.all(db).await?.into_iter().map(|row| row.organisation_id).collect())
}

/// Those of the suppliers whose paper of this kind holds on a day.
pub(super) async fn with_valid_document(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
    kind: DocumentKind,
    day: NaiveDate,
) -> Result<HashSet<OrganisationId>, DbErr> {
    let papers = papers_among(db, suppliers, kind).await?;
    let holds = |paper: &admission_document::Model| paper.valid_to.is_none_or(|last| day <= last);
    Ok(papers.into_iter().filter(|(_, paper)| holds(paper)).map(|(supplier, _)| supplier).collect())
}

/// The papers of a kind that suppliers have shown, each with whose it is.
pub(super) async fn papers_among(
    db: &impl ConnectionTrait,
    suppliers: &[OrganisationId],
    kind: DocumentKind,
) -> Result<Vec<(OrganisationId, admission_document::Model)>, DbErr> {
    let theirs = admission::Entity::find()
        .filter(admission::Column::OrganisationId.is_in(suppliers.iter().copied()))
        .all(db)
        .await?;
    let owners: HashMap<_, _> = theirs.into_iter().map(|row| (row.id, row.organisation_id)).collect();
    let papers = admission_document::Entity::find()
        .filter(admission_document::Column::AdmissionId.is_in(owners.keys().copied()))
        .filter(admission_document::Column::Kind.eq(kind));
    let papers = papers.all(db).await?.into_iter();
    Ok(papers.filter_map(|paper| Some((*owners.get(&paper.admission_id)?, paper))).collect())
}

/// Applications in a state with a paper of these kinds that ended before a day, locked, by id.
pub(super) async fn lapsed(
    tx: &Tx,
    state: AdmissionState,
    kinds: &[DocumentKind],
    day: NaiveDate,
) -> Result<Vec<admission::Model>, DbErr> {
    let over = admission_document::Entity::find()
        .select_only()
        .column(admission_document::Column::AdmissionId)
        .filter(admission_document::Column::Kind.is_in(kinds.iter().copied()))
        .filter(admission_document::Column::ValidTo.lt(day))
        .into_query();
    admission::Entity::find()
        .filter(admission::Column::State.eq(state))
        .filter(admission::Column::Id.in_subquery(over))
        .order_by_asc(admission::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}

/// Papers of admitted or suspended suppliers that end between two days and were not warned about as often as can be.
pub(super) async fn ending(
    tx: &Tx,
    from: NaiveDate,
    to: NaiveDate,
    last_warning: i32,
) -> Result<Vec<(admission_document::Model, OrganisationId)>, DbErr> {
    let rows = admission_document::Entity::find()
        .filter(admission_document::Column::ValidTo.between(from, to))
        .filter(
            Condition::any()
                .add(admission_document::Column::WarnedDays.is_null())
                .add(admission_document::Column::WarnedDays.gt(last_warning)),
        )
        .all(tx)
        .await?;
    let theirs = admission::Entity::find()
        .filter(admission::Column::Id.is_in(rows.iter().map(|row| row.admission_id)))
        .filter(admission::Column::State.is_in([AdmissionState::Active, AdmissionState::Suspended]))
        .all(tx)
        .await?;
    let owner = |id: AdmissionId| theirs.iter().find(|row| row.id == id).map(|row| row.organisation_id);
    Ok(rows.into_iter().filter_map(|row| owner(row.admission_id).map(|owner| (row, owner))).collect())
}

/// Writes down that the supplier was warned.
pub(super) async fn warned(tx: &Tx, row: &admission_document::Model, days: i32) -> Result<(), DbErr> {
    admission_document::Entity::update_many()
        .col_expr(admission_document::Column::WarnedDays, Expr::value(days))
        .filter(admission_document::Column::AdmissionId.eq(row.admission_id))
        .filter(admission_document::Column::Kind.eq(row.kind))
        .exec(tx)
        .await?;
    Ok(())
}

/// Suppliers whose paper of this kind ended before a day.
pub(super) async fn with_ended_document(
    db: &impl ConnectionTrait,
    kind: DocumentKind,
    day: NaiveDate,
) -> Result<Vec<OrganisationId>, DbErr> {
    let ended = admission_document::Entity::find()
        .select_only()
        .column(admission_document::Column::AdmissionId)
        .filter(admission_document::Column::Kind.eq(kind))
        .filter(admission_document::Column::ValidTo.lt(day))
        .into_query();
    let rows = admission::Entity::find().filter(admission::Column::Id.in_subquery(ended)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.organisation_id).collect())
}
