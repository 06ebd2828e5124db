//! The only SQL about mandates; reads on somebody's behalf begin at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use chrono::NaiveDate;
use entity::mandate;
use entity::value::{MandateId, MandateState, ProductId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use std::collections::HashSet;
use uuid::Uuid;

fn visible(scope: &Scope) -> Select<mandate::Entity> {
    let all = mandate::Entity::find();
    match scope {
        Scope::Everything => all,
        Scope::Organisation(own) | Scope::Tree(own) => all
            .filter(Condition::any().add(mandate::Column::AgentId.eq(*own)).add(mandate::Column::PrincipalId.eq(*own))),
        // Mandates lie in no county.
        Scope::County(_) | Scope::AssignedHouseholds(_) => all.filter(Expr::value(false)),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: MandateId,
) -> Result<Option<mandate::Model>, DbErr> {
    visible(scope).filter(mandate::Column::Id.eq(id)).one(db).await
}

pub(super) async fn find_for_change(tx: &Tx, scope: &Scope, id: MandateId) -> Result<Option<mandate::Model>, DbErr> {
    visible(scope).filter(mandate::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first, one more than asked for.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<MandateState>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<mandate::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(mandate::Column::Id).limit(limit + 1);
    if let Some(state) = state {
        rows = rows.filter(mandate::Column::State.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(mandate::Column::Id.lt(after));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: mandate::Model) -> Result<(), DbErr> {
    mandate::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes what changes in a mandate that is held for change.
pub(super) async fn update(tx: &Tx, row: &mandate::Model) -> Result<(), DbErr> {
    mandate::Entity::update_many()
        .col_expr(mandate::Column::State, Expr::value(row.state))
        .col_expr(mandate::Column::DecidedBy, Expr::value(row.decided_by))
        .col_expr(mandate::Column::DecidedAt, Expr::value(row.decided_at))
        .col_expr(mandate::Column::Version, Expr::value(row.version))
        .filter(mandate::Column::Id.eq(row.id))
        .exec(tx)
        .await
        .map(drop)
}

/// Those of the products for which a confirmed mandate holds on a day.
pub(super) async fn covered(
    db: &impl ConnectionTrait,
    products: &[ProductId],
    day: NaiveDate,
) -> Result<HashSet<ProductId>, DbErr> {
    if products.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = mandate::Entity::find()
        .filter(mandate::Column::ProductId.is_in(products.iter().copied()))
        .filter(mandate::Column::State.eq(MandateState::Confirmed))
        .filter(mandate::Column::ValidFrom.lte(day))
        .filter(mandate::Column::ValidTo.gte(day))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.product_id).collect())
}

/// Products with a confirmed mandate that ended before a day.
pub(in crate::catalogue) async fn ended_before(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Vec<ProductId>, DbErr> {
    let rows = mandate::Entity::find()
        .filter(mandate::Column::State.eq(MandateState::Confirmed))
        .filter(mandate::Column::ValidTo.lt(day))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.product_id).collect())
}
