//! Quotas over HTTP.

use super::view::{
    AmendFiling, AttachOrder, Attachment, Attachments, BulletinQuery, Filing, FilingDetail, FilingFilter, NewFiling,
    NewPolicy, Policy, PolicyFilter, Progress, ProgressQuery, ReturnFiling, WriteFiling,
};
use super::{bulletin, service};
use crate::access::Grant;
use crate::access::policy::{
    AttachOrder as MayAttach, CorrectAttachment, FileQuota, KeepQuotaPolicy, ReviewQuota, ViewQuota,
};
use crate::app::App;
use crate::http::{Body, IfMatch, IfMatchHeader, Page, Query, tagged};
use crate::problem::Failure;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, put, web};
use entity::value::{QuotaFilingId, SupplierOrderId, business_date};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_quota_policy)
        .service(list_quota_policies)
        .service(begin_filing)
        .service(list_filings)
        .service(get_filing)
        .service(change_filing)
        .service(submit_filing)
        .service(confirm_filing)
        .service(return_filing)
        .service(amend_filing)
        .service(attach_order)
        .service(correct_attachment)
        .service(list_attachments)
        .service(get_quota_progress)
        .service(get_quota_bulletin)
        .service(get_quota_bulletin_sheet)
        .service(get_quota_bulletin_page);
}

/// Enter a policy of reserved quotas from its document, or a new version of one (录入预留份额政策).
#[utoipa::path(tag = "quotas", request_body = NewPolicy,
    responses((status = 201, description = "It holds from now on", body = Policy)))]
#[post("/quota-policies")]
async fn add_quota_policy(
    grant: Grant<KeepQuotaPolicy>,
    app: web::Data<App>,
    wanted: Body<NewPolicy>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::add(tx, &grant, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List policies of reserved quotas in all versions, newest first.
#[utoipa::path(tag = "quotas", params(PolicyFilter),
    responses((status = 200, description = "A page of policies", body = Page<Policy>)))]
#[get("/quota-policies")]
async fn list_quota_policies(
    _grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<PolicyFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list_policies(app.reader(), wanted.0).await?))
}

/// Begin your unit's filing for a year, from what you give or from last year's (预留份额填报).
#[utoipa::path(tag = "quotas", request_body = NewFiling,
    responses((status = 201, description = "A draft", body = Filing)))]
#[post("/quota-filings")]
async fn begin_filing(
    grant: Grant<FileQuota>,
    app: web::Data<App>,
    wanted: Body<NewFiling>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::begin(tx, &grant, &wanted.0).await).await?;
    Ok(tagged(StatusCode::CREATED, made.version, &made))
}

/// List filings, newest first.
#[utoipa::path(tag = "quotas", params(FilingFilter),
    responses((status = 200, description = "A page of filings", body = Page<Filing>)))]
#[get("/quota-filings")]
async fn list_filings(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<FilingFilter>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::list(app.reader(), &grant, wanted.0).await?))
}

/// Show a filing with its history, the rule that holds for it and what is worth a word.
#[utoipa::path(tag = "quotas", params(("id" = QuotaFilingId, Path, description = "The filing")),
    responses((status = 200, description = "The filing", body = FilingDetail)))]
#[get("/quota-filings/{id}")]
async fn get_filing(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
) -> Result<HttpResponse, Failure> {
    let shown = service::show(app.reader(), &grant, *id).await?;
    Ok(tagged(StatusCode::OK, shown.filing.version, &shown))
}

/// Change a filing that is a draft or was sent back.
#[utoipa::path(tag = "quotas", request_body = WriteFiling,
    params(("id" = QuotaFilingId, Path, description = "The filing"), IfMatchHeader),
    responses((status = 200, description = "The filing as it is now", body = Filing)))]
#[put("/quota-filings/{id}")]
async fn change_filing(
    grant: Grant<FileQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
    seen: IfMatch,
    wanted: Body<WriteFiling>,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::change(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(tagged(StatusCode::OK, row.version, &row))
}

/// Hand a filing in (提交).
#[utoipa::path(tag = "quotas", params(("id" = QuotaFilingId, Path, description = "The filing"), IfMatchHeader),
    responses((status = 200, description = "Handed in", body = FilingDetail)))]
#[post("/quota-filings/{id}/submit")]
async fn submit_filing(
    grant: Grant<FileQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::submit(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, row.filing.version, &row))
}

/// Confirm a filing of a unit below yours, as its superior or as the finance department (审核通过).
#[utoipa::path(tag = "quotas", params(("id" = QuotaFilingId, Path, description = "The filing"), IfMatchHeader),
    responses((status = 200, description = "Confirmed", body = FilingDetail)))]
#[post("/quota-filings/{id}/confirm")]
async fn confirm_filing(
    grant: Grant<ReviewQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
    seen: IfMatch,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::confirm(tx, &grant, *id, seen).await).await?;
    Ok(tagged(StatusCode::OK, row.filing.version, &row))
}

/// Send a filing back with a reason (退回).
#[utoipa::path(tag = "quotas", request_body = ReturnFiling,
    params(("id" = QuotaFilingId, Path, description = "The filing"), IfMatchHeader),
    responses((status = 200, description = "Sent back", body = FilingDetail)))]
#[post("/quota-filings/{id}/return")]
async fn return_filing(
    grant: Grant<ReviewQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
    seen: IfMatch,
    wanted: Body<ReturnFiling>,
) -> Result<HttpResponse, Failure> {
    let reason = wanted.0.reason.as_str();
    let row = app.transact(grant.actor(), async |tx| service::send_back(tx, &grant, *id, seen, reason).await).await?;
    Ok(tagged(StatusCode::OK, row.filing.version, &row))
}

/// Open a confirmed filing again, on a document (申请调整).
#[utoipa::path(tag = "quotas", request_body = AmendFiling,
    params(("id" = QuotaFilingId, Path, description = "The filing"), IfMatchHeader),
    responses((status = 200, description = "A draft again", body = FilingDetail)))]
#[post("/quota-filings/{id}/amend")]
async fn amend_filing(
    grant: Grant<FileQuota>,
    app: web::Data<App>,
    id: web::Path<QuotaFilingId>,
    seen: IfMatch,
    wanted: Body<AmendFiling>,
) -> Result<HttpResponse, Failure> {
    let row = app.transact(grant.actor(), async |tx| service::amend(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(tagged(StatusCode::OK, row.filing.version, &row))
}

/// Attach your order to another unit's quota or another purse, before its goods leave (选择订单归属).
#[utoipa::path(tag = "quotas", request_body = AttachOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IfMatchHeader),
    responses((status = 201, description = "It belongs there now; what it was before stays readable", body = Attachment)))]
#[post("/supplier-orders/{id}/quota-attachments")]
async fn attach_order(
    grant: Grant<MayAttach>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Body<AttachOrder>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::attach(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Correct to which unit's quota an order belongs, with a reason and a document (更正订单归属).
#[utoipa::path(tag = "quotas", request_body = AttachOrder,
    params(("id" = SupplierOrderId, Path, description = "The supplier order"), IfMatchHeader),
    responses((status = 201, description = "It belongs there now; its figures move today", body = Attachment)))]
#[post("/supplier-orders/{id}/quota-corrections")]
async fn correct_attachment(
    grant: Grant<CorrectAttachment>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
    seen: IfMatch,
    wanted: Body<AttachOrder>,
) -> Result<HttpResponse, Failure> {
    let made = app.transact(grant.actor(), async |tx| service::correct(tx, &grant, *id, seen, &wanted.0).await).await?;
    Ok(HttpResponse::Created().json(made))
}

/// List to which units an order was attached, first to last.
#[utoipa::path(tag = "quotas", params(("id" = SupplierOrderId, Path, description = "The supplier order")),
    responses((status = 200, description = "The attachments; the last holds", body = Attachments)))]
#[get("/supplier-orders/{id}/quota-attachments")]
async fn list_attachments(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    id: web::Path<SupplierOrderId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(service::attachments(app.reader(), &grant, *id).await?))
}

/// Show how far a unit and all below it have come, until any day of a year (采购进度).
#[utoipa::path(tag = "quotas", params(ProgressQuery),
    responses((status = 200, description = "The figures, side by side", body = Progress)))]
#[get("/quota-progress")]
async fn get_quota_progress(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<ProgressQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::progress(app.reader(), &grant, &wanted.0, today).await?))
}

/// Show the bulletin of a month: who is on time, who is behind, who has not filed (进度通报).
#[utoipa::path(tag = "quotas", params(BulletinQuery),
    responses((status = 200, description = "The bulletin", body = Progress)))]
#[get("/quota-bulletin")]
async fn get_quota_bulletin(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<BulletinQuery>,
) -> Result<HttpResponse, Failure> {
    let today = business_date(app.clock.now());
    Ok(HttpResponse::Ok().json(service::bulletin(app.reader(), &grant, &wanted.0, today).await?))
}

/// The bulletin of a month as a sheet.
#[utoipa::path(tag = "quotas", params(BulletinQuery),
    responses((status = 200, description = "The bulletin as .xlsx", body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/quota-bulletin.xlsx")]
async fn get_quota_bulletin_sheet(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<BulletinQuery>,
) -> Result<HttpResponse, Failure> {
    let shown = service::bulletin(app.reader(), &grant, &wanted.0, business_date(app.clock.now())).await?;
    let name = format!("attachment; filename=\"quota-{}-{:02}.xlsx\"", wanted.0.year, wanted.0.month);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, bulletin::XLSX))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bulletin::sheet(&shown)?))
}

/// The bulletin of a month as a page to be printed.
#[utoipa::path(tag = "quotas", params(BulletinQuery),
    responses((status = 200, description = "The bulletin as a page", body = String, content_type = "text/html")))]
#[get("/quota-bulletin.html")]
async fn get_quota_bulletin_page(
    grant: Grant<ViewQuota>,
    app: web::Data<App>,
    wanted: Query<BulletinQuery>,
) -> Result<HttpResponse, Failure> {
    let shown = service::bulletin(app.reader(), &grant, &wanted.0, business_date(app.clock.now())).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(bulletin::page(&shown)?))
}
