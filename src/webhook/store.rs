//! Endpoints, deliveries and attempts in the database. Every read for a caller begins at `visible`.

use crate::access::{Actor, Scope};
use crate::app::App;
use crate::db::Tx;
use crate::jobs::{ERASED_AT_ONCE, Kept, RetentionRule};
use crate::organisation;
use crate::problem::Failure;
use crate::secrecy::SealedColumn;
use entity::value::{DeliveryState, OrganisationId, Timestamp, WebhookDeliveryId, WebhookEndpointId};
use entity::{webhook_attempt, webhook_delivery, webhook_endpoint};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use webhook_delivery::Column as Delivery;
use webhook_endpoint::Column as Endpoint;

/// Columns that hold secrets.
pub const SEALED: &[SealedColumn] = &[
    SealedColumn::new("webhook_endpoint", "secret_cipher"),
    SealedColumn::new("webhook_endpoint", "previous_secret_cipher"),
];

/// How long deliveries are kept.
pub const RETENTION: &[RetentionRule] = &[RetentionRule {
    name: "webhook_delivery",
    what: ("事件推送记录及其内容", "Deliveries of webhooks, with what was sent and every attempt"),
    kept: Kept::Days {
        days: 30,
        zh: "首次推送后三十天",
        erase: |app, before| Box::pin(async move { erase(app, before).await }),
    },
    why: (
        "供接收方核对和重新推送，所述业务另有记录；《个人信息保护法》第十九条：保存期限为最短时间",
        "For receivers to compare and to have sent again; what events tell stands in the records themselves",
    ),
}];

fn visible(scope: &Scope) -> Select<webhook_endpoint::Entity> {
    let rows = webhook_endpoint::Entity::find();
    match scope {
        Scope::Everything => rows,
        Scope::Organisation(id) => rows.filter(Endpoint::OrganisationId.eq(*id)),
        Scope::Tree(_) | Scope::County(_) | Scope::AssignedHouseholds(_) => {
            rows.filter(Endpoint::OrganisationId.in_subquery(organisation::ids_within(scope)))
        }
    }
}

fn visible_deliveries(scope: &Scope) -> Select<webhook_delivery::Entity> {
    let rows = webhook_delivery::Entity::find();
    if *scope == Scope::Everything {
        return rows;
    }
    let own = Query::select()
        .column(Endpoint::Id)
        .from(webhook_endpoint::Entity)
        .and_where(Endpoint::OrganisationId.in_subquery(organisation::ids_within(scope)))
        .to_owned();
    rows.filter(Delivery::EndpointId.in_subquery(own))
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: WebhookEndpointId,
) -> Result<Option<webhook_endpoint::Model>, DbErr> {
    visible(scope).filter(Endpoint::Id.eq(id)).one(db).await
}

/// An endpoint, held until the transaction ends.
pub async fn hold(tx: &Tx, scope: &Scope, id: WebhookEndpointId) -> Result<Option<webhook_endpoint::Model>, DbErr> {
    visible(scope).filter(Endpoint::Id.eq(id)).lock_exclusive().one(tx).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    before: Option<WebhookEndpointId>,
    limit: u64,
) -> Result<Vec<webhook_endpoint::Model>, DbErr> {
    let mut rows = visible(scope).order_by_desc(Endpoint::Id).limit(limit);
    if let Some(before) = before {
        rows = rows.filter(Endpoint::Id.lt(before));
    }
    rows.all(db).await
}

pub async fn count(tx: &Tx, organisation: OrganisationId) -> Result<u64, DbErr> {
    webhook_endpoint::Entity::find().filter(Endpoint::OrganisationId.eq(organisation)).count(tx).await
}

pub async fn insert(tx: &Tx, row: webhook_endpoint::Model) -> Result<(), DbErr> {
    webhook_endpoint::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

pub async fn update(tx: &Tx, row: webhook_endpoint::Model) -> Result<(), DbErr> {
    webhook_endpoint::Entity::update(row.into_active_model().reset_all()).exec(tx).await.map(drop)
}

/// The endpoints of these organisations.
pub async fn endpoints_of(
    db: &impl ConnectionTrait,
    organisations: impl Iterator<Item = OrganisationId>,
) -> Result<Vec<webhook_endpoint::Model>, DbErr> {
    webhook_endpoint::Entity::find().filter(Endpoint::OrganisationId.is_in(organisations)).all(db).await
}

/// Enters deliveries; those of an event that an endpoint has already are left as they are. Gives back the ids of those
/// that were entered.
pub async fn insert_deliveries(tx: &Tx, rows: &[webhook_delivery::Model]) -> Result<Vec<WebhookDeliveryId>, DbErr> {
    let once = OnConflict::columns([Delivery::EndpointId, Delivery::EventId]).do_nothing().to_owned();
    let new: Vec<_> = rows.iter().cloned().map(IntoActiveModel::into_active_model).collect();
    webhook_delivery::Entity::insert_many(new).on_conflict(once).exec_without_returning(tx).await?;
    webhook_delivery::Entity::find()
        .select_only()
        .column(Delivery::Id)
        .filter(Delivery::Id.is_in(rows.iter().map(|row| row.id)))
        .into_tuple()
        .all(tx)
        .await
}

/// A delivery with its endpoint, whoever asks: for sending.
pub async fn for_sending(
    db: &impl ConnectionTrait,
    id: WebhookDeliveryId,
) -> Result<Option<(webhook_delivery::Model, webhook_endpoint::Model)>, DbErr> {
    let Some(delivery) = webhook_delivery::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let endpoint = webhook_endpoint::Entity::find_by_id(delivery.endpoint_id).one(db).await?;
    Ok(endpoint.map(|endpoint| (delivery, endpoint)))
}

pub async fn find_delivery(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: WebhookDeliveryId,
) -> Result<Option<webhook_delivery::Model>, DbErr> {
    visible_deliveries(scope).filter(Delivery::Id.eq(id)).one(db).await
}

pub async fn list_deliveries(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (endpoint, state): (Option<WebhookEndpointId>, Option<DeliveryState>),
    before: Option<WebhookDeliveryId>,
    limit: u64,
) -> Result<Vec<webhook_delivery::Model>, DbErr> {
    let mut rows = visible_deliveries(scope).order_by_desc(Delivery::Id).limit(limit);
    if let Some(endpoint) = endpoint {
        rows = rows.filter(Delivery::EndpointId.eq(endpoint));
    }
    if let Some(state) = state {
        rows = rows.filter(Delivery::State.eq(state));
    }
    if let Some(before) = before {
        rows = rows.filter(Delivery::Id.lt(before));
    }
    rows.all(db).await
}

pub async fn attempts(db: &impl ConnectionTrait, id: WebhookDeliveryId) -> Result<Vec<webhook_attempt::Model>, DbErr> {
    webhook_attempt::Entity::find()
        .filter(webhook_attempt::Column::DeliveryId.eq(id))
        .order_by_asc(webhook_attempt::Column::Number)
        .all(db)
        .await
}

/// Writes an attempt down behind those before it.
pub async fn insert_attempt(tx: &Tx, id: WebhookDeliveryId, outcome: String, took_ms: i64) -> Result<(), DbErr> {
    let before = webhook_attempt::Entity::find().filter(webhook_attempt::Column::DeliveryId.eq(id)).count(tx).await?;
    let number = i32::try_from(before).unwrap_or(i32::MAX - 1) + 1;
    let row = webhook_attempt::Model { delivery_id: id, number, at: tx.now(), outcome, took_ms };
    webhook_attempt::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map(drop)
}

/// Writes where a delivery is now.
pub async fn move_delivery(
    tx: &Tx,
    id: WebhookDeliveryId,
    state: DeliveryState,
    attempts: i32,
    next_at: Option<Timestamp>,
) -> Result<(), DbErr> {
    let arrived = (state == DeliveryState::Delivered).then(|| tx.now());
    webhook_delivery::Entity::update_many()
        .col_expr(Delivery::State, Expr::value(state.as_str()))
        .col_expr(Delivery::Attempts, Expr::value(attempts))
        .col_expr(Delivery::NextAt, Expr::value(next_at))
        .col_expr(Delivery::DeliveredAt, Expr::value(arrived))
        .filter(Delivery::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// The deliveries to an endpoint that failed, the oldest first.
pub async fn failed(tx: &Tx, endpoint: WebhookEndpointId, limit: u64) -> Result<Vec<webhook_delivery::Model>, DbErr> {
    webhook_delivery::Entity::find()
        .filter(Delivery::EndpointId.eq(endpoint))
        .filter(Delivery::State.eq(DeliveryState::Failed))
        .order_by_asc(Delivery::Position)
        .limit(limit)
        .all(tx)
        .await
}

/// Sets deliveries out again.
pub async fn set_out_again(tx: &Tx, ids: Vec<WebhookDeliveryId>) -> Result<(), DbErr> {
    webhook_delivery::Entity::update_many()
        .col_expr(Delivery::State, Expr::value(DeliveryState::Waiting.as_str()))
        .col_expr(Delivery::Attempts, Expr::value(0))
        .col_expr(Delivery::NextAt, Expr::value(tx.now()))
        .filter(Delivery::Id.is_in(ids))
        .exec(tx)
        .await
        .map(drop)
}

async fn erase(app: &App, before: Timestamp) -> Result<u64, Failure> {
    app.transact(&Actor::System, async |tx| -> Result<u64, DbErr> {
        let old: Vec<WebhookDeliveryId> = webhook_delivery::Entity::find()
            .select_only()
            .column(Delivery::Id)
            .filter(Delivery::CreatedAt.lt(before))
            .limit(ERASED_AT_ONCE)
            .into_tuple()
            .all(tx)
            .await?;
        webhook_attempt::Entity::delete_many()
            .filter(webhook_attempt::Column::DeliveryId.is_in(old.iter().copied()))
            .exec(tx)
            .await?;
        let gone = webhook_delivery::Entity::delete_many().filter(Delivery::Id.is_in(old)).exec(tx).await?;
        Ok(gone.rows_affected)
    })
    .await
}
