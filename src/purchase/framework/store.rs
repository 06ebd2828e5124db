//! Framework agreements in the database.

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{FrameworkId, FrameworkLineId};
use entity::{framework, framework_line};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// Where every query begins: both sides see it, and who stands above the buyer.
fn visible(scope: &Scope) -> Select<framework::Entity> {
    use framework::Column;
    let all = framework::Entity::find();
    match scope {
        Scope::Everything => all,
        Scope::Organisation(own) => {
            all.filter(Condition::any().add(Column::BuyerId.eq(*own)).add(Column::SupplierId.eq(*own)))
        }
        Scope::AssignedHouseholds(_) => all.filter(Expr::value(false)),
        Scope::Tree(_) | Scope::County(_) => all.filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: FrameworkId,
) -> Result<Option<framework::Model>, DbErr> {
    visible(scope).filter(framework::Column::Id.eq(id)).one(db).await
}

/// An agreement in reach, locked until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: FrameworkId) -> Result<Option<framework::Model>, DbErr> {
    visible(scope).filter(framework::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<framework::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(framework::Column::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(framework::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: framework::Model, lines: Vec<framework_line::Model>) -> Result<(), DbErr> {
    framework::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let lines = lines.into_iter().map(IntoActiveModel::into_active_model);
    framework_line::Entity::insert_many(lines).exec_without_returning(tx).await.map(drop)
}

/// Writes a held agreement as it now is.
pub(super) async fn save(tx: &Tx, row: framework::Model) -> Result<framework::Model, DbErr> {
    let row = framework::Model { version: row.version + 1, ..row };
    framework::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

/// The lines of an agreement, in their order.
pub(super) async fn lines_of(db: &impl ConnectionTrait, id: FrameworkId) -> Result<Vec<framework_line::Model>, DbErr> {
    framework_line::Entity::find()
        .filter(framework_line::Column::FrameworkId.eq(id))
        .order_by_asc(framework_line::Column::LineNo)
        .all(db)
        .await
}

/// The agreements that these lines are of, locked in the order of their identifiers.
pub(super) async fn hold_of_lines(tx: &Tx, lines: &[FrameworkLineId]) -> Result<Vec<framework::Model>, DbErr> {
    let found = framework_line::Entity::find()
        .select_only()
        .column(framework_line::Column::FrameworkId)
        .distinct()
        .filter(framework_line::Column::Id.is_in(lines.iter().copied()));
    let ids: Vec<FrameworkId> = found.into_tuple().all(tx).await?;
    framework::Entity::find()
        .filter(framework::Column::Id.is_in(ids))
        .order_by_asc(framework::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}
