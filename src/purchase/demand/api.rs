//! Demands over HTTP, as the buyer and as a supplier.

use super::{service, supplier, view};
use crate::access::Grant;
use crate::access::policy::{AnswerDemand, KeepDemand, PlaceOrder, ViewDemand};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use crate::purchase::error::DEMAND_SEALED;
use crate::purchase::request::PurchaseRequest;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use entity::value::DemandId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(publish_demand)
        .service(list_demands)
        .service(get_demand)
        .service(open_demand)
        .service(compare_quotations)
        .service(award_demand)
        .service(cancel_demand)
        .service(list_open_demands)
        .service(get_open_demand)
        .service(submit_quotation)
        .service(withdraw_quotation);
}

/// Publish what you want to buy; suppliers answer sealed until the deadline (发布求购).
#[utoipa::path(tag = "demands", request_body = view::PublishDemand,
    responses((status = 201, description = "The demand", body = view::Demand)))]
#[post("/demands")]
async fn publish_demand(
    grant: Grant<KeepDemand>,
    app: web::Data<App>,
    wanted: Body<view::PublishDemand>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::publish(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List demands of your organisation, or of those below it, newest first.
#[utoipa::path(tag = "demands", params(PageQuery),
    responses((status = 200, description = "A page of demands", body = Page<view::Demand>)))]
#[get("/demands")]
async fn list_demands(
    grant: Grant<ViewDemand>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0).await?))
}

/// Show a demand with what is wanted and how many answered.
#[utoipa::path(tag = "demands", params(("id" = DemandId, Path, description = "The demand")),
    responses((status = 200, description = "The demand", body = view::DemandDetail)))]
#[get("/demands/{id}")]
async fn get_demand(
    grant: Grant<ViewDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.demand.version, &shown))
}

/// Open the quotations, after the deadline only (开标).
///
/// With fewer than the demand wants it fails, and they stay shut. Whoever tries before the deadline is in the audit.
#[utoipa::path(tag = "demands", params(("id" = DemandId, Path, description = "The demand"), IfMatchHeader),
    responses((status = 200, description = "The demand, opened or failed", body = view::Demand)))]
#[post("/demands/{id}/open")]
async fn open_demand(
    grant: Grant<KeepDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let opening =
        app.transact(grant.actor(), async |tx| service::open(tx, &app.secrets, &grant, *id, seen).await).await;
    if opening.as_ref().is_err_and(|failure| failure.problem().kind == &DEMAND_SEALED) {
        app.transact(grant.actor(), async |tx| service::note_early(tx, *id).await).await?;
    }
    let shown = opening?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Compare the quotations of a demand that was opened; before that only their number is told (比价).
#[utoipa::path(tag = "demands", params(("id" = DemandId, Path, description = "The demand")),
    responses((status = 200, description = "The quotations, the lowest first", body = view::QuotationComparison)))]
#[get("/demands/{id}/quotations")]
async fn compare_quotations(
    grant: Grant<ViewDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::compare(app.reader(), &grant, *id).await?))
}

/// Award a demand to a quotation, with reasons: a request at its prices (确定成交).
#[utoipa::path(tag = "demands", request_body = view::AwardDemand,
    params(("id" = DemandId, Path, description = "The demand"), IdempotencyHeader, IfMatchHeader),
    responses((status = 201, description = "The request: placed, or waiting", body = PurchaseRequest)))]
#[post("/demands/{id}/award")]
async fn award_demand(
    grant: Grant<KeepDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
    seen: IfMatch,
    wanted: Once<view::AwardDemand>,
) -> Result<HttpResponse, Failure> {
    // Whoever may award may order; the order has a right of its own.
    let may: Grant<PlaceOrder> = Grant::claim(grant.actor())?;
    let answer = app
        .transact_once(grant.actor(), &wanted.key, 201, async |tx| {
            service::award(tx, (&grant, &may), *id, seen, &wanted.body).await
        })
        .await?;
    Ok(answer.into_response())
}

/// Call a demand off before it is awarded; quotations that are shut stay shut.
#[utoipa::path(tag = "demands", request_body = view::CancelDemand,
    params(("id" = DemandId, Path, description = "The demand"), IfMatchHeader),
    responses((status = 200, description = "The demand, cancelled", body = view::Demand)))]
#[post("/demands/{id}/cancel")]
async fn cancel_demand(
    grant: Grant<KeepDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
    seen: IfMatch,
    wanted: Body<view::CancelDemand>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let shown = app.transact(grant.actor(), async |tx| service::cancel(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// List demands that you may answer as a supplier, or did, newest first.
#[utoipa::path(tag = "demands", params(view::OpenDemandFilter),
    responses((status = 200, description = "A page of demands", body = Page<view::OpenDemand>)))]
#[get("/open-demands")]
async fn list_open_demands(
    grant: Grant<AnswerDemand>,
    app: web::Data<App>,
    wanted: Query<view::OpenDemandFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(supplier::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a demand that you may answer, with what is wanted and where your answer is.
#[utoipa::path(tag = "demands", params(("id" = DemandId, Path, description = "The demand")),
    responses((status = 200, description = "The demand", body = view::OpenDemand)))]
#[get("/open-demands/{id}")]
async fn get_open_demand(
    grant: Grant<AnswerDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(supplier::show(app.reader(), &grant, *id).await?))
}

/// Hand in your quotation, or replace it, until the deadline. It is shut at once (密封报价).
#[utoipa::path(tag = "demands", request_body = view::SubmitQuotation,
    params(("id" = DemandId, Path, description = "The demand")),
    responses((status = 200, description = "It is there, and shut", body = view::OwnQuotation)))]
#[put("/open-demands/{id}/quotation")]
async fn submit_quotation(
    grant: Grant<AnswerDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
    wanted: Body<view::SubmitQuotation>,
) -> Result<HttpResponse, Failure> {
    let shown = app
        .transact(grant.actor(), async |tx| supplier::submit(tx, &app.secrets, &grant, *id, &wanted.0).await)
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// Take your quotation back before the deadline.
#[utoipa::path(tag = "demands", params(("id" = DemandId, Path, description = "The demand")),
    responses((status = 200, description = "It is withdrawn", body = view::OwnQuotation)))]
#[post("/open-demands/{id}/quotation/withdraw")]
async fn withdraw_quotation(
    grant: Grant<AnswerDemand>,
    app: web::Data<App>,
    id: web::Path<DemandId>,
) -> Result<HttpResponse, Failure> {
    let shown = app.transact(grant.actor(), async |tx| supplier::withdraw(tx, &grant, *id).await).await?;
    Ok(HttpResponse::Ok().json(shown))
}
