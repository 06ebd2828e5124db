//! Agreements in the database. Every read for a caller begins at [`visible`].

use super::view::AgreementQuery;
use crate::access::Scope;
use crate::db::Tx;
use crate::household;
use chrono::NaiveDate;
use entity::agreement::{Column, Entity, Model};
use entity::agreement_terms;
use entity::value::{
    AgreementId, AgreementState, AgreementTermsId, BenefitMode, HouseholdId, MemberId, OrganisationId, PersonId,
};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

/// Values in one `in`.
const CHUNK: usize = 1000;

/// What a scope sees: a supplier its own agreements, a county those of its households.
fn visible(scope: &Scope) -> Select<Entity> {
    household::seen_by(scope, Entity::find(), Column::SupplierId, Column::HouseholdId)
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

/// A supplier's agreements with these households, whether or not they hold.
pub(super) async fn with_households(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    households: &[HouseholdId],
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for part in households.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::HouseholdId.is_in(part.iter().copied()))
            .filter(Column::SupplierId.eq(supplier))
            .order_by_asc(Column::Id);
        found.extend(rows.all(db).await?);
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

/// Whether a household has the same agreement (of a mode, with a member, about a subject) with a supplier on any day of
/// a term.
pub(super) async fn has_overlap(
    db: &impl ConnectionTrait,
    supplier: OrganisationId,
    household: HouseholdId,
    mode: BenefitMode,
    (member, subject): (Option<MemberId>, Option<&str>),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<bool, DbErr> {
    let same_member = member.map_or(Column::MemberId.is_null(), |member| Column::MemberId.eq(member));
    let same_subject = subject.map_or(Column::Subject.is_null(), |subject| Column::Subject.eq(subject));
    let overlapping = Entity::find()
        .filter(same_member)
        .filter(same_subject)
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

/// Agreements held until the transaction ends, in the order of their identifiers.
pub(super) async fn hold_many(tx: &Tx, ids: &[AgreementId]) -> Result<(), DbErr> {
    for part in ids.chunks(CHUNK) {
        Entity::find()
            .filter(Column::Id.is_in(part.iter().copied()))
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(tx)
            .await?;
    }
    Ok(())
}

/// Puts the present weight and price of a held agreement, and counts the change.
pub(super) async fn set_present(tx: &Tx, id: AgreementId, terms: Option<&agreement_terms::Model>) -> Result<(), DbErr> {
    let mut change = Entity::update_many().col_expr(Column::Version, Expr::col(Column::Version).add(1));
    if let Some(terms) = terms {
        change = change
            .col_expr(Column::Weight, Expr::value(terms.weight))
            .col_expr(Column::PriceFenPerKg, Expr::value(terms.price_fen_per_kg));
    }
    change.filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

pub(super) async fn insert_terms(tx: &Tx, row: agreement_terms::Model) -> Result<(), DbErr> {
    agreement_terms::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// All terms of these agreements, the newest of each first.
pub(super) async fn terms_of(
    db: &impl ConnectionTrait,
    ids: &[AgreementId],
) -> Result<Vec<agreement_terms::Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let rows = agreement_terms::Entity::find()
            .filter(agreement_terms::Column::AgreementId.is_in(part.iter().copied()))
            .order_by_asc(agreement_terms::Column::AgreementId)
            .order_by_desc(agreement_terms::Column::Number);
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

pub(super) async fn set_confirmed(tx: &Tx, id: AgreementTermsId, on: NaiveDate, by: PersonId) -> Result<(), DbErr> {
    agreement_terms::Entity::update_many()
        .col_expr(agreement_terms::Column::ConfirmedOn, Expr::value(on))
        .col_expr(agreement_terms::Column::ConfirmedBy, Expr::value(by))
        .col_expr(agreement_terms::Column::Version, Expr::col(agreement_terms::Column::Version).add(1))
        .filter(agreement_terms::Column::Id.eq(id))
        .exec(tx)
        .await?;
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
