//! Requests in the database. Every read on somebody's behalf begins at [`visible`].

use crate::access::Scope;
use crate::db::Tx;
use crate::organisation;
use entity::value::{OrderGroupId, OrganisationId, PersonId, PurchaseRequestId, RequestState, Role, Timestamp};
use entity::{purchase_event, purchase_request, purchase_step};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// What a scope sees: the requests of the buyers it reaches.
fn visible(scope: &Scope) -> Select<purchase_request::Entity> {
    use purchase_request::Column;
    match scope {
        Scope::Everything => purchase_request::Entity::find(),
        Scope::Organisation(own) => purchase_request::Entity::find().filter(Column::BuyerId.eq(*own)),
        _ => purchase_request::Entity::find().filter(Column::BuyerId.in_subquery(organisation::ids_within(scope))),
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PurchaseRequestId,
) -> Result<Option<purchase_request::Model>, DbErr> {
    visible(scope).filter(purchase_request::Column::Id.eq(id)).one(db).await
}

/// The request that became an order.
pub(super) async fn find_of_order(
    db: &impl ConnectionTrait,
    order: OrderGroupId,
) -> Result<Option<purchase_request::Model>, DbErr> {
    let found = purchase_request::Entity::find().filter(purchase_request::Column::OrderGroupId.eq(order));
    found.one(db).await
}

/// A request in reach, locked until the transaction ends.
pub(super) async fn hold(
    tx: &Tx,
    scope: &Scope,
    id: PurchaseRequestId,
) -> Result<Option<purchase_request::Model>, DbErr> {
    visible(scope).filter(purchase_request::Column::Id.eq(id)).lock_exclusive().one(tx).await
}

/// Whose turn it may be: a person in a role of an organisation, and those they stand in for there.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub person: PersonId,
    pub role: Role,
    pub organisation: OrganisationId,
    pub named: Vec<PersonId>,
    pub roles: Vec<Role>,
}

/// Which requests are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub state: Option<RequestState>,
    pub turn: Option<Turn>,
    pub before: Option<Uuid>,
    pub limit: u64,
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<purchase_request::Model>, DbErr> {
    use purchase_request::Column;
    let mut rows = visible(scope).order_by_desc(Column::Id).limit(wanted.limit);
    if let Some(state) = wanted.state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(turn) = &wanted.turn {
        // What one asked for oneself is never one's turn.
        rows = rows.filter(Column::AskedBy.ne(turn.person)).filter(waits_for(turn));
    }
    if let Some(before) = wanted.before {
        rows = rows.filter(Column::Id.lt(before));
    }
    rows.all(db).await
}

/// That the step which waits is somebody's, or of somebody they stand in for.
fn waits_for(turn: &Turn) -> Expr {
    use purchase_request::{Column, Entity};
    use purchase_step::{Column as Step, Entity as Steps};
    let col = |column: Step| Expr::col((Steps, column));
    let mut roles = turn.roles.clone();
    roles.push(turn.role);
    let theirs = Condition::any()
        .add(col(Step::DelegateId).eq(turn.person))
        .add(col(Step::PersonId).eq(turn.person))
        .add(col(Step::PersonId).is_in(turn.named.iter().copied()))
        .add(col(Step::Role).is_in(roles));
    let step = Query::select()
        .expr(Expr::val(1))
        .from(Steps)
        .and_where(col(Step::RequestId).equals((Entity, Column::Id)))
        .and_where(col(Step::Round).equals((Entity, Column::Round)))
        .and_where(col(Step::StepNo).equals((Entity, Column::StepNo)))
        .and_where(col(Step::OrganisationId).eq(turn.organisation))
        .cond_where(theirs)
        .to_owned();
    Expr::exists(step)
}

pub(super) async fn insert(tx: &Tx, row: purchase_request::Model) -> Result<(), DbErr> {
    purchase_request::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes a held request as it now is.
pub(super) async fn save(tx: &Tx, row: purchase_request::Model) -> Result<purchase_request::Model, DbErr> {
    let row = purchase_request::Model { version: row.version + 1, ..row };
    purchase_request::Entity::update(row.into_active_model().reset_all()).exec(tx).await
}

pub(super) async fn insert_steps(tx: &Tx, rows: Vec<purchase_step::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    purchase_step::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// The steps of the round a request is in, in their order.
pub(super) async fn steps_of(
    db: &impl ConnectionTrait,
    request: &purchase_request::Model,
) -> Result<Vec<purchase_step::Model>, DbErr> {
    purchase_step::Entity::find()
        .filter(purchase_step::Column::RequestId.eq(request.id))
        .filter(purchase_step::Column::Round.eq(request.round))
        .order_by_asc(purchase_step::Column::StepNo)
        .all(db)
        .await
}

pub(super) async fn save_step(tx: &Tx, row: purchase_step::Model) -> Result<(), DbErr> {
    purchase_step::Entity::update(row.into_active_model().reset_all()).exec(tx).await.map(drop)
}

/// What happened to a request, in its order.
pub(super) async fn events_of(
    db: &impl ConnectionTrait,
    request: PurchaseRequestId,
) -> Result<Vec<purchase_event::Model>, DbErr> {
    purchase_event::Entity::find()
        .filter(purchase_event::Column::RequestId.eq(request))
        .order_by_asc(purchase_event::Column::EventNo)
        .all(db)
        .await
}

/// The number of the last entry of a request's history.
pub(super) async fn last_event(db: &impl ConnectionTrait, request: PurchaseRequestId) -> Result<i32, DbErr> {
    let last = purchase_event::Entity::find()
        .filter(purchase_event::Column::RequestId.eq(request))
        .order_by_desc(purchase_event::Column::EventNo);
    Ok(last.one(db).await?.map_or(0, |row| row.event_no))
}

pub(super) async fn insert_events(tx: &Tx, rows: Vec<purchase_event::Model>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    purchase_event::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// Requests of which somebody is to be reminded, or which expire, by now.
pub(super) async fn due(
    db: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<PurchaseRequestId>, DbErr> {
    use purchase_request::Column;
    let reminded = Condition::all().add(Column::State.eq(RequestState::Waiting)).add(Column::RemindAt.lte(now));
    let expires = Condition::all()
        .add(Column::State.is_in([RequestState::Waiting, RequestState::Returned]))
        .add(Column::ExpiresAt.lte(now));
    purchase_request::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Condition::any().add(reminded).add(expires))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}
