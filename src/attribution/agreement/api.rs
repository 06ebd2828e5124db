//! Agreements over HTTP.

use super::{service, versions, view};
use crate::access::Grant;
use crate::access::policy::{ConfirmAgreement, KeepAgreement, ViewAgreement};
use crate::app::App;
use crate::attribution::error::AgreementError;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::AgreementId;

/// Registers every operation on agreements.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(sign_agreement).service(list_agreements).service(get_agreement).service(end_agreement);
    cfg.service(amend_agreement).service(list_agreement_terms).service(confirm_agreement);
}

/// Enter a signed benefit agreement with a household (录入利益联结协议).
#[utoipa::path(
    tag = "agreements",
    request_body = view::SignAgreement,
    responses((status = 201, description = "Entered", body = view::Agreement))
)]
#[post("/agreements")]
async fn sign_agreement(
    grant: Grant<KeepAgreement>,
    app: web::Data<App>,
    wanted: Body<view::SignAgreement>,
) -> Result<HttpResponse, Failure> {
    let agreement = app
        .transact(grant.actor(), async |tx| -> Result<_, AgreementError> {
            let id = service::sign(tx, &grant, &wanted.0).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, agreement.version, &agreement))
}

/// List benefit agreements, newest first.
#[utoipa::path(
    tag = "agreements",
    params(view::AgreementQuery),
    responses((status = 200, description = "A page of agreements", body = Page<view::Agreement>))
)]
#[get("/agreements")]
async fn list_agreements(
    grant: Grant<ViewAgreement>,
    app: web::Data<App>,
    query: Query<view::AgreementQuery>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), grant.scope(), &query.0).await?))
}

/// Show a benefit agreement.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    responses((status = 200, description = "The agreement", body = view::Agreement))
)]
#[get("/agreements/{id}")]
async fn get_agreement(
    grant: Grant<ViewAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
) -> Result<HttpResponse, Failure> {
    let agreement = service::show(app.reader(), grant.scope(), id.into_inner()).await?;
    Ok(tagged(StatusCode::OK, agreement.version, &agreement))
}

/// End a benefit agreement before its term (提前终止协议).
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement"), IfMatchHeader),
    request_body = view::EndAgreement,
    responses((status = 200, description = "It holds until its new last day", body = view::Agreement))
)]
#[post("/agreements/{id}/end")]
async fn end_agreement(
    grant: Grant<KeepAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
    version: IfMatch,
    wanted: Body<view::EndAgreement>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let agreement = app
        .transact(grant.actor(), async |tx| -> Result<_, AgreementError> {
            service::end(tx, &grant, id, version, &wanted.0).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::OK, agreement.version, &agreement))
}

/// Enter other terms, signed by both, for a benefit agreement that goes on (变更协议条款).
///
/// They can hold from today. Where the county confirmed earlier terms, those hold until it confirms these.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement"), IfMatchHeader),
    request_body = view::AmendAgreement,
    responses((status = 201, description = "Entered", body = view::Agreement))
)]
#[post("/agreements/{id}/terms")]
async fn amend_agreement(
    grant: Grant<KeepAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
    version: IfMatch,
    wanted: Body<view::AmendAgreement>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let agreement = app
        .transact(grant.actor(), async |tx| -> Result<_, AgreementError> {
            versions::amend(tx, &grant, id, version, &wanted.0).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::CREATED, agreement.version, &agreement))
}

/// List all versions of a benefit agreement's terms, newest first.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    responses((status = 200, description = "The versions", body = view::TermsVersions))
)]
#[get("/agreements/{id}/terms")]
async fn list_agreement_terms(
    grant: Grant<ViewAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(versions::versions(app.reader(), grant.scope(), id.into_inner()).await?))
}

/// Confirm the terms of a benefit agreement that were signed last, as the county (县级确认).
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement"), IfMatchHeader),
    responses((status = 200, description = "Confirmed from today", body = view::Agreement))
)]
#[post("/agreements/{id}/confirm")]
async fn confirm_agreement(
    grant: Grant<ConfirmAgreement>,
    app: web::Data<App>,
    id: web::Path<AgreementId>,
    version: IfMatch,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let agreement = app
        .transact(grant.actor(), async |tx| -> Result<_, AgreementError> {
            versions::confirm(tx, &grant, id, version).await?;
            service::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(tagged(StatusCode::OK, agreement.version, &agreement))
}
