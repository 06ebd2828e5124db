//! Complaints in the database. Every read for a caller begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{ComplaintId, ComplaintState, Timestamp};
use entity::{complaint, complaint_step};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

/// Complaints that one turn of the clock looks at.
const AT_ONCE: u64 = 200;

/// What a scope sees: the complaints of either side, or those a unit below it has a side in.
fn visible(scope: &Scope) -> Select<complaint::Entity> {
    use complaint::Column;
    let rows = complaint::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(own) => {
            rows.filter(Condition::any().add(Column::FiledBy.eq(*own)).add(Column::Against.eq(*own)))
        }
        Scope::Tree(_) => rows.filter(
            Condition::any()
                .add(Column::FiledBy.in_subquery(organisation::ids_within(scope)))
                .add(Column::Against.in_subquery(organisation::ids_within(scope))),
        ),
        Scope::County(_) | Scope::AssignedHouseholds(_) => rows.filter(Expr::value(false)),
    }
}

pub(super) async fn insert(tx: &Tx, row: complaint::Model) -> Result<(), DbErr> {
    complaint::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn insert_step(tx: &Tx, row: complaint_step::Model) -> Result<(), DbErr> {
    complaint_step::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub(super) async fn hold(tx: &Tx, scope: &Scope, id: ComplaintId) -> Result<Option<complaint::Model>, DbErr> {
    visible(scope).filter(complaint::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ComplaintId,
) -> Result<Option<complaint::Model>, DbErr> {
    visible(scope).filter(complaint::Column::Id.eq(id)).one(db).await
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<ComplaintState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<complaint::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(complaint::Column::Id).limit(limit);
    if let Some(state) = state {
        rows = rows.filter(complaint::Column::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(complaint::Column::Id.lt(before));
    }
    rows.all(db).await
}

/// The steps of a complaint, first to last.
pub(super) async fn steps_of(db: &impl ConnectionTrait, id: ComplaintId) -> Result<Vec<complaint_step::Model>, DbErr> {
    let rows = complaint_step::Entity::find().filter(complaint_step::Column::ComplaintId.eq(id));
    rows.order_by_asc(complaint_step::Column::Number).all(db).await
}

/// Complaints that should have been answered by now.
pub(super) async fn unanswered(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<ComplaintId>, DbErr> {
    complaint::Entity::find()
        .select_only()
        .column(complaint::Column::Id)
        .filter(complaint::Column::State.eq(ComplaintState::Open))
        .filter(complaint::Column::AnswerBy.lte(now))
        .order_by_asc(complaint::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await
}

/// Writes where a held complaint is now; its version grows by one.
pub(super) async fn save(tx: &Tx, now: complaint::Model) -> Result<complaint::Model, DbErr> {
    use complaint::Column;
    let now = complaint::Model { version: now.version + 1, ..now };
    complaint::Entity::update_many()
        .col_expr(Column::State, Expr::value(now.state))
        .col_expr(Column::DecideBy, Expr::value(now.decide_by))
        .col_expr(Column::Outcome, Expr::value(now.outcome))
        .col_expr(Column::ClosedAt, Expr::value(now.closed_at))
        .col_expr(Column::Version, Expr::value(now.version))
        .filter(Column::Id.eq(now.id))
        .exec(tx)
        .await?;
    Ok(now)
}
