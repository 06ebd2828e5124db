//! Certificates over HTTP.

use super::service::{self, Press};
use super::view::{AidCertificate, AidCertificateCheck, AidCertificateFilter, NewAidCertificate, RevokeAidCertificate};
use crate::access::Grant;
use crate::access::policy::{IssueAidCertificate, ReadPublic, RevokeAidCertificate as MayRevoke, ViewAidCertificate};
use crate::app::App;
use crate::http::{Body, IdempotencyHeader, IfMatch, IfMatchHeader, Once, Page, Query, tagged};
use crate::paper::Typesetter;
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, web};
use entity::value::AidCertificateId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(issue_aid_certificate)
        .service(list_aid_certificates)
        .service(get_aid_certificate)
        .service(get_aid_certificate_file)
        .service(revoke_aid_certificate)
        .service(check_aid_certificate);
}

fn press(app: &App) -> Result<Press<'_>, Failure> {
    Ok(Press {
        typesetter: app.part::<Typesetter>()?,
        address: app.config.public_address(),
        least: app.config.smallest_group,
    })
}

/// Issue an enterprise a certificate over what is verified in your county (颁发帮扶证书).
#[utoipa::path(tag = "pairings", request_body = NewAidCertificate, params(IdempotencyHeader),
    responses(
        (status = 201, description = "The certificate, with what it counts frozen", body = AidCertificate),
        (status = 409, description = "One of the same days holds"),
        (status = 422, description = "It is no enterprise, or nothing of it is verified"),
    ))]
#[post("/aid-certificates")]
async fn issue_aid_certificate(
    grant: Grant<IssueAidCertificate>,
    app: web::Data<App>,
    wanted: Once<NewAidCertificate>,
) -> Result<HttpResponse, Failure> {
    let press = press(&app)?;
    let act = async |tx: &_| service::issue(tx, &grant, &wanted.body, &press).await;
    Ok(app.transact_once(grant.actor(), &wanted.key, 201, act).await?.into_response())
}

/// List certificates in reach, newest first; revoked ones too.
#[utoipa::path(tag = "pairings", params(AidCertificateFilter),
    responses((status = 200, description = "A page of certificates", body = Page<AidCertificate>)))]
#[get("/aid-certificates")]
async fn list_aid_certificates(
    grant: Grant<ViewAidCertificate>,
    app: web::Data<App>,
    wanted: Query<AidCertificateFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a certificate.
#[utoipa::path(tag = "pairings", params(("id" = AidCertificateId, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate", body = AidCertificate)))]
#[get("/aid-certificates/{id}")]
async fn get_aid_certificate(
    grant: Grant<ViewAidCertificate>,
    app: web::Data<App>,
    id: web::Path<AidCertificateId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Get the file of a certificate: the same bytes each time.
#[utoipa::path(tag = "pairings", params(("id" = AidCertificateId, Path, description = "The certificate")),
    responses(
        (status = 200, description = "The certificate as PDF", body = Vec<u8>, content_type = "application/pdf"),
        (status = 409, description = "The font is another than when it was issued"),
    ))]
#[get("/aid-certificates/{id}/file")]
async fn get_aid_certificate_file(
    grant: Grant<ViewAidCertificate>,
    app: web::Data<App>,
    id: web::Path<AidCertificateId>,
) -> Result<HttpResponse, Failure> {
    let (number, pdf) = service::file(app.reader(), &grant, *id, &press(&app)?).await?;
    let name = format!("attachment; filename=\"{number}.pdf\"");
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header((header::CONTENT_DISPOSITION, name)).body(pdf))
}

/// Revoke a certificate that somebody else issued, with a reason (撤销帮扶证书).
#[utoipa::path(tag = "pairings", request_body = RevokeAidCertificate,
    params(("id" = AidCertificateId, Path, description = "The certificate"), IfMatchHeader),
    responses(
        (status = 200, description = "It no longer holds, and says why", body = AidCertificate),
        (status = 409, description = "It is revoked already"),
    ))]
#[post("/aid-certificates/{id}/revoke")]
async fn revoke_aid_certificate(
    grant: Grant<MayRevoke>,
    app: web::Data<App>,
    id: web::Path<AidCertificateId>,
    seen: IfMatch,
    wanted: Body<RevokeAidCertificate>,
) -> Result<HttpResponse, Failure> {
    let work = async |tx: &_| service::revoke(tx, &grant, *id, seen, &wanted.0).await;
    let shown = app.transact(grant.actor(), work).await?;
    Ok(tagged(StatusCode::OK, shown.version, &shown))
}

/// Check a certificate by the code printed on it: whether it holds, and what it counts (证书查验).
#[utoipa::path(tags = ["pairings", "public"],
    params(("code" = String, Path, description = "The code, with or without dashes")),
    responses((status = 200, description = "What the code stands for", body = AidCertificateCheck)))]
#[get("/aid-certificate-checks/{code}")]
async fn check_aid_certificate(
    grant: Grant<ReadPublic>,
    app: web::Data<App>,
    code: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::check(app.reader(), &grant, &code).await?))
}
