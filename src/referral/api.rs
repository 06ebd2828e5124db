//! Referral codes over HTTP.

use super::service;
use super::view::{NewReferralCode, Referral, ReferralCode};
use crate::access::Grant;
use crate::access::policy::{KeepReferral, ReadPublic, ViewReferral};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, PageQuery, Query, tagged};
use crate::problem::Failure;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use entity::value::ReferralCodeId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(make_referral_code).service(list_referral_codes).service(end_referral_code).service(get_referral);
}

/// Make a code by which your enterprise brings buyers (新建推荐码).
#[utoipa::path(tag = "referrals", request_body = NewReferralCode,
    responses((status = 201, description = "The code and its link", body = ReferralCode)))]
#[post("/referral-codes")]
async fn make_referral_code(
    grant: Grant<KeepReferral>,
    app: web::Data<App>,
    wanted: Body<NewReferralCode>,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::make(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, row.version, &ReferralCode::of(row, &app.config.public_address())))
}

/// List referral codes of your enterprise, newest first; ended ones too.
#[utoipa::path(tag = "referrals", params(PageQuery),
    responses((status = 200, description = "A page of codes", body = Page<ReferralCode>)))]
#[get("/referral-codes")]
async fn list_referral_codes(
    grant: Grant<ViewReferral>,
    app: web::Data<App>,
    page: Query<PageQuery>,
) -> Result<HttpResponse, Failure> {
    let address = app.config.public_address();
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, &page.0, &address).await?))
}

/// End a referral code: no more orders are placed by it (停用推荐码).
#[utoipa::path(tag = "referrals", params(("id" = ReferralCodeId, Path, description = "The code"), IfMatchHeader),
    responses(
        (status = 200, description = "It is ended", body = ReferralCode),
        (status = 409, description = "It is ended already"),
    ))]
#[post("/referral-codes/{id}/end")]
async fn end_referral_code(
    grant: Grant<KeepReferral>,
    app: web::Data<App>,
    id: web::Path<ReferralCodeId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::end(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, row.version, &ReferralCode::of(row, &app.config.public_address())))
}

/// Look up whose referral code it is (推荐码查询).
#[utoipa::path(tags = ["referrals", "public"],
    params(("code" = String, Path, description = "The code, with or without dashes")),
    responses((status = 200, description = "Whose it is", body = Referral)))]
#[get("/referrals/{code}")]
async fn get_referral(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    code: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::look_up(app.reader(), &grant, &code).await?))
}
