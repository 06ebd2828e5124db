//! Steps over HTTP.

use super::{declared, family, service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, ViewHarvest};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, Once, Page, PageQuery, Query};
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::LotId;

/// Registers every operation on steps.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(split_lot)
        .service(merge_lots)
        .service(process_lots)
        .service(get_lot_family)
        .service(declare_yield)
        .service(list_declared_yields);
}

/// Split a lot into others; what is not named stays in it (拆分).
///
/// New lots have no conformity certificate, and that of the lot no longer covers what is left: both are issued anew.
#[utoipa::path(
    tag = "harvest",
    params(IdempotencyHeader),
    request_body = view::SplitLot,
    responses((status = 201, description = "Split", body = view::LotStep))
)]
#[post("/lots/split")]
async fn split_lot(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Once<view::SplitLot>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::split(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Merge lots of one product into one (合并).
#[utoipa::path(
    tag = "harvest",
    params(IdempotencyHeader),
    request_body = view::MergeLots,
    responses((status = 201, description = "Merged", body = view::LotStep))
)]
#[post("/lots/merge")]
async fn merge_lots(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Once<view::MergeLots>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::merge(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Process lots and deliveries into other lots, within a declared yield (加工).
#[utoipa::path(
    tag = "harvest",
    params(IdempotencyHeader),
    request_body = view::ProcessLots,
    responses((status = 201, description = "Processed", body = view::LotStep))
)]
#[post("/lots/process")]
async fn process_lots(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Once<view::ProcessLots>,
) -> Result<HttpResponse, Failure> {
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| service::process(tx, &grant, &wanted.body).await)
        .await?;
    Ok(answer.into_response())
}

/// Show where a lot comes from and what became of it (批次谱系).
#[utoipa::path(
    tag = "harvest",
    params(("id" = LotId, Path, description = "The lot")),
    responses((status = 200, description = "Its ancestors and descendants", body = view::LotFamily))
)]
#[get("/lots/{id}/family")]
async fn get_lot_family(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    id: web::Path<LotId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(family::family(app.reader(), grant.scope(), id.into_inner()).await?))
}

/// Declare what a kind of processing yields at the most (申报出成率).
#[utoipa::path(
    tag = "harvest",
    request_body = view::DeclareYield,
    responses((status = 201, description = "Declared", body = view::DeclaredYield))
)]
#[post("/declared-yields")]
async fn declare_yield(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    wanted: Body<view::DeclareYield>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| declared::declare(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List declared yields, newest first.
#[utoipa::path(
    tag = "harvest",
    params(PageQuery),
    responses((status = 200, description = "A page of declared yields", body = Page<view::DeclaredYield>))
)]
#[get("/declared-yields")]
async fn list_declared_yields(
    grant: Grant<ViewHarvest>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(declared::list(app.reader(), grant.scope(), &page.0).await?))
}
