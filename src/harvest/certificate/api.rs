//! Certificates over HTTP.

use super::{service, view};
use crate::access::Grant;
use crate::access::policy::{KeepHarvest, ReadPublic, SetCertificateRule};
use crate::app::App;
use crate::harvest::error::HarvestError;
use crate::harvest::lot;
use crate::http::Body;
use crate::problem::Failure;
use actix_web::{HttpResponse, get, post, web};
use entity::value::{LotCertificateId, LotId};

/// Registers every operation on certificates.
pub fn routes(cfg: &mut utoipa_actix_web::service_config::ServiceConfig) {
    cfg.service(issue_certificate)
        .service(revoke_certificate)
        .service(set_certificate_rule)
        .service(list_certificate_rules);
}

/// Issue a conformity certificate for what a lot holds now (开具承诺达标合格证).
#[utoipa::path(
    tag = "harvest",
    params(("id" = LotId, Path, description = "The lot")),
    request_body = view::IssueCertificate,
    responses((status = 201, description = "The lot with its certificates", body = lot::view::Lot))
)]
#[post("/lots/{id}/certificates")]
async fn issue_certificate(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    id: web::Path<LotId>,
    wanted: Body<view::IssueCertificate>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let shown = app
        .transact(grant.actor(), async |tx| -> Result<_, HarvestError> {
            service::issue(tx, &grant, id, &wanted.0).await?;
            lot::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(HttpResponse::Created().json(shown))
}

/// Revoke a certificate of a lot.
#[utoipa::path(
    tag = "harvest",
    params(
        ("id" = LotId, Path, description = "The lot"),
        ("certificate_id" = LotCertificateId, Path, description = "The certificate"),
    ),
    request_body = view::RevokeCertificate,
    responses((status = 200, description = "The lot with its certificates", body = lot::view::Lot))
)]
#[post("/lots/{id}/certificates/{certificate_id}/revoke")]
async fn revoke_certificate(
    grant: Grant<KeepHarvest>,
    app: web::Data<App>,
    path: web::Path<(LotId, LotCertificateId)>,
    wanted: Body<view::RevokeCertificate>,
) -> Result<HttpResponse, Failure> {
    let (id, certificate) = path.into_inner();
    let shown = app
        .transact(grant.actor(), async |tx| -> Result<_, HarvestError> {
            service::revoke(tx, &grant, (id, certificate), &wanted.0).await?;
            lot::show(tx, grant.scope(), id).await
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// Say whether lots of a category need a certificate to be shipped, from a day on.
#[utoipa::path(
    tag = "harvest",
    request_body = view::NewCertificateRule,
    responses((status = 201, description = "Set", body = view::CertificateRule))
)]
#[post("/certificate-rules")]
async fn set_certificate_rule(
    grant: Grant<SetCertificateRule>,
    app: web::Data<App>,
    wanted: Body<view::NewCertificateRule>,
) -> Result<HttpResponse, Failure> {
    let set = app.transact(grant.actor(), async |tx| service::set_rule(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(set))
}

/// List which categories need a certificate, and since when.
#[utoipa::path(
    tags = ["harvest", "public"],
    responses((status = 200, description = "Every rule, by category", body = view::CertificateRules))
)]
#[get("/certificate-rules")]
async fn list_certificate_rules(_grant: Grant<ReadPublic>, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::rules(app.reader()).await?))
}
