//! Agreements in the database. Every read for a caller begins at [`visible`].

use super::view::AgreementQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use chrono::NaiveDate;
use entity::agreement::{Column, Entity, Model};
use entity::value::{AgreementId, AgreementState, BenefitMode, HouseholdId, OrganisationId};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

/// Values in one `in`.
const CHUNK: usize = 1000;

/// What a scope sees: a supplier its own agreements, a county those of its households.
fn visible(scope: &Scope) -> Select<Entity> {
    let rows = Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(supplier) => rows.filter(Column::SupplierId.eq(*supplier)),
        Scope::County(code) => rows.filter(Column::HouseholdId.in_subquery(household::ids_in_county(code))),
        Scope::AssignedHouseholds(person) => {
            rows.filter(Column::HouseholdId.in_subquery(household::ids_assigned_to(*person)))
        }
        Scope::Tree(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &AgreementQuery,
    after: Option<AgreementId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(mode) = query.mode {
        rows = rows.filter(Column::Mode.eq(mode));
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
    id: AgreementId,
) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: AgreementId) -> Result<Option<Model>, DbErr> {
    visible(scope).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

pub(super) async fn find_many(db: &impl ConnectionTrait, ids: &[AgreementId]) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        found.extend(Entity::find().filter(Column::Id.is_in(part.iter().copied())).all(db).await?);
    }
    Ok(found)
}

/// A supplier's agreements that hold on a day, in the order of their identifiers.
pub(super) async fn holding_on(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    date: NaiveDate,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SupplierId.eq(supplier))
        .filter(Column::StartsOn.lte(date))
        .filter(Column::EndsOn.gte(date))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Whether a household has an agreement of a mode with a supplier on any day of a term.
pub(super) async fn has_overlap(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    household: HouseholdId,
    mode: BenefitMode,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<bool, DbErr> {
    let overlapping = Entity::find()
        .filter(Column::HouseholdId.eq(household))
        .filter(Column::SupplierId.eq(supplier))
        .filter(Column::Mode.eq(mode))
        .filter(Column::StartsOn.lte(last))
        .filter(Column::EndsOn.gte(first))
        .limit(1);
    Ok(overlapping.one(db).await?.is_some())
}

pub(super) async fn insert(tx: &Tx, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Ends a held agreement.
pub(super) async fn set_end(tx: &Tx, id: AgreementId, ends_on: NaiveDate) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::EndsOn, Expr::value(ends_on))
        .col_expr(Column::State, Expr::value(AgreementState::Ended.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
