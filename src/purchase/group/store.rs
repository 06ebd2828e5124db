//! Group purchases in the database.

use crate::access::Scope;
use crate::db::{Tx, dialect::sum_as_integer};
use crate::organisation;
use entity::value::{GroupJoinId, GroupPurchaseId, GroupState, JoinState, OrganisationId, ProductId, Timestamp};
use entity::{group_join, group_purchase, group_step};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Where every query begins: suppliers see their own, buyers what there is.
fn visible(scope: &Scope) -> Select<group_purchase::Entity> {
    use group_purchase::Column;
    match scope {
        Scope::Everything => group_purchase::Entity::find(),
        Scope::Organisation(own) => group_purchase::Entity::find().filter(Column::SupplierId.eq(*own)),
        _ => group_purchase::Entity::find().filter(Column::SupplierId.in_subquery(organisation::ids_within(scope))),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: GroupPurchaseId,
) -> Result<Option<group_purchase::Model>, DbErr> {
    visible(scope).filter(group_purchase::Column::Id.eq(id)).one(db).await
}

/// A group purchase in reach, locked until the transaction ends.
pub(super) async fn hold(tx: &Tx, scope: &Scope, id: GroupPurchaseId) -> Result<Option<group_purchase::Model>, DbErr> {
    visible(scope).filter(group_purchase::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<GroupState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<group_purchase::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(group_purchase::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(group_purchase::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(group_purchase::Column::Id.lt(before));
    }
    rows.all(db).await
}

pub(super) async fn insert(tx: &Tx, row: group_purchase::Model, steps: Vec<group_step::Model>) -> Result<(), DbErr> {
    group_purchase::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let steps = steps.into_iter().map(IntoActiveModel::into_active_model);
    group_step::Entity::insert_many(steps).exec_without_returning(tx).await.map(drop)
}

/// Writes a held group purchase as it now is.
pub(super) async fn save(tx: &Tx, row: group_purchase::Model) -> Result<group_purchase::Model, DbErr> {
    let row = group_purchase::Model { version: row.version + 1, ..row };
    group_purchase::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

pub(super) async fn steps_of(
    db: &impl ConnectionTrait,
    groups: &[GroupPurchaseId],
) -> Result<HashMap<GroupPurchaseId, Vec<group_step::Model>>, DbErr> {
    let rows = group_step::Entity::find()
        .filter(group_step::Column::GroupId.is_in(groups.iter().copied()))
        .order_by_asc(group_step::Column::StepNo);
    let mut steps: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows.all(db).await? {
        steps.entry(row.group_id).or_default().push(row);
    }
    Ok(steps)
}

/// How many units are in, or were ordered for, and how many packs they want together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub(super) struct Joined {
    pub group_id: Option<GroupPurchaseId>,
    pub units: i64,
    pub packs: i64,
}

/// What those want together who are in, or were until it closed.
pub(super) async fn joined(
    db: &impl ConnectionTrait,
    groups: &[GroupPurchaseId],
) -> Result<HashMap<GroupPurchaseId, Joined>, DbErr> {
    use group_join::Column;
    let sum = Expr::cust(sum_as_integer(db.get_database_backend(), r#""packs""#));
    let rows: Vec<Joined> = group_join::Entity::find()
        .select_only()
        .column(Column::GroupId)
        .expr_as(Expr::cust("count(*)"), "units")
        .expr_as(sum, "packs")
        .filter(Column::GroupId.is_in(groups.iter().copied()))
        .filter(Column::State.is_in([JoinState::Joined, JoinState::Ordered]))
        .group_by(Column::GroupId)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.group_id?, row))).collect())
}

/// How many packs of a product are held for those who are in group purchases of it that are not settled.
pub(super) async fn held_of(tx: &Tx, product: ProductId) -> Result<i64, DbErr> {
    use group_join::Column;
    let sum = Expr::cust(sum_as_integer(tx.get_database_backend(), r#""packs""#));
    let held = group_join::Entity::find()
        .select_only()
        .expr_as(sum, "packs")
        .filter(Column::ProductId.eq(product))
        .filter(Column::State.eq(JoinState::Joined));
    Ok(held.into_tuple::<i64>().one(tx).await?.unwrap_or_default())
}

pub(super) async fn insert_join(tx: &Tx, row: group_join::Model) -> Result<(), DbErr> {
    group_join::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a held part as it now is.
pub(super) async fn save_join(tx: &Tx, row: group_join::Model) -> Result<group_join::Model, DbErr> {
    let row = group_join::Model { version: row.version + 1, ..row };
    group_join::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

/// A buyer's last part in each of these.
pub(super) async fn parts_of(
    db: &impl ConnectionTrait,
    groups: &[GroupPurchaseId],
    buyer: OrganisationId,
) -> Result<HashMap<GroupPurchaseId, group_join::Model>, DbErr> {
    let rows = group_join::Entity::find()
        .filter(group_join::Column::GroupId.is_in(groups.iter().copied()))
        .filter(group_join::Column::BuyerId.eq(buyer))
        .order_by_asc(group_join::Column::Id);
    Ok(rows.all(db).await?.into_iter().map(|row| (row.group_id, row)).collect())
}

/// A part, locked until the transaction ends.
pub(super) async fn hold_join(tx: &Tx, id: GroupJoinId) -> Result<Option<group_join::Model>, DbErr> {
    group_join::Entity::find().filter(group_join::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Group purchases that are open beyond their time.
pub(super) async fn due(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<GroupPurchaseId>, DbErr> {
    use group_purchase::Column;
    group_purchase::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(GroupState::Open))
        .filter(Column::ClosesAt.lte(now))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// Parts in group purchases that have closed, still to be settled.
pub(super) async fn unsettled(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<GroupJoinId>, DbErr> {
    use group_join::Column;
    let open = Query::select()
        .column(group_purchase::Column::Id)
        .from(group_purchase::Entity)
        .and_where(group_purchase::Column::State.eq(GroupState::Open))
        .to_owned();
    group_join::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(JoinState::Joined))
        .filter(Column::GroupId.not_in_subquery(open))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}
