//! Comparisons in the database. Every read for a caller begins at [`visible`] or [`flags_visible`].

use super::view::ComparisonFlagQuery;
use crate::access::Scope;
use crate::db::Tx;
use entity::value::{ComparisonFlagId, ComparisonFlagState, ComparisonId, ComparisonKind, MemberId};
use entity::{comparison, comparison_flag};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

/// A county sees its own, and nobody else but who sees everything.
fn visible(scope: &Scope) -> Select<comparison::Entity> {
    let rows = comparison::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(comparison::Column::CountyCode.eq(code.clone())),
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

/// The same of flags.
fn flags_visible(scope: &Scope) -> Select<comparison_flag::Entity> {
    let rows = comparison_flag::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::County(code) => rows.filter(comparison_flag::Column::CountyCode.eq(code.clone())),
        Scope::Organisation(_) | Scope::Tree(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: comparison::Model, flags: Vec<comparison_flag::Model>) -> Result<(), DbErr> {
    comparison::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    for part in flags.chunks(1000) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        comparison_flag::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// For which of these people a flag of the kind is open.
pub(super) async fn flagged(tx: &Tx, kind: ComparisonKind, people: &[MemberId]) -> Result<Vec<MemberId>, DbErr> {
    use comparison_flag::Column;
    let mut found = Vec::new();
    for part in people.chunks(1000) {
        let rows = comparison_flag::Entity::find()
            .select_only()
            .column(Column::MemberId)
            .filter(Column::Kind.eq(kind))
            .filter(Column::State.eq(ComparisonFlagState::Open))
            .filter(Column::MemberId.is_in(part.iter().copied()));
        found.extend(rows.into_tuple::<MemberId>().all(tx).await?);
    }
    Ok(found)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (before, limit): (Option<ComparisonId>, u64),
) -> Result<Vec<comparison::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(comparison::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(comparison::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ComparisonId,
) -> Result<Option<comparison::Model>, DbErr> {
    visible(scope).filter(comparison::Column::Id.eq(id)).one(db).await
}

pub(super) async fn find_flag(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ComparisonFlagId,
) -> Result<Option<comparison_flag::Model>, DbErr> {
    flags_visible(scope).filter(comparison_flag::Column::Id.eq(id)).one(db).await
}

pub(super) async fn hold_flag(
    tx: &Tx,
    scope: &Scope,
    id: ComparisonFlagId,
) -> Result<Option<comparison_flag::Model>, DbErr> {
    flags_visible(scope).filter(comparison_flag::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// Newest first.
pub(super) async fn list_flags(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &ComparisonFlagQuery,
    (before, limit): (Option<ComparisonFlagId>, u64),
) -> Result<Vec<comparison_flag::Model>, DbErr> {
    use comparison_flag::Column;
    let conditions = Condition::all()
        .add_option(wanted.comparison_id.map(|id| Column::ComparisonId.eq(id)))
        .add_option(wanted.household_id.map(|id| Column::HouseholdId.eq(id)))
        .add_option(wanted.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(before.map(|before| Column::Id.lt(before)));
    flags_visible(scope).filter(conditions).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// Writes what became of a held flag.
pub(super) async fn decide(tx: &Tx, row: &comparison_flag::Model) -> Result<(), DbErr> {
    use comparison_flag::Column;
    comparison_flag::Entity::update_many()
        .col_expr(Column::State, Expr::value(row.state))
        .col_expr(Column::DecidedBy, Expr::value(row.decided_by))
        .col_expr(Column::DecidedAt, Expr::value(row.decided_at))
        .col_expr(Column::Reason, Expr::value(row.reason.clone()))
        .col_expr(Column::Version, Expr::value(row.version))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
}
